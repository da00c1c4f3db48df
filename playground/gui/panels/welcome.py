"""The first page: starters to begin with, a folder to open, and the projects of last time.

A pure view: ``show_recent`` fills the list, three signals say what was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from playground.core.starters import STARTERS, Starter
from playground.gui.theme import mark, theme
from playground.gui.widgets.badge import MethodBadge, paint_rule


@dataclass(frozen=True, slots=True)
class Recent:
    """A project of last time: its name, its folder, and a few words about it ("8 routes · yesterday")."""

    name: str
    folder: str
    detail: str = ""


_WIDTH = 826  # the sentence under the title just fits
_CARD_WIDTH = 220
_NO_RECENT = "Nothing yet. What you make or open is listed here, one click away."


class RuleLabel(QWidget):
    """One line of monospaced text whose parameters are coloured."""

    def __init__(self, rule: str, muted: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = rule
        self._muted = muted

    def sizeHint(self) -> QSize:
        return QSize(theme().px(60), theme().px(17))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().mono())
        paint_rule(painter, self.rect(), self._rule, theme().colour("muted") if self._muted else None)
        painter.end()


class PageButton(QPushButton):
    """A button outside of a dialog that Enter presses, too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Card(PageButton):
    """A button that holds a little page: head line, title, sentence, foot."""

    def __init__(self, name: str, spoken: str, dashed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(self, card="dashed" if dashed else "true")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)

    def add(self, widget: QWidget) -> None:
        """Put one more line on the card; the mouse goes through it to the card."""
        widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column.insertWidget(self._column.count() - 1, widget)

    def add_label(self, text: str, role: str, wrap: bool = False) -> None:
        """Put words on the card, in one of the style sheet's roles."""
        label = QLabel(text)
        label.setWordWrap(wrap)
        label.setTextFormat(Qt.TextFormat.PlainText)
        mark(label, role=role)
        self.add(label)

    def restyle(self) -> None:
        """Take the measures of the zoom."""
        px = theme().px
        self._column.setContentsMargins(px(18), px(15), px(18), px(16))
        self._column.setSpacing(px(6))

    def sizeHint(self) -> QSize:
        return self._column.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._column.totalMinimumSize()


class RecentRow(PageButton):
    """One recent project: its name, then folder and details in muted words."""

    def __init__(self, number: int, recent: Recent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.recent = recent
        details = " · ".join(part for part in (recent.folder, recent.detail) if part)
        self.setObjectName(f"welcome.recent.{number}")
        self.setAccessibleName(f"Open {recent.name}, {details}")
        self.setToolTip(recent.folder)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(self, flat=True)
        self._details = details

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        keeper, painter = theme(), QPainter(self)
        pointed = self.hasFocus() or self.underMouse()
        rect = self.rect()
        for text, bold, token in (
            (self.recent.name, True, "accent" if pointed else "text"),
            (self._details, False, "muted"),
        ):
            painter.setFont(keeper.ui(bold=bold))
            painter.setPen(keeper.colour(token))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            end = rect.left() + painter.fontMetrics().horizontalAdvance(shown)
            rect.setLeft(end + keeper.px(6))
        if pointed:
            thick = keeper.px(2 if self.hasFocus() else 1)
            painter.fillRect(0, self.height() - thick, end, thick, keeper.colour("accent"))
        painter.end()


class Welcome(QWidget):
    """The page. Cards reflow from three columns to one; what does not fit is scrolled to."""

    starter_chosen = Signal(str)
    open_requested = Signal()
    recent_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._columns = 0
        self._rows: list[RecentRow] = []
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        mark(self, surface="background")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self._page = QWidget()
        self._column = QVBoxLayout()
        self._grid = QGridLayout()
        self._recent = QVBoxLayout()
        self._cards = [self._starter(card) for card in STARTERS] + [self._open_card()]
        self._fill()
        self._scroll.setWidget(self._page)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.show_recent([])

    def _fill(self) -> None:
        """Put the page together: a column of bounded width, in the middle of what there is."""
        lead = QLabel(
            "Build routes, change them while they run, and watch what every request does. "
            "What you make is a plain Flask folder."
        )
        lead.setWordWrap(True)
        self._lead = lead
        mark(lead, role="muted")
        title = _label("See Flask think.", "title")
        self._begin = _label("Start with", "section")
        self._last = _label("Recent", "section")
        self._nothing = _label(_NO_RECENT, "muted")
        self._nothing.setWordWrap(True)
        self._recent.addWidget(self._nothing)
        for part in (title, lead, self._begin, self._grid, self._last, self._recent):
            if isinstance(part, QWidget):
                self._column.addWidget(part)
            else:
                self._column.addLayout(part)
        self._inner = QWidget()
        self._inner.setLayout(self._column)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._inner, 1000)
        across.addStretch(1)
        down = QVBoxLayout(self._page)
        down.addStretch(1)
        down.addLayout(across)
        down.addStretch(1)

    def _starter(self, starter: Starter) -> Card:
        spoken = f"Start with {starter.title}: {starter.summary}"
        card = Card(f"welcome.starter.{starter.name}", spoken)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        if starter.method:
            line.addWidget(MethodBadge(starter.method))
        line.addWidget(RuleLabel(starter.rule, muted=not starter.method), 1)
        card.add(head)
        card.add_label(starter.title, "heading")
        card.add_label(starter.summary, "muted", wrap=True)
        name = starter.name
        card.clicked.connect(lambda: self.starter_chosen.emit(name))
        return card

    def _open_card(self) -> Card:
        card = Card("welcome.open", "Open a folder, Ctrl+O", dashed=True)
        label = _label("Open a folder…", "")
        self._open_title = label
        card.add(label)
        card.add_label("Any Flask project. Nothing runs until you say so.", "muted", wrap=True)
        keys = RuleLabel("Ctrl O", muted=True)
        card.add(keys)
        card.clicked.connect(self.open_requested)
        return card

    def show_recent(self, recents: Sequence[Recent]) -> None:
        """List the projects of last time, newest first; without any, say what will stand here."""
        for row in self._rows:
            self._recent.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self._rows = []
        for number, recent in enumerate(recents):
            row = RecentRow(number, recent)
            row.clicked.connect(self._open_recent)
            self._recent.addWidget(row)
            self._rows.append(row)
        self._nothing.setVisible(not recents)

    @Slot()
    def _open_recent(self) -> None:
        row = self.sender()
        if isinstance(row, RecentRow):
            self.recent_opened.emit(row.recent.folder)

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard begins at the first card."""
        super().showEvent(event)
        self._cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reflow()

    def _reflow(self) -> None:
        """Set the cards in as many columns as there is room for."""
        room = min(self.width(), theme().px(_WIDTH)) - theme().px(2 * 24)
        columns = max(1, min(3, room // theme().px(_CARD_WIDTH)))
        if columns == self._columns:
            return
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._space_rows()

    def _space_rows(self) -> None:
        """Give all rows of cards that are in use the height of the design, at least."""
        used = -(-len(self._cards) // self._columns)
        for row in range(len(self._cards)):
            self._grid.setRowMinimumHeight(row, theme().px(122) if row < used else 0)

    @Slot()
    def _restyle(self) -> None:
        px = theme().px
        self._inner.setMaximumWidth(px(_WIDTH) + 2 * px(24))
        self._column.setContentsMargins(px(24), px(24), px(24), px(24))
        self._column.setSpacing(px(10))
        self._grid.setSpacing(px(14))
        self._recent.setSpacing(px(1))
        self._lead.setFont(theme().ui(15))
        self._lead.setContentsMargins(0, 0, 0, px(18))
        self._begin.setContentsMargins(0, 0, 0, px(1))
        self._last.setContentsMargins(0, px(26), 0, 0)
        self._open_title.setFont(theme().ui(13, bold=True))
        for card in self._cards:
            card.restyle()
        self._reflow()
        self._space_rows()
        self.update()


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    if role:
        mark(label, role=role)
    return label
