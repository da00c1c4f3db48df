"""The places that say what a route is called: found again in its file."""

from __future__ import annotations

import ast
from itertools import chain

from playground.core.problems import ProblemError, refuse
from playground.core.proposals import Rename
from playground.project.editing.edits import find
from playground.project.python.syntax import dotted, keywords
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.wide.wide_edits import WideEdit


def routed(wide: WideEdit, wanted: Rename) -> tuple[ModuleReading, LocalRoute]:
    """The route that a rename is about, as its file has it now. Raises ProblemError for one that is gone."""
    route = wanted.route
    if route is None or not route.in_source:
        why = route.why_not if route is not None else ""
        raise refuse(f"Which {wanted.old} is meant can't be told from the source.", why, field="function")
    reading = wide.reading(route.file)
    try:
        return reading, reading.routes[find(reading, route)]
    except ProblemError as error:
        if route.editable:
            raise
        why = route.why_not or "Rename it in its code."
        raise refuse(f"{wanted.old} can't be renamed here.", why, field="function") from error


def call_of(reading: ModuleReading, local: LocalRoute) -> ast.Call:
    """The call that makes a route: its decorator, or ``add_url_rule``."""
    call = reading.call(local)
    if call is not None:
        return call
    for node in chain.from_iterable(map(ast.walk, reading.statements_at(local.line))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.lineno == local.line:
            return node
    raise refuse("This route is made in a way that can't be changed here.", local.why_not)


def endpoint_node(call: ast.Call) -> ast.expr | None:
    """The argument that says the endpoint."""
    adds = isinstance(call.func, ast.Attribute) and call.func.attr == "add_url_rule"
    return keywords(call).get("endpoint", call.args[1] if adds and len(call.args) > 1 else None)


def as_view_name(call: ast.Call) -> ast.expr | None:
    """The name that ``as_view`` gives a class view."""
    function = keywords(call).get("view_func", call.args[2] if len(call.args) > 2 else None)
    made = isinstance(function, ast.Call) and dotted(function.func).endswith("as_view")
    return function.args[0] if made and isinstance(function, ast.Call) and function.args else None


def last_changed(name: str, new: str) -> str:
    """``shop.index`` with another last part."""
    owner, dot, _ = name.rpartition(".")
    return f"{owner}{dot}{new}"
