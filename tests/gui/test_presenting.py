"""Presenting: one key there, Escape back to exactly where one was, and all in between by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.theme import theme

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    theme().set_mode("light")
    driver = Driver(qtbot, open_window(None))
    driver.window.resize(1440, 900)
    yield driver
    driver.close()
    theme().set_look("system", 1)
    theme().set_mode("system")


@pytest.fixture
def json_project(window: Driver) -> Driver:
    window.click("welcome.starter.json")
    window.live()
    window.open_from_list("/users/<int:user_id>")
    return window


def press(
    driver: Driver, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """As the system sends a key: to the window, which gives it to what has the focus."""
    QTest.keyClick(driver.window.windowHandle(), key, modifiers)


def focus() -> str:
    widget = QApplication.focusWidget()
    while widget is not None and not widget.objectName():
        widget = widget.parentWidget()
    return widget.objectName() if widget is not None else ""


def present(driver: Driver, size: tuple[int, int] = (1440, 900), zoom: float = 1.0) -> None:
    """Begin, on a projector of that size: the one screen of these tests has another."""
    press(driver, Key.Key_F11)
    window = driver.window
    driver.wait(lambda: window.windowHandle().size() == window.screen().size(), "the whole screen")
    QApplication.processEvents()  # the window is told of it
    window.resize(*size)
    driver.wait(lambda: window.size().toTuple() == size, "the size of the projector")
    feature(driver).looks.set_zoom(zoom)
    driver.settled()


def feature(driver: Driver) -> Any:
    return next(one for one in driver.window.features.all if type(one).__name__ == "Presenting")


def layout(driver: Driver) -> dict[str, Any]:
    """All that a person sees of where things are, and where the keyboard goes."""
    window, bench = driver.window, driver.window.workbench
    return {
        "window": (window.windowState(), window.geometry().getRect(), theme().zoom, theme().tokens.name),
        "bars": [widget.isVisible() for widget in (window.top, window.status)],
        "panes": {
            type(one).__name__: one.geometry().getRect()
            for one in (bench.side, bench.pages, bench.bottom, bench.right, bench.request, bench.response)
            if one.isVisible()
        },
        "tabs": [bench.pages.tabText(place) for place in range(bench.pages.count())],
        "front": (bench.pages.currentIndex(), bench.bottom.currentIndex(), bench.pages.tabBar().isVisible()),
        "focus": focus(),
    }


def settled_layout(driver: Driver) -> dict[str, Any]:
    """The layout once it has stayed the same for a while: it settles by posted events."""
    seen: list[dict[str, Any]] = []

    def stays() -> bool:
        seen.append(layout(driver))
        return len(seen) > 10 and all(one == seen[-1] for one in seen[-10:])

    driver.settled()
    driver.wait(stays, "the layout to stay")
    return seen[-1]


def write_at_the_end(driver: Driver, words: str) -> None:
    editor = driver.child("route.code")
    editor.setFocus()
    editor.moveCursor(QTextCursor.MoveOperation.End)
    driver.keys(editor, words)


@pytest.mark.parametrize(
    ("size", "zoom", "side"),
    [
        ((1440, 900), 1.2, True),
        ((1024, 700), 1.0, False),
        pytest.param((900, 700), 1.1, True, marks=pytest.mark.long),
    ],
)
def test_escape_returns_to_exactly_where_one_was(
    json_project: Driver, size: tuple[int, int], zoom: float, side: bool
) -> None:
    driver, bench = json_project, json_project.window.workbench
    driver.window.resize(*size)
    theme().set_zoom(zoom)
    if not side:
        press(driver, Key.Key_B, CTRL)
    bench.show_traffic()
    if size[0] > 1000:
        bench.columns.moveSplitter(size[0] // 2, 2)
    driver.child("route.code").setFocus()
    before = settled_layout(driver)
    present(driver, (1024, 700), 2.0)
    for name in ("toolbar.project", "routes.tree", "pages.tabs", "traffic.table"):
        assert not driver.has(name)
    assert driver.child("present.next").hasFocus()
    press(driver, Key.Key_PageDown)
    write_at_the_end(driver, "  # said on stage")
    press(driver, Key.Key_PageUp)
    driver.click("present.contrast")
    press(driver, Key.Key_Escape)
    assert settled_layout(driver) == before
    assert "# said on stage" in (driver.folder() / "app.py").read_text()


def wheel(target: QWidget, notches: int) -> None:
    """As the system sends it: to the window, which gives it to what is under the mouse."""
    window, middle = target.window().windowHandle(), QPointF(target.rect().center())
    event = QWheelEvent(
        target.mapTo(target.window(), middle),
        target.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(window, event)


def test_the_whole_way_by_the_keyboard_and_by_a_clicker(json_project: Driver) -> None:
    driver, stage = json_project, json_project.window.workbench.stage
    present(driver, (1024, 700), 3.0)
    assert list(stage.parts.values()) == ["Route", "Request", "Answer", "Map"]
    press(driver, Key.Key_PageUp)
    driver.wait(
        lambda: driver.child("present.title").accessibleName() == "Presented: GET /users", "the route"
    )
    assert '@app.get("/users")' in driver.text("route.code")
    press(driver, Key.Key_L, CTRL)
    assert focus() == "request.url"
    press(driver, Key.Key_A, CTRL)
    driver.keys(driver.child("request.url"), "/users/2")
    press(driver, Key.Key_Return, CTRL)
    driver.wait(lambda: driver.has("response.status"), "the answer, large")
    assert driver.text("response.status") == "200 OK"
    assert not driver.has("request.url")
    seen = []
    for _ in range(4):
        press(driver, Key.Key_F6)
        seen.append((stage.part, focus()))
    assert [part for part, _ in seen] == ["page", "request", "answer", "map"]
    assert [name for _, name in seen] == ["route.code", "request.method", "response.body", "map.method"]
    press(driver, Key.Key_F6, SHIFT)
    assert stage.part == "answer"
    for keys, zoom in ((Key.Key_Minus, 2.9), (Key.Key_Equal, 3.0), (Key.Key_0, 1.0)):
        press(driver, keys, CTRL)
        assert theme().zoom == zoom
    assert driver.text("present.zoom.percent") == "100 %"
    driver.child("present.next").setFocus()
    for _ in range(10):
        press(driver, Key.Key_Tab)
        if focus() == "present.contrast":
            break
    press(driver, Key.Key_Space)
    assert theme().tokens.name == "light-contrast"
    press(driver, Key.Key_Escape)
    assert theme().tokens.name == "light"
    driver.settled()

    # A clicker turns the routes, whatever has the keyboard.
    present(driver)
    editor = driver.child("route.code")
    editor.setFocus()
    text = editor.text()
    titles = []
    for key in (Key.Key_PageDown, Key.Key_PageDown, Key.Key_PageDown, Key.Key_PageUp):
        press(driver, key)
        titles.append(driver.child("present.title").accessibleName().removeprefix("Presented: "))
    last = "GET /files/<path:filename>"
    assert titles == ["POST /users", last, last, "POST /users"]
    assert driver.window.workbench.pages.count() == 4
    assert editor.text() == text
    press(driver, Key.Key_Escape)
    assert driver.window.workbench.pages.count() == 2
    assert driver.text("route.rule") == "/users/<int:user_id>"

    # Escape first closes what is open over the panels.
    present(driver)
    driver.child("route.code").setFocus()
    press(driver, Key.Key_F, CTRL)
    driver.wait(lambda: focus() == "search.input", "the search")
    press(driver, Key.Key_Escape)
    assert feature(driver).on
    press(driver, Key.Key_K, CTRL)
    assert driver.has("find")
    press(driver, Key.Key_PageDown)
    assert driver.child("present.title").accessibleName() == "Presented: GET /users/<int:user_id>"
    press(driver, Key.Key_Escape)
    assert feature(driver).on
    driver.child("route.code").setFocus()
    press(driver, Key.Key_Escape)
    assert not feature(driver).on


def test_what_is_written_on_stage(json_project: Driver) -> None:
    """It can be undone after the way there and back; the form of a route is shown when it is wanted."""
    driver = json_project
    editor = driver.child("route.code")
    text = editor.text()
    write_at_the_end(driver, "  # one")
    present(driver, (1024, 700), 3.0)
    write_at_the_end(driver, "  # two")
    press(driver, Key.Key_Escape)
    assert driver.child("route.code") is editor
    editor.setFocus()
    for _ in range(30):
        press(driver, Key.Key_Z, CTRL)
        if editor.text() == text:
            break
    assert editor.text() == text
    driver.settled()

    present(driver)
    assert not driver.has("route.rule")
    assert driver.has("route.code")
    driver.click("present.form")
    assert driver.has("route.rule")
    press(driver, Key.Key_PageDown)
    assert driver.text("route.rule") == "/users"
    driver.click("present.form")
    press(driver, Key.Key_N, CTRL)
    assert driver.has("route.rule"), "a new route has nothing but its form"
    assert not driver.child("present.title").accessibleName().endswith(">")
    press(driver, Key.Key_Escape)
    driver.settled()
    assert driver.text("route.rule") == "/users/<int:user_id>"


def test_zoom_and_contrast_of_the_projector_are_its_own_and_kept(json_project: Driver) -> None:
    driver, home = json_project, json_project.window.workspace.session.home
    # The wheel with Ctrl zooms everything.
    present(driver)
    for name in ("route.code", "request.tabs", "present"):
        wheel(driver.child(name), 1)
    driver.wait(lambda: theme().zoom == 1.3, "three steps")
    press(driver, Key.Key_Escape)
    driver.settled()

    present(driver)
    slider = driver.child("present.zoom")
    slider.setFocus()
    press(driver, Key.Key_End)
    driver.wait(lambda: theme().zoom == 3.0, "all of it three times as large")
    assert driver.text("present.zoom.percent") == "300 %"
    assert not driver.child("present.zoom.larger").isEnabled()
    driver.click("present.zoom.smaller")
    driver.click("present.contrast")
    driver.settled()
    press(driver, Key.Key_Escape)
    assert (theme().zoom, theme().is_high) == (1.0, False)
    driver.settled()
    assert home.get("present_zoom") == 2.9
    assert home.get("present_contrast") == "high"
    assert (home.get("zoom"), home.get("contrast")) == (None, None)
    press(driver, Key.Key_F11)
    assert (theme().zoom, theme().is_high) == (2.9, True)
    driver.click("present.leave")
    assert not feature(driver).on

    # High contrast is a choice at the desk, too.
    driver.window.commands.table.qaction("view.contrast").trigger()
    assert theme().tokens.name == "light-contrast"
    driver.settled()
    assert home.get("contrast") == "high"
    driver.click("toolbar.theme")
    assert theme().tokens.name == "dark-contrast"
    driver.window.commands.table.qaction("view.contrast").trigger()
    assert theme().tokens.name == "dark"
    driver.settled()


def test_what_there_is_to_present(window: Driver) -> None:
    """Nothing on the welcome page; then a project, also while it is stopped; after it is closed, another."""
    driver = window
    press(driver, Key.Key_F11)
    assert not driver.window.isFullScreen()
    assert "Open a project first" in driver.window.status.currentMessage() or any(
        "Open a project first" in str(getattr(one, "text", str)())
        for one in driver.window.status.findChildren(QWidget)
    )

    driver.click("welcome.starter.json")
    driver.live()
    present(driver)
    assert not driver.has("present.start")
    driver.window.commands.toggle_server()
    driver.click("present.start")
    driver.wait(lambda: not driver.has("present.start"), "the server to run")
    driver.settled()
    press(driver, Key.Key_Escape)

    present(driver, (1440, 900), 2.0)
    driver.window.commands.close_project()
    driver.wait(lambda: driver.has("welcome.starter.json"), "the welcome page")
    assert not driver.window.isFullScreen()
    assert not driver.has("present")
    assert theme().zoom == 1.0

    driver.click("welcome.starter.pages")
    driver.live()
    driver.open_from_list("hello.html")
    present(driver, (1024, 700), 2.0)
    bench = driver.window.workbench
    assert list(bench.stage.parts.values()) == ["Template", "Preview", "Map"]
    assert driver.has("template.editor")
    press(driver, Key.Key_F6)
    press(driver, Key.Key_F6)
    assert driver.has("template.preview")
    assert not driver.has("template.editor")
    feature(driver).looks.set_zoom(1.0)
    assert driver.has("template.editor")
    assert driver.has("template.preview")
    press(driver, Key.Key_Escape)
    driver.settled()
