"""``playground explain``: what becomes of a method and a path, for people and for programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

APP = """\
from flask import Flask

app = Flask(__name__)


def view(**values):
    raise RuntimeError("no view runs")


for number, (methods, rule) in enumerate({rules}):
    app.add_url_rule(rule, f"view{{number}}", view, methods=methods.split())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


def write(folder: Path, *rules: tuple[str, str]) -> Path:
    (folder / "app.py").write_text(APP.format(rules=rules), encoding="utf-8")
    return folder


def explained(run: Run, *words: object) -> dict[str, Any]:
    done = run("explain", *words, "--json")
    assert done.status == 0, done
    told = json.loads(done.out)
    assert isinstance(told, dict)
    return told


# The five traps.

RANGE = (("GET", "/n/<int(max=10):n>"), ("GET", "/n/<s>"))
FALLING_BACK = (("POST", "/x/new"), ("GET", "/x/<name>"))


def test_a_range_keeps_the_next_rule_from_its_turn(run: Run, folder: Path) -> None:
    told = explained(run, write(folder, *RANGE), "GET", "/n/99")
    assert told["outcome"] == "not_found"
    first, second = told["near"]
    assert (first["rule"], first["matched"], first["stopped"], first["stop"]) == (
        "/n/<int(max=10):n>",
        "/n/",
        "99",
        "range",
    )
    assert first["reason"].endswith("and Flask did not try the next route")
    assert (second["rule"], second["stop"]) == ("/n/<s>", "shadowed")


def test_a_missing_slash_is_no_redirect_for_another_method(run: Run, folder: Path) -> None:
    told = explained(run, write(folder, ("POST", "/post/")), "GET", "/post")
    assert (told["outcome"], told["location"], told["allowed"]) == ("not_found", "", [])
    assert told["near"][0]["stop"] == "slash"
    assert "takes POST only" in told["near"][0]["reason"]


def test_a_redirect_hides_a_rule_that_fits(run: Run, folder: Path) -> None:
    told = explained(run, write(folder, ("GET", "/a/<int:x>/"), ("GET", "/a/<name>")), "GET", "/a/5")
    assert told["outcome"] == "redirect"
    assert told["location"].endswith("/a/5/")
    assert [(near["rule"], near["stop"]) for near in told["near"]] == [
        ("/a/<int:x>/", "redirect"),
        ("/a/<name>", "shadowed"),
    ]
    assert "It does so although /a/<name> fits this path as it is." in told["why"]


def test_the_wrong_method_comes_before_the_range(run: Run, folder: Path) -> None:
    told = explained(run, write(folder, RANGE[0]), "POST", "/n/99")
    assert (told["outcome"], told["allowed"]) == ("method_not_allowed", ["GET", "HEAD", "OPTIONS"])
    assert told["near"][0]["stop"] == "method"
    assert told["fixes"] == [{"label": "Send GET /n/10", "does": "send GET /n/10"}]


def test_a_rule_without_the_method_is_passed_over(run: Run, folder: Path) -> None:
    write(folder, *FALLING_BACK)
    told = explained(run, folder, "GET", "/x/new")
    assert (told["outcome"], told["rule"], told["endpoint"]) == ("match", "/x/<name>", "view1")
    assert told["values"] == {"name": "'new'"}
    assert (told["near"][0]["rule"], told["near"][0]["stop"]) == ("/x/new", "method")
    told = explained(run, folder, "PUT", "/x/new")
    assert (told["outcome"], told["allowed"]) == ("method_not_allowed", ["GET", "HEAD", "OPTIONS", "POST"])


# What it says and how.


def test_what_a_person_reads(run: Run, project: Path) -> None:
    (project / "app.py").write_text(
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
        '@app.get("/users/<int:user_id>")\ndef user(user_id):\n    return "user"\n\n\n'
        '@app.post("/users")\ndef create():\n    return "made"\n',
        encoding="utf-8",
    )
    assert run("explain", project, "get", "/users/abc").out == (
        "GET /users/abc: 404, no route matched\n"
        '  No rule of this app fits "/users/abc".\n'
        '  The nearest is /users/<int:user_id>: int takes digits only (\\d+); "abc" has none.\n'
        "Nearest rules:\n"
        '  GET   /users/<int:user_id>     /users/ > abc: int takes digits only (\\d+); "abc" has none\n'
        "  POST  /users                   /users > /abc: nothing may follow /users\n"
        "  GET   /static/<path:filename>  / > users: begins with /static/\n"
        "What can be done:\n"
        "  Accept any text: <user_id>: change the rule /users/<int:user_id> to /users/<user_id>\n"
        "  Add GET /users/<string:name>: add a route GET /users/<string:name>\n"
        "  Write a 404 page: write a page of the app's own for status 404\n"
    )
    assert run("explain", project, "GET", "/users/7?x=1").out == (
        "GET /users/7?x=1: matched\n"
        "  rule      /users/<int:user_id>\n"
        "  endpoint  user\n"
        "  value     user_id = 7\n"
        "  /users/<int:user_id> is the only rule that fits.\n"
    )


def test_the_keys_for_programs(run: Run, project: Path) -> None:
    told = explained(run, project, "GET", "/nowhere")
    named = {"outcome", "rule", "endpoint", "values", "location", "allowed", "near", "fixes"}
    assert set(told) == named | {"method", "path", "why"}
    assert {"rule", "methods", "matched", "reason"} < set(told["near"][0])
    assert all(set(fix) == {"label", "does"} for fix in told["fixes"])


def test_nothing_of_the_folder_is_written(run: Run, project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    explained(run, project, "GET", "/nowhere")
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if "__pycache__" not in path.parts} == before


def test_which_app_can_be_said(run: Run, folder: Path) -> None:
    write(folder, ("GET", "/one"))
    (folder / "other.py").write_text(
        APP.format(rules=(("GET", "/two"),)).replace("app", "site"), encoding="utf-8"
    )
    assert explained(run, folder, "GET", "/two", "--app", "other:site")["outcome"] == "match"
    assert run("explain", folder, "GET", "/two", "--app", "other:nothing").refusal


LOUD = """\
import os, sys
print("loud at import")
os.write(1, b"past Python\\n")
from werkzeug.routing import BaseConverter
from flask import Flask

class Loud(BaseConverter):
    def to_python(self, value):
        print("loud in a converter")
        if value == "worse":
            raise KeyError("gr\\u00fc\\u00df\\ud800")
        return value

app = Flask(__name__)
app.url_map.converters["loud"] = Loud
app.add_url_rule("/<loud:x>", "x", lambda x: x)
"""


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/a", "match"),
        ("/worse", "error"),
        ("/%F0%9F%90%8D", "match"),
        ("/%ff", "match"),
        ("//a/", "not_found"),
    ],
)
def test_standard_output_has_the_answer_alone(folder: Path, path: str, outcome: str) -> None:
    (folder / "app.py").write_text(LOUD, encoding="utf-8")
    command = [sys.executable, "-m", "playground", "explain", str(folder), "GET", path, "--json"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == outcome
    assert done.stdout.isascii()
    assert b"loud at import" in done.stderr
    assert b"past Python" in done.stderr


def test_a_path_in_bytes_that_are_no_text(folder: Path) -> None:
    write(folder, ("GET", "/<x>"))
    command = [sys.executable, "-m", "playground", "explain", str(folder), "GET"]
    done = subprocess.run(
        [*(word.encode() for word in command), b"/\xff\xfe"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"matched" in done.stdout


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("G T", "/", "'G T' is not a method. Write for example GET or POST."),
        ("", "/", "'' is not a method. Write for example GET or POST."),
        ("GET", "users", "'users' is not a path: a path begins with a slash. Write /users"),
        ("GET", "", "'' is not a path: a path begins with a slash. Write /"),
        (
            "GET",
            "http://127.0.0.1/users",
            "http://127.0.0.1/users is a whole address, not a path. Write what comes after the host: /users",
        ),
    ],
)
def test_what_is_no_method_or_no_path(run: Run, project: Path, method: str, path: str, said: str) -> None:
    assert run("explain", project, method, path).refusal == said


@pytest.mark.parametrize(
    ("top", "said"),
    [("1 / 0\n", "ZeroDivisionError"), ("import nowhere_at_all\n", "not installed"), ("def (\n", "app.py")],
)
def test_an_app_that_does_not_load(run: Run, folder: Path, top: str, said: str) -> None:
    write(folder, ("GET", "/"))
    file = folder / "app.py"
    file.write_text(top + file.read_text(encoding="utf-8"), encoding="utf-8")
    outcome = run("explain", folder, "GET", "/")
    assert said in outcome.refusal
    assert outcome.out == ""


def test_a_folder_without_an_app(run: Run, folder: Path) -> None:
    assert run("explain", folder, "GET", "/").refusal
    assert run("explain", folder / "nowhere", "GET", "/").refusal


def test_a_thread_of_the_app_does_not_keep_the_command(process: Run, folder: Path) -> None:
    write(folder, ("GET", "/"))
    file = folder / "app.py"
    more = "\nimport threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()\n"
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert process("explain", folder, "GET", "/").status == 0
