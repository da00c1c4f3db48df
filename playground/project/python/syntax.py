"""Small questions to syntax trees: names, literals, arguments, blocks."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from playground.core.routes import METHODS

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

View = ast.FunctionDef | ast.AsyncFunctionDef


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a name or a chain of attributes, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        value = dotted(node.value)
        return f"{value}.{node.attr}" if value else ""
    return ""


def keywords(call: ast.Call) -> Mapping[str, ast.expr]:
    """The keyword arguments of a call by name."""
    return {one.arg: one.value for one in call.keywords if one.arg is not None}


def literal(node: ast.expr | None) -> str | None:
    """The text of a string literal, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def rule_of(call: ast.Call) -> ast.expr | None:
    """The argument of a route decorator that is its rule."""
    return call.args[0] if call.args else keywords(call).get("rule")


def method_list(node: ast.expr) -> tuple[str, ...] | None:
    """The methods of a literal list in the form's order, None where they are worked out."""
    if not isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return None
    written = [literal(one) for one in node.elts]
    if not written or any(one is None for one in written):
        return None
    upper = [one.upper() for one in written if one]
    return sort_methods(upper)


def sort_methods(methods: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Each method once, in the form's order, foreign ones last."""
    known = [one for one in METHODS if one in methods]
    return (*known, *sorted(set(methods) - set(METHODS)))


def arguments(view: View) -> tuple[str, ...]:
    """The names of a function's parameters, without ``*args`` and ``**kwargs``."""
    given = view.args
    return tuple(one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of an if, for, while, with, try or match that belong to the same scope."""
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def targets(node: ast.stmt) -> Iterator[ast.expr]:
    """What a for loop or a with statement assigns to."""
    if isinstance(node, (ast.For, ast.AsyncFor)):
        yield node.target
    for item in getattr(node, "items", ()):
        if item.optional_vars is not None:
            yield item.optional_vars


def stored(node: ast.AST) -> Iterator[str]:
    """The names that are assigned to somewhere in the node."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id


def first_line(node: ast.stmt) -> int:
    """The line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def grouped(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Statements in their order, those that share a line together."""
    group: list[ast.stmt] = []
    for node in body:
        if group and first_line(node) > (group[-1].end_lineno or 0):
            yield group
            group = []
        group.append(node)
    if group:
        yield group
