"""The code that is being stepped through: the line that is on, and beside each line what it came to."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.gui.theme import theme
from playground.gui.widgets.big_text import BigText

_LEAST = 8
"""Characters of a note that are worth the room; where there is less, it is not shown beside the line."""
_GAP = 3
_ROOM = 16
"""Characters at the right that lines leave to the notes, where they can."""


class StepCode(BigText):
    """Lines of one file. ``line_opened`` carries the line (as numbered) that is double-clicked or entered."""

    line_opened = Signal(int)

    _first, _current = 1, 0
    _notes: Mapping[int, str] = {}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("The code, with what each line came to")

    def show_code(self, lines: Sequence[str], first: int, language: str) -> None:
        """Show these lines, the first of which has that number."""
        self._first = first
        self.set_text("\n".join(lines), language)
        self._numbers = array("q", (number and number + first - 1 for number in self._numbers))
        self._lay_out()

    def show_at(self, line: int, notes: Mapping[int, str]) -> None:
        """Point at a line, and say of each line what it came to."""
        self._current, self._notes = line, notes
        row = self._row_of(line)
        self._move_to((row, 0), False)
        self.setAccessibleDescription(f"Line {line}: {self._rows[row].strip()} {notes.get(line, '')}".strip())

    @property
    def current_note(self) -> str:
        """What the line that is pointed at came to."""
        return self._notes.get(self._current, "")

    def is_note_cut(self) -> bool:
        """Whether there is too little room for all of it beside its line."""
        note, row = self.current_note, self._row_of(self._current)
        return bool(note) and self._note_room(row) < len(note)

    def height_of(self, rows: int) -> int:
        """The height in which so many rows are in view at once."""
        across = self.horizontalScrollBar()
        below = across.sizeHint().height() if across.maximum() > 0 else 0
        return round(rows * self._row_height) + 2 * theme().px(4) + 2 * self.frameWidth() + below

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(24))

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the line that the cursor is on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_opened.emit(self._line_of(self._cursor[0]))
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the line."""
        self.line_opened.emit(self._line_of(self._place_at(event.position())[0]))

    def _row_of(self, line: int) -> int:
        found = [row for row, number in enumerate(self._numbers) if number == line]
        return found[0] if found else 0

    def _line_of(self, row: int) -> int:
        """The number of the line that a row is of; a very long line has several rows."""
        return next((number for number in reversed(self._numbers[: row + 1]) if number), self._first)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().colour("sunken"))
        painter.end()
        super().paintEvent(event)

    def _paint_ground(self, painter: QPainter, row: int, top: float) -> None:
        """The tint of the line that is on, and what a line came to at its right."""
        number = self._numbers[row]
        if number and number == self._current:
            place = QRectF(0, top - theme().px(2), self.viewport().width(), self._row_height)
            painter.fillRect(place, theme().colour("accent_tint"))
        note = self._notes.get(number, "") if number else ""
        if note and self._note_room(row) >= min(len(note), _LEAST):
            left = self._note_left(row)
            room = self.viewport().width() - theme().px(6) - left
            words = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, round(room))
            painter.setPen(theme().colour("muted"))
            middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(left, top - theme().px(2), room, self._row_height), middle, words)

    def _note_left(self, row: int) -> float:
        """Where the note of a line begins: below the others, unless the line is too long for that."""
        own = self._x_of(row, len(self._rows[row])) + 2 * self._char
        longest = max((len(self._rows[self._row_of(line)]) for line in self._notes), default=0)
        right = self.viewport().width() - _ROOM * self._char - self._left()
        return self._left() + max(own, min((longest + _GAP) * self._char, right))

    def _note_room(self, row: int) -> int:
        """Characters of a note that fit beside a line."""
        return int((self.viewport().width() - theme().px(6) - self._note_left(row)) // self._char)

    def _paint_margin(self, painter: QPainter, shown: range, first: int) -> None:
        """Line numbers, and a bar at the one that is on."""
        width = self._margin() - theme().px(8)
        ground = QRectF(0, 0, width + theme().px(4), self.viewport().height())
        painter.fillRect(ground, theme().colour("sunken"))
        for row in shown:
            number = self._numbers[row]
            top = theme().px(4) + (row - first) * self._row_height
            on = bool(number) and number == self._current
            if on:
                place = QRectF(0, top - theme().px(2), ground.width(), self._row_height)
                painter.fillRect(place, theme().colour("accent_tint"))
                painter.fillRect(
                    QRectF(0, place.top(), theme().px(3), place.height()), theme().colour("accent")
                )
            if number:
                painter.setPen(theme().colour("text" if on else "muted"))
                box = QRectF(0, top, width - theme().px(4), self._row_height - theme().px(4))
                painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(number))
