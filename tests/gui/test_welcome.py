"""The welcome page: cards and recent projects are buttons for mouse and keyboard alike."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from playground.core.starters import STARTERS
from playground.gui.panels.welcome import Recent, Welcome
from playground.gui.theme import theme

RECENTS = [Recent("bookshop", "/home/ada/bookshop", "8 routes"), Recent("blog", "/home/ada/blog")]


@pytest.fixture
def page(qtbot: QtBot) -> Welcome:
    page = Welcome()
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    return page


def button(page: Welcome, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton), name
    return found


@pytest.mark.parametrize("name", ["empty", "hello", "pages", "json", "blueprints"])
def test_each_starter_is_a_click_away(qtbot: QtBot, page: Welcome, name: str) -> None:
    with qtbot.waitSignal(page.starter_chosen) as chosen:
        qtbot.mouseClick(button(page, f"welcome.starter.{name}"), Qt.MouseButton.LeftButton)
    assert chosen.args == [name]


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_cards_answer_to_the_keyboard(qtbot: QtBot, page: Welcome, key: Qt.Key) -> None:
    card = button(page, "welcome.starter.json")
    card.setFocus()
    with qtbot.waitSignal(page.starter_chosen) as chosen:
        qtbot.keyClick(card, key)
    assert chosen.args == ["json"]


def test_opening_a_folder(qtbot: QtBot, page: Welcome) -> None:
    with qtbot.waitSignal(page.open_requested):
        qtbot.mouseClick(button(page, "welcome.open"), Qt.MouseButton.LeftButton)


def test_recent_projects_open_their_folder(qtbot: QtBot, page: Welcome) -> None:
    page.show_recent(RECENTS)
    row = button(page, "welcome.recent.1")
    assert "blog" in row.accessibleName()
    with qtbot.waitSignal(page.recent_opened) as opened:
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert opened.args == ["/home/ada/blog"]


def test_without_recent_projects_it_says_what_will_stand_there(page: Welcome) -> None:
    assert page._nothing.isVisible() and page._nothing.text()
    page.show_recent(RECENTS)
    assert not page._nothing.isVisible()
    page.show_recent([])
    assert page._nothing.isVisible()


def test_every_card_has_words_for_assistive_tools(page: Welcome) -> None:
    for card in STARTERS:
        name = button(page, f"welcome.starter.{card.name}").accessibleName()
        assert card.title in name and card.summary in name


def columns(page: Welcome) -> int:
    return len({button(page, f"welcome.starter.{card.name}").x() for card in STARTERS})


def test_cards_reflow_when_it_gets_narrow(qtbot: QtBot, page: Welcome) -> None:
    assert columns(page) == 3
    page.resize(420, 640)
    qtbot.waitUntil(lambda: columns(page) == 1)
    scroll = page.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)


def test_three_times_as_large_still_fits_by_scrolling(qtbot: QtBot, page: Welcome) -> None:
    try:
        theme().set_zoom(3.0)
        qtbot.waitUntil(lambda: columns(page) == 1)
        card = button(page, "welcome.starter.hello")
        qtbot.waitUntil(lambda: card.height() >= 300)
        assert card.width() <= page.width()
    finally:
        theme().set_zoom(1.0)
