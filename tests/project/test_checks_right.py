"""Programs that look like one of the failures and are right: nothing is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from problem_cases import HEAD, app

from playground.project.folder import Project

REQUEST = HEAD.replace("Flask\n", "Flask, abort, jsonify, redirect, render_template, request, session\n", 1)
RIGHT = {
    "all_methods": '@app.route("/", methods=["GET", "POST"])\ndef a():\n    if request.method == "POST":\n'
    '        return "Sent"\n    elif request.method == "GET":\n        return "Form"\n',
    "two_tests": '@app.route("/<int:n>")\ndef a(n):\n    if n > 0:\n        return "+"\n    if n <= 0:\n'
    '        return "-"\n',
    "abort_at_the_end": '@app.route("/<n>")\ndef a(n):\n    for one in ["x"]:\n        if one == n:\n'
    "            return one\n    abort(404)\n",
    "tried_again": '@app.route("/")\ndef a():\n    for turn in range(3):\n        try:\n'
    '            return "ok"\n        except OSError:\n            if turn == 2:\n                raise\n',
    "for_ever": '@app.route("/")\ndef a():\n    while True:\n        return "ok"\n',
    "helper_that_ends": '@app.route("/")\ndef a():\n    if request.args:\n        return "ok"\n'
    "    give_up()\n",
    "streamed": '@app.route("/")\ndef a():\n    for one in "ab":\n        yield one\n',
    "any_of": '@app.route("/<any(a, b):n>")\ndef a(n):\n    if n == "a":\n        return "A"\n'
    '    elif n == "b":\n        return "B"\n',
    "matched": '@app.route("/<n>")\ndef a(n):\n    match n:\n        case "a":\n            return "A"\n'
    '        case _:\n            return "B"\n',
    "made_by_a_decorator": "def page(view):\n    def inner(**values):\n"
    "        return render_template(view(), **values)\n\n    return inner\n\n\n"
    '@app.route("/")\n@page\ndef a():\n    return None\n',
    "given_by_a_decorator": "def with_user(view):\n    def inner(*args, **kwargs):\n"
    '        return view("Ada", *args, **kwargs)\n\n    return inner\n\n\n'
    '@app.route("/<name>")\n@with_user\ndef a(user, name):\n    return user + name\n',
    "defaults": '@app.route("/", defaults={"page": 1})\n@app.route("/<int:page>")\ndef a(page):\n'
    '    return f"{page}"\n',
    "takes_any": '@app.route("/<a>/<b>")\ndef a(**values):\n    return str(values)\n',
    "relative_and_right": '@app.route("/home")\ndef home():\n    return "Start"\n\n\n@app.route("/login")\n'
    'def login():\n    return redirect("home")\n',
    "session_read": '@app.route("/")\ndef a():\n    return str(session.get("name"))\n',
    "names_of_their_own": 'session = {}\n\n\n@app.route("/")\ndef a():\n    session["x"] = 1\n'
    '    return "ok"\n',
    "set_made_a_list": '@app.route("/")\ndef a():\n    return jsonify(sorted({"a"}))\n',
    "one_under_a_condition": 'if app.debug:\n\n    @app.route("/")\n    def a():\n        return "debug"\n\n'
    "else:\n\n"
    '    @app.route("/")\n    def a():\n        return "live"\n',
    "literal_colon": '@app.route("/a:b/{}")\ndef a():\n    return "ok"\n',
}


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_what_is_right(tmp_path: Path, name: str) -> None:
    for file, text in app(RIGHT[name], REQUEST).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    project = Project(tmp_path)
    project.scan()
    assert [str(one) for one in project.findings() or ()] == []


def test_files_that_import_each_other_late_are_right(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{HEAD.rstrip()}\n\nimport pages  # noqa: E402, F401\n")
    (tmp_path / "pages.py").write_text(
        'from app import app\n\n\n@app.route("/")\ndef a():\n    return "ok"\n'
    )
    project = Project(tmp_path)
    project.scan()
    assert project.findings() == ()


def test_a_script_of_its_own_context_is_right(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD.rstrip() + "\n")
    (tmp_path / "fill.py").write_text(
        "from flask import current_app\n\nfrom app import app\n\nwith app.app_context():\n"
        "    print(current_app.name)\n\nNAME = current_app.name\n"
    )
    project = Project(tmp_path)
    project.scan()
    assert project.findings() == ()
