"""Reading a file again of which a few statements have changed: only these are parsed, the others just move.

What a statement says depends on its own text and on what the names in it mean. So it is read again when its
text changed, or when one of the names that came, went or changed their meaning occurs in it. Only functions
and imports can be told apart like this; where anything else changed, the whole file is read again.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol, TypeVar

from playground.core.alike import common_end, common_start
from playground.core.pieces import FAILURES, PIECE, parse_quietly
from playground.core.routes import Region
from playground.project.python.source import Source, parse
from playground.project.python.syntax import FUNCTIONS, first_line, grouped
from playground.project.reading.modules import LocalRoute, ModuleReading, Outline

_MOST_TOUCHED = 400
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Reader(Protocol):
    """What notes in a reading what statements say."""

    special: bool

    def names(self, body: list[ast.stmt], scope: str) -> None:
        """Note the names that the statements bind."""

    def walk(self, body: list[ast.stmt], scope: str) -> None:
        """Note what the statements do."""


@dataclass(frozen=True)
class Window:
    """The statements ``first`` to ``last`` (not included) became the text from ``start`` to ``end``.

    Offsets are characters of the new text; ``grown`` are characters, ``more_lines`` and ``more_bytes`` what
    everything below moves by.
    """

    first: int
    last: int
    start: int
    end: int
    grown: int
    more_lines: int
    more_bytes: int


def reread(
    old: ModuleReading, source: Source, reader: Callable[[ModuleReading], Reader]
) -> ModuleReading | None:
    """The reading of a file that was read before its last change; None where all of it has to be read."""
    window = find_window(old, source)
    if window is None or old.outline.binds == [None]:
        return None
    groups = _parsed(source, window)
    if groups is None:
        _refuse(source, window)
    gone = old.outline.binds[window.first : window.last]
    come = [bound_by(nodes) for nodes in groups] if groups is not None else [None]
    if groups is None or None in gone or None in come:
        return None
    if len(gone) == len(old.outline.binds):  # nothing would stay
        return None
    names_gone, names_come = set(_flat(gone)), list(_flat(come))
    if _is_tangled(old, window, names_gone, names_come):
        return None
    found = _without(old, source, names_gone)
    return _Rereading(old, found, window, groups, reader(found)).run(names_gone | set(names_come))


def bound_by(nodes: list[ast.stmt]) -> tuple[str, ...] | None:
    """The names that a function or an import binds; None for any other statement, or for several."""
    node = nodes[0]
    if len(nodes) == 1 and isinstance(node, FUNCTIONS):
        return (node.name,)
    if len(nodes) == 1 and isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(one.asname or one.name.partition(".")[0] for one in node.names)
    return None


# What changed -----------------------------------------------------------------------------------


def find_window(old: ModuleReading, source: Source) -> Window | None:
    """The statements that the whole difference lies in, with all that could join them."""
    was, now, starts = old.source.text, source.text, old.outline.starts
    if (old.source.encoding, "barry_as_FLUFL" in now) != (source.encoding, False):
        return None
    head = common_start(was, now)
    tail = common_end(was, now, min(len(was), len(now)) - head)
    first = max(0, bisect_right(starts, max(head - 1, 0)) - 1)
    last = bisect_left(starts, len(was) - tail)
    new_end = len(now) - tail
    if last < len(starts) and starts[last] == new_end - (len(now) - len(was)):
        last += bool(new_end and now[new_end - 1] != "\n")
    last = max(last, first, 1)  # the first one begins with the file, whatever stands above it
    grown = len(now) - len(was)
    start = starts[first]
    end = starts[last] + grown if last < len(starts) else len(now)
    below = (starts[last], end) if last < len(starts) else (len(was), len(now))
    return _checked(old.source, source, Window(first, last, start, end, grown, 0, 0), below)


def _checked(old: Source, new: Source, window: Window, below: tuple[int, int]) -> Window | None:
    """The window with what lies below it in lines and bytes; None where bytes outside of it differ."""
    head_was, head_now = old.byte(window.start), new.byte(window.start)
    tail_was, tail_now = old.byte(below[0]), new.byte(below[1])
    if old.data[:head_was] != new.data[:head_now] or old.data[tail_was:] != new.data[tail_now:]:
        return None
    if window.end - window.start > 2 * PIECE:
        return None
    more = new.text.count("\n", window.start, window.end) - old.text.count("\n", window.start, below[0])
    return replace(window, more_lines=more, more_bytes=tail_now - tail_was)


def _parsed(source: Source, window: Window) -> list[list[ast.stmt]] | None:
    """The statements of the window, those that share a line together; None where it does not parse alone."""
    nodes = parse_part(source, window.start, window.end)
    return None if nodes is None else list(grouped(nodes))


def _refuse(source: Source, window: Window) -> None:
    """Raises the ProblemError of an error in the window: what is above is known to have none."""
    above = source.text.count("\n", 0, window.start)
    parse("\n" * above + source.text[window.start :], source.file)


def parse_part(source: Source, start: int, end: int) -> list[ast.stmt] | None:
    """The statements of a part of a file, with their lines in the file."""
    try:
        body = parse_quietly(source.program[start:end]).body
    except FAILURES:
        return None
    above = source.text.count("\n", 0, start)
    for node in body:
        ast.increment_lineno(node, above)
    return body


# What depends on it -----------------------------------------------------------------------------


def _flat(binds: Iterable[tuple[str, ...] | None]) -> Iterable[str]:
    return chain.from_iterable(names or () for names in binds)


def _is_tangled(old: ModuleReading, window: Window, gone: set[str], come: list[str]) -> bool:
    """Whether one of the names is also bound elsewhere, or is a view of ``add_url_rule``."""
    names = gone | set(come)
    if len(set(come)) < len(come):
        return True
    binds = old.outline.binds
    elsewhere = chain(_flat(binds[: window.first]), _flat(binds[window.last :]))
    return not names.isdisjoint(elsewhere) or any(one.decorator < 0 for one in old.routes)


def _without(old: ModuleReading, source: Source, gone: set[str]) -> ModuleReading:
    """The reading without what the scopes of some functions and imports said."""

    def by_scope(known: dict[str, _Value]) -> dict[str, _Value]:
        return _less(known, [scope for scope in known if scope.partition(".")[0] in gone])

    bound = by_scope(old.bound)
    bound[""] = old.bound[""] - gone
    imports = _less(old.imports, [key for key in old.imports if (key[0] or key[1]).partition(".")[0] in gone])

    def by_key(known: dict[tuple[str, str], _Value]) -> dict[tuple[str, str], _Value]:
        return _less(known, [key for key in known if key[0].partition(".")[0] in gone])

    return replace(
        old,
        source=source,
        bound=bound,
        imports=imports,
        parameters=by_scope(old.parameters),
        made_by=by_key(old.made_by),
        constants=by_key(old.constants),
        aliases=by_key(old.aliases),
        view_objects=by_key(old.view_objects),
        calls=by_scope(old.calls),
        returned=by_scope(old.returned),
        endpoints=dict(old.endpoints),
        possible=[],
        owners=[],
        registrations=[],
        run_calls=[],
        routes=[],
        factories=dict(old.factories),
        converters=set(old.converters),
        classes=dict(old.classes),
        _visible={},
        _parsed={},
    )


def _less(known: dict[_Key, _Value], gone: Iterable[_Key]) -> dict[_Key, _Value]:
    """A copy without some keys: these are few, and copying is quick."""
    copy = dict(known)
    for key in gone:
        del copy[key]
    return copy


def _words(text: str, name: str) -> Iterator[int]:
    """Where a name stands in a text."""
    at = text.find(name)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(name) : at + len(name) + 1]
        if not any(char == "_" or char.isalnum() for char in around):
            yield at
        at = text.find(name, at + len(name))


class _Rereading:
    """Puts the new reading together: what was above, what is new, and what was below, moved."""

    def __init__(
        self,
        old: ModuleReading,
        found: ModuleReading,
        window: Window,
        groups: list[list[ast.stmt]],
        reader: Reader,
    ) -> None:
        self.old, self.found, self.window, self.groups, self.reader = old, found, window, groups, reader

    def run(self, names: set[str]) -> ModuleReading | None:
        """The reading; None where more than could be known of beforehand has changed."""
        self.reader.special = False
        for nodes in self.groups:
            self.reader.names(nodes, "")
        self._keep_owners()
        fresh = [self._routes_of(nodes) for nodes in self.groups]
        if self.reader.special:
            return None
        self._put_together(fresh)
        again = self._touched({name for name in names if self._means_other(name)})
        return self.found if again is not None and self._read_again(again) else None

    def _keep_owners(self) -> None:
        old, found = self.old, self.found
        found.owners = [replace(one, line=self._line(one.line)) for one in old.owners]
        found.possible = [replace(one, line=self._line(one.line)) for one in old.possible]
        found.registrations = [replace(one, line=self._line(one.line)) for one in old.registrations]
        found.run_calls = [self._line(line) for line in old.run_calls]

    def _line(self, line: int) -> int:
        above = self.old.source.line_of(self.window.start)
        return line + self.window.more_lines if line >= above else line

    def _routes_of(self, nodes: list[ast.stmt]) -> list[LocalRoute]:
        self.found.routes = []
        self.reader.walk(nodes, "")
        return self.found.routes

    def _put_together(self, fresh: list[list[LocalRoute]]) -> None:
        old, window = self.old, self.window
        counts = old.outline.routes
        above, below = sum(counts[: window.first]), sum(counts[: window.last])
        moved = [_moved(one, window.more_lines, window.more_bytes) for one in old.routes[below:]]
        self.found.routes = [*old.routes[:above], *chain.from_iterable(fresh), *moved]
        source = self.found.source
        line_starts = source.line_starts
        starts = [
            *old.outline.starts[: window.first],
            *(line_starts[first_line(nodes[0]) - 1] for nodes in self.groups),
            *(start + window.grown for start in old.outline.starts[window.last :]),
        ]
        starts[0] = 0
        binds = [*old.outline.binds[: window.first], *map(bound_by, self.groups)]
        binds += old.outline.binds[window.last :]
        self.found.outline = Outline(
            starts, binds, [*counts[: window.first], *map(len, fresh), *counts[window.last :]]
        )

    def _means_other(self, name: str) -> bool:
        old, found, key = self.old, self.found, ("", name)
        return (name in old.bound[""]) != (name in found.bound[""]) or old.imports.get(
            key
        ) != found.imports.get(key)

    def _touched(self, names: Collection[str]) -> set[int] | None:
        """The statements outside of the window that say one of the names; None where these are too many."""
        text, outline = self.found.source.text, self.found.outline
        if not names:
            return set()
        if not text.isascii() or len(names) > _MOST_TOUCHED:  # elsewhere a name has several spellings
            return None
        found: set[int] = set()
        new = range(self.window.first, self.window.first + len(self.groups))
        for place in chain.from_iterable(_words(text, name) for name in names):
            at = bisect_right(outline.starts, place) - 1
            if at not in new:
                found.add(at)
            if len(found) > _MOST_TOUCHED:
                return None
        return None if any(outline.binds[at] is None for at in found) else found

    def _read_again(self, touched: Collection[int]) -> bool:
        found, outline = self.found, self.found.outline
        routes = found.routes
        for at in touched:
            nodes = parse_part(found.source, outline.starts[at], found.end_of(at))
            before = sum(outline.routes[:at])
            fresh = self._routes_of(nodes or [])
            if nodes is None or len(fresh) != outline.routes[at]:
                return False
            routes[before : before + len(fresh)] = fresh
        found.routes = routes
        return not self.reader.special


def _moved(route: LocalRoute, lines: int, count: int) -> LocalRoute:
    """The route some lines and bytes further down; made without the checks of ``replace``, there are many."""
    if not lines and not count:
        return route
    region = route.region
    moved = object.__new__(LocalRoute)
    known = moved.__dict__
    known.update(route.__dict__)
    known["line"] = route.line + lines
    known["end_line"] = route.end_line + lines
    known["region"] = Region(region.file, region.start + count, region.end + count, region.text)
    return moved
