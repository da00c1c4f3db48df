"""The response panel as a person reads it: what came, how long it took, and why nothing came."""

from __future__ import annotations

from typing import TypeVar

import pytest
from insights import ANSWERED, FAILED, MISSED
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.core.exchanges import Exchange, Hop, RequestSpec, Response
from playground.core.insight import Insight
from playground.core.problems import Place
from playground.core.tips import Tip
from playground.core.trips import Frame, Raised, Stage, Step, Trip
from playground.core.units import human_size, human_time
from playground.gui.panels.response_panel import HEADERS, PRETTY, PREVIEW, RAW, XRAY, ResponsePanel
from playground.gui.panels.trip_words import MOST, trip_rows
from playground.gui.theme import theme
from playground.gui.widgets.big_text import BigText
from playground.gui.widgets.page_view import PageView

T = TypeVar("T", bound=QWidget)
HERE = "http://127.0.0.1:5000"


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> ResponsePanel:
    """A panel whose preview is the plain one, so that no test here waits for a browser engine."""
    monkeypatch.setitem(__import__("sys").modules, "playground.gui.widgets.web_page", None)
    made = ResponsePanel()
    qtbot.addWidget(made)
    made.resize(460, 500)
    made.show()
    return made


def part(panel: ResponsePanel, kind: type[T], name: str) -> T:
    found = panel.findChild(kind, f"response.{name}")
    assert found is not None, name
    return found


def text(panel: ResponsePanel, name: str) -> str:
    return part(panel, QLabel, name).text()


def body(panel: ResponsePanel, name: str = "body") -> str:
    return part(panel, QPlainTextEdit, name).toPlainText()


def exchange(
    data: bytes = b'{"id":42}',
    kind: str = "application/json",
    status: int = 200,
    reason: str = "OK",
    method: str = "GET",
    hops: tuple[Hop, ...] = (),
    truncated: bool = False,
) -> Exchange:
    headers = (("Content-Type", kind), ("Server", "waitress")) if kind else ()
    response = Response(status, reason, headers, data, f"{HERE}/users/42", hops, truncated)
    return Exchange(RequestSpec(method, "/users/42"), f"{HERE}/users/42", response, elapsed=0.0031)


def picture() -> bytes:
    image = QImage(2000, 1000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_before_the_first_answer_it_teaches_the_keys(panel: ResponsePanel) -> None:
    words = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert {"Ctrl+Enter", "Ctrl+L", "Ctrl+N", "Ctrl+K"} <= set(words)


def test_an_answer_in_one_line_and_its_body(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(), '{\n  "id": 42\n}', "json")
    assert [text(panel, name) for name in ("status", "time", "size", "type")] == [
        "200 OK",
        "3.1 ms",
        "9 B",
        "application/json",
    ]
    assert part(panel, QLabel, "size").toolTip() == "9 bytes of body"
    assert body(panel) == '{\n  "id": 42\n}'
    assert body(panel, "raw") == '{"id":42}'
    assert panel.tabs.currentIndex() == PRETTY
    assert panel.tabs.tabText(HEADERS) == "Headers 2"
    cell = part(panel, QTableWidget, "headers").item(1, 1)
    assert cell is not None and cell.text() == "waitress"


def test_the_view_follows_the_kind_of_answer_and_never_jumps_back(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(), "{}", "json")
    panel.tabs.setCurrentIndex(HEADERS)
    panel.show_exchange(exchange(), "{}", "json")
    assert panel.tabs.currentIndex() == HEADERS
    panel.show_exchange(exchange(b"<h1>Hi</h1>", "text/html"), "<h1>Hi</h1>", "html")
    assert panel.tabs.currentIndex() == PREVIEW
    panel.tabs.setCurrentIndex(RAW)
    panel.show_exchange(exchange(b"<h1>Ho</h1>", "text/html"), "<h1>Ho</h1>", "html")
    assert panel.tabs.currentIndex() == RAW
    panel.show_exchange(exchange(), "{}", "json")
    assert panel.tabs.currentIndex() == HEADERS


def test_html_is_rendered(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.show_exchange(
        exchange("<h1>Grüße</h1>".encode("latin-1"), "text/html; charset=latin-1"), "…", "html"
    )
    page = part(panel, PageView, "preview")
    qtbot.waitUntil(lambda: page.findChild(QTextBrowser) is not None)
    shown = page.findChild(QTextBrowser)
    assert shown is not None
    qtbot.waitUntil(lambda: shown.toPlainText() == "Grüße")
    assert page.url == f"{HERE}/users/42"


def test_a_picture_is_shown_to_fit(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(picture(), "image/png"), "00000000  89 50", "hex")
    shown = part(panel, QLabel, "picture")
    assert panel.tabs.currentIndex() == PREVIEW
    assert shown.toolTip() == "2000 × 1000 pixels"
    assert shown.pixmap().width() <= shown.width()
    assert body(panel, "raw") == "00000000  89 50"


def test_what_has_no_preview_says_so(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(b"no picture", "image/png"), "no picture", "text")
    assert any("nothing to preview in image/png" in label.text() for label in panel.findChildren(QLabel))


@pytest.mark.parametrize("status", [100, 204, 302, 404, 500])
def test_every_class_has_words_and_a_colour(panel: ResponsePanel, status: int) -> None:
    panel.show_exchange(exchange(b"", "", status, "Words"), "", "text")
    assert text(panel, "status") == f"{status} Words"
    assert any(label.text() == "This answer has no body." for label in panel.findChildren(QLabel))


def test_redirects_are_told_honestly(panel: ResponsePanel) -> None:
    hops = (
        Hop(308, f"{HERE}/about", f"{HERE}/about/"),
        Hop(302, f"{HERE}/about/", "/home?x=1"),
        Hop(307, f"{HERE}/home", "https://example.org/"),
    )
    panel.show_exchange(exchange(method="POST", hops=hops), "{}", "json")
    assert text(panel, "hops").split("\n") == [
        "308 → /about/",
        "302 → /home?x=1  (POST became GET, its body was dropped)",
        "307 → https://example.org/",
    ]
    panel.show_exchange(exchange(), "{}", "json")
    assert not part(panel, QLabel, "hops").isVisible()


def test_no_answer_is_a_sentence(panel: ResponsePanel) -> None:
    panel.show_exchange(Exchange(RequestSpec(), HERE, error="Nothing listens on port 5000.", elapsed=1.26))
    assert text(panel, "status") == "No answer"
    assert text(panel, "error") == "Nothing listens on port 5000."
    assert part(panel, QLabel, "error").isVisible()
    assert text(panel, "size") == ""
    panel.show_exchange(exchange(), "{}", "json")
    assert not part(panel, QLabel, "error").isVisible()


def test_a_cancelled_request_says_so(panel: ResponsePanel) -> None:
    panel.show_exchange(Exchange(RequestSpec(), HERE, cancelled=True, elapsed=2.0))
    assert text(panel, "status") == "Cancelled"
    assert "cancelled" in text(panel, "error")


def test_the_old_answer_stays_readable_while_waiting(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(), "old", "text")
    panel.show_pending()
    qtbot.waitUntil(lambda: text(panel, "status") == "Sending…")
    assert part(panel, QPlainTextEdit, "body").isVisible()
    assert body(panel) == "old"
    qtbot.waitUntil(lambda: text(panel, "time") > "0.1 s")
    panel.show_exchange(exchange(), "new", "text")
    assert text(panel, "status") == "200 OK"


def test_a_large_body_waits_to_be_asked_for(qtbot: QtBot, panel: ResponsePanel) -> None:
    large = "0123456789abcdef\n" * 150_000
    panel.show_exchange(exchange(large.encode(), "text/plain", truncated=True), large, "text")
    assert "only the first 2.4 MB" in text(panel, "hops")
    assert panel.findChild(QPushButton, "response.body.reveal").isVisible()
    qtbot.mouseClick(panel.findChild(QPushButton, "response.body.reveal"), Qt.MouseButton.LeftButton)
    assert panel.findChild(QWidget, "response.body").isVisible()
    assert not panel.findChild(QPushButton, "response.body.reveal").isVisible()
    panel.tabs.setCurrentIndex(RAW)
    assert part(panel, BigText, "raw").text() == large


def test_one_endless_line_does_not_block(panel: ResponsePanel) -> None:
    line = "x" * 90_000
    panel.show_exchange(exchange(line.encode(), "text/plain"), line, "text")
    assert panel.findChild(QWidget, "response.body").isVisible()
    panel.show_exchange(exchange(b"short", "text/plain"), "short", "text")
    assert body(panel) == "short"


def test_copy_and_open_in_a_browser(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(), "pretty", "json")
    qtbot.mouseClick(part(panel, QToolButton, "copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "pretty"
    with qtbot.waitSignal(panel.open_in_browser) as heard:
        qtbot.mouseClick(part(panel, QToolButton, "open"), Qt.MouseButton.LeftButton)
    assert heard.args == [f"{HERE}/users/42"]
    panel.show_exchange(exchange(method="POST"), "{}", "json")
    assert not part(panel, QToolButton, "open").isEnabled()


def test_empty_again_for_another_project(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(), "{}", "json")
    panel.show_empty()
    assert not part(panel, QLabel, "status").isVisible()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0031, "3.1 ms"), (0.024, "24 ms"), (1.05, "1.1 s"), (1.999, "2.0 s"), (12.3, "12 s"), (65, "1m 5s")],
)
def test_times_are_said_without_traps(seconds: float, words: str) -> None:
    assert human_time(seconds) in (words, words.replace("1.1", "1.0"))


@pytest.mark.parametrize(
    ("size", "words"), [(27, "27 B"), (1075, "1.0 KB"), (5 * 2**20, "5.0 MB"), (2**20 - 1, "1.0 MB")]
)
def test_sizes_are_said_without_traps(size: int, words: str) -> None:
    assert human_size(size) == words


# What Flask did, and why.

TIP = Tip("/users/abc", "Nothing will match: the `int` parameter accepts digits only.")


def answered(panel: ResponsePanel, tip: Tip | None = TIP) -> None:
    panel.show_exchange(exchange(), "{}", "json", ANSWERED, tip)


def missed(panel: ResponsePanel) -> None:
    panel.show_exchange(exchange(b"<h1>Not Found</h1>", "text/html", 404), "...", "html", MISSED)


def shown(panel: ResponsePanel, name: str) -> bool:
    return any(one.isVisible() for one in panel.findChildren(QWidget, f"response.{name}"))


def test_a_failure_says_what_went_wrong_and_its_body_stays(panel: ResponsePanel) -> None:
    missed(panel)
    assert text(panel, "problem") == 'The converter int does not take "abc".'
    assert panel.tabs.currentIndex() == PREVIEW
    assert not shown(panel, "tip")


def test_why_is_a_press_away_and_no_habit(qtbot: QtBot, panel: ResponsePanel) -> None:
    missed(panel)
    qtbot.mouseClick(part(panel, QPushButton, "why"), Qt.MouseButton.LeftButton)
    assert panel.tabs.currentIndex() == XRAY
    assert not shown(panel, "problem")
    missed(panel)
    assert panel.tabs.currentIndex() == PREVIEW
    assert shown(panel, "problem")


def test_the_tab_of_reasons_is_kept_for_failures_alone(panel: ResponsePanel) -> None:
    missed(panel)
    panel.tabs.setCurrentIndex(XRAY)
    answered(panel)
    assert panel.tabs.currentIndex() == PRETTY
    missed(panel)
    assert panel.tabs.currentIndex() == XRAY
    panel.tabs.setCurrentIndex(RAW)
    missed(panel)
    assert panel.tabs.currentIndex() == RAW


def test_without_an_insight_there_is_no_tab_and_no_line(panel: ResponsePanel) -> None:
    missed(panel)
    panel.show_exchange(exchange(b"{}", status=500), "{}", "json")
    assert not panel.tabs.isTabVisible(XRAY)
    assert not shown(panel, "problem")
    assert not shown(panel, "trip")


def test_an_answer_that_went_well_says_what_flask_did_and_what_to_try(panel: ResponsePanel) -> None:
    panel.resize(460, 620)
    answered(panel)
    table = part(panel, QTableWidget, "trip")
    words = [[table.item(row, at).text() for at in range(3)] for row in range(table.rowCount())]  # type: ignore[union-attr]
    assert words == [
        ["route", "/users/<int:user_id> → user_id = 42", "0.1 ms"],
        ["view", "get_user(user_id=42) app.py:15", "0.2 ms"],
        ["response", "200 OK · application/json", "0.1 ms"],
    ]
    assert "/users/abc" in text(panel, "tip")
    assert not shown(panel, "problem")


def test_a_row_opens_its_place_or_the_xray(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.resize(460, 620)
    answered(panel)
    table = part(panel, QTableWidget, "trip")
    table.setCurrentCell(1, 0)
    with qtbot.waitSignal(panel.place_opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [Place("app.py", 15)]
    table.setCurrentCell(0, 0)
    with qtbot.waitSignal(panel.xray_wanted):
        qtbot.keyClick(table, Qt.Key.Key_Return)


def test_where_there_is_little_room_the_body_has_it(qtbot: QtBot, panel: ResponsePanel) -> None:
    panel.resize(460, 620)
    answered(panel)
    panel.setMinimumSize(10, 10)  # as in a splitter: its layout does not keep it from being low
    for height, there in ((450, (True, False)), (300, (False, False))):
        panel.resize(460, height)
        assert (shown(panel, "trip"), shown(panel, "tip")) == there
        assert shown(panel, "trip.show")
    qtbot.mouseClick(part(panel, QToolButton, "trip.show"), Qt.MouseButton.LeftButton)
    assert shown(panel, "trip")
    panel.resize(460, 200)
    assert not shown(panel, "trip.show")


def test_a_long_trip_is_cut_and_keeps_its_end() -> None:
    steps = [Step(Stage.TEMPLATE, f"{number}.html") for number in range(20)]
    trip = Trip(1, "id", "GET", "/", 200, steps=(*steps, Step(Stage.RESPONSE, "200", note="200 OK")))
    rows = trip_rows(trip)
    assert len(rows) == MOST
    assert rows[-1][0][0].words == "response"


def test_an_exception_is_a_row_with_its_line() -> None:
    raised = Raised("KeyError", "7", (Frame("app.py", 19, "name", own=True), Frame("lib.py", 3, "get")))
    trip = Trip(1, "id", "GET", "/", 500, steps=(Step(Stage.RESPONSE, "500"),), raised=(raised,))
    (row, place), response = trip_rows(trip)
    assert [cell.words for cell in row] == ["raised", "KeyError: 7 app.py:19", ""]
    assert place == Place("app.py", 19)
    assert response[0][0].words == "response"


def test_a_crash_of_the_view_is_told_with_its_page(panel: ResponsePanel) -> None:
    insight: Insight = FAILED
    panel.show_exchange(exchange(b"<h1>Oh</h1>", "text/html", 500), "...", "html", insight)
    assert text(panel, "problem") == "The view divided by zero."


def test_a_pane_that_keeps_its_height_while_all_is_enlarged_makes_room_for_what_went_wrong(
    panel: ResponsePanel, qtbot: QtBot
) -> None:
    panel.resize(1000, 500)
    panel.show_exchange(exchange(), "{}", "json", ANSWERED)
    assert part(panel, QToolButton, "trip.show").isVisible()
    try:
        theme().set_zoom(3.0)
        qtbot.waitUntil(lambda: not part(panel, QToolButton, "trip.show").isVisible())
    finally:
        theme().set_zoom(1.0)
    qtbot.waitUntil(part(panel, QToolButton, "trip.show").isVisible)
