"""A problem as a card: what is wrong in one sentence, why, where, what to do, and the original message.

The original message is folded away at first: it is for those who want to look it up, and can be copied.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.core.fixes import Fix
from playground.core.problems import Problem
from playground.gui.icons import pixmap, set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.fix_buttons import FixButtons, Numbers
from playground.gui.widgets.spans import as_html, sentence_spans

FAILED = ("warning", "error")
"""The sign of what went wrong, and its colour."""
SHOW, HIDE = "Show the original message", "Hide the original message"


def sign_of(problem: Problem) -> tuple[str, str]:
    """The icon, and its colour, of something that was found wrong in the source."""
    return ("info", "put") if problem.warns else FAILED


class ProblemCard(QFrame):
    """One problem. ``fix_chosen`` carries a ``Fix``, ``place_opened`` the ``Place`` that was pressed.

    ``name`` begins the names of its controls; ``at`` is added to all but the first card's. ``early`` where
    nothing has failed yet.
    """

    fix_chosen = Signal(object)
    place_opened = Signal(object)

    def __init__(self, name: str, at: int = 0, parent: QWidget | None = None, *, early: bool = False) -> None:
        super().__init__(parent)
        self._early = early
        self._problem = Problem("")
        self._end = f".{at}" if at else ""
        self._start = name
        self._sign = QLabel()
        self._sentence = self._label("sentence", "What is wrong")
        self._why = self._label("reason", "Why")
        mark(self._sentence, role="strong")
        self._place = QPushButton()
        self._place.setObjectName(f"{name}.place{self._end}")
        self._place.setProperty("link", True)
        self._place.clicked.connect(lambda: self.place_opened.emit(self._problem.place))
        self.fixes = FixButtons(f"{name}.fix")
        self.fixes.chosen.connect(self.fix_chosen)
        self._lay_out()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _label(self, name: str, words: str) -> QLabel:
        label = QLabel(wordWrap=True)
        label.setObjectName(f"{self._start}.{name}{self._end}")
        label.setAccessibleName(words)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._sentence, 1)
        self._head = head
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(head)
        self._column.addWidget(self._why)
        row = QHBoxLayout()
        row.addWidget(self._place)
        row.addWidget(self._fold(), 0)
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addWidget(self._original_box())
        self._column.addWidget(self.fixes)
        self._column.addStretch()

    def _fold(self) -> QPushButton:
        self._toggle = QPushButton(SHOW)
        self._toggle.setObjectName(f"{self._start}.original.show{self._end}")
        self._toggle.setAccessibleName(SHOW)
        self._toggle.setCheckable(True)
        self._toggle.setProperty("link", True)
        self._toggle.toggled.connect(self._unfold)
        return self._toggle

    def _original_box(self) -> QWidget:
        self._box = QFrame()
        mark(self._box, surface="sunken")
        self._original = QLabel(wordWrap=True)
        self._original.setObjectName(f"{self._start}.original{self._end}")
        self._original.setAccessibleName("The original message")
        self._original.setTextFormat(Qt.TextFormat.PlainText)
        self._original.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self._original, role="code")
        copy = QToolButton()
        copy.setObjectName(f"{self._start}.original.copy{self._end}")
        copy.setAccessibleName("Copy the original message")
        copy.setToolTip("Copy the original message")
        set_icon(copy, "copy", "muted")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._problem.original))
        row = QHBoxLayout(self._box)
        row.addWidget(self._original, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
        self._box.hide()
        return self._box

    # What is shown ----------------------------------------------------------------------------

    def show_problem(
        self, problem: Problem, numbers: Numbers | None = None, fixes: Sequence[Fix] | None = None
    ) -> None:
        """Show a problem; ``fixes`` are those to offer here, where not all of its own."""
        self._problem = problem
        self._fill()
        self._place.setVisible(problem.place is not None)
        self._place.setText(str(problem.place or ""))
        self._place.setAccessibleName(f"Go to {problem.place}")
        self._toggle.setVisible(bool(problem.original))
        self._toggle.setChecked(False)
        self._original.setText(problem.original)
        offered = problem.fixes if fixes is None else fixes
        self.fixes.show_fixes("What you can do", offered, numbers)

    def _fill(self) -> None:
        problem = self._problem
        self._sign.setPixmap(pixmap(*(sign_of(problem) if self._early else FAILED), theme().px(16)))
        why = " ".join(filter(None, (problem.why, problem.hint if not problem.fixes else "")))
        self._sentence.setText(as_html(sentence_spans(problem.sentence)))
        self._why.setText(as_html(sentence_spans(why, "muted")))
        self._why.setVisible(bool(why))

    def _unfold(self, on: bool) -> None:
        self._box.setVisible(on)
        self._toggle.setText(HIDE if on else SHOW)
        self._toggle.setAccessibleName(HIDE if on else SHOW)

    def _follow_theme(self) -> None:
        px = theme().px
        self._head.setSpacing(px(8))
        self._column.setSpacing(px(6))
        self._fill()
