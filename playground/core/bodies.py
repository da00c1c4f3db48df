"""The body of a view function, as the form shows it for answers in Python."""

from __future__ import annotations

import ast
import textwrap

from playground.core.alike import meaning
from playground.core.pieces import FAILURES, parse_quietly


def body_of(code: str) -> str:
    """The body of the one function in the code: without docstring, dedented, ``\\n`` between lines.

    Comments right above its first statement belong to it. Empty where there is no function, where
    the code does not parse, and where dedenting would change a string of several lines.
    """
    text = textwrap.dedent(code)
    try:
        statements = parse_quietly(text).body
    except FAILURES:
        return ""
    views = [node for node in statements if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if not views:
        return ""
    body = views[0].body[1:] if ast.get_docstring(views[0]) is not None else views[0].body
    if not body:
        return ""
    lines = text.split("\n")
    first, last = body[0].lineno - 1, body[-1].end_lineno
    if lines[first][: body[0].col_offset].strip():  # def view(): return ...
        return "\n".join(lines[first:last])[body[0].col_offset :]
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    taken = textwrap.dedent("\n".join(lines[first:last]))
    return taken if _says(taken, body) else ""


def _says(code: str, body: list[ast.stmt]) -> bool:
    """Whether some code is these statements: a line further left keeps them from being dedented."""
    try:
        return meaning(ast.Module(body, [])) == meaning(parse_quietly(code))
    except FAILURES:
        return False
