"""Templates as text: what is wrong with them, what they refer to, what a new one may be called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.problems import ProblemError
from playground.project.templates import (
    blocks,
    check_template,
    check_template_name,
    fresh_template,
    references,
    variables,
)


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("{% for user in users %}", "{% for %} block is never closed", "{% endfor %}"),
        ("{% foreach user in users %}", "no tag {% foreach %}", "{% for item in items %}"),
        ("{% blok title %}{% endblok %}", "no tag {% blok %}", "{% block %}"),
        ("{% name %}", "no tag {% name %}", "{{ name }}"),
        ("{% if a %}{% endfor %}", "{% if %} above it is still open", "{% endif %}"),
        ("</p>{% endif %}", "nothing above it to belong to", "Remove it"),
        ("{% if a %}{% else if b %}{% endif %}", "before “if”", "{% elif"),
        ("{% if a = b %}{% endif %}", "single =", "=="),
        ("{{ user. }}", "name should follow the dot", "}}"),
        ("{{ }}", "nothing between {{ and }}", "variable"),
        ("{{ first second }}", "before “second”", "one expression"),
        ("{{ name }", "single “}”", "}}"),
        ("{{ name", "middle of a tag", "}}"),
        ("{{ 'name }}", "quote is opened", "same quote"),
        ("{{ (name] }}", "“)” should close", "bracket"),
        ("{# a note", "comment", "#}"),
        ("{% for user of users %}{% endfor %}", "“in”", "{% for item in items %}"),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "two blocks called “a”", "another name"),
        ("{% extends %}", "ends where a value should follow", "Write"),
    ],
)
def test_an_error_is_said_in_plain_words(text: str, words: str, hint: str) -> None:
    problem = check_template(f"<p>one</p>\n{text}", "templates/page.html")

    assert problem is not None
    assert words in problem.sentence
    assert hint in problem.hint
    assert problem.original
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("templates/page.html", 2)


def test_a_good_template_has_no_problem() -> None:
    assert (
        check_template("{% extends 'base.html' %}{% block a %}{{ x|ours }}{% endblock %}", "a.html") is None
    )


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="{}%#-+ abif'\"()[]\n|.=", max_size=40))
def test_no_text_is_too_strange_to_be_checked(text: str) -> None:
    check_template(text, "a.html")
    references(text)
    variables(text)


def test_references_are_found_but_not_in_comments_or_raw_text() -> None:
    text = (
        '{# {% include "no.html" %} #}{%- extends "base.html" -%}{% raw %}{% include "no.html" %}{% endraw %}'
        "{% include ['a.html', \"b.html\"] ignore missing %}{% from 'macros.html' import field %}"
        "{% import 'macros.html' as m %}{% include chosen %}"
    )

    found = references(text)

    assert found.extends == "base.html"
    assert found.includes == ("a.html", "b.html", "macros.html")


def test_references_are_found_while_the_template_does_not_parse() -> None:
    assert references('{% extends "base.html" %}{% if %}').extends == "base.html"


def test_variables_are_those_that_a_view_has_to_give() -> None:
    text = (
        "{% set mine = 1 %}{{ title }}{% for user in users %}{{ loop.index }} {{ user.name|shout }}{{ mine }}"
        "{% endfor %}{{ url_for('index') }}{{ request.path }}{% if range(3) is odd %}{% endif %}{{ title }}"
    )

    assert variables(text) == ("title", "users")
    assert variables("{{ title") == ()


@pytest.mark.parametrize("name", ["page.html", "users/list.html", "feed.xml", "a-b_c.2.html", "mail.txt"])
def test_good_names(name: str) -> None:
    check_template_name(name, {"other.html"})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a name"),
        ("/page.html", "relative"),
        ("C:page.html", "relative"),
        ("../page.html", "lead out"),
        ("a/../../page.html", "lead out"),
        ("a\\page.html", "“/”"),
        ("what?.html", "characters"),
        ('a".html', "characters"),
        (".hidden.html", "characters"),
        ("a//b.html", "characters"),
        ("page", "no ending"),
        ("page.", "no ending"),
        ("taken.html", "already"),
    ],
)
def test_bad_names_are_refused_at_the_field(name: str, words: str) -> None:
    with pytest.raises(ProblemError) as refused:
        check_template_name(name, {"taken.html"})

    assert refused.value.problem.field == "template"
    assert words in refused.value.problem.sentence


def test_a_name_without_an_ending_gets_html_suggested() -> None:
    with pytest.raises(ProblemError) as refused:
        check_template_name("page", ())

    assert "page.html" in refused.value.problem.hint


def test_a_new_page_extends_the_base_page() -> None:
    alone, based = fresh_template("user_list.html"), fresh_template("user_list.html", "base.html")

    assert "<h1>User list</h1>" in alone
    assert references(based).extends == "base.html"
    assert blocks(based) == {"content"}
    assert check_template(alone, "x") is None
    assert check_template(based, "x") is None
    assert fresh_template("feed.xml") == ""
