"""The routes of the source joined with the map of the running app: one list that says what both know.

Most routes are told by their endpoint and rule. What only Python knows (a prefix, a rule in a loop) is told
by the view function that the map has for it. Nothing is read or run here.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from operator import attrgetter

from playground.core.live_rules import LiveRule
from playground.core.routes import METHODS, Owner, Region, Route

ADDED_BY_FLASK = frozenset({"HEAD", "OPTIONS"})
"""The methods that Flask adds by itself, and that ``flask routes`` leaves out."""

_NAMES = [field.name for field in fields(Route)]
_VALUES = attrgetter(*_NAMES)
_LIVE, _WHY = _NAMES.index("live"), _NAMES.index("why_not_live")
_MOST_STACKED = 20
_Around = Callable[[Route], str]


@dataclass(frozen=True, slots=True)
class Running:
    """What the routes are held against.

    ``rules`` is None where no app is loaded. ``settled`` is False while the source is newer than what runs:
    what the map lacks may then still come, and what only the map has may be what the source had.
    ``held_back`` says that it is newer because it does not load.
    """

    rules: tuple[LiveRule, ...] | None = None
    settled: bool = True
    held_back: bool = False


class Joining:
    """Joins again after each change; a row for which nothing has changed is the same object as before.

    ``lines`` are those of views by endpoint, where they moved since the rules were read.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Route, tuple[LiveRule, ...], tuple[Route, ...]]] = {}
        self._added: dict[LiveRule, Route] = {}
        self._reasons: dict[tuple[str, str], str] = {}
        self._matched: _Matched | None = None
        self.lines: Mapping[str, int] = {}

    def join(
        self,
        routes: Sequence[Route],
        running: Running,
        owners: Sequence[Owner] = (),
        around: _Around = lambda route: "",
    ) -> tuple[Route, ...]:
        """The routes in their order, each as often as the app has it, then those that only the app has.

        ``around`` says what keeps Python from reaching a route, as far as the source around it shows.
        """
        if running.rules is None:
            self._rows, self._added, self._reasons = {}, {}, {}
            return tuple(routes)
        found, left = self._match(routes, running.rules)
        missing = _Missing(routes, found, running, owners, around)
        missing.before = self._reasons
        rows: dict[int, tuple[Route, tuple[LiveRule, ...], tuple[Route, ...]]] = {}
        for route, rules in zip(routes, found, strict=True):
            known = self._rows.get(id(route))
            if known is None or known[0] is not route or known[1] != rules or not rules:
                made = tuple(_live(route, rule) for rule in rules)
                known = (route, rules, made or self._kept(known, missing.row(route)))
            rows[id(route)] = known
        self._rows, self._reasons = rows, missing.reasons
        self._added = {rule: self._added_by(rule) for rule in left if running.settled or rule in self._added}
        return (*(row for _, _, made in rows.values() for row in made), *self._added.values())

    def _match(
        self, routes: Sequence[Route], rules: tuple[LiveRule, ...]
    ) -> tuple[list[tuple[LiveRule, ...]], list[LiveRule]]:
        """``match``, again only where something that it looks at has changed."""
        known = self._matched
        if known is None or known.rules is not rules:
            self.lines = {}
        if known is None or known.rules is not rules or not _told_alike(known.routes, routes):
            known = _Matched(routes, rules, *match(routes, rules))
        self._matched = replace(known, routes=routes)
        return known.found, known.left

    def _kept(
        self, known: tuple[Route, tuple[LiveRule, ...], tuple[Route, ...]] | None, row: Route
    ) -> tuple[Route, ...]:
        return known[2] if known is not None and known[2] == (row,) else (row,)

    def _added_by(self, rule: LiveRule) -> Route:
        known = self._added.get(rule) or _added(rule)
        line = self.lines.get(rule.endpoint, rule.line) if rule.file else known.line
        return known if known.line == line else replace(known, line=line, end_line=line)


@dataclass(frozen=True, slots=True)
class _Matched:
    """What ``match`` came to."""

    routes: Sequence[Route]
    rules: tuple[LiveRule, ...]
    found: list[tuple[LiveRule, ...]]
    left: list[LiveRule]


_TOLD_BY = attrgetter("endpoint", "rule", "prefix", "methods", "file", "function")


def _told_alike(old: Sequence[Route], new: Sequence[Route]) -> bool:
    """Whether the same rules are those of the new routes: most edits only move them in their file."""
    return len(old) == len(new) and all(
        one is other or _TOLD_BY(one) == _TOLD_BY(other) for one, other in zip(old, new, strict=True)
    )


# Which rule is whose ---------------------------------------------------------------------------------


def match(
    routes: Sequence[Route], rules: Sequence[LiveRule]
) -> tuple[list[tuple[LiveRule, ...]], list[LiveRule]]:
    """For each route the rules that it adds to the map, and the rules that no route adds."""
    by_key: dict[tuple[str, str], list[LiveRule]] = {}
    for rule in rules:
        by_key.setdefault((rule.endpoint, rule.rule), []).append(rule)
    keys = [(route.endpoint, route.full_rule) for route in routes]
    wanting: dict[tuple[str, str], list[int]] = {}
    found: list[tuple[LiveRule, ...]] = [()] * len(routes)
    for at, key in enumerate(keys):
        if key in by_key:
            wanting.setdefault(key, []).append(at)
    left: list[LiveRule] = []
    for key, same in by_key.items():
        askers = wanting.get(key, [])
        if len(askers) == len(same) == 1:
            found[askers[0]] = (same[0],)
        else:
            left += _share(routes, askers, same, found)
    return found, _Places(routes, found).take(left) if left else []


def _share(
    routes: Sequence[Route],
    askers: Sequence[int],
    rules: Iterable[LiveRule],
    found: list[tuple[LiveRule, ...]],
) -> list[LiveRule]:
    """Give rules that look the same each to the route that fits it best; returns what is left of them."""
    left, free = [], list(askers)
    for rule in rules:
        if not free:
            left.append(rule)
            continue
        best = max(free, key=lambda at: _likeness(routes[at], rule))
        free.remove(best)
        found[best] = (rule,)
    return left


def _likeness(route: Route, rule: LiveRule) -> int:
    return 4 * _holds(route, rule) + 2 * _is_view(route, rule) + (declared(rule) == _bare(route.methods))


def _holds(route: Route, rule: LiveRule) -> bool:
    return bool(rule.file) and route.file == rule.file and route.line <= rule.line <= route.end_line


def _is_view(route: Route, rule: LiveRule) -> bool:
    return bool(rule.file) and (route.file, _tail(route.function)) == (rule.file, rule.function)


def _tail(dotted: str) -> str:
    return dotted.rpartition(".")[2]


class _Places:
    """The routes by where their views are, for rules of which the source does not know the whole name."""

    def __init__(self, routes: Sequence[Route], found: list[tuple[LiveRule, ...]]) -> None:
        self._routes, self._found = routes, found
        self._by_view: dict[tuple[str, str], list[int]] = {}
        self._by_line: dict[str, list[tuple[int, int]]] = {}
        self._calls: dict[str, list[int]] = {}  # add_url_rule, by endpoint: their views may be anywhere
        self._odd_calls: list[int] = []
        for at, route in enumerate(routes):
            self._by_view.setdefault((route.file, _tail(route.function)), []).append(at)
            self._by_line.setdefault(route.file, []).append((route.line, at))
            if not found[at] and route.region is not None and not _is_decorated(route.region):
                is_odd = not is_literal(route.rule)
                calls = self._odd_calls if is_odd else self._calls.setdefault(_tail(route.endpoint), [])
                calls.append(at)
        for lines in self._by_line.values():
            lines.sort()

    def take(self, rules: Iterable[LiveRule]) -> list[LiveRule]:
        """Add rules to the routes that make them; returns those that none makes."""
        left = []
        for rule in rules:
            scores = [(self._score(at, rule), -at) for at in self._likely(rule)]
            most, at = max(scores, default=(0, 0))
            if most:
                self._found[-at] = (*self._found[-at], rule)
            else:
                left.append(rule)
        return left

    def _likely(self, rule: LiveRule) -> Iterator[int]:
        yield from self._calls.get(_tail(rule.endpoint), ())
        yield from self._odd_calls
        if rule.file:
            yield from self._by_view.get((rule.file, rule.function), ())
            yield from self._at_line(rule)

    def _at_line(self, rule: LiveRule) -> Iterator[int]:
        """The routes of the last statement that begins above the line of the view."""
        lines = self._by_line.get(rule.file, [])
        below = bisect_right(lines, (rule.line, len(self._routes)))
        for line, at in reversed(lines[max(0, below - _MOST_STACKED) : below]):
            if line == lines[below - 1][0]:
                yield at

    def _score(self, at: int, rule: LiveRule) -> int:
        route = self._routes[at]
        known = 4 * _holds(route, rule) + 2 * _is_view(route, rule) + self._is_called(route, rule)
        if not known or not _can_be(route, rule):
            return 0
        return known + 8 * (not self._found[at])

    def _is_called(self, route: Route, rule: LiveRule) -> bool:
        """Whether a call adds the rule, going by its names: its view may be in any file."""
        if route.region is None or _is_decorated(route.region):
            return False
        if not is_literal(route.rule):
            return _says_something(route.rule)
        return _tail(route.endpoint) == _tail(rule.endpoint) and bool(route.endpoint)


def _is_decorated(region: Region) -> bool:
    return region.text.lstrip().startswith("@")


def _can_be(route: Route, rule: LiveRule) -> bool:
    """Whether a route as written can have become this rule, some prefix put before it."""
    if is_literal(route.rule):
        return rule.rule.endswith(route.rule)
    return _pattern(route.rule).search(rule.rule) is not None


def is_literal(rule: str) -> bool:
    """Whether a route's rule is the rule itself, and no expression that makes one."""
    return not rule or rule.startswith("/")


@lru_cache(maxsize=4096)
def _pattern(expression: str) -> re.Pattern[str]:
    """What the ends of rules look like that an expression makes: its literal parts, anything between."""
    try:
        node = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return re.compile(r".*\Z", re.DOTALL)
    return re.compile("".join(_parts(node)) + r"\Z", re.DOTALL)


def _says_something(expression: str) -> bool:
    """Whether the rules that an expression makes can be told by their ends."""
    return len(_pattern(expression).pattern.removesuffix(r"\Z").replace(".*", "").replace("\\", "")) > 1


def _parts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _parts(part)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield ".*"


# Rows -------------------------------------------------------------------------------------------


def declared(rule: LiveRule) -> tuple[str, ...]:
    """The methods of a rule without those that Flask adds, in the form's order."""
    return _bare(rule.methods)


def _bare(methods: Iterable[str]) -> tuple[str, ...]:
    kept = set(methods) - ADDED_BY_FLASK
    known = tuple(one for one in METHODS if one in kept)
    return known if len(known) == len(kept) else (*known, *sorted(kept.difference(METHODS)))


def _held(route: Route, live: bool | None, why: str = "") -> Route:
    """The route with what the running app makes of it; ``replace`` takes twice as long, there are many."""
    values = list(_VALUES(route))
    values[_LIVE], values[_WHY] = live, why
    return Route(*values)


def _live(route: Route, rule: LiveRule) -> Route:
    """The row of a route that runs: what Python worked out is as in the map, the rest as written."""
    if route.endpoint != rule.endpoint or route.full_rule != rule.rule:
        route = _as_in_map(route, rule)
    if not route.editable and declared(rule) != _bare(route.methods):
        return replace(route, methods=declared(rule) or rule.methods, live=True)
    return _held(route, True)


def _as_in_map(route: Route, rule: LiveRule) -> Route:
    if is_literal(route.rule) and rule.rule.endswith(route.rule):
        prefix = rule.rule.removesuffix(route.rule) if route.rule else rule.rule
        return replace(route, prefix=prefix, endpoint=rule.endpoint)
    why = route.why_not or "Python makes another rule of it when the app starts: change it in its code."
    return replace(route, rule=rule.rule, prefix="", endpoint=rule.endpoint, editable=False, why_not=why)


def _added(rule: LiveRule) -> Route:
    """The row of a rule that no route of the source adds."""
    return Route(
        rule.rule,
        declared(rule) or rule.methods,
        rule.endpoint,
        rule.function,
        owner=rule.endpoint.rpartition(".")[0],
        file=rule.file,
        line=rule.line or 1,
        end_line=rule.line or 1,
        editable=False,
        why_not=_whence(rule),
        live=True,
        in_source=False,
    )


def _whence(rule: LiveRule) -> str:
    if not rule.file and _tail(rule.endpoint) == "static":
        return "Flask adds this one for static files."
    if rule.package:
        return f"Added by {rule.package} while the app starts."
    if rule.file:
        return f"Added by code while the app starts; its view is in {rule.file}."
    return "Added while the app starts, by code outside of this folder."


class _Missing:
    """The rows of routes that the map does not have, and why it does not have them."""

    def __init__(
        self,
        routes: Sequence[Route],
        found: Sequence[tuple[LiveRule, ...]],
        running: Running,
        owners: Sequence[Owner],
        around: _Around,
    ) -> None:
        self._running, self._around = running, around
        self._routes, self._found = routes, found
        self._owners: Mapping[str, Owner] = {owner.name: owner for owner in owners}
        self._known: tuple[set[str], set[str]] | None = None
        self.before: Mapping[tuple[str, str], str] = {}
        self.reasons: dict[tuple[str, str], str] = {}

    def row(self, route: Route) -> Route:
        """The route with the reason; that of before, or none, while its app is only about to be loaded."""
        key = (route.endpoint, route.full_rule)
        is_coming = not self._running.settled and not self._running.held_back
        why = self.before.get(key, "") if is_coming else self._why(route)
        if not why:
            return route
        self.reasons[key] = why
        return _held(route, False, why)

    def _why(self, route: Route) -> str:
        if self._running.held_back:
            return "The version that runs is an older one without it: the newest does not load."
        owner = self._owners.get(route.owner)
        if owner is not None and not owner.registered:
            return f"The blueprint {owner.name} is not registered on the app."
        why = self._around(route) or route.note
        if why:
            return why
        if owner is not None and owner.kind == "app" and owner.name not in self._running_owners:
            return f"It belongs to another app: {owner.variable} in {owner.file}."
        if route.file not in self._running_files:
            return f"The app that runs does not import {route.file}."
        return "The app that runs does not have it."

    @property
    def _running_owners(self) -> set[str]:
        return self._seen()[0]

    @property
    def _running_files(self) -> set[str]:
        return self._seen()[1]

    def _seen(self) -> tuple[set[str], set[str]]:
        if self._known is None:
            live = [route for route, rules in zip(self._routes, self._found, strict=True) if rules]
            files = {rule.file for rule in self._running.rules or ()}
            self._known = ({route.owner for route in live}, {route.file for route in live} | files)
        return self._known


def as_written(row: Route, routes: Iterable[Route]) -> Route:
    """The route of the source that a row stands for; the row itself, as far as it goes, where it is gone."""
    if row.live is None:
        return row
    near = [one for one in routes if one.file == row.file and one.function == row.function]
    same = [one for one in near if one.region == row.region] or near
    exact = [one for one in same if (one.rule, one.owner) == (row.rule, row.owner)] or [
        one for one in same if one.rule == row.rule
    ]
    found = exact or (same if len(same) == 1 else [])
    return found[0] if found else _held(row, None)
