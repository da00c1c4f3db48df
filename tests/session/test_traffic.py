"""The requests that reached the server, as the window and the command line ask about them."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.exchanges import BodyKind, RequestSpec
from playground.core.trips import Trip
from playground.session.session import Session

APP = """
from flask import Flask, redirect, request
app = Flask(__name__)
count = 0

@app.get("/")
def index():
    print("printed")
    return "Hello"

@app.route("/echo", methods=["POST"])
def echo():
    return request.get_data(), 201, {"Content-Type": request.content_type}

@app.get("/on")
def on():
    return redirect("/")
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP, encoding="utf-8")
    made = Session()
    made.open(folder)
    made.go_live()
    made.start_server(port=0)
    yield made
    made.close()


def from_elsewhere(session: Session, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", session.snapshot.server.port, timeout=10)
    connection.request("GET", path)
    connection.getresponse().read()
    connection.close()


def sent(session: Session, spec: RequestSpec) -> Trip:
    found = session.trip_of(session.send(spec).request_ids[-1])
    assert found is not None
    return found


def test_what_this_window_sent_is_told_from_what_came_from_elsewhere(session: Session) -> None:
    exchange = session.send(RequestSpec(url="/"))
    from_elsewhere(session, "/missing?x=1")
    mine, other = session.lines()
    assert (mine.number, mine.window, mine.path, mine.status, mine.rule) == (1, True, "/", 200, "/")
    assert (other.number, other.window, other.path, other.status) == (2, False, "/missing?x=1", 404)
    assert session.lines(1) == (other,)
    found = session.trip_of(exchange.request_ids[0])
    assert found is not None and found == session.trip(1)
    assert found.printed == "printed\n"
    assert session.trips_recorded == 2


def test_each_redirect_that_was_followed_is_a_trip(session: Session) -> None:
    exchange = session.send(RequestSpec(url="/on"))
    trips = [session.trip_of(name) for name in exchange.request_ids]
    assert [trip.status for trip in trips if trip is not None] == [302, 200]


def test_who_wants_to_know_is_told_once_until_it_looks(session: Session) -> None:
    told, seen = threading.Event(), []

    def callback() -> None:
        seen.append(session.trips_recorded)
        told.set()

    session.on_trips(callback)
    for _ in range(3):
        from_elsewhere(session, "/")
    assert told.wait(5) and seen == [1]
    assert len(session.lines()) == 3
    from_elsewhere(session, "/")
    assert seen == [1, 4]
    session.on_trips(None)
    session.lines()
    from_elsewhere(session, "/")
    assert seen == [1, 4]


def test_who_asks_before_there_is_an_app_is_told_all_the_same(tmp_path: Path) -> None:
    told = threading.Event()
    made = Session()
    made.on_trips(told.set)
    assert (made.lines(), made.trip(1), made.trip_of("x"), made.trips_recorded) == ((), None, None, 0)
    made.clear_trips()
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP, encoding="utf-8")
    made.open(folder)
    made.start_server(port=0)
    from_elsewhere(made, "/")
    assert told.wait(5)
    assert [line.status for line in made.lines()] == [503]
    made.close()
    assert made.lines() == ()


def test_trips_outlive_an_edit_and_end_with_the_project(session: Session) -> None:
    from_elsewhere(session, "/")
    folder = session.snapshot.project.folder if session.snapshot.project else Path()
    Path(folder, "app.py").write_text(APP + "\n\n@app.get('/new')\ndef new():\n    return 'new'\n")
    session.touch(frozenset({"app.py"}))
    assert session.go_live().how == "structure"
    from_elsewhere(session, "/new")
    assert [(line.number, line.rule) for line in session.lines()] == [(1, "/"), (2, "/new")]
    session.clear_trips()
    assert session.lines() == ()
    from_elsewhere(session, "/")
    assert [line.number for line in session.lines()] == [3]
    assert session.trip(1) is None
    session.close()
    assert (session.lines(), session.trips_recorded) == ((), 0)


@pytest.mark.parametrize(
    "spec",
    [
        RequestSpec("POST", "/echo?a=b", body_kind=BodyKind.JSON, body='{"name": "Ada"}'),
        RequestSpec("POST", "/echo", body_kind=BodyKind.FORM, form=(("a", "1 2"), ("b", ""), ("a", "ä"))),
        RequestSpec("POST", "/echo", headers=(("X-Odd", "1"),), body_kind=BodyKind.TEXT, body="täxt"),
        RequestSpec("GET", "/missing"),
    ],
)
def test_a_trip_is_shown_and_sent_again_as_an_exchange(session: Session, spec: RequestSpec) -> None:
    found = sent(session, spec)
    exchange = session.exchange_of(found)
    assert exchange.response is not None and exchange.spec.url == spec.url
    assert (exchange.spec.form, exchange.spec.body_kind) == (spec.form, spec.body_kind)
    assert exchange.sent_url == session.snapshot.server.url + spec.url
    again = session.send(exchange.spec)
    assert again.response is not None
    assert (again.response.status, again.response.body) == (found.status, exchange.response.body)
    assert set(spec.headers) <= set(exchange.spec.headers)
    assert session.as_curl(exchange.spec).startswith("curl")
