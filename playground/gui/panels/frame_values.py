"""The variables of one frame: name, type and value; long values open, secrets are shown when asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from playground.core.debug_page import kind
from playground.core.trips import Value
from playground.gui.widgets.span_table import Cell, SpanTable
from playground.gui.widgets.spans import NEW_LINE, Span

SHORT = 120
"""Characters of a value beyond which the rest waits for a click."""
ROWS = 12
"""Variables that are shown at first."""
MORE, LESS = " … more", " … less"
SHOW = " · show it"


class FrameValues(SpanTable):
    """A table; a row that is clicked or entered shows all of its value, or less of it again."""

    def __init__(
        self, name: str, values: Sequence[Value], more: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(("Name", "Type", "Value"), (0.3, 0.3, 0))
        if parent is not None:
            self.setParent(parent)
        self.setObjectName(name)
        self.setAccessibleName("The variables at that moment")
        self._values, self._more = tuple(values), more
        self._open: set[int] = set()
        self._all = len(self._values) <= ROWS + 1
        self.chosen.connect(self._turn)
        self._show()

    def _show(self) -> None:
        shown = self._values if self._all else self._values[:ROWS]
        rows = [self._row(at, value) for at, value in enumerate(shown)]
        if not self._all:
            rows.append(_words(f"{len(self._values) - ROWS + self._more:,} more", "accent"))
        elif self._more:
            rows.append(_words(f"{self._more:,} more were not kept", "muted"))
        self.show_rows(rows)

    def _row(self, at: int, value: Value) -> tuple[Cell, ...]:
        name = Cell((Span(value.name, code=True),))
        return name, Cell((Span(kind(value), "muted"),)), Cell(self._spans(value, at in self._open))

    def _spans(self, value: Value, is_open: bool) -> tuple[Span, ...]:
        if value.masked and not is_open:
            return Span(value.masked, "muted", code=True), Span(SHOW, "accent")
        text = value.text.replace("\r", "").replace("\n", NEW_LINE)
        if len(text) <= SHORT:
            return (Span(text, code=True), *((Span(" · hide it", "accent"),) if value.masked else ()))
        if is_open:
            return Span(text, code=True), Span(LESS, "accent")
        return Span(text[:SHORT], code=True), Span(MORE, "accent")

    def _turn(self, row: int) -> None:
        if row >= len(self._values) or (not self._all and row == ROWS):
            if self._all:
                return
            self._all = True
        elif self._values[row].masked or len(self._values[row].text) > SHORT:
            self._open ^= {row}
        else:
            return
        current = self.currentIndex()
        self._show()
        self.setCurrentIndex(self.model().index(current.row(), current.column()))


def _words(words: str, token: str) -> tuple[Cell, ...]:
    return Cell(()), Cell(()), Cell((Span(words, token),))
