"""The ways out of a problem as a row of buttons that wraps, in a tinted box.

A fix that is only told, with nothing to press, is a line of words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.fixes import Fix
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout

WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six")
Numbers = Iterator[int]


def ways(number: int, purpose: str) -> str:
    """A heading: ``Three ways to make it match``."""
    words = WORDS[number] if number < len(WORDS) else str(number)
    return f"{words} {'way' if number == 1 else 'ways'} to {purpose}"


class FixButtons(QFrame):
    """Fixes to choose from. ``chosen`` carries the ``Fix`` whose button was pressed.

    ``name`` and a number make the buttons' names; where boxes share one view they share ``numbers``.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setProperty("tinted", True)
        self._title = QLabel(wordWrap=True)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._title, role="strong")
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._rows: QWidget | None = None
        self._told: list[QLabel] = []
        theme().changed.connect(self._fit)
        self._fit()

    def show_fixes(self, title: str, fixes: Sequence[Fix], numbers: Numbers | None = None) -> None:
        """Show these under a heading; without any the box is hidden."""
        numbers = numbers or count()
        self._clear()
        self._title.setText(title)
        self._rows = QWidget()
        flow = FlowLayout(self._rows, theme().px(8))
        self._column.addWidget(self._rows)
        for fix in fixes:
            number = next(numbers)
            if fix.mend or fix.request or fix.command:
                flow.addWidget(self._button(fix, number))
            else:
                self._tell(fix, number)
        self._rows.setVisible(flow.count() > 0)
        self.setVisible(bool(fixes))

    def _clear(self) -> None:
        for widget in (self._rows, *self._told):
            if widget is not None:
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._rows, self._told = None, []

    def _button(self, fix: Fix, number: int) -> QPushButton:
        button = QPushButton(fix.label.replace("&", "&&"))
        button.setObjectName(f"{self._name}.{number}")
        button.setAccessibleName(fix.label)
        button.setToolTip(_effect(fix))
        set_icon(button, "edit" if fix.mend else "send" if fix.request else "copy")
        button.clicked.connect(lambda: self.chosen.emit(fix))
        return button

    def _tell(self, fix: Fix, number: int) -> None:
        label = QLabel(f"• {fix.label}", wordWrap=True)
        label.setObjectName(f"{self._name}.{number}")
        label.setAccessibleName(fix.label)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self._told.append(label)
        self._column.addWidget(label)

    def _fit(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(12), px(8), px(12), px(9))
        self._column.setSpacing(px(7))


def _effect(fix: Fix) -> str:
    """What pressing the button does."""
    if fix.mend is not None:
        return "Shows what would change in the source, before it is written"
    if fix.request is not None:
        return f"Sends {fix.request.method} {fix.request.url}"
    return f"Copies {fix.command}, to be typed in a terminal"
