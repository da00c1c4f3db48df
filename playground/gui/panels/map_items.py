"""The route map's drawn things: boxes, pills, the root, and the curves between them.

All nodes are one thing for Qt, which paints those that can be seen: asking each of two thousand whether it
is in sight, in Python, would hold up the window. What a map looks like at rest is its ground, which the view
paints once and keeps; over it there is only what stands out, and how much was asked for. Each keeps only a
few switches and takes its colours when it paints, so another theme needs nothing but a repaint. They are
drawn in pixels of the design; the view scales them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsSceneHoverEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from playground.gui.panels.map_counts import Tally
from playground.gui.panels.map_layout import GAP, MapLayout, MapNode
from playground.gui.panels.route_note import reasons
from playground.gui.rule_text import rule_pieces
from playground.gui.theme import method_colours, theme

_LINE, _LIT_LINE = 1.5, 2.5
_READABLE = 0.25
"""Below this scale labels are left out: they would be grey dust, and a thousand of them take long to draw."""
_AT_ONCE = 24
"""Curves of the tree that are one path."""
AROUND = 24.0
"""No node paints further than this from its outline."""
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@cache
def map_font(bold: bool = False) -> QFont:
    """The map's font at the size of the design; zoom scales it with everything else."""
    font = theme().mono()
    font.setPixelSize(12)
    font.setBold(bold)
    return font


@cache
def _tally_font() -> QFont:
    font = QFont(map_font())
    font.setPixelSize(10)
    return font


@cache
def _metrics(small: bool = False) -> QFontMetricsF:
    """How wide words are: to make these for each word takes longer than to measure it."""
    return QFontMetricsF(_tally_font() if small else map_font())


def node_rect(node: MapNode) -> QRectF:
    """The outline of a node."""
    height = node.width if node.kind == "root" else node.height
    return QRectF(node.x, node.y - height / 2, node.width, height)


class NodesItem(QGraphicsItem):
    """All nodes of a layout, in its order."""

    def __init__(self, layout: MapLayout) -> None:
        super().__init__()
        self.nodes = [Node(node, index, self) for index, node in enumerate(layout.nodes)]
        self._down = sorted(self.nodes, key=lambda one: one.node.y)
        self._heights = [one.node.y for one in self._down]
        self._room = QRectF(0, 0, layout.width, layout.height).adjusted(-AROUND, -AROUND, AROUND, AROUND)
        self._hovered: Node | None = None
        self.setZValue(2)
        self.setAcceptHoverEvents(True)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # tells what is exposed

    def boundingRect(self) -> QRectF:
        return self._room

    def within(self, area: QRectF) -> list[Node]:
        """The nodes of which something may be seen in an area."""
        first = bisect_left(self._heights, area.top() - AROUND)
        last = bisect_right(self._heights, area.bottom() + AROUND)
        left, right = area.left() - AROUND, area.right() + AROUND
        return [one for one in self._down[first:last] if one.node.x <= right and one.node.right >= left]

    def at(self, place: QPointF) -> Node | None:
        """The node at a place."""
        near = self.within(QRectF(place, place))
        return next((one for one in near if node_rect(one.node).contains(place)), None)

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hover(self.at(event.pos()))

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hover(None)

    def _hover(self, node: Node | None) -> None:
        if node is self._hovered:
            return
        before, self._hovered = self._hovered, node
        for one, hovered in ((before, False), (node, True)):
            if one is not None:
                one.hovered = hovered
                one.update()
        self.setToolTip(_tooltip(node) if node is not None else "")
        if node is not None and node.node.kind == "pill":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        readable = option.levelOfDetailFromTransform(painter.worldTransform()) >= _READABLE
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.within(option.exposedRect):
            if one.stands_out:
                one.paint(painter, readable=readable)
            if readable and one.has_tally:
                one.paint_tally(painter)

    def paint_ground(self, painter: QPainter, area: QRectF, scale: float) -> None:
        """What all nodes look like at rest."""
        nodes = self.within(area)
        if scale < _READABLE:
            _paint_far_away(painter, nodes)
            nodes = [one for one in nodes if one.node.kind == "root"]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in nodes:
            one.paint_at_rest(painter, readable=scale >= _READABLE)


def _paint_far_away(painter: QPainter, nodes: Sequence[Node]) -> None:
    """Many nodes, each a few pixels large, as plain rectangles: one call for all of a colour."""
    of_colour: dict[tuple[str, str], list[QRectF]] = {}
    for one in nodes:
        method = one.node.route.title_method if one.node.route is not None else ""
        token = "parameter_tint" if one.node.is_parameter else "line"
        of_colour.setdefault((method, token), []).append(node_rect(one.node))
    painter.setPen(Qt.PenStyle.NoPen)
    for (method, token), rects in of_colour.items():
        painter.setBrush(method_colours(method)[1] if method else theme().colour(token))
        painter.drawRects(rects)


class Node:
    """One node. ``lit``, ``chosen``, ``current`` and ``tally`` are set by the map, then ``update()``."""

    def __init__(self, node: MapNode, index: int, item: NodesItem) -> None:
        self.node = node
        self.index = index
        self.lit = self.chosen = self.current = self.hovered = False
        self.tally = Tally()
        self._item = item
        self._readable = True

    @property
    def area(self) -> QRectF:
        """Where it paints."""
        below = 22 if self.node.kind == "root" else 4
        return node_rect(self.node).adjusted(-AROUND + 2, -14, 8, below)

    @property
    def has_tally(self) -> bool:
        """Whether it shows how many requests it has had; the root only tells."""
        return self.node.kind == "pill" and self.tally.requests > 0

    @property
    def outlines(self) -> tuple[QRectF, ...]:
        """What words should not cover."""
        rect = node_rect(self.node)
        return (rect, self._tally_rect()) if self.has_tally else (rect,)

    @property
    def asked(self) -> str:
        """How much was asked for it, in words; empty where nothing was."""
        if not self.tally.requests:
            return ""
        return f"No route: {self.tally.spoken}" if self.node.kind == "root" else self.tally.spoken

    @property
    def stands_out(self) -> bool:
        """Whether it is not like all others of its kind."""
        return self.lit or self.chosen or self.current or self.hovered

    def update(self) -> None:
        """Let it be painted anew."""
        self._item.update(self.area)

    def paint(self, painter: QPainter, *, readable: bool) -> None:
        """Paint it, with its label where that can be read."""
        self._readable = readable
        {"root": self._paint_root, "segment": self._paint_box, "pill": self._paint_pill}[self.node.kind](
            painter
        )
        if self.current:
            self._paint_ring(painter)

    def paint_at_rest(self, painter: QPainter, *, readable: bool) -> None:
        """Paint it as it is when nothing is the matter with it."""
        before = self.lit, self.chosen, self.current, self.hovered
        self.lit = self.chosen = self.current = self.hovered = False
        try:
            self.paint(painter, readable=readable)
        finally:
            self.lit, self.chosen, self.current, self.hovered = before

    def _paint_root(self, painter: QPainter) -> None:
        rect = node_rect(self.node)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent"))
        painter.drawEllipse(rect)
        painter.setPen(theme().colour("text"))
        painter.setFont(map_font())
        painter.drawText(
            QRectF(rect.left() - 4, rect.bottom() + 2, 22, 18), Qt.AlignmentFlag.AlignHCenter, "/"
        )

    def _paint_box(self, painter: QPainter) -> None:
        colour = theme().colour
        ground = "accent_tint" if self.lit else "sunken"
        if self.node.is_parameter:
            ground = "parameter_tint"
        edge = colour("accent") if self.lit else colour("muted" if self.hovered else "line")
        painter.setPen(QPen(edge, 1.4 if self.lit else 1))
        painter.setBrush(colour(ground))
        painter.drawRoundedRect(node_rect(self.node), 6, 6)
        if not self._readable:
            return
        x = self.node.x + self._indent()
        for piece, is_parameter in rule_pieces(self.node.label):
            x = self._write(painter, x, piece, colour("parameter" if is_parameter else "text"))

    def _paint_pill(self, painter: QPainter) -> None:
        route = self.node.route
        method = route.title_method if route is not None else "GET"
        ink, ground = method_colours(method)
        strong = self.lit or self.chosen or self.hovered
        painter.setPen(QPen(ink, 1.4 if self.lit or self.chosen else 1) if strong else QPen(ground))
        painter.setBrush(ground)
        if route is not None and (route.live is False or not route.in_source):
            ink = theme().colour("muted")
            painter.setPen(QPen(ink, 1.4 if strong else 1, Qt.PenStyle.DashLine))
            painter.setBrush(theme().colour("sunken"))
        rect = node_rect(self.node)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        if not self._readable:
            return
        methods, _, function = self.node.label.rpartition(" ")
        x = self._write(painter, self.node.x + self._indent(), f"{methods} ", ink, bold=True)
        self._write(painter, x, function, theme().colour("text"))

    def _indent(self) -> float:
        """Half of what the label leaves free."""
        width = _metrics().horizontalAdvance(self.node.label)
        return (self.node.width - width) / 2

    def _write(self, painter: QPainter, x: float, text: str, ink: QColor, bold: bool = False) -> float:
        painter.setFont(map_font(bold))
        painter.setPen(ink)
        rect = node_rect(self.node)
        painter.drawText(QRectF(x, rect.top(), rect.right() - x + 20, rect.height()), _MIDDLE, text)
        return x + QFontMetricsF(painter.font()).horizontalAdvance(text)

    def _tally_rect(self) -> QRectF:
        """Where the tally stands: on the pill's upper edge, where it hides no name."""
        rect = node_rect(self.node)
        width = _metrics(small=True).horizontalAdvance(self.tally.short) + 10
        left = max(rect.right() + 5 - width, rect.left() - AROUND + 4)
        return QRectF(left, rect.top() - 9, width, 14)

    def paint_tally(self, painter: QPainter) -> None:
        """How many requests, and how many of them failed."""
        failed, label = bool(self.tally.failed), self._tally_rect()
        painter.setPen(QPen(theme().colour("error" if failed else "line"), 1))
        painter.setBrush(theme().colour("panel"))
        painter.drawRoundedRect(label, 7, 7)
        painter.setFont(_tally_font())
        painter.setPen(theme().colour("error" if failed else "muted"))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, self.tally.short)

    def _paint_ring(self, painter: QPainter) -> None:
        """The keyboard's place."""
        painter.setPen(QPen(theme().colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = node_rect(self.node).adjusted(-2.5, -2.5, 2.5, 2.5)
        radius = 8 if self.node.kind == "segment" else rect.height() / 2
        painter.drawRoundedRect(rect, radius, radius)


class Tree:
    """The curves of the whole tree, a few at a time: those in sight are a small part of a large map."""

    def __init__(self, layout: MapLayout, places: Sequence[int]) -> None:
        parts = (curves(layout, places[at : at + _AT_ONCE]) for at in range(0, len(places), _AT_ONCE))
        self._parts = [(part.boundingRect().adjusted(-2, -2, 2, 2), part) for part in parts]

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Those of which something may be seen in an area."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("line"), _LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for room, path in self._parts:
            if room.intersects(area):
                painter.drawPath(path)


class CurvesItem(QGraphicsPathItem):
    """The curves of the lit way."""

    def __init__(self, path: QPainterPath) -> None:
        super().__init__(path)
        self.setZValue(1)
        self.setPen(QPen(Qt.PenStyle.NoPen))

    def boundingRect(self) -> QRectF:
        return self.path().boundingRect().adjusted(-2, -2, 2, 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("accent"), _LIT_LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())


class WordsItem(QGraphicsItem):
    """What the lit way ended with, under its last node; ``token`` is the colour of the words."""

    def __init__(self, words: str, token: str, place: QPointF) -> None:
        super().__init__()
        self.words = words
        self._token = token
        self._rect = QRectF(place, words_size(words))
        self.setZValue(3)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        ground = theme().colour("panel")
        ground.setAlpha(225)
        painter.fillRect(self._rect, ground)
        painter.setPen(theme().colour(self._token))
        painter.setFont(map_font())
        painter.drawText(self._rect, _MIDDLE, self.words)


def words_size(words: str) -> QSizeF:
    """The room that words on the map take."""
    metrics = QFontMetricsF(map_font())
    return QSizeF(metrics.horizontalAdvance(words) + 2, metrics.height())


def curves(layout: MapLayout, places: Iterable[int]) -> QPainterPath:
    """The curves that lead to these nodes from their parents."""
    path = QPainterPath()
    for place in places:
        node = layout.nodes[place]
        if node.parent < 0:
            continue
        above = layout.nodes[node.parent]
        turn = above.right + GAP
        path.moveTo(above.right, above.y)
        middle = above.right + GAP / 2
        path.cubicTo(QPointF(middle, above.y), QPointF(middle, node.y), QPointF(turn, node.y))
        if node.x > turn:
            path.lineTo(node.x, node.y)
    return path


def _tooltip(item: Node) -> str:
    route, asked = item.node.route, f"\n{item.asked}" if item.asked else ""
    if route is None:
        return f"{item.node.path}{asked}"
    where = f"\n{route.file}:{route.line}" if route.file else ""
    why = f"\n{reasons(route)}" if reasons(route) else ""
    return (
        f"{' '.join(route.methods)} {route.full_rule}\n{route.function or route.endpoint}{where}{asked}{why}"
    )
