"""All that is wrong now, one line each; the one that is chosen says why, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from playground.core.problems import Problem
from playground.gui.icons import icon
from playground.gui.panels.problem_cards import ProblemCard, sign_of
from playground.gui.theme import mark, theme

NARROW = 620
"""Below this width (pixels of the design) the details stand below the list."""


class ProblemsPanel(QWidget):
    """The list of problems. ``opened`` carries the ``Problem`` to go to, ``fix_chosen`` a ``Fix``."""

    opened = Signal(object)
    fix_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._list = QListWidget()
        self._list.setObjectName("problems.list")
        self._list.setAccessibleName("Problems")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.itemActivated.connect(self._open)
        self._list.currentRowChanged.connect(self._show_details)
        empty = QLabel("No problems. What is wrong in the source shows here, with its file and line.")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        mark(empty, role="muted")
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._list)
        self._split.addWidget(self._details())
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self._split)
        theme().changed.connect(self._follow_theme)

    def _details(self) -> QWidget:
        self._card = ProblemCard("problems", early=True)
        self._card.setAccessibleName("The problem that is chosen")
        self._card.fix_chosen.connect(self.fix_chosen)
        self._card.place_opened.connect(lambda _: self._open())
        self._scroll = QScrollArea()
        self._scroll.setObjectName("problems.details")
        self._scroll.setAccessibleName("Why, and what can be done")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._card)
        self._scroll.hide()
        return self._scroll

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these, in their order; the one that was chosen stays so while it is among them."""
        if tuple(problems) == self._problems:
            return
        chosen = self._chosen
        self._problems = tuple(problems)
        self._list.blockSignals(True)
        self._list.clear()
        for problem in self._problems:
            item = QListWidgetItem(_words(problem))
            item.setToolTip(problem.original or problem.why or str(problem))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{_severity(problem)}: {item.text()}")
            self._list.addItem(item)
        self._list.setCurrentRow(_row_of(self._problems, chosen))
        self._list.blockSignals(False)
        self._show_details(self._list.currentRow())
        self._stack.setCurrentIndex(1 if self._problems else 0)
        self._follow_theme()

    def choose(self, problem: Problem) -> None:
        """Show why one of them is one, and what can be done."""
        if self.select(problem):
            self._list.setFocus()

    def select(self, problem: Problem) -> bool:
        """Show it where it is listed; a line that is told of by another problem will do."""
        same = [one == problem for one in self._problems]
        near = [_line(one) is not None and _line(one) == _line(problem) for one in self._problems]
        row = next((found.index(True) for found in (same, near) if any(found)), -1)
        if row >= 0:
            self._list.setCurrentRow(row)
        return row >= 0

    @property
    def _chosen(self) -> Problem | None:
        row = self._list.currentRow()
        return self._problems[row] if 0 <= row < len(self._problems) else None

    def _show_details(self, row: int) -> None:
        self._scroll.setVisible(0 <= row < len(self._problems))
        if self._chosen is not None:
            self._card.show_problem(self._chosen)
            self._scroll.verticalScrollBar().setValue(0)
            self._arrange()

    def _open(self, _: object = None) -> None:
        if self._chosen is not None:
            self.opened.emit(self._chosen)

    # The look ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < theme().px(NARROW)
        orientation = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if self._split.orientation() != orientation or not any(self._split.sizes()):
            self._split.setOrientation(orientation)
            whole = self.height() if narrow else self.width()
            self._split.setSizes([whole // 2, whole // 2])

    def _follow_theme(self) -> None:
        px = theme().px
        self._list.setIconSize(QSize(px(16), px(16)))
        self._card.setContentsMargins(px(14), px(10), px(14), px(10))
        for row, problem in enumerate(self._problems):
            item = self._list.item(row)
            if item is not None:
                item.setIcon(_sign(problem))


def _line(problem: Problem) -> tuple[str, int | None] | None:
    return (problem.place.file, problem.place.line) if problem.place is not None else None


def _words(problem: Problem) -> str:
    """The sentence and its place; the hint too where nothing else says what to do."""
    hint = "" if problem.fixes or problem.why else problem.hint
    place = problem.where
    return f"{place}{problem.sentence} {hint}".rstrip()


def _severity(problem: Problem) -> str:
    """What stops the app from loading is an error; what fails when it is asked for, a warning."""
    return "Warning" if problem.warns else "Error"


def _sign(problem: Problem) -> QIcon:
    return icon(*sign_of(problem))


def _row_of(problems: Sequence[Problem], chosen: Problem | None) -> int:
    """Where the one that was chosen is now: the same place with the same sentence will do."""
    if chosen is None:
        return -1
    return next(
        (
            row
            for row, one in enumerate(problems)
            if one == chosen or (one.rule_id, one.sentence) == (chosen.rule_id, chosen.sentence)
        ),
        -1,
    )
