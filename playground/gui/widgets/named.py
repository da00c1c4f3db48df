"""Labels and buttons with the names that tests and assistive tools find them by."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from playground.gui.theme import mark


def named_label(name: str, words: str, role: str, text: str = "", *, selectable: bool = True) -> QLabel:
    """Plain text that breaks into lines; ``words`` say what it is, ``role`` is of the style sheet."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setAccessibleName(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        mark(label, role=role)
    return label


def named_button(name: str, text: str) -> QPushButton:
    """A button of a dialog that Enter presses only while it has the keyboard."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    return button
