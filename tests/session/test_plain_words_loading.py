"""What keeps an app from loading, in plain words: each case, and each fix lets the app start and answer."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from load_cases import LOADS, LoadCase
from problem_cases import write
from request_cases import Out

from playground.core.changes import LiveState
from playground.core.plain_words.ports import port_taken
from playground.core.problems import Problem, ProblemError
from playground.session.session import Session

WAYS = [(case, out) for case in LOADS for out in case.outs]


@pytest.fixture(autouse=True)
def python_module_not_loaded() -> Iterator[None]:
    """Python's own module that a case hides is not there yet, whatever ran before; and not after it."""
    sys.modules.pop("wave", None)
    yield
    sys.modules.pop("wave", None)


def loaded(session: Session, case: LoadCase, folder: Path) -> Problem:
    """What is said of a project that does not load."""
    folder.mkdir(exist_ok=True)
    session.open(write(case, folder))
    problem = go_live(session).problem
    assert problem is not None
    return problem


def go_live(session: Session) -> LiveState:
    """Load it on a lane of its own, as the window does."""
    with ThreadPoolExecutor(1) as lane:
        return lane.submit(session.go_live).result()


@pytest.mark.parametrize("case", LOADS, ids=str)
def test_what_does_not_load_says_why(session: Session, tmp_path: Path, case: LoadCase) -> None:
    problem = loaded(session, case, tmp_path / "project")
    assert (problem.rule_id, problem.sentence) == (case.rule_id, case.sentence)
    assert [fix.label for fix in problem.fixes] == [out.label for out in case.outs]
    assert case.why in problem.why
    assert case.original in problem.original
    assert problem.original
    assert problem.stops
    if case.place:
        assert str(problem.place) == case.place
    if case.rule_id:
        assert len(problem.sentence.split()) <= 15
        assert 1 <= len(problem.fixes) <= 3
    assert all(len(fix.label) <= 40 for fix in problem.fixes)


@pytest.mark.parametrize(("case", "out"), WAYS, ids=[f"{case}-{out.label}" for case, out in WAYS])
def test_each_fix_lets_it_load(session: Session, tmp_path: Path, case: LoadCase, out: Out) -> None:
    problem = loaded(session, case, tmp_path / "project")
    fix = next(one for one in problem.fixes if one.label == out.label)
    if out.told:
        assert fix.mend is None and fix.request is None
        return
    assert fix.mend is not None
    session.apply_proposal(session.propose(fix.mend))
    assert go_live(session).problem is None
    session.start_server(0)
    response = session.send(case.sent).response
    assert response is not None
    assert (response.status, out.says in response.body.decode()) == (out.status, True)


def test_a_port_that_is_taken_says_who_may_have_it(session: Session, tmp_path: Path) -> None:
    session.open(session.create("hello", tmp_path / "hello"))
    session.go_live()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ProblemError) as caught:
            session.start_server(port)
    problem = caught.value.problem
    assert (problem.rule_id, problem.sentence) == ("port-taken", f"Port {port} is taken by another program.")
    assert str(port) in problem.fixes[0].command
    assert problem.original
    assert session.start_server(port).running


@pytest.mark.parametrize("port", [5000, 7000])
def test_macos_has_two_ports_for_airplay(port: int) -> None:
    problem = port_taken(port, "darwin", instead=5001)
    assert problem.sentence == f"Port {port} is taken by macOS, for AirPlay, so this is 5001."
    assert "403" in problem.why
    assert problem.fixes[0].command == f"lsof -i :{port}"
    assert "another program" in port_taken(port, "linux").sentence
    assert port_taken(port, "win32").fixes[0].command.startswith("netstat")
