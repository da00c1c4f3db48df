"""What the checks of templates say only where it is sure, and what they say without an edit that mends it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from template_cases import HEAD, HELLO, HOME, site
from yardstick import yard

from playground.core.problems import Problem
from playground.project.checks.template_fields import forms
from playground.project.checks.template_says import says
from playground.project.folder import Project


def findings(folder: Path, files: Mapping[str, str]) -> tuple[Problem, ...]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = Project(folder)
    project.scan()
    return project.findings()


RIGHT: dict[str, dict[str, str]] = {
    "context_processor": site(
        '@app.context_processor\ndef always():\n    return {"year": 2026}\n\n\n' + HELLO,
        hello="{{ name }} {{ year }}",
    ),
    "context_processor_worked_out": site(
        "@app.context_processor\ndef always():\n    return load()\n\n\n" + HELLO, hello="{{ year }}"
    ),
    "template_global": site(
        "@app.template_global()\ndef year():\n    return 2026\n\n\n" + HELLO, hello="{{ year() }}"
    ),
    "extension": {
        **site(HELLO, hello="{% extends 'bootstrap/base.html' %}{{ current_user.name }}"),
        "more.py": "from flask_login import LoginManager\n",
    },
    "name_in_a_variable": site(
        '@app.get("/<page>")\ndef show(page):\n    return render_template(page + ".html", x=1)\n\n\n' + HELLO,
        hello="{{ x }}",
    ),
    "one_of_two": site(
        '@app.get("/")\ndef show():\n    return render_template(["own.html", "hello.html"], x=1)\n',
        hello="{{ x }}",
    ),
    "unpacked": site(
        '@app.get("/")\ndef show():\n    return render_template("hello.html", **values())\n', hello="{{ x }}"
    ),
    "asked_about": site(
        HELLO,
        hello="{% if error %}{{ error }}{% endif %}{{ title or 'x' }}{{ y|default(1) }}{{ z if z else 1 }}"
        "{% if q is defined %}{{ q }}{% endif %}{{ name }}",
    ),
    "made_in_the_template": site(
        HELLO,
        base="<title>{{ heading }}</title>{% block b %}{% endblock %}",
        rows="{{ row }}{{ loop.index }}",
        forms="{% macro field(label) %}{{ label }}{{ caller() }}{{ varargs }}{% endmacro %}",
        hello="{% extends 'base.html' %}{% set heading = name %}{% from 'forms.html' import field %}"
        "{% block b %}{% for row in [1] %}{% include 'rows.html' %}{% endfor %}{{ super() }}{{ self.b }}"
        "{% with a = 1 %}{{ a }}{% endwith %}{% call(u) field('x') %}{{ u }}{% endcall %}"
        "{% set ns = namespace(n=0) %}{% set ns.n = 1 %}{{ request.path }}{{ g.x }}{{ config.DEBUG }}"
        "{{ session.x }}{{ get_flashed_messages() }}{{ range(3) }}{% endblock %}",
    ),
    "other_loader": site("from jinja2 import DictLoader\napp.jinja_loader = DictLoader({})\n" + HOME),
    "optional_part": site(HOME, home="{% include 'none.html' ignore missing %}"),
    "not_rendered": site(HOME, home="", other="{{ anything }}"),
    "folder_of_its_own": {
        "app.py": HEAD.replace("__name__", '__name__, template_folder="pages"') + HOME,
        "pages/home.html": "x",
    },
    "folder_of_a_blueprint": {
        "app.py": HEAD + "from shop import bp\n\napp.register_blueprint(bp)\n",
        "shop/__init__.py": "from flask import Blueprint, render_template\n\n"
        "bp = Blueprint('shop', __name__, template_folder='templates', static_folder='static')\n\n\n"
        "@bp.get('/')\ndef index():\n    return render_template('shop/index.html')\n",
        "shop/templates/shop/index.html": "{{ url_for('.index') }}{{ url_for('shop.static', filename='x') }}",
    },
    "endpoints": site(
        '@app.get("/page/", defaults={"number": 1})\n@app.get("/page/<int:number>")\ndef page(number):\n'
        '    return render_template("page.html")\n\n\n'
        '@app.get("/old", endpoint="archive")\ndef old():\n    return "x"\n',
        page="{{ url_for('page') }}{{ url_for('page', number=2, _anchor='x') }}{{ url_for('archive') }}"
        "{{ url_for('static', filename='a.css') }}{# {{ url_for('no') }} #}{{ url_for(request.endpoint) }}"
        "{% raw %}{{ url_for('no') }}{% endraw %}",
    ),
    "views_of_other_kinds": site(
        'app.add_url_rule("/a", "a", lambda: "x")\n\n\n' + HOME, home="{{ url_for('a') }}"
    ),
    "decorator_of_its_own": site(
        "def page(rule):\n    def add(view):\n        app.route(rule)(view)\n        return view\n"
        "    return add\n\n\n"
        '@page("/about")\ndef about():\n    return "x"\n\n\n' + HOME,
        home="{{ url_for('about') }}",
    ),
    "values_filled_in": site(
        '@app.url_defaults\ndef add(endpoint, values):\n    values.setdefault("name", "x")\n\n\n' + HELLO,
        hello="{{ url_for('hello') }}{{ name }}",
    ),
    "addresses": {
        **site(
            HOME,
            home="<link href='#top'><a href='about'>x</a><a href='mailto:a@b.c'>x</a>"
            "<img src='https://example.org/style.css'><link href='/static/style.css'><img src='data:x'>"
            "<link href=\"{{ url_for('static', filename='style.css') }}\"><!-- <link href='style.css'> -->"
            "<img src='none.png'>",
        ),
        "static/style.css": "",
    },
    "route_that_serves_files": {
        **site(
            '@app.get("/<path:file>")\ndef any_file(file):\n    return file\n\n\n' + HOME,
            home="<link href='/style.css'>",
        ),
        "static/style.css": "",
    },
    "safe_of_its_own": site(
        '@app.get("/")\ndef home():\n    q = request.args.get("q", "")\n'
        '    return render_template("home.html", html="<b>x</b>", q=len(q))\n',
        home="{{ html|safe }}{{ q|safe }}",
    ),
    "filters_of_its_own": site(
        '@app.template_filter("shout")\ndef shout(text):\n    return text\n\n\n' + HELLO,
        hello="{{ name|shout|upper }}",
    ),
    "tags_of_an_extension": site(
        'app.jinja_env.add_extension("jinja2.ext.do")\n\n\n' + HELLO, hello="{% do [].append(name) %}"
    ),
    "forms": site(
        '@app.route("/", methods=["GET", "POST"])\ndef home():\n    if request.method == "POST":\n'
        '        return request.form["text"] + request.form.get("other", "")\n'
        '    return render_template("home.html")\n',
        home="<form method=\"post\"><input name='text'><textarea name='more'></textarea></form>"
        "<form method=\"post\" action='https://example.org/'><input name='texts'></form>"
        "<form method='post'>{{ token }}<input name='texts'></form><form><input name='texts'></form>".replace(
            "{{ token }}", "{% if 1 %}{% endif %}"
        ),
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_what_may_be_right(tmp_path: Path, name: str) -> None:
    assert findings(tmp_path, RIGHT[name]) == ()


TOLD = {
    "no_filter_like_it": (
        site(HELLO, hello="{{ name|qwertz }}"),
        "template-syntax",
        "Jinja has no filter qwertz.",
    ),
    "two_blocks": (
        site(HOME, home="{% block a %}{% endblock %}\n{% block a %}{% endblock %}"),
        "template-syntax",
        "The block a is there twice.",
    ),
    "nothing_like_it": (
        site(HOME, home="{{ url_for('qwertz') }}"),
        "dead-endpoint",
        "No endpoint is called qwertz.",
    ),
    "not_known_to_the_view": (
        site(HOME, home="<p>{{ price }}</p>"),
        "undefined-variable",
        "price isn't passed to home.html.",
    ),
    "brackets": (
        site(HELLO, hello="{{ (name] }}"),
        "template-syntax",
        "There is a “]” where “)” should close what was opened.",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_no_edit_mends_is_told(tmp_path: Path, name: str) -> None:
    files, rule, sentence = TOLD[name]
    found = findings(tmp_path, files)
    assert [(one.rule_id, one.sentence) for one in found] == [(rule, sentence)]
    assert found[0].why
    assert len(found[0].sentence.split()) <= 15
    assert [fix.mend for fix in found[0].fixes] == [None]


def test_a_template_that_changes_is_looked_at_again(tmp_path: Path) -> None:
    files = site(HELLO, hello="{{ nmae }}")
    assert [one.rule_id for one in findings(tmp_path, files)] == ["undefined-variable"]
    project = Project(tmp_path)
    project.scan()
    assert project.findings()
    (tmp_path / "templates" / "hello.html").write_text("{{ name }} is right")
    project.refresh(frozenset({"templates/hello.html"}))
    assert project.findings() == ()


def test_a_template_that_cannot_be_read_says_nothing_of_names() -> None:
    assert not says("{{ x").readable
    assert says("{{ x").uses == ()


def test_forms_are_read_as_they_are_written() -> None:
    text = (
        '<form action="{{ url_for(\'login\') }}" method="POST">\n  <input name=\'a\' id="b">\n</form>'
        "<form>{% if x %}<input>{% endif %}</form>"
    )
    form, other = forms(text)
    assert (form.plain, form.line, form.column) == (True, 1, 0)
    assert (other.plain, other.method, other.written) == (False, "GET", "<form>")
    assert (form.method, form.endpoint, form.own_page) == ("POST", "login", False)
    field = form.fields[0]
    assert (field.tag, field.name, field.ident, field.line, field.column) == ("input", "a", "b", 2, 2)


PIECES = st.sampled_from(
    """
    {{ }} {% %} {# #} <!-- --> <form </form> > < <input name= 'a' " ' id="b" url_for('x') url_for( ) if
    endif for x in y endfor block endblock é 😀 extends "base.html" include raw endraw set = |safe
    |nope href="a.css"
    macro
    """.split()  # noqa: SIM905  (a list of quoted words is hard to read)
)


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=60))
def test_no_template_is_too_strange_to_be_read(text: str) -> None:
    says(text)
    forms(text)


@pytest.mark.parametrize(
    "piece", ["<form {{ ", "<form>", "<form {{}}", "<!--", "{# #}", "<a ", "<input name='", "{{}} "]
)
def test_a_long_odd_text_is_read_in_time(piece: str) -> None:
    began = time.thread_time()
    text = piece * (60_000 // len(piece))
    forms(text)
    forms("</form>" + text)
    if "{{" not in piece:
        says(text)
    assert time.thread_time() - began < 400 * yard()
