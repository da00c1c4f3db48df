"""Find anything: type half a word, press Enter."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.gui.palette import Entry, FindAnything


@dataclass
class Scene:
    window: QWidget
    elsewhere: QLineEdit
    finder: FindAnything
    opened: list[str] = field(default_factory=list)

    @property
    def field(self) -> QLineEdit:
        found = self.window.findChild(QLineEdit, "find.input")
        assert isinstance(found, QLineEdit)
        return found

    @property
    def list(self) -> QListView:
        found = self.window.findChild(QListView, "find.list")
        assert isinstance(found, QListView)
        return found

    def entry(self, title: str, badge: str = "GET", detail: str = "") -> Entry:
        return Entry(title, detail, badge, lambda: self.opened.append(title))

    def titles(self) -> list[str]:
        return [entry.title for entry in self.finder.found()]


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    window = QWidget()
    window.resize(900, 600)
    elsewhere = QLineEdit()
    QVBoxLayout(window).addWidget(elsewhere)
    made = Scene(window, elsewhere, FindAnything(window))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    elsewhere.setFocus()
    made.finder.open(
        [
            made.entry("/users"),
            made.entry("/users/<int:user_id>"),
            made.entry("/books", "POST"),
            made.entry("hello.html", "template", "used by hello"),
            made.entry("New route", "action", "Ctrl+N"),
        ]
    )
    return made


def test_it_opens_over_the_window_ready_to_type(scene: Scene, qtbot: QtBot) -> None:
    assert scene.finder.isVisible()
    qtbot.waitUntil(scene.field.hasFocus)
    assert len(scene.titles()) == 5
    assert not scene.finder.grab().isNull()


def test_enter_opens_the_best_fit(scene: Scene, qtbot: QtBot) -> None:
    qtbot.keyClicks(scene.field, "hel")
    assert scene.titles()[0] == "hello.html"
    qtbot.keyClick(scene.field, Qt.Key.Key_Return)
    assert scene.opened == ["hello.html"]
    assert not scene.finder.isVisible()
    qtbot.waitUntil(scene.elsewhere.hasFocus)


def test_methods_and_kinds_can_be_typed_too(scene: Scene, qtbot: QtBot) -> None:
    qtbot.keyClicks(scene.field, "post")
    assert scene.titles()[0] == "/books"
    scene.field.clear()
    qtbot.keyClicks(scene.field, "action")
    assert scene.titles()[0] == "New route"


def test_arrows_choose_and_go_round(scene: Scene, qtbot: QtBot) -> None:
    qtbot.keyClick(scene.field, Qt.Key.Key_Up)
    assert scene.list.currentIndex().row() == 4
    qtbot.keyClick(scene.field, Qt.Key.Key_Down)
    qtbot.keyClick(scene.field, Qt.Key.Key_Down)
    qtbot.keyClick(scene.field, Qt.Key.Key_Return)
    assert scene.opened == ["/users/<int:user_id>"]


def test_a_click_opens(scene: Scene, qtbot: QtBot) -> None:
    place = scene.list.visualRect(scene.list.model().index(2, 0)).center()
    qtbot.mouseClick(scene.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.opened == ["/books"]


def test_escape_closes_and_gives_the_keyboard_back(scene: Scene, qtbot: QtBot) -> None:
    qtbot.keyClick(scene.field, Qt.Key.Key_Escape)
    assert not scene.finder.isVisible()
    qtbot.waitUntil(scene.elsewhere.hasFocus)
    assert scene.opened == []


def test_going_elsewhere_closes(scene: Scene, qtbot: QtBot) -> None:
    scene.elsewhere.setFocus()
    qtbot.waitUntil(lambda: not scene.finder.isVisible())


def test_nothing_found_says_so_and_enter_does_nothing(scene: Scene, qtbot: QtBot) -> None:
    qtbot.keyClicks(scene.field, "qqqq")
    assert scene.titles() == []
    words = [label.text() for label in scene.finder.findChildren(QLabel) if label.isVisible()]
    assert words == ["Nothing is called that. Try fewer letters."]
    qtbot.keyClick(scene.field, Qt.Key.Key_Return)
    assert scene.opened == []


def test_assistive_tools_read_the_rows(scene: Scene) -> None:
    row = scene.list.model().index(3, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "template hello.html used by hello"


def test_ten_thousand_routes_can_be_searched(scene: Scene, qtbot: QtBot) -> None:
    scene.finder.open([scene.entry(f"/items/{number}") for number in range(10_000)])
    qtbot.keyClicks(scene.field, "9876")
    assert scene.titles() == ["/items/9876"]
