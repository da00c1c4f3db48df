"""What can be completed at a place in a template, and that asking never fails."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yardstick import yard

from playground.core.completing import Completion, Endpoint, Given, Member, TemplateFacts, Word
from playground.core.completing_places import tags
from playground.core.completing_words import complete

ADDRESS = (Member("city", "str", "'Ulm'", "key"), Member("items", kind="method"))
USER = (Member("name", "str", "'Ada'"), Member("age", "int", "36"), Member("greet", kind="method"))
FACTS = TemplateFacts(
    "page.html",
    "GET /",
    given=(
        Given("user", "User", "<User Ada>", -1, USER),
        Given("users", "list", "[<User Ada>]", 1, (Member("append", kind="method"),), USER),
        Given("address", "dict", "{'city': 'Ulm'}", 1, ADDRESS),
        Given("people", "dict", "{1: <User Ada>}", 1, (), USER),
        Given("title", "str", "'Hello'"),
    ),
    flasks=(
        Given("request", "Request", ""),
        Given("session", "Session", "", 1, (Member("cart", "list", "[]", "key"),)),
    ),
    filters=(Word("title"), Word("upper"), Word("length")),
    tests=(Word("defined"), Word("divisibleby")),
    globals=(Word("url_for"), Word("range")),
    blocks=(Word("content", "in base.html"), Word("head", "in base.html")),
    templates=("base.html", "page.html", "parts/row.html", "forms.html"),
    endpoints=(Endpoint("index", (), "/"), Endpoint("users.show", ("user_id", "tab"), "/users/<user_id>")),
    static_files=("style.css", "img/logo.png"),
    macros={"forms.html": (Word("input", "(name)"),)},
)


def at_mark(marked: str) -> Completion | None:
    """What is completed where a text has its ``¦``."""
    cursor = marked.index("¦")
    return complete(marked.replace("¦", "", 1), cursor, FACTS)


def names(marked: str) -> list[str]:
    found = at_mark(marked)
    return [one.name for one in found.candidates] if found is not None else []


def taken(marked: str, name: str) -> str:
    """The text after a candidate is taken."""
    found = at_mark(marked)
    assert found is not None
    text = marked.replace("¦", "", 1)
    one = next(one for one in found.candidates if one.name == name)
    return text[: found.start] + one.text + text[found.end :]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("{{ us¦", ["user", "users"]),
        ("{{ user.¦", ["name", "age", "greet"]),
        ("{{ user.na¦ }}", ["name"]),
        ("{{ address.ci¦ }}", ["city"]),
        ("{{ address['¦'] }}", ["city"]),
        ("{{ users[0].¦ }}", ["name", "age", "greet"]),
        ("{{ (users|first).¦ }}", []),
        ("{{ user.name.¦ }}", []),
        ("{% for u in users %}{{ u.¦", ["name", "age", "greet"]),
        ("{% for u in users|sort %}{{ u.a¦", ["age"]),
        ("{% for u in users if u.¦", ["name", "age", "greet"]),
        ("{% for key, value in people.items() %}{{ value.a¦", ["age"]),
        ("{% for u in people.values() %}{{ u.a¦", ["age"]),
        ("{% for u in users %}{% endfor %}{{ u.¦", []),
        ("{% for u in users %}{{ loop.index¦", ["index", "index0"]),
        ("{{ loop.¦ }}", []),
        ("{% set who = user %}{{ who.¦", ["name", "age", "greet"]),
        ("{% set user = user %}{{ user.a¦", ["age"]),
        ("{% with who = users[0] %}{{ who.a¦", ["age"]),
        ("{% macro field(label) %}{{ lab¦", ["label"]),
        ("{% macro field(label) %}{% endmacro %}{{ fie¦", ["field"]),
        ("{% set whole %}x{% endset %}{{ who¦", ["whole"]),
        ("{{ session.¦", ["cart"]),
        ("{{ request.arg¦", ["args", "view_args"]),
        ("{{ title|¦", ["title", "upper", "length"]),
        ("{{ title | up¦ }}", ["upper"]),
        ("{% filter up¦", ["upper"]),
        ("{% if title is ¦", ["not", "defined", "divisibleby"]),
        ("{% if title is not de¦", ["defined"]),
        ("{% bl¦", ["block"]),
        ("{%- for u in users %}{% end¦", ["endfor"]),
        ("{% block content %}{% if x %}{% endif %}{% end¦", ["endblock"]),
        ("{% if x %}{% el¦", ["elif", "else"]),
        ("{% el¦", []),
        ("{% extends 'ba¦", ["base.html"]),
        ('{% extends "¦" %}', ["base.html", "parts/row.html", "forms.html"]),
        ("{% include ['a.html', 'ro¦']", ["parts/row.html"]),
        ("{% extends 'base.html' %}{% block co¦", ["content"]),
        ("{% extends 'base.html' %}{% block content %}{% endblock %}{% block ¦", ["head"]),
        ("{% block content %}{% endblock ¦", ["content"]),
        ("{{ url_for('¦') }}", ["index", "users.show"]),
        ("{{ url_for('users.show', ¦", ["user_id", "tab"]),
        ("{{ url_for('users.show', user_id=user.¦", ["name", "age", "greet"]),
        ("{{ url_for('users.show', user_id=1, ¦", ["tab"]),
        ("{{ url_for('static', filename='st¦", ["style.css"]),
        ("{% from 'forms.html' import ¦", ["input"]),
        ("{% import 'forms.html' as forms %}{{ forms.¦", ["input"]),
        ("{% for x i¦", ["in"]),
        ("{% for us¦", []),
        ("{% set us¦", []),
        ("{{ user i¦", ["if", "in", "is"]),
        ("{{ us¦er }}", ["user", "users"]),
        ("{{ user¦ }}", ["user", "users"]),
        ("{{ title¦ }}", []),
        ("us¦", []),
        ("<p class='us¦'>", []),
        ("{# us¦ #}", []),
        ("{% raw %}{{ us¦", []),
        ("{{ user }} us¦", []),
        ("{{ 'us¦' }}", []),
        ("{{ 1.¦ }}", []),
        ("{{ user.name\n<p>us¦", []),
        ("{{ user.name\nus¦", []),
        ("{{ user\n  |up¦", ["upper"]),
        ("{{ {'a': {'b': us¦", ["user", "users"]),
        ("{{ {'a': {}} }} us¦", []),
    ],
)
def test_what_can_be_completed(marked: str, expected: list[str]) -> None:
    assert names(marked) == expected


@pytest.mark.parametrize(
    ("marked", "name", "after"),
    [
        ("{{ us¦ }}", "user", "{{ user }}"),
        ("{{ us¦ername }}", "users", "{{ users }}"),
        ("{% extends ¦ %}", "base.html", '{% extends "base.html" %}'),
        ("{% extends 'b¦ad.html' %}", "base.html", "{% extends 'base.html' %}"),
        ("{% extends 'ba¦ %}", "base.html", "{% extends 'base.html %}"),
        ("{{ url_for(¦) }}", "index", "{{ url_for('index') }}"),
        ("{{ url_for('users.s¦') }}", "users.show", "{{ url_for('users.show') }}"),
        ("{{ url_for('users.show', us¦) }}", "user_id", "{{ url_for('users.show', user_id=) }}"),
        ("{% block content %}{{ sup¦ }}", "super", "{% block content %}{{ super() }}"),
    ],
)
def test_what_taking_one_writes(marked: str, name: str, after: str) -> None:
    assert taken(marked, name) == after


@pytest.mark.parametrize(
    ("marked", "begun"),
    [
        ("{{ u¦", True),
        ("{{ user.¦", True),
        ("{{ user|¦", True),
        ("{{ url_for('¦", True),
        ("{{ ¦", False),
        ("{% if user ¦", False),
        ("{% include 'base.html'¦", False),
        ("{% extends ¦", False),
    ],
)
def test_nothing_comes_up_unasked_where_nothing_is_begun(marked: str, begun: bool) -> None:
    found = complete(marked.replace("¦", ""), marked.index("¦"), FACTS, asked=False)
    assert (found is not None) == begun
    assert names(marked)  # asked for, there is something everywhere here


def test_what_is_known_of_a_variable_stands_beside_it() -> None:
    found = at_mark("{{ user.na¦")
    assert found is not None
    assert (found.candidates[0].kind, found.candidates[0].detail) == ("attribute", "str · 'Ada'")


PIECES = st.sampled_from(
    """
    {{ }} {% %} {# #} ' " ( ) [ ] { } . , | = for in if is not set block macro import from extends url_for
    endfor end raw endraw users user x < 'a' 1 1. - é 😀 loop self with as
    """.split()  # noqa: SIM905  (a list of quoted words is hard to read)
)


@given(
    st.lists(PIECES, max_size=40).map(" ".join)
    | st.lists(PIECES, max_size=40).map("\n".join)
    | st.text(max_size=60),
    st.integers(-2, 300),
)
def test_completing_never_fails(text: str, cursor: int) -> None:
    found = complete(text, cursor, FACTS)
    if found is not None:
        assert 0 <= found.start <= max(0, min(cursor, len(text))) <= found.end <= len(text)
        assert found.candidates


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), PIECES), max_size=25), st.integers(0, 400))
def test_what_was_asked_before_does_not_matter(edits: list[tuple[int, int, str]], cursor: int) -> None:
    """One key after the other in a text: the same is found as where nothing was asked before."""
    text = "{% for u in users %}{{ u.name }} {# x #}{% if a %}{{ us }}{% endif %}{% endfor %}{{ user."
    for place, length, piece in edits:
        at = min(place, len(text))
        text = f"{text[:at]}{piece} {text[at + length :]}"
        complete(text, at + len(piece), FACTS)
    later = tags(text, cursor)
    tags("", 0)
    assert later == tags(text, cursor)


@pytest.mark.parametrize(
    "text",
    [
        "<p>{% for u in users %}{{ u.name|upper }}{% endfor %}</p>\n" * 2000,
        "{{ user." * 20_000,
        "{{ (" + "(" * 50_000,
        "{{ " + "'\" " * 30_000,
        "{#" * 50_000,
        "{% if user %}" * 8_000 + "{{ us",
        "{% for a, b in x %}" * 5_000 + "{{ us",
    ],
    ids=["much", "half typed", "brackets", "quotes", "comments", "deep", "loops"],
)
def test_it_takes_no_longer_than_its_length(text: str) -> None:
    """Twice as much takes some twice as long; the bound is a wide one."""
    began = time.thread_time()
    complete(text, len(text), FACTS)
    assert time.thread_time() - began < 150 * yard()
