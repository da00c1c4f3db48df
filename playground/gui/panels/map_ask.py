"""The line over the route map: type a path, and the way that a request would take lights up.

It knows nothing of routers: it says what was typed, and shows the sentence that it is given.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.routes import METHODS
from playground.gui.theme import mark, method_colours, theme
from playground.gui.widgets.clearable_box import ClearableBox

_SENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PathBox(ClearableBox):
    """The path: Enter explains, Ctrl+Enter sends, Escape clears."""

    explain = Signal()
    send = Signal()

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Enter before the window's shortcut does: what is typed here is sent, once."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_send(event) and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _SENDS and self.text():
            (self.send if _is_send(event) else self.explain).emit()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(64), super().minimumSizeHint().height())


def _is_send(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() in _SENDS
        and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    )


class AskRow(QWidget):
    """Method and path. ``asked`` follows each key with both, the path empty when the box is;
    ``explain`` and ``send`` carry both when that is wanted.
    """

    asked = Signal(str, str)
    explain = Signal(str, str)
    send = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = QComboBox()
        self.method.setObjectName("map.method")
        self.method.setAccessibleName("Method to try")
        self.method.addItems(METHODS)
        self.path = PathBox("map.path", "Path to try", "Type a path to see its way: /users/42")
        self.path.setToolTip("Enter says why it goes that way, Ctrl+Enter sends it, Escape clears")
        self._why_button = QPushButton("Why?")
        self._why_button.setObjectName("map.explain")
        self._why_button.setAccessibleName("Explain the way of this path")
        self._why_button.setToolTip("All that the router thought of this path (Enter)")
        self._why = QLabel(wordWrap=True)
        self._why.setObjectName("map.why")
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._why.hide()
        self._build()
        self.method.currentTextChanged.connect(self._changed)
        self.path.textChanged.connect(self._changed)
        self.path.explain.connect(self._explain)
        self._why_button.clicked.connect(self._explain)
        self.path.send.connect(lambda: self.send.emit(*self.request))
        theme().changed.connect(self._restyle)
        self._restyle()
        self._enable()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(0, 0, 0, 0)
        self.row = QHBoxLayout()
        for widget, stretch in ((self.method, 0), (self.path, 1), (self._why_button, 0)):
            self.row.addWidget(widget, stretch)
        column.addLayout(self.row)
        column.addWidget(self._why)

    @property
    def request(self) -> tuple[str, str]:
        """Method and path as they stand; a path begins with a slash, typed or not."""
        path = self.path.text().strip()
        return self.method.currentText(), f"/{path}" if path and not path.startswith("/") else path

    @property
    def sentence(self) -> str:
        """What is said of the path."""
        return self._why.text()

    def say(self, sentence: str, *, good: bool = True) -> None:
        """One sentence about the path; empty for none."""
        self._why.setText(sentence)
        mark(self._why, role="muted" if good else "error")
        self._why.setVisible(bool(sentence))

    @Slot()
    def _changed(self) -> None:
        self._colour()
        self._enable()
        self.asked.emit(*self.request)

    @Slot()
    def _explain(self) -> None:
        if self.path.text():
            self.explain.emit(*self.request)

    def _enable(self) -> None:
        self._why_button.setEnabled(bool(self.path.text()))

    def _colour(self) -> None:
        ink = method_colours(self.method.currentText())[0].name()
        self.method.setStyleSheet(f"QComboBox {{ color: {ink}; font-weight: bold; }}")

    @Slot()
    def _restyle(self) -> None:
        px = theme().px
        self.row.setContentsMargins(px(8), px(4), px(8), px(4))
        self.row.setSpacing(px(6))
        self._why.setContentsMargins(px(12), 0, px(12), px(5))
        mark(self.path, mono=True)
        mark(self.method, mono=True)
        self._colour()
