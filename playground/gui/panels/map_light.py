"""The lit way on the route map: how far a request gets, drawn with the words that it ends with."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.gui.panels.map_items import CurvesItem, WordsItem, curves, words_size
from playground.gui.panels.map_layout import MapLayout, MapNode
from playground.gui.panels.map_view import MapView
from playground.gui.panels.map_words import outcome

MARGIN = 16.0


@dataclass(frozen=True, slots=True)
class Light:
    """A request whose way is lit; ``route_key`` names its route where the match alone is not known."""

    match: Match | None = None
    route_key: tuple[str, str] | None = None
    explanation: Explanation | None = None

    def end(self, layout: MapLayout) -> int | None:
        """The last node that the request reaches; None where there is no request."""
        match = self.match
        if match is None:
            return None
        if match.outcome in ("match", "redirect"):
            pill = layout.pill_of(*self.route_key, match.method) if self.route_key else None
            if pill is None:
                pill = layout.pill_of(match.endpoint, match.rule, match.method)
            if pill is not None:
                return pill
        for near in self.explanation.near[:1] if self.explanation is not None else ():
            pill = layout.pill_of(near.endpoint, near.rule)
            if pill is not None:
                return layout.along(pill, near.matched)
        return layout.furthest(match.path).node


class LitWay:
    """Draws one ``Light`` at a time into the view's scene."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self._items: list[CurvesItem | WordsItem] = []
        self.words: WordsItem | None = None

    def forget(self) -> None:
        """The scene was cleared, and what was drawn with it."""
        self._items, self.words = [], None

    def draw(self, layout: MapLayout, light: Light) -> int | None:
        """Light this way and put out the one before; returns the node at which it ends."""
        for old in self._items:
            self._view.scene().removeItem(old)
        self.forget()
        end = light.end(layout) if self._view.items_shown else None
        way = layout.way(end) if end is not None else ()
        for item in self._view.items_shown:
            if item.lit != (item.index in way):
                item.lit = not item.lit
                item.update()
        if light.match is not None and way:
            self._add(layout, light.match, way)
        return end

    def _add(self, layout: MapLayout, match: Match, way: tuple[int, ...]) -> None:
        words, token = outcome(match)
        self.words = WordsItem(words, token, self._room_for(words, layout.nodes[way[-1]]))
        self._items = [CurvesItem(curves(layout, way)), self.words]
        scene = self._view.scene()
        for item in self._items:
            scene.addItem(item)
        needed, room = self.words.boundingRect().right() + MARGIN, scene.sceneRect()
        if needed > room.right():
            scene.setSceneRect(QRectF(room.topLeft(), QPointF(needed, room.bottom())))

    def _room_for(self, words: str, last: MapNode) -> QPointF:
        """Where words hide the least: under the node, above it or beside it."""
        size = words_size(words)
        left = last.x if last.kind != "root" else last.right + 6
        below = QPointF(left, last.y + last.height / 2 + 1)
        above = QPointF(left, last.y - last.height / 2 - 1 - size.height())
        beside = QPointF(last.right + 12, last.y - size.height() / 2)

        def hidden(place: QPointF) -> int:
            covered = QRectF(place, size)
            return sum(covered.intersects(one) for item in self._view.items_shown for one in item.outlines)

        return min((below, above, beside), key=hidden)
