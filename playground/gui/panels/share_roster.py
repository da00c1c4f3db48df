"""Who of the network is here: a table of guests that follows them live, who asked most first.

It is looked at once a second while a class of two hundred asks all the time: what did not change is not
touched, only rows in sight are made into words, and all of them are painted at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from playground.core.roster import Guest, Roster
from playground.gui.panels.share_rows import ROW, Column, GuestPainter, who
from playground.gui.panels.traffic_painting import Span
from playground.gui.panels.traffic_rows import clock, status_meaning, status_words
from playground.gui.theme import mark, theme
from playground.gui.widgets.whole_rows import choose_whole_rows, share_out_columns

HEAD = 25
"""Height of the head, in pixels of the design."""
NOTE = (
    "<b>Only this address answers.</b> Requests for other host names are refused, and the shell, the X-ray "
    "and your files stay on this machine."
)
NOBODY = (
    "Nobody yet. Whoever opens the address is listed here.\n\nIf a phone can't open it: is it in the same "
    "Wi-Fi (not one for guests), and does this computer's firewall let it in?"
)
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


_TITLES = ("Who", "Requests", "Last", "")
_LEAST = {Column.WHO: 150, Column.REQUESTS: 66, Column.STATUS: 48}
_SHARE = {Column.WHO: 0.385, Column.REQUESTS: 0.165, Column.STATUS: 0.11}
"""What a column has at least (pixels of the design), and of the width where that is more."""


class RosterModel(QAbstractTableModel):
    """Rows are the guests, in the order in which they were shown last. ``shown`` after each time."""

    shown = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._guests: Sequence[Guest] = ()
        self._now = 0.0

    def show_guests(self, guests: Sequence[Guest], now: float) -> None:
        """Show these; ``now`` (seconds since the epoch) tells who has been gone for a while."""
        self._now = now
        stay, before = min(len(self._guests), len(guests)), len(self._guests)
        if before > stay:
            self.beginRemoveRows(_NOWHERE, stay, before - 1)
            self._guests = self._guests[:stay]
            self.endRemoveRows()
        self._change(guests[:stay])
        if len(guests) > stay:
            self.beginInsertRows(_NOWHERE, stay, len(guests) - 1)
            self._guests = guests
            self.endInsertRows()
        self.shown.emit()

    def _change(self, guests: Sequence[Guest]) -> None:
        """As many as there are: told are the rows from the first to the last that are others now."""
        old, self._guests = self._guests, guests
        changed = [row for row, (was, now) in enumerate(zip(old, guests, strict=True)) if was != now]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(Column) - 1))

    def guest(self, row: int) -> Guest | None:
        """The guest of a row; None where there is no such row."""
        return self._guests[row] if 0 <= row < len(self._guests) else None

    def row_of(self, address: str) -> int:
        """The row of an address, -1 where it is not listed."""
        return next((row for row, guest in enumerate(self._guests) if guest.address == address), -1)

    def is_here(self, guest: Guest) -> bool:
        """Whether a guest has asked for something lately."""
        return guest.is_connected(self._now)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._guests)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        guest = self.guest(index.row()) if index.isValid() else None
        if guest is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(guest, Column(index.column()))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._spoken(guest, Column(index.column()))
        return None

    @staticmethod
    def words(guest: Guest, column: Column) -> str:
        """What a cell says."""
        match column:
            case Column.WHO:
                return who(guest)
            case Column.REQUESTS:
                return f"{guest.requests:,}"
            case Column.LAST:
                return f"{guest.last_method} {guest.last_path}"
            case Column.STATUS:
                return status_words(guest.last_status)

    def _spoken(self, guest: Guest, column: Column) -> str:
        """What a cell means, in full."""
        match column:
            case Column.WHO:
                return who(guest) if self.is_here(guest) else f"{who(guest)}, nothing asked for five minutes"
            case Column.REQUESTS:
                many = f"{guest.requests:,} request" + ("" if guest.requests == 1 else "s")
                return f"{many}, at {guest.failed:,} of them the app failed" if guest.failed else many
            case Column.LAST:
                return f"{self.words(guest, column)}, at {clock(guest.last_when)}"
            case Column.STATUS:
                return status_meaning(guest.last_status)


class RosterTable(QTableView):
    """The rows; the keyboard goes through them, and stays with the guest that it is on."""

    def __init__(self, model: RosterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._columns: list[tuple[Column, int, int]] = []  # their left edge and width
        self._painter: GuestPainter | None = None
        self._on = ""  # the address of the guest that the keyboard is on
        self.setObjectName("share.guests")
        self.setAccessibleName("Who is here")
        self.setModel(model)
        choose_whole_rows(self)
        share_out_columns(self)
        self.selectionModel().currentRowChanged.connect(self._note)
        model.shown.connect(self._follow)
        theme().changed.connect(self._restyle)
        self._restyle()

    # The guest that the keyboard is on --------------------------------------------------------

    @Slot(QModelIndex, QModelIndex)
    def _note(self, current: QModelIndex, _: QModelIndex) -> None:
        guest = self._model.guest(current.row())
        self._on = guest.address if guest is not None else ""

    @Slot()
    def _follow(self) -> None:
        """Others may stand above it now."""
        row = self._model.row_of(self._on) if self._on else -1
        if row >= 0 and row != self.currentIndex().row():
            self.setCurrentIndex(self._model.index(row, Column.WHO))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(max(self.rowAt(0), 0), Column.WHO))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # Painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """All rows in sight at once: a class that asks all the time has them painted every second."""
        if self._painter is None:
            self._painter = GuestPainter(self.devicePixelRatioF())
        area = self.viewport().rect()
        rows = list(self._rows_in(area.height()))
        gone = {guest.address for guest, _ in rows if not self._model.is_here(guest)}
        painter = QPainter(self.viewport())
        self._painter.ground(painter, area, rows, self._on if self.hasFocus() else "")
        for column, left, width in self._columns:
            self._painter.column(painter, column, Span(left, width), rows, gone)
        painter.end()

    def _rows_in(self, height: int) -> Iterator[tuple[Guest, int]]:
        each = self.verticalHeader().defaultSectionSize()
        row, off = divmod(self.verticalOffset(), each)
        for top in range(-off, height, each):
            guest = self._model.guest(row)
            if guest is not None:
                yield guest, top
            row += 1

    # Room -------------------------------------------------------------------------------------

    def whole_height(self) -> int:
        """So high it is with all its rows in sight."""
        each = self.verticalHeader().defaultSectionSize()
        return self.horizontalHeader().height() + each * self._model.rowCount()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    @Slot()
    def _restyle(self) -> None:
        self._painter = None
        self.horizontalHeader().setFixedHeight(theme().px(HEAD))
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW))
        self._share_room()

    def _share_room(self) -> None:
        """What came last has what the others leave."""
        whole = self.viewport().width()
        widths = {
            column: max(theme().px(least), int(whole * _SHARE[column])) for column, least in _LEAST.items()
        }
        widths[Column.LAST] = max(whole - sum(widths.values()), 0)
        self._columns, x = [], 0
        for column in Column:
            self.setColumnWidth(column, widths[column])
            self._columns.append((column, x, widths[column]))
            x += widths[column]


class RosterSide(QFrame):
    """Who is here, with their number, and what others can't have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel", edge="left")
        self.model = RosterModel(self)
        self.table = RosterTable(self.model)
        title = QLabel("Who is here")
        mark(title, role="section")
        self._number = _named(QLabel("0"), "share.number", "How many are here", "section")
        self._nobody = _named(QLabel(NOBODY, wordWrap=True), "share.nobody", "Nobody is here", "muted")
        self._note = _named(QLabel(NOTE, wordWrap=True), "share.note", "What others can't have", "note")
        self._head, self._below = QHBoxLayout(), QVBoxLayout()
        self._head.addWidget(title)
        self._head.addStretch(1)
        self._head.addWidget(self._number)
        self._below.addWidget(self._nobody)
        self._below.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(1, 0, 0, 0)
        column.addLayout(self._head)
        column.addWidget(self.table, 1000)  # before the room below it
        column.addLayout(self._below)
        column.addStretch(1)
        theme().changed.connect(self._fit)
        self._fit()

    def show_roster(self, roster: Roster, now: float) -> None:
        """Show the guests as they are at ``now``, in seconds since the epoch."""
        before = self.model.rowCount()
        self.model.show_guests(roster.guests, now)
        self._number.setText(f"{roster.connected(now):,}")
        if self.model.rowCount() != before:
            self._fit()

    @Slot()
    def _fit(self) -> None:
        """The list as high as its rows, as long as there is room for them."""
        px = theme().px
        self._head.setContentsMargins(px(12), px(16), px(12), px(4))
        self._below.setContentsMargins(px(14), px(16), px(14), px(12))
        self._below.setSpacing(px(12))
        some = self.model.rowCount() > 0
        self._nobody.setVisible(not some)
        self.table.setVisible(some)
        self.table.setMaximumHeight(self.table.whole_height())
        self.table.setMinimumHeight(min(self.table.whole_height(), px(HEAD + 2 * ROW)))


def _named(label: QLabel, name: str, words: str, role: str) -> QLabel:
    label.setObjectName(name)
    label.setAccessibleName(words)
    mark(label, role=role)
    return label
