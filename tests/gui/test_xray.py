"""The X-ray in the window: why an answer failed, the edit that mends it, the page of one request."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTableWidget
from window_driver import Driver

from playground.gui.panels.xray_page import XrayPage

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
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "bookshop"
    project.mkdir()
    (project / "app.py").write_text(APP)
    return project


def button(driver: Driver, words: str) -> QPushButton:
    """The visible button that begins with these words."""

    def found() -> list[QPushButton]:
        buttons = driver.window.findChildren(QPushButton)
        return [one for one in buttons if one.isVisible() and one.text().startswith(words)]

    driver.wait(lambda: bool(found()), f"a button {words}")
    return found()[0]


def press(driver: Driver, words: str) -> None:
    driver.qtbot.mouseClick(button(driver, words), Qt.MouseButton.LeftButton)


def title(driver: Driver) -> str:
    return str(driver.child("xray.title").accessibleName())


def source(driver: Driver) -> str:
    return (driver.folder() / "app.py").read_text()


def undo(driver: Driver) -> None:
    driver.window.commands.table.qaction("edit.undo").trigger()
    driver.wait(lambda: source(driver) == APP, "the source as it was")
    driver.live()


def a_404_says_why_and_is_mended_sent_again_and_undone(driver: Driver) -> None:
    assert driver.send("/users/abc")[0].startswith("404")
    assert driver.text("response.problem")
    driver.click("response.why")
    assert title(driver) == "No route matched /users/abc"
    near: QTableWidget = driver.child("xray.near")
    first = near.item(0, 0)
    assert first is not None and first.text().startswith("GET /users/<int:user_id>")
    press(driver, "Accept any text")
    assert '+ @app.get("/users/<user_id>")' in driver.text("proposal.diff")
    assert source(driver) == APP
    driver.click("proposal.apply")
    driver.wait(lambda: "/users/<user_id>" in source(driver), "the edit to be written")
    driver.live()
    driver.click("xray.again")
    driver.wait(lambda: driver.text("response.status").startswith("200"), "the answer")
    assert "abc" in driver.text("response.body", visible=False)
    undo(driver)
    assert driver.send("/users/abc")[0].startswith("404")


def the_next_answer_is_not_hidden_behind_the_reason(driver: Driver) -> None:
    driver.send("/users/abc")
    driver.click("response.why")
    driver.send("/users/42")
    assert driver.has("response.body")
    assert not driver.has("response.problem")


def who_reads_reasons_goes_on_reading_those_of_failures(driver: Driver) -> None:
    driver.send("/users/abc")
    driver.child("response.tabs").setCurrentIndex(5)
    driver.send("/users/42")
    assert driver.has("response.body")
    driver.send("/nowhere")
    assert driver.has("xray.near")


def an_exception_is_said_in_plain_words_with_its_line(driver: Driver) -> None:
    assert driver.send("/names/7")[0].startswith("500")
    assert driver.text("response.problem")
    driver.click("response.why")
    assert "app.py:19" in driver.text("xray.place")
    driver.click("xray.original.show")
    assert "KeyError" in driver.text("xray.original")
    driver.click("xray.place")
    editor = driver.child("file.editor")
    driver.wait(editor.isEnabled, "the file")
    driver.wait(lambda: editor.cursor_place()[0] == 19, "the line")


def a_fix_that_is_another_request_is_sent(driver: Driver) -> None:
    assert driver.send("/users/42/")[0].startswith("404")
    driver.click("response.why")
    press(driver, "Send")
    driver.wait(lambda: driver.text("response.status").startswith("200"), "the answer")
    assert driver.text("request.url") == "/users/42"


def what_flask_did_and_what_to_try(driver: Driver) -> None:
    driver.window.resize(1440, 900)
    driver.send("/users/42")
    table: QTableWidget = driver.child("response.trip")
    rows = [
        [item.text() if (item := table.item(row, column)) else "" for column in range(2)]
        for row in range(table.rowCount())
    ]
    assert rows[0] == ["route", "/users/<int:user_id> → user_id = 42"]
    assert rows[1][0] == "view" and rows[1][1].startswith("get_user(user_id=42) app.py:")
    assert rows[-1][0] == "response" and "application/json" in rows[-1][1]
    tip = driver.text("response.tip")
    assert "/users/abc" in tip
    assert driver.send("/users/abc")[0].startswith("404")


def the_page_of_a_request_with_its_steps_beside_it(driver: Driver) -> None:
    driver.window.resize(1440, 900)
    driver.send("/users/abc")
    driver.window.commands.table.qaction("xray.open").trigger()
    driver.wait(lambda: isinstance(driver.window.workbench.pages.current_page(), XrayPage), "the page")
    pages = driver.window.workbench.pages
    assert pages.tabText(pages.currentIndex()) == "X-ray · GET /users/abc"
    assert driver.has("xray.trip")
    assert "None of the project's own code ran" in driver.text("xray.how")
    assert not driver.has("xray.record")
    assert not driver.has("request.url")
    assert title(driver) == "No route matched /users/abc"
    driver.open_from_list("/users/<int:user_id>")
    assert driver.has("request.url")
    assert not driver.has("xray.trip")


def the_page_mends_sends_and_shows_the_next_request(driver: Driver) -> None:
    driver.window.resize(1440, 900)
    driver.send("/users/abc")
    driver.window.commands.table.qaction("xray.open").trigger()
    driver.wait(lambda: driver.has("xray.trip"), "the page")
    press(driver, "Accept any text")
    driver.click("proposal.apply")
    driver.wait(lambda: "/users/<user_id>" in source(driver), "the edit")
    driver.live()
    assert driver.has("xray.trip")
    driver.click("xray.again")
    driver.wait(lambda: "goes to" in title(driver), "the next request")
    undo(driver)


def a_rule_of_the_nearest_opens_its_route(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/names/<int:number>"))
    driver.send("/users/abc")
    driver.click("response.why")
    near: QTableWidget = driver.child("xray.near")
    near.setFocus()
    near.setCurrentCell(0, 0)
    driver.qtbot.keyClick(near, Qt.Key.Key_Return)
    driver.wait(lambda: driver.text("route.rule") == "/users/<int:user_id>", "the route")


def a_path_that_nobody_sent_is_explained_and_followed(driver: Driver) -> None:
    driver.window.workbench.insights.open_explanation("DELETE", "/users")
    driver.wait(lambda: title(driver) == "No route takes DELETE /users", "the page")
    assert driver.has("request.url")
    text = APP.replace('@app.post("/users")', '@app.route("/users", methods=["POST", "DELETE"])')
    (driver.folder() / "app.py").write_text(text)
    driver.wait(lambda: "goes to" in title(driver), "the page to follow")


def xray_is_switched_on_and_off_and_says_so(driver: Driver) -> None:
    toggle: QPushButton = driver.child("toolbar.xray")
    assert not toggle.isChecked()
    driver.click("toolbar.xray")
    driver.wait(lambda: driver.window.workspace.session.xray, "X-ray on")
    driver.settled()
    assert toggle.isChecked()
    assert "is on" in toggle.toolTip()
    driver.window.commands.table.qaction("xray.toggle").trigger()
    driver.wait(lambda: not driver.window.workspace.session.xray, "X-ray off")
    driver.settled()
    assert not toggle.isChecked()


def an_answer_of_another_server_has_no_xray(driver: Driver) -> None:
    port = driver.window.workspace.snapshot.server.port
    driver.send(f"http://127.0.0.1:{port + 1}/")
    assert not driver.has("response.problem")
    assert QApplication.focusWidget() is not None


def test_a_mistake_in_the_reasons_never_costs_the_answer(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(number: int) -> None:
        raise ZeroDivisionError(number)

    monkeypatch.setattr(driver.window.workspace.session, "insight", broken)
    assert driver.send("/users/42")[0].startswith("200")
    assert not driver.has("response.trip")
    assert "could not be told" in caplog.text
    caplog.clear()


def test_the_reasons_of_an_answer_are_beside_it(driver: Driver) -> None:
    an_answer_of_another_server_has_no_xray(driver)
    a_404_says_why_and_is_mended_sent_again_and_undone(driver)
    the_next_answer_is_not_hidden_behind_the_reason(driver)
    who_reads_reasons_goes_on_reading_those_of_failures(driver)
    driver.child("response.tabs").setCurrentIndex(0)
    an_exception_is_said_in_plain_words_with_its_line(driver)
    driver.window.workbench.pages.close_current()
    a_fix_that_is_another_request_is_sent(driver)
    what_flask_did_and_what_to_try(driver)
    a_rule_of_the_nearest_opens_its_route(driver)


def test_the_xray_page_explains_mends_and_follows(driver: Driver) -> None:
    xray_is_switched_on_and_off_and_says_so(driver)
    the_page_of_a_request_with_its_steps_beside_it(driver)
    the_page_mends_sends_and_shows_the_next_request(driver)
    a_path_that_nobody_sent_is_explained_and_followed(driver)
