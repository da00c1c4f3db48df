"""A small shop as somebody else may have made it, which the tour opens."""

from __future__ import annotations

from pathlib import Path

_FILES = {
    "app.py": '''\
from flask import Flask, abort, render_template, url_for

from api import api

app = Flask(__name__)
app.register_blueprint(api, url_prefix="/api")

BOOKS = {1: "Dune", 2: "Emma", 3: "Momo"}


@app.get("/")
def index():
    """All books."""
    return render_template("index.html", books=BOOKS)


@app.get("/books/<int:book_id>")
def show_book(book_id):
    """One book, by its number."""
    if book_id not in BOOKS:
        abort(404)
    return render_template("book.html", title=BOOKS[book_id])


@app.get("/newest")
def newest():
    return {"see": url_for("show_book", book_id=max(BOOKS))}
''',
    "api.py": """\
from flask import Blueprint, url_for

api = Blueprint("api", __name__)


@api.get("/links/<int:book_id>")
def link(book_id):
    return {"page": url_for("show_book", book_id=book_id)}
""",
    "templates/base.html": """\
<!doctype html>
<title>{% block title %}Books{% endblock %}</title>
<a href="{{ url_for('index') }}">All books</a>
{% block content %}{% endblock %}
""",
    "templates/index.html": """\
{% extends "base.html" %}
{% block content %}
{% for id, title in books.items() %}
<p><a href="{{ url_for('show_book', book_id=id) }}">{{ title }}</a></p>
{% endfor %}
{% endblock %}
""",
    "templates/book.html": """\
{% extends "base.html" %}
{% block content %}<h1>{{ title }}</h1>{% endblock %}
""",
}


def write_shop(folder: Path) -> Path:
    """Write it into a folder that is not there yet, which is returned."""
    for name, text in _FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder
