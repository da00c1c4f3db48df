"""An import that cannot be stopped is left behind: the edit that mends it does not wait for it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from playground.core.problems import ProblemError
from playground.server.loader import Loaded, load, supersede, unload

if TYPE_CHECKING:
    from conftest import Folder

HELLO = "from flask import Flask\napp = Flask(__name__)\n"
gate = threading.Event()
"""What the stuck imports of this file wait for, so that none of them outlives its test."""


@pytest.fixture(autouse=True)
def open_gate(folder: Folder) -> Iterator[None]:
    gate.clear()
    sys.modules["the_gate"] = sys.modules[__name__]
    yield
    gate.set()
    del sys.modules["the_gate"]
    unload(folder.path)


def on_a_thread(work: Callable[[], Loaded]) -> Loaded | ProblemError:
    """Do it as the window does, away from the main thread."""
    results: list[Loaded | ProblemError] = []

    def run() -> None:
        try:
            results.append(work())
        except ProblemError as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return results[0]


STUCK = "import the_gate\n" + HELLO + "with the_gate.gate._cond._lock:\n    pass\n"


def test_an_import_inside_a_call_that_never_returns_is_left_behind(folder: Folder) -> None:
    folder.write("app.py", STUCK)
    held = gate._cond._lock  # a plain lock: waiting for it cannot be interrupted
    with held:
        refused = on_a_thread(lambda: load(folder.path, limit=0.3))
        assert isinstance(refused, ProblemError)
        assert "still not done" in refused.problem.sentence
        assert refused.problem.place is not None
        assert (refused.problem.place.file, refused.problem.place.line) == ("app.py", 4)
        folder.write("app.py", HELLO + "mended = True\n")
        loaded = on_a_thread(lambda: load(folder.path))
        assert isinstance(loaded, Loaded)
        mended = sys.modules["app"]
    left = [thread for thread in threading.enumerate() if thread.name == "playground-import"]
    for thread in left:
        thread.join(5)
        assert not thread.is_alive()
    assert sys.modules["app"] is mended  # what was left behind ended, and took nothing with it


def test_newer_source_does_not_wait_for_it(folder: Folder) -> None:
    folder.write("app.py", STUCK)
    with gate._cond._lock:
        results: list[Loaded | ProblemError] = []
        waiting = threading.Thread(target=lambda: results.append(on_a_thread(lambda: load(folder.path))))
        waiting.start()
        deadline = time.monotonic() + 10
        while not supersede(folder.path, 0.0):
            assert time.monotonic() < deadline
        waiting.join(10)
        assert isinstance(results[0], ProblemError)


def test_a_loop_that_catches_everything_is_stopped_or_left(folder: Folder) -> None:
    loop = "while not gate.is_set():\n    try:\n        while not gate.is_set():\n            pass\n"
    catches = "    except BaseException:\n        pass\n"
    folder.write("app.py", "from the_gate import gate\n" + HELLO + loop + catches)
    refused = on_a_thread(lambda: load(folder.path, limit=0.2))
    assert isinstance(refused, ProblemError)
    folder.write("app.py", HELLO)
    assert isinstance(on_a_thread(lambda: load(folder.path)), Loaded)
