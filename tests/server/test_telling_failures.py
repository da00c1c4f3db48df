"""What goes wrong while an exception is told changes nothing of the app's answer."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import pytest

from playground.core.trips import Raised
from playground.server import hooks
from playground.server.stopping import TookTooLongError
from playground.server.tracing_values import TooSlowError, Writer, size_of

if TYPE_CHECKING:
    from conftest import Served

APP = """
from flask import Flask, abort
app = Flask(__name__)

@app.get("/fails")
def fails():
    return str(1 / 0)

@app.get("/aborts")
def aborts():
    abort(418, "a teapot")

@app.get("/handled")
def handled():
    return {}["key"]

@app.errorhandler(KeyError)
def of_key(error):
    return f"no {error}", 409

@app.get("/parts")
def parts():
    def each():
        raise ValueError("in a part")
        yield ""
    return each()

class Leaving(Exception):
    def __str__(self):
        raise SystemExit("leave")

@app.get("/leaving")
def leaving():
    raise Leaving

class Meta(type):
    def __eq__(cls, other): raise SystemExit("meta")
    def __hash__(cls): raise SystemExit("meta")
    def __getattribute__(cls, name): raise SystemExit("meta")

class Odd(metaclass=Meta):
    def __repr__(self): raise SystemExit("repr")

@app.get("/odd")
def odd():
    thing = object.__new__(Odd)
    raise ValueError("odd")
"""
PATHS = ("/fails", "/aborts", "/handled", "/parts", "/nothing")


@pytest.fixture
def failing(served: Served) -> Served:
    assert served.edit("app.py", APP).problem is None
    return served


def last_raised(served: Served) -> Raised:
    trip = served.app.recorder.trip(served.app.recorder.recorded)
    assert trip is not None
    return trip.raised[-1]


def asked(served: Served) -> list[tuple[int, bytes]]:
    answers = [served.get(path) for path in PATHS]
    return [(answer.status, answer.body) for answer in answers]


@pytest.mark.parametrize("why", [TypeError, SystemExit, RecursionError, TookTooLongError])
def test_a_failure_of_the_teller_changes_no_answer(
    failing: Served,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    why: type[BaseException],
) -> None:
    before = asked(failing)
    assert [status for status, _ in before] == [500, 418, 409, 500, 404]
    told = last_raised(failing)

    def broken(*_: Any, **__: Any) -> Raised:
        raise why("of the teller's own")

    monkeypatch.setattr(hooks, "raised", broken)
    with caplog.at_level(logging.ERROR, "playground"):
        assert asked(failing) == before
    now = last_raised(failing)
    assert (now.type, now.message) == (told.type, told.message) == ("NotFound", told.message)
    assert why.__name__ in now.traceback
    logged = [each for each in caplog.records if each.name == hooks.__name__]
    if why in {TypeError, SystemExit}:
        assert len(logged) == len(PATHS)
        assert all(each.exc_info and each.exc_info[0] is why for each in logged)
    else:
        assert not logged


def test_a_failure_before_that_is_logged_and_the_answer_stays(
    failing: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = failing.get("/parts")

    def broken(*_: Any) -> None:
        raise TypeError("of the recorder's own")

    monkeypatch.setattr(failing.app.slot, "on_escape", broken)
    now = failing.get("/parts")
    assert (now.status, now.body) == (before.status, before.body)
    assert any(each.exc_info and each.exc_info[0] is TypeError for each in caplog.records)


def test_exceptions_and_values_that_end_the_program_when_looked_at_are_told(failing: Served) -> None:
    assert failing.get("/leaving").status == 500
    assert last_raised(failing).message == "<SystemExit in its __str__>"
    assert failing.get("/odd").status == 500
    raised = last_raised(failing)
    assert (raised.type, raised.message) == ("ValueError", "odd")
    (thing,) = (value for frame in raised.frames if frame.own for value in frame.variables)
    assert (thing.name, thing.type) == ("thing", "Odd")
    assert thing.text == "<Odd: SystemExit in its repr>"


class EndlessEnd:
    """Its destructor goes on until it is stopped, which Python does not pass on."""

    def __del__(self) -> None:
        while True:
            pass


class Endless:
    def __repr__(self) -> str:
        EndlessEnd()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            pass
        return "never"


@pytest.mark.usefixtures("failing")
def test_an_endless_repr_is_stopped_although_a_destructor_caught_that() -> None:
    assert Writer(1.0).text(Endless()) == "<Endless: its repr takes too long>"


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise TooSlowError(lambda: None)


class Texts:
    def __repr__(self) -> str:
        return Text("text")


def test_a_repr_of_a_text_that_is_odd_is_that_text() -> None:
    assert Writer().text(Texts()) == "text"
    assert size_of([Texts()]) == 1
