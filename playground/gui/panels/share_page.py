"""The page for a class while the app is shared: its address, large and as a QR code, and who is here.

It fills the window under the top bar. In a narrow window, or a greatly enlarged one, the code and the list
take turns, so that the code stays large enough to be read from afar.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.core.roster import Roster
from playground.gui.panels.share_code import CodeSide
from playground.gui.panels.share_roster import RosterSide
from playground.gui.theme import mark, theme
from playground.gui.widgets.steady_button import SteadyButton

NARROW = 760
"""Below this width (pixels of the design) the code and the list of guests take turns."""
LIST, LEAST_LIST = 0.362, 390
"""The list's share of a wide page, and what it has at least (pixels of the design)."""
SAID_MS = 4000


class SharePage(QWidget):
    """``left`` when the person goes back."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share.page")
        self.setAccessibleName("Shared with this network")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        mark(self, surface="panel")
        self._build_turns()  # first, so that Tab comes to them first
        self.code_side, self.list_side = CodeSide(), RosterSide()
        self._counted = ""
        self._said_for = QTimer(self, singleShot=True, interval=SAID_MS)
        self._said_for.timeout.connect(self._show_counts)
        self._counts = QLabel()
        self._counts.setObjectName("share.counts")
        self._counts.setAccessibleName("How many are here, and how they were answered")
        mark(self._counts, role="muted")
        self._lay_out()
        theme().changed.connect(self._fit)

    def _build_turns(self) -> None:
        """What says in a narrow window which of the two is seen."""
        self._turns = QWidget()
        self._group = QButtonGroup(self)
        self._turns_row = QHBoxLayout(self._turns)
        self._turns_row.setSpacing(0)
        self._turns_row.addStretch(1)
        for number, (words, name, place) in enumerate(
            (("Address", "share.turn.code", "first"), ("Who is here", "share.turn.list", "last"))
        ):
            button = SteadyButton(words)
            button.setObjectName(name)
            button.setAccessibleName(f"Show: {words}")
            mark(button, segmented=True, segment=place)
            self._group.addButton(button, number)
            self._turns_row.addWidget(button)
        self._turns_row.addStretch(1)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self._fit)

    def _lay_out(self) -> None:
        self._foot = QFrame()
        mark(self._foot, surface="panel", edge="top")
        self._foot_row = QHBoxLayout(self._foot)
        self._foot_row.addWidget(self._counts)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(self.code_side, 1)
        sides.addWidget(self.list_side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._turns)
        column.addLayout(sides, 1)
        column.addWidget(self._foot)

    # What is shown ----------------------------------------------------------------------------

    def show_roster(self, roster: Roster, now: float) -> None:
        """Who is here at ``now`` (seconds since the epoch), and the sums at the bottom."""
        self.list_side.show_roster(roster, now)
        self._counted = counts(roster, now)
        if not self._said_for.isActive():
            self._show_counts()

    def say(self, words: str) -> None:
        """A message at the bottom that goes away by itself."""
        self._counts.setText(words)
        self._said_for.start()

    @Slot()
    def _show_counts(self) -> None:
        dot = f'<span style="color:{theme().tokens.get}">●</span> '
        self._counts.setText(dot + self._counted)

    def take_focus(self) -> None:
        """The keyboard is here now: Escape goes back, Tab goes on to the address."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # Room and keys ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        px, width = theme().px, self.width()
        narrow, turn = width < px(NARROW), self._group.checkedId()
        self._turns.setVisible(narrow)
        self._turns_row.setContentsMargins(px(8), px(8), px(8), 0)
        self._foot_row.setContentsMargins(px(12), px(3), px(12), px(4))
        mark(self.list_side, edge="none" if narrow else "left")
        self.code_side.setVisible(not narrow or turn == 0)
        self.list_side.setVisible(not narrow or turn == 1)
        self.list_side.setFixedWidth(width if narrow else max(int(width * LIST), px(LEAST_LIST)))
        self._show_counts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def counts(roster: Roster, now: float) -> str:
    """``23 connected · 214 requests · 0 errors``, and what was refused, if anything."""
    parts = [
        f"{roster.connected(now):,} connected",
        _many(roster.requests, "request"),
        _many(roster.failed, "error"),
    ]
    if roster.refused:
        parts.append(f"{roster.refused:,} refused for another host name")
    return " · ".join(parts)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
