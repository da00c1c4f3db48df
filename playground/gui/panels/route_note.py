"""What is to be said of a route: the form does not own it, it does not run, or runs on a condition."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.problems import Place
from playground.core.routes import Route
from playground.gui.icons import pixmap
from playground.gui.theme import mark, theme

_ICON = 16


class RouteNote(QWidget):
    """One inline note above a route's code; hidden while there is nothing to say.

    ``opened`` with the place in the code that its button asks for.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: Place | None = None
        self._name = ""
        mark(self, surface="sunken", edge="bottom")
        self._icon = QLabel()
        self._icon.setAccessibleName("Note")
        self._title = QLabel()
        self._title.setObjectName("route.note.title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        mark(self._title, mono=True)
        self._words = QLabel()
        self._words.setObjectName("route.note")
        self._words.setAccessibleName("What is special about this route")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton("Open the code")
        self._button.setObjectName("route.note.open")
        self._button.clicked.connect(self._open)
        self._lay_out()
        theme().changed.connect(self._draw)
        self.hide()

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)

    def show_route(self, route: Route) -> None:
        """Say what there is to say of this route; nothing where the form owns it and it always runs."""
        self._title.setText(f"{' '.join(route.methods)} {route.full_rule}")
        self._title.setVisible(not route.editable)
        self._words.setText(reasons(route))
        self._name = icon_of(route)
        self._place = Place(route.file, route.line) if route.file else None
        self._button.setVisible(self._place is not None and not route.editable)
        self._button.setAccessibleName(f"Open {self._place} in its file" if self._place else "Open the code")
        self._draw()
        self.setVisible(bool(self._words.text()))

    def _draw(self) -> None:
        self._icon.setPixmap(pixmap(self._name or "info", "muted", theme().px(_ICON)))

    def _open(self) -> None:
        if self._place is not None:
            self.opened.emit(self._place)


def reasons(route: Route) -> str:
    """Why a route is not like the others, in sentences; empty where it is."""
    not_live = f"Not in the running app: {_within(route.why_not_live)}" if route.why_not_live else ""
    not_owned = "" if route.editable else route.why_not or "The form can't own this route."
    found = (not_live, not_owned, route.note)
    return " ".join(filter(None, found))


def _within(sentence: str) -> str:
    """A sentence as it goes on behind a colon: names at its beginning keep their capitals."""
    first, _, rest = sentence.partition(" ")
    return f"{first.lower()} {rest}" if first in {"It", "The"} else sentence


def icon_of(route: Route) -> str:
    """The sign of what is special about a route; empty where nothing is."""
    if route.live is False:
        return "minus"
    if not route.in_source:
        return "server"
    return "" if route.editable else "code"
