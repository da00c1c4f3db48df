"""What tests of the window need beside Qt: a browser engine that may start, and its noise set aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.panels import route_page, text_page
from playground.gui.widgets import page_view
from playground.gui.window import Window
from playground.session.first_steps import KEY, STEPS
from playground.session.home import Home

page_view.prepare()  # before pytest-qt makes the one QApplication of this process

# What Chromium and Qt Quick say where there is no graphics card; it is no fault of ours.
NOISE = (
    "^QRhiGles2: Failed to create",
    "^Failed to create RHI",
    "^This plugin does not support",
    "^QVulkanInstance: Failed",
    "^GBM is not supported",
    "^GPUInfo not initialized",
    "^Sandboxing disabled by user",
    "^Failed to load vulkan",
    "^initInstance: No Vulkan",
    "^Failed to create platform Vulkan",
    "^Unable to detect GPU vendor",
)


@pytest.fixture(autouse=True)
def knows_the_way(request: pytest.FixtureRequest, home: Path) -> None:
    """The hints of the first minute were seen, but by a ``newcomer``."""
    if request.node.get_closest_marker("newcomer") is None:
        Home(home).set(KEY, list(STEPS))


@pytest.fixture(autouse=True)
def no_window_left_open() -> Iterator[None]:
    """A window that a test leaves open is ended here: it would go on in the tests that follow.

    One that is only closed goes as well: every change of the look would style all of it anew.
    """
    yield
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, Window)]
    left = [window for window in windows if window.isVisible()]
    for window in left:
        window.workspace.shutdown()
        window.hide()
    for window in windows:
        window.deleteLater()
    assert not left, "a window was left open"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    """The window on a new project of the hello starter, which is live."""
    driver = Driver(qtbot, open_window(None))
    driver.click("welcome.starter.hello")
    driver.live()
    yield driver
    driver.close()


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is written late enough for another program to come first, on however busy a machine."""
    for page in (route_page, text_page):
        monkeypatch.setattr(page, "PAUSE_MS", 1500)


@pytest.fixture
def driver(qtbot: QtBot, folder: Path) -> Iterator[Driver]:
    """The window on the project that a module's own ``folder`` makes; a mistake of ours fails the test."""
    driver = Driver(qtbot, open_window(folder))
    bugs: list[object] = []
    driver.window.workspace.jobs.unexpected.connect(bugs.append)
    driver.live()
    yield driver
    driver.close()
    assert bugs == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.qt_log_ignore(*NOISE, extend=True))
