"""What a template was last given: seen without running any of the app's code but a bounded ``repr``."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from playground.core.completing import Given
from playground.server.short_repr import short_repr, snapshot
from playground.server.template_values import PAUSE, TemplateValues, members

if TYPE_CHECKING:
    from conftest import Served


class Trap:
    """Whatever runs code of its own when it is looked at."""

    ran: list[str] = []

    def __init__(self) -> None:
        object.__setattr__(self, "plain", 7)

    def __getattribute__(self, name: str) -> Any:
        Trap.ran.append(name)
        raise RuntimeError("looked at")

    def __getattr__(self, name: str) -> Any:
        Trap.ran.append(name)
        raise RuntimeError("looked at")

    def __iter__(self) -> Any:
        Trap.ran.append("iter")
        raise RuntimeError("looped over")

    def __len__(self) -> int:
        Trap.ran.append("len")
        raise RuntimeError("counted")

    def __bool__(self) -> bool:
        Trap.ran.append("bool")
        raise RuntimeError("asked")

    def __eq__(self, other: object) -> bool:
        Trap.ran.append("eq")
        raise RuntimeError("compared")

    __hash__ = object.__hash__

    @property
    def costly(self) -> int:
        Trap.ran.append("costly")
        raise RuntimeError("worked out")

    def __repr__(self) -> str:
        raise ValueError("no")


class Slotted:
    __slots__ = ("empty", "held")

    def __init__(self) -> None:
        self.held = "x" * 500


@dataclass
class Book:
    title: str
    year: int

    def age(self) -> int:
        return 2026 - self.year


Pair = namedtuple("Pair", "left right")


def seen(**context: Any) -> dict[str, Given]:
    values = TemplateValues(short_repr)
    values.note("page.html", "GET", "/", context)
    last = values.last("page.html")
    assert last is not None
    return {one.name: one for one in (*last.given, *last.flasks)}


def test_names_types_texts_and_members() -> None:
    known = seen(
        name="Ada", books=[Book("Emma", 1815)], shop={"city": "Ulm", 7: "no name"}, by={"a": Book("b", 1)}
    )
    assert (known["name"].type, known["name"].text) == ("str", "'Ada'")
    assert (known["books"].type, known["books"].size) == ("list", 1)
    assert [(one.name, one.type, one.text, one.kind) for one in known["books"].items] == [
        ("title", "str", "'Emma'", "attribute"),
        ("year", "int", "1815", "attribute"),
        ("age", "", "", "method"),
    ]
    assert [one.name for one in known["shop"].members if one.kind == "key"] == ["city"]
    assert "items" in [one.name for one in known["shop"].members]
    assert [one.name for one in known["by"].items][:2] == ["title", "year"]
    assert [one.name for one in seen(pair=Pair(1, 2))["pair"].members][:2] == ["left", "right"]


def test_nothing_of_the_app_runs() -> None:
    Trap.ran.clear()
    known = seen(trap=Trap(), traps=[Trap()], held={"trap": Trap()})
    assert set(Trap.ran) <= {"__class__"}  # reprlib names the class of what can't say what it is
    assert "in its repr" in known["trap"].text
    assert [one.name for one in known["trap"].members] == ["plain", "ran", "costly"]
    assert [one.name for one in known["traps"].items] == ["plain", "ran", "costly"]


def test_a_generator_is_not_used_up() -> None:
    rows = (number for number in range(3))
    seen(rows=rows)
    assert list(rows) == [0, 1, 2]


def test_slots_are_read_and_texts_are_short() -> None:
    by_name = {one.name: one for one in seen(it=Slotted())["it"].members}
    assert (by_name["empty"].text, by_name["held"].type) == ("", "str")
    assert len(by_name["held"].text) <= 60


def test_it_is_bounded() -> None:
    wide = {f"key{number}": number for number in range(5000)}
    known = seen(wide=wide, **{f"name{number}": number for number in range(5000)})
    assert len(known) == 100
    assert len(known["wide"].members) == 100


def test_a_secret_of_the_configuration_is_not_told() -> None:
    known = seen(config={"SECRET_KEY": "hush"}, session={"user": 7})
    assert [one.name for one in known["config"].members][:1] == ["SECRET_KEY"]
    assert "hush" not in repr(known["config"])
    assert known["session"].members[0].text == "7"


def test_no_object_is_kept_alive() -> None:
    book = Book("Emma", 1815)
    values, alive = TemplateValues(short_repr), weakref.ref(book)
    values.note("page.html", "GET", "/", {"book": book, "books": [book]})
    del book
    gc.collect()
    assert alive() is None


def test_a_template_is_looked_into_four_times_a_second_and_its_values_are_the_last() -> None:
    values = TemplateValues(short_repr)
    values.note("page.html", "GET", "/1", {"book": Book("Emma", 1)}, snapshot({"book": "one"}))
    now = {"book": Book("Dune", 2), "more": 1}
    values.note("page.html", "GET", "/2", now, snapshot({"book": "two", "more": 1}))
    last = values.last("page.html")
    assert last is not None and PAUSE > 0
    assert (last.path, last.number, [one.text for one in last.given]) == ("/2", 2, ["'two'", "1"])
    assert last.given[0].members[0].text == "'Emma'"  # a moment old
    values.note("other.html", "GET", "/", {"book": Book("Emma", 1)})
    assert values.last("other.html") is not None


def test_what_changes_while_it_is_looked_at_does_no_harm() -> None:
    shared: dict[str, int] = {str(number): number for number in range(50)}
    stop = threading.Event()

    def churn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            shared[f"new{number % 500}"] = number
            shared.pop(f"new{(number + 250) % 500}", None)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(300):
            members(shared, short_repr)
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("value", [object(), type, Trap, None, ..., range(3), b"x", len, iter([1])])
def test_any_value_can_be_looked_at(value: object) -> None:
    assert seen(value=value)["value"].name == "value"


def test_a_request_notes_what_its_template_was_given(served: Served) -> None:
    served.folder.write(
        "templates/page.html", "{% extends 'base.html' %}{% block a %}{{ book.title }}{% endblock %}"
    )
    served.folder.write("templates/base.html", "{% block a %}{% endblock %}")
    served.edit(
        "app.py",
        """
        from flask import Flask, render_template
        app = Flask(__name__)
        app.secret_key = "x"

        @app.get("/books/<title>")
        def show(title):
            return render_template("page.html", book={"title": title})
        """,
    )
    answer = served.get("/books/Emma?x=1")
    assert "vary" not in answer.headers  # the session was not opened for this
    last = served.app.recorder.values.last("page.html")
    assert last is not None
    assert (last.method, last.path) == ("GET", "/books/Emma?x=1")
    assert [(one.name, one.type) for one in last.given] == [("book", "dict")]
    assert {one.name for one in last.flasks} == {"request", "g"}
