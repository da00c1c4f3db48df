"""Others, as the tour plays them: a shop that somebody else may have made, and guests of a shared app."""

from __future__ import annotations

import http.client
from contextlib import closing
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


ROOM = "127.0.0.2"
"""The address of this machine that plays the one in a network."""
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"
_GUESTS = (
    ("127.0.0.31", _PHONE, 12, "GET", "/hello/Lin"),
    ("127.0.0.18", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0", 9, "GET", "/users/42"),
    ("127.0.0.44", _PHONE, 7, "GET", "/users/abc"),
    ("127.0.0.52", "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Mobile/15E148", 5, "PUT", "/users/42"),
    ("127.0.0.61", _PHONE, 4, "GET", "/"),
)
"""Each with its address, what its browser says of itself, how often it asks, and for what at last."""


def come_in(port: int) -> None:
    """Let the guests ask a shared app, one after the other; until its last request each asks for ``/``."""
    for address, agent, times, method, path in _GUESTS:
        for number in range(1, times + 1):
            asked = (method, path) if number == times else ("GET", "/")
            with closing(http.client.HTTPConnection(ROOM, port, 10, (address, 0))) as connection:
                connection.request(*asked, headers={"User-Agent": agent})
                connection.getresponse().read()
