"""Stepping through a request that was really made: the line, what it came to, the values, the whole trip."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from playground.core.exchanges import BodyKind, RequestSpec
from playground.core.problems import Place
from playground.core.stepping import Stepping
from playground.core.trips import Stage, Trip
from playground.gui.panels.stepper import NO_LINES, Stepper
from playground.gui.theme import theme
from playground.gui.tokens import DARK, LIGHT, Tokens
from playground.session.session import Session

pytestmark = pytest.mark.skipif(
    threading.gettrace() is not None, reason="a tool that traces all threads is left alone"
)

APP = """\
from flask import Flask, jsonify, render_template, request

app = Flask(__name__)
users = {1: {"name": "Ada"}, 2: {"name": "Bob"}}


def numbers(n):
    for i in range(n):
        yield i


def next_id():
    highest = max(users)
    return highest + 1


@app.before_request
def load_user():
    who = "nobody"


@app.after_request
def add_header(response):
    response.headers["X-Shop"] = "1"
    return response


@app.post("/users")
def create_user():
    data = request.json
    user_id = len(users) + 1
    users[user_id] = data
    return jsonify(data), 201


@app.get("/next")
def following():
    number = next_id()
    total = sum(numbers(2))
    return f"{number} {total}"


@app.get("/hello/<name>")
def hello(name):
    return render_template("hello.html", name=name)


@app.get("/fail")
def fail():
    number = 0
    try:
        number = 1 / 0
    except ZeroDivisionError:
        number = 2
    return str(number / 0)


@app.get("/long")
def long():
    total = 0
    for i in range(40):
        total += i
    return str(total)
"""
BASE = "<title>{% block title %}{% endblock %}</title>\n{% block body %}{% endblock %}\n"
HELLO = """\
{% extends "base.html" %}
{% block body %}
  {% for letter in name %}
    {{ letter }}
  {% endfor %}
{% endblock %}
"""


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Session]:
    session = Session()
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / "templates" / "base.html").write_text(BASE)
    (folder / "templates" / "hello.html").write_text(HELLO)
    session.open(folder)
    session.go_live()
    session.start_server(0)
    session.set_xray(True)
    yield session
    session.close()


@pytest.fixture
def stepper(qtbot: QtBot) -> Iterator[Stepper]:
    theme().set_mode("light")
    panel = Stepper()
    qtbot.addWidget(panel)
    panel.resize(460, 800)
    panel.show()
    yield panel
    theme().set_zoom(1)
    theme().set_mode("system")


CREATE = RequestSpec("POST", "/users", body_kind=BodyKind.JSON, body='{"name": "Lin"}')


def made(session: Session, spec: RequestSpec) -> tuple[Trip, Stepping | None]:
    exchange = session.send(spec)
    trip = session.trip_of(exchange.request_ids[0])
    assert trip is not None
    return trip, session.stepping(trip.number)


def show(panel: Stepper, session: Session, spec: RequestSpec | str) -> Trip:
    trip, stepping = made(session, RequestSpec(url=spec) if isinstance(spec, str) else spec)
    panel.show_trip(trip, stepping)
    return trip


def child(panel: QWidget, name: str) -> Any:
    found = panel.findChild(QWidget, name)
    assert found is not None, name
    return found


def position(panel: Stepper) -> str:
    return str(child(panel, "xray.position").text())


def here(panel: Stepper) -> str:
    """The text of the line that is on."""
    code = child(panel, "xray.code")
    return str(code._rows[code._row_of(code._current)]).strip()


def values(panel: Stepper) -> dict[str, tuple[str, str]]:
    table = child(panel, "xray.values")
    rows = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]
    return {row[0]: (row[1], row[2]) for row in rows} if table.isVisibleTo(panel) else {}


def steps(panel: Stepper) -> list[list[str]]:
    table = child(panel, "xray.trip")
    return [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]


def notes(panel: Stepper) -> dict[str, str]:
    code = child(panel, "xray.code")
    return {code._rows[code._row_of(line)].strip(): note for line, note in code._notes.items()}


def go(panel: Stepper, qtbot: QtBot, wanted: str) -> None:
    """On until the line that begins so is the one that is on."""
    while not here(panel).startswith(wanted):
        assert child(panel, "xray.forward").isEnabled(), wanted
        qtbot.mouseClick(child(panel, "xray.forward"), Qt.MouseButton.LeftButton)


def test_the_picture_of_the_design(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, CREATE)
    assert here(stepper) == "def create_user():"  # not its decorator, and past the hook before it
    go(stepper, qtbot, "users[user_id]")
    assert position(stepper) == "line 6 of 10"
    assert values(stepper) == {
        "data": ("dict", "{'name': 'Lin'}"),
        "user_id": ("int", "3"),
        "● users": ("dict · module", "{1: {'name': 'Ada'}, 2: {'name': 'Bob'}, 3: {'name': 'Lin'}}"),
    }
    assert notes(stepper) == {
        "data = request.json": "{'name': 'Lin'}",
        "user_id = len(users) + 1": "3",
        "users[user_id] = data": "users: 2 → 3 items",
    }
    assert child(stepper, "xray.trip").currentRow() == 3
    assert [row[:2] for row in steps(stepper)] == [
        ["1 request", "POST /users · 15 B JSON"],
        ["2 route", "/users [POST] → create_user"],
        ["3 before_request", "load_user() · 2 lines"],
        ["4 view", "create_user() · 5 lines"],
        ["5 after_request", "add_header() · 3 lines"],
        ["6 response", "201 CREATED · application/json · 15 B"],
    ]
    assert all(row[2].endswith("ms") for row in steps(stepper))
    go(stepper, qtbot, "return jsonify")
    assert notes(stepper)["return jsonify(data), 201"].startswith("returns (<Response ")


def test_the_keyboard_steps_wherever_it_is(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, CREATE)
    for name in ("xray.code", "xray.values", "xray.trip", "xray.back", "xray.forward"):
        widget = child(stepper, name)
        qtbot.keyClick(widget, Qt.Key.Key_Home)
        assert position(stepper) == "line 1 of 10", name
        assert not child(stepper, "xray.back").isEnabled()
        qtbot.keyClick(widget, Qt.Key.Key_Right)
        qtbot.keyClick(widget, Qt.Key.Key_Right)
        qtbot.keyClick(widget, Qt.Key.Key_Left)
        assert position(stepper) == "line 2 of 10", name
        qtbot.keyClick(widget, Qt.Key.Key_End)
        assert position(stepper) == "line 10 of 10", name
        qtbot.keyClick(widget, Qt.Key.Key_Right)
        assert position(stepper) == "line 10 of 10", name
        assert not child(stepper, "xray.forward").isEnabled()


def test_back_shows_what_was_known_then(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, CREATE)
    go(stepper, qtbot, "return jsonify")
    seen = values(stepper), notes(stepper)
    for _ in range(2):
        qtbot.mouseClick(child(stepper, "xray.back"), Qt.MouseButton.LeftButton)
    assert values(stepper)["users"][1] == "{1: {'name': 'Ada'}, 2: {'name': 'Bob'}}"
    assert "users[user_id] = data" not in notes(stepper)
    go(stepper, qtbot, "return jsonify")
    assert (values(stepper), notes(stepper)) == seen


def test_a_function_that_is_called_comes_before_what_its_line_came_to(
    stepper: Stepper, live: Session, qtbot: QtBot
) -> None:
    show(stepper, live, "/next")
    go(stepper, qtbot, "number = next_id()")
    assert values(stepper) == {}
    assert child(stepper, "xray.code").current_note == ""
    qtbot.keyClick(stepper, Qt.Key.Key_Right)
    assert here(stepper) == "def next_id():"
    go(stepper, qtbot, "return highest")
    assert notes(stepper) == {"highest = max(users)": "2", "return highest + 1": "returns 3"}
    qtbot.keyClick(stepper, Qt.Key.Key_Right)
    assert here(stepper) == "total = sum(numbers(2))"
    assert notes(stepper) == {"number = next_id()": "3"}
    go(stepper, qtbot, "yield i")
    assert notes(stepper) == {"for i in range(n):": "i = 0", "yield i": "yields 0"}
    go(stepper, qtbot, "return f")
    assert notes(stepper)["total = sum(numbers(2))"] == "1"


def test_exceptions_are_told_at_their_line(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, "/fail")
    go(stepper, qtbot, "number = 1 / 0")
    assert child(stepper, "xray.code").current_note == "raises ZeroDivisionError: division by zero"
    go(stepper, qtbot, "number = 2")
    assert child(stepper, "xray.code").current_note == "2"
    go(stepper, qtbot, "return")
    assert child(stepper, "xray.code").current_note.startswith("raises ZeroDivisionError")


def test_a_template_is_stepped_through_with_its_variables(
    stepper: Stepper, live: Session, qtbot: QtBot
) -> None:
    trip = show(stepper, live, "/hello/Li")
    row = next(at for at, step in enumerate(trip.steps) if step.stage is Stage.TEMPLATE)
    table = child(stepper, "xray.trip")
    rect = table.visualRect(table.model().index(row, 1))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert here(stepper) == '{% extends "base.html" %}'
    assert table.currentRow() == row
    assert values(stepper) == {"name": ("str", "'Li'")}
    go(stepper, qtbot, "{{ letter }}")
    assert notes(stepper)["{% for letter in name %}"] == "letter = 'L'"
    assert "block body" in str(child(stepper, "xray.heading").toolTip())
    assert values(stepper)["letter"] == ("str", "'L'")
    assert child(stepper, "xray.code").toPlainText() == HELLO.rstrip("\n")
    qtbot.mouseClick(
        table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=table.visualRect(table.model().index(row - 1, 1)).center(),
    )
    assert here(stepper) == "def hello(name):"


def test_places_are_opened(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    opened: list[Place] = []
    stepper.place_opened.connect(opened.append)
    show(stepper, live, CREATE)
    go(stepper, qtbot, "users[user_id]")
    code, table = child(stepper, "xray.code"), child(stepper, "xray.trip")
    line = next(number for number, text in enumerate(APP.splitlines(), 1) if "users[user_id]" in text)
    qtbot.keyClick(code, Qt.Key.Key_Return)
    assert opened.pop() == Place("app.py", line)
    middle = QPoint(80, round(4 + 1.5 * code._row_height))
    qtbot.mouseDClick(code.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened.pop() == Place("app.py", line - 2)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.pop().file == "app.py"
    rect = table.visualRect(table.model().index(2, 1))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert "load_user" in APP.splitlines()[(opened.pop().line or 0) - 1]
    assert here(stepper) == "def load_user():"


def test_without_lines_it_says_how_to_record_them(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    live.set_xray(False)
    trip, stepping = made(live, CREATE)
    assert stepping is None
    asked: list[bool] = []
    stepper.record_wanted.connect(lambda: asked.append(True))
    stepper.show_trip(trip, None)
    assert "Switch on X-ray and send it again." in child(stepper, "xray.how").text()
    assert not child(stepper, "xray.code").isVisible()
    assert not child(stepper, "xray.position").isVisible()
    assert [row[0] for row in steps(stepper)][-1] == "6 response"
    qtbot.mouseClick(child(stepper, "xray.record"), Qt.MouseButton.LeftButton)
    assert asked == [True]
    qtbot.keyClick(stepper, Qt.Key.Key_Right)  # there is nothing to step through
    live.set_xray(True)
    show(stepper, live, CREATE)
    assert not child(stepper, "xray.how").isVisible()
    assert not child(stepper, "xray.record").isVisible()
    assert child(stepper, "xray.code").isVisible()
    stepper.show_nothing()
    assert not child(stepper, "xray.trip").isVisible()
    assert not child(stepper, "xray.record").isVisible()


def test_where_no_lines_are_known_no_step_is_on(stepper: Stepper, live: Session) -> None:
    show(stepper, live, "/next")
    assert child(stepper, "xray.trip").currentRow() >= 0
    live.set_xray(False)
    show(stepper, live, "/next")
    assert child(stepper, "xray.trip").currentRow() == -1
    assert not child(stepper, "xray.trip").selectedItems()


def test_notes_of_the_recording_are_shown(stepper: Stepper, live: Session) -> None:
    trip, stepping = made(live, CREATE)
    assert stepping is not None
    stepper.show_trip(trip, Stepping(trip.number))
    assert child(stepper, "xray.how").text() == NO_LINES
    stepper.show_trip(trip, Stepping(trip.number, note="Why not."))
    assert child(stepper, "xray.note").text() == "Why not."
    assert not child(stepper, "xray.how").isVisible()
    stepper.show_trip(trip, Stepping(trip.number, stepping.moments, 1234, stepping.sources))
    assert child(stepper, "xray.note").text() == "1,234 more moments are not kept."


def test_a_recording_that_was_cut_off_anywhere_can_be_stepped_through(
    stepper: Stepper, live: Session
) -> None:
    for spec in (CREATE, RequestSpec(url="/next"), RequestSpec(url="/fail"), RequestSpec(url="/hello/Li")):
        trip, whole = made(live, spec)
        assert whole is not None
        for length in range(1, len(whole.moments)):
            stepper.show_trip(trip, Stepping(trip.number, whole.moments[:length], sources=whole.sources))
            for number in range(length):
                stepper.go_to(number)
        stepper.show_trip(trip, Stepping(trip.number, whole.moments))  # without its sources
        stepper.go_to(len(whole.moments))


def test_many_lines_have_a_slider(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, CREATE)
    slider = child(stepper, "xray.slider")
    assert not slider.isVisible()
    show(stepper, live, "/long")
    assert slider.isVisible()
    slider.setValue(20)
    assert position(stepper).startswith("line 21 of ")
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert position(stepper).startswith("line 22 of ")
    go(stepper, qtbot, "return str(total)")
    assert notes(stepper)["total += i"] == "total = 780"


def labels_cut_off(panel: Stepper) -> list[str]:
    """Labels with less room than their words need; the heading is shortened on purpose."""
    shown = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]
    return [
        label.text()
        for label in shown
        if label.objectName() != "xray.heading"
        and (
            label.height() < label.heightForWidth(label.width())
            if label.wordWrap()
            else label.width() < label.sizeHint().width()
        )
    ]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("width", "zoom"), [(460, 1.0), (350, 1.0), (460, 2.0), (350, 2.0)])
def test_it_fits_narrow_panes_and_large_letters(
    stepper: Stepper, live: Session, qtbot: QtBot, tokens: Tokens, width: int, zoom: float
) -> None:
    theme().set_mode(tokens.name)
    theme().set_zoom(zoom)
    show(stepper, live, CREATE)
    stepper.resize(width, 900)
    go(stepper, qtbot, "users[user_id]")
    qtbot.waitUntil(lambda: labels_cut_off(stepper) == [])  # layouts settle by posted events
    assert stepper.width() == width
    code = child(stepper, "xray.code")
    assert child(stepper, "xray.effect").isVisible() == code.is_note_cut()
    assert not code.verticalScrollBar().maximum()
    picture = code.viewport().grab().toImage()
    row = round(picture.devicePixelRatio() * (theme().px(4) + 3.5 * code._row_height))
    seen = {picture.pixelColor(x, row).name() for x in range(picture.width())}
    assert {tokens.accent, tokens.accent_tint} <= seen


def test_titles_keep_away_from_the_edge_in_another_parent(live: Session, qtbot: QtBot) -> None:
    """A label's own margins are taken away when it is put into a window that is styled."""
    theme().set_mode("light")
    stepper, home = Stepper(), QStackedWidget()
    qtbot.addWidget(home)
    home.resize(400, 700)
    home.show()
    home.addWidget(stepper)
    home.setCurrentWidget(stepper)
    show(stepper, live, "/" + "long" * 40)
    titles = [label for label in stepper.findChildren(QLabel) if label.isVisible() and label.text()]
    for label in titles:
        left = label.mapTo(stepper, QPoint(label.contentsRect().left(), 0)).x()
        assert left >= theme().px(12), label.text()
    heading = child(stepper, "xray.heading")
    qtbot.waitUntil(lambda: "…" in heading.text())
    assert heading.fontMetrics().horizontalAdvance(heading.text()) <= heading.width()
    theme().set_mode("system")


def test_names_for_those_who_hear_them(stepper: Stepper, live: Session, qtbot: QtBot) -> None:
    show(stepper, live, CREATE)
    go(stepper, qtbot, "users[user_id]")
    for name in ("back", "forward", "position", "slider", "code", "values", "trip", "record"):
        assert child(stepper, f"xray.{name}").accessibleName(), name
    code = child(stepper, "xray.code")
    assert code.accessibleDescription().endswith("users[user_id] = data users: 2 → 3 items")
