"""The exceptions that a request raised: type, message and frames, those of the project first to be seen."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.core.problems import Place
from playground.core.trips import Frame, Raised
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.fold import Fold
from playground.gui.widgets.span_label import SpanLabel
from playground.gui.widgets.span_table import Cell, SpanTable
from playground.gui.widgets.spans import NEW_LINE, Span, Spans

MOST = 5
"""Exceptions of one request that are shown: the first is what the others came of."""
FIRST, LAST = 8, 16
"""Frames that are shown of very many."""
LONGEST = 600
"""Characters of a message; the traceback has all of it."""
OWN = "▸ "
"""Stands before a frame of the project's own code, which opens."""


class RaisedView(Fold):
    """``place_opened`` carries the ``Place`` of a frame; ``copied`` the whole traceback."""

    place_opened = Signal(object)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("xray.raised", "Raised", parent)
        self._parts: list[_Part] = []
        self.hide()

    def show_raised(self, raised: tuple[Raised, ...]) -> None:
        """Show these; that no rule matched was raised by nobody's code, and is said elsewhere."""
        told = [one for one in raised if one.frames or one.traceback][:MOST]
        self.setVisible(bool(told))
        for part in self._parts:
            self.body.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = [_Part(one, at) for at, one in enumerate(told)]
        for part in self._parts:
            part.place_opened.connect(self.place_opened)
            part.copied.connect(self.copied)
            self.body.addWidget(part)
        self.show_line(_first_line(told[0]) if told else ())


class _Part(QWidget):
    """One exception."""

    place_opened = Signal(object)
    copied = Signal(str)

    def __init__(self, raised: Raised, at: int) -> None:
        super().__init__()
        end = f".{at}" if at else ""
        self._words = SpanLabel(f"xray.raised.message{end}", "What was raised")
        self._words.show_spans(_first_line(raised))
        self.frames = SpanTable(("", "", ""), (0.3, 0.28, 0))
        self.frames.setObjectName(f"xray.raised.frames{end}")
        self.frames.setAccessibleName("Where it was raised, the outermost call first")
        self._shown = _some(raised.frames)
        self.frames.show_rows([_row(frame) if frame else _gap(len(raised.frames)) for frame in self._shown])
        self.frames.chosen.connect(self._open)
        self._copy = QPushButton("Copy the traceback")
        self._copy.setObjectName(f"xray.raised.copy{end}")
        self._copy.setAccessibleName("Copy the whole traceback")
        set_icon(self._copy, "copy", "muted")
        mark(self._copy, flat=True)
        self._copy.clicked.connect(lambda: self.copied.emit(raised.traceback))
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._words, self.frames):
            self._column.addWidget(widget)
        self._column.addLayout(row)
        self._words.setHidden(at == 0)  # the first stands beside the heading
        self.frames.setHidden(not raised.frames)
        self._copy.setHidden(not raised.traceback)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _open(self, row: int) -> None:
        frame = self._shown[row]
        if frame is not None and frame.own:
            self.place_opened.emit(Place(frame.file, frame.line))

    @Slot()
    def _follow_theme(self) -> None:
        self._column.setSpacing(theme().px(6))


def _first_line(raised: Raised) -> Spans:
    message = raised.message if len(raised.message) <= LONGEST else f"{raised.message[:LONGEST]}…"
    said = f": {message}" if message else ""
    return (
        Span(raised.type, "error", code=True, bold=True),
        Span(said.replace("\r", "").replace("\n", NEW_LINE), code=True),
    )


def _some(frames: tuple[Frame, ...]) -> list[Frame | None]:
    """All of them; of very many the first and the last, with None for those between."""
    if len(frames) <= FIRST + LAST + 1:
        return list(frames)
    return [*frames[:FIRST], None, *frames[-LAST:]]


def _gap(count: int) -> tuple[Cell, ...]:
    words = f"… {count - FIRST - LAST} more calls, see the traceback"
    return (Cell(()), Cell(()), Cell((Span(words, "muted"),)))


def _row(frame: Frame) -> tuple[Cell, ...]:
    """Own frames are bold and have a sign; the others are muted."""
    token, sign = ("text", OWN) if frame.own else ("muted", "")
    place = Span(f"{frame.file}:{frame.line}", "accent" if frame.own else token, code=True, bold=frame.own)
    name = Span(frame.function, token, code=True, bold=frame.own)
    before = (Span(sign, "accent"),) if sign else ()
    return (Cell((*before, place)), Cell((name,)), Cell((Span(frame.code, token, code=True),)))
