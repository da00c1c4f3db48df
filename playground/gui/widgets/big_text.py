"""A read-only text of up to 50 MB that paints its visible lines and nothing else.

QPlainTextEdit needs 2 s to lay out 5 MB; this needs none. A line of more than 10,000 characters is shown as
several rows. Rows and columns count from 0, columns in characters.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate, chain, islice
from operator import add

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from playground.gui.theme import theme
from playground.gui.widgets.highlight import MAX_HIGHLIGHTED
from playground.gui.widgets.search_bar import SearchBar, matches
from playground.gui.widgets.tokenizers import Span, tokenize

MAX_ROW = 10_000
"""Characters after which a row is broken."""

_TOLD = 2_000  # characters of the text that assistive tools get as its description
_GAP = 4
_REMEMBERED = 500

Place = tuple[int, int]
"""A row and a column."""


def break_rows(text: str) -> tuple[list[str], array[int]]:
    """The rows to show, and the number of the line (from 1) that each belongs to, 0 where it goes on."""
    lines = text.split("\n")
    if max(map(len, lines)) <= MAX_ROW:
        return lines, array("q", range(1, len(lines) + 1))
    rows: list[str] = []
    numbers = array("q")
    for number, line in enumerate(lines, 1):
        rows.append(line[:MAX_ROW])
        numbers.append(number)
        for start in range(MAX_ROW, len(line), MAX_ROW):
            rows.append(line[start : start + MAX_ROW])
            numbers.append(0)
    return rows, numbers


class BigText(QAbstractScrollArea):
    """Shows one text: selection, copy, search (Ctrl+F), line numbers, colours for texts up to 1 MB."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str] = [""]
        self._numbers = array("q", [1])
        self._starts = array("q", [0])
        self._language = "text"
        self._states: list[int] = [0]
        self._cut: dict[int, list[Span]] = {}
        self._anchor: Place = (0, 0)
        self._cursor: Place = (0, 0)
        self._found: list[int] = []
        self._search = SearchBar(self)
        self._drag = QTimer(self)
        self._set_up()

    def _set_up(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Text")
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._search.changed.connect(self._look_for)
        self._search.stepped.connect(self._step)
        self._search.closed.connect(self._search_closed)
        self._drag.setInterval(40)
        self._drag.timeout.connect(self._drag_on)
        theme().changed.connect(self._restyle)
        self._restyle()

    # --- what the panels use

    def set_text(self, text: str, language: str = "text") -> None:
        """Show another text from its beginning."""
        self._rows, self._numbers = break_rows(text)
        self._starts = _starts_of(self._rows, self._numbers)
        self._language = language if len(text) <= MAX_HIGHLIGHTED else "text"
        self._states = [0]
        self._cut.clear()
        self._anchor = self._cursor = (0, 0)
        self._widest = max(map(len, self._rows))
        self.setAccessibleDescription(text[:_TOLD])
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        if self._search.text():
            self._look_for(self._search.text())
        self.viewport().update()

    def text(self) -> str:
        """The whole text."""
        return self._between((0, 0), (len(self._rows) - 1, len(self._rows[-1])))

    def toPlainText(self) -> str:
        """The whole text, by the name that Qt's text widgets have for it."""
        return self.text()

    def selected_text(self) -> str:
        """What is selected, or an empty string."""
        return self._between(*sorted((self._anchor, self._cursor)))

    def select_all(self) -> None:
        """Select the whole text."""
        self._anchor, self._cursor = (0, 0), (len(self._rows) - 1, len(self._rows[-1]))
        self.viewport().update()

    @Slot()
    def copy(self) -> None:
        """Put what is selected, or all of it, on the clipboard."""
        QGuiApplication.clipboard().setText(self.selected_text() or self.text())

    def find_text(self, text: str = "") -> None:
        """Open the search bar (Ctrl+F)."""
        self._search.open_bar(text or self.selected_text().split("\n")[0][:200])

    # --- keys, mouse, size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, search, and moving or selecting with the arrows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_text()
        elif event.key() == Qt.Key.Key_F3 and self._found:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape and self._search.isVisible():
            self._search.close_bar()
        elif (target := self._target(event)) is not None:
            self._move_to(target, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _target(self, event: QKeyEvent) -> Place | None:
        """Where a key takes the cursor."""
        row, column = self._cursor
        last = len(self._rows) - 1
        page = max(1, self._rows_in_view() - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        key = Qt.Key(event.key())
        everything = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in steps:
            row = max(0, min(last, row + steps[key]))
            return row, min(column, len(self._rows[row]))
        if key == Qt.Key.Key_Left:
            return (row, column - 1) if column else (max(0, row - 1), len(self._rows[row - 1]) if row else 0)
        if key == Qt.Key.Key_Right:
            at_end = column == len(self._rows[row])
            return (row, column) if at_end and row == last else (row + 1, 0) if at_end else (row, column + 1)
        if key == Qt.Key.Key_Home:
            return (0, 0) if everything else (row, 0)
        if key == Qt.Key.Key_End:
            row = last if everything else row
            return row, len(self._rows[row])
        return None

    def _move_to(self, place: Place, select: bool) -> None:
        self._cursor = place
        if not select:
            self._anchor = place
        self._show_cursor()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection."""
        if event.button() == Qt.MouseButton.LeftButton:
            select = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_to(self._place_at(event.position()), select)
            self._drag.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._cursor = self._place_at(event.position())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the selection."""
        self._drag.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        row, column = self._place_at(event.position())
        line = self._rows[row]
        start = end = column
        while start > 0 and (line[start - 1].isalnum() or line[start - 1] == "_"):
            start -= 1
        while end < len(line) and (line[end].isalnum() or line[end] == "_"):
            end += 1
        self._anchor, self._cursor = (row, start), (row, end)
        self.viewport().update()

    @Slot()
    def _drag_on(self) -> None:
        """Scroll on while the mouse is held beyond the edge."""
        pointer = self.viewport().mapFromGlobal(self.cursor().pos())
        if not self.viewport().rect().contains(pointer):
            self._cursor = self._place_at(QPointF(pointer))
            self._show_cursor()
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows in view."""
        super().resizeEvent(event)
        self._lay_out()
        self._search.place()

    # --- measures

    @Slot()
    def _restyle(self) -> None:
        self.setFont(theme().mono())
        metrics = QFontMetricsF(self.font())
        self._char = metrics.horizontalAdvance("0")
        self._ascent = metrics.ascent()
        self._row_height = metrics.lineSpacing() + theme().px(_GAP)
        self._widest = max(map(len, self._rows))
        self._lay_out()
        self.viewport().update()

    def _lay_out(self) -> None:
        """Ranges of the scroll bars: rows one way, pixels the other."""
        in_view = self._rows_in_view()
        vertical, across = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, len(self._rows) - in_view))
        vertical.setPageStep(in_view)
        vertical.setSingleStep(1)
        room = self.viewport().width() - self._margin()
        across.setRange(0, max(0, round((self._widest + 1) * self._char) - room))
        across.setPageStep(max(1, room))
        across.setSingleStep(round(self._char * 4))

    def _rows_in_view(self) -> int:
        return max(1, int((self.viewport().height() - theme().px(_GAP)) // self._row_height))

    def _margin(self) -> int:
        digits = max(2, len(str(self._numbers[-1] or len(self._rows))))
        return round(digits * self._char) + theme().px(24)

    def _x_of(self, row: int, column: int) -> float:
        """Pixels from the beginning of a row to a column."""
        part = _shown(self._rows[row][:column])
        return (
            len(part) * self._char if part.isascii() else QFontMetricsF(self.font()).horizontalAdvance(part)
        )

    def _place_at(self, point: QPointF | QPoint) -> Place:
        row = self.verticalScrollBar().value() + int((point.y() - theme().px(_GAP)) // self._row_height)
        row = max(0, min(len(self._rows) - 1, row))
        x = point.x() - self._margin() + self.horizontalScrollBar().value()
        low, high = 0, len(self._rows[row])
        while low < high:  # the last column that begins left of the middle of its character
            middle = (low + high + 1) // 2
            if self._x_of(row, middle) - self._char / 2 <= x:
                low = middle
            else:
                high = middle - 1
        return row, low

    def _show_cursor(self) -> None:
        row, column = self._cursor
        vertical, across = self.verticalScrollBar(), self.horizontalScrollBar()
        in_view = self._rows_in_view()
        if row < vertical.value():
            vertical.setValue(row)
        elif row >= vertical.value() + in_view:
            vertical.setValue(row - in_view + 1)
        x, room = round(self._x_of(row, column)), self.viewport().width() - self._margin()
        if not across.value() <= x <= across.value() + room - self._char:
            across.setValue(max(0, x - room // 2))

    # --- the text behind the rows

    def _between(self, start: Place, end: Place) -> str:
        if start[0] == end[0]:
            return self._rows[start[0]][start[1] : end[1]]
        parts = [self._rows[start[0]][start[1] :]]
        for row in range(start[0] + 1, end[0] + 1):
            if self._numbers[row]:
                parts.append("\n")
            parts.append(self._rows[row] if row < end[0] else self._rows[row][: end[1]])
        return "".join(parts)

    def _place_of(self, index: int) -> Place:
        """The row and column of a character of the whole text."""
        row = bisect_right(self._starts, index) - 1
        return row, min(index - self._starts[row], len(self._rows[row]))

    @Slot(str)
    def _look_for(self, wanted: str) -> None:
        self._found = matches(self.text(), wanted)
        if self._found:
            self._step(1, stay=True)
        self._tell_count()
        self.viewport().update()

    @Slot(int)
    def _step(self, direction: int, stay: bool = False) -> None:
        """Select the next match in that direction, round the end; ``stay`` where the cursor is in one."""
        if not self._found:
            return
        row, column = min(self._anchor, self._cursor)
        here = self._starts[row] + column
        at = (
            bisect_right(self._found, here - 1 if stay else here)
            if direction > 0
            else bisect_right(self._found, here - 1) - 1
        )
        start = self._found[at % len(self._found)]
        self._anchor = self._place_of(start)
        self._cursor = self._place_of(start + len(self._search.text()))
        self._show_cursor()
        self._tell_count()
        self.viewport().update()

    def _tell_count(self) -> None:
        row, column = min(self._anchor, self._cursor)
        self._search.show_count(bisect_right(self._found, self._starts[row] + column), len(self._found))

    @Slot()
    def _search_closed(self) -> None:
        self._found = []
        self.setFocus()
        self.viewport().update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in view, the margin over them."""
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        first = self.verticalScrollBar().value()
        shown = range(first, min(len(self._rows), first + self._rows_in_view() + 2))
        for row in shown:
            top = theme().px(_GAP) + (row - first) * self._row_height
            self._paint_ground(painter, row, top)
            self._paint_matches(painter, row, top)
            self._paint_row(painter, row, top)
            self._paint_selection(painter, row, top)
        self._paint_margin(painter, shown, first)
        painter.end()

    def _paint_ground(self, painter: QPainter, row: int, top: float) -> None:
        """What is behind a row, where a kind of text has something to show there."""

    def _left(self) -> float:
        return self._margin() - self.horizontalScrollBar().value()

    def _paint_row(self, painter: QPainter, row: int, top: float, ink: str = "") -> None:
        """Only the part of a row that is in view, where its characters are all of one width."""
        line, width = self._rows[row], self.viewport().width()
        for start, end, kind in self._pieces(row):
            x = self._left() + self._x_of(row, start)
            if x > width:
                break
            part = _shown(line[start:end])
            if part.isascii():
                skip = max(0, int(-x // self._char))
                part = part[skip : skip + int(width // self._char) + 2]
                x += skip * self._char
            painter.setPen(theme().colour(ink or kind))
            painter.drawText(QPointF(x, top + self._ascent), part)

    def _pieces(self, row: int) -> list[Span]:
        """The row cut into pieces of one colour; remembered, since scrolling paints a row many times."""
        if row not in self._cut:
            if len(self._cut) > _REMEMBERED:
                self._cut.clear()
            spans, _ = tokenize(self._language, self._rows[row], self._state(row))
            self._cut[row] = _cut(len(self._rows[row]), spans)
        return self._cut[row]

    def _state(self, row: int) -> int:
        """What the tokenizer knows at the beginning of a row; worked out as far as it was ever needed."""
        if self._language in ("text", "json"):
            return 0
        while len(self._states) <= row:
            done = len(self._states) - 1
            self._states.append(tokenize(self._language, self._rows[done], self._states[done])[1])
        return self._states[row]

    def _paint_selection(self, painter: QPainter, row: int, top: float) -> None:
        start, end = sorted((self._anchor, self._cursor))
        if start <= end and start[0] <= row <= end[0]:
            left = self._x_of(row, start[1]) if row == start[0] else 0.0
            right = self._x_of(row, end[1]) if row == end[0] else self._x_of(row, MAX_ROW) + self._char / 2
            place = QRectF(self._left() + left, top, right - left, self._row_height)
            painter.save()
            painter.setClipRect(place)
            painter.fillRect(place, theme().colour("accent"))
            self._paint_row(painter, row, top, "on_accent")  # code's own colours can't be read on it
            painter.restore()
        if row == self._cursor[0] and self.hasFocus():
            x = self._left() + self._x_of(row, self._cursor[1])
            painter.fillRect(QRectF(x, top, theme().px(1), self._row_height), theme().colour("text"))

    def _paint_matches(self, painter: QPainter, row: int, top: float) -> None:
        if not self._found:
            return
        begin = self._starts[row]
        length = len(self._search.text())
        at = bisect_right(self._found, begin - length)
        while at < len(self._found) and self._found[at] <= begin + len(self._rows[row]):
            left = self._x_of(row, max(0, self._found[at] - begin))
            right = self._x_of(row, min(self._found[at] - begin + length, len(self._rows[row])))
            place = QRectF(self._left() + left, top, right - left, self._row_height)
            painter.fillRect(place, theme().colour("parameter_tint"))
            at += 1

    def _paint_margin(self, painter: QPainter, shown: range, first: int) -> None:
        width = self._margin() - theme().px(8)
        painter.fillRect(
            QRectF(0, 0, width + theme().px(4), self.viewport().height()), theme().colour("panel")
        )
        painter.setPen(theme().colour("muted"))
        for row in shown:
            if self._numbers[row]:
                top = theme().px(_GAP) + (row - first) * self._row_height
                place = QRectF(0, top, width - theme().px(4), self._row_height - theme().px(_GAP))
                painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(self._numbers[row]))


def _starts_of(rows: list[str], numbers: array[int]) -> array[int]:
    """The index in the whole text of the first character of each row."""
    breaks = chain((1 if number else 0 for number in islice(numbers, 1, None)), (0,))  # a "\n" after the row
    starts = array("q", accumulate(map(add, map(len, rows), breaks), initial=0))
    starts.pop()
    return starts


def _shown(part: str) -> str:
    return part.replace("\t", "    ")


def _cut(length: int, spans: list[Span]) -> list[Span]:
    """Pieces of one colour from the first character to the last; of spans in spans the inner one shows."""
    pieces: list[Span] = []
    at = 0
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            outer = pieces.pop()
            pieces += [(outer[0], start, outer[2]), (start, end, kind), (end, outer[1], outer[2])]
        else:
            pieces += [(at, start, "text"), (start, end, kind)]
        at = max(at, end)
    pieces.append((at, length, "text"))
    return [piece for piece in pieces if piece[0] < piece[1]]
