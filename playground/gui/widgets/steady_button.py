"""A button whose words turn bold while it is checked, with room for them from the start."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QPushButton


class SteadyButton(QPushButton):
    """As wide as its words in bold, so that nothing is cut off or moves when it is pressed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self._missing(), 0)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(self._missing(), 0)

    def _missing(self) -> int:
        bold = QFont(self.font())
        bold.setBold(True)
        now, then = self.fontMetrics(), QFontMetrics(bold)
        return max(0, then.horizontalAdvance(self.text()) - now.horizontalAdvance(self.text()))
