"""new, routes, add, change and remove: what they write and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playground.core.starters import STARTERS

if TYPE_CHECKING:
    from conftest import Run

HELLO = """from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "<p>Hello, World!</p>"


if __name__ == "__main__":
    app.run(debug=True)
"""


def view(folder: Path, function: str, file: str = "app.py") -> str:
    """The lines of one view, its decorators included."""
    blocks = (folder / file).read_text(encoding="utf-8").split("\n\n\n")
    return next(block for block in blocks if f"def {function}(" in block)


@pytest.mark.parametrize("starter", [starter.name for starter in STARTERS])
def test_new_makes_each_starter(
    starter: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("new", "made/here", "--starter", starter)
    assert (made.status, made.err) == (0, "")
    assert "made/here" in made.out
    assert (tmp_path / "made" / "here" / "app.py").is_file()


def test_new_does_not_touch_a_folder_that_holds_something(run: Run, project: Path) -> None:
    (project / "app.py").write_text("mine")
    assert "not empty" in run("new", project, "--starter", "json").refusal
    assert (project / "app.py").read_text() == "mine"


def test_routes_lists_what_the_app_has_and_where_it_is_written(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "b", "--starter", "blueprints")
    found = run("routes", tmp_path / "b", "--json")
    rows: list[dict[str, Any]] = json.loads(found.out)
    assert (found.status, found.err) == (0, "")
    assert [row["rule"] for row in rows] == ["/", "/api/users", "/api/users/<int:user_id>", STATIC]
    assert rows[2] == {
        "rule": "/api/users/<int:user_id>",
        "methods": ["GET"],
        "endpoint": "users.get_user",
        "function": "get_user",
        "owner": "users",
        "file": "users.py",
        "line": 16,
        "answer": "python",
        "editable": True,
        "live": True,
        "in_source": True,
    }
    assert (rows[3]["in_source"], rows[3]["file"], rows[3]["line"]) == (False, "", None)
    lines = run("routes", tmp_path / "b").out.splitlines()
    assert lines[1].split() == ["GET", "/api/users", "users.list_users", "users.py:11"]
    assert lines[3].split() == ["GET", STATIC, "static", "-"]


def test_routes_static_lists_what_the_source_says(run: Run, project: Path) -> None:
    (project / "app.py").write_text("import nowhere_at_all\n" + (project / "app.py").read_text())
    found = run("routes", project, "--static", "--json")
    assert (found.status, found.err) == (0, "")
    assert [(row["rule"], row["live"]) for row in json.loads(found.out)] == [("/", None)]


def test_routes_of_an_app_that_does_not_load_are_those_of_the_source(run: Run, project: Path) -> None:
    (project / "app.py").write_text("import nowhere_at_all\n" + (project / "app.py").read_text())
    found = run("routes", project, "--json")
    assert (found.status, found.err.count("\n")) == (0, 1)
    assert "nowhere_at_all" in found.err
    assert [(row["rule"], row["live"]) for row in json.loads(found.out)] == [("/", None)]


STATIC = "/static/<path:filename>"

ADDED = [
    (["/a", "--text", "<b>hi</b>"], '@app.get("/a")\ndef a():\n    return "<b>hi</b>"'),
    (
        ["/a/<name>", "--text", "Hi {name}", "--status", "201"],
        '@app.get("/a/<name>")\ndef a(name):\n    return f"Hi {escape(name)}", 201',
    ),
    (
        ["/a/<int:number>", "--json", '{"n": number, "ok": true}', "--methods", "get,POST"],
        '@app.route("/a/<int:number>", methods=["GET", "POST"])\n'
        'def a(number):\n    return jsonify({"n": number, "ok": True})',
    ),
    (["/a", "--json", "-1"], '@app.get("/a")\ndef a():\n    return jsonify(-1)'),
    (
        ["/a/<who>", "--template", "card.html", "--var", "name=who.upper()", "--var", "n = 1"],
        '@app.get("/a/<who>")\ndef a(who):\n    return render_template("card.html", name=who.upper(), n=1)',
    ),
    (["/a", "--redirect", "index"], '@app.get("/a")\ndef a():\n    return redirect(url_for("index"))'),
    (
        ["/a", "--redirect", "user", "--var", "number=7", "--status", "301"],
        '@app.get("/a")\ndef a():\n    return redirect(url_for("user", number=7), code=301)',
    ),
    (
        ["/a", "--redirect", "https://flask.palletsprojects.com/"],
        '@app.get("/a")\ndef a():\n    return redirect("https://flask.palletsprojects.com/")',
    ),
    (["/a", "--file", "data.csv"], '@app.get("/a")\ndef a():\n    return send_file("data.csv")'),
    (["/a", "--error", "418"], '@app.get("/a")\ndef a():\n    abort(418)'),
    (
        ["/a/<int:x>", "--python", "y = x + 1\nreturn str(y)", "--function", "plus"],
        '@app.get("/a/<int:x>")\ndef plus(x):\n    y = x + 1\n    return str(y)',
    ),
    (["/a", "--text", "b", "--methods", "DELETE"], '@app.delete("/a")\ndef delete_a():\n    return "b"'),
]


@pytest.mark.parametrize(("words", "expected"), ADDED, ids=[" ".join(words) for words, _ in ADDED])
def test_add_every_kind_of_answer(words: list[str], expected: str, run: Run, project: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "card.html").write_text("{{ name }}")
    run("add", project, "/users/<int:number>", "--text", "u", "--function", "user")
    added = run("add", project, *words)
    assert (added.status, added.err) == (0, "")
    assert added.out == f"add {words[0]}\n"
    function = expected.partition("def ")[2].partition("(")[0]
    assert view(project, function) == expected


def test_add_to_a_blueprint(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    run("new", folder, "--starter", "blueprints")
    assert run("add", folder, "/list", "--owner", "users", "--text", "all").out == "add /api/list\n"
    block = view(folder, "show_list", "users.py")  # called list, it would break the list() of the others
    assert block.strip() == '@users_bp.get("/list")\ndef show_list():\n    return "all"'


def test_add_and_remove_give_back_every_byte(run: Run, project: Path) -> None:
    assert (project / "app.py").read_text() == HELLO
    run("add", project, "/more/<int:number>", "--text", "more")
    changed = (project / "app.py").read_text()
    assert changed != HELLO
    removed = run("remove", project, "more")
    assert (removed.status, removed.out, removed.err) == (0, "delete /more/<int:number>\n", "")
    assert (project / "app.py").read_text() == HELLO


CHANGED = [
    (["--rule", "/start"], ('"/"', '"/start"')),
    (["--methods", "POST,GET"], ('@app.get("/")', '@app.route("/", methods=["GET", "POST"])')),
    (["--function", "home"], ("index()", "home()")),
    (["--text", "Bye"], ('"<p>Hello, World!</p>"', '"Bye"')),
    (["--text", ""], ('"<p>Hello, World!</p>"', '""')),
    (["--status", "202"], ('World!</p>"', 'World!</p>", 202')),
    (
        ["--error", "410"],
        ('return "<p>Hello, World!</p>"', "abort(410)"),
        ("import Flask", "import Flask, abort"),
    ),
    (["--python", "return 'x'"], ('"<p>Hello, World!</p>"', "'x'")),
]


@pytest.mark.parametrize("change", CHANGED, ids=[" ".join(words) for words, *_ in CHANGED])
def test_change_touches_only_what_is_named(change: tuple[Any, ...], run: Run, project: Path) -> None:
    words, *replaced = change
    changed = run("change", project, "index", *words)
    assert (changed.status, changed.err) == (0, "")
    expected = HELLO
    for old, new in replaced:
        expected = expected.replace(old, new)
    assert (project / "app.py").read_text() == expected


def test_a_change_of_the_text_keeps_status_and_headers(run: Run, project: Path) -> None:
    app = project / "app.py"
    app.write_text(HELLO.replace('World!</p>"', 'World!</p>", 201, {"X-Colour": "blue"}'))
    run("change", project, "index", "--text", "Made")
    assert 'return "Made", 201, {"X-Colour": "blue"}' in app.read_text()
    run("change", project, "index", "--status", "200")
    assert 'return "Made", {"X-Colour": "blue"}' in app.read_text()


def test_variables_of_a_template_change_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    run("new", folder, "--starter", "pages")
    run("change", folder, "hello", "--var", "name=name.title()")
    assert 'render_template("hello.html", name=name.title())' in view(folder, "hello")


def test_change_moves_a_route_to_another_owner(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "b"
    run("new", folder, "--starter", "blueprints")
    run("change", folder, "index", "--owner", "users")
    rows = json.loads(run("routes", folder, "--json").out)
    assert ("/api/", "users.index") in {(row["rule"], row["endpoint"]) for row in rows}


def test_signs_that_the_output_can_not_show_are_escaped(process: Run, project: Path) -> None:
    added = process("add", project, "/grüße", "--text", "ü", PYTHONIOENCODING="ascii")
    assert (added.status, added.out, added.err) == (0, "add /gr\\xfc\\xdfe\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_that_can_not_be_written_is_said(project: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "playground", "routes", str(project)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("The output can't be written")


def test_a_reader_that_went_away_is_no_error_to_talk_about(project: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "playground", "routes", str(project)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout and running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""


def test_a_home_that_can_not_be_written_stops_nothing(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "file" / "home"))
    assert run("add", project, "/a", "--text", "a").status == 0
    assert len(run("routes", project, "--static").out.splitlines()) == 2


def test_help_and_version(run: Run) -> None:
    assert run("--version").out.startswith("Route Playground ")
    for command in ("new", "serve", "routes", "add", "change", "remove", "tour", "open"):
        shown = run(command, "--help")
        assert shown.status == 0
        assert f"playground {command}" in shown.out
