"""What stands around the lines of the code editor: the margin with their numbers, and some air."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextBlock, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from playground.gui.icons import pixmap
from playground.gui.theme import theme

LINE_GAP = 4
"""Pixels of the design between two lines."""


class SpacedLayout(QPlainTextDocumentLayout):
    """The layout of plain text with some air between the lines, which Qt has no setting for."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.gap = 0

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """One line and its share of the air."""
        return super().blockBoundingRect(block).adjusted(0, 0, 0, self.gap)

    def line_height(self, font: QFont) -> float:
        """Pixels from one line to the next, for texts in that font."""
        return QFontMetricsF(font).lineSpacing() + self.gap


def install_layout(editor: QPlainTextEdit) -> SpacedLayout:
    """Give an editor a new document with that layout."""
    document = QTextDocument(editor)
    layout = SpacedLayout(document)
    document.setDocumentLayout(layout)
    editor.setDocument(document)
    return layout


@dataclass(frozen=True, slots=True)
class Line:
    """A line in view as the margin shows it; ``area`` is in the coordinates of the editor's viewport."""

    number: int
    area: QRectF
    marked: bool
    current: bool
    warns: bool = False


class Gutter(QWidget):
    """The margin: line numbers, and a sign at each line where something is wrong.

    ``lines`` gives those that show within a rectangle.
    """

    def __init__(self, editor: QPlainTextEdit, lines: Callable[[QRect], list[Line]]) -> None:
        super().__init__(editor)
        self._editor, self._lines = editor, lines

    @Slot(QRect, int)
    def follow(self, area: QRect, dy: int) -> None:
        """Move with the text."""
        if dy:
            self.scroll(0, dy)
        else:
            self.update(0, area.y(), self.width(), area.height() + theme().px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Numbers of the lines in view."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().colour("sunken"))
        painter.setFont(self._editor.font())
        top = self._editor.viewport().y() - self.y()
        painter.translate(0, top)
        for line in self._lines(self.rect()):
            self._paint_line(painter, line)
        painter.end()

    def _paint_line(self, painter: QPainter, line: Line) -> None:
        sign, token = ("info", "put") if line.warns else ("warning", "error")
        painter.setPen(theme().colour(token if line.marked else "text" if line.current else "muted"))
        text_height = QFontMetricsF(self._editor.font()).lineSpacing()  # the last line has more
        place = QRectF(0, line.area.top(), self.width() - theme().px(8), text_height)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line.number))
        if line.marked:
            side = theme().px(11)
            y = round(line.area.top() + (text_height - side) / 2)
            painter.drawPixmap(theme().px(2), y, pixmap(sign, token, side))
