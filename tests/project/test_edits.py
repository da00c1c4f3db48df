"""Edits touch only the bytes that they mean: before/after pairs, refusals, and properties."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from editing import act, add, answer, change, read, remove
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.problems import ProblemError
from playground.core.routes import NewBlueprint, Region, RouteDraft
from playground.project.editing import edits
from playground.project.python.source import Source
from playground.project.reading.module_reading import read_module, read_tolerantly

PAIRS = sorted((Path(__file__).parent / "pairs").glob("*.txt"))

DRESSES: dict[str, Callable[[str], bytes]] = {
    "lf": lambda text: text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "bom": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "no last newline": lambda text: text.rstrip("\n").encode(),
    "latin-1": lambda text: ("# coding: latin-1\n" + text.replace("utf-8", "?")).encode("latin-1"),
    "form feed": lambda text: ("\f\n" + text).encode(),
}

APP = b"""from flask import Flask

app = Flask(__name__)
USERS = []


@app.get("/")
def index():
    return "Hello"


@app.route("/users/<int:user_id>", methods=["GET", "DELETE"])
def get_user(user_id):
    # everyone has a name
    name = "Ada"
    return {"id": user_id, "name": name}


app.add_url_rule("/old", view_func=index)
"""


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.stem)
def test_before_and_after(pair: Path, dress: str) -> None:
    command, before, after = _pair(pair)
    assert act(command, DRESSES[dress](before)).decode("latin-1") == DRESSES[dress](after).decode("latin-1")


def _pair(path: Path) -> tuple[str, str, str]:
    command, _, rest = path.read_text(encoding="utf-8").partition("\n=== before\n")
    before, _, after = rest.partition("=== after\n")
    return command, before, after


def test_only_the_new_lines_of_a_file_with_mixed_newlines_get_its_usual_newline() -> None:
    data = b"from flask import Flask\r\napp = Flask(__name__)\n\r\n\r\nx = 1\r\n"
    assert add(data) == (
        b"from flask import Flask\r\napp = Flask(__name__)\r\n\r\n\r\n"
        b'@app.get("/")\r\ndef index():\r\n    return "Hello"\n\r\n\r\nx = 1\r\n'
    )


REFUSALS = [
    ("rule", {"rule": "users"}),
    ("rule", {"rule": "/<int:user_id"}),
    ("rule", {"rule": "/<wat:user_id>"}),
    ("rule", {"rule": "/<a>/<a>"}),
    ("rule", {"rule": "/"}),
    ("rule", {"rule": "/users/<int:other>", "methods": ["DELETE"], "function": "more"}),
    ("methods", {"rule": "/new", "methods": []}),
    ("methods", {"rule": "/new", "methods": ["FETCH"]}),
    ("function", {"rule": "/new", "function": "index"}),
    ("function", {"rule": "/new", "function": "USERS"}),
    ("function", {"rule": "/new", "function": "class"}),
    ("answer", {"rule": "/new", "answer": {"kind": "json", "value": "{"}}),
    ("answer", {"rule": "/new", "answer": {"kind": "json", "value": '{"a": Ada}'}}),
    ("answer", {"rule": "/new", "answer": {"kind": "python", "value": "return ("}}),
    ("answer", {"rule": "/new", "answer": {"kind": "python", "value": "  "}}),
    ("answer", {"rule": "/new", "answer": {"kind": "template", "value": ""}}),
    ("answer", {"rule": "/new", "answer": {"kind": "template", "value": "a", "variables": [["b", "nope"]]}}),
    ("answer", {"rule": "/new", "answer": {"kind": "template", "value": "a", "variables": [["b c", "1"]]}}),
    ("status", {"rule": "/new", "answer": {"kind": "text", "value": "x", "status": 999}}),
    ("status", {"rule": "/new", "answer": {"kind": "error", "status": 200}}),
    ("status", {"rule": "/new", "answer": {"kind": "redirect", "value": "/", "status": 200}}),
    ("headers", {"rule": "/new", "answer": {"kind": "text", "value": "x", "headers": [["A b", "c"]]}}),
]


@pytest.mark.parametrize(("field", "wish"), REFUSALS)
def test_what_can_not_be_added_is_refused_at_its_field(field: str, wish: dict[str, object]) -> None:
    with pytest.raises(ProblemError) as caught:
        add(APP, **wish)
    assert caught.value.problem.field == field
    assert caught.value.problem.sentence and caught.value.problem.hint


@pytest.mark.parametrize(
    ("field", "which", "wish"),
    [
        ("rule", "get_user", {"rule": "/users"}),
        ("rule", "get_user", {"rule": "/users/<int:name>"}),
        ("rule", "get_user", {"rule": "/"}),
        ("methods", "get_user", {"methods": []}),
        ("function", "get_user", {"function": "index"}),
        ("function", "index", {"function": "home"}),
        ("owner", "index", {"owner": "shop"}),
        ("answer", "get_user", {"answer": {"kind": "json", "value": "nope"}}),
    ],
)
def test_what_can_not_be_changed_is_refused_at_its_field(
    field: str, which: str, wish: dict[str, object]
) -> None:
    with pytest.raises(ProblemError) as caught:
        change(APP, which, **wish)
    assert caught.value.problem.field == field


def test_a_route_that_the_form_can_not_own_is_left_alone() -> None:
    with pytest.raises(ProblemError, match="add_url_rule"):
        change(APP, "/old", rule="/new")
    with pytest.raises(ProblemError, match="add_url_rule"):
        remove(APP, "/old")


def test_a_comment_is_never_lost() -> None:
    data = (
        b'from flask import Flask\napp = Flask(__name__)\n@app.get("/")\ndef index():\n'
        b'    return {\n        "a": 1,  # one\n        "b": 2,\n    }\n'
    )
    kept = change(data, "index", answer={"kind": "json", "value": '{"a": 1, "b": 3}', "status": 201})
    assert b'"a": 1,  # one\n        "b": 3,\n    }, 201\n' in kept
    with pytest.raises(ProblemError, match="# one"):
        change(data, "index", answer={"kind": "text", "value": "x"})


def test_a_route_that_is_no_longer_in_the_file_is_not_changed() -> None:
    _, _, routes = read(APP)
    other = Source("app.py", APP.replace(b'"/"', b'"/home"'))
    with pytest.raises(ProblemError, match="changed since"):
        edits.change_route(other, routes[0], replace(RouteDraft.of(routes[0]), doc="x"))


@pytest.mark.parametrize("fault", ["def (:\n", "x = (\n", "@app.get('/new'\ndef new():\n    return 'x'\n"])
def test_a_file_with_a_fault_takes_another_route_and_keeps_the_rest(fault: str) -> None:
    _, owners, _ = read(APP)
    broken = Source("app.py", APP + b"\n\n" + fault.encode() + b"\n\n# the end")
    after = edits.add_route(broken, owners[0], RouteDraft("/x", function="added"))
    assert fault.encode() in after
    assert [route for route in read_tolerantly(Source("app.py", after)).routes if route.function == "added"]
    mended = after.replace(fault.encode(), b"")
    assert "added" in {route.function for route in read_module(Source("app.py", mended)).routes}


def test_a_region_is_replaced_even_by_what_does_not_parse() -> None:
    data = APP.replace(b"\n", b"\r\n").replace(b"Hello", "Grüße".encode())
    source, _, routes = read(data)
    region = routes[0].region
    assert region is not None
    text = region.text.replace("return", "retur(")
    assert edits.replace_region(source, region, text) == data.replace(b'return "Gr', b'retur( "Gr')
    below = b"# new\r\n"  # it is where its text is now, as long as that is there once
    after = edits.replace_region(Source("app.py", below + data), region, text)
    assert after == below + data.replace(b'return "Gr', b'retur( "Gr')
    other = data.replace("Grüße".encode(), b"Theirs")
    for gone in (other, below + data + data):
        with pytest.raises(ProblemError, match="changed since"):
            edits.replace_region(Source("app.py", gone), region, text)


def test_code_that_the_form_has_words_for_may_be_typed_as_python() -> None:
    code = {"kind": "python", "value": '# how kind\nreturn "Hi"\n'}
    after = change(APP, "index", answer=code)
    assert after == APP.replace(b'    return "Hello"', b'    # how kind\n    return "Hi"')
    assert read(after)[2][0].answer == answer("text", "Hi")
    back = change(after, "index", answer={"kind": "json", "value": "{'n': -1, 'u': USERS}"})
    assert b'    # how kind\n    return jsonify({"n": -1, "u": USERS})\n' in back


def test_an_asynchronous_view_is_edited_like_any_other() -> None:
    data = APP.replace(b"def index", b"async def  index")
    data = data.replace(b"app.add_url_rule", b"# app.add_url_rule")
    after = change(data, "index", function="home", rule="/<name>")
    assert after == data.replace(b'"/"', b'"/<name>"').replace(b"index():", b"home(name):")


def test_a_region_inside_a_character_is_refused_not_an_error() -> None:
    source = Source("app.py", "x = 'é'\n".encode())
    with pytest.raises(ProblemError, match="changed since"):
        edits.replace_region(source, Region("app.py", 6, 8, "'ö"), "y")


def test_a_new_blueprint_gets_a_file_and_its_first_route() -> None:
    new = NewBlueprint("users", "/users", "users.py")
    data = edits.new_blueprint_module(new)
    source, owners, _ = read(data, "users.py")
    after = edits.add_route(source, owners[0], RouteDraft("/<name>"))
    assert after.decode() == (
        "from flask import Blueprint\n\n"
        'bp = Blueprint("users", __name__, url_prefix="/users")\n\n\n'
        '@bp.get("/<name>")\ndef show_name(name):\n    return "Hello"\n'
    )


@pytest.mark.parametrize(
    ("field", "new"),
    [
        ("owner", NewBlueprint("my users", "", "users.py")),
        ("prefix", NewBlueprint("users", "users", "users.py")),
        ("file", NewBlueprint("users", "", "users")),
        ("file", NewBlueprint("users", "", "my-users.py")),
    ],
)
def test_a_blueprint_that_can_not_be_made_is_refused(field: str, new: NewBlueprint) -> None:
    with pytest.raises(ProblemError) as caught:
        edits.new_blueprint_module(new)
    assert caught.value.problem.field == field


# Properties

_COMMENTS = st.sampled_from(["", "# note", "# é", "#: x = '''"])
_BLANKS = st.integers(0, 3).map(lambda count: "\n" * count)


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    """A file with some routes, in some style."""
    unit = draw(st.sampled_from(["    ", "\t", "  "]))
    gap = draw(st.integers(1, 3))
    lines = ["from flask import Flask, abort, jsonify, redirect, render_template, send_file, url_for"]
    lines += ["from markupsafe import escape", draw(_COMMENTS), "app = Flask(__name__)"]
    for number in range(draw(st.integers(0, 3))):
        lines += [""] * gap
        comment = draw(_COMMENTS)
        lines += [f"@app.get('/r{number}/<name>')" + (f"  {comment}" if comment else "")]
        lines += [f"def view_{number}(name):", f"{unit}return {draw(st.sampled_from(_RETURNS))}"]
    tail = draw(st.sampled_from([[], ["", "", "if __name__ == '__main__':", f"{unit}app.run()"]]))
    text = "\n".join([*lines, *tail]) + draw(st.sampled_from(["", "\n", "\n\n"]))
    dress = draw(st.sampled_from(["lf", "crlf", "bom"]))
    return DRESSES[dress](text)


_RETURNS = ["'x'", "{'a': [1, 2]}, 201", "f'{name}'", "jsonify(\n        a=1)", "name.upper()  # up"]
_PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | _PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_PLAIN, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, object]:
    """An answer of any kind, with anything in it."""
    import json

    kind = draw(st.sampled_from(["text", "json", "template", "redirect", "file", "error"]))
    value = json.dumps(draw(_DATA)) if kind == "json" else draw(_PLAIN)
    if kind in ("template", "redirect", "file"):
        value = value.replace("\n", "").strip() or "x"
    if kind == "text" and draw(st.booleans()):
        value += "{name}" + draw(_PLAIN)
    statuses = {"error": [404, 410], "redirect": [None, 301]}.get(kind, [None, 201])
    return {"kind": kind, "value": value, "status": draw(st.sampled_from(statuses))}


_PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@_PROPERTY
@given(programs(), wishes())
def test_what_was_added_is_what_was_asked_for_and_leaves_without_a_trace(
    data: bytes, wish: dict[str, object]
) -> None:
    after = add(data, rule="/new/<name>", function="fresh", answer=wish, doc="New.")
    ast.parse(after)
    _, _, routes = read(after)
    fresh = next(route for route in routes if route.function == "fresh")
    wanted = answer(**wish)
    assert fresh.answer.effective_status == wanted.effective_status
    if wanted.kind != "json":
        assert (fresh.answer.kind, fresh.answer.value) == (wanted.kind, wanted.value)
    assert remove(after, "fresh") == data


@_PROPERTY
@given(programs().filter(lambda data: b"view_0" in data), wishes())
def test_a_changed_answer_changes_one_view_only(data: bytes, wish: dict[str, object]) -> None:
    try:
        after = change(data, "view_0", answer=wish)
    except ProblemError as error:
        assert "comment" in error.problem.sentence
        return
    ast.parse(after)
    start = data.index(b"def view_0")
    end = data.find(b"@app", start)
    rest = data[end:] if end > 0 else b""
    assert after.startswith(data[:start])
    assert after.endswith(rest)
    again = change(after, "view_0", answer=wish)
    assert again == after


@_PROPERTY
@given(programs().filter(lambda data: b"view_0" in data))
def test_a_change_there_and_back_gives_the_same_bytes(data: bytes) -> None:
    there = change(data, "view_0", rule="/q/<title>", function="other", methods=["POST"])
    assert there != data
    assert change(there, "other", rule="/r0/<name>", function="view_0", methods=["GET"]) == data


def test_a_route_with_a_rule_that_is_worked_out_is_taken_out_whole() -> None:
    more = b'\n\nAPI = "/api"\n\n\n@app.route(API + "/x", methods=["POST"])\ndef x():\n    return "x"\n'
    source, _, routes = read(APP + more)
    route = next(one for one in routes if one.function == "x")
    assert (route.rule, route.editable) == ("/api/x", False)
    assert edits.remove_route(source, route) == APP + b'\n\nAPI = "/api"\n'
