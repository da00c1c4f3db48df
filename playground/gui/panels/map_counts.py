"""How many requests each route of the map has had, and how many of them failed; without Qt.

They are counted by what the router said (endpoint, rule, method), so that a map that is drawn anew has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.core.trips import Line
from playground.gui.panels.map_layout import MapLayout
from playground.gui.panels.traffic_rows import failed

ROOT = 0
"""The node that has the requests that found no route."""
Asked = tuple[str, str, str]
"""Endpoint, rule and method; all empty where no route matched."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests, and how many of them were answered with an error or not at all."""

    requests: int = 0
    failed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.requests + other.requests, self.failed + other.failed)

    @property
    def short(self) -> str:
        """As it stands beside a pill: ``12 · 2 failed``."""
        return f"{_few(self.requests)} · {_few(self.failed)} failed" if self.failed else _few(self.requests)

    @property
    def spoken(self) -> str:
        """The same in words: ``12 requests, 2 of them failed (17 %)``."""
        what = f"{self.requests:,} request{'' if self.requests == 1 else 's'}"
        if not self.failed:
            return what
        share = 100 * self.failed / self.requests
        rate = "<1" if share < 1 else f"{share:.0f}"
        return f"{what}, {self.failed:,} failed ({rate} %)"


@dataclass(slots=True)
class Counts:
    """The tallies since the last ``clear``."""

    _of: dict[Asked, Tally] = field(default_factory=dict)

    def take(self, lines: Iterable[Line]) -> dict[Asked, Tally]:
        """Count these; returns what they add."""
        fresh: dict[Asked, Tally] = {}
        alike = Counter((asked_of(line), failed(line.status)) for line in lines)
        for (asked, bad), requests in alike.items():
            fresh[asked] = fresh.get(asked, Tally()) + Tally(requests, requests if bad else 0)
        for asked, tally in fresh.items():
            self._of[asked] = self._of.get(asked, Tally()) + tally
        return fresh

    def clear(self) -> None:
        """Begin anew."""
        self._of.clear()

    def of_nodes(self, layout: MapLayout) -> dict[int, Tally]:
        """The tallies of the nodes that have any; those of pills, and of the root."""
        tallies: dict[int, Tally] = {}
        for asked, tally in self._of.items():
            node = node_of(layout, asked)
            if node is not None:
                tallies[node] = tallies.get(node, Tally()) + tally
        return tallies


def asked_of(line: Line) -> Asked:
    """What a line is counted as."""
    return (line.endpoint, line.rule, line.method) if line.endpoint else ("", "", "")


def node_of(layout: MapLayout, asked: Asked) -> int | None:
    """The pill that stands for it, or the root; None where the map does not have that route."""
    return layout.pill_of(*asked) if asked[0] else ROOT


def _few(number: int) -> str:
    return f"{number:,}" if number < 10_000 else f"{number // 1000:,}k"
