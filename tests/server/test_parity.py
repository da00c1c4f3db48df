"""The playground gives the bytes that ``flask run`` gives: asked side by side, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playground.server.live import LiveServer
from playground.server.live_app import LiveApp

if TYPE_CHECKING:
    from conftest import Answer

KINDS = '''\ufeff"""One route of each kind."""
from flask import (Flask, Response, abort, jsonify, redirect, render_template, request, send_file,
                   stream_template, url_for)

app = Flask(__name__)
notes = []


@app.route("/")
def index():
    return "<p>Grüße, World!</p>"


@app.route("/json/<int:user_id>", methods=["GET", "POST"])
def user(user_id):
    if request.method == "POST":
        return jsonify(request.get_json()), 201, {"X-Page": request.args.get("page", "1")}
    return {"id": user_id, "list": [1, 2.5, None, True], "word": "é"}


@app.route("/page/<name>")
def page(name):
    return render_template("page.html", name=name)


@app.route("/streamed")
def streamed():
    return stream_template("page.html", name="stream")


@app.route("/go")
def go():
    return redirect(url_for("page", name="Ada Lovelace"))


@app.route("/file")
def file():
    return send_file("data.csv")


@app.route("/named/<path:filename>")
def named(filename):
    return f"{filename!r}"


@app.route("/relative")
def relative():
    with open("data.csv") as data:
        return data.read(), 200, {"Content-Type": "text/csv"}


@app.route("/slash/")
def slash():
    return "slash"


@app.route("/absent")
def absent():
    abort(404, "Nothing here")


@app.route("/teapot")
def teapot():
    return "short and stout", 418


@app.route("/fails")
def fails():
    return 1 / 0


@app.route("/none")
def nothing():
    pass


@app.route("/unknown")
def unknown():
    return render_template("not_there.html")


@app.route("/events")
def events():
    return Response((f"data: {n}\\n\\n" for n in range(3)), mimetype="text/event-stream",
                    headers={"Connection": "keep-alive", "Cache-Control": "no-cache"})


@app.route("/late")
def late():
    def parts():
        raise ValueError("before anything was sent")
        yield "never"
    return Response(parts())


@app.route("/form", methods=["POST"])
def form():
    return request.form.to_dict() | {"host": request.host, "url": request.base_url.partition(request.host)[2]}


@app.route("/seen")
def seen():
    forwarded = request.headers.get("X-Forwarded-For", "none")
    return f"{forwarded} {request.headers.get('X-Playground-Request')} {request.scheme} {app.debug}"


@app.route("/empty", methods=["DELETE", "GET"])
def empty():
    return "", 204


if __name__ == "__main__":
    app.run()
'''

FACTORY = """
import sqlite3
from flask import Flask, g, session
from .users import users


def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.secret_key = "x"
    app.debug = True
    app.register_blueprint(users, url_prefix="/api")

    @app.before_request
    def first():
        g.started = 1

    @app.errorhandler(404)
    def missing(error):
        return {"error": str(error)}, 404

    @app.get("/instance")
    def where():
        session["n"] = 1
        return app.instance_path[-9:]
    return app
"""

USERS = """
from flask import Blueprint, render_template
from shop.store import NAMES

users = Blueprint("users", __name__, template_folder="pages", static_folder="files", static_url_path="/files")


@users.get("/users/")
@users.get("/users/<any(a, b):which>/<float(min=1):size>/<uuid:key>")
def show(**values):
    return render_template("users.html", names=NAMES, values=values)
"""

RAISES = """
from flask import Flask

app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True


@app.route("/")
def index():
    raise ValueError("through everything")
"""

Asked = tuple[str, str, bytes | None, dict[str, str]]


def get(path: str, **headers: str) -> Asked:
    return "GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}

PROJECTS: dict[str, tuple[dict[str, str], str, tuple[Asked, ...]]] = {
    "kinds": (
        {
            "app.py": KINDS,
            "templates/base.html": "<!doctype html>\n<title>{% block title %}{% endblock %}</title>\n",
            "templates/page.html": "{% extends 'base.html' %}{% block title %}{{ name }} & é{% endblock %}\n",
            "static/site.css": "body { color: green }\n",
            "data.csv": "a,b\r\n1,2\r\n",
        },
        "app.py",
        (
            *(
                get(path)
                for path in ("/", "/json/7", "/json/x", "/page/Ada%20%26%20%3Cb%3E", "/streamed", "/go")
            ),
            *(
                get(path)
                for path in ("/file", "/relative", "/named/a/b%2Fc%20%C3%A9", "/slash", "/slash/", "//slash/")
            ),
            *(
                get(path)
                for path in ("/absent", "/teapot", "/fails", "/none", "/unknown", "/events", "/late")
            ),
            *(
                get(path)
                for path in ("/static/site.css", "/static/none.css", "/static/../app.py", "/nowhere")
            ),
            ("POST", "/json/7?page=3", b'{"name": "Ada"}', JSON),
            ("POST", "/json/7", b"{broken", JSON),
            ("POST", "/json/7", b"a=1", FORM),
            ("POST", "/form", "name=Zoë&x=%20y".encode(), FORM),
            ("POST", "/", b"", {}),
            ("HEAD", "/page/Ada", None, {}),
            ("OPTIONS", "/json/7", None, {}),
            ("DELETE", "/empty", None, {}),
            get("/seen", X_Forwarded_For="1.2.3.4", X_Playground_Request="abc"),
            get("/file", Range="bytes=0-2"),
        ),
    ),
    "factory": (
        {
            "shop/__init__.py": FACTORY,
            "shop/users.py": USERS,
            "shop/store.py": "NAMES = ['Ada', 'Zoë']\n",
            "shop/pages/users.html": "{{ names|join(', ') }} {{ values }}",
            "shop/files/a.txt": "a file\n",
        },
        "shop/__init__.py",
        (
            *(get(path) for path in ("/api/users/", "/api/users", "/api/files/a.txt", "/instance", "/none")),
            get("/api/users/a/1.5/12345678-1234-5678-1234-567812345678"),
            get("/api/users/c/1.5/12345678-1234-5678-1234-567812345678"),
            get("/api/users/a/0.5/12345678-1234-5678-1234-567812345678"),
        ),
    ),
    "raises": ({"wsgi.py": RAISES}, "wsgi.py", (get("/"),)),
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.02)
    pytest.fail("flask run did not start")


@pytest.fixture(scope="module")
def flask_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, int]]]:
    """Every project under ``flask run``: its folder and port. They start side by side."""
    running: dict[str, tuple[Path, int]] = {}
    processes: list[subprocess.Popen[bytes]] = []
    for name, (files, target, _) in PROJECTS.items():
        folder, port = tmp_path_factory.mktemp(name), free_port()
        write(folder, files)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("FLASK_")}
        environment |= {"FLASK_APP": target.removesuffix("/__init__.py"), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "flask", "run", "--port", str(port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes.append(subprocess.Popen(command, cwd=folder, env=environment, **quiet))  # type: ignore
        running[name] = folder, port
    for process, (_, port) in zip(processes, running.values(), strict=True):
        wait_for(port, process)
    yield running
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(10)


def comparable(answer: Answer, port: int) -> tuple[Any, ...]:
    """What must be the same; the port alone is each one's own, and Allow is a set in no order."""
    names = ("content-type", "location", "x-page", "vary")
    headers = [answer.headers.get(name, "").replace(str(port), "PORT") for name in names]
    allowed = sorted(answer.headers.get("allow", "").split(", "))
    return answer.status, answer.body.replace(str(port).encode(), b"PORT"), headers, allowed


@pytest.mark.parametrize("name", PROJECTS)
def test_every_answer_is_that_of_flask_run(
    name: str, flask_runs: dict[str, tuple[Path, int]], ask: Callable[..., Answer]
) -> None:
    folder, theirs = flask_runs[name]
    _, target, requests = PROJECTS[name]
    app = LiveApp(folder)
    server = LiveServer(app.wsgi, port=0)
    try:
        assert app.go_live(None, target).problem is None
        ours = server.start().port
        for method, path, body, headers in requests:
            expected = comparable(ask(theirs, path, method, body, headers), theirs)
            if "X-Playground-Request" in headers:  # the one thing that is taken out
                status, seen, *rest = expected
                expected = (status, seen.replace(b"abc", b"None"), *rest)
            assert comparable(ask(ours, path, method, body, headers), ours) == expected, f"{method} {path}"
    finally:
        server.stop()
        app.close()
    left = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert left == set(PROJECTS[name][0])
