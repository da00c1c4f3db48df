"""A line of text that can be emptied at once: by Escape, or by the cross at its end."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from playground.gui.icons import set_icon


class ClearableBox(QLineEdit):
    """A named line edit, with a cross while there is text in it."""

    def __init__(self, name: str, words: str, placeholder: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPlaceholderText(placeholder)
        self._cross = QAction("Clear (Esc)", self)
        set_icon(self._cross, "close", "muted")
        self._cross.triggered.connect(self.clear)
        self.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        for button in self.findChildren(QToolButton):
            button.setObjectName(f"{name}.clear")
            button.setAccessibleName(f"Clear: {words}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same
        self.textChanged.connect(self._show_cross)
        self._show_cross()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _show_cross(self) -> None:
        self._cross.setVisible(bool(self.text()))
