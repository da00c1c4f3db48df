"""The small bar that floats over a text and finds words in it; shared by every text view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme


class SearchBar(QFrame):
    """A field, a count, previous, next and close. Finding itself is the business of the view."""

    changed = Signal(str)
    stepped = Signal(int)  # 1 forward, -1 back
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        mark(self, surface="panel", searchbar=True)
        self._field = QLineEdit(self)
        self._field.setObjectName("search.input")
        self._field.setAccessibleName("Find in this text")
        self._field.setPlaceholderText("Find")
        self._field.textChanged.connect(self.changed)
        self._field.installEventFilter(self)
        self._count = QLabel(self)
        mark(self._count, role="small")
        layout = QHBoxLayout(self)
        layout.addWidget(self._field)
        layout.addWidget(self._count)
        layout.addWidget(self._button("search.previous", "Previous match", "chevron-up", self._back))
        layout.addWidget(self._button("search.next", "Next match", "chevron-down", self._forward))
        layout.addWidget(self._button("search.close", "Close the search", "close", self.close_bar))
        theme().changed.connect(self._resize)
        self._resize()
        self.hide()

    def open_bar(self, text: str = "") -> None:
        """Show the bar with that text (or the one from before) marked, ready to type over."""
        if text:
            self._field.setText(text)
        self.show()
        self.raise_()
        self.place()
        self._field.setFocus()
        self._field.selectAll()
        self.changed.emit(self._field.text())

    @Slot()
    def close_bar(self) -> None:
        """Hide the bar and let the view have the keyboard again."""
        self.hide()
        self.closed.emit()

    def text(self) -> str:
        """What is being looked for; empty while the bar is closed."""
        return "" if self.isHidden() else self._field.text()

    def show_count(self, current: int, total: int) -> None:
        """Say which match this is, counted from 1, of how many."""
        self._count.setText(
            "" if not self._field.text() else f"{current} of {total}" if total else "None found"
        )
        self.adjustSize()
        self.place()

    def place(self) -> None:
        """Go to the upper right corner of the view."""
        self.move(max(0, self._view.width() - self.width() - theme().px(16)), theme().px(4))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Shift+Enter and Escape in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self._field:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            return False
        return True

    def _button(self, name: str, words: str, icon: str, clicked: object) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        set_icon(button, icon)
        button.clicked.connect(clicked)
        return button

    @Slot()
    def _forward(self) -> None:
        self.stepped.emit(1)

    @Slot()
    def _back(self) -> None:
        self.stepped.emit(-1)

    @Slot()
    def _resize(self) -> None:
        px = theme().px
        self._field.setMinimumWidth(px(170))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(px(5), px(4), px(5), px(4))
            layout.setSpacing(px(4))
        self.adjustSize()
        self.place()


def matches(text: str, wanted: str) -> list[int]:
    """Where ``wanted`` begins in ``text``, upper and lower case alike, without overlaps."""
    found: list[int] = []
    if not wanted:
        return found
    low, low_wanted = text.lower(), wanted.lower()
    if len(low) != len(text):  # a few letters change length; then the exact case must do
        low, low_wanted = text, wanted
    at = low.find(low_wanted)
    while at >= 0:
        found.append(at)
        at = low.find(low_wanted, at + len(low_wanted))
    return found
