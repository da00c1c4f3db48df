"""Sources that multiply what is to be looked at: reading them stays in proportion to their size."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from playground.project.python.source import Source
from playground.project.reading.module_reading import read_module
from playground.project.reading.whole import join

HEAD = "from flask import Flask\n\napp = Flask(__name__)\n\n\ndef view():\n    return ''\n\n\n"
GENEROUS = 20.0


def chain(times: int, levels: int = 40) -> str:
    return "a0 = 'x', 'y'\n" + "".join(
        f"a{level + 1} = ({', '.join([f'a{level}'] * times)})\n" for level in range(levels)
    )


@pytest.mark.parametrize(
    "use",
    [
        "for one in a40:\n    app.add_url_rule(one, one, view)\n",
        "app.add_url_rule('/z', view_func=view, methods=a40)\n",
        "app.add_url_rule(a40, view_func=view)\n",
        "[app.add_url_rule(one, one, view) for one in a9]\n",
        "def make(rule):\n    app.add_url_rule(rule, 'e', view)\n\n\nmake(a40)\nmake(a39)\n",
    ],
)
def test_constants_made_of_constants_that_multiply_are_followed_only_so_far(use: str) -> None:
    begun = time.process_time()
    reading = read_module(Source("app.py", (HEAD + chain(12) + use).encode()))
    join({"app.py": reading})
    assert time.process_time() - begun < GENEROUS


def test_texts_that_double_are_followed_only_so_far() -> None:
    text = f"a0 = '{'/x' * 20_000}'\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(12))
    reading = read_module(Source("app.py", (HEAD + text + "app.add_url_rule(a11, 'e', view)\n").encode()))
    _, routes, _ = join({"app.py": reading})
    assert all(len(route.rule) < 100_000 for route in routes)


def _one_line(count: int) -> str:
    return HEAD + "; ".join(f'app.add_url_rule("/{n}", "e{n}", view)' for n in range(count)) + "\n"


def test_each_of_many_rules_on_one_line_has_its_own_text() -> None:
    text = _one_line(1000)
    routes = read_module(Source("app.py", text.encode())).routes
    assert len(routes) == 1000
    assert routes[7].region.text == 'app.add_url_rule("/7", "e7", view)'
    assert sum(len(route.region.text) for route in routes) < 2 * len(text)


@pytest.mark.parametrize(
    "written",
    [
        _one_line,
        lambda count: (
            HEAD + "".join(f'@app.get("/{n}")\n' for n in range(count // 4)) + "def other():\n    return ''\n"
        ),
        lambda count: (
            HEAD
            + "".join(
                f"def f{n}():\n    return ''\n\n\napp.add_url_rule('/{n}', view_func=f{n})\n"
                for n in range(count)
            )
        ),
    ],
)
def test_four_times_as_much_does_not_take_sixteen_times_as_long(written: Callable[[int], str]) -> None:
    def taken(count: int) -> float:
        begun = time.process_time()
        read_module(Source(f"app{time.perf_counter_ns()}.py", written(count).encode()))
        return time.process_time() - begun

    taken(100)
    assert min(taken(4000) for _ in range(2)) < 12 * max(0.05, min(taken(1000) for _ in range(3)))
