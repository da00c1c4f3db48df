"""Edits of function bodies made live in place: the data stays, and what can't be done honestly is refused."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import ModuleType

import pytest

from playground.server.loaded import Compiled, LoadedFile, NotInPlaceError
from playground.server.patching import plan, renumber

SOURCE = '''\
"""A module."""
from functools import wraps

seen = []
limit = 3


def loud(view):
    @wraps(view)
    def wrapped(*values):
        return view(*values) + "!"

    return wrapped


@loud
def greet(name):
    """Say hello."""
    seen.append(name)
    return f"Hello {name}"


def make():
    total = []

    def add(value):
        total.append(value)
        return sum(total)

    return add


class Shop:
    size = 1

    def price(self):
        return 10

    @property
    def name(self):
        return "shop"


def count(n):
    for i in range(n):
        yield i


def fails():
    raise ValueError("here")
'''


class Running:
    """A module that was run, and edits of its source."""

    def __init__(self, path: Path) -> None:
        path.write_text(SOURCE)
        code = compile(SOURCE, str(path), "exec")
        self.module = ModuleType("running")
        exec(code, vars(self.module))
        self.file = LoadedFile(str(path), SOURCE.encode(), Compiled([code]))
        self.file.namespace = vars(self.module)

    def edit(self, old: str, new: str) -> tuple[str, ...]:
        text = self.file.data.decode()
        assert old in text
        changed = text.replace(old, new, 1)
        Path(self.file.path).write_text(changed)
        changed_names = plan(self.file, changed.encode()).apply()
        renumber(self.file)
        return changed_names


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path / "running.py")


def test_a_body_under_a_decorator_changes_and_the_data_stays(running: Running) -> None:
    greet = running.module.greet
    assert greet("Ada") == "Hello Ada!"
    assert running.edit('f"Hello {name}"', 'f"Bye {name}"') == ("greet",)
    assert greet("Lin") == "Bye Lin!"
    assert running.module.greet is greet
    assert running.module.seen == ["Ada", "Lin"]


def test_one_edit_after_the_other(running: Running) -> None:
    for number in range(5):
        running.edit("    seen.append(name)\n", f"    x = {number}\n    seen.append(name)\n")
    running.edit('f"Hello {name}"', 'f"Hello {x}"')
    assert running.module.greet("Ada") == "Hello 4!"


def test_a_function_inside_a_decorator_changes_for_those_it_decorated(running: Running) -> None:
    assert "loud.<locals>.wrapped" in running.edit('view(*values) + "!"', 'view(*values) + "?"')
    assert running.module.greet("Ada") == "Hello Ada?"


def test_a_closure_that_lives_gets_the_new_body_and_keeps_its_variables(running: Running) -> None:
    add = running.module.make()
    assert add(1) == 1
    running.edit("return sum(total)", "return -sum(total)")
    assert add(2) == -3


def test_methods_and_properties(running: Running) -> None:
    shop = running.module.Shop()
    running.edit("return 10", "return 20")
    running.edit('return "shop"', 'return "store"')
    assert (shop.price(), shop.name) == (20, "store")


def test_the_docstring_follows(running: Running) -> None:
    running.edit("Say hello.", "Say hello, loudly.")
    assert running.module.greet.__wrapped__.__doc__ == "Say hello, loudly."


def test_tracebacks_below_an_edit_name_the_new_lines(running: Running) -> None:
    running.edit("    seen.append(name)\n", "    seen.append(name)\n    # one\n    # two\n")
    with pytest.raises(ValueError, match="here") as caught:
        running.module.fails()
    line = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert line.line == 'raise ValueError("here")'
    assert line.lineno == running.file.data.decode().splitlines().index('    raise ValueError("here")') + 1


def test_comments_and_blank_lines_between_functions_change_nothing_but_lines(running: Running) -> None:
    assert running.edit("def make():", "# a comment\n\n\ndef make():") == ()
    assert running.edit("return sum(total)", "return 0") == ("make", "make.<locals>.add")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def greet(name):", "def greet(name, more):"),
        ("def greet(name):", "def greet(name=1):"),
        ("def greet(name):", "def welcome(name):"),
        ("@loud\ndef greet", "def greet"),
        ("@loud\ndef greet", "# @loud\ndef greet"),
        ("seen = []", "# seen = []"),
        ("limit = 3", "# limit = 3"),
        ("limit = 3", "limit = 4"),
        ("size = 1", "size = 2"),
        ("class Shop:", "class Shop(dict):"),
        ("def fails():", "def another():\n    pass\n\n\ndef fails():"),
        ("def fails():\n", "def fails(:\n"),
        ('    raise ValueError("here")\n', '    """open\n'),
        ("from functools import wraps", "from functools import wraps, partial"),
    ],
)
def test_what_is_no_body_is_refused_and_nothing_changes(running: Running, old: str, new: str) -> None:
    before = running.file.data
    with pytest.raises(NotInPlaceError):
        running.edit(old, new)
    assert running.file.data == before
    assert running.module.greet("Ada") == "Hello Ada!"


def test_a_factory_is_refused_while_what_it_made_lives_on(running: Running) -> None:
    add = running.module.make()
    with pytest.raises(NotInPlaceError, match="live on"):
        running.edit("    total = []\n", "    total = [100]\n")
    assert add(1) == 1


def test_a_closure_over_another_variable_is_refused(running: Running) -> None:
    add = running.module.make()
    with pytest.raises(NotInPlaceError):
        running.edit("        return sum(total)", "        return sum(total) + limit_of(total, add)")
    assert add(1) == 1


def test_a_generator_in_the_middle_is_refused_until_it_ends(running: Running) -> None:
    counting = running.module.count(3)
    assert next(counting) == 0
    with pytest.raises(NotInPlaceError, match="suspended"):
        running.edit("yield i", "yield -i")
    assert list(counting) == [1, 2]
    del counting
    running.edit("yield i", "yield -i")
    assert list(running.module.count(3)) == [0, -1, -2]
