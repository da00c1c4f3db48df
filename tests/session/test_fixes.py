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


def _first_of_their_kinds() -> list[tuple[str, str]]:
    """Of the ways that begin alike for one rule (``Return ...``), the case and label of the first."""
    kinds: dict[tuple[str, str], tuple[str, str]] = {}
    for case in EARLY:
        for way in case.ways:
            kinds.setdefault((case.rule_id, way.label.split()[0]), (str(case), way.label))
    return list(kinds.values())


FIRST = _first_of_their_kinds()


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
def test_each_case_fails_until_one_of_its_fixes_mends_it(
    session: Session, tmp_path: Path, case: Case, request: pytest.FixtureRequest
) -> None:
    """One fix after the other, each undone; of those that are alike the first, and all with --long."""
    folder = write(case, tmp_path / "project")
    before = contents(folder)
    session.open(folder)
    session.go_live()
    if case.before:
        session.start_server(0)
        ask(session, case.before)
    every = request.config.getoption("--long")
    for way in case.ways:
        if every or (str(case), way.label) in FIRST:
            mends(session, case, way)
            session.undo()
            assert contents(folder) == before, way.label
    for way in case.ways:
        is_refused_where_nothing_is_left(session, folder, case, way)


def mends(session: Session, case: Case, way: Way) -> None:
    """The fix is applied, the problem is gone, and the app answers."""
    fix = named(finding(session, case.rule_id), way.label)
    assert fix.mend is not None, way.label
    change = session.apply_proposal(session.propose(fix.mend))
    assert change.label
    state = session.go_live()
    assert {one.rule_id for one in session.check_source()} <= set(way.leaves), way.label
    if way.asks:
        assert state.problem is None, way.label
        session.start_server(0)
        ask(session, way.asks)


def is_refused_where_nothing_is_left(session: Session, folder: Path, case: Case, way: Way) -> None:
    """The fix is refused where something else stands now; then its file is as it was."""
    fix = named(finding(session, case.rule_id), way.label)
    assert fix.mend is not None and fix.mend.file, way.label
    file = folder / fix.mend.file
    whole = file.read_bytes()
    file.write_bytes(b"# nothing is left of it\n")
    session.rescan()
    before = contents(folder)
    with pytest.raises(ProblemError):
        session.propose(fix.mend)
    assert contents(folder) == before, way.label
    file.write_bytes(whole)
    session.rescan()
