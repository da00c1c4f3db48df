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
        said = (self._heading, self._effect, self._note, self._how, self._record)
        self._rows: dict[QWidget, Indented] = {widget: Indented(widget, 3, 3) for widget in said}
        for row in self._rows.values():
            self._column.addWidget(row)
        self._column.insertWidget(1, self.code)

    def begin(self, has_code: bool, note: str, how: str, can_record: bool) -> None:
        """Another request: with code or without, what there is to say of it, how to record its lines."""
        self._region = None
        self._rows[self._effect].hide()
        for label, words in ((self._note, note), (self._how, how)):
            label.setText(words)
            self._rows[label].setVisible(bool(words))
        self._rows[self._heading].setVisible(has_code)
        self.code.setVisible(has_code)
        self._rows[self._record].setVisible(can_record)

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
        self._rows[self._effect].setVisible(self._region is not None and self.code.is_note_cut())

    def _fit(self) -> None:
        """The code as high as its lines, and what it is of in one line."""
        words, room = self._heading.toolTip(), self.width() - theme().px(26)
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
        self._fit()


class Indented(QWidget):
    """Holds a label or a button away from the edge, ``above`` and ``below`` in pixels of the design.

    A label could have margins itself, but may lose them to the style sheet when it gets another parent.
    """

    def __init__(self, inner: QWidget, above: int, below: int) -> None:
        super().__init__()
        self._above, self._below = above, below
        self._row = QHBoxLayout(self)
        self._row.addWidget(inner)
        if isinstance(inner, QPushButton):
            self._row.addStretch(1)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        above, below = (px(each) if each else 0 for each in (self._above, self._below))
        self._row.setContentsMargins(px(13), above, px(12), below)


def _words(name: str, accessible: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setObjectName(name)
    label.setAccessibleName(accessible)
    label.setTextFormat(Qt.TextFormat.PlainText)
    mark(label, role="muted")
    return label
