"""What rules, prefixes, names and lists of methods come to when they are not written as literals.

``value_of`` takes an expression apart without running it; the names in it are looked up later, when all
files are known. What can't be told from the source is None.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playground.project.python.syntax import dotted, literal, sort_methods

MOST_ITEMS = 500
"""Longer lists are data: no loop over them is followed."""

MOST_PARTS = 20_000
"""A value of more parts is data too; constants made of constants multiply soon."""

MOST_TEXT = 100_000
"""No rule is as long as this many characters."""

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A name as written, dots included."""

    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Values that are added to each other."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary: its keys and values."""

    pairs: tuple[tuple[Value, ...], ...]


Value = str | Named | Joined | Table | tuple["Value", ...] | None
Lookup = Callable[[str], Value]
Names = Mapping[str, Value]


def value_of(node: ast.expr | None, names: Names) -> Value:
    """What an expression says; ``names`` are those of loops, known already."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else _number(node.value)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = dotted(node)
        return names.get(name, Named(name)) if name else None
    if isinstance(node, ast.JoinedStr):
        return _sum([_formatted(one, names) for one in node.values])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _sum([value_of(node.left, names), value_of(node.right, names)])
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and len(node.elts) <= MOST_ITEMS:
        return tuple(value_of(one, names) for one in node.elts)
    if isinstance(node, ast.Subscript):  # app.config["PREFIX"]
        name, key = dotted(node.value), literal(node.slice)
        return Named(f"{name}[{key}]") if name and key else None
    return _of_dictionary(node, names)


def _number(value: object) -> Value:
    return str(value) if type(value) is int else None


def _formatted(node: ast.expr, names: Names) -> Value:
    if not isinstance(node, ast.FormattedValue):
        return value_of(node, names)
    return value_of(node.value, names) if node.conversion == -1 and node.format_spec is None else None


def _of_dictionary(node: ast.expr | None, names: Names) -> Value:
    if isinstance(node, ast.Dict) and len(node.keys) <= MOST_ITEMS:
        pairs = zip(node.keys, node.values, strict=True)
        return Table(tuple((value_of(key, names), value_of(value, names)) for key, value in pairs))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        table = value_of(node.func.value, names)
        if isinstance(table, Named):
            return Named(f"{table.name}.{node.func.attr}()") if node.func.attr in _VIEWS else None
        return _view_of(table, node.func.attr)
    return None


_VIEWS = ("items", "keys", "values")


def _view_of(table: Value, view: str) -> Value:
    if not isinstance(table, Table) or view not in _VIEWS:
        return None
    at = _VIEWS.index(view) - 1
    return table.pairs if at < 0 else tuple(pair[at] for pair in table.pairs)


def _sum(parts: list[Value]) -> Value:
    if any(part is None for part in parts):
        return None
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < len(parts):
        return Joined(tuple(parts))
    return "".join(texts) if sum(map(len, texts)) <= MOST_TEXT else None


def settled(value: Value, lookup: Lookup, depth: int = 0) -> Value:
    """The value with its names looked up: texts, tuples and tables of them. None where one is not known."""
    if value is None or isinstance(value, str) or depth > _DEEPEST:
        return value if depth <= _DEEPEST else None
    if isinstance(value, Named):
        return _looked_up(value.name, lookup, depth)
    if isinstance(value, Table):
        pairs = tuple(tuple(settled(one, lookup, depth + 1) for one in pair) for pair in value.pairs)
        return Table(pairs) if _fits(pairs) else None
    if isinstance(value, tuple):
        items = tuple(settled(one, lookup, depth + 1) for one in value)
        return items if _fits(items) else None
    parts = [settled(one, lookup, depth + 1) for one in value.parts]
    if parts and all(isinstance(part, tuple) for part in parts):
        items = tuple(one for part in parts if isinstance(part, tuple) for one in part)
        return items if _fits(items) else None
    return _sum(parts)


def _fits(value: Value) -> bool:
    """Whether the value has no more parts than are followed; it stops counting there."""
    todo, left = [value], MOST_PARTS
    while todo and left:
        one = todo.pop()
        left -= 1
        inside = one.pairs if isinstance(one, Table) else one if isinstance(one, tuple) else ()
        todo += inside[: MOST_PARTS + 1]
    return not todo


def _looked_up(name: str, lookup: Lookup, depth: int) -> Value:
    table, dot, view = name.rpartition(".")
    if dot and view.removesuffix("()") in _VIEWS and view.endswith("()"):
        return _view_of(settled(Named(table), lookup, depth + 1), view[:-2])
    return lookup(name)


def items_of(value: Value) -> tuple[Value, ...] | None:
    """What a loop over the value meets, in its order; None where that is not known."""
    if isinstance(value, Table):
        return tuple(pair[0] for pair in value.pairs)
    return value if isinstance(value, tuple) else None


def methods_in(value: Value) -> tuple[str, ...] | None:
    """A settled list of methods in the form's order, None where one of them is not known."""
    items = items_of(value)
    if items is None or not all(isinstance(one, str) for one in items):
        return None
    return sort_methods([one.upper() for one in items if isinstance(one, str)])
