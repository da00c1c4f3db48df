"""The controls over the list of traffic: words and four choices say together which requests it shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from playground.core.routes import METHODS
from playground.core.trips import Line
from playground.gui.panels.traffic_rows import (
    FAILED,
    NETWORK,
    NO_MATCH,
    STATUSES,
    WINDOW,
    Sieve,
    is_from_network,
    sender,
)
from playground.gui.theme import theme
from playground.gui.widgets.clearable_box import ClearableBox

MOST = 200
"""Values that a list of choices holds; the words find the others."""


class Choice(QComboBox):
    """One of some values, or all: closed, it is no wider than needed and says what it chooses among."""

    def __init__(
        self, title: str, everything: str, values: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._known = {"": 0}
        self.addItem(everything, "")
        for value in values:
            self.know(value)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(3)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.currentIndexChanged.connect(self._explain)
        self._explain()

    @property
    def value(self) -> str:
        """What is chosen; empty for all."""
        return str(self.currentData() or "")

    def know(self, value: str) -> None:
        """Offer a value, too."""
        if value and value not in self._known and len(self._known) < MOST:
            self._known[value] = self.count()
            self.addItem(value, value)

    def choose(self, value: str) -> None:
        """Choose a value; empty for all."""
        self.know(value)
        self.setCurrentIndex(self._known.get(value, 0))

    def showPopup(self) -> None:
        widest = max(self.fontMetrics().horizontalAdvance(self.itemText(n)) for n in range(self.count()))
        self.view().setMinimumWidth(min(widest + theme().px(40), theme().px(320)))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        if not self.value:
            option.currentText = self._title
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _explain(self) -> None:
        self.setToolTip(f"{self._title}: {self.currentText()}")


class WordsBox(ClearableBox):
    """Words that the path has; Escape takes them away, Down goes to the list."""

    leave_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.leave_down.emit()
        else:
            super().keyPressEvent(event)


class TrafficFilters(QWidget):
    """The controls. ``changed`` carries the ``Sieve`` that they stand for now.

    It is a place in Qt's tree for them only: the panel sets them in its line, see ``controls``.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hide()
        self.words = WordsBox("traffic.filter.text", "Filter by words of the path", "In the path…")
        self.words.setToolTip("Requests whose path contains these words")
        self.method = _named(Choice("Method", "All methods", METHODS), "method", "Filter by method")
        self.status = _named(
            Choice("Status", "Every status", [*STATUSES, FAILED]), "status", "Filter by status"
        )
        self.client = _named(Choice("From", "From anywhere", [WINDOW]), "client", "Filter by who asked")
        self.route = _named(Choice("Route", "All routes", [NO_MATCH]), "route", "Filter by route")
        self.controls: tuple[QWidget, ...] = (self.words, *self._choices)
        self.words.textChanged.connect(self._tell)
        for choice in self._choices:
            choice.currentIndexChanged.connect(self._tell)

    @property
    def _choices(self) -> tuple[Choice, ...]:
        return (self.method, self.status, self.client, self.route)

    @property
    def sieve(self) -> Sieve:
        """What the controls stand for."""
        return Sieve.of(self.words.text(), *(choice.value for choice in self._choices))

    def know(self, lines: Sequence[Line]) -> None:
        """Offer what these lines have: their methods, senders and routes."""
        for method in dict.fromkeys(line.method for line in lines):
            self.method.know(method)
        for line in {(line.client, line.window, line.preview): line for line in lines}.values():
            if is_from_network(line):
                self.client.know(NETWORK)
            self.client.know(sender(line))
        for endpoint in dict.fromkeys(line.endpoint for line in lines):
            self.route.know(endpoint)

    def reset(self) -> None:
        """Let every request through."""
        self.words.clear()
        for choice in self._choices:
            choice.setCurrentIndex(0)

    def set_widths(self, words: int, choice: int) -> None:
        """How many pixels wide the controls are, so that all stand in one line where there is room."""
        self.words.setFixedWidth(words)
        for one in self._choices:
            one.setFixedWidth(choice)

    def _tell(self) -> None:
        self.changed.emit(self.sieve)


def _named(choice: Choice, name: str, words: str) -> Choice:
    choice.setObjectName(f"traffic.filter.{name}")
    choice.setAccessibleName(words)
    return choice
