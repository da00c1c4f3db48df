"""The head of the stepper: which line is on of how many, and the ways to another one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout

MANY = 12
"""Stops from which on there is a slider."""


class StepHead(QWidget):
    """``wanted`` carries the number of the stop to go to, which may lie beyond the ends."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel", edge="bottom")
        self._number = self._count = 0
        self.back = _arrow("xray.back", "One line back", "chevron-left")
        self.forward = _arrow("xray.forward", "One line on", "chevron-right")
        self._position = QLabel()
        self._position.setObjectName("xray.position")
        self._position.setAccessibleName("The line that is on")
        mark(self._position, role="muted")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("xray.slider")
        self.slider.setAccessibleName("The line that is on, of all of them")
        self.back.clicked.connect(lambda: self.wanted.emit(self._number - 1))
        self.forward.clicked.connect(lambda: self.wanted.emit(self._number + 1))
        self.slider.valueChanged.connect(self.wanted)
        self._put_together()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _put_together(self) -> None:
        title = QLabel("Step through a request")
        mark(title, role="strong")
        self._arrows = QWidget()
        row = QHBoxLayout(self._arrows)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.back, self._position, self.forward):
            row.addWidget(widget)
        line = QWidget()
        flow = FlowLayout(line, last_at_end=True)
        flow.addWidget(title)
        flow.addWidget(self._arrows)
        self._column = QVBoxLayout(self)
        self._column.addWidget(line)
        self._column.addWidget(self.slider)

    def show_count(self, count: int) -> None:
        """There are so many stops; none leaves the title alone."""
        self._count = count
        self._arrows.setVisible(count > 0)
        self.slider.setVisible(count > MANY)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.blockSignals(False)

    def show_at(self, number: int) -> None:
        """This stop is on, counted from 0."""
        self._number = number
        self._position.setText(f"line {number + 1:,} of {self._count:,}")
        self.back.setEnabled(number > 0)
        self.forward.setEnabled(number < self._count - 1)
        self.slider.blockSignals(True)
        self.slider.setValue(number)
        self.slider.blockSignals(False)

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(12), px(9), px(8), px(9))


def _arrow(name: str, words: str, picture: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setToolTip(words)
    mark(button, framed=True)
    set_icon(button, picture)
    return button
