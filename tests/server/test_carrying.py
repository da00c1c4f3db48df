"""A fresh import keeps the plain data whose defining statement did not change."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from playground.server.live_app import LiveApp

APP = """\
import threading
from collections import Counter
from dataclasses import dataclass, field

from flask import Flask

app = Flask(__name__)
start = 10
users = {}
numbers: list[int] = []
hits = 0
double = start * 2
words = Counter()
lock = threading.Lock()


@dataclass
class Book:
    title: str
    tags: list[str] = field(default_factory=list)

    def show(self):
        return "old " + self.title


books = []


@app.get("/add")
def add():
    global hits, double
    hits += 1
    double += 1
    users[hits] = {"name": "Ada", "n": (hits, {1.5})}
    numbers.append(hits)
    words.update(["a"])
    books.append(Book(f"b{hits}"))
    return "added"


@app.get("/state")
def state():
    return f"{hits} {double} {users} {numbers} {dict(words)} {[book.show() for book in books]}"
"""


class Live:
    """A live app and a client of it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "app.py"
        self.path.write_text(APP)
        self.app = LiveApp(folder)
        assert self.app.go_live(None).problem is None

    def edit(self, old: str, new: str) -> str:
        text = self.path.read_text()
        assert old in text
        self.path.write_text(text.replace(old, new, 1))
        state = self.app.go_live(frozenset({"app.py"}))
        assert state.problem is None
        return state.how

    def get(self, path: str) -> str:
        assert self.app.slot.app is not None
        return self.app.slot.app.test_client().get(path).text


def globals_of(live: Live) -> dict[str, Any]:
    """The names of the module that is live."""
    assert live.app.slot.app is not None
    view: Any = live.app.slot.app.view_functions["add"]
    return dict(view.__globals__)


def test_all_three_ways_keep_the_data(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    live = Live(tmp_path)
    try:
        live.get("/add")
        assert live.edit('return "added"', 'return "added!"') == "body"
        live.get("/add")
        assert live.edit('@app.get("/state")', '@app.get("/more")\n@app.get("/state")') == "structure"
        live.get("/add")
        (tmp_path / "templates" / "x.html").write_text("x")
        assert live.app.go_live(frozenset({"templates/x.html"})).how == "template"
        assert live.get("/more").startswith("3 23 {1: {'name': 'Ada', 'n': (1, {1.5})}, 2:")
        assert "[1, 2, 3] {'a': 3} ['old b1', 'old b2', 'old b3']" in live.get("/state")
    finally:
        live.app.close()


def test_instances_belong_to_the_new_class(tmp_path: Path) -> None:
    live = Live(tmp_path)
    try:
        live.get("/add")
        live.edit("class Book:", "class Book:  # changed\n    kind = 'book'\n")
        assert "'old b1'" in live.get("/state")
        live.edit('@app.get("/add")', '@app.get("/plus")')
        live.edit('"old " + self.title', '"new " + self.title + self.kind')
        assert "['new b1book']" in live.get("/state")
    finally:
        live.app.close()


def test_a_changed_definition_starts_anew_and_with_it_what_is_made_of_it(tmp_path: Path) -> None:
    live = Live(tmp_path)
    try:
        live.get("/add")
        live.edit("numbers: list[int] = []", "numbers: list[int] = [7]")
        live.edit("start = 10", "start = 100")
        assert live.get("/state").startswith("1 200 {1:")
        assert "[7]" in live.get("/state")
    finally:
        live.app.close()


def test_a_source_that_does_not_load_loses_nothing(tmp_path: Path) -> None:
    live = Live(tmp_path)
    try:
        live.get("/add")
        good = live.path.read_text()
        live.path.write_text(good + "\nbroken(\n")
        assert live.app.go_live(frozenset({"app.py"})).problem is not None
        live.get("/add")
        live.path.write_text(good.replace('return "added"', 'return "mended"'))
        state = live.app.go_live(frozenset({"app.py"}))
        assert (state.how, state.problem) == ("body", None)
        assert live.get("/add") == "mended"
        assert live.get("/state").startswith("3 ")
    finally:
        live.app.close()


def test_requests_may_change_the_data_while_it_is_taken_along(tmp_path: Path) -> None:
    live = Live(tmp_path)
    users = globals_of(live)["users"]
    users.update((number, {"name": "Ada"}) for number in range(50_000))
    over = threading.Event()

    def ask() -> None:
        number = len(users)
        while not over.is_set() and number < 3_000_000:
            number += 1
            users[number] = None

    asking, interval = threading.Thread(target=ask), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    asking.start()
    try:
        assert live.edit('@app.get("/state")', '@app.get("/more")\n@app.get("/state")') == "structure"
        assert globals_of(live)["users"] is users
    finally:
        over.set()
        asking.join()
        sys.setswitchinterval(interval)
        live.app.close()
