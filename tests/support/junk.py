"""Files that no person would write: what a disk, a merge or half an edit may leave behind, and worse."""

from __future__ import annotations

import codecs

from hypothesis import strategies as st

PYTHON = b'''"""The shop."""
from flask import Flask, jsonify, render_template, redirect, url_for, Blueprint

app = Flask(__name__)
bp = Blueprint("shop", __name__, url_prefix="/shop")
USERS = [{"name": "Ada"}]  # all


@app.get("/")
def index():
    """The page."""
    return render_template("page.html", users=USERS)


@app.route('/users/<int:user_id>', methods=["GET", "POST"])
@app.route("/people/<int:user_id>")
async def user(user_id: int, *args, flag=None):
    # a comment
    name = f"{user_id!r:>10} {USERS[0]['name']}"
    if (n := len(name)) > 3:
        return {"id": user_id, "name": name, "more": [1, 2.5, None]}, 201
    return jsonify(n=n), 404, {"X-A": "b"}


@bp.get("/<path:rest>")
def shop(rest):
    match rest:
        case "a":
            return redirect(url_for("index"), code=301)
        case _:
            return f"""
<p>{rest}</p>
"""


def create_app():
    made = Flask(__name__)
    made.register_blueprint(bp, url_prefix="/in")
    made.add_url_rule("/old", view_func=index)

    @made.get("/made")
    def made_view(): return "made"; x = 1

    return made


app.register_blueprint(bp)

if __name__ == "__main__":
    app.run(debug=True)
'''

TEMPLATE = b"""{% extends "base.html" %}
{% block body %}
{# a comment #}
{% for user in users if user.name %}<a href="{{ url_for('user', user_id=user.id) }}">{{ user.name|upper }}</a>
{% else %}{% include ["none.html", 'nobody.html'] ignore missing %}{% endfor %}
{% set x = 1 %}{{ x ~ "a" if x else 'b' }}{% raw %}{{ no }}{% endraw %}
{% import "macros.html" as m %}{{ m.field('x', [1, {'a': 2}]) }}
{% endblock %}
"""

DOTENV = b"""# settings
FLASK_APP=app.py
export FLASK_DEBUG=1
SECRET='a b' # why
LINES="one
two"
PATH_LIKE=${HOME}/x
EMPTY=
"""

HTTP = b"""### All users
GET http://localhost:5000/users?x=1
Accept: application/json

### One more
POST http://localhost:5000/users
Content-Type: application/json

{"name": "Ada"}
"""

_BITS = [
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",  # half of a pair of surrogates
    "é\u2028\u200b\ufeff".encode(),
    b"\r",
    b"\r\n",
    b"\n",
    b"\f",
    b"\t",
    b"    ",
    b"\\\n",
    b'"""',
    b"'''",
    b'"',
    b"(",
    b")",
    b"[[[{",
    b"#",
    b"@",
    b":",
    b";",
    b"\ndef ",
    b"\nclass X:\n",
    b"\n@app.get('/new')\n",
    b"async ",
    b"lambda: ",
    b"{{",
    b"}}",
    b"{%",
    b"%}",
    b"{% block body %}",
    b"<<<<<<< HEAD\n",
    b"=======\n",
    b">>>>>>> main\n",
    b"yield ",
    b"*",
    b"**",
    b"f'{",
    b"1e999999",
    b"0" * 5000,
    b"return ",
    b"global app\n",
    b"from __future__ import annotations\n",
    b"if True:\n",
    b"${",
    b"=",
]
# fmt: off
COOKIES = [
    "latin-1", "utf-16", "utf-7", "utf-32", "rot13", "hex", "zlib", "idna", "punycode",
    "unicode_escape", "undefined", "raw_unicode_escape", "shift_jis", "iso2022_jp", "cp037",
    "mbcs", "nothing", "utf-8-sig", "utf8", "hz", "big5",
]
# fmt: on


@st.composite
def mutated(draw: st.DrawFn, base: bytes) -> bytes:
    """A file with a few pieces gone, twice, exchanged, cut off or in the way."""
    data = base
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        piece = data[start:end]
        how = draw(
            st.sampled_from(
                ["delete", "twice", "swap", "cut", "insert", "insert", "lines", "newlines", "indent"]
            )
        )
        if how == "delete":
            data = data[:start] + data[end:]
        elif how == "twice":
            data = data[:end] + piece * draw(st.integers(1, 3)) + data[end:]
        elif how == "swap":
            at = draw(st.integers(end, len(data)))
            data = data[:start] + data[end:at] + piece + data[at:]
        elif how == "cut":
            data = data[start:] if draw(st.booleans()) else data[:start]
        elif how == "insert":
            data = (
                data[:start]
                + draw(st.sampled_from(_BITS)) * draw(st.sampled_from([1, 1, 2, 300]))
                + data[end:]
            )
        elif how == "lines":
            lines = data.split(b"\n")
            at = draw(st.integers(0, len(lines) - 1))
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            data = b"\n".join(lines)
        elif how == "newlines":
            data = data[:start] + data[start:].replace(
                b"\n", draw(st.sampled_from([b"\r", b"\r\n", b"\n\n", b""]))
            )
        else:
            data = (
                data[:start]
                + data[start:end].replace(b"    ", draw(st.sampled_from([b"\t", b"  ", b""])))
                + data[end:]
            )
    return _dressed(draw, data)


def _dressed(draw: st.DrawFn, data: bytes) -> bytes:
    dress = draw(st.integers(0, 15))
    if dress == 15:
        return f"# coding: {draw(st.sampled_from(COOKIES))}\n".encode() + data
    if dress == 14:
        return codecs.BOM_UTF8 + data
    if dress == 13:
        return draw(st.sampled_from([codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"\xff"])) + data
    if dress == 12:
        return data.decode("latin-1").encode(draw(st.sampled_from(["utf-16", "utf-32", "utf-8"])))
    return data


def _view(body: str, rule: str = '"/deep"') -> bytes:
    head = (
        'from flask import Flask, jsonify\napp = Flask(__name__)\n@app.get("/a")\ndef a():\n    return "a"\n'
    )
    return f"{head}@app.get({rule})\ndef deep():\n    {body}\n".encode()


def _nested_ifs(depth: int) -> str:
    lines = [" " * (at + 4) + "if x:" for at in range(depth)]
    return "x = 1\n" + "\n".join(lines) + "\n" + " " * (depth + 4) + "pass"


MONSTERS: dict[str, bytes] = {
    "brackets": _view("return " + "(" * 5000 + ")" * 5000),
    "lists": _view("return " + "[" * 90 + "]" * 90),
    "dicts": _view('return {"a": ' * 1 + '{"a": ' * 80 + "1" + "}" * 81),
    "open brackets": b"[" * 200_000,
    "sum": _view("return " + "1 + " * 20_000 + "1"),
    "short sum": _view("return " + "1 + " * 900 + "1"),
    "texts added": _view("return " + "'a' + " * 900 + "'b'"),
    "texts side by side": _view("return (" + "'a' " * 20_000 + ")"),
    "attributes": _view("return a" + ".b" * 20_000),
    "short chain of attributes": _view("return a" + ".b" * 800),
    "calls": _view("return a" + "()" * 3000),
    "short chain of calls": _view("return jsonify" + "()" * 400),
    "minus": _view("return " + "-" * 50_000 + "1"),
    "few minus": _view("return " + "-" * 600 + "1"),
    "not": _view("return " + "not " * 5000 + "x"),
    "powers": _view("return " + "2 ** " * 3000 + "2"),
    "if else": _view("return " + "1 if x else " * 2000 + "0"),
    "lambdas": _view("return " + "lambda: " * 2000 + "0"),
    "and or": _view("return " + "x and y or " * 1500 + "0"),
    "comparisons": _view("return " + "x < " * 3000 + "0"),
    "targets": _view("x = " * 2000 + "1"),
    "nested ifs": _view(_nested_ifs(300)),
    "less nested ifs": _view(_nested_ifs(90)),
    "elifs": _view("x = 1\n    if x: pass\n" + "    elif x: pass\n" * 3000),
    "few elifs": _view("x = 1\n    if x: pass\n" + "    elif x: pass\n" * 600),
    "f-strings": _view("return " + "f'{" * 50 + "1" + "}'" * 50),
    "f-string of many": _view("return f'" + "{x}" * 1000 + "'"),
    "long line": _view("return '" + "a" * 200_000 + "'"),
    "large": b"x = 1\n" * 500_000,
    "decorators": b"from flask import Flask\napp = Flask(__name__)\n"
    + b'@app.get("/x")\n' * 200
    + b"def x(): pass\n",
    "parameters": _view("return 'x'", '"' + "".join(f"/<a{n}>" for n in range(2000)) + '"'),
    "open parameters": _view("return 'x'", '"' + "<" * 5000 + '"'),
    "slashes": _view("return 'x'", '"' + "/" * 20_000 + '"'),
    "converter arguments": _view("return 'x'", '"/<any(' + "a," * 5000 + '):x>"'),
    "converter brackets": _view("return 'x'", '"/<any(' + "(" * 5000 + '):x>"'),
    "one long rule": _view("return 'x'", '"/' + "a" * 100_000 + '"'),
    "rule of pieces": _view("return 'x'", '"/a" ' + '"b" ' * 3000),
    "rule worked out": _view("return 'x'", "'/a' + " * 900 + "'b'"),
    "functions in functions": (
        "\n".join(" " * n + f"def f{n}():" for n in range(95)) + "\n" + " " * 95 + "pass"
    ).encode(),
    "registered in itself": b"from flask import *\na = Blueprint('a', __name__)\n"
    b"a.register_blueprint(a)\napp = Flask(__name__)\n"
    b"app.register_blueprint(a)\n@a.get('/x')\ndef x(): return 'x'\n",
    "registered in a ring": b"from flask import *\na = Blueprint('a', __name__)\n"
    b"b = Blueprint('b', __name__)\n"
    b"a.register_blueprint(b)\nb.register_blueprint(a)\n@a.get('/x')\ndef x(): return 'x'\n",
    "registered many times": b"from flask import *\na = Blueprint('a', __name__)\napp = Flask(__name__)\n"
    + b"".join(b"b%d = Blueprint('b%d', __name__)\n" % (n, n) for n in range(12))
    + b"".join(b"b%d.register_blueprint(b%d)\n" % (n, n + 1) * 2 for n in range(11))
    + b"app.register_blueprint(b0)\n@b11.get('/x')\ndef x(): return 'x'\n",
    "imports itself": b"from app import *\nfrom app import app\nfrom . import app\n"
    b"from .. import x\nfrom ....... import y\n",
    "class of itself": b"from flask import Flask\nclass A(B): pass\nclass B(A): pass\napp = A(__name__)\n",
    "semicolons": b"from flask import Flask; app = Flask(__name__); " + b"x = 1; " * 1000,
    "only a cookie": b"# coding: no-such-thing",
    "null": b"x = 1\n\0\n",
    "surrogate": b"x = '\xed\xa0\x80'\n",
    "escaped surrogate": _view("return '\\ud800'"),
    "surrogate rule": _view("return 'x'", "'/\\ud800'"),
    "surrogate name": b"from flask import *\napp = Flask(__name__)\nb = Blueprint('\\ud800', __name__)\n",
    "null in a rule": _view("return 'x'", "'/\\0'"),
    "huge number": _view("return {'n': " + "9" * 5000 + "}"),
    "huge hex": _view("return {'n': 0x" + "f" * 5000 + "}"),
    "huge float": _view("return {'n': 1e999, 'm': -1e999}"),
    "empty": b"",
    "only blanks": b" \t\f\r\n \n\r",
    "lone backslash": b"x = 1 \\",
    "odd newlines": b"x = 1\x0b\x0c\x1c\x1d\x85y = 2\xe2\x80\xa8\n",
}

TEMPLATE_MONSTERS: dict[str, bytes] = {
    "ifs": b"{% if x %}" * 3000 + b"{% endif %}" * 3000,
    "brackets": b"{{ " + b"(" * 5000 + b"x" + b")" * 5000 + b" }}",
    "filters": b"{{ x" + b"|upper" * 5000 + b" }}",
    "sum": b"{{ " + b"1 + " * 5000 + b"1 }}",
    "attributes": b"{{ x" + b".a" * 10_000 + b" }}",
    "open": b"{{ " * 20_000,
    "comment": b"{# " + b"x" * 100_000,
    "extends itself": b'{% extends "page.html" %}{% include "page.html" %}',
    "unknown tag": b"{% nothing %}{% endnothing %}",
    "raw": b"{% raw %}" * 1000,
    "blocks": b"{% block a %}" * 500 + b"{% endblock %}" * 500,
    "null": b"a\0{{ x }}\0",
    "not utf-8": b"\xff\xfe{{ x }}",
    "surrogate": b"{{ '\xed\xa0\x80' }}",
    "minus": b"{{ " + b"-" * 5000 + b"1 }}",
    "number": b"{{ " + b"9" * 10_000 + b" }}",
}
