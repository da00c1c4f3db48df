"""Flask projects as people write them, in every style that there is.

The pieces are drawn by Hypothesis, so that a failure shrinks to a small project. All that is made here
imports, and what its ``url_map`` holds is for Flask to say, not for the generator.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

CONVERTERS = ("", "int:", "path:", "float:", "uuid:", "int(min=1):", "string(length=2):", "any(a, b):")
_NAMES = ("name", "item_id", "user", "page", "slug")
_GUARD = 'if __name__ == "__main__":'
_COMMENTS = ("note", "TODO: mend", "noqa", 'an "odd" one', "it's", "def x():", "@app.get('/no')")


@dataclass(frozen=True)
class Made:
    """A project: its files, and whether its app comes out of ``create_app`` of ``app.py``."""

    files: dict[str, bytes]
    factory: bool = False


@dataclass
class Style:
    """How one file is written."""

    unit: str = "    "
    gap: int = 2
    mark: str = '"'
    newline: str = "\n"
    encoding: str = "utf-8"
    bom: bool = False
    dotted: bool = False


@dataclass
class Pen:
    """Draws choices and counts what it has made, so that no two views are the same."""

    draw: st.DrawFn
    style: Style
    count: list[int]
    needed: set[str] = field(default_factory=set)

    def pick(self, *options: T) -> T:
        return self.draw(st.sampled_from(options))

    def rarely(self, times: int = 4) -> bool:
        """True once in so many times; the simplest draw is False."""
        return self.draw(st.integers(0, times - 1)) == times - 1

    def number(self) -> int:
        self.count[0] += 1
        return self.count[0]

    def flask(self, name: str) -> str:
        """Flask's name as this file says it."""
        if self.style.dotted:
            return f"flask.{name}"
        self.needed.add(name)
        return name

    def quoted(self, text: str) -> str:
        return f"{self.style.mark}{text}{self.style.mark}"

    def accent(self) -> str:
        return self.pick("e", "é", "ü") if self.style.encoding != "ascii" else "e"

    def remark(self, times: int = 6) -> str:
        """A comment at the end of a line, or nothing."""
        return f"  # {self.pick(*_COMMENTS)}" if self.rarely(times) else ""

    def inside(self, text: str, depth: int = 1) -> str:
        margin = self.style.unit * depth
        return "\n".join(margin + line if line.strip() else line for line in text.split("\n"))


# Views


def rule(pen: Pen) -> tuple[str, tuple[str, ...]]:
    """A rule that no other route has, and the names of its parameters."""
    number = pen.number()
    shape = pen.pick("", "", "/", "/<>", "/<>/more", "/<>-<>", "/<>/")
    names = pen.draw(st.permutations(_NAMES))[: shape.count("<>")] if "<>" in shape else []
    for name in names:
        shape = shape.replace("<>", f"<{pen.pick(*CONVERTERS)}{name}>", 1)
    return f"/p{number}{shape}", tuple(names)


def _rule_text(pen: Pen, text: str) -> str:
    kind = pen.pick("plain", "plain", "plain", "other", "raw", "unicode", "triple", "pieces", "brackets")
    if kind == "other":
        return repr(text)
    if kind == "raw":
        return "r" + pen.quoted(text)
    if kind == "unicode":
        return "u" + pen.quoted(text)
    if kind == "triple":
        return f'"""{text}"""'
    if kind == "pieces":
        return f"{pen.quoted(text[:2])} {pen.quoted(text[2:])}"
    if kind == "brackets":
        return f"({pen.quoted(text)})"
    return pen.quoted(text)


def decorator(pen: Pen, owner: str, text: str, endpoint: str = "") -> str:
    """One route decorator."""
    given = [_rule_text(pen, text) if pen.rarely(3) else pen.quoted(text)]
    attribute = pen.pick("route", "route", "get", "post", "put", "delete", "patch")
    if pen.rarely(12):
        given[0] = f"rule={given[0]}"
    if attribute == "route" and pen.rarely(2):
        methods = pen.draw(
            st.lists(st.sampled_from(["GET", "POST", "put", "DELETE"]), min_size=1, max_size=3, unique=True)
        )
        listed = ", ".join(map(pen.quoted, methods))
        given.append(
            "methods="
            + pen.pick(f"[{listed}]", f"({listed},)", f"[{listed},]", f"{{{listed}}}", f"[ {listed} ]")
        )
    if endpoint:
        given.append(f"endpoint={pen.quoted(endpoint)}")
    if pen.rarely(6):
        given.append(
            pen.pick("strict_slashes=False", "defaults={'extra': 1}", "provide_automatic_options=True")
        )
    if pen.rarely(5):
        each = pen.style.unit
        inner = "".join(f"\n{each}{one},{pen.remark(4)}" for one in given)
        call = f"({inner}\n)"
    elif pen.rarely(10) and len(given) > 1:
        call = f"({given[0]}, \\\n        {', '.join(given[1:])})"
    else:
        call = pen.pick("({})", "({})", "({})", "( {} )", "({},)").format(", ".join(given))
    space = " " if pen.rarely(15) else ""
    return f"@{space}{owner}.{attribute}{call}{pen.remark()}"


def view(pen: Pen, owner: str) -> str:
    """One view with its decorators and what a person wrote around it."""
    text, names = rule(pen)
    number = pen.number()
    function = pen.pick(f"view_{number}", f"view_{number}", f"show{number}", f"vi{pen.accent()}w{number}")
    endpoint = f"point{number}" if pen.rarely(8) else ""
    heads = [decorator(pen, owner, text, endpoint)]
    for _ in range(2 if pen.rarely(12) else 1 if pen.rarely(5) else 0):
        more = text.replace("/p", f"/also{pen.number()}-p", 1)
        heads.append(decorator(pen, owner, more, endpoint))
    for one in ("login_required", "cached(seconds=60)"):
        if pen.rarely(6):
            heads.insert(
                pen.pick(0, len(heads)), f"@{one}{pen.remark()}"
            )  # between two routes Flask refuses it
    if pen.rarely(6):
        heads.insert(pen.draw(st.integers(0, len(heads))), pen.pick("# between", "# @app.get('/old')", "#"))
    extra = ["extra"] if any("extra" in one for one in heads) else []
    header = _signature(pen, function, [*names, *extra])
    return "\n".join([*heads, header + _body(pen, header, list(names))])


def _signature(pen: Pen, function: str, names: list[str]) -> str:
    given = []
    optional = False
    for name in names:
        optional = optional or name == "extra" or pen.rarely(8)
        hint = pen.pick(": str", ": int", ': "str"') if pen.rarely(4) else ""
        given.append(f"{name}{hint}" + ((" = None" if hint else "=None") if optional else ""))
    if pen.rarely(12):
        given.append(pen.pick("*args", "*, flag=False", "*"[:0] + "limit=(1, 2)"))
    if pen.rarely(12):
        given.append("**more")
    arrow = pen.pick(" -> str", " -> 'str'", "->object") if pen.rarely(5) else ""
    word = "async def" if pen.rarely(8) else "def"
    if given and pen.rarely(5):
        closing = "" if given[-1].startswith("*") else ","
        inner = ",\n".join(pen.inside(one) for one in given)
        return f"{word} {function}(\n{inner}{closing}{pen.remark(3)}\n){arrow}:"
    space = " " if pen.rarely(12) else ""
    return f"{word} {function}{space}({space}{', '.join(given)}{space}){arrow}{space}:"


def _body(pen: Pen, header: str, names: list[str]) -> str:
    last = answer(pen, names)
    if pen.rarely(12) and "\n" not in last and "#" not in last:
        return f" {last}" + pen.pick("", ";", "  # short")
    lines = [pen.remark()]
    if pen.rarely(4):
        lines.append(pen.inside(_docstring(pen)))
    for _ in range(pen.draw(st.integers(0, 2))):
        lines.append(pen.inside(_statement(pen, names)))
    lines.append(pen.inside(last))
    if pen.rarely(10):
        lines.append(pen.inside(pen.pick("# nothing more", "# return 'old'")))
    return "\n".join(lines)


def _docstring(pen: Pen) -> str:
    return pen.pick(
        '"""What it does."""',
        "'''In other quotes.'''",
        '"Short."',
        "'Short, too.'",
        'r"""Raw \\d."""',
        '"""First line.\n\nMore of it.\n"""',
        '"""\nBegins below.\n"""',
        f'"""With {pen.accent()}."""  # and a comment',
        '"""In two."""; x = 1',
        '("In " "pieces.")',
        '"""Ends with a quote\\""""',
        '""""""',
    )


def _statement(pen: Pen, names: list[str]) -> str:
    unit = pen.style.unit
    number = pen.number()
    return pen.pick(
        f"value = {number}{pen.remark(2)}",
        "# a comment",
        "\n# after a blank line\n",
        f"first = 1; second = {number}",
        f"if DATA:\n{unit}value = 1\nelse:\n{unit}value = 2",
        f"def inner(word={number}):\n{unit}# inner\n{unit}return word",
        f"if (n := {number}) > 5:\n{unit}n = 0",
        f"match {number}:\n{unit}case 1:\n{unit}{unit}kind = 'one'\n{unit}case _:\n{unit}{unit}kind = 'many'",
        f"text = f'{{DATA!r:>10}} {{{number}}}'",
        'html = """\n<p>\n  not Python: @app.get("/x")\n</p>\n"""',
        f"total = 1 + \\\n{unit}{number}",
        f"try:\n{unit}value = 1\nexcept ValueError:\n{unit}pass\nfinally:\n{unit}value = 2",
        f"with open(__file__) as file:\n{unit}value = file.name",
        f"value = [\n{unit}1,  # one\n{unit}{number},\n]",
        f"global LAST_{number}\nLAST_{number} = {number}",
        f"if not DATA:\n{unit}return 'nothing', 404",
        "pass",
    )


def answer(pen: Pen, names: list[str]) -> str:
    """A return statement (or what stands for one) of any kind."""
    unit, number = pen.style.unit, pen.number()
    makers: list[Callable[[], str]] = [
        lambda: f"return {pen.quoted(f'answer {number}')}",
        lambda: f"return 'a{number}', 201",
        lambda: f"return f'{number} {{DATA}}'",
        lambda: f"return {{'n': {number}, 'b': [1, 2, None]}}",
        lambda: f"return {{\n{unit}'n': {number},  # the number\n{unit}'more': {{'x': True}},\n}}",
        lambda: f"return {pen.flask('jsonify')}({{'n': {number}}}), 201, {{'X-Colour': 'blue'}}",
        lambda: f"return {pen.flask('jsonify')}(n={number}, ok=True)",
        lambda: f"return [{number}, 2]",
        lambda: f"return {pen.flask('render_template')}('page.html', n={number})",
        lambda: f"return {pen.flask('render_template')}(\n{unit}'page.html',\n{unit}n={number},\n)",
        lambda: f"return {pen.flask('redirect')}('/elsewhere{number}', code=301)",
        lambda: f"return {pen.flask('redirect')}({pen.flask('url_for')}('static', filename='x.css'))",
        lambda: f"return {pen.flask('send_file')}('file{number}.txt')",
        lambda: f"{pen.flask('abort')}(404, 'no {number}')",
        lambda: f"{pen.flask('abort')}(410)",
        lambda: f"return {pen.flask('make_response')}('made {number}', 202)",
        lambda: f"return ('in brackets {number}')",
        lambda: f"return (\n{unit}'long {number}'\n{unit}'longer'\n)",
        lambda: f"return 'plain {number}', 200, {{'X-A': '1'}}",
        lambda: f'return """\n<h1>{number}</h1>\n"""',
        lambda: f"return '''<p>{number}</p>\n  <b>x</b>'''",
        lambda: f"return '<h1>{pen.accent()}{number}</h1>'{pen.remark(2)}",
        lambda: "return ''",
        lambda: f"return str({number}).upper()",
        lambda: f"return r'raw \\d {number}'",
        lambda: f"if DATA:\n{unit}return 'one {number}'\nreturn 'two {number}'",
        lambda: f"return b'bytes {number}'",
    ]
    if names:
        makers += [
            lambda: f"return f'Hello {{{names[0]}}} {number}'",
            lambda: f"return {{'id': {names[0]}, 'n': {number}}}",
            lambda: f"return str({names[0]}) + '{number}'",
        ]
    return pen.pick(*makers)()


# What is between the views


def filler(pen: Pen) -> str:
    """Something at the top level that is no route."""
    unit, number = pen.style.unit, pen.number()
    return pen.pick(
        f"# comment {number}",
        f"# @app.get('/old{number}')\n# def old{number}():\n#     return 'old'",
        f"LIMIT_{number} = {number}{pen.remark(2)}",
        f"DATA.append({number}); DATA.append(-1)",
        f"TABLE_{number} = {{\n{unit}'one': 1,  # first\n\n{unit}'two': [2, 3,],\n}}",
        f'PAGE_{number} = """\n@app.get("/not-a-route")\ndef view():\n    pass\n"""',
        f"def helper_{number}(word: str = 'x', *rest) -> str:\n{unit}'''Helps.'''\n{unit}# so\n"
        f"{unit}return word",
        f"class Thing{number}:\n{unit}size = 1\n\n{unit}def view_{number}(self):\n"
        f"{unit}{unit}return self.size",
        f"if (n{number} := {number}) > 3:\n{unit}DATA.append(n{number})\nelse:\n{unit}pass",
        f"match {number}:\n{unit}case 1:\n{unit}{unit}WORD = 'one'\n{unit}case _:\n{unit}{unit}WORD = 'many'",
        f"for n in range(2):\n{unit}# each\n{unit}DATA.append(n)",
        f"try:\n{unit}import json\nexcept ImportError:  # never\n{unit}json = None",
        f"make_{number} = lambda x: x + {number}",
        f"def outer_{number}():\n{unit}def view_{number}():\n{unit}{unit}return 'inner'\n\n"
        f"{unit}return view_{number}",
        f"TEXT_{number} = f'{{LEVEL}} {{DATA!r}} {{{{}}}}'",
        f"LONG_{number} = 1 + \\\n    {number}",
        "\f" + f"# after a form feed {number}",
        "# ---------------------------------------------------------------\n# Part\n# -----",
        f"ACCENT_{number} = 'caf{pen.accent()}'",
        "del [DATA[5:]]",
        f"async def later_{number}():\n{unit}return {number}",
    )


def hook(pen: Pen, app: str) -> str:
    unit, number = pen.style.unit, pen.number()
    return pen.pick(
        f"@{app}.before_request\ndef before_{number}():\n{unit}DATA.append(1)",
        f"@{app}.errorhandler({pen.pick(400, 404, 410, 500)})\ndef wrong_{number}(error):\n"
        f"{unit}return 'wrong', 410",
        f"@{app}.context_processor\ndef words_{number}():\n{unit}return {{}}",
        f"@{app}.after_request\ndef after_{number}(response):\n{unit}return response",
    )


def odd_route(pen: Pen, owner: str) -> str:
    """A route that no decorator with a literal makes."""
    unit, number = pen.style.unit, pen.number()
    base = pen.flask("views.MethodView") if pen.style.dotted else None
    kinds = [
        f"def plain_{number}():\n{unit}return 'plain'\n\n"
        f"{owner}.add_url_rule('/plain{number}', view_func=plain_{number})",
        f"{owner}.add_url_rule(\n{unit}'/lambda{number}',  # odd\n{unit}'lambda{number}',\n"
        f"{unit}lambda: 'x',\n)",
        f"PATH_{number} = '/constant{number}'\n\n\n@{owner}.route(PATH_{number})\n"
        f"def constant_{number}():\n{unit}return 'c'",
        f"@{owner}.route(f'/formatted{number}')\ndef formatted_{number}():\n{unit}return 'f'",
        f"for word in ('a{number}', 'b{number}'):\n"
        f"{unit}{owner}.add_url_rule(f'/{{word}}', word, lambda: 'x')",
        f"@{owner}.get('/nested{number}')\ndef nested_{number}():\n{unit}@login_required\n"
        f"{unit}def again():\n{unit}{unit}return 'n'\n\n{unit}return again()",
    ]
    if base:
        kinds.append(
            f"class Many{number}({base}):\n{unit}def get(self):\n{unit}{unit}return 'm'\n\n"
            f"{unit}def post(self):\n{unit}{unit}return 'p'\n\n\n"
            f"{owner}.add_url_rule('/many{number}', view_func=Many{number}.as_view('many{number}'))"
        )
    return pen.pick(*kinds)


def in_block(pen: Pen, owner: str) -> str:
    """Views inside another statement."""
    body = pen.inside(view(pen, owner))
    other = pen.inside(view(pen, owner))
    unit = pen.style.unit
    return pen.pick(
        f"if LEVEL:\n{body}",
        f"if LEVEL:  # on\n{body}\nelse:\n{unit}pass",
        f"if LEVEL > 5:\n{unit}pass\nelse:\n{body}\n\n{other}",
        f"try:\n{body}\nexcept ValueError:\n{unit}raise",
        f"for _ in range(1):\n{body}",
        f"if LEVEL > 5:\n{body}",
        f"if not LEVEL:\n{unit}pass\nelif LEVEL:\n{unit}# so\n{body}",
    )


def _stretch(pen: Pen, owner: str, most: int, *, hooks: bool) -> list[str]:
    """Views of an owner with other things between them."""
    pieces = []
    for _ in range(pen.draw(st.integers(0, most))):
        kind = pen.pick("view", "view", "view", "view", "filler", "filler", "odd", "block", "hook")
        if kind == "view":
            pieces.append(view(pen, owner))
        elif kind == "odd":
            pieces.append(odd_route(pen, owner))
        elif kind == "block":
            pieces.append(in_block(pen, owner))
        elif kind == "hook" and hooks:
            pieces.append(hook(pen, owner))
        else:
            pieces.append(filler(pen))
    return pieces


# Files

_TOOLS = """\
def login_required(view):
{u}@functools.wraps(view)
{u}def wrapped(*args, **kwargs):
{u}{u}return view(*args, **kwargs)

{u}return wrapped


def cached(seconds=1):
{u}return login_required
"""


def styles(draw: st.DrawFn) -> Style:
    odd = draw(st.integers(0, 11))
    encoding = "latin-1" if odd == 11 else "cp1252" if odd == 10 else "utf-8"
    return Style(
        unit=draw(st.sampled_from(["    ", "    ", "\t", "  "])),
        gap=draw(st.sampled_from([2, 2, 1, 0, 3])),
        mark=draw(st.sampled_from(['"', "'"])),
        newline=draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "mixed"])),
        encoding=encoding,
        bom=encoding == "utf-8" and draw(st.integers(0, 5)) == 5,
        dotted=draw(st.integers(0, 4)) == 4,
    )


def _imports(pen: Pen, names: list[str]) -> str:
    if pen.style.dotted:
        return "import flask\nimport flask.views" + pen.remark()
    names = sorted(names)
    kind = pen.pick("line", "line", "brackets", "each", "several", "backslash", "star")
    if kind == "brackets":
        return (
            "from flask import (\n"
            + "".join(f"{pen.style.unit}{one},{pen.remark()}\n" for one in names)
            + ")"
        )
    if kind == "each":
        return "\n".join(f"from flask import {one}{pen.remark()}" for one in names)
    if kind == "several":
        return f"import sys, os; from flask import {', '.join(names)}"
    if kind == "backslash" and len(names) > 1:
        return f"from flask import {names[0]}, \\\n    {', '.join(names[1:])}"
    if kind == "star":
        return "from flask import *  # all of it"
    return f"from flask import {', '.join(names)}{pen.remark()}"


def _top(pen: Pen, names: list[str], more: list[str], *, shared: bool) -> list[str]:
    """What is above the app: cookie, docstring, imports, data."""
    lines: list[str] = []
    if pen.rarely(12):
        lines.append("#!/usr/bin/env python3")
    if pen.style.encoding != "utf-8":
        lines.append(pen.pick(f"# coding: {pen.style.encoding}", f"# -*- coding: {pen.style.encoding} -*-"))
    if pen.rarely(8):
        lines.append("\f")
    if pen.rarely(3):
        lines.append(
            pen.pick(
                '"""The shop."""',
                "'The shop.'",
                f'"""The shop.\n\nWith caf{pen.accent()}.\n"""',
                "# no docstring",
            )
        )
    if pen.rarely(6):
        lines.append("from __future__ import annotations")
    tools = "from tools import cached, login_required" if shared else "import functools"
    lines += ["", _imports(pen, names), tools + pen.remark(), *more]
    lines += ["", f"DATA = []{pen.remark()}", "LEVEL = 1"]
    if not shared:
        lines += ["", _TOOLS.format(u=pen.style.unit).rstrip()]
    if not pen.rarely(3):
        return lines
    return [*lines, "", filler(pen)]


def _dressed(pen: Pen, pieces: list[str]) -> bytes:
    text = ("\n" * (pen.style.gap + 1)).join(pieces) + pen.pick(
        "\n", "\n", "", "\n\n", "\n# the end\n", "\n    \n"
    )
    if pen.style.newline == "mixed":
        halves = text.split("\n")
        at = pen.draw(st.integers(0, len(halves)))
        joined = (
            "".join(line + ("\r\n" if n < at else "\n") for n, line in enumerate(halves[:-1])) + halves[-1]
        )
    else:
        joined = text.replace("\n", pen.style.newline)
    data = joined.encode("latin-1" if pen.style.encoding == "latin-1" else pen.style.encoding)
    return codecs.BOM_UTF8 + data if pen.style.bom else data


def _made(pen: Pen, kind: str, arguments: str) -> str:
    return f"{pen.flask(kind)}({arguments})"


def _blueprint_file(draw: st.DrawFn, name: str, count: list[int], *, shared: bool) -> bytes:
    pen = Pen(draw, styles(draw), count)
    prefix = pen.pick(
        "", f", url_prefix='/{name}'", f', url_prefix="/{name}/<lang>"' if pen.rarely(6) else ""
    )
    made = f"bp = {_made(pen, 'Blueprint', repr(name) + ', __name__' + prefix)}{pen.remark()}"
    views = _stretch(pen, "bp", 4, hooks=False)
    top = _top(pen, [*pen.needed], [], shared=shared)
    return _dressed(pen, ["\n".join(top), made, *views])


@st.composite
def projects(draw: st.DrawFn) -> Made:
    """A whole project that imports."""
    count = [0]
    pen = Pen(draw, styles(draw), count)
    outside = ["shop"] if pen.rarely(3) else []
    local = pen.rarely(4)
    factory = pen.rarely(4)
    app = pen.pick("app", "app", "app", "application")
    if factory:
        app = pen.pick("app", "the_app")
    made = f"{app} = {_made(pen, 'Flask', '__name__')}"
    if pen.rarely(5):
        made = made.replace(" = ", f": {pen.flask('Flask')} = ", 1)
    made += pen.remark()
    if pen.rarely(5):
        made += f"\n{app}.config['X'] = 1\n{app}.secret_key = 'dev'"
    pieces = [made, *_stretch(pen, app, 5, hooks=True)]
    registrations = []
    if local:
        prefix = pen.pick("", ", url_prefix='/local'")
        pieces.append(f"part = {_made(pen, 'Blueprint', repr('part') + ', __name__' + prefix)}")
        pieces += _stretch(pen, "part", 3, hooks=False)
        if pen.rarely(4):
            pieces.append(f"child = {_made(pen, 'Blueprint', repr('child') + ', __name__')}")
            pieces += _stretch(pen, "child", 2, hooks=False)
            pieces.append("part.register_blueprint(child, url_prefix='/child')")
        registrations.append(f"{app}.register_blueprint(part" + pen.pick("", ", url_prefix='/over'") + ")")
    registrations += [f"{app}.register_blueprint({name}_bp){pen.remark()}" for name in outside]
    pieces += registrations
    if registrations and pen.rarely(3):
        pieces += _stretch(pen, app, 2, hooks=True)
    more = [f"from {name} import bp as {name}_bp" for name in outside]
    if factory:
        inner = ("\n" * (min(pen.style.gap, 2) + 1)).join(pieces)
        doc = pen.inside(pen.pick('"""Make the app."""', "# makes the app")) + "\n" if pen.rarely(3) else ""
        pieces = [
            f"def create_app(config=None):\n{doc}{pen.inside(_safe(inner))}\n{pen.style.unit}return {app}"
        ]
    if pen.rarely(3):
        target = "create_app()" if factory else app
        pieces.append(f"{_GUARD}\n{pen.style.unit}{target}.run(debug=True){pen.remark()}")
        if pen.rarely(3):
            pieces.append(filler(pen))
    shared = pen.rarely(2)
    top = _top(pen, [*pen.needed], more, shared=shared)
    files = {"app.py": _dressed(pen, ["\n".join(top), *pieces])}
    for name in outside:
        files[f"{name}.py"] = _blueprint_file(draw, name, count, shared=shared)
    if shared:
        files["tools.py"] = b"import functools\n\n\n" + _TOOLS.format(u="    ").encode()
    files["templates/base.html"] = b"<title>{% block t %}{% endblock %}</title>\n"
    files["templates/page.html"] = b'{% extends "base.html" %}\n{% block t %}{{ n }}{% endblock %}\n'
    return Made(files, factory)


def _safe(text: str) -> str:
    """In front of an indented line no form feed can stand."""
    return text.replace("\f", "")
