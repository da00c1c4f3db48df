"""What a request showed, in plain words: each case over the real server, and each of its fixes does it.

A fix that edits is proposed, applied and made live, and one that is a request is sent; then the app answers
as it should and the problem is gone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from problem_cases import write
from request_cases import CASES, Out, RequestCase

from playground.core.exchanges import Exchange, RequestSpec
from playground.core.help_rules import BY_ID
from playground.core.insight import Insight
from playground.core.problems import Problem
from playground.core.starters import STARTERS
from playground.session.session import Session

WAYS = [(case, out) for case in CASES for out in case.outs]


def serve(session: Session, case: RequestCase, folder: Path) -> None:
    """Open the case's project and serve it, as the window does it."""
    session.open(write(case, folder))
    assert session.go_live().problem is None
    session.check_source()
    session.start_server(0)


def insight_of(session: Session, exchange: Exchange) -> Insight:
    """All that is known of what was just sent."""
    trip = session.trip_of(exchange.request_ids[-1])
    assert trip is not None
    found = session.insight(trip.number)
    assert found is not None
    return found


def first_of(session: Session, spec: RequestSpec) -> tuple[int, Problem]:
    """The status of an answer, and the most telling problem."""
    exchange = session.send(spec)
    assert exchange.response is not None, exchange.error
    problems = insight_of(session, exchange).problems
    assert problems, exchange.response
    return exchange.response.status, problems[0]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_went_wrong_is_said_first(session: Session, tmp_path: Path, case: RequestCase) -> None:
    serve(session, case, tmp_path / "project")
    status, problem = first_of(session, case.sent)
    assert status == case.status
    assert (problem.rule_id, problem.sentence) == (case.rule_id, case.sentence)
    assert [fix.label for fix in problem.fixes] == [out.label for out in case.outs]
    assert case.why in problem.why
    assert problem.why.strip()
    assert case.original in problem.original
    if case.place:
        assert str(problem.place) == case.place


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_sentence_is_short_and_the_fixes_are_few(
    session: Session, tmp_path: Path, case: RequestCase
) -> None:
    serve(session, case, tmp_path / "project")
    for problem in insight_of(session, session.send(case.sent)).problems:
        assert len(problem.sentence.split()) <= 15
        assert problem.sentence.endswith((".", "!", "?"))
        if problem.rule_id:
            assert problem.rule_id in BY_ID
            assert 1 <= len(problem.fixes) <= 3
        assert all(len(fix.label) <= 40 for fix in problem.fixes)


@pytest.mark.parametrize(("case", "out"), WAYS, ids=[f"{case}-{out.label}" for case, out in WAYS])
def test_each_fix_mends_it(session: Session, tmp_path: Path, case: RequestCase, out: Out) -> None:
    serve(session, case, tmp_path / "project")
    _, problem = first_of(session, case.sent)
    fix = next(one for one in problem.fixes if one.label == out.label)
    if out.told:
        assert fix.mend is None and fix.request is None
        return
    again = out.then or case.sent
    if fix.mend is not None:
        session.apply_proposal(session.propose(fix.mend))
        assert session.go_live().problem is None
        session.check_source()
    else:
        assert fix.request is not None
        again = fix.request
    exchange = session.send(again)
    assert exchange.response is not None
    assert (exchange.response.status, out.says in exchange.response.body.decode()) == (out.status, True)
    left = {one.rule_id for one in insight_of(session, exchange).problems}
    assert left == ({out.leaves} if out.leaves else set())


GOOD = {
    "hello": ("/",),
    "pages": ("/", "/hello/Ada", "/hello/%3Cb%3E", "/static/style.css"),
    "json": ("/users", "/users/1"),
    "blueprints": ("/", "/api/users", "/api/users/1"),
    "empty": (),
}


@pytest.mark.parametrize("starter", [one.name for one in STARTERS])
def test_what_goes_well_is_no_problem(session: Session, tmp_path: Path, starter: str) -> None:
    session.open(session.create(starter, tmp_path / starter))
    session.go_live()
    session.start_server(0)
    for path in GOOD[starter]:
        exchange = session.send(RequestSpec(url=path))
        assert exchange.response is not None and exchange.response.status < 400
        assert insight_of(session, exchange).problems == ()


DELIBERATE = """\
from flask import Flask, abort, request

app = Flask(__name__)


@app.get("/missing")
def missing():
    abort(404)


@app.get("/status")
def status():
    return "nothing here", 403


@app.get("/bad")
def bad():
    abort(400, "Say more")


@app.get("/broken")
def broken():
    abort(500)


@app.get("/handled")
def handled():
    return {}["shop"]


@app.errorhandler(KeyError)
def no_key(error):
    return "No such thing", 404


@app.before_request
def closed():
    if request.path == "/closed":
        abort(503)
    if request.path == "/shut":
        return "Shut", 403
"""


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/missing", 404, "missing ended the request with 404."),
        ("/status", 403, "status answered with 403."),
        ("/bad", 400, "bad ended the request with 400."),
        ("/broken", 500, "broken ended the request with 500."),
        ("/handled", 404, "no_key answered KeyError with 404."),
        ("/closed", 503, "closed ended the request with 503."),
        ("/shut", 403, "closed answered with 403."),
    ],
)
def test_what_the_app_means_is_told_and_called_no_mistake(
    session: Session, tmp_path: Path, path: str, status: int, sentence: str
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(DELIBERATE)
    session.open(folder)
    session.go_live()
    session.start_server(0)
    exchange = session.send(RequestSpec(url=path))
    assert exchange.response is not None and exchange.response.status == status
    problems = insight_of(session, exchange).problems
    assert [(one.rule_id, one.sentence, one.fixes) for one in problems] == [("", sentence, ())]
