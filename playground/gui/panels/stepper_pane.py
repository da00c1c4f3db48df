"""The code of the stepper with all that is said around it; where there is none, how to record some."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.problems import Place
from playground.gui.panels.stepper_code import StepCode
from playground.gui.panels.stepper_stops import Region
from playground.gui.theme import mark, theme
from playground.gui.widgets.lexing import language_of

MOST_ROWS = 14
"""Rows of code that are in view at once; the code scrolls where it has more."""


class CodePane(QWidget):
    """``place_opened`` carries the Place of a line; ``record_wanted`` asks for lines where there are none."""

    place_opened = Signal(object)
    record_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="sunken")
        self._region: Region | None = None
        self._heading = QLabel()
        self._heading.setObjectName("xray.heading")
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        mark(self._heading, role="muted", mono=True)
        self.code = StepCode()
        self.code.setObjectName("xray.code")
        self.code.line_opened.connect(self._open_line)
        self._effect = _words("xray.effect", "What this line came to")
        self._note = _words("xray.note", "What was recorded")
        self._how = _words("xray.how", "How to record the lines")
        self._record = QPushButton("Record it with X-ray")
        self._record.setObjectName("xray.record")
        self._record.setAccessibleName("Record it with X-ray")
        self._record.clicked.connect(self.record_wanted)
        self._put_together()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _put_together(self) -> None:
        self._column = QVBoxLayout(self)
        for widget in (self._heading, self.code, self._effect, self._note, self._how):
            self._column.addWidget(widget)
        self._record_row = QHBoxLayout()
        self._record_row.addWidget(self._record)
        self._record_row.addStretch(1)
        self._column.addLayout(self._record_row)

    def begin(self, has_code: bool, note: str, how: str, can_record: bool) -> None:
        """Another request: with code or without, what there is to say of it, how to record its lines."""
        self._region = None
        self._effect.hide()
        for label, words in ((self._note, note), (self._how, how)):
            label.setText(words)
            label.setVisible(bool(words))
        for widget in (self._heading, self.code):
            widget.setVisible(has_code)
        self._record.setVisible(can_record)

    def show_at(self, region: Region, title: str, line: int, notes: Mapping[int, str]) -> None:
        """Point at a line of some code, and say of each line what it came to."""
        if region != self._region:
            self._region = region
            self._heading.setToolTip(title)
            self.code.show_code(region.lines, region.first, language_of(region.file))
            self._fit()
        self.code.show_at(line, notes)
        self._show_effect()

    def _show_effect(self) -> None:
        """Say below what has no room beside its line."""
        self._effect.setText(self.code.current_note)
        self._effect.setVisible(self._region is not None and self.code.is_note_cut())

    def _fit(self) -> None:
        """The code as high as its lines, and what it is of in one line."""
        words, room = self._heading.toolTip(), self._heading.contentsRect().width()
        end = Qt.TextElideMode.ElideMiddle
        self._heading.setText(self._heading.fontMetrics().elidedText(words, end, room))
        self.code.setFixedHeight(self.code.height_of(min(MOST_ROWS, self.code.row_count)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._show_effect()

    @Slot(int)
    def _open_line(self, line: int) -> None:
        if self._region is not None:
            self.place_opened.emit(Place(self._region.file, line))

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._column.setContentsMargins(0, px(9), 0, px(9))
        self._column.setSpacing(px(2))
        for label in (self._heading, self._effect, self._note, self._how):
            label.setContentsMargins(px(14), px(3), px(12), px(3))
        self._record_row.setContentsMargins(px(14), px(5), px(12), px(5))
        self._fit()


def _words(name: str, accessible: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setObjectName(name)
    label.setAccessibleName(accessible)
    label.setTextFormat(Qt.TextFormat.PlainText)
    mark(label, role="muted")
    return label
