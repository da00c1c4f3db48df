"""The requests that reached the server, newest first, as a table for Qt.

It keeps as many lines as the server does. A line is made into words when a view asks for it, so a thousand
that pass by unseen cost next to nothing; a filter goes through all that are kept in slices.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from playground.core.trips import Line
from playground.core.units import human_time
from playground.gui.panels.traffic_rows import (
    Sieve,
    clock,
    moment,
    route_words,
    sender,
    status_meaning,
    status_words,
)
from playground.gui.slices import Slices

KEPT = 5000
"""Lines that are kept; the server keeps no more trips than that."""
SLICE = 500
"""Lines that a filter looks at in one step."""
LINE = Qt.ItemDataRole.UserRole
"""The role under which a row gives its ``Line``."""
_NOWHERE = QModelIndex()
_ALL = Sieve()
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns from left to right."""

    TIME = 0
    FROM = 1
    REQUEST = 2
    ROUTE = 3
    STATUS = 4
    TOOK = 5
    OPEN = 6


_TITLES = ("Time", "From", "Request", "Route", "Status", "Took", "")


class TrafficModel(QAbstractTableModel):
    """Rows are the lines that pass the filter. ``counted`` follows whenever their number may have changed.

    ``allowed`` gives the methods that the answer to a trip named; it is asked only for a 405 in sight.
    """

    counted = Signal()

    def __init__(self, allowed: Callable[[int], str] = lambda _: "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._allowed = allowed
        self._allowed_of: dict[int, str] = {}
        self._sieve = Sieve()
        self._lines: deque[Line] = deque(maxlen=KEPT)
        self._rows: list[Line] = []  # oldest first: rows come in at the end, and the newest is row 0
        self._fresh: list[Line] = []  # gathered, and rows with the next that are taken
        self._total = self._told = 0
        self._sifting = Slices(iter(()), self)

    # What comes in ----------------------------------------------------------------------------

    def gather(self, lines: Sequence[Line]) -> None:
        """Keep newer lines, oldest first; they are shown with the next ones that it is to ``take``.

        While the server is asked a lot, each call of Qt's has the window's thread wait for its next turn.
        """
        if self._sifting.under_way:
            self._sifting.finish()
        self._total += len(lines)
        self._lines.extend(lines)
        self._fresh.extend(lines if self._sieve == _ALL else filter(self._sieve.passes, lines))

    def take(self, lines: Sequence[Line] = ()) -> None:
        """Put newer lines on top; the oldest make room. ``lines`` are oldest first."""
        self.gather(lines)
        fresh, self._fresh = self._fresh[-KEPT:], []
        if fresh:
            self.beginInsertRows(_NOWHERE, 0, len(fresh) - 1)
            self._rows.extend(fresh)
            self.endInsertRows()
        if self._lines:
            self._let_go()
        if self._total != self._told:
            self._told = self._total
            self.counted.emit()

    def _let_go(self) -> None:
        """Leave out what is not kept any more."""
        gone = bisect_left(self._rows, self._lines[0].number, key=lambda line: line.number)
        if gone:
            self.beginRemoveRows(_NOWHERE, len(self._rows) - gone, len(self._rows) - 1)
            del self._rows[:gone]
            self.endRemoveRows()

    def clear(self) -> None:
        """Forget all of them."""
        self._sifting.begin(iter(()))
        self.beginResetModel()
        self._lines.clear()
        self._rows, self._fresh = [], []
        self._allowed_of.clear()
        self._total = self._told = 0
        self.endResetModel()
        self.counted.emit()

    def sift(self, sieve: Sieve) -> None:
        """Show the lines that pass this; the rows follow a moment later."""
        if sieve != self._sieve:
            self.take()
            self._sieve = sieve
            self._sifting.begin(self._sift(sieve))

    def _sift(self, sieve: Sieve) -> Iterator[None]:
        lines, passing = list(self._lines), list[Line]()
        for start in range(0, len(lines), SLICE):
            passing.extend(line for line in lines[start : start + SLICE] if sieve.passes(line))
            yield
        self.beginResetModel()
        self._rows = passing
        self.endResetModel()
        self.counted.emit()

    # What is there ----------------------------------------------------------------------------

    @property
    def sieve(self) -> Sieve:
        """The filter that is on."""
        return self._sieve

    @property
    def total(self) -> int:
        """All that came since the last ``clear``, kept or not."""
        return self._total

    @property
    def kept(self) -> int:
        """Lines that could be shown."""
        return len(self._lines)

    @property
    def settled(self) -> bool:
        """Whether the rows are those of the filter."""
        return not self._sifting.under_way

    def line(self, row: int) -> Line | None:
        """The line of a row; None where there is no such row."""
        return self._rows[-1 - row] if 0 <= row < len(self._rows) else None

    def row_of(self, number: int) -> int:
        """The row of a trip's line, -1 where it is not shown."""
        at = bisect_left(self._rows, number, key=lambda line: line.number)
        found = at < len(self._rows) and self._rows[at].number == number
        return len(self._rows) - 1 - at if found else -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(line, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(line, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line, Column(index.column()))
        return None

    def words(self, line: Line, column: Column) -> str:
        """What a column says of a line."""
        match column:
            case Column.TIME:
                return clock(line.started)
            case Column.FROM:
                return sender(line)
            case Column.REQUEST:
                return f"{line.method} {line.path}"
            case Column.ROUTE:
                return self.route(line)[0]
            case Column.STATUS:
                return status_words(line.status)
            case Column.TOOK:
                return human_time(line.seconds)
        return ""

    def route(self, line: Line) -> tuple[str, bool]:
        """What the column *Route* says of a line, and whether that names a route."""
        allowed = ""
        if line.status == 405 and not line.endpoint:
            if line.number not in self._allowed_of:
                self._allowed_of[line.number] = self._allowed(line.number)
            allowed = self._allowed_of[line.number]
        return route_words(line, allowed)

    def _tip(self, line: Line, column: Column) -> str:
        if column == Column.TIME:
            return moment(line.started)
        if column == Column.ROUTE and line.endpoint:
            return f"{line.endpoint}\n{line.rule}"
        if column == Column.FROM and line.client:
            return line.client if sender(line) == line.client else f"{sender(line)} ({line.client})"
        if column == Column.STATUS:
            return status_meaning(line.status)
        if column == Column.OPEN:
            return "Show what Flask did (Enter)"
        return self.words(line, column)

    def _spoken(self, line: Line, column: Column) -> str:
        """What is read aloud: a cell with its meaning."""
        words = {
            Column.STATUS: status_meaning(line.status),
            Column.TOOK: f"took {human_time(line.seconds)}",
            Column.FROM: f"from {sender(line)}",
            Column.OPEN: "Open",
        }
        return words.get(column) or self.words(line, column)
