"""What a view printed is shown with its request: counted, to be selected, searched and copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.exchanges import Exchange, RequestSpec, Response
from playground.gui import open_window
from playground.gui.panels.response_panel import PRETTY, PREVIEW, PRINTED, RAW, ResponsePanel
from playground.gui.theme import theme
from playground.gui.widgets.big_text import BigText

HERE = "http://127.0.0.1:5000"
LINES = "one\ntwo\nthree\n"


@pytest.fixture
def panel(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[ResponsePanel]:
    monkeypatch.setitem(__import__("sys").modules, "playground.gui.widgets.web_page", None)
    made = ResponsePanel()
    qtbot.addWidget(made)
    made.resize(460, 500)
    made.show()
    yield made


def answer(printed: str = "", status: int = 200, kind: str = "text/plain", **facts: bool) -> Exchange:
    response = Response(status, "", (("Content-Type", kind),), b"hello", f"{HERE}/x", **facts)  # type: ignore[arg-type]
    return Exchange(RequestSpec(url="/x"), f"{HERE}/x", response, elapsed=10.0, printed=printed)


def show(panel: ResponsePanel, exchange: Exchange, language: str = "text") -> None:
    panel.show_exchange(exchange, "hello", language)


def shown(panel: ResponsePanel) -> QWidget:
    return next(each for each in panel.findChildren(QWidget, "response.printed") if each.isVisible())


def test_what_was_printed_has_a_tab_that_counts_its_lines(panel: ResponsePanel) -> None:
    show(panel, answer(LINES))
    assert panel.tabs.isTabVisible(PRINTED)
    assert panel.tabs.tabText(PRINTED) == "Printed 3"
    assert panel.tabs.currentIndex() == PRETTY  # the answer itself comes first
    panel.tabs.setCurrentIndex(PRINTED)
    text = shown(panel)
    assert isinstance(text, QPlainTextEdit) and text.isReadOnly()
    assert text.toPlainText() == LINES.rstrip()
    assert text.accessibleName() == "What the view printed"

    # It is copied whole.
    panel.copy_body()
    assert QGuiApplication.clipboard().text() == LINES.rstrip()

    # Very much is shown all the same.
    show(panel, answer("a line\n" * 100_000))
    panel.tabs.setCurrentIndex(PRINTED)
    assert panel.tabs.tabText(PRINTED) == "Printed 100,000"
    text = shown(panel)
    assert isinstance(text, BigText)
    assert text.accessibleName() == "What the view printed"

    # A request without an answer shows it, too.
    show(panel, replace(answer(LINES), response=None, error="No complete answer within 35 s."))
    text = shown(panel)
    assert isinstance(text, QPlainTextEdit) and text.toPlainText() == LINES.rstrip()
    show(panel, replace(answer(), response=None, error="Nothing answers."))
    assert not any(each.isVisible() for each in panel.findChildren(QWidget, "response.printed"))

    # An answer that goes on says so.
    show(panel, answer(goes_on=True))
    note = panel.findChild(QLabel, "response.hops")
    assert note is not None and note.isVisible()
    assert note.text().startswith("The answer goes on: this is what came in the first 10 s (5 B).")
    show(panel, answer())
    assert not note.isVisible()


def test_the_tab_comes_and_goes_and_is_found_open_again(panel: ResponsePanel) -> None:
    show(panel, answer(LINES))
    panel.tabs.setCurrentIndex(RAW)
    panel.tabs.setCurrentIndex(PRINTED)
    show(panel, answer())
    assert not panel.tabs.isTabVisible(PRINTED)
    assert panel.tabs.currentIndex() == RAW
    show(panel, answer("again\n"))
    assert panel.tabs.currentIndex() == PRINTED
    assert panel.tabs.tabText(PRINTED) == "Printed 1"
    panel.tabs.setCurrentIndex(PRETTY)
    show(panel, answer("more\n"))
    assert panel.tabs.currentIndex() == PRETTY

    # The page of a failure is read at once.
    show(panel, answer(kind="text/html"), "html")
    panel.tabs.setCurrentIndex(PRETTY)
    show(panel, answer(kind="text/html", status=504), "html")
    assert panel.tabs.currentIndex() == PREVIEW
    show(panel, answer(LINES))
    panel.tabs.setCurrentIndex(PRINTED)
    show(panel, answer(LINES, kind="text/html", status=504), "html")
    assert panel.tabs.currentIndex() == PREVIEW
    panel.tabs.setCurrentIndex(PREVIEW)
    show(panel, answer(), "text")
    show(panel, answer(kind="text/html"), "html")
    assert panel.tabs.currentIndex() == PRETTY


APP = """import sys

from flask import Flask, redirect

app = Flask(__name__)


@app.get("/")
def index():
    print("hello from the view")
    print("and from its errors", file=sys.stderr)
    return "answer"


@app.get("/quiet")
def quiet():
    return "quiet"


@app.get("/moved")
def moved():
    print("moved on")
    return redirect("/")


@app.get("/much")
def much():
    for number in range(100_000):
        print("line", number)
    return "much"


@app.get("/loop")
def loop():
    print("begin")
    while True:
        pass
"""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    folder = tmp_path / "prints"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    yield driver
    driver.close()


def printed(window: Driver, url: str) -> str:
    """What the window shows as printed by a request, or nothing where there is no such tab."""
    window.send(url)
    tabs = window.child("response.tabs")
    if not tabs.isTabVisible(PRINTED):
        return ""
    tabs.setCurrentIndex(PRINTED)
    return window.text("response.printed")


def test_each_request_shows_what_its_own_view_printed(window: Driver) -> None:
    assert printed(window, "/") == "hello from the view\nand from its errors"
    assert printed(window, "/quiet") == ""
    assert printed(window, "/moved") == "moved on\nhello from the view\nand from its errors"
    window.click("request.copy_curl")
    window.settled()
    assert "Playground" not in QGuiApplication.clipboard().text()

    # Of very much the beginning and the end are kept, and the text says so.
    text = printed(window, "/much")
    assert text.startswith("line 0\nline 1\n")
    assert text.endswith("line 99999")
    assert "lines are left out here" in text

    # It is zoomed also where the answer moves under the page.
    window.window.resize(1440, 900)
    assert printed(window, "/").startswith("hello")
    try:
        for zoom in (2.0, 1.0, 1.3):
            theme().set_zoom(zoom)
            wanted = theme().mono().pixelSize()
            window.wait(
                lambda wanted=wanted: window.child("response.printed").font().pixelSize() == wanted,  # type: ignore[misc]
                f"letters of {wanted} pixels",
            )
    finally:
        theme().set_zoom(1)

    # What was printed until the limit is shown, and the page says which line it was on.
    window.window.workspace.session.set_request_limit(0.5, keep=False)
    window.type("request.url", "/loop")
    assert printed(window, "/loop") == "begin"
    assert window.text("response.status").startswith("504")
    assert "app.py" in window.window.workbench.response.exchange.response.body.decode()
