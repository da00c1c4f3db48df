"""Mends of Python code: each finds the statement that it is about where the problem named it.

All of them take ``file``, ``line`` and ``column`` of that statement and a ``label``; where something else
stands there now, they are refused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeVar

from playground.core.fixes import Mend
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal, Rename
from playground.project.editing.imports import add_import_lines, add_imports
from playground.project.mending.workshop import STALE, Workshop
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import FUNCTIONS, View, dotted
from playground.project.reading.module_reading import read_module
from playground.project.wide.proposing import Proposer

N = TypeVar("N", bound=ast.AST)
_ROUTING = frozenset({"route", "get", "post", "put", "patch", "delete"})


def return_it(workshop: Workshop, mend: Mend) -> Proposal:
    """A value that is made and dropped, or printed, is returned, as ``form`` has it: ``{}``, ``str({})``."""
    source = workshop.source(mend.file)
    statement = node_at(source, mend, ast.Expr)
    value = statement.value
    if isinstance(value, ast.Call) and dotted(value.func) == "print" and value.args:
        value = value.args[0]
    start, end = source.span(statement)
    returned = mend.word("form").replace("{}", source.segment(value))
    return workshop.edited(source, [Replacement(start, end, f"return {returned}")], mend.word("label"))


def return_as(workshop: Workshop, mend: Mend) -> Proposal:
    """What is returned becomes what ``form`` says of it; ``needs`` is imported: ``flask.jsonify``."""
    source = workshop.source(mend.file)
    statement = node_at(source, mend, ast.Return)
    start, end = source.span(statement)
    value = source.segment(statement.value) if statement.value is not None else ""
    returned = mend.word("form").replace("{}", value)
    pieces = [Replacement(start, end, f"return {returned}"), *imported(source, mend.word("needs"))]
    return workshop.edited(source, pieces, mend.word("label"))


def expression(workshop: Workshop, mend: Mend) -> Proposal:
    """The expression at the place becomes ``new``, where ``{}`` is what it was; ``needs`` is imported."""
    source = workshop.source(mend.file)
    start, end = source.span(node_at(source, mend, ast.expr))
    new = mend.word("new").replace("{}", source.text[start:end])
    pieces = [Replacement(start, end, new), *imported(source, mend.word("needs"))]
    return workshop.edited(source, pieces, mend.word("label"))


def return_swapped(workshop: Workshop, mend: Mend) -> Proposal:
    """The two values of a ``return`` change places."""
    source = workshop.source(mend.file)
    value = node_at(source, mend, ast.Return).value
    if not isinstance(value, ast.Tuple) or len(value.elts) != 2:
        raise stale(mend)
    first, second = value.elts
    pieces = [
        Replacement(*source.span(first), source.segment(second)),
        Replacement(*source.span(second), source.segment(first)),
    ]
    return workshop.edited(source, pieces, mend.word("label"))


def return_at_end(workshop: Workshop, mend: Mend) -> Proposal:
    """``text`` becomes the last statement of the function that begins at line ``def``."""
    source = workshop.source(mend.file)
    view = function_at(source, mend, int(mend.word("def")))
    last, first = view.body[-1], view.body[0]
    if (last.lineno, last.col_offset) != (mend.line, int(mend.word("column"))):
        raise stale(mend)
    end = source.span(last)[1]
    if first.lineno == view.lineno:
        return workshop.edited(source, [Replacement(end, end, f"; {mend.word('text')}")], mend.word("label"))
    end = source.line_end(end)
    start = source.span(first)[0]
    margin = source.text[source.line_start(start) : start]
    return workshop.edited(
        source, [Replacement(end, end, f"\n{margin}{mend.word('text')}")], mend.word("label")
    )


def decorator_below_route(workshop: Workshop, mend: Mend) -> Proposal:
    """A decorator goes below the last one of its function that makes a route."""
    source = workshop.source(mend.file)
    for view in functions(source):
        for one in view.decorator_list:
            if (one.lineno, one.col_offset) == (mend.line, int(mend.word("column"))):
                return workshop.edited(source, _moved_below(source, view, one, mend), mend.word("label"))
    raise stale(mend)


def _moved_below(source: Source, view: View, moved: ast.expr, mend: Mend) -> list[Replacement]:
    below = [one for one in view.decorator_list if is_routing(one) and one.lineno > moved.lineno]
    if not below or source.text[source.line_end(source.span(moved)[1]) :][:1] != "\n":
        raise stale(mend)
    start = source.line_start(source.span(moved)[0])
    end = source.line_end(source.span(moved)[1]) + 1
    to = source.line_end(source.span(below[-1])[1]) + 1
    return [Replacement(start, end, ""), Replacement(to, to, source.text[start:end])]


def add_parameter(workshop: Workshop, mend: Mend) -> Proposal:
    """The function whose ``def`` stands at the line takes ``new`` as well."""
    source = workshop.source(mend.file)
    view = function_at(source, mend, mend.line or 1)
    given, new = view.args, mend.word("new")
    plain = [*given.posonlyargs, *given.args]
    needed = plain[: len(plain) - len(given.defaults)]
    if needed:
        at = source.span(needed[-1])[1]
        return workshop.edited(source, [Replacement(at, at, f", {new}")], mend.word("label"))
    at = source.text.index("(", source.offset(view.lineno, view.col_offset)) + 1
    rest = bool(plain or given.vararg or given.kwonlyargs or given.kwarg)
    return workshop.edited(source, [Replacement(at, at, f"{new}, " if rest else new)], mend.word("label"))


def rename_parameter(workshop: Workshop, mend: Mend) -> Proposal:
    """The parameter ``old`` of a view becomes ``new``; the route is named by ``endpoint`` and ``rule``."""
    rename = Rename("parameter", mend.word("old"), mend.word("new"), workshop.route(mend))
    return Proposer(workshop.folder, workshop.index, workshop.picture).propose(rename)


# What they share


def stale(mend: Mend) -> Exception:
    """What is raised where something else stands now at the place of a mend."""
    return refuse(*STALE, place=Place(mend.file, mend.line))


def node_at(source: Source, mend: Mend, kind: type[N]) -> N:
    """The node of a kind that begins at the mend's place."""
    place = (mend.line, int(mend.word("column") or 0))
    for node in ast.walk(source.tree):
        if isinstance(node, kind) and (node.lineno, node.col_offset) == place:  # type: ignore[attr-defined]  # statements and expressions have a place
            return node
    raise stale(mend)


def functions(source: Source) -> Iterator[View]:
    """All functions of a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, FUNCTIONS))


def function_at(source: Source, mend: Mend, line: int) -> View:
    """The function called ``function`` whose ``def`` stands on a line."""
    for view in functions(source):
        if (view.name, view.lineno) == (mend.word("function"), line):
            return view
    raise stale(mend)


def is_routing(node: ast.expr) -> bool:
    """Whether a decorator is a call that makes a route."""
    name = dotted(node.func) if isinstance(node, ast.Call) else ""
    return "." in name and name.rpartition(".")[2] in _ROUTING


def imported(source: Source, *needed: str) -> list[Replacement]:
    """What adds the imports that are not there yet: ``flask.jsonify``, ``os`` for a whole module."""
    reading = read_module(source)
    missing = [one for one in needed if one and reading.imported(one.rpartition(".")[2]) != one]
    if not missing:
        return []
    whole = [f"import {one}" for one in missing if "." not in one]
    pairs = [(module, name) for module, _, name in (one.rpartition(".") for one in missing) if module]
    return [*add_imports(reading, pairs), *(add_import_lines(reading, whole) if whole else [])]


MENDS = {
    "return_it": return_it,
    "return_as": return_as,
    "expression": expression,
    "return_swapped": return_swapped,
    "return_at_end": return_at_end,
    "decorator_below_route": decorator_below_route,
    "add_parameter": add_parameter,
    "rename_parameter": rename_parameter,
}
