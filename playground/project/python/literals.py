"""Data as people write it: Python literals and JSON documents, read into ``ast`` nodes and written again.

A JSON answer may hold bare names that stand for values, so plain ``json`` is not enough. Nodes of
``ast`` carry both: they are made from either spelling and written in either.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Callable, Container, Iterable
from typing import Any

from playground.core.alike import meaning
from playground.core.problems import ProblemError, refuse
from playground.project.python.source import parse

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_LONGEST_NUMBER = 10_000
"""Bits of a whole number that is still written in digits: Python refuses to write those of many more."""
_JSON_WORDS = {"true": True, "false": False, "null": None}


def quote(text: str, mark: str = '"', *, formatted: bool = False) -> str:
    """Text as a Python literal that gives back exactly this text, in triple quotes if it has lines.

    ``formatted`` means that the text is the inside of an f-string whose braces are already doubled.
    """
    prefix = "f" if formatted else ""
    if "\n" in text and text.strip("\n"):
        for triple in (mark * 3, _other(mark) * 3):
            if triple not in text and not text.endswith(triple[0]):
                return prefix + triple + _escaped(text, keep="\n\t") + triple
        inside = _escaped(text, keep="\n\t").replace('"', '\\"')
        return f'{prefix}"""{inside}"""'
    if mark in text and _other(mark) not in text:
        mark = _other(mark)
    return prefix + mark + _escaped(text).replace(mark, "\\" + mark) + mark


def _other(mark: str) -> str:
    return "'" if mark == '"' else '"'


def _escaped(text: str, keep: str = "") -> str:
    """The text with what a literal can't hold as it is written as escapes."""
    return "".join(char if char in keep else _escape(char) for char in text)


def _escape(char: str) -> str:
    if char in _ESCAPES:
        # A digit may follow, so a null is always written in full.
        return _ESCAPES[char] if char != "\0" else "\\x00"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def read_data(value: str, names: Container[str]) -> ast.expr:
    """A JSON document, or the same in Python spelling, as a node. ``names`` may stand for values in it.

    Raises ProblemError (field ``answer``) that says where it goes wrong and what to do.
    """
    if not value.strip():
        raise refuse("The JSON is empty.", 'Write for example {"name": "Ada"}.', field="answer")
    try:
        return _node(json.loads(value, parse_constant=_no_constant, object_pairs_hook=_Pairs))
    except RecursionError as error:
        raise refuse("This JSON is nested too deeply.", "Use fewer levels.", field="answer") from error
    except ValueError as error:
        return _python_data(value, names, error)


class _Pairs(list[tuple[str, Any]]):
    """An object of a JSON document, its pairs in order."""


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not allowed in JSON")


def _node(data: Any) -> ast.expr:
    if isinstance(data, _Pairs):
        return ast.Dict([ast.Constant(key) for key, _ in data], [_node(value) for _, value in data])
    if isinstance(data, list):
        return ast.List([_node(item) for item in data], ast.Load())
    if isinstance(data, float) and not math.isfinite(data):
        raise refuse("A number in this JSON is too large.", "Write a smaller one.", field="answer")
    return ast.Constant(data)


def _python_data(value: str, names: Container[str], json_error: ValueError) -> ast.expr:
    try:
        # In brackets the lines of a document need no indentation; a newline keeps a comment from the bracket.
        tree = parse(f"({value.strip()}\n)", "the JSON")
    except ProblemError as error:
        raise _json_problem(value, json_error) from error
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise _json_problem(value, json_error)
    node = _WithoutJsonWords(names).visit(tree.body[0].value)
    assert isinstance(node, ast.expr)
    check_data(node, names)
    return node


class _WithoutJsonWords(ast.NodeTransformer):
    """Turns ``true``, ``false``, ``null`` and negative numbers into the values they stand for."""

    def __init__(self, names: Container[str]) -> None:
        self.names = names

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        """A negative number as the one value that it is in JSON."""
        if is_scalar(node) and isinstance(node.operand, ast.Constant):
            return ast.copy_location(ast.Constant(-node.operand.value), node)  # type: ignore[operator]  # a scalar's operand is a number
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _JSON_WORDS and node.id not in self.names:
            return ast.copy_location(ast.Constant(_JSON_WORDS[node.id]), node)
        return node


def _json_problem(value: str, error: ValueError) -> ProblemError:
    if not isinstance(error, json.JSONDecodeError):
        return refuse(
            f"This is not JSON: {error}.", "Change that value.", field="answer", original=str(error)
        )
    lines = value.split("\n")
    at = lines[min(error.lineno, len(lines)) - 1][error.colno - 1 :][:12]
    where = f"at line {error.lineno}, column {error.colno}"
    before = value[: error.pos].rstrip()
    hint = _json_hint(at, before[-1:])
    near = f", near “{at}”" if at.strip() else ""
    return refuse(f"This is not JSON {where}{near}.", hint, field="answer", original=str(error))


def _json_hint(at: str, before: str) -> str:
    if not at.strip():
        return "Something is missing at the end: close each { with }, each [ with ], each text with a quote."
    if "," in before and at[0] in "}]":
        return "Take the comma before it away."
    if at[0] in "\"'{[" or at[0].isdigit():
        return "Put a comma between two values, and double quotes around text."
    return "Put text in double quotes, a comma between values and a colon after each name."


def check_data(node: ast.expr, names: Container[str]) -> None:
    """Raises ProblemError (field ``answer``) at the first part that is neither data nor a known name."""
    if isinstance(node, ast.Dict):
        for key in node.keys:
            if key is None:
                raise _not_data(node, "**")
            _check_key(key, names)
        parts: Iterable[ast.expr] = node.values
    elif isinstance(node, ast.List):
        parts = node.elts
    elif isinstance(node, ast.Name):
        _check_name(node, names)
        return
    elif is_scalar(node):
        return
    else:
        raise _not_data(node, _written(node))
    for part in parts:
        check_data(part, names)


def _check_key(key: ast.expr, names: Container[str]) -> None:
    if isinstance(key, ast.Name):
        _check_name(key, names)
    elif not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
        raise refuse(
            f"The name {_written(key)} in this JSON is not text.",
            f'In JSON every name is text in double quotes: "{_written(key)}".',
            field="answer",
        )


def _written(node: ast.expr) -> str:
    try:
        return ast.unparse(node)
    except ValueError:
        return "A number of so many digits"


def _check_name(node: ast.Name, names: Container[str]) -> None:
    if node.id not in names:
        raise refuse(
            f"There is no value called {node.id} here.",
            f'Put text in double quotes: "{node.id}". Without quotes only parameters of the path and '
            "variables of the file can stand.",
            field="answer",
        )


def _not_data(node: ast.expr, text: str) -> ProblemError:
    short = text if len(text) <= 40 else text[:39] + "…"
    return refuse(
        f"{short} is not plain data.",
        "A JSON answer holds text, numbers, true, false, null, lists and names of values; choose Python as "
        "the answer for anything that has to be worked out.",
        field="answer",
    )


def is_scalar(node: ast.expr) -> bool:
    """Whether the node is one plain value that JSON knows: text, a number, true, false or null."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        return isinstance(inner, ast.Constant) and type(inner.value) in (int, float) and is_scalar(inner)
    if not isinstance(node, ast.Constant):
        return False
    value = node.value
    if type(value) is int:
        return value.bit_length() <= _LONGEST_NUMBER
    return value is None or type(value) in (str, bool) or (type(value) is float and math.isfinite(value))


def is_data(node: ast.expr, names: Container[str]) -> bool:
    """Whether the node is what a JSON answer can hold."""
    try:
        check_data(node, names)
    except ProblemError:
        return False
    return True


def write_python(node: ast.expr, indent: str = "    ", width: int = 76) -> str:
    """Data as Python source, on one line where it is no longer than ``width``."""
    return _write(node, _python_scalar, indent, width)


def write_json(node: ast.expr) -> str:
    """Data as a JSON document with bare names, on one line where it is short."""
    return _write(node, _json_scalar, "  ", 60)


def _python_scalar(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (
            quote(node.value)
            if "\n" not in node.value
            else '"' + _escaped(node.value).replace('"', '\\"') + '"'
        )
    return ast.unparse(node)


def _json_scalar(node: ast.expr) -> str:
    return json.dumps(node.value, ensure_ascii=False) if isinstance(node, ast.Constant) else ast.unparse(node)


def _write(node: ast.expr, scalar: Callable[[ast.expr], str], indent: str, width: int) -> str:
    if isinstance(node, ast.Dict):
        marks = "{}"
        parts = [
            f"{scalar(key)}: {_write(value, scalar, indent, width)}"
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        ]
    elif isinstance(node, ast.List):
        marks = "[]"
        parts = [_write(item, scalar, indent, width) for item in node.elts]
    else:
        return scalar(node)
    line = ", ".join(parts)
    if len(line) <= width - 2 and "\n" not in line:
        return marks[0] + line + marks[1]
    return marks[0] + "\n" + ",\n".join(_indented(part, indent) for part in parts) + "\n" + marks[1]


def _indented(text: str, indent: str) -> str:
    """Every line of data moved to the right (strings in data never span lines)."""
    return re.sub("^", indent, text, flags=re.MULTILINE)


def same_data(first: str, second: str, names: Container[str]) -> bool:
    """Whether two JSON documents say the same, however they are spelled."""
    try:
        return meaning(read_data(first, names)) == meaning(read_data(second, names))
    except ProblemError:
        return False
