"""Views that wait for a method which their rule does not take."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from playground.core.problems import Problem
from playground.core.routes import Route
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.endings import methods_asked
from playground.project.checks.functions import FUNCTIONS_OF, SeenView, views_of
from playground.project.checks.saying import fix, found
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import dotted

_SENDING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Asked:
    """What a function does only for a method; ``function`` is the line of its ``def``."""

    function: int
    method: str
    what: str
    line: int
    column: int


def _asked(body: list[ast.stmt]) -> tuple[Asked, ...]:
    found_ones = []
    for view, *_ in all_functions(body):
        for node in own_nodes(view.body):
            method, what = _of_node(node)
            if method and isinstance(node, ast.expr):
                found_ones.append(Asked(view.lineno, method, what, node.lineno, node.col_offset))
    return tuple(found_ones)


def _of_node(node: ast.AST) -> tuple[str, str]:
    if isinstance(node, ast.Compare):
        methods = sorted(methods_asked(node))
        return (methods[0], f"request.method for {methods[0]}") if len(methods) == 1 else ("", "")
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        name = dotted(node.value)
        return ("POST", name) if name in ("request.form", "request.files") else ("", "")
    return "", ""


ASKED = Extractor("asked methods", _asked, ("request",))


def methods_not_taken(project: CheckedProject) -> tuple[Problem, ...]:
    """Views that look for what a form sends, and whose rule takes GET only; or the other way round."""
    suspects = [pair for file in project.files.values() for pair in file.kept(_in_file)]
    takers = {(_path(one), method) for one in project.picture.routes for method in one.methods if suspects}
    return tuple(
        _of_view(view, one)
        for view, one in suspects
        if not any((_path(route), one.method) in takers for route in view.routes)
    )


def _path(route: Route) -> str:
    """A route's address without what its parameters are called: another view may take the method there."""
    return re.sub(r"<[^<>]*>", "<>", route.full_rule)


def _in_file(file: CheckedFile) -> tuple[tuple[SeenView, Asked], ...]:
    asked: dict[int, list[Asked]] = {}
    for above, one in file.facts(ASKED):
        asked.setdefault(above + one.function, []).append(one)
    if not asked:
        return ()
    used = {name for _, one in file.facts(FUNCTIONS_OF) for name in one.reads}
    return tuple(
        (view, one)
        for view in views_of(file)
        if view.function.name not in used  # a view that another one calls may do what that one is asked
        for one in asked.get(view.line, ())[:1]
        if _is_never(view, one)
    )


def _is_never(view: SeenView, asked: Asked) -> bool:
    methods = {method for route in view.routes for method in route.methods} - {"HEAD", "OPTIONS"}
    if any(route.why_not and "worked out" in route.why_not for route in view.routes):
        return False
    if methods == {"GET"}:
        return asked.method in _SENDING
    return methods == {"POST"} and asked.method == "GET"


def _of_view(view: SeenView, asked: Asked) -> Problem:
    place = view.file.place(view.above + asked.line, asked.column)
    route = view.routes[0]
    only = next(iter(route.methods), "GET")
    sentence = f"{view.function.name} waits for {asked.method}, but its rule takes {only} only."
    takes = ", ".join(route.methods)
    why = (
        f"Line {place.line} looks at {asked.what}. The rule {route.full_rule} takes {takes}, "
        f"so {asked.method} is answered with 405 METHOD NOT ALLOWED."
    )
    words = {"endpoint": route.endpoint, "rule": route.full_rule, "method": asked.method}
    take = fix(f"Let {route.full_rule} take {asked.method}", "add_method", place, **words)
    return found("method-not-allowed", sentence, why, place, take)


PROJECT_CHECKS = (methods_not_taken,)
