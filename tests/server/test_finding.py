"""The app is found, imported and named as ``flask --app X routes`` does it in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playground.core.changes import Snapshot
from playground.session.session import Session

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/{0}/" + __name__)
def {0}(): ...


"""
FACTORY = """\
from flask import Flask


def {0}({1}):
    app = Flask(__name__)
    app.add_url_rule(f"/{2}", endpoint="made", view_func=lambda: "")
    return app
"""
TWO = """\
from flask import Flask

one = Flask("one")
two = Flask("two")
one.get("/a")(abs)
two.get("/b")(abs)
"""


@dataclass(frozen=True)
class Case:
    """A folder, and what ``flask`` is told: by ``--app`` (``said``), or by what lies in the folder."""

    name: str
    files: dict[str, str]
    said: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


PACKAGE = {"shop/__init__.py": "", "shop/web.py": APP.format("web")}
CASES = (
    Case("app.py", {"app.py": APP.format("plain")}),
    Case("wsgi.py first", {"app.py": APP.format("plain"), "wsgi.py": APP.format("wsgi")}),
    Case("wsgi.py imports it", {"shop.py": APP.format("x"), "wsgi.py": "from shop import app as site\n"}),
    Case("the package app", {"app/__init__.py": APP.format("x"), "app/more.py": ""}),
    Case("a package before a file", {"app/__init__.py": APP.format("x"), "app.py": APP.format("y")}),
    Case("create_app", {"app.py": FACTORY.format("create_app", "", "made")}),
    Case("make_app with defaults", {"app.py": FACTORY.format("make_app", "name='n'", "{name}")}),
    Case("file.py", {"main.py": APP.format("x")}, "main.py"),
    Case("module", {"main.py": APP.format("x")}, "main"),
    Case("module:name", {"main.py": TWO}, "main:two"),
    Case("file.py:name", {"main.py": TWO}, "main.py:one"),
    Case("path/to/file.py", {"deep/er/main.py": APP.format("x")}, "deep/er/main.py"),
    Case("path/to/file.py:name", {"deep/er/main.py": TWO}, "deep/er/main.py:two"),
    Case("a path of a package", PACKAGE, "shop/web.py"),
    Case("pkg.mod", PACKAGE, "shop.web"),
    Case("pkg.mod without __init__", {"shop/web.py": APP.format("web")}, "shop.web"),
    Case(
        "pkg.mod:factory with arguments",
        {"shop/__init__.py": "", "shop/web.py": FACTORY.format("build", "x, y=0", "{x}{y}")},
        "shop.web:build('x', y=1)",
    ),
    Case("a factory's name", {"main.py": FACTORY.format("build", "", "b")}, "main:build"),
    Case("a path in src", {"src/shop/__init__.py": APP.format("x")}, "src/shop"),
    Case("a dot before the path", {"main.py": APP.format("x")}, "./main.py"),
    Case("spaces around the name", {"main.py": TWO}, "main: two "),
    Case(
        "the folder is a package",
        {"__init__.py": "", "app.py": "from . import b\n" + APP.format("x"), "b.py": ""},
    ),
    Case("__init__.py of the folder", {"__init__.py": FACTORY.format("create_app", "", "m")}, "__init__.py"),
    Case("FLASK_APP", {"main.py": TWO}, environment={"FLASK_APP": "main:two"}),
    Case(".flaskenv", {"main.py": TWO, ".flaskenv": "FLASK_APP=main:two\n"}),
    Case(
        ".env before .flaskenv",
        {"main.py": TWO, ".flaskenv": "FLASK_APP=main:two", ".env": "FLASK_APP=main:one"},
    ),
    Case(
        "the process before .env",
        {"main.py": TWO, ".env": "FLASK_APP=main:one"},
        environment={"FLASK_APP": "main:two"},
    ),
    Case(
        "an empty FLASK_APP",
        {"app.py": APP.format("x"), ".env": "FLASK_APP=no"},
        environment={"FLASK_APP": ""},
    ),
    Case(
        "quotes, export and ${}",
        {"main.py": TWO, ".env": "export WHICH='two'  # the second\nFLASK_APP=\"main:${WHICH}\"\n"},
    ),
    Case(
        "variables for the app",
        {
            "app.py": "import os\n"
            + APP.format("x")
            + "app.add_url_rule('/' + os.environ['A'] + os.environ['B'], 'env')\n",
            ".env": "A=1\nB=${A}2\n",
            ".flaskenv": "A=9\nB=8\n",
        },
    ),
    Case(
        "FLASK_SKIP_DOTENV",
        {"app.py": TWO + "app = one\n", ".env": "FLASK_APP=app:two"},
        environment={"FLASK_SKIP_DOTENV": "1"},
    ),
    Case(
        "unguarded app.run()",
        {"app.py": APP.format("x") + "app.run(port=1)\n\n\n@app.get('/late')\ndef late(): ...\n"},
    ),
    Case(
        "below the guard",
        {"app.py": APP.format("x") + "if __name__ == '__main__':\n    app.add_url_rule('/never')\n"},
    ),
)


ASK_FLASK = """
import contextlib, io, json, os, sys
from flask.cli import cli

variables, path = dict(os.environ), list(sys.path)
said = {}
for name, folder, words, environment in json.loads(sys.argv[1]):
    for module, found in list(sys.modules.items()):
        if sys.argv[2] in repr([found, *getattr(found, "__path__", ())]):
            del sys.modules[module]
    os.environ.clear()
    os.environ.update(variables | environment)
    sys.path[:] = path
    os.chdir(folder)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        try:
            cli.main([*words, "routes", "--all-methods", "--sort", "match"], prog_name="python -m flask")
        except SystemExit:
            pass
    said[name] = out.getvalue()
print(json.dumps(said))
"""
"""The command ``flask`` in one process for all cases; nothing of one is left when the next is found."""


@pytest.fixture(scope="module")
def said_by_flask(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What ``flask routes`` prints for each case; ``-P`` leaves out the folder, as ``flask`` does."""
    around, cases = tmp_path_factory.mktemp("flask"), []
    for number, case in enumerate(CASES):
        folder = write(case, around / str(number) / "house")
        cases.append((case.name, str(folder), ["--app", case.said] if case.said else [], case.environment))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASK_FLASK, json.dumps(cases), str(around)],
        env=kept | {"COLUMNS": "300", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, str] = json.loads(done.stdout)
    return said


def write(case: Case, folder: Path) -> Path:
    for name, text in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows(printed: str) -> set[tuple[str, str, str]]:
    """Endpoint, methods and rule of each row of the table."""
    lines = [line.split() for line in printed.splitlines() if "/" in line]
    return {(words[0], "".join(words[1:-1]), words[-1]) for words in lines}


def live(folder: Path, said: str) -> Snapshot:
    session = Session()
    try:
        session.open(folder, trusted=True)
        if said:
            session.choose_app(said)
        session.go_live()
        return session.snapshot
    finally:
        session.close()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_same_routes_as_flask(
    case: Case, said_by_flask: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("FLASK_")]:
        monkeypatch.delenv(name)
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    snapshot = live(write(case, tmp_path / "house"), case.said)
    assert snapshot.live.problem is None
    ours = {(rule.endpoint, ",".join(rule.methods), rule.rule) for rule in snapshot.live.map}
    printed = said_by_flask[case.name]
    assert ours == rows(printed), printed
    assert dict(os.environ) == before
