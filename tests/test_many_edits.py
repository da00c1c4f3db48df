"""Edits of all kinds under sixteen clients: no request fails, and none gets a wrong answer.

Each edit is made and taken live as the window does it, by the session, or written by another program and seen
by the watcher. Every answer is held against the versions of its route: those that were live at some moment
between the request's begin and its end. A request that begins after an edit is live must get the new one.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.changes import LiveState
from playground.core.routes import Route, RouteDraft
from playground.session.session import Session

CLIENTS = 16
QUICK, LONG = 20, 1000  # at least one edit of each kind
PATIENCE = 20.0
"""Seconds within which the watcher tells of a write, on a machine that is busy."""

FILES = {
    "app.py": """\
from flask import Flask, render_template
from helper import word
from shop import bp

app = Flask(__name__)
visits: list[int] = []
totals = {"visits": 0}
SIGN = "sign 0"


@app.get("/body")
def body():
    return "body 0"


@app.get("/helped")
def helped():
    return word()


@app.get("/sign")
def sign():
    return SIGN


@app.get("/page")
def page():
    return render_template("page.html")


@app.get("/count")
def count():
    visits.append(len(visits))
    totals["visits"] += 1
    return f"{len(visits)} {totals['visits']}"


app.register_blueprint(bp)
""",
    "helper.py": 'def word():\n    return "word 0"\n',
    "shop.py": """\
from flask import Blueprint

bp = Blueprint("shop", __name__)


@bp.get("/shop")
def shop():
    return "shop 0"
""",
    "templates/base.html": "base 0, {% block page %}{% endblock %}",
    "templates/page.html": '{% extends "base.html" %}{% block page %}page 0{% endblock %}',
}
ANSWERS = {
    "/body": "body 0",
    "/helped": "word 0",
    "/sign": "sign 0",
    "/page": "base 0, page 0",
    "/shop": "shop 0",
}


class Asked(NamedTuple):
    """One request and its answer; times in seconds of the monotonic clock."""

    path: str
    begin: float
    end: float
    status: int
    body: str


class Version(NamedTuple):
    """What a route answers, from when it was being written, and since when it is live."""

    body: str
    written: float
    live: float


def ask(connection: HTTPConnection, path: str) -> Asked:
    begin = time.monotonic()
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    return Asked(path, begin, time.monotonic(), response.status, body)


class Clients:
    """Ask all the routes all the time; half of them on one connection each, half on a new one for each."""

    def __init__(self, port: int) -> None:
        self.asked: list[Asked] = []
        self.errors: list[BaseException] = []
        self._port = port
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]

    def _run(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=20)
        paths = random.Random(number).sample(sorted(ANSWERS), len(ANSWERS))
        try:
            for path in itertools.cycle(paths):
                if self._end.is_set():
                    return
                self.asked.append(ask(connection, path))
                if number % 2:
                    connection.close()
        except Exception as error:  # noqa: BLE001  it is shown by the test
            self.errors.append(error)
        finally:
            connection.close()

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()


class World:
    """The project, what each of its routes should answer, and the edits that change it."""

    def __init__(self, folder: Path, take_live: Callable[[World, str], LiveState]) -> None:
        self.folder = folder
        self.session = Session()
        self.session.open(folder)
        assert self.session.go_live().problem is None
        self.port = self.session.start_server(0).port
        self._take_live = take_live
        self.versions = {path: [Version(body, 0.0, 0.0)] for path, body in ANSWERS.items()}
        self.told: SimpleQueue[frozenset[str]] = SimpleQueue()
        self.session.watch(self.told.put)
        self.counted = 0
        self.edits = 0
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self.session.close()

    # What holds -------------------------------------------------------------------------------

    def now(self, path: str) -> str:
        return self.versions[path][-1].body

    @contextmanager
    def edit(self, **changed: str) -> Iterator[None]:
        """An edit after which some routes answer differently: ``page="base 1, page 0"``."""
        written = time.monotonic()
        yield
        live = time.monotonic()
        self.edits += 1
        for name, body in changed.items():
            self.versions[f"/{name}"].append(Version(body, written, live))
        self.check(*(changed or ("body",)))

    def check(self, *names: str) -> None:
        """The routes answer what they should, and the data of the module is all there."""
        for name in names:
            assert self.get(f"/{name}") == (200, self.now(f"/{name}"))
        self.counted += 1
        assert self.get("/count") == (200, f"{self.counted} {self.counted}")

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            return ask(connection, path)[3:5]
        finally:
            connection.close()

    def wrong(self, asked: list[Asked]) -> list[Asked]:
        """The answers that were of no version that was live during the request."""
        return [one for one in asked if one.status != 200 or one.body not in self._possible(one)]

    def _possible(self, one: Asked) -> set[str]:
        versions = self.versions[one.path]
        oldest = max(n for n, version in enumerate(versions) if version.live <= one.begin)
        return {version.body for version in versions[oldest:] if version.written <= one.end}

    # Edits ------------------------------------------------------------------------------------

    def write(self, file: str, text: str) -> LiveState:
        return self._take_live(self, file + "\n" + text)

    def replaced(self, file: str, old: str, new: str) -> str:
        text = (self.folder / file).read_text()
        assert old in text
        return text.replace(old, new)

    def next(self) -> int:
        return next(self._numbers)

    def _plain(self, file: str, name: str) -> None:
        """Change the text that a route answers with, in whatever file that stands."""
        old = self.now(f"/{name}")
        new = f"{old.split()[0]} {self.next()}"
        with self.edit(**{name: new}):
            assert self.write(file, self.replaced(file, f'"{old}"', f'"{new}"')).problem is None

    def body(self) -> None:
        self._plain("app.py", "body")

    def helper(self) -> None:
        self._plain("helper.py", "helped")

    def blueprint(self) -> None:
        self._plain("shop.py", "shop")

    def constant(self) -> None:
        self._plain("app.py", "sign")

    def template(self) -> None:
        base, page = self.now("/page").split(", ")
        new = f"page {self.next()}"
        with self.edit(page=f"{base}, {new}"):
            self.write("templates/page.html", self.replaced("templates/page.html", page, new))

    def base(self) -> None:
        base, page = self.now("/page").split(", ")
        new = f"base {self.next()}"
        with self.edit(page=f"{new}, {page}"):
            self.write("templates/base.html", self.replaced("templates/base.html", base, new))

    def broken(self) -> None:
        """Half a function, then the whole of it: the last good app answers meanwhile."""
        old, new = self.now("/body"), f"body {self.next()}"
        whole = self.replaced("app.py", f'"{old}"', f'"{new}"')
        with self.edit():
            assert self.write("app.py", whole.replace("def page():", "def page(")).problem is not None
        with self.edit(body=new):
            assert self.write("app.py", whole).problem is None

    def broken_template(self) -> None:
        base, page = self.now("/page").split(", ")
        new = f"page {self.next()}"
        whole = self.replaced("templates/page.html", page, new)
        with self.edit():
            self.write("templates/page.html", whole.replace("endblock %}", "endblo"))
        self.check("page")
        with self.edit(page=f"{base}, {new}"):
            self.write("templates/page.html", whole)

    def route(self) -> None:
        """A route is added, renamed, and taken away."""
        number = self.next()
        text = (self.folder / "app.py").read_text()
        added = f'\n@app.get("/new{number}")\ndef new{number}():\n    return "new {number}"\n'
        with self.edit():
            self.write("app.py", text + added)
        assert self.get(f"/new{number}") == (200, f"new {number}")
        with self.edit():
            self.write("app.py", text + added.replace(f'"/new{number}"', f'"/renamed{number}"'))
        assert self.get(f"/renamed{number}") == (200, f"new {number}")
        assert self.get(f"/new{number}")[0] == 404
        with self.edit():
            self.write("app.py", text)
        assert self.get(f"/renamed{number}")[0] == 404

    # What only the window's way has -----------------------------------------------------------

    def form(self) -> None:
        """The answer of a view, by its form; then undo."""
        old, new = self.now("/body"), f"body {self.next()}"
        route = next(one for one in self.session.snapshot.project.routes if one.rule == "/body")
        draft = replace(RouteDraft.of(route), answer=Answer(AnswerKind.TEXT, new))
        with self.edit(body=new):
            self.session.change_route(route, draft)
            self.session.go_live()
        with self.edit(body=old):
            self.session.undo()
            self.session.go_live()

    def route_by_form(self) -> None:
        """A route added, changed and removed by its form, then brought back by undo, and gone by redo."""
        number = self.next()
        draft = RouteDraft(
            f"/form{number}", function=f"form{number}", answer=Answer(AnswerKind.TEXT, "first")
        )
        with self.edit():
            self.session.add_route(draft)
            self.session.go_live()
        assert self.get(f"/form{number}") == (200, "first")
        with self.edit():
            self.session.change_route(self._found(number), replace(draft, rule=f"/other/form{number}"))
            self.session.go_live()
        assert self.get(f"/other/form{number}") == (200, "first")
        with self.edit():
            self.session.remove_route(self._found(number))
            self.session.go_live()
        assert self.get(f"/other/form{number}")[0] == 404
        with self.edit():
            self.session.undo()
            self.session.go_live()
        assert self.get(f"/other/form{number}") == (200, "first")
        with self.edit():
            self.session.redo()
            self.session.go_live()
        assert self.get(f"/other/form{number}")[0] == 404

    def _found(self, number: int) -> Route:
        return next(one for one in self.session.snapshot.project.routes if one.function == f"form{number}")


ANY_WAY = (
    World.body,
    World.helper,
    World.blueprint,
    World.constant,
    World.template,
    World.base,
    World.broken,
    World.broken_template,
    World.route,
)
BY_FORM = (World.form, World.route_by_form)


def by_the_session(world: World, file_and_text: str) -> LiveState:
    """Save a file as the window's editor does, and take it live."""
    file, _, text = file_and_text.partition("\n")
    world.session.write_text(file, text, world.session.read_text(file).token)
    return world.session.go_live()


def by_another_program(world: World, file_and_text: str) -> LiveState:
    """Write a file beside the session, and follow the watcher as the window does."""
    file, _, text = file_and_text.partition("\n")
    path = world.folder / file
    with suppress(Empty):
        while True:
            world.told.get_nowait()
    beside = path.with_name(path.name + ".tmp")
    beside.write_text(text)
    beside.replace(path)
    while file not in (files := world.told.get(timeout=PATIENCE)):
        pass
    world.session.rescan(files)
    return world.session.go_live()


@dataclass(frozen=True)
class Way:
    take_live: Callable[[World, str], LiveState]
    kinds: tuple[Callable[[World], None], ...]


WAYS = {
    "by the session": Way(by_the_session, ANY_WAY + BY_FORM),
    "by another program": Way(by_another_program, ANY_WAY),
}


def many_edits(folder: Path, way: Way, edits: int) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    world = World(folder, way.take_live)
    try:
        with Clients(world.port) as clients:
            shuffled = random.Random(edits)
            while world.edits < edits:
                for kind in shuffled.sample(way.kinds, len(way.kinds)):
                    kind(world)
        assert clients.errors == []
        assert world.wrong(clients.asked) == []
        assert len(clients.asked) > world.edits  # they were asking all the time
    finally:
        world.close()


@pytest.mark.parametrize("way", WAYS)
def test_many_edits_under_sixteen_clients(tmp_path: Path, way: str) -> None:
    many_edits(tmp_path, WAYS[way], QUICK // len(WAYS))


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_thousand_edits_under_sixteen_clients(tmp_path: Path, way: str) -> None:
    many_edits(tmp_path, WAYS[way], LONG)
