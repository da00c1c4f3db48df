"""The X-ray page of one request: what was sent and what came back, what was raised, and what can be done."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_driver import Driver
from yardstick import yard

from playground.core.insight import Insight
from playground.core.messages import Message
from playground.core.trips import Trip
from playground.gui.panels.xray_page import XrayPage
from playground.session.session import Session

APP = """\
from flask import Flask, jsonify

app = Flask(__name__)
names = {42: "Lin"}


@app.get("/users/<int:user_id>")
def get_user(user_id):
    return jsonify({"id": user_id})


@app.post("/users")
def create_user():
    return "made", 201


@app.get("/names/<int:number>")
def name(number):
    return names[number]


@app.get("/long/<path:rest>")
def long(rest):
    raise ValueError("no\\n" * 20 + "x" * 3000)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "bookshop"
    project.mkdir()
    (project / "app.py").write_text(APP)
    return project


def ask(driver: Driver, path: str, body: bytes | None = None, kind: str = "application/json") -> None:
    """A request from outside of the window, and its X-ray."""
    session = driver.window.workspace.session
    request = urllib.request.Request(
        session.snapshot.server.url + path, body, {"Content-Type": kind} if body else {}
    )
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as error:
        error.close()
    number = session.trips_recorded
    driver.window.workbench.insights.open_trip(number)

    def is_shown() -> bool:
        page = driver.window.workbench.pages.current_page()
        return isinstance(page, XrayPage) and page.number == number

    driver.wait(is_shown, "its page")


def pairs(driver: Driver, name: str) -> dict[str, str]:
    return dict(driver.child(name).pairs)


def what_was_sent_and_what_came_back_is_shown(driver: Driver) -> None:
    ask(driver, "/users?page=2", b'{"name": "Lin"}')
    assert driver.text("xray.status") == "201 CREATED"
    assert driver.text("xray.client") == "from this machine"
    assert driver.text("xray.request.line") == "POST /users?page=2"
    assert pairs(driver, "xray.request.headers")["Content-Type"] == "application/json"
    assert pairs(driver, "xray.request.query") == {"page": "2"}
    assert not driver.has("xray.request.form")
    assert driver.text("xray.request.note") == "Body · 15 B · application/json"
    assert driver.text("xray.request.body") == '{\n  "name": "Lin"\n}'
    assert driver.text("xray.answer.line") == "201 CREATED"
    assert pairs(driver, "xray.answer.headers")["Content-Length"] == "4"
    assert driver.text("xray.answer.body") == "made"
    assert not driver.has("xray.raised")
    ask(driver, "/users", b"name=Ada+L&tag=", "application/x-www-form-urlencoded")
    assert pairs(driver, "xray.request.form") == {"name": "Ada L", "tag": ""}
    assert not driver.has("xray.request.body")


def what_this_window_asked_is_said(driver: Driver) -> None:
    driver.send("/users/42")
    driver.window.commands.table.qaction("xray.open").trigger()
    driver.wait(lambda: driver.has("xray.client"), "the page")
    assert driver.text("xray.client") == "from this window"


def a_part_is_folded_away_and_stays_so(driver: Driver) -> None:
    ask(driver, "/users/42")
    fold = driver.child("xray.answer.show")
    fold.setFocus()
    driver.qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert not driver.has("xray.answer.headers")
    assert driver.text("xray.answer.line") == "200 OK"
    assert fold.accessibleName() == "Show: answer"
    ask(driver, "/users/43")
    assert not driver.has("xray.answer.headers")
    driver.click("xray.answer.show")
    assert driver.has("xray.answer.headers")


def however_long_the_words_are_the_page_is_no_wider_than_the_window(driver: Driver) -> None:
    ask(driver, f"/long/{'abc/' * 50}{'x' * 400}?q={'w' * 300}")
    page = driver.window.workbench.pages.current_page()
    driver.wait(lambda: page.why.widget().width() == page.why.viewport().width(), "all words to be in view")
    assert "x" * 400 in driver.text("xray.request.line")
    assert driver.text("xray.raised.line").startswith("ValueError: no no ")


def a_request_is_sent_again_and_copied_from_its_page(driver: Driver) -> None:
    ask(driver, "/users", b'{"name": "Lin"}')
    QApplication.clipboard().setText("")
    driver.click("xray.curl")
    driver.wait(lambda: bool(QApplication.clipboard().text()), "the command")
    assert '{"name": "Lin"}' in QApplication.clipboard().text()
    answers: list[object] = []
    driver.window.workspace.exchanged.connect(answers.append)
    driver.click("xray.resend")
    driver.wait(lambda: bool(answers), "an answer")
    driver.wait(lambda: driver.text("xray.client") == "from this window", "the page of the new one")
    assert driver.text("xray.request.body") == '{\n  "name": "Lin"\n}'


def the_route_and_the_way_of_a_request_are_shown_from_its_page(driver: Driver) -> None:
    bench = driver.window.workbench
    ask(driver, "/users/abc")
    assert not driver.child("xray.show_route").isEnabled()
    ask(driver, "/users/42")
    bench.bottom.setCurrentWidget(bench.traffic)
    driver.click("xray.show_on_map")
    driver.wait(lambda: bench.bottom.currentWidget() is bench.map, "the map")
    assert bench.map.lit_path[-1:] == ("GET get_user",)
    driver.click("xray.show_route")
    driver.wait(lambda: driver.text("route.rule") == "/users/<int:user_id>", "the route's page")


def a_request_that_is_not_kept_any_more_is_said_in_words(driver: Driver) -> None:
    ask(driver, "/users/42")
    driver.window.workspace.session.clear_trips()
    driver.click("xray.curl")
    driver.wait(lambda: "not kept any more" in driver.text("banner.text"), "the message")


def test_large_bodies_and_many_headers_do_not_keep_the_window_waiting(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_lane(trip: Trip) -> tuple[Message, Message]:
        assert threading.current_thread() is not threading.main_thread()
        many = tuple((f"X-{number}", "v" * 2000) for number in range(5000))
        asked, answer = Session().messages_of(trip)
        return replace(asked, headers=many), replace(answer, headers=many)

    monkeypatch.setattr(driver.window.workspace.session, "messages_of", on_a_lane)
    ask(driver, "/users/1")
    took: list[float] = []
    pages: list[XrayPage] = [driver.window.workbench.pages.current_page()]
    show = pages[0].show_insight

    def timed(insight: Insight, messages: tuple[Message, Message]) -> None:
        began = time.thread_time()
        show(insight, messages)
        pages[0].grab()  # with all that is painted of it
        took.append(time.thread_time() - began)

    monkeypatch.setattr(pages[0], "show_insight", timed)
    data = json.dumps([{"id": number, "name": "Lin"} for number in range(2250)]).encode()
    assert 60_000 < len(data) <= 65_536
    ask(driver, "/users", data)
    assert len(pairs(driver, "xray.request.headers")) == 5000
    assert driver.child("xray.request.body").text().count("\n") == 2250 * 4 + 1
    assert took[0] < 25 * yard(), took


def only_the_beginning_of_a_large_body_is_kept_and_said(driver: Driver) -> None:
    ask(driver, "/users", b"x" * 3_250_000, "text/plain")
    assert driver.text("xray.request.note") == "Body · the first 64.0 KB of 3.1 MB · text/plain"
    assert "only the first 64.0 KB" in driver.child("xray.resend").toolTip()
    ask(driver, "/users", b"x", "text/plain")
    assert driver.child("xray.resend").toolTip() == "Send it again"


def tab_goes_through_the_page_in_the_order_in_which_it_is_read(driver: Driver) -> None:
    ask(driver, "/users/abc", b"{}")
    driver.child("xray.resend").setFocus()
    way = [str(driver.window.focusWidget().objectName())]
    while "xray.answer.body" not in way:
        editor = driver.window.focusWidget()
        if "body" in editor.objectName():
            driver.qtbot.keyClick(editor, Qt.Key.Key_Escape)
        driver.qtbot.keyClick(editor, Qt.Key.Key_Tab)
        assert len(way) < 60, way
        way.append(str(driver.window.focusWidget().objectName()))
    wanted = ["xray.resend", "xray.curl", "xray.show_on_map", "xray.near", "xray.request.show"]
    wanted += ["xray.request.headers", "xray.request.body", "xray.answer.show", "xray.answer.headers"]
    assert [name for name in way if name in wanted] == wanted
    assert [name for name in way if not name.startswith("xray.")] == []


def test_the_page_tells_all_of_a_request(driver: Driver) -> None:
    what_this_window_asked_is_said(driver)
    what_was_sent_and_what_came_back_is_shown(driver)
    a_part_is_folded_away_and_stays_so(driver)
    however_long_the_words_are_the_page_is_no_wider_than_the_window(driver)
    only_the_beginning_of_a_large_body_is_kept_and_said(driver)
    tab_goes_through_the_page_in_the_order_in_which_it_is_read(driver)


def test_what_can_be_done_with_a_request_is_done_from_its_page(driver: Driver) -> None:
    a_request_is_sent_again_and_copied_from_its_page(driver)
    the_route_and_the_way_of_a_request_are_shown_from_its_page(driver)
    a_request_that_is_not_kept_any_more_is_said_in_words(driver)
