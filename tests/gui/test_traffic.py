"""The traffic of a real server in a real window: what arrives, from here and from elsewhere, and what can be
done with it.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from window_driver import Driver

from playground.core.changes import ProjectState
from playground.core.trips import Line
from playground.gui.panels import map_pulses
from playground.gui.panels.traffic_model import Column

APP = """\
from flask import Flask, request

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    return f"Hello {name}"


@app.post("/users")
def create_user():
    return request.get_json(), 201


@app.get("/users/<int:user_id>")
def get_user(user_id):
    return {"id": user_id}


@app.get("/broken")
def broken():
    raise RuntimeError("no")
"""
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    return tmp_path


def ask(driver: Driver, path: str, method: str = "GET", body: bytes | None = None) -> int:
    """A request from outside of the window; returns its status."""
    url = driver.window.workspace.snapshot.server.url + path
    headers = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            error.read()
        return error.code


def panel(driver: Driver):  # type: ignore[no-untyped-def]
    return driver.window.workbench.traffic


def listed(driver: Driver) -> list[Line]:
    model = panel(driver).model
    return [model.line(row) for row in range(model.rowCount())]


def told(driver: Driver, *wanted: str) -> None:
    """Wait until the list shows these requests, the newest first, and nothing else."""

    def shown() -> list[str]:
        return [f"{line.method} {line.path} {line.status}" for line in listed(driver)]

    driver.wait(lambda: shown() == list(wanted), f"{wanted} in the list, which has {shown()}")


def project(driver: Driver) -> ProjectState:
    state = driver.window.workspace.snapshot.project
    assert state is not None
    return state


def show(driver: Driver) -> None:
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_T, CTRL)
    assert driver.has("traffic.filter.text")


def choose(driver: Driver, path: str) -> None:
    row = next(number for number, line in enumerate(listed(driver)) if line.path == path)
    table = driver.child("traffic.table")
    place = table.visualRect(panel(driver).model.index(row, Column.REQUEST)).center()
    driver.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def cells(driver: Driver, row: int) -> list[str]:
    model = panel(driver).model
    return [str(model.index(row, column).data()) for column in (Column.FROM, Column.ROUTE, Column.STATUS)]


def tab_title(driver: Driver) -> str:
    bottom = driver.window.workbench.bottom
    return str(bottom.tabText(bottom.indexOf(panel(driver))))


def requests_from_everywhere_are_listed_as_they_arrive(driver: Driver) -> None:
    show(driver)
    assert "Ctrl+Enter" in driver.text("traffic.empty")
    assert tab_title(driver) == "Traffic  0"
    driver.send("/hello/Ada")
    told(driver, "GET /hello/Ada 200")
    assert ask(driver, "/users/abc") == 404
    assert ask(driver, "/users", "PUT") == 405
    assert ask(driver, "/broken") == 500
    told(driver, "GET /broken 500", "PUT /users 405", "GET /users/abc 404", "GET /hello/Ada 200")
    assert cells(driver, 0) == ["this machine", "broken", "500"]
    assert cells(driver, 1) == ["this machine", "POST only", "405"]
    assert cells(driver, 2) == ["this machine", "no match", "404"]
    assert cells(driver, 3) == ["this window", "hello", "200"]
    assert tab_title(driver) == "Traffic  4"
    driver.choose("traffic.filter.client", "this window")
    told(driver, "GET /hello/Ada 200")
    assert driver.text("traffic.count") == "1 of 4"
    driver.choose("traffic.filter.client", "From anywhere")
    driver.choose("traffic.filter.status", "failed")
    driver.type("traffic.filter.text", "USERS")
    told(driver, "PUT /users 405", "GET /users/abc 404")


def all_are_forgotten_at_a_press_and_the_next_is_listed(driver: Driver) -> None:
    show(driver)
    ask(driver, "/hello/Ada")
    told(driver, "GET /hello/Ada 200")
    driver.click("traffic.clear")
    assert listed(driver) == [] and tab_title(driver) == "Traffic  0"
    assert driver.window.workbench.map.tally(("hello", "/hello/<name>")).requests == 0
    ask(driver, "/hello/Bob")
    told(driver, "GET /hello/Bob 200")


def a_request_is_sent_again_with_its_body(driver: Driver) -> None:
    show(driver)
    ask(driver, "/users", "POST", b'{"name": "Lin"}')
    told(driver, "POST /users 201")
    choose(driver, "/users")
    answers: list[object] = []
    driver.window.workspace.exchanged.connect(answers.append)
    driver.click("traffic.resend")
    driver.wait(lambda: bool(answers), "an answer")
    assert driver.text("request.url") == "/users" and driver.text("request.method") == "POST"
    assert driver.text("response.status") == "201 CREATED"
    told(driver, "POST /users 201", "POST /users 201")
    assert cells(driver, 0)[0] == "this window"


def a_request_is_copied_as_curl(driver: Driver) -> None:
    show(driver)
    ask(driver, "/users", "POST", b'{"name": "Lin"}')
    told(driver, "POST /users 201")
    choose(driver, "/users")
    QApplication.clipboard().setText("")
    driver.click("traffic.curl")
    driver.wait(lambda: bool(QApplication.clipboard().text()), "the command")
    command = QApplication.clipboard().text()
    assert command.startswith("curl ") and '{"name": "Lin"}' in command and "/users" in command


def the_route_of_a_request_is_opened(driver: Driver) -> None:
    show(driver)
    ask(driver, "/users/7")
    told(driver, "GET /users/7 200")
    choose(driver, "/users/7")
    driver.click("traffic.show_route")
    driver.wait(lambda: driver.text("route.rule") == "/users/<int:user_id>", "the route's page")


def the_way_of_a_request_is_shown_on_the_map(driver: Driver) -> None:
    bench = driver.window.workbench
    driver.type("map.path", "/broken")
    driver.wait(lambda: bench.map.lit_path[-1:] == ("GET broken",), "the way of what is typed")
    ask(driver, "/users/7")
    ask(driver, "/users/abc")
    for path, end in (("/users/7", "GET get_user"), ("/users/abc", "users")):
        show(driver)
        driver.wait(lambda: len(listed(driver)) == 2, "both requests")
        choose(driver, path)
        driver.click("traffic.show_on_map")
        driver.wait(lambda: bench.bottom.currentWidget() is bench.map, "the map")
        driver.wait(lambda end=end: bench.map.lit_path[-1:] == (end,), f"the way to {end}")
    assert "abc" in driver.text("map.note")


def a_request_is_opened_by_enter(driver: Driver) -> None:
    show(driver)
    ask(driver, "/users/abc")
    told(driver, "GET /users/abc 404")
    choose(driver, "/users/abc")
    driver.qtbot.keyClick(driver.child("traffic.table"), Qt.Key.Key_Return)
    driver.wait(lambda: driver.has("xray.why"), "the X-ray page")


def the_map_counts_and_shines_as_requests_arrive(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = map_pulses.LASTS
    monkeypatch.setattr(map_pulses, "LASTS", 3.0)  # seen also on a machine that is busy
    bench = driver.window.workbench
    bench.bottom.setCurrentWidget(bench.map)
    ask(driver, "/broken")
    driver.wait(lambda: bench.map.shining == ("GET broken",), "the way to shine")
    ask(driver, "/broken")
    ask(driver, "/hello/Ada")
    driver.wait(lambda: bench.map.tally(("hello", "/hello/<name>")).requests == 1, "the count")
    assert bench.map.tally(("broken", "/broken")).spoken == "2 requests, 2 failed (100 %)"
    monkeypatch.setattr(map_pulses, "LASTS", usual)
    driver.wait(lambda: bench.map.shining == (), "all to fade")


def a_path_typed_over_the_map_lights_its_way_without_being_sent(driver: Driver) -> None:
    bench = driver.window.workbench
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_M, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert bench.bottom.currentWidget() is bench.map
    box = driver.child("map.path")
    driver.wait(box.hasFocus, "the box to have the focus")
    driver.keys(box, "/users/42")
    driver.wait(lambda: bench.map.lit_path[-1:] == ("GET get_user",), "the way to the route")
    assert bench.map.words == "✓ user_id = 42"
    driver.type("map.path", "/users/abc")
    driver.wait(lambda: bench.map.lit_path == ("/", "users"), "the way as far as it goes")
    assert "abc" in driver.text("map.why")
    driver.settled()
    assert listed(driver) == []
    driver.qtbot.keyClick(box, Qt.Key.Key_Return)
    driver.wait(lambda: driver.has("xray.why"), "the X-ray page")
    assert listed(driver) == []


def a_path_typed_over_the_map_is_sent_by_its_keys(driver: Driver) -> None:
    driver.type("map.path", "/users/abc")
    answers: list[object] = []
    driver.window.workspace.exchanged.connect(answers.append)
    driver.qtbot.keyClick(driver.child("map.path"), Qt.Key.Key_Return, CTRL)
    driver.wait(lambda: bool(answers), "an answer")
    driver.settled()
    assert len(answers) == 1
    assert driver.text("request.url") == "/users/abc"
    assert driver.text("response.status") == "404 NOT FOUND"


def what_is_typed_is_answered_anew_by_an_app_that_changed(driver: Driver, folder: Path) -> None:
    bench = driver.window.workbench
    driver.type("map.path", "/users/abc")
    driver.wait(lambda: bench.map.lit_path == ("/", "users"), "the way as far as it goes")
    (folder / "app.py").write_text(APP.replace("<int:user_id>", "<user_id>"), encoding="utf-8")
    driver.wait(lambda: bench.map.lit_path[-1:] == ("GET get_user",), "the way to the route")


def test_requests_are_listed_and_each_can_be_used(driver: Driver) -> None:
    for claim in (
        requests_from_everywhere_are_listed_as_they_arrive,
        all_are_forgotten_at_a_press_and_the_next_is_listed,
        a_request_is_sent_again_with_its_body,
        a_request_is_copied_as_curl,
        the_route_of_a_request_is_opened,
        a_request_is_opened_by_enter,
    ):
        claim(driver)
        forget(driver)


def test_the_map_shows_the_ways_of_requests(
    driver: Driver, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_path_typed_over_the_map_lights_its_way_without_being_sent(driver)
    driver.window.workbench.pages.close_current()
    the_way_of_a_request_is_shown_on_the_map(driver)
    forget(driver)
    the_map_counts_and_shines_as_requests_arrive(driver, monkeypatch)
    a_path_typed_over_the_map_is_sent_by_its_keys(driver)
    what_is_typed_is_answered_anew_by_an_app_that_changed(driver, folder)


def forget(driver: Driver) -> None:
    """Let the list be empty, and show all that comes."""
    driver.settled()
    driver.window.workbench.bottom.setCurrentWidget(panel(driver))
    driver.choose("traffic.filter.client", "From anywhere")
    driver.choose("traffic.filter.status", driver.child("traffic.filter.status").itemText(0))
    driver.type("traffic.filter.text", "")
    driver.click("traffic.clear")
    told(driver)
    driver.window.workbench.bottom.setCurrentWidget(driver.window.workbench.map)


def test_another_project_begins_with_an_empty_list(driver: Driver, tmp_path: Path) -> None:
    show(driver)
    ask(driver, "/hello/Ada")
    told(driver, "GET /hello/Ada 200")
    other = tmp_path / "other"
    other.mkdir()
    (other / "app.py").write_text(APP, encoding="utf-8")
    driver.window.workspace.open(other)
    work = driver.window.workspace

    def is_open() -> bool:
        project = work.snapshot.project
        return project is not None and Path(project.folder) == other

    driver.wait(is_open, "the other project")
    driver.live()
    assert listed(driver) == []
    ask(driver, "/hello/Bob")
    told(driver, "GET /hello/Bob 200")


def test_what_the_preview_asks_for_is_known_as_that(driver: Driver, folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "static").mkdir()
    (folder / "static" / "page.css").write_text("h1 { color: red }", encoding="utf-8")
    (folder / "templates" / "page.html").write_text(
        '<link rel="stylesheet" href="/static/page.css"><h1>Hello</h1>', encoding="utf-8"
    )
    page = '\n\n@app.get("/page")\ndef page():\n    return render_template("page.html")\n'
    (folder / "app.py").write_text(APP.replace("Flask,", "Flask, render_template,") + page, encoding="utf-8")
    show(driver)
    driver.wait(lambda: any(one.rule == "/page" for one in project(driver).routes), "the route")
    driver.live()
    driver.window.workbench.open_template("page.html")
    driver.wait(
        lambda: {"/page", "/static/page.css"} <= {line.path for line in listed(driver)}, "its requests"
    )
    assert {str(cells(driver, row)[0]) for row in range(len(listed(driver)))} == {"the preview"}
