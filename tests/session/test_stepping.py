"""X-ray as a person has it: switched on and off, kept when the project is loaded again, found by the trip."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.exchanges import RequestSpec
from playground.core.stepping import Stepping
from playground.session.session import Session

pytestmark = pytest.mark.skipif(
    threading.gettrace() is not None, reason="a tool that traces all threads is left alone"
)

APP = """\
import asyncio
import threading

from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    answer = "hello"
    return answer


@app.get("/elsewhere")
def elsewhere():
    async def view():
        await asyncio.sleep(0)
        found.append("from a loop of another thread")

    found = []
    other = threading.Thread(target=lambda: asyncio.run(view()))
    other.start()
    other.join()
    return found[0]
"""


@pytest.fixture
def live(session: Session, folder: Path) -> Iterator[Session]:
    (folder / "app.py").write_text(APP)
    session.open(folder)
    session.go_live()
    session.start_server(0)
    yield session


def stepped(session: Session, path: str = "/") -> Stepping | None:
    """What was recorded of a request that is sent now."""
    exchange = session.send(RequestSpec(url=path))
    assert exchange.response is not None
    assert exchange.response.status == 200
    trip = session.trip_of(exchange.request_ids[0])
    assert trip is not None
    stepping = session.stepping(trip.number)
    assert trip.stepped == bool(stepping and stepping.moments)
    return stepping


def test_off_nothing_is_recorded(live: Session) -> None:
    assert not live.xray
    assert stepped(live) is None


def test_on_each_request_is_recorded_and_off_none_again(live: Session) -> None:
    live.set_xray(True)
    stepping = stepped(live)
    assert stepping is not None
    assert [moment.line for moment in stepping.moments] == [9, 11, 12, 12]
    assert [value.text for value in stepping.moments[-1].values] == ["'hello'"]
    again = stepped(live)
    assert again is not None
    assert again.number == stepping.number + 1
    live.set_xray(False)
    assert stepped(live) is None
    assert live.stepping(stepping.number) == stepping


def test_it_can_be_on_before_anything_is_live(session: Session, folder: Path) -> None:
    session.set_xray(True)
    (folder / "app.py").write_text(APP)
    session.open(folder)
    session.go_live()
    session.start_server(0)
    assert stepped(session) is not None


def test_it_stays_on_and_keeps_what_it_has_when_the_app_is_loaded_again(live: Session, folder: Path) -> None:
    live.set_xray(True)
    before = stepped(live)
    assert before is not None
    (folder / "app.py").write_text(APP.replace('answer = "hello"', 'answer = "hello"\n    answer += "!"'))
    live.touch(frozenset({"app.py"}))
    live.go_live()
    after = stepped(live)
    assert after is not None
    assert len(after.moments) == len(before.moments) + 1
    (folder / "app.py").write_text(APP + "\n\n@app.get('/more')\ndef more():\n    return 'more'\n")
    live.touch(frozenset({"app.py"}))
    assert live.go_live().how == "structure"
    assert stepped(live, "/more") is not None
    assert live.stepping(before.number) == before


def test_another_project_is_recorded_too(live: Session, folder: Path, tmp_path: Path) -> None:
    live.set_xray(True)
    live.close()
    assert live.xray
    assert live.stepping(1) is None
    other = tmp_path / "other"
    other.mkdir()
    (other / "app.py").write_text(APP)
    live.open(other)
    live.go_live()
    live.start_server(0)
    assert stepped(live) is not None


def test_what_runs_on_another_thread_is_answered_and_not_recorded(live: Session) -> None:
    """As with an async view, which asgiref runs on a thread of its own."""
    live.set_xray(True)
    stepping = stepped(live, "/elsewhere")
    assert stepping is not None
    assert {moment.function for moment in stepping.moments} == {"elsewhere"}


def test_there_is_nothing_without_a_project_or_of_a_number_that_never_was(session: Session) -> None:
    assert session.stepping(1) is None
    session.set_xray(True)
    assert session.xray
    assert session.stepping(0) is None
