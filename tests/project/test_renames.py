"""Renames that reach over the whole project: before/after folders, refusals, and undo to the byte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapes

from playground.core.problems import ProblemError
from playground.core.proposals import CleanUp, Move, Proposal, Rename
from playground.core.routes import RouteDraft
from playground.project.folder import Project

PAIRS = sorted((Path(__file__).parent / "wide").glob("*.txt"))

DRESSES: dict[str, Callable[[str], bytes]] = {
    "lf": lambda text: text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "bom": lambda text: codecs.BOM_UTF8 + text.encode(),
    "no last newline": lambda text: text.removesuffix("\n").encode(),
}

Files = dict[str, str]


def read_pair(path: Path) -> tuple[str, Files, Files, str]:
    """The command, the files before it, those that differ after it, and the notes."""
    command, *parts = re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    before: Files = {}
    after: Files = {}
    notes = ""
    for part in parts:
        head, _, text = part.partition("\n")
        kind, _, file = head.partition(" ")
        if kind == "notes":
            notes = text
        else:
            (before if kind == "before" else after)[file] = text
    return command.strip(), before, {**before, **after}, notes


def write(folder: Path, files: Files, dress: str = "lf") -> None:
    for file, text in files.items():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(DRESSES[dress](text))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def wanted(project: Project, kind: str, old: str, new: str) -> Rename:
    """A rename as the command line says it: ``shop.index`` for a function is the endpoint of its route."""
    endpoint, _, parameter = old.partition(":")
    if kind in ("blueprint", "template"):
        return Rename(kind, old, new)  # type: ignore[arg-type]
    route = next(route for route in project.state.routes if route.endpoint == endpoint)
    named = {"function": route.function.rpartition(".")[2], "endpoint": endpoint, "parameter": parameter}
    return Rename(kind, named[kind], new, route)  # type: ignore[arg-type]


def propose(folder: Path, command: str) -> tuple[Project, Proposal]:
    project = Project(folder)
    verb, *words = command.split()
    if verb == "clean":
        return project, project.propose(CleanUp(tuple(words)))
    if verb == "move":
        route = next(route for route in project.state.routes if route.endpoint == words[0])
        return project, project.propose(Move(route, *words[1:]))
    return project, project.propose(wanted(project, *words))


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_before_and_after(pair: Path, dress: str, tmp_path: Path) -> None:
    command, before, after, notes = read_pair(pair)
    write(tmp_path, before, dress)
    as_it_was = contents(tmp_path)
    project, proposal = propose(tmp_path, command)

    assert contents(tmp_path) == as_it_was  # nothing is written before it is applied
    assert "\n".join(proposal.notes).strip() == notes.strip()
    project.apply_proposal(proposal)
    renamed = {file: text for file, text in after.items() if text != "gone\n"}
    assert {file: data.decode() for file, data in contents(tmp_path).items()} == {
        file: DRESSES[dress](text).decode() for file, text in renamed.items()
    }
    project.undo()
    assert contents(tmp_path) == as_it_was


def test_what_changed_on_the_disk_since_is_not_overwritten(tmp_path: Path) -> None:
    _, before, _, _ = read_pair(PAIRS[0])
    write(tmp_path, before)
    project, proposal = propose(tmp_path, read_pair(PAIRS[0])[0])
    file = next(iter(proposal.before))
    (tmp_path / file).write_text("# mine\n", encoding="utf-8")
    now = contents(tmp_path)

    with pytest.raises(ProblemError, match="another program"):
        project.apply_proposal(proposal)

    assert contents(tmp_path) == now


FORM = {
    "app.py": """from flask import Flask, redirect, render_template, url_for
from views import api

app = Flask(__name__)
app.register_blueprint(api)


@app.get("/")
def index():
    return redirect(url_for("api.item", item_id=3))
""",
    "views.py": """from flask import Blueprint, render_template

api = Blueprint("api", __name__, url_prefix="/api")


# the item
@api.get("/<int:item_id>")
def item(item_id):
    return render_template("item.html", item_id=item_id)


again = item
""",
    "templates/item.html": """{{ url_for('api.item', item_id=item_id) }}\n""",
}


def test_a_change_by_the_form_is_followed_by_all_that_says_the_old_names(tmp_path: Path) -> None:
    write(tmp_path, FORM)
    project = Project(tmp_path)
    route = next(one for one in project.state.routes if one.function == "item")

    change = project.change_route(
        route, replace(RouteDraft.of(route), rule="/things/<int:number>", function="thing", methods=("POST",))
    )

    after = {file: data.decode() for file, data in contents(tmp_path).items()}
    assert 'url_for("api.thing", number=3)' in after["app.py"]
    assert after["templates/item.html"] == "{{ url_for('api.thing', number=item_id) }}\n"
    assert after["views.py"] == FORM["views.py"].replace(
        'get("/<int:item_id>', 'post("/things/<int:number>'
    ).replace("def item(item_id)", "def thing(number)").replace("item_id=item_id", "item_id=number").replace(
        "again = item", "again = thing"
    )
    assert change.key == ("api.thing", "/things/<int:number>")
    project.undo()
    assert contents(tmp_path) == {file: text.encode() for file, text in FORM.items()}


def test_a_name_typed_letter_by_letter_is_one_step(tmp_path: Path) -> None:
    write(tmp_path, FORM)
    project = Project(tmp_path, clock=lambda: 0.0)
    for name in ("things", "thing", "thin", "th", "the"):
        route = next(one for one in project.state.routes if one.owner == "api")
        project.change_route(route, replace(RouteDraft.of(route), function=name))
    assert "api.the'" in (tmp_path / "templates/item.html").read_text()

    project.undo()

    assert contents(tmp_path) == {file: text.encode() for file, text in FORM.items()}
    assert project.state.undo_label == ""


MOVES = {
    "app.py": """from flask import Flask
import shop

app = Flask(__name__)
app.register_blueprint(shop.bp)
STATE = 0


@app.get("/state")
def state():
    return str(STATE)


@app.get("/count")
def count():
    global STATE
    STATE = STATE + 1
    return ""


@app.get("/used")
def used():
    return ""


again = used


@app.get("/same")
def same():
    return ""


@app.get("/helped")
def helped():
    return helper()


def helper():
    return ""
""",
    "shop.py": """from flask import Blueprint

bp = Blueprint("shop", __name__)


def same():
    return ""


def helper():
    return "another"
""",
}


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("state", "each would wait for the other"),
        ("count", "a variable of app.py"),
        ("used", "also used in line 26"),
        ("same", "something called same"),
        ("helped", "helper means something else in shop.py"),
    ],
)
def test_a_move_that_would_break_the_code_is_refused(endpoint: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, MOVES)
    with pytest.raises(ProblemError, match=said):
        propose(tmp_path, f"move {endpoint} shop")
    assert contents(tmp_path) == {file: text.encode() for file, text in MOVES.items()}


@pytest.mark.parametrize("shape", shapes.SHAPES, ids=lambda shape: shape.name)
def test_in_projects_of_every_shape_a_rename_is_done_and_undone_or_refused(
    shape: shapes.Shape, tmp_path: Path
) -> None:
    folder = shapes.write(shape, tmp_path / "project")
    project, as_it_was = Project(folder), contents(folder)
    for route in project.state.routes[:4]:
        name = route.function.rpartition(".")[2]
        for wish in (
            Rename("function", name, "fresh", route),
            Rename("endpoint", route.endpoint, "new", route),
        ):
            routes = len(project.state.routes)
            try:
                project.apply_proposal(project.propose(wish))
            except ProblemError as refused:
                assert refused.problem.sentence
            else:
                assert len(project.state.routes) == routes
                project.undo()
            assert contents(folder) == as_it_was


@pytest.mark.parametrize(
    "rule", ["('/a')", "(\n    '/a'  # (\n)", "('/a'),", "('/a'), methods=(['GET'])", "'/a',  # )\n"]
)
def test_an_argument_in_parentheses_of_its_own_stays_in_them(rule: str, tmp_path: Path) -> None:
    head = "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
    write(tmp_path, {"app.py": f"{head}@app.route({rule})\ndef a():\n    return ''\n"})
    project, proposal = propose(tmp_path, "rename endpoint a b")
    assert b"endpoint='b'" in (proposal.after["app.py"] or b"")
    route = project.state.routes[0]
    project.change_route(route, replace(RouteDraft.of(route), methods=("GET", "POST")))
    assert project.state.routes[0].methods == ("GET", "POST")


@pytest.mark.parametrize("command", ["function view seen", "endpoint view seen", "function other seen"])
def test_what_says_itself_and_what_has_calls_around_it_is_renamed(command: str, tmp_path: Path) -> None:
    text = (
        "from flask import Flask, url_for\n\napp = Flask(__name__)\n\n\n"
        "def around(one):\n    return one\n\n\n"
        "def view():\n    return f\"{url_for('view')=} {other=}\"\n\n\n"
        'app.add_url_rule("/v", view_func=around(view))\n\n\n@app.get("/o")\ndef other():\n    return ""\n'
    )
    write(tmp_path, {"app.py": text})
    project, proposal = propose(tmp_path, f"rename {command}")
    project.apply_proposal(proposal)
    endpoints = {"view", "other"} - {command.split()[1]} | {"seen"}
    assert {one.endpoint for one in project.state.routes} == endpoints
    after = (tmp_path / "app.py").read_text()
    assert ("{other=}" in after) == ("{url_for('seen')=}" in after) == ("other" in endpoints)
