"""The route map: the rules of the app as a tree, the way that a request took or would take through it, and
how much each route is asked for.

A pure view: routes, a ``Match`` and lines of traffic come in, ``route_opened`` goes out. ``map_layout``
decides where things are, ``map_items`` draws them, ``map_pulses`` lets them shine, ``map_view`` hears mouse
and keys, ``map_ask`` what is typed; here they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.core.routes import Route
from playground.core.trips import Line
from playground.gui.icons import set_icon
from playground.gui.panels.map_ask import AskRow
from playground.gui.panels.map_counts import Asked, Counts, Tally, node_of
from playground.gui.panels.map_items import NodesItem, Tree, map_font, node_rect
from playground.gui.panels.map_layout import MapLayout, lay_out, laying_out, looks
from playground.gui.panels.map_light import MARGIN, Light, LitWay
from playground.gui.panels.map_pulses import Pulses, PulsesItem
from playground.gui.panels.map_view import SMALLEST, STEP, MapView
from playground.gui.panels.map_words import why
from playground.gui.theme import mark, theme

_LEGIBLE, _COMFORTABLE = 0.65, 0.85
"""A map that would have to be smaller than the first to fit shows a part at the second instead.

The Fit button shows the whole, however small.
"""
_NONE = Tally()
MOST = 1000
"""So many routes are drawn: more are no picture any more, and drawing them would hold up the window."""


class RouteMap(QWidget):
    """The map with its buttons. ``show_routes``, ``light``, ``select`` and ``take`` say what to show.

    ``asked`` carries method and path while a path is typed: ``answer`` lights its way. ``explain`` carries
    them when all about it is wanted, ``send`` when it is to be sent.
    """

    route_opened = Signal(object)
    asked = Signal(str, str)
    explain = Signal(str, str)
    send = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel")
        self._scene = QGraphicsScene(self)
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.ask = AskRow(self)  # before the picture, as it stands over it
        self.view = MapView(self._scene, self)
        self._looks: list[tuple[object, ...]] | None = None
        self._layout = lay_out((), len)
        self._sent = Light()  # the last request, and while a path is typed, that one
        self._typed: Light | None = None
        self._counts = Counts()
        self._gathered: dict[Asked, Tally] = {}  # counted, and not shown yet
        self._pulses = Pulses(self)
        self._selected: tuple[str, str] | None = None
        self._lit = LitWay(self.view)
        self._fitted = True
        self._zoom = theme().zoom
        self._build()
        self.show_routes(())
        self._restyle()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.ask)
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
        self._build_buttons()
        self.ask.asked.connect(self._ask)
        self.ask.explain.connect(self.explain)
        self.ask.send.connect(self.send)
        self.view.node_opened.connect(self._open)
        self.view.moved.connect(self._user_moved)
        theme().changed.connect(self._restyle)

    def _build_buttons(self) -> None:
        self._buttons = QWidget()
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
        self.ask.row.addWidget(self._buttons)

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
            self.view.repaint_ground()
            return
        before = _shape(self._layout)
        self._looks, self._layout = seen, layout
        self._draw()
        if _shape(layout) != before:
            self._fit()

    def light(
        self,
        match: Match | None,
        route_key: tuple[str, str] | None = None,
        explanation: Explanation | None = None,
    ) -> None:
        """Light the way of a request; ``route_key`` names the route where its match is known better.

        None puts the light out. While a path is typed, its way stays lit.
        """
        self._sent = Light(match, route_key, explanation)
        self._draw_light()
        self._show_light()

    def answer(self, method: str, path: str, explanation: Explanation | None) -> None:
        """What the router says of a path that was typed; one that has been typed over since is left alone."""
        if (method, path) != self.ask.request or not path:
            return
        self._typed = Light(explanation.match if explanation else None, None, explanation)
        self._draw_light()
        self._show_light()

    def ask_again(self) -> None:
        """Other routes are live now: have what is typed answered anew."""
        if self.ask.request[1]:
            self.asked.emit(*self.ask.request)

    @Slot(str, str)
    def _ask(self, method: str, path: str) -> None:
        if path:
            self.asked.emit(method, path)
        elif self._typed is not None:
            self._typed = None
            self._draw_light()
            self._show_light()

    def gather(self, lines: Sequence[Line]) -> None:
        """Count requests that have arrived; they are shown with the next ones that it is to ``take``."""
        for asked, tally in self._counts.take(lines).items():
            self._gathered[asked] = self._gathered.get(asked, _NONE) + tally

    @property
    def has_gathered(self) -> bool:
        """Whether there is something to show."""
        return bool(self._gathered)

    def take(self, lines: Sequence[Line] = (), *, shine: bool = True) -> None:
        """Count requests that have arrived, and let their ways shine for a moment."""
        self.gather(lines)
        fresh, self._gathered = self._gathered, {}
        top, bottom = self.view.sight
        for asked, tally in fresh.items():
            node = node_of(self._layout, asked)
            if node is not None and self._looks:
                item = self.view.items_shown[node]
                item.tally += tally
                if top <= item.node.y <= bottom:
                    item.update()
                if shine and self.isVisible():
                    self._pulses.begin(node, failed=tally.failed == tally.requests)

    def clear_counts(self) -> None:
        """Count requests from now on."""
        self._counts.clear()
        self._show_counts()

    def tally(self, route_key: tuple[str, str], method: str = "") -> Tally:
        """The requests that a route's pill has had."""
        pill = self._layout.pill_of(*route_key, method)
        return self.view.items_shown[pill].tally if pill is not None else Tally()

    def _show_light(self) -> None:
        if self._lit.words is not None:
            self.view.ensureVisible(self._lit.words, 30, 50)

    def select(self, route_key: tuple[str, str] | None) -> None:
        """Outline the pill of the route that is open in the editor."""
        self._selected = route_key
        chosen = self._layout.pill_of(*route_key) if route_key else None
        for item in self.view.items_shown:
            if item.chosen != (item.index == chosen):
                item.chosen = item.index == chosen
                item.update()

    @property
    def shining(self) -> tuple[str, ...]:
        """The labels of the nodes that a request has just come to."""
        return tuple(self._layout.nodes[node].label for node in sorted(self._pulses.shining))

    @property
    def words(self) -> str:
        """What is written under the end of the lit way; empty while nothing is lit."""
        return self._lit.words.words if self._lit.words is not None else ""

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
        self.view.repaint_ground()

    # Drawing --------------------------------------------------------------------------------------

    def _draw(self) -> None:
        self._lit.forget()
        self.view.picture = self.view.tree = None
        self._scene.clear()
        layout = self._layout
        self._empty.setVisible(not self._looks)
        self._buttons.setVisible(bool(self._looks))
        shining = PulsesItem(layout) if self._looks else None
        if shining is not None:
            self.view.tree = Tree(layout, tuple(_first_of_rows(layout)))
            self.view.picture = NodesItem(layout)
            self._scene.addItem(self.view.picture)
            self._scene.addItem(shining)
        self._pulses.show_on(shining)
        self.view.repaint_ground()
        self.view.layout_shown = layout
        self.view.current = 0
        bottom = layout.height + 2 * MARGIN + 16  # words stand under the lowest pill
        self._scene.setSceneRect(-MARGIN, -MARGIN, layout.width + 2 * MARGIN, bottom)
        self.select(self._selected)
        self._show_counts()
        self._draw_light()

    def _show_counts(self) -> None:
        self._gathered = {}  # it is among these
        tallies = self._counts.of_nodes(self._layout) if self._looks else {}
        for item in self.view.items_shown:
            tally = tallies.get(item.index, _NONE)
            if tally != item.tally:
                item.tally = tally
                item.update()

    def _draw_light(self) -> None:
        light = self._typed or self._sent
        self._say(light, self._lit.draw(self._layout, light))

    def _say(self, light: Light, end: int | None) -> None:
        """Why the way goes on or stops: under the box for what is typed there, else under the map."""
        last = self._layout.nodes[end] if end is not None else None
        typed, match = light is self._typed, light.match
        sentence = why(match, light.explanation, last) if match is not None else ""
        if typed and match is None:
            sentence = "The app is not running, so its router can't be asked."
        good = match is not None and match.outcome in ("match", "redirect")
        self.ask.say(sentence if typed else "", good=good)
        self._note.setText("" if typed or good or end is None else sentence)
        self._note.setVisible(bool(self._note.text()))

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
