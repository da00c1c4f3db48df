"""A file of which a part changed reads as if it had been read as a whole."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.problems import ProblemError
from playground.project.editing.results import refuse_uncompilable
from playground.project.python.source import Source
from playground.project.reading import module_reading
from playground.project.reading.module_reading import read_module
from playground.project.reading.modules import ModuleReading
from playground.project.reading.whole import Made, join

BLOCKS = [
    "from flask import Flask, jsonify, render_template\n",
    "from flask import *\n",
    "import flask as f\n",
    "from markupsafe import escape\n",
    "from flask import redirect, url_for; x = 1\n",
    "app = Flask(__name__)\n",
    "from flask import Blueprint\nbp = Blueprint('bp', __name__, url_prefix=P)\n",
    "app.register_blueprint(bp)\n",
    "P = '/p'\n",
    "books = []\n",
    "# a comment\n",
    "\n\n",
    "class Shop(View):\n    def get(self): return 'x'\n",
    "app.add_url_rule('/shop', view_func=Shop.as_view('shop'))\n",
    "app.add_url_rule('/one', 'old', one)\n",
    "@app.get('/')\ndef one():\n    return 'x'\n\n",
    "@app.get('/one')\ndef one():\n    return {'books': books, 'two': two}\n",
    "\n\n@app.route('/two')\n@app.post('/zwei')\ndef two(a=1):\n    'Two.'\n    return jsonify(books)\n",
    "\n@bp.get('/three/<name>')\ndef three(name):\n    import os\n    x = one()\n    return f'{name} ä'\n",
    "@bp.get('/four')\nasync def four():\n    return render_template('a.html', b=books), 201\n",
    "def make():\n    app = Flask(__name__)\n    @app.get('/in')\n    def inside(): pass\n    return app\n",
    "def helper(app):\n    class Local: pass\n    app.run()\n    return escape('x')\n",
    "if x:\n    @app.get('/if')\n    def under_if(): return redirect(url_for('one'))\n",
    "else:\n    pass\n",
    "try:\n    import one\nexcept ImportError:\n    one = None\n",
    "    return books\n",
    "'''\ndef not_one():\n",
    "'''\n",
    "def jsonify(x): return x\n",
    "@app.get('/five')\n",
    "def five(): return books; x = 1\n",
    "app.run()\n",
    "K = '/k'\n",
    "def attach(web):\n    two = K + '/in'\n    web.add_url_rule(two, view_func=one)\n",
    "def wire():\n    attach(app)\n    other = app\n"
    "    for at in ('/x', K): other.add_url_rule(at, at, one)\n",
    "def made():\n    mine = Own(__name__)\n    return mine\n",
    "seen = Shop.as_view('seen')\napp.add_url_rule(K, view_func=seen)\n",
    "@app.route(K, methods=M)\ndef k(): return 'x'\n",
    "M = ['PUT']\nroute = app.route\n",
    "@route('/alias')\ndef alias(): return 'x'\n",
    "@app.endpoint('e')\ndef e(): return 'x'\n",
    "if __name__ == '__main__':\n    @app.get('/main')\n    def main(): return 'x'\n",
    "from flask_restful import Api, Resource\napi = Api(app)\n",
    "@api.resource('/res')\nclass Res(Resource):\n    def put(self): return {}\n",
    "def later():\n    api.add_resource(Res, '/more')\n    api.init_app(app)\n",
    "def web():\n    from shop import things as one\n    x = one\n    x = 'two'\n    return one(app, bp)\n",
]
DATA = ("source", "_parsed", "_visible")


def whole(source: Source) -> ModuleReading:
    module_reading._recent.clear()
    return read_module(source)


def said(reading: ModuleReading) -> dict[str, Any]:
    names = [one.name for one in dataclasses.fields(reading) if one.name not in DATA]
    return {name: getattr(reading, name) for name in names}


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.lists(st.sampled_from(BLOCKS), max_size=2)), max_size=8
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(BLOCKS), max_size=12),
    edits,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_statements_that_come_go_and_change(
    blocks: list[str], changes: list[tuple[float, int, list[str]]], newline: str, bom: str
) -> None:
    module_reading._recent.clear()
    known, made = blocks, dict[str, Made]()
    for where, count, added in [(0.0, 0, []), *changes]:
        at = int(where * len(known))
        known = [*known[:at], *added, *known[at + count :]]
        compare("".join(known), made, newline, bom)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(BLOCKS), min_size=3, max_size=12),
    st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 4), st.sampled_from(["", "x", "\n", " ", "one", "\n@", "é"])
        )
    ),
)
def test_characters_that_are_typed(blocks: list[str], typed: list[tuple[float, int, str]]) -> None:
    module_reading._recent.clear()
    text = "".join(blocks)
    made: dict[str, Made] = {}
    compare(text, made)
    for where, count, added in typed:
        at = int(where * len(text))
        text = text[:at] + added + text[at + count :]
        compare(text, made)


def compare(text: str, known: dict[str, Made], newline: str = "\n", bom: str = "") -> None:
    """Read after what was read before, and afresh."""
    data = (bom + text.replace("\n", newline)).encode()
    before = dict(module_reading._recent)
    try:
        read = read_module(Source("app.py", data))
    except ProblemError as error:
        with pytest.raises(ProblemError) as refused:
            whole(Source("app.py", data))
        assert refused.value.problem == error.problem
        module_reading._recent.update(before)
        return
    found = said(read)
    after = dict(module_reading._recent)
    other = whole(Source("shop.py", b"from app import bp, app\n@bp.get('/x')\ndef x(): return 'x'\n"))
    readings = {"app.py": read, "shop.py": other}
    assert join(readings, known) == join(readings)
    assert found == said(whole(Source("app.py", data)))
    module_reading._recent.update(after)


HEAD = (
    "from flask import Flask, jsonify\nfrom markupsafe import escape\n\napp = Flask(__name__)\nbooks = []\n\n"
)
BODIES = [
    "    return 'x'\n",
    "    '''Two\n\nlines'''\n    return {'books': books, 'other': view_3}\n",
    "    return jsonify(books), 201\n\n\n# below\n\n",
    "    x = view_1()\n    return f'<p>{name}</p>'\n",
    "    import os\n\n    def view_2(): return os.name\n    return view_2()\n",
    "    return [view_5, fresh]\n",
]
HEADS = [
    "@app.get('/{0}/<name>')\ndef view_{0}(name):\n",
    "\n@app.route('/{0}')\n@app.post('/p{0}')\ndef view_{0}():\n",
]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from([*HEADS, None, "from x import y{0} as fresh\n"]),
            st.sampled_from(BODIES),
        ),
        min_size=4,
        max_size=25,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_views_that_come_go_and_change(changes: list[tuple[int, str | None, str]], newline: str) -> None:
    module_reading._recent.clear()
    views, made = {1: HEADS[0].format(1) + BODIES[0], 8: HEADS[1].format(8) + BODIES[1]}, dict[str, Made]()
    for number, head, body in changes:
        views[number] = (head.format(number) + (body if "def" in head else "")) if head else ""
        compare(HEAD + "".join(views[one] for one in sorted(views)), made, newline)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("    break\n", "'break' outside loop"),
        ("    nonlocal q\n", "no binding for nonlocal 'q' found"),
        ("    x = 1\n    global x\n", "name 'x' is assigned to before global declaration"),
        ("    yield\n", ""),
    ],
)
def test_only_what_is_new_is_compiled_and_refused_as_the_whole_would_be(body: str, fault: str) -> None:
    def reading(first: str, second: str) -> ModuleReading:
        text = f"from __future__ import annotations\n{HEAD}def a():\n{first}\ndef b():\n{second}"
        return whole(Source("app.py", text.encode()))

    good = "    return 'x'\n"
    if fault:
        with pytest.raises(ProblemError, match=fault):
            refuse_uncompilable(reading(good, good), reading(body, good))
    else:
        refuse_uncompilable(reading(good, good), reading(body, good))
    refuse_uncompilable(reading(good, "    continue\n"), reading(body, "    continue\n"))  # was so before
