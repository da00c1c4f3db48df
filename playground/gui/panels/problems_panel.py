"""All that is wrong now, one line each; a click goes to the place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QStackedLayout, QWidget

from playground.core.problems import Problem
from playground.gui.icons import icon
from playground.gui.theme import mark, theme


class ProblemsPanel(QWidget):
    """The list of problems. ``opened`` carries the Problem that was chosen."""

    opened = Signal(object)

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
        self._list.itemClicked.connect(self._open)
        empty = QLabel("No problems. What is wrong in the source shows here, with its file and line.")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        mark(empty, role="muted")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(self._list)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these, in their order."""
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        self._list.clear()
        self._list.setIconSize(QSize(theme().px(16), theme().px(16)))
        for problem in self._problems:
            item = QListWidgetItem(icon("warning", "error"), str(problem))
            item.setToolTip(problem.original or str(problem))
            self._list.addItem(item)
        self._stack.setCurrentIndex(1 if self._problems else 0)

    def _open(self, item: QListWidgetItem) -> None:
        self.opened.emit(self._problems[self._list.row(item)])
