"""What a change of several files would write, shown as a whole before it is written.

Its files at the left with what becomes of each, all their lines at the right, and below what the person
should know before saying yes. Enter applies it, Escape does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from playground.core.diffs import FileDiff
from playground.core.problems import Problem
from playground.core.proposals import Proposal
from playground.gui.theme import mark, theme
from playground.gui.widgets.diff_text import DiffText

NARROW = 760
"""Below this width (pixels of the design) the files stand above their lines."""
NOTES = 5
"""So many notes are in view at once."""
LETTERS = {"changed": "M", "added": "A", "removed": "D", "renamed": "R"}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ProposalView(QWidget):
    """One proposal. ``accepted`` and ``cancelled`` are the answers; who asked writes it, or does not."""

    accepted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("proposal.view")
        self.setAccessibleName("What would change")
        mark(self, surface="panel")
        self._title = self._label("proposal.title", "What is proposed", "heading")
        self._sum = self._label("proposal.sum", "How much it changes", "muted")
        self._problem = self._label("proposal.problem", "Why it was not written", "error")
        self._files = QListWidget()
        self._files.setObjectName("proposal.files")
        self._files.setAccessibleName("Files that would change")
        self._files.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._files.currentRowChanged.connect(self._go_to)
        self._diff = DiffText()
        self._diff.setObjectName("proposal.diff")
        self._notes = QPlainTextEdit()
        self._notes.setObjectName("proposal.notes")
        self._notes.setAccessibleName("What to know before applying it")
        self._notes.setReadOnly(True)
        self._notes.setTabChangesFocus(True)
        self._apply = self._button("Apply", "proposal.apply", "Enter")
        self._apply.setProperty("primary", True)
        self._apply.clicked.connect(self._accept)
        self._cancel = self._button("Cancel", "proposal.cancel", "Esc")
        self._cancel.clicked.connect(self.cancelled)
        self._lay_out()
        theme().changed.connect(self._fit)

    @staticmethod
    def _label(name: str, words: str, role: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setAccessibleName(words)
        label.setWordWrap(True)
        mark(label, role=role)
        return label

    @staticmethod
    def _button(text: str, name: str, keys: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(f"{text} ({keys})")
        return button

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(2)
        for label in (self._title, self._sum, self._problem):
            head.addWidget(label)
        answers = QHBoxLayout()
        answers.addLayout(head, 1)
        for button in (self._cancel, self._apply):
            answers.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._files)
        self._split.addWidget(self._diff)
        self._split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(answers)
        column.addWidget(self._split, 1)
        column.addWidget(self._notes)

    # What is shown ----------------------------------------------------------------------------

    def show_proposal(self, proposal: Proposal, diffs: Sequence[FileDiff]) -> None:
        """Show what would be written; ``diffs`` are the proposal's own."""
        self._title.setText(proposal.label[:1].upper() + proposal.label[1:])
        self._sum.setText(_sum(diffs))
        self._problem.hide()
        self._diff.show_parts([(_heading(one), one.lines) for one in diffs])
        self._files.clear()
        for one in diffs:
            item = QListWidgetItem(f"{LETTERS[one.kind]}  {one.file}   +{one.added} −{one.removed}")
            item.setToolTip(_heading(one))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(one))
            self._files.addItem(item)
        self._notes.setPlainText("\n".join(f"• {note}" for note in proposal.notes))
        self._notes.setVisible(bool(proposal.notes))
        self._apply.setEnabled(True)
        self._fit()

    def refuse(self, problem: Problem) -> None:
        """Say why it can't be written as it is shown."""
        self._problem.setText(f"⚠ {problem.sentence} {problem.hint}".strip())
        self._problem.show()
        self._apply.setEnabled(True)

    def take_focus(self) -> None:
        """The keyboard is here now: Enter applies, the arrows read."""
        self._apply.setFocus()

    def _go_to(self, row: int) -> None:
        if row >= 0:
            self._diff.go_to_part(row)

    # Room and keys ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px = theme().px
        narrow = self.width() < px(NARROW)
        self._split.setOrientation(Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal)
        share = px(110) if narrow else px(260)
        whole = self._split.height() if narrow else self._split.width()
        self._split.setSizes([share, max(whole - share, 1)])
        rows = min(NOTES, self._notes.document().blockCount())
        self._notes.setFixedHeight(rows * self._notes.fontMetrics().lineSpacing() + px(20))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or (event.key() in _ENTER and self._cancel.hasFocus()):
            self.cancelled.emit()
        elif event.key() in _ENTER:
            self._accept()
        else:
            super().keyPressEvent(event)

    def _accept(self) -> None:
        if self._apply.isEnabled():
            self._apply.setEnabled(False)  # once is enough
            self.accepted.emit()


def _heading(one: FileDiff) -> str:
    words = {"changed": "", "added": " (new file)", "removed": " (removed)", "renamed": f" (was {one.was})"}
    note = f": {one.note}" if one.note else ""
    return f"{one.file}{words[one.kind]}{note}"


def _spoken(one: FileDiff) -> str:
    was = f" from {one.was}" if one.was else ""
    return f"{one.file}, {one.kind}{was}, {_lines(one.added)} added, {one.removed} removed"


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"


def _sum(diffs: Sequence[FileDiff]) -> str:
    files = f"{len(diffs)} file" if len(diffs) == 1 else f"{len(diffs)} files"
    added, removed = sum(one.added for one in diffs), sum(one.removed for one in diffs)
    return f"{files} · +{added} −{removed} · nothing is written yet"
