"""Lanes that meet: one closes or distrusts what another is still loading."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.core.changes import LiveState
from playground.server.live_app import LiveApp
from playground.session.home import Home
from playground.session.limits import LIMIT_KEY
from playground.session.session import Session

SLOW = """\
import os
import pathlib
import time

from flask import Flask

here = pathlib.Path(__file__).parent
(here / "begun").touch()
while not (here / "go").exists():
    time.sleep(0.01)
app = Flask(__name__)
"""


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture
def session() -> Iterator[Session]:
    one = Session()
    yield one
    one.close()


def test_every_method_has_one_home() -> None:
    lanes = [set(vars(lane)) for lane in Session.__mro__[1:-1]]
    for number, names in enumerate(lanes):
        for others in lanes[number + 1 :]:
            assert {name for name in names & others if not name.startswith("__")} == set()


@pytest.mark.parametrize("end", [Session.close, Session.distrust], ids=["close", "distrust"])
def test_a_load_that_ends_after_its_project_is_not_published(
    end: Callable[[Session], None], session: Session, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(SLOW)
    session.open(tmp_path, trusted=True)
    loading = threading.Thread(target=session.go_live)
    loading.start()
    wait_for((tmp_path / "begun").exists)
    end(session)
    (tmp_path / "go").touch()
    loading.join(30)
    assert session.snapshot.live == LiveState()
    project = session.snapshot.project
    assert project is None or {route.live for route in project.routes} <= {None}


def test_what_a_mistake_of_ours_kept_from_going_live_goes_live_with_the_next_edit(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, source = tmp_path / "app.py", "from flask import Flask\n\napp = Flask(__name__)\n"
    file.write_text(source)
    session.open(tmp_path, trusted=True)
    assert session.go_live().rules == 1

    def mistaken(*_: object, **__: object) -> LiveState:
        raise RuntimeError("ours")

    file.write_text(f'{source}\n\n@app.get("/")\ndef index():\n    return ""\n')
    session.touch(frozenset({"app.py"}))
    with monkeypatch.context() as once:
        once.setattr(LiveApp, "go_live", mistaken)
        with pytest.raises(RuntimeError, match="ours"):
            session.go_live()
    assert session.snapshot.live.rules == 1

    session.touch(frozenset({"notes.txt"}))
    assert session.go_live().rules == 2


def test_settings_of_many_threads_are_all_kept() -> None:
    home, start = Home(), threading.Barrier(8)

    def keep(name: str) -> None:
        start.wait(10)
        for number in range(20):
            home.set(f"{name}.{number}", number)

    threads = [threading.Thread(target=keep, args=(str(name),)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [home.get(f"{name}.{number}") for name in range(8) for number in range(20)] == list(range(20)) * 8


def test_a_limit_set_while_the_kept_one_is_read_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    session, reading, go = Session(), threading.Event(), threading.Event()
    kept = Home.get

    def slowly(home: Home, key: str, default: object = None) -> object:
        if key == LIMIT_KEY:
            reading.set()
            go.wait(10)
        return kept(home, key, default)

    monkeypatch.setattr(Home, "get", slowly)
    looking = threading.Thread(target=lambda: session.request_limit)
    looking.start()
    assert reading.wait(10)
    setting = threading.Thread(target=session.set_request_limit, args=(5.0,), kwargs={"keep": False})
    setting.start()
    go.set()
    looking.join(10)
    setting.join(10)
    assert session.request_limit == 5.0
