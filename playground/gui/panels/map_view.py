"""The picture of the route map and the hands on it: wheel, drag, click, arrow keys.

It knows places of nodes only; ``route_map`` fills it and hears what was opened. The map at rest is painted
once and kept as the ground: while requests arrive, only what they change is painted over it.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QWidget

from playground.gui.panels.map_items import AROUND, Node, NodesItem, Tree
from playground.gui.panels.map_layout import Direction, MapLayout
from playground.gui.theme import theme

SMALLEST, LARGEST = 0.005, 4.0
"""The bounds of the scale: a thousand routes fit at the smallest."""
STEP = 1.2
_ARROWS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class MapView(QGraphicsView):
    """The picture: zooms with the wheel, pans by dragging, walks with the arrow keys."""

    node_opened = Signal(int)
    moved = Signal()

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.setObjectName("map.view")
        self.setAccessibleName("Route map")
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        scene.sceneRectChanged.connect(self.repaint_ground)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.tree: Tree | None = None
        self.layout_shown = MapLayout((), 0, 0)
        self.picture: NodesItem | None = None
        self.current = 0
        self._pressed = QPoint()

    @property
    def items_shown(self) -> list[Node]:
        """The nodes of the picture, in the order of the layout."""
        return self.picture.nodes if self.picture is not None else []

    def set_current(self, index: int) -> None:
        """Put the keyboard's place on a node and say so to assistive tools."""
        if not self.items_shown:
            return
        self.items_shown[self.current].current = False
        self.items_shown[self.current].update()
        self.current = index
        item = self.items_shown[index]
        item.current = self.hasFocus()
        item.update()
        self.setAccessibleDescription(_spoken(item))

    @Slot()
    def repaint_ground(self) -> None:
        """The map at rest looks otherwise now: another theme, other routes. Of another scale Qt knows."""
        self.resetCachedContent()
        self.viewport().update()

    @property
    def sight(self) -> tuple[float, float]:
        """From which height to which nodes may be seen: to ask for a repaint of each other one takes long."""
        area = self.mapToScene(self.viewport().rect()).boundingRect()
        return area.top() - AROUND, area.bottom() + AROUND

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """What is kept."""
        area = QRectF(rect)
        painter.fillRect(area, theme().colour("panel"))
        if self.tree is not None and self.picture is not None:
            self.tree.paint(painter, area)
            self.picture.paint_ground(painter, area, self.transform().m11())

    def zoom_by(self, factor: float) -> None:
        """Scale by a factor, within bounds."""
        scale = self.transform().m11()
        factor = min(max(scale * factor, SMALLEST), LARGEST) / scale
        self.scale(factor, factor)
        self.moved.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom_by(STEP ** (turned / 120))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        place = event.position().toPoint()
        dragged = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if dragged:
            self.moved.emit()
        else:
            self._clicked(place)

    def _clicked(self, place: QPoint) -> None:
        node = self.picture.at(self.mapToScene(place)) if self.picture is not None else None
        if node is not None:
            self.set_current(node.index)
            self.node_opened.emit(node.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.items_shown:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self.set_current(self.layout_shown.neighbour(self.current, _ARROWS[key]))
            self.ensureVisible(self.items_shown[self.current].area, 30, 30)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.node_opened.emit(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoom_by(STEP if key == Qt.Key.Key_Plus else 1 / STEP)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.set_current(self.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.set_current(self.current)


def _spoken(item: Node) -> str:
    node, asked = item.node, f", {item.asked}" if item.asked else ""
    if node.route is not None:
        return f"{' '.join(node.route.methods)} {node.route.full_rule}, {node.route.function}{asked}"
    return f"Segment {node.path}" if node.kind == "segment" else f"Root /{asked}"
