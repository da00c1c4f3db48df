"""What the editor of a template is told: what it was given, and all that it may name."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.core.exchanges import RequestSpec
from playground.session.session import Session

FILES = {
    "app.py": """
from flask import Flask, render_template
app = Flask(__name__)
@app.template_filter()
def shout(text):
    \"\"\"The text in capitals. With a mark.\"\"\"
    return text.upper() + "!"
@app.get("/books/<int:number>")
def book(number):
    return render_template("book.html", book={"title": "Emma"}, number=number)
@app.get("/plain")
def plain():
    return render_template("plain.html", colour="red")
""",
    "templates/base.html": "{% block title %}{% endblock %}{% block content %}{% endblock %}"
    "{% include 'foot.html' %}",
    "templates/book.html": "{% extends 'base.html' %}{% from 'forms.html' import field %}{{ book.title }}",
    "templates/foot.html": "{{ number }}",
    "templates/forms.html": "{% macro field(name, kind='text') %}{% endmacro %}",
    "templates/plain.html": "{{ colour }}",
    "static/style.css": "",
    "static/img/logo.png": "",
}


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Session:
    for name, text in FILES.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    session.open(tmp_path / "shop")
    return session


def ask(session: Session, path: str) -> None:
    session.go_live()
    session.start_server(0)
    session.send(RequestSpec("GET", path))


def test_before_anything_runs_the_source_is_known(shop: Session) -> None:
    facts = shop.template_facts("book.html")
    assert (facts.request, facts.given) == ("", ())
    assert [one.name for one in facts.blocks] == ["title", "content"]
    assert [one.name for one in facts.macros["forms.html"]] == ["field"]
    assert [(one.name, one.arguments) for one in facts.endpoints] == [("book", ("number",)), ("plain", ())]
    assert set(facts.static_files) == {"style.css", "img/logo.png"}
    assert "upper" in [one.name for one in facts.filters]
    assert "url_for" in [one.name for one in facts.globals]
    assert "base.html" in facts.templates


def test_a_request_tells_what_a_template_was_given(shop: Session) -> None:
    ask(shop, "/books/7")
    facts = shop.template_facts("book.html")
    assert facts.request == "GET /books/7"
    assert [(one.name, one.type, one.text) for one in facts.given] == [
        ("book", "dict", "{'title': 'Emma'}"),
        ("number", "int", "7"),
    ]
    assert [one.detail for one in facts.filters if one.name == "shout"] == ["The text in capitals"]
    assert "static" in [one.name for one in facts.endpoints]
    config = next(one for one in facts.flasks if one.name == "config")
    assert "SECRET_KEY" in [one.name for one in config.members]


@pytest.mark.parametrize("part", ["base.html", "foot.html"])
def test_parents_and_included_parts_are_given_the_same(shop: Session, part: str) -> None:
    ask(shop, "/books/7")
    facts = shop.template_facts(part)
    assert (facts.request, facts.part_of) == ("GET /books/7", "book.html")
    assert [one.name for one in facts.given] == ["book", "number"]


def test_a_template_of_macros_is_given_nothing(shop: Session) -> None:
    ask(shop, "/books/7")
    assert shop.template_facts("forms.html").request == ""


def test_renderings_are_counted(shop: Session) -> None:
    assert shop.templates_rendered == 0
    ask(shop, "/books/7")
    first = shop.templates_rendered
    ask(shop, "/plain")
    assert shop.templates_rendered > first > 0


def test_of_a_project_that_is_closed_nothing_is_known(shop: Session) -> None:
    shop.close()
    assert shop.template_facts("book.html").templates == ()
