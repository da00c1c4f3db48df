"""Where everything on the route map goes, without Qt: a tree of path segments from left to right.

Routes that begin alike share the boxes of their common segments; each route ends in a pill beside
the box of its last segment. Every row of the picture is a leaf's own, a box stands in the middle
of what grows out of it, so nothing can overlap. The work grows with the number of boxes
only. Lengths are in unscaled pixels; what draws the map scales them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from playground.core.routes import Route
from playground.core.rules import Param, Rule, RuleError
from playground.gui.rule_text import has_parameter, rule_pieces, rule_segments

HEIGHT = 28.0
"""Height of a box and of a pill."""
GAP = 60.0
"""Room for the curve between a box and what grows out of it."""
PILL_GAP = 8.0
PILLS_IN_A_ROW = 3
DOT = 14.0
"""Diameter of the root."""
BOX_PADDING = 12.0
PILL_PADDING = 14.0
SMALLEST_BOX = 48.0

Measure = Callable[[str], float]
Direction = Literal["left", "right", "up", "down"]


@dataclass(slots=True)
class MapNode:
    """One thing on the map: the ``root`` dot, the box of a ``segment``, or the ``pill`` of a route.

    ``lay_out`` fills it in, ``take_routes`` gives it another route; nobody else changes it. ``x`` is its left
    edge, ``y`` its middle. ``parent`` and ``children`` are places in the layout's nodes; ``route`` is the
    pill's route; ``path`` is the rule up to here.
    """

    kind: Literal["root", "segment", "pill"]
    label: str
    path: str
    parent: int = -1
    children: tuple[int, ...] = ()
    route: Route | None = None
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = HEIGHT

    @property
    def is_parameter(self) -> bool:
        """Whether this is a segment whose text the visitor chooses."""
        return self.kind == "segment" and has_parameter(self.label)

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a path gets: the last node it finds its way to, and whether that used up all of it."""

    node: int
    complete: bool


@dataclass(frozen=True, slots=True)
class MapLayout:
    """All nodes, parents before their children (the root is node 0), and the size of it all."""

    nodes: tuple[MapNode, ...]
    width: float
    height: float
    _pills: dict[tuple[str, str], list[int]] = field(default_factory=dict, compare=False, repr=False)

    def pill_of(self, endpoint: str, rule: str, method: str = "") -> int | None:
        """The pill of an endpoint's rule (with or without the owner's prefix), best one of that method."""
        pills = self._pills.get((endpoint, rule), [])
        fitting = [pill for pill in pills if method in pill_methods(self.nodes[pill])]
        return next(iter(fitting or pills), None)

    def take_routes(self, routes: Sequence[Route]) -> None:
        """Hold these routes, which look like those that were laid out, in their place."""
        pills = (node for node in self.nodes if node.kind == "pill")
        for node, route in zip(pills, routes, strict=True):
            node.route = route

    def way(self, node: int) -> tuple[int, ...]:
        """The nodes from the root to this one, both included."""
        way = [node]
        while (node := self.nodes[node].parent) >= 0:
            way.append(node)
        return tuple(reversed(way))

    def furthest(self, path: str) -> Reached:
        """How far along the map a path leads, as Werkzeug's converters would have it."""
        texts = _texts(path)
        best, best_used = 0, 0
        waiting = [(0, 0)]
        while waiting:
            place, used = waiting.pop()
            if self._rank(place, used) > self._rank(best, best_used):
                best, best_used = place, used
            steps = ((child, self._take(child, texts, used)) for child in self.nodes[place].children)
            waiting.extend(sorted(((c, u) for c, u in steps if u > used), reverse=True))
        return Reached(best, best_used == len(texts))

    def along(self, pill: int, matched: str) -> int:
        """The last node on the way to a pill that the beginning of a path comes to."""
        texts = _texts(matched)
        here, used = 0, 0
        for place in self.way(pill)[1:]:
            now = self._take(place, texts, used)
            if now == used:
                break
            here, used = place, now
        return here

    def _rank(self, place: int, used: int) -> tuple[int, bool]:
        answers = any(self.nodes[child].kind == "pill" for child in self.nodes[place].children)
        return (used, answers)

    def _take(self, place: int, texts: tuple[str, ...], used: int) -> int:
        """How many texts are used up after this segment; ``used`` itself when it refuses."""
        node = self.nodes[place]
        if node.kind != "segment" or used >= len(texts):
            return used
        if "<path" in node.label:
            rest = "/".join(texts[used:])
            return len(texts) if _accepts(node.label, rest) else used
        return used + 1 if _accepts(node.label, texts[used]) else used

    def neighbour(self, node: int, direction: Direction) -> int:
        """The node that an arrow key leads to; the same one where there is none."""
        here = self.nodes[node]
        if direction == "left":
            return self._left_of(node)
        if direction == "right":
            onward = here.children or self._later_pills(node)
            return min(onward, key=lambda child: abs(self.nodes[child].y - here.y), default=node)
        sign = 1 if direction == "down" else -1
        there = [i for i, other in enumerate(self.nodes) if (other.y - here.y) * sign > HEIGHT / 2]
        return min(there, key=lambda i: self._distance(here, self.nodes[i]), default=node)

    def _left_of(self, node: int) -> int:
        here = self.nodes[node]
        before = [i for i in self._row_of(node) if self.nodes[i].x < here.x]
        return before[-1] if before else max(here.parent, 0)

    def _later_pills(self, node: int) -> list[int]:
        return [i for i in self._row_of(node) if self.nodes[i].x > self.nodes[node].x][:1]

    def _row_of(self, node: int) -> list[int]:
        """The pills that stand side by side with this one, from left to right."""
        here = self.nodes[node]
        if here.kind != "pill":
            return []
        siblings = self.nodes[here.parent].children
        return [i for i in siblings if self.nodes[i].kind == "pill" and self.nodes[i].y == here.y]

    @staticmethod
    def _distance(here: MapNode, there: MapNode) -> float:
        return abs(there.y - here.y) + 2 * abs(there.x - here.x)  # rather far below than aside


IN_A_STEP = 200
"""Routes that are placed in one step."""


def pill_label(route: Route) -> str:
    """What a pill says: the methods and the function, ``GET POST login``; of a lambda, the endpoint."""
    name = route.endpoint if route.function in ("", "<lambda>") else route.function
    return f"{' '.join(route.methods) or 'GET'} {name}"


def lay_out(routes: Sequence[Route], measure: Measure, *, row_gap: float | None = None) -> MapLayout:
    """Place all routes; ``measure`` gives the width of a text in the map's font.

    ``row_gap`` is the room between two rows; without one, few routes get more of it than many.
    """
    steps = laying_out(routes, measure, row_gap=row_gap)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            layout: MapLayout = end.value
            return layout


def laying_out(
    routes: Sequence[Route], measure: Measure, *, row_gap: float | None = None
) -> Generator[None, None, MapLayout]:
    """``lay_out`` in steps, for who has other things to do in between."""
    tree = yield from _grow(routes)
    rows = _rows(tree)
    yield
    gap = row_gap if row_gap is not None else (34.0 if len(rows) <= 4 else 15.0)
    _set_widths(tree, measure)
    yield
    _set_columns(tree)
    yield
    _set_heights(tree, rows, HEIGHT + gap)
    width = max(node.right for node in tree)
    height = (len(rows) - 1) * (HEIGHT + gap) + HEIGHT if rows else HEIGHT
    return MapLayout(tuple(tree), width, height, _pill_places(tree))


def looks(route: Route) -> tuple[object, ...]:
    """All of a route that the map depends on; where it stands in its file, or what it answers, is not."""
    return (route.full_rule, route.rule, route.methods, route.function, route.endpoint)


def pill_methods(node: MapNode) -> tuple[str, ...]:
    """The methods that a pill answers; none for any other node."""
    return node.route.methods if node.route is not None else ()


def _pill_places(nodes: Sequence[MapNode]) -> dict[tuple[str, str], list[int]]:
    places: dict[tuple[str, str], list[int]] = {}
    for index, node in enumerate(nodes):
        if node.route is not None:
            for rule in {node.route.full_rule, node.route.rule}:
                places.setdefault((node.route.endpoint, rule), []).append(index)
    return places


def _grow(routes: Sequence[Route]) -> Generator[None, None, list[MapNode]]:
    """The tree without places: shared segments once, in the order in which they first appear."""
    nodes = [MapNode("root", "/", "/")]
    children: list[list[int]] = [[]]
    known: dict[tuple[int, str], int] = {}

    def add(node: MapNode) -> int:
        nodes.append(node)
        children.append([])
        children[node.parent].append(len(nodes) - 1)
        return len(nodes) - 1

    for number, route in enumerate(routes, 1):
        if number % IN_A_STEP == 0:
            yield
        here, path = 0, ""
        for segment in rule_segments(route.full_rule):
            path += "/" + segment
            if (here, segment) not in known:
                known[here, segment] = add(MapNode("segment", segment, path, here))
            here = known[here, segment]
        add(MapNode("pill", pill_label(route), route.full_rule, here, route=route))

    def pills_first(place: int) -> bool:
        return nodes[place].kind != "pill"

    for node, places in zip(nodes, children, strict=True):
        node.children = tuple(sorted(places, key=pills_first))
    return nodes


def _rows(nodes: Sequence[MapNode]) -> list[list[int]]:
    """The leaves of the picture from top to bottom: up to three pills of one box share a row."""
    rows: list[list[int]] = []
    waiting = [0]
    while waiting:
        place = waiting.pop()
        children = nodes[place].children
        pills = [child for child in children if nodes[child].kind == "pill"]
        rows.extend(pills[i : i + PILLS_IN_A_ROW] for i in range(0, len(pills), PILLS_IN_A_ROW))
        waiting.extend(reversed(children[len(pills) :]))
    return rows


def _set_widths(nodes: Sequence[MapNode], measure: Measure) -> None:
    for node in nodes:
        if node.kind == "root":
            node.width = DOT
        else:
            padding = PILL_PADDING if node.kind == "pill" else BOX_PADDING
            node.width = max(SMALLEST_BOX, measure(node.label) + 2 * padding)


def _set_columns(nodes: Sequence[MapNode]) -> None:
    """Each box begins where its parent's curve ends; pills of a row follow one another."""
    for node in nodes:  # children come later in the list, so they are placed when their turn comes
        pills = 0
        x = left = node.right + GAP
        for child in map(nodes.__getitem__, node.children):
            if child.kind == "pill":
                x = left if pills % PILLS_IN_A_ROW == 0 else x
                child.x = x
                x += child.width + PILL_GAP
                pills += 1
            else:
                child.x = left


def _set_heights(nodes: Sequence[MapNode], rows: Sequence[Sequence[int]], pitch: float) -> None:
    """Pills stand in their rows, every box in the middle between its first and its last child."""
    for number, row in enumerate(rows):
        for place in row:
            nodes[place].y = number * pitch + HEIGHT / 2
    for node in reversed(nodes):
        if node.kind != "pill":
            reach = [nodes[child].y for child in node.children]
            node.y = (min(reach) + max(reach)) / 2 if reach else HEIGHT / 2


def _texts(path: str) -> tuple[str, ...]:
    """The texts between the slashes of a path, without its query."""
    return tuple(unquote(text) for text in path.partition("?")[0].split("/") if text)


@lru_cache(maxsize=4096)
def _accepts(segment: str, text: str) -> bool:
    """Whether a segment of a rule takes this piece of a path; unknown converters take everything."""
    pieces = rule_pieces(segment)
    if not any(is_parameter for _, is_parameter in pieces):
        return segment == text
    pattern = "".join("(.+)" if is_parameter else re.escape(piece) for piece, is_parameter in pieces)
    found = re.fullmatch(pattern, text, re.DOTALL)
    return found is not None and all(map(_converts, _params(segment), found.groups()))


def _params(segment: str) -> tuple[Param | None, ...]:
    """The parameters of a segment, None for each where the rule's language is not known."""
    try:
        return Rule.parse("/" + segment).params
    except RuleError:
        return tuple(None for _, is_parameter in rule_pieces(segment) if is_parameter)


def _converts(param: Param | None, text: str) -> bool:
    if param is None:
        return True
    try:
        param.convert(text)
    except ValueError:
        return False
    return True
