"""A diff to read: signs, line numbers of both sides, and colours that say what the signs say.

However long it is, only the rows in view are painted. What is copied is the diff as text.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from playground.core.diffs import DiffLine
from playground.gui.theme import theme
from playground.gui.widgets.big_text import MAX_ROW, BigText
from playground.gui.widgets.tokenizers import Span

_SIGN_COLOURS = {"+": "get", "-": "delete", "@": "accent", "\\": "muted", " ": "text", "#": "text"}
_GROUNDS = {"+": "get_tint", "-": "delete_tint", "@": "sunken", "#": "accent_tint"}


class DiffText(BigText):
    """Shows the lines of one diff, or of several one below the other, each under a heading."""

    _lines: tuple[DiffLine, ...] = ()
    _last = 0  # the highest number of a line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings: dict[int, str] = {}
        self.setAccessibleName("What changes, line by line")

    def show_lines(self, lines: Sequence[DiffLine]) -> None:
        """Show one diff."""
        self.show_parts((("", lines),))

    def show_parts(self, parts: Sequence[tuple[str, Sequence[DiffLine]]]) -> None:
        """Show several diffs, each under its heading; ``go_to_part`` finds them again."""
        rows: list[DiffLine] = []
        self._headings = {}
        for heading, lines in parts:
            if heading:
                self._headings[len(rows)] = heading
                rows.append(DiffLine("@", heading))
            rows += [_cut(line) for line in lines]
        self._lines = tuple(rows)
        self._last = max((max(line.old, line.new) for line in rows), default=0)
        self.set_text("\n".join(self._shown_row(row) for row in range(len(rows))))

    @property
    def row_count(self) -> int:
        """How many rows there are to see."""
        return max(1, len(self._lines))

    def height_of(self, rows: int) -> int:
        """The height in which so many rows are in view at once."""
        across = self.horizontalScrollBar()
        below = across.sizeHint().height() if across.maximum() > 0 else 0
        return round(rows * self._row_height) + 2 * theme().px(4) + 2 * self.frameWidth() + below

    def go_to_part(self, number: int) -> None:
        """Scroll to the heading of a part."""
        starts = sorted(self._headings)
        if number < len(starts):
            self._move_to((starts[number], 0), False)
            self.verticalScrollBar().setValue(starts[number])

    def _shown_row(self, row: int) -> str:
        line = self._lines[row]
        return line.text if line.sign == "@" else f"{line.sign} {line.text}"

    def _kind(self, row: int) -> str:
        if row in self._headings:
            return "#"
        return self._lines[row].sign if row < len(self._lines) else " "

    def _pieces(self, row: int) -> list[Span]:
        """The sign in its colour, the text in the colour of text: it stays readable on its ground."""
        length = len(self._rows[row])
        if self._kind(row) in "@#\\ ":
            return [(0, length, _SIGN_COLOURS[self._kind(row)])]
        return [(0, 1, _SIGN_COLOURS[self._kind(row)]), (1, length, "text")]

    def _paint_ground(self, painter: QPainter, row: int, top: float) -> None:
        kind = self._kind(row)
        if kind not in _GROUNDS:
            return
        place = QRectF(0, top, self.viewport().width(), self._row_height)
        painter.fillRect(place, theme().colour(_GROUNDS[kind]))
        start, end = self._lines[row].changed if kind in "+-" else (0, 0)
        if start < end:
            left, right = (self._left() + self._x_of(row, 2 + column) for column in (start, end))
            line = QRectF(left, top + self._ascent + theme().px(2), right - left, theme().px(2))
            painter.fillRect(line, theme().colour(_SIGN_COLOURS[kind]))

    def _margin(self) -> int:
        return 2 * self._number_width() + theme().px(10)

    def _number_width(self) -> int:
        return round(max(2, len(str(self._last))) * self._char) + theme().px(10)

    def _paint_margin(self, painter: QPainter, shown: range, first: int) -> None:
        """The line's number on either side."""
        column, width = self._number_width(), self._margin() - theme().px(6)
        painter.fillRect(QRectF(0, 0, width, self.viewport().height()), theme().colour("panel"))
        painter.setPen(theme().colour("muted"))
        for row in shown:
            line = self._lines[row] if row < len(self._lines) else DiffLine(" ", "")
            top = theme().px(4) + (row - first) * self._row_height
            for place, number in enumerate((line.old, line.new)):
                if number:
                    box = QRectF(place * column, top, column, self._row_height - theme().px(4))
                    painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(number))


def _cut(line: DiffLine) -> DiffLine:
    """A line that fits into one row: what is far out at the right is no help in judging a change."""
    if len(line.text) <= MAX_ROW - 2:
        return line
    return DiffLine(line.sign, line.text[: MAX_ROW - 3] + "…", line.old, line.new)
