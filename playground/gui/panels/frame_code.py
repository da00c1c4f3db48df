"""The lines around the one that failed, which has a sign, and what failed of it underlined."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QWidget

from playground.core.frame_runs import marked
from playground.core.trips import Frame
from playground.gui.panels.stepper_code import StepCode
from playground.gui.theme import theme
from playground.gui.widgets.lexing import language_of

SIGN = "▸"
_NO_NOTES: Mapping[int, str] = {}


class FrameCode(StepCode):
    """As high as its lines; who turns the wheel over it turns the page that it lies on."""

    def __init__(self, name: str, frame: Frame, parent: QWidget | None = None) -> None:
        self._marks: dict[int, tuple[int, int]] = {}
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(f"The code around line {frame.line} of {frame.file}")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        file = frame.file if frame.file.endswith((".py", ".html")) or not frame.is_template else "page.html"
        self.show_code(frame.source, frame.first, language_of(file))
        for number, text in enumerate(frame.source, frame.first):
            part = marked(frame, number, text)
            if part is not None:
                self._marks[number] = part
        self.show_at(frame.line, _NO_NOTES)
        theme().changed.connect(self._fit)
        self._fit()

    @property
    def marks(self) -> dict[int, str]:
        """What is underlined, by the numbers of the lines."""
        return {line: self._rows[self._row_of(line)][a:b] for line, (a, b) in self._marks.items()}

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only sideways, where a line is long."""
        if event.angleDelta().x() and self.horizontalScrollBar().maximum():
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot()
    def _fit(self) -> None:
        self.setFixedHeight(self.height_of(self.row_count))

    def _paint_row(self, painter: QPainter, row: int, top: float, ink: str = "") -> None:
        super()._paint_row(painter, row, top, ink)
        part = self._marks.get(self._numbers[row])
        if part is not None:
            left = self._left() + self._x_of(row, part[0])
            right = self._left() + self._x_of(row, min(part[1], len(self._rows[row])))
            _paint_wave(painter, QPointF(left, top + self._ascent + theme().px(3)), right)

    def _paint_margin(self, painter: QPainter, shown: range, first: int) -> None:
        super()._paint_margin(painter, shown, first)
        row = self._row_of(self._current)
        if row in shown:
            top = theme().px(4) + (row - first) * self._row_height
            painter.setPen(theme().colour("accent"))
            painter.drawText(QPointF(theme().px(6), top + self._ascent), SIGN)


def _paint_wave(painter: QPainter, start: QPointF, right: float) -> None:
    """A wavy line: not a colour alone says that this is wrong."""
    step, high = theme().px(2), theme().px(1)
    path, x, up = QPainterPath(start), start.x(), True
    while x < right:
        x = min(x + step, right)
        path.lineTo(x, start.y() + (-high if up else high))
        up = not up
    pen = QPen(theme().colour("error"))
    pen.setWidthF(max(1.0, theme().zoom))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, pen)
    painter.restore()
