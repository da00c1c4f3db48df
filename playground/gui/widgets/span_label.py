"""Words in several looks that wrap wherever they must: a long address is never cut off."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.gui.theme import theme
from playground.gui.widgets.spans import Spans, laid_out, natural_width, plain


class SpanLabel(QWidget):
    """Shows spans; its accessible description says them."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._spans: Spans = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._restyle)

    def show_spans(self, spans: Spans) -> None:
        """Show these."""
        self._spans = spans
        self.setAccessibleDescription(self.text())
        self._restyle()

    def text(self) -> str:
        """The words alone."""
        return plain(self._spans)

    def sizeHint(self) -> QSize:
        return QSize(natural_width(self._spans), laid_out(self._spans, 100_000)[1])

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(60), laid_out(self._spans, 100_000)[1])

    def heightForWidth(self, width: int) -> int:
        return laid_out(self._spans, width)[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        laid_out(self._spans, self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
