"""The view that says why: what it shows of a miss, a match and a crash, and what its buttons ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from insights import ACCEPT, ANSWERED, CRASHED, FAILED, MATCHED, MISSED, NOT_FOUND, SEND
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.core.fixes import Fix
from playground.core.insight import Insight
from playground.core.problems import Problem
from playground.gui.panels.near_table import REACHED
from playground.gui.panels.why_view import WhyView
from playground.gui.theme import theme
from playground.gui.widgets.span_table import SpanTable


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[WhyView]:
    made = WhyView()
    qtbot.addWidget(made)
    made.resize(700, 600)
    made.show()
    yield made
    theme().set_zoom(1)


def label(view: WhyView, name: str) -> str:
    found = view.findChild(QLabel, f"xray.{name}")
    assert found is not None, name
    return found.accessibleName() if name == "title" else found.text()


def rows(view: WhyView) -> list[list[str]]:
    table = view.findChild(QTableWidget, "xray.near")
    assert table is not None
    return [
        [item.text() if (item := table.item(row, column)) else "" for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def visible(view: WhyView, name: str) -> bool:
    return any(one.isVisible() for one in view.findChildren(QWidget, f"xray.{name}"))


def press(qtbot: QtBot, view: WhyView, name: str) -> None:
    button = next(one for one in view.findChildren(QPushButton, f"xray.{name}") if one.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_miss_names_the_part_that_failed_by_colour_and_line(view: WhyView) -> None:
    view.show_insight(MISSED)
    assert label(view, "title") == "No route matched /users/abc"
    title = view.findChild(QLabel, "xray.title")
    assert title is not None
    failed = title.text().partition("abc")[0].rpartition("<span")[2]
    assert theme().tokens.error in failed
    assert "underline" in failed
    assert rows(view)[0] == [
        "GET /users/<int:user_id>",
        "/users/abc",
        'int takes digits only (\\d+); "abc" has none',
    ]
    assert rows(view)[1][0] == "POST /users"


def test_the_ways_out_are_offered_once(view: WhyView) -> None:
    view.show_insight(MISSED)
    buttons = [one for one in view.findChildren(QPushButton) if one.objectName().startswith("xray.fix.")]
    shown = [one.text() for one in buttons if one.isVisible()]
    assert shown == ["Accept any text: <user_id>", "Send /users/1", "Add GET /users/<string:name>"]
    assert [one.objectName() for one in buttons if one.isVisible()] == [
        "xray.fix.0",
        "xray.fix.1",
        "xray.fix.2",
    ]


def test_a_crash_comes_before_the_rule_that_won(view: WhyView) -> None:
    view.show_insight(FAILED)
    sentence = view.findChild(QLabel, "xray.sentence")
    title = view.findChild(QLabel, "xray.title")
    assert sentence is not None and title is not None
    assert "divided by zero" in sentence.text()
    view.grab()
    assert sentence.mapTo(view, sentence.rect().topLeft()).y() < title.mapTo(view, title.rect().topLeft()).y()
    assert label(view, "title") == "/users/42 goes to get_user"


def test_the_original_message_is_folded_and_can_be_copied(qtbot: QtBot, view: WhyView) -> None:
    view.show_insight(FAILED)
    assert not visible(view, "original")
    press(qtbot, view, "original.show")
    assert visible(view, "original")
    assert label(view, "original") == CRASHED.original
    copy = view.findChild(QWidget, "xray.original.copy")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == CRASHED.original


@pytest.mark.parametrize(("insight", "button", "fix"), [(MISSED, 0, ACCEPT), (FAILED, 0, SEND)])
def test_a_press_asks_for_the_fix(
    qtbot: QtBot, view: WhyView, insight: Insight, button: int, fix: Fix
) -> None:
    view.show_insight(insight)
    with qtbot.waitSignal(view.fix_chosen) as chosen:
        press(qtbot, view, f"fix.{button}")
    assert chosen.args == [fix]


def test_the_place_and_a_rule_are_opened(qtbot: QtBot, view: WhyView) -> None:
    view.show_insight(FAILED)
    with qtbot.waitSignal(view.place_opened) as opened:
        press(qtbot, view, "place")
    assert opened.args == [CRASHED.place]
    view.near.setFocus()
    view.near.setCurrentCell(0, 0)
    with qtbot.waitSignal(view.rule_opened) as rule:
        qtbot.keyClick(view.near, Qt.Key.Key_Return)
    assert rule.args == ["create_user", "/users"]


def test_a_match_and_nothing_at_all(view: WhyView) -> None:
    view.show_insight(ANSWERED)
    assert "goes to" in label(view, "title")
    assert not visible(view, "fix.0")
    view.show_nothing()
    assert not visible(view, "near")
    view.show_explanation(NOT_FOUND)
    assert label(view, "title") == "No route matched /users/abc"


@pytest.mark.parametrize(
    ("match", "title"),
    [
        (Match("PUT", "/users", "method_not_allowed", allowed=("POST",)), "No route takes PUT /users"),
        (Match("GET", "/shelf", "redirect", location="/shelf/"), "/shelf is sent on to /shelf/"),
        (Match("GET", "/x", "error"), "A converter failed on /x"),
    ],
)
def test_every_outcome_has_its_title(view: WhyView, match: Match, title: str) -> None:
    view.show_explanation(Explanation(match))
    assert label(view, "title") == title


def test_after_a_mend_it_offers_to_send_again(qtbot: QtBot, view: WhyView) -> None:
    view.show_insight(MISSED)
    assert not visible(view, "again")
    view.show_mended("change /users/<int:user_id>")
    assert label(view, "done") == "Done: change /users/<int:user_id>."
    with qtbot.waitSignal(view.again):
        press(qtbot, view, "again")
    view.show_insight(ANSWERED)
    assert not visible(view, "again")


def test_words_that_look_like_html_are_words(view: WhyView) -> None:
    problem = Problem("No <b>bold</b> here.", why="`<i>` & more", fixes=(Fix("Say <br>"),))
    view.show_insight(Insight(ANSWERED.trip, MATCHED, (problem,)))
    assert "&lt;b&gt;bold" in label(view, "sentence")
    told = view.findChild(QLabel, "xray.fix.0")
    assert told is not None and told.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize(("width", "zoom"), [(700, 1.0), (340, 1.0), (700, 2.0)])
def test_nothing_is_cut_off(qtbot: QtBot, view: WhyView, width: int, zoom: float) -> None:
    theme().set_zoom(zoom)
    view.resize(width, 600)
    view.show_insight(MISSED)
    view.grab()
    table: SpanTable = view.near
    assert sum(table.columnWidth(at) for at in range(table.columnCount())) <= table.viewport().width()
    assert sum(table.rowHeight(at) for at in range(table.rowCount())) <= table.viewport().height()
    header = [item.text() for at in range(table.columnCount()) if (item := table.horizontalHeaderItem(at))]
    assert (REACHED in header) == (width / zoom > 480)
    qtbot.waitUntil(lambda: cut_off(view) == [])


def cut_off(view: WhyView) -> list[str]:
    """The words that have less height than they need at their width."""
    labels = [one for one in view.findChildren(QLabel) if one.isVisible() and one.wordWrap()]
    return [one.text() for one in labels if one.height() < one.heightForWidth(one.width())]


def test_what_it_printed_is_shown_where_it_is_told_nowhere_else(view: WhyView) -> None:
    trip = replace(ANSWERED.trip, printed="hi there\n", logged=("WARNING: <b>low</b>",))
    view.show_insight(replace(ANSWERED, trip=trip), output=True)
    assert visible(view, "printed")
    assert label(view, "printed") == "hi there\nWARNING: <b>low</b>"
    view.show_insight(replace(ANSWERED, trip=trip))
    assert not visible(view, "printed")
