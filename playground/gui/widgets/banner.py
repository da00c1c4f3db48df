"""A message across the window that never blocks the work: what is wrong or done, and one thing to press."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark


class Banner(QWidget):
    """One message at a time; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="tint", edge="bottom")
        self._act: Callable[[], None] | None = None
        self._words = QLabel()
        self._words.setObjectName("banner.text")
        self._words.setAccessibleName("Message")
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        self._button.setObjectName("banner.action")
        self._button.clicked.connect(self._pressed)
        close = QToolButton()
        close.setObjectName("banner.close")
        close.setAccessibleName("Close the message")
        set_icon(close, "close")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        row.addWidget(close)
        self.hide()

    def say(self, words: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Show a message, with a button where there is something to do about it."""
        self._words.setText(words)
        self._act = act
        self._button.setText(action)
        self._button.setAccessibleName(action)
        self._button.setVisible(bool(action))
        self.show()

    @property
    def words(self) -> str:
        """What it says, or said last."""
        return self._words.text()

    def _pressed(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()
