"""Each fix that is offered does what it says: it is applied, the problem is gone, and the app answers.

Over a real server, as a person would see it; and one undo takes all of it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import requests
from early_problems import EARLY
from problem_cases import Ask, Case, Way, write

from playground.core.fixes import Fix
from playground.core.problems import Problem, ProblemError
from playground.session.session import Session

WAYS = [(case, way) for case in EARLY for way in case.ways]


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def finding(session: Session, rule_id: str) -> Problem:
    return next(one for one in session.check_source() if one.rule_id == rule_id)


def named(problem: Problem, label: str) -> Fix:
    return next(one for one in problem.fixes if one.label == label)


def ask(session: Session, asks: Iterable[Ask]) -> None:
    """Put requests to the server, one after the other, as a browser does that keeps its cookies."""
    with requests.Session() as browser:
        for one in asks:
            url = session.snapshot.server.url.rstrip("/") + one.path
            form = dict(one.form) or None
            answer = browser.request(one.method, url, data=form, timeout=20, allow_redirects=False)
            assert answer.status_code == one.status, (one, answer.text)
            assert one.says in answer.text


@pytest.mark.parametrize("case", EARLY, ids=str)
def test_each_case_fails_as_long_as_nothing_is_mended(session: Session, tmp_path: Path, case: Case) -> None:
    session.open(write(case, tmp_path / "project"))
    session.go_live()
    if case.before:
        session.start_server(0)
        ask(session, case.before)


@pytest.mark.parametrize(("case", "way"), WAYS, ids=[f"{case}-{way.label}" for case, way in WAYS])
def test_each_fix_mends_it(session: Session, tmp_path: Path, case: Case, way: Way) -> None:
    folder = write(case, tmp_path / "project")
    before = contents(folder)
    session.open(folder)
    session.go_live()
    fix = named(finding(session, case.rule_id), way.label)
    assert fix.mend is not None
    change = session.apply_proposal(session.propose(fix.mend))
    assert change.label
    state = session.go_live()
    assert {one.rule_id for one in session.check_source()} <= set(way.leaves)
    if way.asks:
        assert state.problem is None
        session.start_server(0)
        ask(session, way.asks)
    session.undo()
    assert contents(folder) == before


@pytest.mark.parametrize(("case", "way"), WAYS, ids=[f"{case}-{way.label}" for case, way in WAYS])
def test_a_fix_is_refused_where_something_else_stands_now(
    session: Session, tmp_path: Path, case: Case, way: Way
) -> None:
    folder = write(case, tmp_path / "project")
    session.open(folder)
    fix = named(finding(session, case.rule_id), way.label)
    assert fix.mend is not None and fix.mend.file
    (folder / fix.mend.file).write_bytes(b"# nothing is left of it\n")
    session.rescan()
    before = contents(folder)
    with pytest.raises(ProblemError):
        session.propose(fix.mend)
    assert contents(folder) == before
