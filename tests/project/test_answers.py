"""Answers: recognised in source, written as a person would, and the same when Flask runs them."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from editing import add, answer, read
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError
from playground.project.editing.answers import check_answer, same_answer

HEAD = """
from flask import (Flask, abort, jsonify, jsonify as j, redirect, render_template, send_file, url_for)
import flask
from markupsafe import escape
app = Flask(__name__)
USERS = [{"name": "Ada"}]

@app.get("/<name>")
def view(name):
    """


def recognised(body: str) -> Answer:
    return read((HEAD + body).encode())[2][0].answer


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('return "x"', answer("text", "x")),
        ('return ("a"\n        "b")', answer("text", "ab")),
        ('"""Doc."""\n    return "x", 201', answer("text", "x", status=201)),
        ('return "x", {"A": "b"}', answer("text", "x", headers=[("A", "b")])),
        (
            'return "x", 201, [("A", "b"), ("A", "c")]',
            answer("text", "x", status=201, headers=[("A", "b"), ("A", "c")]),
        ),
        ('return f"Hi {name}"', answer("text", "Hi {name}")),
        ('return f"Hi {escape(name)} {{x}}"', answer("text", "Hi {name} {x}")),
        (
            "return jsonify({'n': name, 'u': USERS, 'f': -1.5, 'z': None})",
            answer("json", '{"n": name, "u": USERS, "f": -1.5, "z": null}'),
        ),
        ("return flask.jsonify(a=1)", answer("json", '{"a": 1}')),
        ("return j([True, 'é'])", answer("json", '[true, "é"]')),
        ("return {'a': {}}, 404", answer("json", '{"a": {}}', status=404)),
        (
            'return render_template("a.html", n=name, m=len(name))',
            answer("template", "a.html", variables=[("n", "name"), ("m", "len(name)")]),
        ),
        ('return redirect("/x")', answer("redirect", "/x")),
        (
            'return redirect(url_for("view", name="x"), 301)',
            answer("redirect", "view", status=301, variables=[("name", '"x"')], by_endpoint=True),
        ),
        ('return send_file("a/b.png")', answer("file", "a/b.png")),
        ("abort(404)", answer("error", status=404)),
        ('return abort(403, description="No")', answer("error", "No", status=403)),
    ],
)
def test_what_the_form_can_say_is_recognised(body: str, expected: Answer) -> None:
    assert recognised(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        'x = 1\n    return "x"',
        'return "{name}"',
        'return f"{name!r}"',
        'return f"{name:>3}"',
        'return f"{name.upper()}"',
        'return "a" + name',
        "return name",
        "return USERS",
        "return jsonify({'a': len(name)})",
        "return jsonify({**USERS[0]})",
        "return {'a': unknown}",
        'return render_template("a.html", **USERS[0])',
        "return render_template(name)",
        'return redirect("/x"), 301',
        'return send_file("a", as_attachment=True)',
        'return "x", "201 CREATED"',
        'return "x", 200, {"A": name}',
        "yield name",
        "abort(name)",
        "pass",
    ],
)
def test_everything_else_is_python_as_it_stands(body: str) -> None:
    found = recognised(body)
    assert found.kind is AnswerKind.PYTHON
    assert found.value == body.replace("\n    ", "\n")


def test_python_keeps_the_inside_of_its_strings() -> None:
    body = 'x = """\n  a\n    b"""\n\n    # why\n    return x'
    assert recognised(body).value == 'x = """\n  a\n    b"""\n\n# why\nreturn x'


def run(source: bytes, path: str) -> Any:
    module = ModuleType("made")
    exec(compile(source, "made.py", "exec"), module.__dict__)
    app: Flask = module.__dict__["app"]
    return app.test_client().get(path)


EMPTY = b"from flask import Flask\n\napp = Flask(__name__)\n"
TEXT = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("'\"\\{}\n\r\t \0n", max_size=12)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PROPERTY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@PROPERTY
@given(TEXT)
def test_any_text_comes_back_from_flask(text: str) -> None:
    source = add(EMPTY, rule="/x", answer={"kind": "text", "value": text})
    assert run(source, "/x").get_data() == text.encode()
    assert read(source)[2][0].answer == answer("text", text)


@PROPERTY
@given(TEXT, TEXT)
def test_text_with_parameters_is_escaped(before: str, after: str) -> None:
    value = before + "{name}|{number}" + after
    source = add(EMPTY, rule="/x/<name>/<int:number>", answer={"kind": "text", "value": value})
    wanted = value.replace("{name}", "&lt;b&gt;").replace("{number}", "7")
    assert run(source, "/x/<b>/7").get_data() == wanted.encode()
    assert read(source)[2][0].answer == answer("text", value)


@PROPERTY
@given(DATA, st.sampled_from([None, 2]))
def test_any_json_comes_back_from_flask(data: Any, indent: int | None) -> None:
    value = json.dumps(data, indent=indent)
    source = add(EMPTY, rule="/x", answer={"kind": "json", "value": value})
    assert run(source, "/x").get_json() == data
    found = read(source)[2][0].answer
    assert same_answer(found, answer("json", value), ())
    assert json.loads(found.value) == data


@pytest.mark.parametrize(
    ("kind", "value", "more", "status", "location"),
    [
        ("text", "x", {"status": 418, "headers": [["X-A", "b"], ["X-A", "c"]]}, 418, None),
        ("json", '{"id": name, "ok": true}', {"status": 201}, 201, None),
        ("redirect", "/there", {"status": 308}, 308, "/there"),
        (
            "redirect",
            "static",
            {"variables": [["filename", "name"]], "by_endpoint": True},
            302,
            "/static/Ada",
        ),
        ("error", "No such page", {"status": 404}, 404, None),
        ("error", "", {}, 404, None),
        ("python", "if name:\n    return jsonify(name), 202\nreturn ''", {}, 202, None),
    ],
)
def test_each_kind_runs(kind: str, value: str, more: Any, status: int, location: str | None) -> None:
    source = add(EMPTY, rule="/x/<name>", answer={"kind": kind, "value": value, **more})
    response = run(source, "/x/Ada")
    assert response.status_code == status
    assert location is None or response.headers["Location"] == location
    assert response.headers.getlist("X-A") == [pair[1] for pair in more.get("headers", ())]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('{"name": Ada}', ["Ada", "double quotes"]),
        ("{name: 1}", ["name", "double quotes"]),
        ('{"a": 1', ["line 1", "end"]),
        ('{"a": 1\n "b": 2}', ["line 2", "comma"]),
        ('{"a" 1}', ["column 6", "“1}”"]),
        ('{"a": 1,, "b": 2}', ["line 1"]),
        ("", ["empty"]),
        ("{1: 2}", ["double quotes"]),
        ('{"a": f(1)}', ["f(1)", "Python"]),
        ("NaN", ["NaN"]),
        ("[1e999]", ["too large"]),
        ("[" * 3000 + "]" * 3000, []),
    ],
)
def test_json_that_does_not_parse_says_where_and_what_to_do(value: str, words: list[str]) -> None:
    with pytest.raises(ProblemError) as caught:
        check_answer(answer("json", value), (), ())
    assert caught.value.problem.field == "answer"
    for word in words:
        assert word in str(caught.value.problem)


def test_python_spelling_of_data_is_understood_too() -> None:
    check_answer(answer("json", "{'a': True, 'b': [None, user_id,],}"), ("user_id",), ())
    assert same_answer(
        answer("json", "{'a': True, 'b': user_id}"), answer("json", '{"a": true, "b": user_id}'), ("user_id",)
    )


def test_templates_and_routes_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ProblemError, match="no template called a"):
        check_answer(answer("template", "a.html"), (), (), templates=("b.html",))
    with pytest.raises(ProblemError, match="no route called nope"):
        check_answer(answer("redirect", "nope", by_endpoint=True), (), (), endpoints=("index",))
    check_answer(answer("template", "b.html"), (), (), templates=("b.html",), endpoints=())


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("from flask import Flask", "from flask import Flask, jsonify"),
        ("from flask import Flask as F, request", "from flask import Flask as F, jsonify, request"),
        ("from flask import request, Flask", "from flask import request, Flask, jsonify"),
        ("from flask import (Flask, url_for)", "from flask import (Flask, jsonify, url_for)"),
        ("from flask import (\n    Flask,\n)", "from flask import (\n    Flask,\n    jsonify,\n)"),
        ("from flask import (\n    Flask\n)", "from flask import (\n    Flask,\n    jsonify\n)"),
        (
            "from flask import (\n    Flask,  # it\n    url_for,  # to\n)",
            "from flask import (\n    Flask,  # it\n    jsonify,\n    url_for,  # to\n)",
        ),
        ("from flask import Flask, \\\n    request", "from flask import Flask, \\\n    jsonify, request"),
        ("import flask", "import flask\nfrom flask import jsonify"),
        ("from flask import Flask, jsonify", "from flask import Flask, jsonify"),
        ("from flask import Flask, jsonify as j", "from flask import Flask, jsonify as j"),
        ("from flask import *", "from flask import *"),
    ],
)
def test_imports_are_added_where_they_belong(imports: str, expected: str) -> None:
    maker = next(word for word in ("F", "flask.Flask", "Flask") if _makes(imports, word))
    rest = f"\n\n\napp = {maker}(__name__)\n"
    after = add((imports + rest).encode(), rule="/x", answer={"kind": "json", "value": "1"}).decode()
    assert after.startswith(expected + rest)
    assert run(after.encode(), "/x").get_json() == 1


def _makes(imports: str, word: str) -> bool:
    if word == "F":
        return "as F" in imports
    return (word == "flask.Flask") == (imports == "import flask")


def test_a_name_that_means_something_else_is_not_shadowed() -> None:
    with pytest.raises(ProblemError, match="jsonify means something else"):
        add(EMPTY + b"def jsonify(): ...\n", rule="/x", answer={"kind": "json", "value": "1"})
