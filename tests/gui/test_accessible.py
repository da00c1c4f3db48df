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


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(None))
    yield driver
    driver.close()


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
    return [name for name, count in names.items() if count > 1]


def mouse_only(root: QWidget) -> list[str]:
    """Buttons that the Tab key does not come to, but for those that a shortcut presses."""
    return [
        widget.objectName()
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


def check(driver: Driver) -> None:
    assert nameless(driver.window) == []
    assert twice(driver.window) == []
    assert mouse_only(driver.window) == []


FAILS = '\n\n@app.get("/fails")\ndef fails():\n    return str(1 / 0)\n'


def rules(driver: Driver) -> list[str]:
    project = driver.window.workspace.snapshot.project
    return [route.full_rule for route in project.routes] if project is not None else []


def start(driver: Driver, starter: str) -> None:
    driver.click(f"welcome.starter.{starter}")
    driver.live()


def test_the_welcome_page(window: Driver) -> None:
    check(window)


def test_a_route_and_its_answer(window: Driver) -> None:
    start(window, "json")
    window.open_from_list("/users/<int:user_id>")
    window.send("/users/1")
    check(window)


@pytest.mark.untrusted
def test_a_restricted_folder(window: Driver, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    window.window.workspace.open(tmp_path)
    window.wait(lambda: window.has("trust.banner"), "the banner")
    window.settled()
    check(window)
    window.click("trust.more")
    window.wait(lambda: window.has("trust.around"), "the folder around it")
    check(window)
    assert window.child("request.send").accessibleDescription()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one loopback address alone")
def test_sharing(window: Driver) -> None:
    start(window, "hello")
    window.window.workspace.session.own_addresses = lambda: ("127.0.0.2", "127.0.0.3")
    window.click("toolbar.share")
    check(window)
    window.click("share.accept")
    window.wait(lambda: window.has("share.page"), "the page with the address")
    check(window)
    window.window.resize(640, 700)
    window.click("share.turn.list")
    check(window)
    window.click("share.close")
    check(window)


@pytest.mark.parametrize("tabs", ["request.tabs", "response.tabs", "bottom"])
def test_every_tab(window: Driver, tabs: str) -> None:
    start(window, "json")
    window.open_from_list("/users/<int:user_id>")
    window.send("/users/1")
    pages: QTabWidget = window.child(tabs)
    for index in range(pages.count()):
        pages.setCurrentIndex(index)
        window.settled()
        check(window)


def test_a_path_over_the_map_and_words_over_the_traffic(window: Driver) -> None:
    start(window, "json")
    window.type("map.path", "/users/abc")
    window.wait(lambda: window.has("map.why"), "the sentence under it")
    check(window)
    window.window.workbench.show_traffic()
    window.type("traffic.filter.text", "users")
    window.settled()
    check(window)


def test_every_kind_of_body(window: Driver) -> None:
    start(window, "json")
    window.child("request.tabs").setCurrentIndex(3)
    kinds: QComboBox = window.child("request.body.kind")
    for index in range(kinds.count()):
        kinds.setCurrentIndex(index)
        kinds.activated.emit(index)
        check(window)


def test_a_new_route_with_every_kind_of_parameter_and_answer(window: Driver) -> None:
    start(window, "blueprints")
    window.click("toolbar.new_route")
    window.type("route.rule", "/a/<s>/<int:i>/<float:f>/<uuid:u>/<any(red,green):c>/<path:p>")
    window.choose("route.owner", "New blueprint…")
    window.qtbot.keyClick(window.child("route.owner"), Qt.Key.Key_Return)
    window.click("route.headers.show")
    for kind in reversed(AnswerKind):
        window.click(f"route.answer.{kind}")
        check(window)


def test_templates_and_files_with_their_search(window: Driver) -> None:
    start(window, "pages")
    for row, name in (("hello.html", "template.editor"), ("app.py", "file.editor")):
        window.open_from_list(row)
        editor = window.child(name)
        window.wait(editor.isEnabled, "the text")
        window.qtbot.keyClick(editor, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        window.settled()
        check(window)


def test_problems(window: Driver) -> None:
    start(window, "hello")
    app = window.folder() / "app.py"
    app.write_text(app.read_text() + "\nif (\n")
    window.wait(lambda: bool(window.window.workspace.snapshot.problems), "the problem")
    window.child("bottom").setCurrentWidget(window.window.workbench.problems)
    window.settled()
    check(window)


def test_a_finding_with_its_fixes(window: Driver) -> None:
    start(window, "hello")
    app = window.folder() / "app.py"
    app.write_text(app.read_text() + '\n\n@app.get("/by/<name>")\ndef by(nam):\n    return nam\n')
    window.wait(lambda: bool(window.window.workspace.snapshot.findings), "the finding")
    window.child("bottom").setCurrentWidget(window.window.workbench.problems)
    window.child("problems.list").setCurrentRow(0)
    window.settled()
    assert window.has("problems.fix.0")
    check(window)


@pytest.mark.parametrize("path", ["/users/1", "/users/abc", "/nowhere?a=1", "/fails"])
def test_the_xray_of_a_request_and_the_answer_beside_a_route(window: Driver, path: str) -> None:
    start(window, "json")
    app = window.folder() / "app.py"
    app.write_text(app.read_text() + FAILS)
    window.wait(lambda: "/fails" in rules(window), "the route that fails")
    window.live()
    window.send(path)
    check(window)
    window.child("response.tabs").setCurrentIndex(5)
    window.settled()
    check(window)
    window.window.commands.table.qaction("xray.open").trigger()
    window.wait(lambda: window.has("xray.trip"), "the page and its steps")
    window.settled()
    check(window)


SHOWN: dict[str, Callable[[Driver], object]] = {
    "question": lambda driver: driver.window.commands.new_template(),
    "message": lambda driver: driver.window.banner.say("Something happened.", "Undo", lambda: None),
    "find anything": lambda driver: driver.window.commands.find_anything(),
}


@pytest.mark.parametrize("what", SHOWN)
def test_what_opens_over_the_window(window: Driver, what: str) -> None:
    start(window, "hello")
    SHOWN[what](window)
    check(window)


def test_the_shortcuts(window: Driver) -> None:
    start(window, "hello")
    window.qtbot.keyClick(window.window, Qt.Key.Key_F1)
    sheet = window.child("shortcuts.list").window()
    window.wait(sheet.isActiveWindow, "the sheet in front")
    check(window)
    window.qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    window.wait(lambda: not window.has("shortcuts"), "the sheet to be gone")
    window.window.activateWindow()  # which a window manager does by itself
    window.wait(window.window.isActiveWindow, "the window in front again")


def in_front_of(driver: Driver) -> list[QWidget]:
    """The windows beside the main one: dialogs, sheets, menus."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not driver.window]


def test_presenting_in_each_of_its_parts(window: Driver) -> None:
    start(window, "pages")
    window.open_from_list("hello.html")
    window.open_from_list("/hello/<name>")
    window.send("/hello/Ada")
    act(window, "view.present")
    stage = window.window.workbench.stage
    for size, zoom in (((1440, 900), 1.0), ((1024, 700), 3.0)):
        window.window.resize(*size)
        theme().set_zoom(zoom)
        window.settled()
        for part in list(stage.parts):
            stage.show_part(part)
            window.settled()
            check(window)
    window.click("present.leave")
    window.settled()
    check(window)
    theme().set_zoom(1)


def act(driver: Driver, action: str) -> None:
    driver.window.commands.table.qaction(action).trigger()
    driver.settled()


WALK = ("view.shell", "view.routes", "view.traffic", "map.ask", "xray.toggle", "route.new", "project.clean")


def test_a_walk_by_the_menu(window: Driver) -> None:
    """What each entry opens has its names; and so have the entries, and what opens in front of the window."""
    start(window, "blueprints")
    for action in WALK:
        act(window, action)
        check(window)
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
    window.window.activateWindow()  # which a window manager does by itself
    window.wait(window.window.isActiveWindow, "the window in front again")


def test_a_narrow_window(window: Driver) -> None:
    start(window, "pages")
    window.window.resize(700, 500)
    window.settled()
    check(window)
