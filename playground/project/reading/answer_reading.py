"""What a view returns, recognised from its source.

Only a body of an optional docstring and one statement in a shape that the form could have written is
given a kind of its own; everything else is ``PYTHON``, whose value is the body as it stands.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, replace

from playground.core.answers import Answer, AnswerKind
from playground.core.exchanges import Pairs
from playground.project.python.literals import is_data, write_json
from playground.project.python.source import Source
from playground.project.python.syntax import View

_ESCAPES = {"markupsafe.escape", "flask.escape", "html.escape"}


@dataclass(frozen=True)
class Surroundings:
    """What an answer may refer to: parameters of the view, other known names, and what names mean.

    ``qualified`` gives the full name that an expression was imported under (``flask.jsonify``) or "".
    """

    source: Source
    parameters: tuple[str, ...]
    names: frozenset[str]
    qualified: Callable[[ast.expr], str]

    def __contains__(self, name: object) -> bool:
        """Whether a name can stand for a value."""
        return name in self.parameters or name in self.names


@dataclass(frozen=True)
class Written:
    """An answer and the nodes that say it: the statement, then value, status and headers where written."""

    answer: Answer
    statement: ast.stmt | None = None
    value: ast.expr | None = None
    status: ast.expr | None = None
    headers: ast.expr | None = None


def recognise(view: View, around: Surroundings) -> Answer:
    """What the view answers, as the form shows it."""
    return read_answer(view, around).answer


def read_answer(view: View, around: Surroundings) -> Written:
    """What the view answers, with the nodes to edit when that changes."""
    body = body_of(view)
    if len(body) == 1:
        statement = body[0]
        written = None
        if isinstance(statement, ast.Return) and statement.value is not None:
            written = _returned(statement.value, around)
        elif isinstance(statement, ast.Expr):
            written = _abort(statement.value, around)
        if written is not None:
            return replace(written, statement=statement)
    return Written(Answer(AnswerKind.PYTHON, body_text(view, around.source)))


def docstring(view: View) -> ast.Constant | None:
    """The node of the view's docstring."""
    first = view.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.value if isinstance(first.value.value, str) else None
    return None


def body_of(view: View) -> list[ast.stmt]:
    """The statements of the view without its docstring."""
    return view.body[1:] if docstring(view) is not None else view.body


def _returned(value: ast.expr, around: Surroundings) -> Written | None:
    """The answer of a return statement, or None if the form has no words for it."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    if not 1 <= len(parts) <= 3 or (isinstance(value, ast.Tuple) and len(parts) == 1):
        return None
    status = next((part for part in parts[1:2] if _number(part) is not None), None)
    headers = parts[2] if len(parts) == 3 else parts[1] if len(parts) == 2 and status is None else None
    pairs = _headers(headers) if headers is not None else ()
    if pairs is None or (len(parts) == 3 and status is None):
        return None
    written = _value(parts[0], around)
    if written is None:
        return None
    if len(parts) > 1 and written.answer.kind is AnswerKind.ERROR:
        return None
    if status is not None:
        if written.answer.kind is AnswerKind.REDIRECT:
            return None
        answer = replace(written.answer, status=_number(status))
        written = replace(written, answer=answer, status=status)
    return replace(written, answer=replace(written.answer, headers=pairs), value=parts[0], headers=headers)


def _number(node: ast.expr | None) -> int | None:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _string(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _headers(node: ast.expr) -> Pairs | None:
    """Header pairs of a dict of strings, or of a list of pairs of strings."""
    if isinstance(node, ast.Dict):
        raw: list[tuple[ast.expr | None, ast.expr | None]] = list(zip(node.keys, node.values, strict=True))
    elif isinstance(node, ast.List):
        raw = [
            (item.elts[0], item.elts[1])
            if isinstance(item, ast.Tuple) and len(item.elts) == 2
            else (None, None)
            for item in node.elts
        ]
    else:
        return None
    pairs = tuple((_string(key), _string(value)) for key, value in raw)
    if any(key is None or value is None for key, value in pairs):
        return None
    return tuple((key or "", value or "") for key, value in pairs)


def _value(node: ast.expr, around: Surroundings) -> Written | None:
    text = _text(node, around)
    if text is not None:
        return Written(Answer(AnswerKind.TEXT, text))
    if isinstance(node, (ast.Dict, ast.List)):
        return _json(node, around)
    if not isinstance(node, ast.Call):
        return None
    readers: dict[str, Callable[[ast.Call, Surroundings], Written | None]] = {
        "flask.jsonify": _jsonify,
        "flask.render_template": _template,
        "flask.redirect": _redirect,
        "werkzeug.utils.redirect": _redirect,
        "flask.send_file": _file,
        "flask.abort": _abort,
        "werkzeug.exceptions.abort": _abort,
    }
    reader = readers.get(around.qualified(node.func))
    return reader(node, around) if reader else None


def _text(node: ast.expr, around: Surroundings) -> str | None:
    if isinstance(node, ast.JoinedStr):
        pieces = [_piece(part, around) for part in node.values]
        if any(piece is None for piece in pieces):
            return None
        text = "".join(piece or "" for piece in pieces)
        written = sum(isinstance(part, ast.FormattedValue) for part in node.values)
    else:
        plain = _string(node)
        if plain is None:
            return None
        text, written = plain, 0
    # Braces around a parameter's name that are not a value have no spelling in the form.
    return text if len(split_text(text, around.parameters)) // 2 == written else None


def _piece(part: ast.expr, around: Surroundings) -> str | None:
    if not isinstance(part, ast.FormattedValue):
        return _string(part)
    if part.conversion != -1 or part.format_spec is not None:
        return None
    name = part.value
    if isinstance(name, ast.Call) and len(name.args) == 1 and not name.keywords:
        if around.qualified(name.func) not in _ESCAPES:
            return None
        name = name.args[0]
    if isinstance(name, ast.Name) and name.id in around.parameters:
        return "{" + name.id + "}"
    return None


def split_text(text: str, parameters: tuple[str, ...]) -> list[str]:
    """The text of an answer cut at its parameters: plain, name, plain, name, ..., plain."""
    if not parameters:
        return [text]
    return re.split(r"\{(" + "|".join(map(re.escape, parameters)) + r")\}", text)


def _json(node: ast.expr, around: Surroundings) -> Written | None:
    if not is_data(node, around):
        return None
    return Written(Answer(AnswerKind.JSON, write_json(node)))


def _jsonify(call: ast.Call, around: Surroundings) -> Written | None:
    if len(call.args) == 1 and not call.keywords:
        return _json(call.args[0], around)
    if call.args or not call.keywords or any(one.arg is None for one in call.keywords):
        return None
    keys: list[ast.expr | None] = [ast.Constant(one.arg) for one in call.keywords]
    return _json(ast.Dict(keys, [one.value for one in call.keywords]), around)


def _template(call: ast.Call, around: Surroundings) -> Written | None:
    name = _string(call.args[0]) if len(call.args) == 1 else None
    variables = _variables(call.keywords, around)
    if name is None or variables is None:
        return None
    return Written(Answer(AnswerKind.TEMPLATE, name, variables=variables))


def _variables(keywords: list[ast.keyword], around: Surroundings) -> Pairs | None:
    if any(one.arg is None for one in keywords):
        return None
    return tuple((one.arg or "", around.source.segment(one.value)) for one in keywords)


def _redirect(call: ast.Call, around: Surroundings) -> Written | None:
    given = {one.arg: one.value for one in call.keywords}
    code = call.args[1] if len(call.args) == 2 else given.get("code")
    extra = set(given) - {"code"}
    if not 1 <= len(call.args) <= 2 or extra or (code is not None and _number(code) is None):
        return None
    target, status = call.args[0], _number(code)
    address = _string(target)
    if address is not None:
        return Written(Answer(AnswerKind.REDIRECT, address, status))
    if not isinstance(target, ast.Call) or around.qualified(target.func) != "flask.url_for":
        return None
    endpoint = _string(target.args[0]) if len(target.args) == 1 else None
    variables = _variables(target.keywords, around)
    if endpoint is None or variables is None:
        return None
    return Written(Answer(AnswerKind.REDIRECT, endpoint, status, variables=variables, by_endpoint=True))


def _file(call: ast.Call, around: Surroundings) -> Written | None:
    path = _string(call.args[0]) if len(call.args) == 1 and not call.keywords else None
    return None if path is None else Written(Answer(AnswerKind.FILE, path))


def _abort(node: ast.expr, around: Surroundings) -> Written | None:
    if not isinstance(node, ast.Call):
        return None
    if around.qualified(node.func) not in ("flask.abort", "werkzeug.exceptions.abort"):
        return None
    given = {one.arg: one.value for one in node.keywords}
    if not 1 <= len(node.args) <= 2 or set(given) - {"description"}:
        return None
    status = _number(node.args[0])
    said = node.args[1] if len(node.args) == 2 else given.get("description")
    text = "" if said is None else _string(said)
    if status is None or text is None:
        return None
    return Written(Answer(AnswerKind.ERROR, text, status), value=node)


def body_start(view: View, source: Source) -> int:
    """Where the body after the docstring begins: a line's start, or the statement in a one-line function."""
    first = body_of(view)[0] if body_of(view) else view.body[-1]
    start = source.span(first)[0]
    if source.text[source.line_start(start) : start].strip():
        return start
    doc = docstring(view)
    above = source.span(doc)[1] if doc is not None else header_end(view, source)
    found = re.compile(r"[^\n]*\n(?:[ \t\f]*\n)*").match(source.text, above)
    return min(found.end() if found else start, source.line_start(start))


def header_end(view: View, source: Source) -> int:
    """The offset after the colon that ends ``def ...:``."""
    text = source.text
    start = source.offset(view.lineno, view.col_offset)
    limit = source.span(view.body[0])[0]
    if view.returns is not None:
        start = source.span(view.returns)[1]
    else:
        parts = [node for node in ast.walk(view.args) if hasattr(node, "end_lineno")]
        start = max((source.span(node)[1] for node in parts), default=start)
    found = re.compile(r"(?:[^:#\n]|#[^\n]*\n|\n)*:").match(text, start, limit)
    return found.end() if found else limit


def body_text(view: View, source: Source) -> str:
    """The body of the view without docstring, comments included, dedented."""
    body = body_of(view)
    if not body:
        return ""
    start = body_start(view, source)
    before = source.text[source.line_start(start) : start]
    margin = before[: len(before) - len(before.lstrip())]  # the first line may follow ``"""Doc.""";``
    return dedent(margin + source.text[start : source.line_end(source.span(body[-1])[1])])


def string_lines(code: str) -> frozenset[int]:
    """The lines (from 0) that begin inside a string, whose spaces belong to the string."""
    if '"""' not in code and "'''" not in code and "\\\n" not in code:
        return frozenset()
    inside: set[int] = set()
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            name = tokenize.tok_name[token.type]
            if name == "FSTRING_START":
                opened.append(token.start[0])
            first = opened.pop() if name == "FSTRING_END" else token.start[0]
            if name in ("STRING", "FSTRING_END"):
                inside.update(range(first, token.end[0]))
    except (tokenize.TokenError, IndentationError):
        return frozenset(inside)  # half-typed code: what could be read of it
    return frozenset(inside)


def dedent(code: str) -> str:
    """Code moved to the left by its first line's indentation, without touching the inside of strings."""
    lines = code.split("\n")
    first = next((line for line in lines if line.strip()), "")
    margin = first[: len(first) - len(first.lstrip(" \t\f"))]
    fixed = string_lines(code)
    moved = [
        line if at in fixed else line.removeprefix(margin) if line.strip() else ""
        for at, line in enumerate(lines)
    ]
    return "\n".join(moved)


def indent(code: str, margin: str) -> str:
    """Code moved to the right by ``margin``: the opposite of ``dedent``."""
    fixed = string_lines(code)
    return "\n".join(
        line if at in fixed or not line.strip() else margin + line for at, line in enumerate(code.split("\n"))
    )
