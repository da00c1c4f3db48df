"""What a request showed, in plain words: each case over the real server, and each of its fixes does it.

A fix that edits is proposed, applied and made live, and one that is a request is sent; then the app answers
as it should and the problem is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from problem_cases import write
from request_cases import CASES, Out, RequestCase

from playground.core.exchanges import BodyKind, Exchange, RequestSpec
from playground.core.help_rules import BY_ID
from playground.core.insight import Insight
from playground.core.problems import Problem
from playground.core.starters import STARTERS
from playground.session.session import Session


def _first_of_their_kinds() -> list[tuple[str, str]]:
    """Of the ways out that begin alike for one rule (``Write ...``), the case and label of the first."""
    kinds: dict[tuple[str, str], tuple[str, str]] = {}
    for case in CASES:
        for out in case.outs:
            kinds.setdefault((case.rule_id, out.label.split()[0]), (str(case), out.label))
    return list(kinds.values())


FIRST = _first_of_their_kinds()


def serve(session: Session, case: RequestCase, folder: Path, *, check: bool = True) -> None:
    """Open the case's project and serve it, as the window does it."""
    session.open(write(case, folder))
    assert session.go_live().problem is None
    if check:
        session.check_source()
    session.start_server(0)


def serve_app(session: Session, folder: Path, text: str) -> None:
    """Open a project of one file and serve it."""
    folder.mkdir()
    (folder / "app.py").write_bytes(text.encode())
    session.open(folder)
    assert session.go_live().problem is None
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
def test_what_went_wrong_is_said_first_and_each_fix_mends_it(
    session: Session, tmp_path: Path, case: RequestCase, request: pytest.FixtureRequest
) -> None:
    """One fix after the other, each undone; of those that are alike the first, and all with --long."""
    serve(session, case, tmp_path / "project")
    is_said_first(session, case)
    every = request.config.getoption("--long")
    outs = [out for out in case.outs if every or (str(case), out.label) in FIRST]
    for number, out in enumerate(outs):
        if mends(session, case, out) and number + 1 < len(outs):
            session.undo()
            assert session.go_live().problem is None
            session.check_source()


def is_said_first(session: Session, case: RequestCase) -> None:
    exchange = session.send(case.sent)
    assert exchange.response is not None and exchange.response.status == case.status
    problems = insight_of(session, exchange).problems
    assert are_short(problems)
    problem = problems[0]
    assert (problem.rule_id, problem.sentence) == (case.rule_id, case.sentence)
    assert [fix.label for fix in problem.fixes] == [out.label for out in case.outs]
    assert case.why in problem.why
    assert problem.why.strip()
    assert case.original in problem.original
    if case.place:
        assert str(problem.place) == case.place


def are_short(problems: Iterable[Problem]) -> bool:
    """A sentence of at most 15 words and one to three fixes for each."""
    return all(
        len(one.sentence.split()) <= 15
        and one.sentence.endswith((".", "!", "?"))
        and (not one.rule_id or (one.rule_id in BY_ID and 1 <= len(one.fixes) <= 3))
        and all(len(fix.label) <= 40 for fix in one.fixes)
        for one in problems
    )


def mends(session: Session, case: RequestCase, out: Out) -> bool:
    """Whether the fix, which does what it says, has edited the source for that."""
    _, problem = first_of(session, case.sent)
    fix = next(one for one in problem.fixes if one.label == out.label)
    if out.told:
        assert fix.mend is None and fix.request is None
        return False
    again = out.then or case.sent
    if fix.mend is not None:
        session.apply_proposal(session.propose(fix.mend))
        assert session.go_live().problem is None, out.label
        session.check_source()
    else:
        assert fix.request is not None
        again = fix.request
    exchange = session.send(again)
    assert exchange.response is not None, out.label
    found = (out.label, exchange.response.status, out.says in exchange.response.body.decode())
    assert found == (out.label, out.status, True)
    left = {one.rule_id for one in insight_of(session, exchange).problems}
    assert (out.label, left) == (out.label, {out.leaves} if out.leaves else set())
    return fix.mend is not None


UNCHECKED = (
    *("argument-names-differ", "missing-return-print", "missing-return-no_way", "secret-key-none"),
    *("undefined-variable-not_passed", "relative-redirect-endpoint", "static-file-relative"),
    *("not-serializable-object",),
)
"""Cases of which the source shows the same: once that was checked, its own fixes are offered."""


@pytest.mark.parametrize("case", [case for case in CASES if str(case) in UNCHECKED], ids=str)
def test_what_is_offered_before_the_source_was_checked_mends_it(
    session: Session, tmp_path: Path, case: RequestCase
) -> None:
    serve(session, case, tmp_path / "project", check=False)
    _, problem = first_of(session, case.sent)
    edits = [fix.mend for fix in problem.fixes if fix.mend is not None]
    assert edits
    assert {fix.label for fix in problem.fixes} - {out.label for out in case.outs}
    for mend in edits:
        session.apply_proposal(session.propose(mend))
        assert session.go_live().problem is None
        again = next((out.then for out in case.outs if out.then is not None), case.sent)
        exchange = session.send(again)
        assert exchange.response is not None and exchange.response.status < 400
        assert insight_of(session, exchange).problems == ()
        session.undo()
        session.go_live()


NESTED = """\
from flask import Blueprint, Flask, request


def create_app():
\tapp = Flask(__name__)
\tshop = Blueprint("shop", __name__, url_prefix="/shop")

\t@shop.get("/printed")
\tdef printed():
\t\tprint("Hello")

\t@shop.get("/silent/<name>")
\tdef silent(name):
\t\tif name == "Ada":
\t\t\treturn "Hello"

\t@shop.get("/names/<name>")
\tdef names(title):
\t\treturn f"Hello {title}"

\t@shop.post("/key")
\tdef key():
\t\treturn "Hello " + request.form["name"]

\tapp.register_blueprint(shop)
\treturn app
"""


NESTED_MISTAKES = (
    (RequestSpec(url="/shop/printed"), "missing-return"),
    (RequestSpec(url="/shop/silent/Bob"), "missing-return"),
    (RequestSpec(url="/shop/names/Ada"), "argument-names"),
    (RequestSpec("POST", "/shop/key", body_kind=BodyKind.FORM, form=(("nam", "Ada"),)), "missing-form-key"),
)


@pytest.mark.parametrize("checked", [True, False], ids=["checked", "unchecked"])
def test_views_inside_of_a_factory_are_mended_as_well(
    session: Session, tmp_path: Path, *, checked: bool
) -> None:
    """With tabs, Windows lines and a blueprint."""
    serve_app(session, tmp_path / "shop", NESTED.replace("\n", "\r\n"))
    if checked:
        session.check_source()
    for spec, rule_id in NESTED_MISTAKES:
        _, problem = first_of(session, spec)
        assert (spec.url, problem.rule_id) == (spec.url, rule_id)
        mends = [fix.mend for fix in problem.fixes if fix.mend is not None]
        assert mends, spec.url
        for mend in mends:
            session.apply_proposal(session.propose(mend))
            assert session.go_live().problem is None, spec.url
            assert b"\n" not in (tmp_path / "shop" / "app.py").read_bytes().replace(b"\r\n", b"")
            exchange = session.send(spec)
            assert exchange.response is not None and exchange.response.status == 200, spec.url
            session.undo()
            session.go_live()


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


MEANT = {
    "/missing": (404, "missing ended the request with 404."),
    "/status": (403, "status answered with 403."),
    "/bad": (400, "bad ended the request with 400."),
    "/broken": (500, "broken ended the request with 500."),
    "/handled": (404, "no_key answered KeyError with 404."),
    "/closed": (503, "closed ended the request with 503."),
    "/shut": (403, "closed answered with 403."),
}


def test_what_the_app_means_is_told_and_called_no_mistake(session: Session, tmp_path: Path) -> None:
    serve_app(session, tmp_path / "shop", DELIBERATE)
    told = {}
    for path in MEANT:
        exchange = session.send(RequestSpec(url=path))
        assert exchange.response is not None, path
        problems = insight_of(session, exchange).problems
        said = [(one.rule_id, one.sentence, one.fixes) for one in problems]
        told[path] = (exchange.response.status, said)
    assert told == {path: (status, [("", sentence, ())]) for path, (status, sentence) in MEANT.items()}


# -- older than the file -------------------------------------------------------------------------------


def write_and_go_live(session: Session, file: str, text: str) -> None:
    page = session.read_text(file)
    session.write_text(file, text, page.token)
    session.go_live()


def test_an_answer_of_the_version_before_says_so(session: Session, tmp_path: Path) -> None:
    session.open(session.create("hello", tmp_path / "hello"))
    session.go_live()
    session.start_server(0)
    good = session.read_text("app.py").text
    before = session.send(RequestSpec(url="/"))
    write_and_go_live(session, "app.py", good + '\n\n@app.get("/new")\ndef new():\n    print "new"\n')
    after, missing = session.send(RequestSpec(url="/")), session.send(RequestSpec(url="/new"))
    assert insight_of(session, before).problems == ()  # it was answered while the file was as it is served
    for exchange in (after, missing):
        problem = insight_of(session, exchange).problems[0]
        assert problem.rule_id == "stale-code"
        assert problem.sentence == "app.py does not load now: the version before it answered."
        assert problem.place is not None and problem.place.file == "app.py"
        assert [fix.label for fix in problem.fixes] == ["Write print(...)"]
    mend = problem.fixes[0].mend
    assert mend is not None
    session.apply_proposal(session.propose(mend))
    assert session.go_live().problem is None
    assert insight_of(session, session.send(RequestSpec(url="/"))).problems == ()


def test_a_template_of_the_version_before_says_so(session: Session, tmp_path: Path) -> None:
    session.open(session.create("pages", tmp_path / "pages"))
    session.go_live()
    session.start_server(0)
    good = session.read_text("templates/hello.html").text
    write_and_go_live(session, "templates/hello.html", good + "{% foreach %}\n")
    problems = insight_of(session, session.send(RequestSpec(url="/hello/Ada"))).problems
    assert [one.rule_id for one in problems] == ["stale-code"]
    assert problems[0].sentence == "templates/hello.html does not load now: the version before it answered."
    assert insight_of(session, session.send(RequestSpec(url="/"))).problems == ()
    write_and_go_live(session, "templates/hello.html", good)
    assert insight_of(session, session.send(RequestSpec(url="/hello/Ada"))).problems == ()


# -- what ends a view ----------------------------------------------------------------------------------

ENDINGS = """\
import sqlite3
import sys

from flask import Flask, Response, redirect, request

app = Flask(__name__)


@app.get("/slow")
def slow():
    while True:
        pass


@app.get("/leave")
def leave():
    sys.exit(3)


@app.get("/ask")
def ask():
    return input("Name?")


@app.get("/stream")
def stream():
    def parts():
        yield "a"
        raise ValueError("half way")

    return Response(parts())


@app.get("/again")
def again():
    return again()


@app.get("/mixed")
def mixed():
    return 1 + "a"


@app.get("/books")
def books():
    return str(sqlite3.connect(":memory:").execute("select * from book").fetchall())


@app.get("/header")
def header():
    return request.headers["X-Token"]


@app.get("/hook")
def hook():
    return "fine"


@app.after_request
def mark(response):
    if request.path != "/hook":
        return response
    response.headers["X-Mark"] = "yes"
"""


ENDS = (
    (
        *("/slow", "plain-500", "slow was stopped: it took longer than the time limit."),
        "Look for a loop that never ends",
    ),
    ("/leave", "plain-500", "The view asked Python to exit.", "Return an answer instead"),
    (
        *("/ask", "plain-500", "ask waits for typed input, and nobody can type there."),
        "Take input() away",
    ),
    ("/stream", "plain-500", "ValueError ended the request in line 29 of app.py.", "Look at app.py:29"),
    ("/again", "plain-500", "again calls itself without end.", "Let it return without calling itself"),
    ("/mixed", "plain-500", "+ does not work with a number and a text.", "Look at app.py:41"),
    ("/books", "plain-500", "The database has no table book.", "Make the tables first"),
    (
        *("/header", "missing-form-key", "The view wants the header X-Token, which did not come."),
        "Send X-Token",
    ),
    (
        *(
            "/hook",
            "missing-return",
            "mark returned None; an after_request hook has to return the response.",
        ),
        "Add return response",
    ),
)


def test_what_ends_a_view_is_said(session: Session, tmp_path: Path) -> None:
    serve_app(session, tmp_path / "shop", ENDINGS)
    session.set_request_limit(0.5, keep=False)
    for path, rule_id, sentence, label in ENDS:
        problem = insight_of(session, session.send(RequestSpec(url=path))).problems[0]
        fix = problem.fixes[0]
        assert (path, problem.rule_id, problem.sentence, fix.label) == (path, rule_id, sentence, label)
        if fix.mend is not None:
            session.apply_proposal(session.propose(fix.mend))
            session.go_live()
        if fix.mend is not None or fix.request is not None:
            after = session.send(fix.request or RequestSpec(url=path))
            assert after.response is not None and after.response.status == 200, path
        if fix.mend is not None:
            session.undo()
            session.go_live()


def test_what_browsers_ask_for_is_no_mistake(session: Session, tmp_path: Path) -> None:
    session.open(session.create("hello", tmp_path / "hello"))
    session.go_live()
    session.start_server(0)
    problems = insight_of(session, session.send(RequestSpec(url="/favicon.ico"))).problems
    sentence = "Browsers ask for /favicon.ico by themselves; this app does not have it."
    assert [(one.rule_id, one.sentence, one.fixes) for one in problems] == [("", sentence, ())]


NO_MISTAKE = """\
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/escaped")
def escaped():
    return render_template_string("<p>{{ name }}</p>", name=request.args["name"])


@app.get("/code")
def code():
    return render_template_string("<pre>{{ text }}</pre>", text="<b>bold</b>")


@app.get("/edit")
def edit():
    return render_template_string("<textarea>{{ text }}</textarea>", text="<b>bold</b>")


@app.route("/form", methods=["GET", "POST"])
def form():
    if request.method == "POST":
        return request.form.get("name", "nobody")
    return "<form method=post></form>"


@app.post("/either")
def either():
    given = request.get_json(silent=True) or request.form
    return given.get("name", "nobody")


@app.get("/away")
def away():
    return "", 302, {"Location": "/form"}
"""


RIGHT = (
    RequestSpec(url="/escaped", query=(("name", "<b>Ada</b>"),)),
    RequestSpec(url="/escaped", query=(("name", "<p>"),)),
    RequestSpec(url="/code"),
    RequestSpec(url="/edit"),
    RequestSpec(url="/form", query=(("name", "Ada"),)),
    RequestSpec("POST", "/form", body_kind=BodyKind.FORM, form=(("name", "Ada"),)),
    RequestSpec("POST", "/form"),
    RequestSpec("POST", "/either", body_kind=BodyKind.JSON, body='{"name": "Ada"}'),
    RequestSpec(url="/away", follow_redirects=False),
    RequestSpec("HEAD", "/form"),
    RequestSpec("OPTIONS", "/form"),
)


def test_what_is_right_is_no_problem(session: Session, tmp_path: Path) -> None:
    serve_app(session, tmp_path / "shop", NO_MISTAKE)
    wrong = {}
    for spec in RIGHT:
        if problems := insight_of(session, session.send(spec)).problems:
            wrong[spec] = problems
    assert wrong == {}
