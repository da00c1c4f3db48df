"""What stands around the lines of the code editor: the margin with their numbers, and some air."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QTextBlock, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from playground.gui.icons import pixmap
from playground.gui.theme import theme

if TYPE_CHECKING:
    from playground.gui.widgets.code_editor import CodeEditor

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


class Gutter(QWidget):
    """The margin: line numbers, and a sign at each line where something is wrong."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

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
        for block, area in self._editor.blocks_in_view(self.rect()):
            self._paint_line(painter, block, area)
        painter.end()

    def _paint_line(self, painter: QPainter, block: QTextBlock, area: QRectF) -> None:
        number = self._editor.number_of(block)
        marked = self._editor.marks_at(number)
        current = block == self._editor.textCursor().block() and self._editor.hasFocus()
        painter.setPen(theme().colour("error" if marked else "text" if current else "muted"))
        text_height = self._editor.line_height() - theme().px(LINE_GAP)
        place = QRectF(0, area.top(), self.width() - theme().px(8), text_height)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
        if marked:
            side = theme().px(11)
            y = round(area.top() + (text_height - side) / 2)
            painter.drawPixmap(theme().px(2), y, pixmap("warning", "error", side))
