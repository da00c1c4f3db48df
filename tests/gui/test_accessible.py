"""What assistive tools and tests see: everything that is pressed or typed into has a name, each name once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QTabWidget, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.answers import AnswerKind
from playground.gui import open_window
from playground.gui.theme import theme

Look = Callable[[str], None]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(None))
    yield driver
    driver.close()


@pytest.fixture
def look(window: Driver) -> Iterator[Look]:
    """Looks at what is shown now, under a name; whatever lacks something fails the test at its end."""
    wrong: dict[str, list[str]] = {}

    def at(what: str) -> None:
        root = window.window
        if found := nameless(root) + twice(root) + mouse_only(root):
            wrong[what] = found

    yield at
    assert wrong == {}


def is_control(widget: QWidget) -> bool:
    """What takes focus or is clicked; parts that hand the focus on to their owner belong to it."""
    pressed = isinstance(widget, QAbstractButton | QComboBox)
    return (pressed or widget.focusPolicy() != Qt.FocusPolicy.NoFocus) and widget.focusProxy() is None


def controls(root: QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible() and is_control(widget)]


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()!r} {widget.accessibleName()!r}"
        for widget in controls(root)
        if not widget.objectName() or widget.objectName().startswith("qt_") or not widget.accessibleName()
    ]


def twice(root: QWidget) -> list[str]:
    shown = (widget.objectName() for widget in root.findChildren(QWidget) if widget.isVisible())
    of_qt = ("qt_", "Scroll")
    names = Counter(name for name in shown if name and not name.startswith(of_qt))
    return [f"{name} {count} times" for name, count in names.items() if count > 1]


def mouse_only(root: QWidget) -> list[str]:
    """Buttons that the Tab key does not come to, but for those that a shortcut presses."""
    return [
        f"{widget.objectName()} by the mouse alone"
        for widget in controls(root)
        if isinstance(widget, QAbstractButton | QComboBox)
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("pages.tabs.close.")  # Ctrl+W
        and widget.objectName() not in ("map.path.clear", "traffic.filter.text.clear")  # Escape
        and not is_one_of_several(widget)
    ]


def is_one_of_several(widget: QWidget) -> bool:
    """Of several that exclude each other Tab comes to the one that is chosen, arrows to the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group is not None and group.exclusive() and not widget.isChecked()  # type: ignore[attr-defined]


FAILS = '\n\n@app.get("/fails")\ndef fails():\n    return str(1 / 0)\n'
WITHOUT_ITS_NAME = '\n\n@app.get("/by/<name>")\ndef by(nam):\n    return nam\n'


def rules(driver: Driver) -> list[str]:
    project = driver.window.workspace.snapshot.project
    return [route.full_rule for route in project.routes] if project is not None else []


def on_page(driver: Driver) -> str:
    """The path that the page in front is about, where it is an X-ray."""
    return getattr(driver.window.workbench.pages.current_page(), "path", "")


def start(driver: Driver, starter: str) -> None:
    driver.click(f"welcome.starter.{starter}")
    driver.live()


def act(driver: Driver, action: str) -> None:
    driver.window.commands.table.qaction(action).trigger()
    driver.settled()


def every_tab(driver: Driver, look: Look, tabs: str) -> None:
    pages: QTabWidget = driver.child(tabs)
    for index in range(pages.count()):
        pages.setCurrentIndex(index)
        driver.settled()
        look(f"{tabs} {index}")


@pytest.mark.untrusted
def test_the_welcome_page_and_a_restricted_folder(window: Driver, look: Look, tmp_path: Path) -> None:
    look("the welcome page")
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    window.window.workspace.open(tmp_path)
    window.wait(lambda: window.has("trust.banner"), "the banner")
    window.settled()
    look("the banner")
    window.click("trust.more")
    window.wait(lambda: window.has("trust.around"), "the folder around it")
    look("the folder around it")
    assert window.child("request.send").accessibleDescription()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one loopback address alone")
def test_sharing(window: Driver, look: Look) -> None:
    start(window, "hello")
    window.window.workspace.session.own_addresses = lambda: ("127.0.0.2", "127.0.0.3")
    window.click("toolbar.share")
    look("the question")
    window.click("share.accept")
    window.wait(lambda: window.has("share.page"), "the page with the address")
    look("the page")
    window.window.resize(640, 700)
    window.click("share.turn.list")
    look("the list in a narrow window")
    window.click("share.close")
    look("the page closed")


def test_a_route_with_its_request_answer_and_panels(window: Driver, look: Look) -> None:
    start(window, "json")
    window.open_from_list("/users/<int:user_id>")
    window.send("/users/1")
    look("a route and its answer")
    for tabs in ("request.tabs", "response.tabs", "bottom"):
        every_tab(window, look, tabs)

    window.child("request.tabs").setCurrentIndex(3)
    kinds: QComboBox = window.child("request.body.kind")
    for index in range(kinds.count()):
        kinds.setCurrentIndex(index)
        kinds.activated.emit(index)
        look(f"the body as {kinds.currentText()}")

    window.child("bottom").setCurrentIndex(0)
    window.type("map.path", "/users/abc")
    window.wait(lambda: window.has("map.why"), "the sentence under it")
    look("a path over the map")
    window.window.workbench.show_traffic()
    window.type("traffic.filter.text", "users")
    window.settled()
    look("words over the traffic")


def test_what_is_wrong_and_the_xray_of_requests(window: Driver, look: Look) -> None:
    """Problems, findings, and what opens over the window; then each kind of answer beside its page."""
    start(window, "json")
    app = window.folder() / "app.py"
    whole = app.read_text() + FAILS
    app.write_text(whole + "\nif (\n")
    window.wait(lambda: bool(window.window.workspace.snapshot.problems), "the problem")
    window.child("bottom").setCurrentWidget(window.window.workbench.problems)
    window.settled()
    look("a problem")
    app.write_text(whole + WITHOUT_ITS_NAME)
    window.wait(lambda: bool(window.window.workspace.snapshot.findings), "the finding")
    window.child("problems.list").setCurrentRow(0)
    window.settled()
    assert window.has("problems.fix.0")
    look("a finding with its fixes")

    window.window.commands.new_template()
    look("a question")
    window.qtbot.keyClick(window.child("ask.input"), Qt.Key.Key_Escape)
    window.window.commands.find_anything()
    look("find anything")
    window.qtbot.keyClick(window.child("find.input"), Qt.Key.Key_Escape)
    window.window.banner.say("Something happened.", "Undo", lambda: None)
    look("a message")

    app.write_text(whole)
    window.wait(
        lambda: {"/fails", "/by/<name>"} & set(rules(window)) == {"/fails"}, "the route that fails alone"
    )
    window.live()
    for path in ("/users/1", "/users/abc", "/nowhere?a=1", "/fails"):
        window.send(path)
        look(f"the answer of {path}")
        window.child("response.tabs").setCurrentIndex(5)
        window.settled()
        look(f"the X-ray beside {path}")
        window.window.commands.table.qaction("xray.open").trigger()
        window.wait(lambda path=path: on_page(window) == path, "its page")  # type: ignore[misc]
        window.wait(lambda: window.has("xray.trip"), "the steps")
        window.settled()
        look(f"the page of {path}")
        window.window.workbench.pages.close_current()


def test_pages_with_their_search_and_presented(window: Driver, look: Look) -> None:
    start(window, "pages")
    for row, name in (("app.py", "file.editor"), ("hello.html", "template.editor")):
        window.open_from_list(row)
        editor = window.child(name)
        window.wait(editor.isEnabled, "the text")
        window.qtbot.keyClick(editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        window.settled()
        look(f"{row} and its search")
    window.qtbot.keyClick(window.child("search.input"), Qt.Key.Key_Escape)
    window.window.resize(700, 500)
    window.settled()
    look("a narrow window")

    window.window.resize(1440, 900)
    window.open_from_list("/hello/<name>")
    window.send("/hello/Ada")
    act(window, "view.present")
    stage = window.window.workbench.stage
    try:
        for size, zoom in (((1440, 900), 1.0), ((1024, 700), 3.0)):
            window.window.resize(*size)
            theme().set_zoom(zoom)
            window.settled()
            for part in list(stage.parts):
                stage.show_part(part)
                window.settled()
                look(f"{part} presented at {zoom}")
        window.click("present.leave")
        window.settled()
        look("after it")
    finally:
        theme().set_zoom(1)


def in_front_of(driver: Driver) -> list[QWidget]:
    """The windows beside the main one: dialogs, sheets, menus."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not driver.window]


def in_front_again(driver: Driver) -> None:
    driver.window.activateWindow()  # which a window manager does by itself
    driver.wait(driver.window.isActiveWindow, "the window in front again")


WALK = ("view.shell", "view.routes", "view.traffic", "map.ask", "xray.toggle", "route.new", "project.clean")


def test_a_walk_by_the_menu_and_a_new_route(window: Driver, look: Look) -> None:
    """What each entry opens has its names; and so have the entries, and what opens in front of the window."""
    start(window, "blueprints")
    for action in WALK:
        act(window, action)
        look(action)
    window.qtbot.keyClick(window.window, Qt.Key.Key_F1)
    sheet = window.child("shortcuts.list").window()
    window.wait(sheet.isActiveWindow, "the sheet in front")
    look("the shortcuts")
    window.qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    window.wait(lambda: not window.has("shortcuts"), "the sheet to be gone")
    in_front_again(window)
    act(window, "help.about")
    window.wait(lambda: bool(in_front_of(window)), "the box")
    for one in in_front_of(window):
        assert nameless(one) == []
        one.close()
    menu = window.child("toolbar.project").menu()
    menu.popup(window.window.mapToGlobal(window.window.rect().center()))
    assert menu.objectName()
    assert menu.accessibleName()
    entries = [entry for entry in menu.actions() if not entry.isSeparator()]
    assert {entry.objectName() for entry in entries} == {row.id for row in window.window.commands.table}
    assert all(entry.text() for entry in entries)
    menu.close()
    in_front_again(window)

    window.click("toolbar.new_route")
    window.type("route.rule", "/a/<s>/<int:i>/<float:f>/<uuid:u>/<any(red,green):c>/<path:p>")
    window.choose("route.owner", "New blueprint…")
    window.qtbot.keyClick(window.child("route.owner"), Qt.Key.Key_Return)
    window.click("route.headers.show")
    for kind in reversed(AnswerKind):
        window.click(f"route.answer.{kind}")
        look(f"a new route that answers {kind}")
