"""X-ray of templates: their own lines, blocks and variables, with inheritance, includes and macros."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest

from playground.core.stepping import Moment, Stepping

if TYPE_CHECKING:
    from conftest import Served

pytestmark = pytest.mark.skipif(
    threading.gettrace() is not None, reason="a tool that traces all threads is left alone"
)

BASE = """\
<title>{% block title %}Shop{% endblock %}</title>
{% include "part.html" %}
{% block body %}
{% endblock %}
"""
LIST = """\
{% extends "base.html" %}
{% macro item(book) %}
  <li>{{ book.title }}</li>
{% endmacro %}
{% block body %}
  {% set count = books|length %}
  {% for book in books %}
    {{ item(book) }}
  {% else %}
    none, {{ name }}
  {% endfor %}
  {% if count > 1 %}
    many: {{ count }}
  {% endif %}
{% endblock %}
"""
APP = """
    from flask import Flask, render_template, render_template_string
    app = Flask(__name__)

    @app.context_processor
    def always():
        return {"shop": "Lin's"}

    @app.get("/books/<int:n>")
    def books(n):
        return render_template("list.html", books=[{"title": f"B{i}"} for i in range(n)], name="Ada")

    @app.get("/broken")
    def broken():
        return render_template("broken.html", number=0)

    @app.get("/string")
    def string():
        return render_template_string("{{ 1 + 1 }}")

    @app.get("/stream")
    def stream():
        return app.jinja_env.get_template("part.html").stream(name="Eve")
"""


@pytest.fixture
def shop(served: Served) -> Served:
    served.folder.write("templates/base.html", BASE)
    served.folder.write("templates/list.html", LIST)
    served.folder.write("templates/part.html", "<p>{{ name }} of {{ shop }}</p>\n")
    served.folder.write("templates/broken.html", "<p>\n{{ number }}\n{{ 1 / number }}\n")
    served.edit("app.py", APP)
    served.app.set_xray(True)
    return served


def stepped(served: Served, path: str) -> Stepping:
    served.get(path)
    every = [served.app.tracing.stepping(number) for number in range(1, 100)]
    return [each for each in every if each is not None][-1]


def of_templates(stepping: Stepping) -> list[Moment]:
    return [moment for moment in stepping.moments if moment.file.startswith("templates/")]


def test_lines_and_blocks_in_their_order(shop: Served) -> None:
    stepping = stepped(shop, "/books/2")
    lines = [
        (moment.file.removeprefix("templates/"), moment.line, moment.function, moment.block)
        for moment in of_templates(stepping)
        if moment.event == "line"
    ]
    body = ("block body", "body")
    assert lines == [
        ("list.html", 1, "", ""),
        ("list.html", 2, "", ""),
        ("base.html", 1, "", ""),
        ("base.html", 2, "", ""),
        ("part.html", 1, "", ""),
        ("base.html", 3, "", ""),
        ("list.html", 6, *body),
        ("list.html", 7, *body),
        ("list.html", 8, *body),
        ("list.html", 3, "macro item", ""),
        ("list.html", 7, *body),
        ("list.html", 8, *body),
        ("list.html", 3, "macro item", ""),
        ("list.html", 7, *body),
        ("list.html", 12, *body),
        ("list.html", 13, *body),
    ]
    called = [(moment.function, moment.line) for moment in of_templates(stepping) if moment.event == "call"]
    assert ("block title", 1) in called
    assert ("block body", 5) in called
    assert called.count(("macro item", 2)) == 2


def test_a_branch_that_is_not_taken_has_no_moment(shop: Served) -> None:
    lines = {moment.line for moment in of_templates(stepped(shop, "/books/0")) if moment.block == "body"}
    assert 10 in lines
    assert not lines & {8, 13}


def test_variables_have_the_names_of_the_template(shop: Served) -> None:
    moments = of_templates(stepped(shop, "/books/2"))
    first = moments[0]
    assert {value.name: value.text for value in first.values} == {
        "books": "[{'title': 'B0'}, {'title': 'B1'}]",
        "name": "'Ada'",
        "shop": '"Lin\'s"',
    }
    assert {value.name: value.size for value in first.values}["books"] == 2
    at_the_end = next(moment for moment in moments if (moment.line, moment.block) == (13, "body"))
    values = {value.name: value.text for value in at_the_end.values}
    assert values["count"] == "2"
    assert not {"request", "session", "g", "url_for", "item", "context", "environment"} & values.keys()
    changed = [m.changed for m in moments if m.event == "line" and (m.line, m.block) == (8, "body")]
    assert changed == [("book",), ("book",)]
    inside = next(moment for moment in moments if moment.function == "macro item" and moment.event == "line")
    assert [(value.name, value.text) for value in inside.values] == [("book", "{'title': 'B0'}")]


def test_sources_are_the_templates_own(shop: Served) -> None:
    stepping = stepped(shop, "/books/1")
    assert stepping.source("templates/list.html") == LIST
    assert stepping.source("templates/base.html") == BASE


def test_an_error_in_a_template_is_told_at_its_line(shop: Served) -> None:
    stepping = stepped(shop, "/broken")
    raised = [moment for moment in stepping.moments if moment.event == "exception"]
    assert (raised[0].file, raised[0].line) == ("templates/broken.html", 3)
    assert raised[0].result == "ZeroDivisionError: division by zero"
    assert (raised[1].file, raised[1].function) == ("app.py", "broken")


def test_templates_that_are_no_files_and_streams_do_no_harm(shop: Served) -> None:
    assert shop.get("/string").text == "2"
    assert shop.get("/stream").text == "<p>Eve of </p>"
    assert shop.get("/books/1").status == 200


def test_pages_are_the_same_with_and_without(shop: Served) -> None:
    with_it = [shop.get(f"/books/{n}").body for n in range(4)]
    shop.app.set_xray(False)
    assert [shop.get(f"/books/{n}").body for n in range(4)] == with_it


def test_a_replaced_app_is_not_held(shop: Served) -> None:
    old = weakref.ref(shop.app.slot.app)  # type: ignore[type-var]
    shop.get("/books/2")
    shop.app.set_xray(False)
    for _ in range(10):
        shop.get("/books/1")  # so that no worker is still at an old one
    shop.edit("app.py", "from flask import Flask\napp = Flask(__name__)\n")
    gc.unfreeze()  # what was loaded is set aside; it is swept later
    gc.collect()
    assert old() is None
    assert shop.app.tracing.stepping(1) is not None
