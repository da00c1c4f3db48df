"""Each starter is an ordinary Flask folder: it runs the three ways that Flask people run one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.core.starters import STARTERS
from playground.project.folder import Project
from playground.project.starters import create

NAMES = [starter.name for starter in STARTERS]
# The address to ask each of them for, and what its answer has to hold.
SHOWN = {
    "empty": ("/", 404, "Not Found"),
    "hello": ("/", 200, "<p>Hello, World!</p>"),
    "pages": ("/hello/Zoe", 200, "<h1>Hello, Zoe!</h1>"),
    "json": ("/users/2", 200, '"Grace"'),
    "blueprints": ("/api/users", 200, '"Ada"'),
}


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("FLASK_", "WERKZEUG_"))}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _running(folder: Path, *command: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    drain = threading.Thread(target=lambda: process.stderr and process.stderr.read())
    drain.start()
    try:
        yield
    finally:
        process.kill()
        process.wait(10)
        drain.join(10)
        if process.stderr:
            process.stderr.close()


def _ask(port: int, path: str, data: object = None) -> tuple[int, str]:
    """The answer of a server that is starting up: status and body."""
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", body, {"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, name: str) -> Path:
    create(tmp_path / "deep" / name, name)
    return tmp_path / "deep" / name


def test_it_runs_with_flask_run(folder: Path, name: str) -> None:
    port, (path, status, words) = _free_port(), SHOWN[name]

    with _running(folder, "-m", "flask", "run", "--port", str(port)):
        found = _ask(port, path)

    assert found[0] == status
    assert words in found[1]


def test_it_runs_as_a_program(folder: Path, name: str) -> None:
    """``app.run(debug=True)`` is asked for another port and no reloader by what Flask reads itself."""
    port, (path, status, words) = _free_port(), SHOWN[name]
    patch = (
        "import runpy, flask; run = flask.Flask.run;"
        f"flask.Flask.run = lambda self, **said: run(self, port={port}, use_reloader=False, **said);"
        "runpy.run_path('app.py', run_name='__main__')"
    )

    with _running(folder, "-c", patch):
        found = _ask(port, path)

    assert found[0] == status
    assert words in found[1]


def test_flask_lists_the_routes_that_we_read(folder: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "flask", "routes"],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout.splitlines()
    flask_says = {(line.split()[0], line.split()[-1]) for line in listed if "/" in line}

    state = Project(folder).scan()

    assert {(route.endpoint, route.full_rule) for route in state.routes} == flask_says - {
        ("static", "/static/<path:filename>")
    }
    assert state.problems == ()


def test_its_card_tells_the_truth(folder: Path, name: str) -> None:
    starter = next(one for one in STARTERS if one.name == name)
    project = Project(folder)
    routes = {(method, route.full_rule) for route in project.scan().routes for method in route.methods}

    assert not starter.method or (starter.method, starter.rule) in routes
    assert project.state.app_target == "app.py"


def test_nothing_in_it_speaks_of_the_playground(folder: Path) -> None:
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]

    assert not any("playground" in text.lower() for text in texts)
    assert "    app.run(debug=True)" in (folder / "app.py").read_text().splitlines()[-1:]


def test_the_json_starter_creates_a_user(tmp_path: Path) -> None:
    create(tmp_path / "api", "json")
    port = _free_port()

    with _running(tmp_path / "api", "-m", "flask", "run", "--port", str(port)):
        status, body = _ask(port, "/users?role=admin", {"name": "Alan"})
        again = _ask(port, "/users/3")
        missing = _ask(port, "/users/9")
        nameless = _ask(port, "/users", {})
        file = _ask(port, "/files/notes/today.txt")

    assert (status, json.loads(body)) == (201, {"id": 3, "name": "Alan", "role": "admin"})
    assert json.loads(again[1]) == {"id": 3, "name": "Alan", "role": "admin"}
    assert missing[0] == 404
    assert nameless[0] == 400
    assert json.loads(file[1])["filename"] == "notes/today.txt"


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(ProblemError, match="not empty"):
        create(tmp_path, "hello")

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    create(tmp_path, "hello")

    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "app.py"]


def test_a_place_where_nothing_can_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ProblemError, match="is a file"):
        create(tmp_path / "file", "hello")
    with pytest.raises(ProblemError, match="can't be written"):
        create(tmp_path / "file" / "project", "hello")
    with pytest.raises(ProblemError, match="no starter called"):
        create(tmp_path / "project", "django")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
