"""A request that begins after a file was saved is answered by the new source, whoever saved it."""

from __future__ import annotations

import builtins
import os
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.server.loaded import stamp_of

if TYPE_CHECKING:
    from conftest import Folder, Served

COUNTER = """
    from flask import Flask
    from helpers import greeting

    app = Flask(__name__)
    hits = []

    @app.get("/")
    def index():
        hits.append(1)
        return f"{greeting()} {len(hits)}"
"""
HELPERS = """
    def greeting():
        return "Hello"
"""


class Told:
    """Remembers what the live app noticed, and lets the test wait for it."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self._event = threading.Event()

    def __call__(self, files: frozenset[str]) -> None:
        self.files |= files
        self._event.set()

    def wait(self) -> set[str]:
        assert self._event.wait(10)
        return self.files


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def counter(folder: Folder, served: Served, told: Told) -> Iterator[Served]:
    folder.write("helpers.py", HELPERS)
    folder.write("app.py", COUNTER)
    assert served.app.go_live(None).problem is None
    served.app.settle()
    served.app.on_noticed = told
    yield served


def test_the_next_request_is_answered_by_what_was_saved(counter: Served, told: Told) -> None:
    assert counter.get("/").text == "Hello 1"
    for number in range(20):
        counter.folder.write("helpers.py", HELPERS.replace("Hello", f"Hi {number}"))
        assert counter.get("/").text == f"Hi {number} {number + 2}"
    assert told.wait() == {"helpers.py"}
    assert (counter.app.state.how, counter.app.state.problem) == ("body", None)


def test_a_save_of_the_same_size_right_after_another_is_seen(counter: Served) -> None:
    for number in range(100, 140):
        counter.folder.write("helpers.py", HELPERS.replace("Hello", str(number)))
        assert counter.get("/").text.startswith(f"{number} ")


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no time of change")
def test_a_write_that_puts_size_and_time_back_shows_in_the_stamp(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text("first")
    before = stamp_of(str(file))
    assert before is not None
    deadline = time.monotonic() + 10
    while before.same(stamp_of(str(file))):  # the clock of the file system is a coarse one
        assert time.monotonic() < deadline
        file.write_text("other")
        os.utime(file, ns=(before.mtime_ns, before.mtime_ns))


def test_what_needs_an_import_is_told_and_the_last_version_answers_until_then(
    counter: Served, told: Told
) -> None:
    counter.folder.write("app.py", COUNTER.replace('"/"', '"/home"'))
    assert counter.get("/").text == "Hello 1"
    assert told.wait() == {"app.py"}
    assert counter.app.go_live(frozenset({"app.py"})).how == "structure"
    assert counter.get("/home").text == "Hello 2"


def test_what_does_not_parse_is_told_once_and_its_mending_needs_no_import(
    counter: Served, told: Told
) -> None:
    counter.folder.write("helpers.py", "def greeting(:\n")
    assert counter.get("/").text == "Hello 1"
    assert counter.app.go_live(frozenset({"helpers.py"})).problem is not None
    told.files.clear()
    assert counter.get("/").text == "Hello 2"
    assert not told.files
    counter.folder.write("helpers.py", HELPERS.replace("Hello", "Mended"))
    assert counter.get("/").text == "Mended 3"
    assert counter.app.state.problem is None


def test_two_files_go_live_together_or_not_at_all(counter: Served, told: Told) -> None:
    counter.folder.write("helpers.py", HELPERS.replace("Hello", "New"))
    counter.folder.write("app.py", COUNTER.replace("def index():", "def index(x=1):"))
    assert counter.get("/").text == "Hello 1"
    assert counter.app.go_live(frozenset({"app.py", "helpers.py"})).how == "structure"
    assert counter.get("/").text == "New 2"


def test_a_deleted_file_is_told_once(counter: Served, told: Told) -> None:
    (counter.folder.path / "helpers.py").unlink()
    assert counter.get("/").text == "Hello 1"
    assert told.wait() == {"helpers.py"}
    told.files.clear()
    assert counter.get("/").text == "Hello 2"
    assert not told.files


def test_what_is_live_already_is_not_brought_in_again(counter: Served) -> None:
    before = counter.app.state
    assert counter.app.go_live(frozenset({"app.py", "helpers.py"})) is before


def test_tracebacks_name_the_lines_of_the_file_as_it_is(folder: Folder, served: Served) -> None:
    text = (
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/')\ndef index():\n    return 'x'\n"
    )
    fails = "\n\n@app.get('/fails')\ndef fails():\n    raise ValueError('here')\n"
    folder.write("app.py", text + fails)
    served.app.go_live(None)
    served.app.settle()
    served.edit("app.py", text.replace("    return", "    # one\n    # two\n    return") + fails)
    served.app.settle()
    assert served.get("/fails").status == 500
    assert any("line 15, in fails" in line.text for line in served.app.log())


def test_a_view_of_a_factory_is_replaced_in_place(folder: Folder, served: Served) -> None:
    text = """
        from flask import Flask

        def create_app():
            app = Flask(__name__)
            seen = []

            @app.get("/")
            def index():
                seen.append(1)
                return f"one {len(seen)}"

            return app
    """
    folder.write("app.py", text)
    served.app.go_live(None)
    assert served.get("/").text == "one 1"
    folder.write("app.py", text.replace("one", "two"))
    assert served.get("/").text == "two 2"


def test_a_view_that_is_running_ends_as_it_began_and_the_next_is_the_new_one(
    folder: Folder, served: Served
) -> None:
    text = """
        import threading
        from flask import Flask

        app = Flask(__name__)
        app.config["inside"], app.config["go_on"] = threading.Event(), threading.Event()

        @app.get("/")
        def index():
            app.config["inside"].set()
            assert app.config["go_on"].wait(10)
            return "old"
    """
    folder.write("app.py", text)
    served.app.go_live(None)
    app = served.app.slot.app
    assert app is not None
    answers: list[str] = []
    first = threading.Thread(target=lambda: answers.append(served.get("/").text))
    first.start()
    assert app.config["inside"].wait(10)
    assert served.edit("app.py", text.replace('"old"', '"new"')).how == "body"
    app.config["go_on"].set()
    first.join()
    assert answers == ["old"]
    assert served.get("/").text == "new"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is in this process: what is left behind is swept as soon as it can be."""
    monkeypatch.setattr("playground.core.heap.LONGEST", 60.0)


@pytest.mark.usefixtures("at_once")
def test_a_replaced_version_is_gone_from_memory(counter: Served) -> None:
    counter.get("/")
    first = weakref.ref(counter.app.slot.app)
    counter.edit("app.py", COUNTER.replace('"/"', '"/home"'))
    counter.get("/home")
    counter.app.settle()
    assert first() is None


@pytest.mark.usefixtures("at_once")
def test_a_version_that_did_not_load_is_gone_from_memory(counter: Served) -> None:
    made: list[weakref.ref[object]] = []
    builtins.note_made = lambda app: made.append(weakref.ref(app))  # type: ignore[attr-defined]
    try:
        counter.edit("app.py", COUNTER.replace("hits = []", "note_made(app)\n    raise ValueError(1)"))
    finally:
        del builtins.note_made  # type: ignore[attr-defined]
    assert counter.app.state.problem is not None
    counter.app.settle()
    assert [one() for one in made] == [None]
