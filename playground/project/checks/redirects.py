"""Redirects to an address that is none, where the name of a view was meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from playground.core.problems import Problem
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.functions import SeenView, views_of
from playground.project.checks.saying import fix, found
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import dotted, literal

_NAME = re.compile(r"[A-Za-z_][\w.]*\Z")


@dataclass(frozen=True)
class Redirect:
    """``redirect("home")``: ``function`` is the line of the ``def`` around it, the place that of the text."""

    name: str
    function: int
    scope: str
    to: str
    line: int
    column: int


def _redirects(body: list[ast.stmt]) -> tuple[Redirect, ...]:
    return tuple(_all(body))


def _all(body: list[ast.stmt]) -> Iterator[Redirect]:
    for view, scope, _ in all_functions(body):
        for node in own_nodes(view.body):
            if (
                isinstance(node, ast.Call)
                and dotted(node.func).rpartition(".")[2] == "redirect"
                and node.args
            ):
                to = literal(node.args[0])
                if to is not None and _NAME.match(to):
                    where = (node.args[0].lineno, node.args[0].col_offset)
                    yield Redirect(dotted(node.func), view.lineno, f"{scope}.{view.name}", to, *where)


REDIRECTS = Extractor("redirects", _redirects, ("redirect",))


def relative_redirects(project: CheckedProject) -> tuple[Problem, ...]:
    """``redirect("home")`` where ``home`` is a view, and no address that the browser would go to."""
    redirects = [one for file in project.files.values() for one in file.kept(_from_views)]
    routes = [route for route in project.picture.routes if route.in_source] if redirects else []
    if not project.whole or any(not route.full_rule.startswith("/") for route in routes):
        return ()
    return tuple(problem for view, above, one in redirects for problem in _of(view, above, one, routes))


def _from_views(file: CheckedFile) -> tuple[tuple[SeenView, int, Redirect], ...]:
    redirects = list(file.facts(REDIRECTS))
    if not redirects:
        return ()
    views = {view.line: view for view in views_of(file)}
    return tuple(
        (views[above + one.function], above, one)
        for above, one in redirects
        if above + one.function in views
        and file.imported(one.name, one.scope.lstrip(".")) in ("flask.redirect", "werkzeug.utils.redirect")
    )


def _of(view: SeenView, above: int, one: Redirect, routes: list[Route]) -> Iterator[Problem]:
    place = view.file.place(above + one.line, one.column)
    here = view.routes[0]
    meant = _meant(one.to, here, routes)
    if (
        meant is None
        or "(" in meant.endpoint  # two blueprints have its name: it can't be told which is meant
        or any(_is_address(one.to, route, routes) for route in view.routes)
    ):
        return
    goes = _resolved(one.to, here)
    sentence = f"redirect goes to the address {one.to}, not to the view {one.to}."
    why = (
        f"From {here.full_rule} the browser would go to {goes}, which no rule has. url_for makes the address."
    )
    name = f".{meant.function}" if _is_near(one.to, here, meant) else meant.endpoint
    call = f'url_for("{name}")'
    write = fix(f"Write {call}", "expression", place, new=call, needs="flask.url_for")
    if len(f"Write {call}") > 40:
        write = fix("Write it with url_for", "expression", place, new=call, needs="flask.url_for")
    yield found("relative-redirect", sentence, why, place, write)


def _is_near(to: str, here: Route, meant: Route) -> bool:
    """Whether the blueprint's own name for it will do."""
    return meant.endpoint != to and meant.owner == here.owner


def _meant(to: str, here: Route, routes: list[Route]) -> Route | None:
    """The view that the text names, if it needs no values."""
    plain = [route for route in routes if "<" not in route.full_rule and "GET" in route.methods]
    named = [route for route in plain if to == route.endpoint]
    near = [route for route in plain if to == route.function and route.owner == here.owner]
    others = [route for route in plain if to == route.function]
    if named or near:
        return (named or near)[0]
    return others[0] if len({route.endpoint for route in others}) == 1 else None


def _resolved(to: str, here: Route) -> str:
    return urljoin(re.sub(r"<[^<>]*>", "x", here.full_rule), to)


def _is_address(to: str, here: Route, routes: list[Route]) -> bool:
    """Whether a rule has the address that the browser would go to."""
    path = _resolved(to, here)
    return path.startswith("/static/") or any(_takes(route, path) for route in routes)


def _takes(route: Route, path: str) -> bool:
    try:
        rule = Rule.parse(route.full_rule)
    except RuleError:  # of a converter that only the app knows: it may
        return True
    return rule.read(path) is not None or rule.read(path + "/") is not None


PROJECT_CHECKS = (relative_redirects,)
