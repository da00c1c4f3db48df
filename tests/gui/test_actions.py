"""Actions are rows: ids and keys are unique, keys work, menus and search see what is possible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from playground.gui import fuzzy
from playground.gui.actions import Action, ActionTable
from playground.gui.shortcuts import ShortcutSheet


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def row(action_id: str, title: str = "Do it", shortcut: str = "", **more: object) -> Action:
    callback = more.pop("callback", lambda: None)
    return Action(action_id, title, callback, shortcut, **more)  # type: ignore[arg-type]


def test_a_key_does_what_its_row_says(window: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    add: Callable[[], None] = lambda: done.append("new")  # noqa: E731
    ActionTable(window, [row("route.new", "New route", "Ctrl+N", callback=add)])
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert done == ["new"]


def test_a_row_may_have_several_keys(window: QWidget, qtbot: QtBot) -> None:
    done: list[int] = []
    ActionTable(window, [row("view.in", "Zoom in", "Ctrl+= Ctrl++", callback=lambda: done.append(1))])
    qtbot.keyClick(window, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert done == [1, 1]


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (row("a", shortcut="Ctrl+B"), "two actions are called a"),
        (row("b", shortcut="ctrl+a"), "belongs to a and to b"),
        (row("c", shortcut="Ctrl+Nonsense"), "no such key"),
    ],
)
def test_mistakes_in_the_table_are_refused(window: QWidget, second: Action, sentence: str) -> None:
    table = ActionTable(window, [row("a", shortcut="Ctrl+A")])
    with pytest.raises(ValueError, match=sentence):
        table.add(second)


def test_what_is_not_possible_now_is_grey_and_does_nothing(window: QWidget, qtbot: QtBot) -> None:
    done: list[int] = []
    open_project = False
    table = ActionTable(
        window, [row("undo", "Undo", "Ctrl+Z", callback=lambda: done.append(1), when=lambda: open_project)]
    )
    table.refresh()
    assert not table.qaction("undo").isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert table.find("undo") == []
    open_project = True
    table.refresh()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]


def test_a_menu_shows_the_rows_and_what_is_possible(window: QWidget, qtbot: QtBot) -> None:
    table = ActionTable(window, [row("a", "First"), row("b", "Second", when=lambda: False, icon="plus")])
    menu = table.menu("a", "", "b")
    qtbot.addWidget(menu)
    menu.aboutToShow.emit()
    shown = [(action.text(), action.isEnabled()) for action in menu.actions() if not action.isSeparator()]
    assert shown == [("First", True), ("Second", False)]
    assert not table.qaction("b").icon().isNull()


def test_rows_are_found_by_a_few_letters(window: QWidget) -> None:
    table = ActionTable(
        window, [row("a", "Stop the server"), row("b", "New route"), row("c", "New template")]
    )
    assert [found.id for found in table.find("new")] == ["b", "c"]
    assert [found.id for found in table.find("ntem")] == ["c"]
    assert [found.id for found in table.find("server stop")] == ["a"]
    assert len(table.find("")) == 3


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("users", "users", "users/list.html"),
        ("users", "users.py", "/api/users"),
        ("users", "/api/users", "abusers"),
        ("users", "abusers", "undo several rows"),
        ("id", "/users/<id>", "/video"),
    ],
)
def test_closer_titles_come_first(wanted: str, better: str, worse: str) -> None:
    assert fuzzy.best(wanted, [worse, better], str) == [better, worse]


def test_letters_in_another_order_do_not_fit() -> None:
    assert fuzzy.score("ba", "ab") is None
    assert fuzzy.best("zz", ["a", "b"], str) == []


def test_the_sheet_shows_each_key_under_its_group(window: QWidget, qtbot: QtBot) -> None:
    table = ActionTable(
        window,
        [row("a", "Send", "Ctrl+Return", group="Requests"), row("b", "No key"), row("c", "Help", "F1")],
    )
    sheet = ShortcutSheet(table)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert words.index("Requests") < words.index("Send")
    assert "Ctrl+Return" in words
    assert {"F1", "Help", "In a text editor"} <= set(words)
    assert "No key" not in words
