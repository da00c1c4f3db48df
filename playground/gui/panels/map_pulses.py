"""The route map's pulses: the way of a request that has just arrived shines for a moment and fades.

However many arrive, a way shines once at a time and only so many ways together. While none does, no timer
runs; where the system asks for less motion, nothing moves at all.
"""

from __future__ import annotations

from time import monotonic, thread_time

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyle, QStyleOptionGraphicsItem, QWidget

from playground.gui.panels.map_items import curves, node_rect
from playground.gui.panels.map_layout import MapLayout, MapNode
from playground.gui.theme import theme

LASTS = 0.7
"""Seconds until a pulse has faded."""
FRAME_MS = 40
RARELY_MS = 640
"""Milliseconds between two frames; and what they grow to while the window has much to do."""
MUCH = 0.05
"""Of its time, that is: a server under load beside it wants the rest."""
MOST = 12
"""Ways that shine at the same time; more would be a flicker, and cost the window its time."""
_STRONGEST = 0.85


class PulsesItem(QGraphicsItem):
    """The ways that shine, over the lines and under the words of the map."""

    def __init__(self, layout: MapLayout) -> None:
        super().__init__()
        self.layout = layout
        self._shining: dict[int, tuple[float, str]] = {}  # node: strength 0 to 1, token of its colour
        self._ways: dict[int, tuple[QPainterPath, QRectF]] = {}
        self.setZValue(1.5)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self.layout.width, self.layout.height).adjusted(-8, -8, 8, 8)

    def show_strengths(self, shining: dict[int, tuple[float, str]]) -> None:
        """How strongly each of these ways shines now."""
        for node in self._shining.keys() | shining.keys():
            self.update(self._way(node)[1])
        self._shining = shining

    def _way(self, node: int) -> tuple[QPainterPath, QRectF]:
        if node not in self._ways:
            path = curves(self.layout, self.layout.way(node))
            room = path.boundingRect().united(node_rect(self.layout.nodes[node]))
            self._ways[node] = (path, room.adjusted(-8, -8, 8, 8))
        return self._ways[node]

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for node, (strength, token) in self._shining.items():
            colour = theme().colour(token)
            colour.setAlphaF(strength * _STRONGEST)
            painter.setPen(QPen(colour, 2.5))
            painter.drawPath(self._way(node)[0])
            self._paint_halo(painter, node, colour)

    def _paint_halo(self, painter: QPainter, node: int, colour: QColor) -> None:
        rect = node_rect(self.layout.nodes[node]).adjusted(-2, -2, 2, 2)
        round_end = self.layout.nodes[node].kind != "segment"
        radius = rect.height() / 2 if round_end else 8
        painter.setPen(QPen(colour, 4))
        painter.drawRoundedRect(rect, radius, radius)


class Pulses(QObject):
    """Lets ways shine on the item that it is given, and fade."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._item: PulsesItem | None = None
        self._began: dict[int, tuple[float, str]] = {}
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._step)
        self._stepped = self._worked = 0.0

    def show_on(self, item: PulsesItem | None) -> None:
        """Go on with another picture: ways that it has as well shine on, wherever they are now."""
        self._frames.stop()
        began, self._began = self._began, {}
        before, self._item = self._item, item
        if before is None or item is None or not began:
            return
        places = {_name(node): place for place, node in enumerate(item.layout.nodes)}
        for node, pulse in began.items():
            place = places.get(_name(before.layout.nodes[node]))
            if place is not None:
                self._began[place] = pulse
        if self._began:
            self._frames.start()
            self._step()

    @property
    def shining(self) -> frozenset[int]:
        """The nodes whose ways shine now."""
        return frozenset(self._began)

    def begin(self, node: int, *, failed: bool) -> None:
        """Let the way to a node shine, unless it does already or so many do."""
        still = self._owner.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
        if self._item is None or still or len(self._began) >= MOST or node in self._began:
            return
        self._began[node] = (monotonic(), "error" if failed else "accent")
        if not self._frames.isActive():
            self._frames.start()
            self._step()

    @Slot()
    def _step(self) -> None:
        now, shining = monotonic(), dict[int, tuple[float, str]]()
        self._pace(now)
        for node, (began, token) in list(self._began.items()):
            left = 1 - (now - began) / LASTS
            if left > 0 and self._owner.isVisible():
                shining[node] = (left * left, token)
            else:
                del self._began[node]
        if self._item is not None:
            self._item.show_strengths(shining)
        if not self._began:
            self._frames.stop()

    def _pace(self, now: float) -> None:
        """Frames are rarer while the thread has much to do, and as many as before when it has not."""
        worked = thread_time()
        share = (worked - self._worked) / max(now - self._stepped, 0.001)
        self._stepped, self._worked = now, worked
        interval = self._frames.interval()
        wanted = min(2 * interval, RARELY_MS) if share > MUCH else max(interval // 2, FRAME_MS)
        if wanted != interval:
            self._frames.setInterval(wanted)


def _name(node: MapNode) -> tuple[str, str, str]:
    """What a node is known by in another layout of the same app."""
    return node.kind, node.path, node.label
