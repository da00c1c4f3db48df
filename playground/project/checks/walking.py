"""Ways through the syntax tree of a statement, gone once for all extractors that ask the same.

What was found is kept for the few bodies that were asked for last, and forgotten with ``forget``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from playground.project.python.syntax import FUNCTIONS, View

_PLAIN = frozenset({"arg", "asname", "attr", "ctx", "id", "kind", "module", "name", "op", "ops"})
"""Fields that hold no nodes, or only the marks of Python's grammar: ``Load``, ``Add``, ``Eq``."""
_CLOSED = (*FUNCTIONS, ast.Lambda, ast.ClassDef)

FoundFunction = tuple[View, str, bool]

_fields_of: dict[type[ast.AST], tuple[str, ...]] = {}
_own: dict[int, tuple[Sequence[ast.AST], list[ast.AST]]] = {}
_every: dict[int, tuple[ast.AST, list[ast.AST]]] = {}
_functions: dict[int, tuple[Sequence[ast.AST], list[FoundFunction]]] = {}


def forget() -> None:
    """Let go of all trees that were walked through."""
    _own.clear()
    _every.clear()
    _functions.clear()


def own_nodes(body: Sequence[ast.AST]) -> list[ast.AST]:
    """All nodes of the statements that belong to the function itself, not to one inside of it.

    Outer ones before inner ones, as they stand; without operators and contexts. Not to be changed.
    """
    known = _own.get(id(body))
    if known is None or known[0] is not body:
        known = _own[id(body)] = (body, nodes_of(body))
    return known[1]


def nodes_of(body: Sequence[ast.AST]) -> list[ast.AST]:
    """The same, walked through anew: for a part of a function that is asked for once."""
    found: list[ast.AST] = []
    todo = list(reversed(body))
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, _CLOSED):
            todo += reversed(children(node))
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, without operators and contexts."""
    found: list[ast.AST] = []
    for name in _fields(node):
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _fields(node: ast.AST) -> tuple[str, ...]:
    kind = type(node)
    if kind not in _fields_of:
        _fields_of[kind] = tuple(name for name in kind._fields if name not in _PLAIN)
    return _fields_of[kind]


def every_node(top: ast.AST) -> list[ast.AST]:
    """A node and all that is below it, inner functions and classes included; as ``own_nodes`` otherwise."""
    known = _every.get(id(top))
    if known is None or known[0] is not top:
        known = _every[id(top)] = (top, _all_nodes(top))
    return known[1]


def _all_nodes(top: ast.AST) -> list[ast.AST]:
    found, todo = [], [top]
    while todo:
        node = todo.pop()
        found.append(node)
        todo += reversed(children(node))
    return found


def all_functions(body: Sequence[ast.AST]) -> list[FoundFunction]:
    """Every function with the path of what it is defined in, and whether that is a class."""
    known = _functions.get(id(body))
    if known is None or known[0] is not body:
        known = _functions[id(body)] = (body, list(_all(body, "", in_class=False)))
    return known[1]


def _all(body: Sequence[ast.AST], scope: str, *, in_class: bool) -> Iterator[FoundFunction]:
    for node in body:
        inside = f"{scope}.{getattr(node, 'name', '')}".lstrip(".")
        if isinstance(node, FUNCTIONS):
            yield node, scope, in_class
            yield from _all(node.body, inside, in_class=False)
        elif isinstance(node, ast.ClassDef):
            yield from _all(node.body, inside, in_class=True)
        elif isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield from _all(children(node), scope, in_class=in_class)
