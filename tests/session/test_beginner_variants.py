"""What somebody writes in their first week of Flask, in other words than the tables of failures have.

Each is opened, asked and mended over the real server; what is said is true, and each edit that is offered is
one that can be made, whether the source was checked before or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from problem_cases import Case, write
from request_cases import app, get, json, post, text

from playground.core.exchanges import RequestSpec
from playground.core.problems import Place, Problem
from playground.session.session import Session

HOME = {"templates/home.html": "<h1>Home</h1>\n"}
RENDERS = '@app.get("/")\ndef home():\n    return render_template("{0}", rows=[1, 2])\n'
BLUEPRINT = (
    "from flask import Blueprint, redirect, url_for\n\n"
    "{0} = Blueprint('{0}', __name__, url_prefix='/{0}')\n\n\n"
    "@{0}.get('/')\ndef index():\n    return 'start of {0}'\n\n\n"
    "@{0}.get('/leave')\ndef leave():\n    return redirect(url_for('index'))\n"
)
TWO = (
    "from admin import admin\nfrom shop import shop\n\n"
    "app.register_blueprint(admin)\napp.register_blueprint(shop)\n"
)
CLASS = (
    "from flask.views import MethodView\n\n\nclass Items(MethodView):\n    def get(self{0}):\n"
    '        return "an item"\n\n\n'
    'app.add_url_rule("/items/<int:item_id>", view_func=Items.as_view("items"))\n'
)
SILENT = (
    '@app.post("/")\ndef take():\n    data = request.get_json(silent=True)\n    return "took " + data["x"]\n'
)


@dataclass(frozen=True)
class Variant:
    """A project, a request, what is said of it, and what the first way out then answers (none: told only)."""

    name: str
    files: dict[str, str]
    sent: RequestSpec
    rule_id: str
    sentence: str
    label: str
    says: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name


def page(body: str) -> dict[str, str]:
    return {**app(RENDERS.format("home.html"), "render_template"), "templates/home.html": body}


VARIANTS = (
    Variant(
        "the folder is part of the name",
        {**app(RENDERS.format("templates/home.html"), "render_template"), **HOME},
        get("/"),
        "template-not-found",
        "A template's name leaves out templates/: this one is home.html.",
        "Write home.html",
        "<h1>Home",
    ),
    Variant(
        "no ending",
        {**app(RENDERS.format("home"), "render_template"), **HOME},
        get("/"),
        "template-not-found",
        "There is no template home; the nearest is home.html.",
        "Write home.html",
        "<h1>Home",
    ),
    Variant(
        "end alone",
        page("{% for row in rows %}\n{{ row }}\n{% end %}\n"),
        get("/"),
        "template-syntax",
        "A for ends with endfor, not with end.",
        "Write endfor",
        "2",
    ),
    Variant(
        "the end of another",
        page("{% if rows %}x{% endif %}\n{% for row in rows %}{{ row }}{% endif %}\n"),
        get("/"),
        "template-syntax",
        "A for ends with endfor, not with endif.",
        "Write endfor",
        "12",
    ),
    Variant(
        "an end left out",
        page("{% if rows %}\n{% for row in rows %}{{ row }}\n{% endif %}\n"),
        get("/"),
        "template-syntax",
        "The for is never closed: endfor is missing.",
        "Add {% endfor %} above it",
        "2",
    ),
    Variant(
        "a link into a blueprint that is not registered",
        {
            **app('@app.get("/")\ndef home():\n    return url_for("shop.index")\n', "url_for"),
            "shop.py": BLUEPRINT.format("shop"),
        },
        get("/"),
        "blueprint-not-registered",
        "No app registers the blueprint shop, so shop.index is not there.",
        "Register it in app.py",
        "/shop/",
    ),
    Variant(
        "two blueprints with an index",
        {**app(TWO), "shop.py": BLUEPRINT.format("shop"), "admin.py": BLUEPRINT.format("admin")},
        get("/shop/leave"),
        "dead-endpoint",
        "No endpoint is called index; there is shop.index.",
        "Write shop.index",
        "start of shop",
    ),
    Variant(
        "a number that did not come",
        app('@app.get("/")\ndef home():\n    return str(int(request.args.get("page")))\n', "request"),
        get("/"),
        "plain-500",
        "The request brought no page, and int() needs one.",
        "Take 0 where it is missing",
        "0",
    ),
    Variant(
        "a class with another name",
        app(CLASS.format(", id")),
        get("/items/3"),
        "argument-names",
        "The rule gives item_id; the function Items.get asks for id.",
        "Use the same names",
    ),
    Variant(
        "a class that takes nothing",
        app(CLASS.format("")),
        get("/items/3"),
        "argument-names",
        "The rule gives item_id, which the function Items.get does not take.",
        "Let get take item_id",
        "an item",
    ),
    Variant(
        "a type in the third place",
        app('@app.get("/")\ndef home():\n    return jsonify(ok=True), 201, "text/plain"\n', "jsonify"),
        get("/"),
        "missing-return",
        "The third part that home returned has to be a dict of headers.",
        "Write it as a header",
        '"ok":true',
        201,
    ),
    Variant(
        "a number in the third place",
        app('@app.get("/")\ndef home():\n    return "Hello", 200, 5\n'),
        get("/"),
        "missing-return",
        "The third part that home returned has to be a dict of headers.",
        'Write headers as {"Name": "value"}',
    ),
    Variant(
        "a file in static in capitals",
        {**app(RENDERS.format("home.html"), "render_template"), **HOME, "static/css/main.css": "a {}\n"},
        get("/static/css/Main.css"),
        "static-file",
        "static has css/main.css: upper and lower case differ.",
        "Send GET /static/css/main.css",
        "a {}",
    ),
    Variant(
        "a short name of a field",
        app('@app.post("/")\ndef find():\n    return "for " + request.form["query"]\n', "request"),
        post("/", {"q": "pen"}),
        "missing-form-key",
        "The view wants query, and the form brought q.",
        "Read q instead",
        "for pen",
    ),
    Variant(
        "JSON that is silently none",
        app(SILENT, "request"),
        text("/", '{"x": "a pen"}'),
        "not-json",
        "get_json gave None: the body was labelled text/plain.",
        "Send it labelled as JSON",
        "took a pen",
    ),
    Variant(
        "JSON as JavaScript writes it",
        app(SILENT.replace("silent=True", ""), "request"),
        json("/", "{x: 'a pen'}"),
        "not-json",
        "JSON needs double quotes around names: look at line 1, column 2.",
        "Correct the body",
    ),
)
FOUND_FIRST = (
    Variant(
        "a decorator that was not called",
        app('@app.route\ndef about():\n    return "About us"\n'),
        get("/about"),
        "decorator-order",
        "@app.route without parentheses makes no route.",
        'Write @app.route("/about")',
        "About us",
    ),
    Variant(
        "a parameter as another framework writes it",
        app(
            '@app.get("/a/{name}")\ndef a(name):\n    return name\n\n\n'
            '@app.get("/b/:n")\ndef b(n):\n    return n\n'
        ),
        get("/b/Ada"),
        "argument-names",
        ":n is plain text for Flask: a parameter is written <n>.",
        "Write <n>",
        "Ada",
    ),
)  # fmt: skip


def first_problem(session: Session, variant: Variant, folder: Path, *, check: bool) -> Problem:
    session.open(write(Case("", "", variant.files, ""), folder))
    assert session.go_live().problem is None
    if check:
        session.check_source()
    session.start_server(0)
    return told(session, variant.sent)[0]


def told(session: Session, spec: RequestSpec) -> tuple[Problem, ...]:
    exchange = session.send(spec)
    trip = session.trip_of(exchange.request_ids[-1])
    assert trip is not None
    insight = session.insight(trip.number)
    assert insight is not None
    return insight.problems


def mends(session: Session, variant: Variant, problem: Problem) -> None:
    """Every edit that is offered can be made, and the first way out does what it says."""
    for other in problem.fixes:
        if other.mend is not None:
            session.propose(other.mend)
    fix = problem.fixes[0]
    assert fix.label == variant.label
    if fix.mend is not None:
        session.apply_proposal(session.propose(fix.mend))
        assert session.go_live().problem is None
    answer = session.send(fix.request or variant.sent).response
    if variant.says:
        assert answer is not None and (answer.status, variant.says in answer.body.decode()) == (
            variant.status,
            True,
        )


@pytest.mark.parametrize("checked", [False, True], ids=["unchecked", "checked"])
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_it_is_told_and_mended(session: Session, tmp_path: Path, variant: Variant, checked: bool) -> None:
    problem = first_problem(session, variant, tmp_path / "project", check=checked)
    assert (problem.rule_id, problem.sentence) == (variant.rule_id, variant.sentence)
    assert len(problem.sentence.split()) <= 15
    mends(session, variant, problem)


@pytest.mark.parametrize("variant", FOUND_FIRST, ids=str)
def test_a_route_that_the_source_shows_to_be_wrong_is_told_with_its_404(
    session: Session, tmp_path: Path, variant: Variant
) -> None:
    problem = first_problem(session, variant, tmp_path / "project", check=True)
    assert (problem.rule_id, problem.sentence) == (variant.rule_id, variant.sentence)
    mends(session, variant, problem)


def test_an_app_that_does_not_load_is_not_said_to_have_answered(session: Session, tmp_path: Path) -> None:
    session.open(write(Case("", "", app('print(request.args["x"])\n', "request"), ""), tmp_path / "project"))
    state = session.go_live()
    assert state.problem is not None
    session.start_server(0)
    (problem,) = told(session, get("/"))
    assert problem.sentence == "The app does not load, so nothing could answer."
    assert problem.why == state.problem.sentence
    assert problem.place == state.problem.place
    (tmp_path / "project" / "app.py").write_text(app("")["app.py"])
    session.rescan()
    assert session.go_live().problem is None


LOADS = (
    ("app = Flask(__name__)\n", "Flask is used, and not imported.", "Import Flask from flask"),
    (
        "from flask import Flask, jsonfy\n\napp = Flask(__name__)\n",
        "flask has no jsonfy; there is jsonify.",
        "Write jsonify",
    ),
    (
        app('@app.get("/u/<user-id>")\ndef u(user_id):\n    return user_id\n')["app.py"],
        "user-id is no name for a parameter: it has a hyphen.",
        "Write user_id",
    ),
    (
        app('@app.route("/", methods="POST")\ndef u():\n    return "Hello"\n')["app.py"],
        "methods takes a list of texts, and got one text.",
        'Write ["POST"]',
    ),
)


@pytest.mark.parametrize(("source", "sentence", "label"), LOADS, ids=[one[1] for one in LOADS])
def test_what_stops_the_app_is_told_and_mended(
    session: Session, tmp_path: Path, source: str, sentence: str, label: str
) -> None:
    session.open(write(Case("", "", {"app.py": source}, ""), tmp_path / "project"))
    problem = session.go_live().problem
    assert problem is not None
    assert problem.sentence == sentence
    (fix,) = problem.fixes
    assert fix.label == label and fix.mend is not None
    session.apply_proposal(session.propose(fix.mend))
    assert session.go_live().problem is None


def test_a_template_that_went_wrong_while_its_last_version_answers_keeps_its_way_out(
    session: Session, tmp_path: Path
) -> None:
    folder = write(Case("", "", page("{% for row in rows %}{{ row }}{% endfor %}"), ""), tmp_path / "project")
    session.open(folder)
    session.go_live()
    session.start_server(0)
    assert told(session, get("/")) == ()
    (folder / "templates/home.html").write_text("{% for row in rows %}{{ row }}{% end %}")
    session.rescan()
    session.go_live()
    session.check_source()
    (problem,) = told(session, get("/"))
    assert problem.rule_id == "stale-code"
    assert [fix.label for fix in problem.fixes] == ["Write endfor"]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("app.py, line 1: escape is gone.", "app.py, line 1: escape is gone."),
        ("Line 1 of app.py is Python 2.", "Line 1 of app.py is Python 2."),
        ("Line 12 of app.py is Python 2.", "app.py:1: Line 12 of app.py is Python 2."),
        ("Two views are called page.", "app.py:1: Two views are called page."),
    ],
)
def test_a_place_is_not_said_twice(sentence: str, shown: str) -> None:
    assert Problem(sentence, place=Place("app.py", 1)).shown == shown
