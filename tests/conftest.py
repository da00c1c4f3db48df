"""What every test stands on: a screen of its own, a home of its own, and no leaks.

Noise and leaks fail: Python warnings and Qt messages by configuration, threads left behind here.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from playground.core.heap import heap
from playground.session.home import Home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium refuses its sandbox to root
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    unwanted = set() if config.getoption("--long") else {"long"}
    if os.environ["QT_QPA_PLATFORM"] != "xcb":
        unwanted.add("x11")
    left_out = [item for item in items if unwanted & set(item.keywords)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not unwanted & set(item.keywords)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """The widgets of a test are freed before the next one, whose threads might else come to free them."""
    outcome = yield
    if "qapp" in getattr(item, "fixturenames", ()):
        _free_widgets()
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was logged of hostile values may hold what no report can carry from one process to another."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


_set_aside = False
_freeze = gc.freeze


def _noted_freeze() -> None:
    global _set_aside
    _set_aside = True
    _freeze()


gc.freeze = _noted_freeze


def _free_widgets() -> None:
    """Look through what the test made alone: what all have in common takes longer than many a test."""
    global _set_aside
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if heap.kept or _set_aside:  # the test loaded a project, and what it made was set aside as well
        heap.keep_here()
        heap.release()
    else:
        gc.collect()
    _freeze()
    _set_aside = False


@pytest.fixture(autouse=True)
def no_variable_left_behind() -> Iterator[None]:
    """Fail the test after which the process has other variables: what later tests start has them, too."""
    before = _variables()
    yield
    now = _variables()
    wrong = {name: (before.get(name), now.get(name)) for name in before.keys() | now.keys()}
    assert {name: both for name, both in wrong.items() if both[0] != both[1]} == {}


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest,
    no_variable_left_behind: None,  # which looks when the variable of this one is gone again
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A user's data folder for this test alone; what tests write is trusted, unless marked ``untrusted``."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PLAYGROUND_HOME", str(folder))
    if request.node.get_closest_marker("untrusted") is None:
        Home(folder).trust(tmp_path_factory.getbasetemp())
    return folder


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fail the test that leaves a thread of ours running; a second's grace lets them end."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 3
    left: list[threading.Thread] = []
    while time.monotonic() < deadline:
        # A Dummy thread is one of Qt's own that once ran Python; it can be neither joined nor stopped.
        left = [
            thread
            for thread in threading.enumerate()
            if thread not in before and thread.is_alive() and not isinstance(thread, threading._DummyThread)
        ]
        if not left:
            return
        left[0].join(0.05)
    pytest.fail(f"threads left behind: {left}")
