"""The question which text stays when something was changed elsewhere while one typed in it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.gui.theme import mark


class ConflictBar(QWidget):
    """Hidden until ``ask``. ``mine`` and ``theirs`` are the two answers; each hides it again."""

    mine = Signal()
    theirs = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="tint")
        self._words = QLabel()
        self._words.setObjectName("conflict.text")
        self._words.setAccessibleName("What was changed elsewhere")
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.addWidget(self._words, 1)
        for text, name, answer in (
            ("Keep mine", "conflict.mine", self.mine),
            ("Take the file's", "conflict.theirs", self.theirs),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.setAccessibleName(text)
            button.clicked.connect(self.hide)
            button.clicked.connect(answer)
            row.addWidget(button)
        self.hide()

    @property
    def asking(self) -> bool:
        """Whether the question is not answered yet."""
        return not self.isHidden()

    def ask(self, words: str) -> None:
        """Show the question."""
        self._words.setText(words)
        self.show()
