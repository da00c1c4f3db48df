"""The route map: the rules of the app as a tree, and the way that the last request took through it.

A pure view: routes and a ``Match`` come in, ``route_opened`` goes out. ``map_layout`` decides where
things are, ``map_items`` draws them, ``map_view`` hears mouse and keys; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.core.exchanges import Match
from playground.core.routes import Route
from playground.gui.icons import set_icon
from playground.gui.panels.map_items import (
    CurvesItem,
    NodesItem,
    WordsItem,
    curves,
    map_font,
    node_rect,
    words_size,
)
from playground.gui.panels.map_layout import MapLayout, MapNode, Reached, lay_out, laying_out, looks
from playground.gui.panels.map_view import SMALLEST, STEP, MapView
from playground.gui.theme import mark, theme

_LEGIBLE, _COMFORTABLE = 0.65, 0.85
"""A map that would have to be smaller than the first to fit shows a part at the second instead.

The Fit button shows the whole, however small.
"""
_MARGIN = 16.0
_LONGEST_WORDS = 80
MOST = 1000
"""So many routes are drawn: more are no picture any more, and drawing them would hold up the window."""


class RouteMap(QWidget):
    """The map with its buttons. ``show_routes``, ``light`` and ``select`` say what to show."""

    route_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel")
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.view = MapView(self._scene, self)
        self._looks: list[tuple[object, ...]] | None = None
        self._layout = lay_out((), len)
        self._lit: tuple[Match | None, tuple[str, str] | None] = (None, None)
        self._selected: tuple[str, str] | None = None
        self._lit_items: list[CurvesItem | WordsItem] = []
        self._words: WordsItem | None = None
        self._fitted = True
        self._zoom = theme().zoom
        self._build()
        self.show_routes(())
        self._restyle()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        self._empty = QLabel("No routes yet.\nPress Ctrl+N to add the first one: it appears here.", self.view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        mark(self._empty, role="muted")
        self._note = QLabel(self)
        self._note.setObjectName("map.note")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        mark(self._note, role="error", surface="sunken")
        self._note.hide()
        column.addWidget(self._note)
        self._more = QLabel(self)
        self._more.setObjectName("map.more")
        self._more.setAccessibleName("How many routes the map shows")
        mark(self._more, role="muted", surface="sunken")
        self._more.hide()
        column.addWidget(self._more)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name, title, icon, run in (
            ("map.zoom_out", "Zoom out", "zoom-out", self.zoom_out),
            ("map.zoom_in", "Zoom in", "zoom-in", self.zoom_in),
            ("map.fit", "Show the whole map", "fit", self.fit),
        ):
            button = QToolButton(self._buttons)
            button.setObjectName(name)
            button.setAccessibleName(title)
            button.setToolTip(title)
            set_icon(button, icon, "muted")
            button.clicked.connect(run)
            row.addWidget(button)
        self.view.node_opened.connect(self._open)
        self.view.moved.connect(self._user_moved)
        theme().changed.connect(self._restyle)

    # In -------------------------------------------------------------------------------------------

    def show_routes(self, routes: tuple[Route, ...]) -> None:
        """Draw these routes; the zoom is kept unless the tree has another shape."""
        for _ in self.showing(routes):
            pass

    def showing(self, routes: tuple[Route, ...]) -> Iterator[None]:
        """``show_routes`` in steps; one that is not gone through to its end changes nothing."""
        drawn = routes[:MOST]
        seen = [looks(route) for route in drawn]
        layout = self._layout
        if seen != self._looks:
            layout = yield from laying_out(drawn, QFontMetricsF(map_font()).horizontalAdvance)
            yield
        self._more.setText(f"These are the first {MOST:,} of {len(routes):,} routes.")
        self._more.setVisible(len(routes) > MOST)
        if layout is self._layout:
            layout.take_routes(drawn)
            return
        before = _shape(self._layout)
        self._looks, self._layout = seen, layout
        self._draw()
        if _shape(layout) != before:
            self._fit()

    def light(self, match: Match | None, route_key: tuple[str, str] | None = None) -> None:
        """Light the way of a request; ``route_key`` names the route where its match is known better.

        None puts the light out.
        """
        self._lit = (match, route_key)
        self._draw_light()
        self._show_light()

    def _show_light(self) -> None:
        if self._words is not None:
            self.view.ensureVisible(self._words, 30, 50)

    def select(self, route_key: tuple[str, str] | None) -> None:
        """Outline the pill of the route that is open in the editor."""
        self._selected = route_key
        chosen = self._layout.pill_of(*route_key) if route_key else None
        for item in self.view.items_shown:
            if item.chosen != (item.index == chosen):
                item.chosen = item.index == chosen
                item.update()

    @property
    def words(self) -> str:
        """What is written under the end of the lit way; empty while nothing is lit."""
        return self._words.words if self._words is not None else ""

    @property
    def lit_path(self) -> tuple[str, ...]:
        """The labels of the lit nodes from the root on."""
        return tuple(item.node.label for item in self.view.items_shown if item.lit)

    def point_of(self, route_key: tuple[str, str]) -> QPoint | None:
        """The middle of a route's pill in the coordinates of the view's viewport."""
        pill = self._layout.pill_of(*route_key)
        if pill is None:
            return None
        return self.view.mapFromScene(node_rect(self._layout.nodes[pill]).center())

    # Zoom -----------------------------------------------------------------------------------------

    @Slot()
    def fit(self) -> None:
        """Show the whole map, however small that makes it."""
        self._fit(whole=True)

    @Slot()
    def zoom_in(self) -> None:
        """One step closer."""
        self.view.zoom_by(STEP)

    @Slot()
    def zoom_out(self) -> None:
        """One step away."""
        self.view.zoom_by(1 / STEP)

    def _fit(self, *, whole: bool = False) -> None:
        room, scene, zoom = self.view.maximumViewportSize(), self._scene.sceneRect(), theme().zoom
        scale = min(room.width() / scene.width(), room.height() / scene.height(), zoom)
        if scale < _LEGIBLE * zoom and not whole:
            scale = _COMFORTABLE * zoom
        scale = max(scale, SMALLEST)
        self.view.resetTransform()
        self.view.scale(scale, scale)
        self.view.centerOn(QPointF(0, self._layout.nodes[0].y))
        self._fitted = True
        self._show_light()

    @Slot()
    def _user_moved(self) -> None:
        self._fitted = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        if self._fitted:
            self._fit()

    def _arrange(self) -> None:
        """Put what floats over the view in its place."""
        self._buttons.adjustSize()
        self._buttons.move(self.width() - self._buttons.width() - theme().px(10), theme().px(6))
        self._empty.resize(self.view.size())

    @Slot()
    def _restyle(self) -> None:
        for line in (self._note, self._more):
            line.setContentsMargins(theme().px(12), theme().px(5), theme().px(12), theme().px(5))
        self._arrange()
        factor = theme().zoom / self._zoom
        self._zoom = theme().zoom
        if self._fitted:
            self._fit()
        elif factor != 1:
            self.view.scale(factor, factor)
        self._scene.update()

    # Drawing --------------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._lit_items, self._words, self.view.picture = [], None, None
        self._scene.clear()
        layout = self._layout
        self._empty.setVisible(not self._looks)
        self._buttons.setVisible(bool(self._looks))
        if self._looks:
            self._scene.addItem(CurvesItem(curves(layout, _first_of_rows(layout))))
            self.view.picture = NodesItem(layout)
            self._scene.addItem(self.view.picture)
        self.view.layout_shown = layout
        self.view.current = 0
        bottom = layout.height + 2 * _MARGIN + 16  # words stand under the lowest pill
        self._scene.setSceneRect(-_MARGIN, -_MARGIN, layout.width + 2 * _MARGIN, bottom)
        self.select(self._selected)
        self._draw_light()

    def _draw_light(self) -> None:
        for old in self._lit_items:
            self._scene.removeItem(old)
        self._lit_items, self._words = [], None
        match, key = self._lit
        end = self._end_of_way(match, key) if match is not None and self._looks else None
        way = self._layout.way(end) if end is not None else ()
        for item in self.view.items_shown:
            if item.lit != (item.index in way):
                item.lit = not item.lit
                item.update()
        if match is not None and end is not None:
            self._add_light(match, way)
            self._note.setText(_why(match, self._layout.nodes[end]))
        self._note.setVisible(bool(way) and bool(self._note.text()))

    def _add_light(self, match: Match, way: tuple[int, ...]) -> None:
        last = self._layout.nodes[way[-1]]
        words, token = _outcome(match)
        self._words = WordsItem(words, token, self._room_for(words, last))
        self._lit_items = [CurvesItem(curves(self._layout, way), lit=True), self._words]
        for item in self._lit_items:
            self._scene.addItem(item)
        needed = self._words.boundingRect().right() + _MARGIN
        scene = self._scene.sceneRect()
        if needed > scene.right():
            self._scene.setSceneRect(QRectF(scene.topLeft(), QPointF(needed, scene.bottom())))

    def _room_for(self, words: str, last: MapNode) -> QPointF:
        """Where words hide the least: under the node, or above it."""
        size = words_size(words)
        left = last.x if last.kind != "root" else last.right + 6
        below = QPointF(left, last.y + last.height / 2 + 1)
        above = QPointF(left, last.y - last.height / 2 - 1 - size.height())

        def hidden(place: QPointF) -> int:
            covered = QRectF(place, size)
            return sum(covered.intersects(node_rect(node)) for node in self._layout.nodes)

        return min((below, above), key=hidden)

    def _end_of_way(self, match: Match, key: tuple[str, str] | None) -> int | None:
        """The last node that the request reached."""
        if match.outcome != "not_found":
            pill = self._layout.pill_of(*key, match.method) if key else None
            if pill is None:
                pill = self._layout.pill_of(match.endpoint, match.rule, match.method)
            if pill is not None and match.outcome in ("match", "redirect"):
                return pill
        reached: Reached = self._layout.furthest(match.path)
        return reached.node

    # Out ------------------------------------------------------------------------------------------

    @Slot(int)
    def _open(self, index: int) -> None:
        """Open a pill's route; a box opens its first route, if it has one."""
        nodes = self._layout.nodes
        node = nodes[index]
        pills = [nodes[child] for child in node.children if nodes[child].route is not None]
        route = node.route or (pills[0].route if pills else None)
        if route is not None:
            self.route_opened.emit(route)


def _shape(layout: MapLayout) -> tuple[tuple[str, str, int], ...]:
    return tuple((node.kind, node.path, node.parent) for node in layout.nodes)


def _first_of_rows(layout: MapLayout) -> list[int]:
    """The nodes that get a curve of their own: pills side by side share the first one's."""
    seen: set[tuple[int, float]] = set()
    firsts: list[int] = []
    for index, node in enumerate(layout.nodes):
        if node.kind != "pill":
            firsts.append(index)
        elif (node.parent, node.y) not in seen:
            seen.add((node.parent, node.y))
            firsts.append(index)
    return firsts


def _outcome(match: Match) -> tuple[str, str]:
    """The words at the end of the way, and their colour."""
    if match.outcome == "match":
        values = ", ".join(f"{name} = {value}" for name, value in match.values)
        return _short(f"✓ {values}" if values else "✓ matched"), "get"
    if match.outcome == "redirect":
        return _short(f"→ redirects to {match.location}"), "put"
    if match.outcome == "method_not_allowed":
        return f"✗ 405 no {match.method}", "error"
    if match.outcome == "error":
        return "✗ 500 a converter failed", "error"
    return "✗ 404 no route", "error"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"


def _why(match: Match, last: MapNode) -> str:
    """One sentence about a request that reached no view."""
    if match.outcome == "not_found":
        where = "from the root" if last.kind == "root" else f"after {last.path}"
        if last.kind == "pill" or last.path.strip("/") == match.path.strip("/"):
            where = f"at {match.path} itself"
        return f"{match.method} {match.path}: no route goes on {where}, so Flask answers 404."
    if match.outcome == "method_not_allowed":
        allowed = ", ".join(match.allowed) or "other methods"
        return f"{match.path} is known, but not for {match.method}: only {allowed}. Flask answers 405."
    if match.outcome == "error":
        return f"A converter of the app raised an error at {match.path}, so Flask answers 500."
    return ""
