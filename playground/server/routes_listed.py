"""The routes of an app as ``flask routes`` lists them, and the order in which Werkzeug tries them."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from playground.core.live_rules import LiveRule
from playground.core.routes_table import RouteRow, RoutesTable
from playground.server.explaining_router import Router

_ADDED = frozenset(("HEAD", "OPTIONS"))


def routes_of(app: Flask, known: Iterable[LiveRule]) -> RoutesTable:
    """All rules of an app; ``known`` says of the same rules where their views are written."""
    rules = list(app.url_map.iter_rules())
    by_host = app.url_map.host_matching
    domains = [(rule.host if by_host else rule.subdomain) or "" for rule in rules]
    places = _in_match(app, len(rules))
    where = {(one.rule, one.methods, one.endpoint): one for one in known}
    rows = []
    for number, (rule, domain) in enumerate(zip(rules, domains, strict=True)):
        view = where.get((rule.rule, tuple(sorted(rule.methods or ())), rule.endpoint))
        file, line, package = (view.file, view.line, view.package) if view is not None else ("", 0, "")
        methods = tuple(sorted((rule.methods or set()) - _ADDED))
        rows.append(
            RouteRow(rule.endpoint, methods, rule.rule, domain, number, places[number], file, line, package)
        )
    title = ("Host" if by_host else "Subdomain") if any(domains) else ""
    return RoutesTable(tuple(rows), title)


def _in_match(app: Flask, count: int) -> list[int]:
    """Of each rule, by its place in the map, when it is tried; what takes no requests comes last."""
    router = Router(app)
    tried = [form.number for form in sorted(router.forms, key=router.order)]
    rest = sorted(set(range(count)) - set(tried))
    places = [0] * count
    for place, number in enumerate((*tried, *rest)):
        places[number] = place
    return places
