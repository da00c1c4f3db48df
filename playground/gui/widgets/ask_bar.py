"""Questions that need a word: one line in the window instead of a dialog that stops the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.problems import Problem
from playground.gui.theme import mark


class AskBar(QWidget):
    """A question, a line to answer it, and what is wrong with the answer; hidden while nothing is asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answered: Callable[[str], None] | None = None
        self._before: QWidget | None = None  # where the focus was
        mark(self, surface="tint", edge="bottom")
        self._question = QLabel()
        self._choices = QComboBox()
        self._choices.setObjectName("ask.choice")
        self._choices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choices.currentIndexChanged.connect(self._suggest)
        self._suggestions: tuple[str, ...] = ()
        self._input = QLineEdit()
        self._input.setObjectName("ask.input")
        self._input.returnPressed.connect(self._accept)
        self._ok = QPushButton("OK")
        self._ok.setObjectName("ask.ok")
        self._ok.setProperty("primary", True)
        self._ok.clicked.connect(self._accept)
        cancel = QPushButton("Cancel")
        cancel.setObjectName("ask.cancel")
        cancel.setAccessibleName("Cancel")
        cancel.clicked.connect(self.dismiss)
        self._problem = QLabel()
        self._problem.setObjectName("ask.problem")
        self._problem.setAccessibleName("What is wrong with the answer")
        self._problem.setWordWrap(True)
        mark(self._problem, role="error")
        row = QHBoxLayout()
        row.addWidget(self._question)
        row.addWidget(self._choices)
        row.addWidget(self._input, 1)
        row.addWidget(self._ok)
        row.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.hide()

    @property
    def choice(self) -> int:
        """Which of the choices the answer is about."""
        return self._choices.currentIndex()

    def ask(
        self,
        question: str,
        suggestion: str,
        ok: str,
        answered: Callable[[str], None],
        choices: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Ask; ``answered`` gets the text, and then calls ``dismiss`` or ``refuse``.

        With ``choices`` the person also says what the answer is about; each has a suggestion of its own.
        """
        self._answered = answered
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._question.setText(question)
        self._input.setAccessibleName(question)
        self._ok.setText(ok)
        self._ok.setAccessibleName(ok)
        self._problem.hide()
        self._offer(choices or [("", suggestion)], question)
        self.show()
        self._suggest()
        self._input.setFocus()

    def _offer(self, choices: Sequence[tuple[str, str]], question: str) -> None:
        self._suggestions = ()
        self._choices.clear()
        self._choices.addItems([words for words, _ in choices])
        self._choices.setAccessibleName(question)
        self._choices.setVisible(any(words for words, _ in choices))
        self._suggestions = tuple(suggestion for _, suggestion in choices)

    def _suggest(self) -> None:
        """What the answer could be, selected but for a file's ending: typing takes its place."""
        if 0 <= self.choice < len(self._suggestions):
            suggestion = self._suggestions[self.choice]
            self._input.setText(suggestion)
            stem = suggestion.rfind(".")
            self._input.setSelection(0, stem if stem > 0 else len(suggestion))

    def refuse(self, problem: Problem) -> None:
        """Say what is wrong with the answer, and wait for another."""
        self._problem.setText(f"⚠ {problem.sentence} {problem.hint}".strip())
        self._problem.show()
        self._input.setFocus()

    def dismiss(self) -> None:
        """Nothing is asked any more."""
        self._answered = None
        before, self._before = self._before, None
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_focus and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()

    def _accept(self) -> None:
        if self._answered is not None:
            self._answered(self._input.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)
