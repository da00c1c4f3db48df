"""The routes of the running app as ``flask routes`` lists them, sorted in its ways and in Werkzeug's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """How the table can be sorted: four of ``flask routes --sort``, and the way in which Werkzeug matches.

    ``MAP`` is what ``flask routes`` calls ``match``: the order of the app's map, which goes by endpoint.
    ``MATCH`` is the order in which rules are really tried, where a path fits several.
    """

    ENDPOINT = "endpoint"
    METHODS = "methods"
    RULE = "rule"
    MAP = "map"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One rule. ``methods`` are without HEAD and OPTIONS; ``domain`` is its subdomain or host.

    ``in_map`` and ``in_match`` are its places, from 0, in the map and in the order in which rules are tried
    (the last for one that takes no requests). ``file`` and ``line`` say where its view is written, empty and
    0 outside of the project; ``package`` is what it comes from there.
    """

    endpoint: str
    methods: tuple[str, ...]
    rule: str
    domain: str = ""
    in_map: int = 0
    in_match: int = 0
    file: str = ""
    line: int = 0
    package: str = ""

    @property
    def methods_text(self) -> str:
        """As ``flask routes`` writes them."""
        return ", ".join(self.methods)

    @property
    def source(self) -> str:
        """Where its view is: ``app.py:12``, or the package that brought it."""
        return f"{self.file}:{self.line}" if self.file else self.package


@dataclass(frozen=True, slots=True)
class RoutesTable:
    """All rules in the order of the map; ``domain_title`` is empty where no rule has a subdomain or host."""

    rows: tuple[RouteRow, ...] = ()
    domain_title: str = ""

    def sorted(self, order: Order) -> tuple[RouteRow, ...]:
        """The rows in that order; equal ones stay as the map has them."""
        keys = {
            Order.ENDPOINT: lambda row: row.endpoint,
            Order.METHODS: lambda row: row.methods_text,
            Order.RULE: lambda row: row.rule,
            Order.MAP: lambda row: row.in_map,
            Order.MATCH: lambda row: row.in_match,
        }
        return tuple(sorted(self.rows, key=keys[order]))

    def text(self, rows: Sequence[RouteRow]) -> str:
        """Those rows as ``flask routes`` prints them, with a line end behind each line."""
        if not self.rows:
            return "No routes were registered.\n"
        titles = ["Endpoint", "Methods", *([self.domain_title] if self.domain_title else []), "Rule"]
        cells = [titles, *(self._cells(row) for row in rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(titles))]
        cells.insert(1, ["-" * width for width in widths])
        return "".join(
            "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) + "\n"
            for line in cells
        )

    def _cells(self, row: RouteRow) -> list[str]:
        domain = [row.domain] if self.domain_title else []
        return [row.endpoint, row.methods_text, *domain, row.rule]


def fitting(rows: Sequence[RouteRow], words: str) -> tuple[RouteRow, ...]:
    """The rows in which each of some words stands, in whatever column."""
    wanted = words.lower().split()
    if not wanted:
        return tuple(rows)
    return tuple(row for row in rows if all(word in _all_of(row) for word in wanted))


def _all_of(row: RouteRow) -> str:
    return " ".join((row.rule, row.endpoint, row.methods_text, row.domain, row.source)).lower()
