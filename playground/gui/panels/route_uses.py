"""What the person should look at after a change in the form was followed through the project.

A name that is made while the program runs may be the old one or not; nobody but the person can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.core.problems import Place
from playground.gui.icons import pixmap, set_icon
from playground.gui.theme import mark, theme

TITLE = "Done. Look at this yourself, it can't be told for sure:"
MOST = 5
_ICON = 16
_PLACE = re.compile(r"(.+):(\d+)$")


class RouteUses(QWidget):
    """Notes with links to their places; hidden while there are none. ``opened`` with a ``Place``;
    ``told`` with itself when there is something new.
    """

    opened = Signal(object)
    told = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("route.uses")
        self.setAccessibleName("What to look at after the change")
        mark(self, surface="tint", edge="top")
        self._notes: tuple[str, ...] = ()
        self._icon = QLabel()
        self._title = QLabel(TITLE)
        self._title.setWordWrap(True)
        mark(self._title, role="strong")
        self._list = QLabel()
        self._list.setObjectName("route.uses.list")
        self._list.setAccessibleName("What to look at")
        self._list.setTextFormat(Qt.TextFormat.RichText)
        self._list.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByKeyboard | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self._list.setWordWrap(True)
        self._list.linkActivated.connect(self._open)
        self._lay_out()
        theme().changed.connect(self._draw)
        self.hide()

    def _lay_out(self) -> None:
        close = QToolButton()
        close.setObjectName("route.uses.close")
        close.setAccessibleName("Close the message")
        set_icon(close, "close")
        close.clicked.connect(self.forget)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._title)
        texts.addWidget(self._list)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def add(self, notes: Iterable[str]) -> None:
        """Show these too; a name that is typed slowly is followed more than once."""
        known = tuple(dict.fromkeys((*self._notes, *notes)))
        if known == self._notes:
            return
        self._notes = known
        self._draw()
        self.show()
        self.told.emit(self)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{TITLE} {' '.join(known)}"))

    def forget(self) -> None:
        """They were seen, or the change is undone."""
        self._notes = ()
        self.hide()

    def _draw(self) -> None:
        self._icon.setPixmap(pixmap("info", "accent", theme().px(_ICON)))
        lines = [_linked(note) for note in self._notes[-MOST:]]
        more = len(self._notes) - len(lines)
        self._list.setText("<br>".join([*lines, f"and {more} more"] if more else lines))

    def _open(self, link: str) -> None:
        file, _, line = link.rpartition(":")
        self.opened.emit(Place(file, int(line)))


def _linked(note: str) -> str:
    """A note as rich text: the places that it begins with are links."""
    head, colon, rest = note.partition(": ")
    if not colon:
        return escape(note)
    places, more, count = head.partition(" and ")
    words = ", ".join(map(_link, places.split(", ")))
    return f"{words}{escape(more + count)}: {escape(rest)}"


def _link(place: str) -> str:
    words = escape(place)
    return f'<a href="{words}">{words}</a>' if _PLACE.match(place) else words
