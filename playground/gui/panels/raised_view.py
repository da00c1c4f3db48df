"""The exceptions that a request raised: type, message and frames, and what each of them came of."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.core.trips import Raised
from playground.gui.icons import set_icon
from playground.gui.panels.frames_view import FramesView
from playground.gui.slices import Slices
from playground.gui.theme import mark, theme
from playground.gui.widgets.fold import Fold
from playground.gui.widgets.span_label import SpanLabel
from playground.gui.widgets.spans import NEW_LINE, Span, Spans

MOST = 5
"""Exceptions of one request that are shown: the first is what the others came of."""
LONGEST = 600
"""Characters of a message; the traceback has all of it."""
_HOW = {"cause": "It was raised because of this: ", "context": "It came while this was handled: "}


class RaisedView(Fold):
    """``place_opened`` carries the ``Place`` of a frame; ``copied`` the whole traceback."""

    place_opened = Signal(object)
    copied = Signal(str)

    def __init__(self, name: str = "xray.raised", parent: QWidget | None = None) -> None:
        super().__init__(name, "Raised", parent)
        self._parts: list[_Part] = []
        self._shown: tuple[Raised, ...] = ()
        self._opening = Slices(iter(()), self)
        self.hide()

    def show_raised(self, raised: tuple[Raised, ...]) -> None:
        """Show these; that no rule matched was raised by nobody's code, and is said elsewhere."""
        told = tuple(one for one in raised if one.frames or one.traceback)[:MOST]
        self.setVisible(bool(told))
        if told == self._shown:
            return
        self._shown = told
        for part in self._parts:
            self.body.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = [_Part(self.objectName(), one, at) for at, one in enumerate(told)]
        for part in self._parts:
            part.place_opened.connect(self.place_opened)
            part.copied.connect(self.copied)
            self.body.addWidget(part)
        self.show_line(_first_line(told[0]) if told else ())
        self._opening.begin(self._open_frames())

    @property
    def is_opening(self) -> bool:
        """Whether there are frames that are about to be opened."""
        return self._opening.under_way

    def _open_frames(self) -> Iterator[None]:
        for part in self._parts:
            for frames in part.frames:
                yield from frames.opening()


class _Part(QWidget):
    """One exception, with those that it came of."""

    place_opened = Signal(object)
    copied = Signal(str)

    def __init__(self, name: str, raised: Raised, at: int) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.frames: list[FramesView] = []
        end = f".{at}" if at else ""
        for prefix, before, one in _with_others(f"raised{end}", raised):
            is_first = one is raised
            words = SpanLabel(f"{name}.message{end}" if is_first else f"{prefix}.message", "What was raised")
            words.show_spans((*((Span(before, "muted"),) if before else ()), *_first_line(one)))
            self._column.addWidget(words)
            words.setHidden(is_first and at == 0)  # the first stands beside the heading
            if one.frames or one.syntax is not None:
                frames = FramesView(prefix, one)
                frames.place_opened.connect(self.place_opened)
                self._column.addWidget(frames)
                self.frames.append(frames)
        if raised.traceback:
            self._column.addLayout(self._copy_row(f"{name}.copy{end}", raised.traceback))
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _copy_row(self, name: str, traceback: str) -> QHBoxLayout:
        copy = QPushButton("Copy the traceback")
        copy.setObjectName(name)
        copy.setAccessibleName("Copy the whole traceback")
        set_icon(copy, "copy", "muted")
        mark(copy, flat=True)
        copy.clicked.connect(lambda: self.copied.emit(traceback))
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addStretch(1)
        return row

    @Slot()
    def _follow_theme(self) -> None:
        self._column.setSpacing(theme().px(6))


def _with_others(prefix: str, raised: Raised) -> Iterator[tuple[str, str, Raised]]:
    """An exception and those that belong to it: how their names begin, and how they belong to it."""
    yield prefix, "", raised
    for at, one in enumerate(raised.inner, 1):
        yield f"{prefix}.inner.{at}", f"{at} of the group: ", one
    for at, one in enumerate(raised.before, 1):
        yield f"{prefix}.before.{at}", _HOW.get(one.how, ""), one


def _first_line(raised: Raised) -> Spans:
    message = raised.message if len(raised.message) <= LONGEST else f"{raised.message[:LONGEST]}…"
    said = f": {message}" if message else ""
    return (
        Span(raised.type, "error", code=True, bold=True),
        Span(said.replace("\r", "").replace("\n", NEW_LINE), code=True),
    )
