"""The question which text stays when something was changed elsewhere while one typed in it.

It shows both: the lines that the file has now, and those that were typed.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from playground.core.diffs import diff_lines
from playground.gui.theme import mark, theme
from playground.gui.widgets.diff_text import DiffText
from playground.gui.widgets.keep_height import keep_height

ROWS = 8
"""So many lines of the two texts are in view at once; the rest is scrolled to."""
LEGEND = " ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in ("− in the file  ", "+ typed here"))
"""Two lines where it is narrow."""


class ConflictBar(QWidget):
    """Hidden until ``ask``. ``mine``, ``theirs`` and ``both`` are the answers; each hides it again.

    ``turned`` when it may ask now, or no more.
    """

    turned = Signal()
    mine = Signal()
    theirs = Signal()
    both = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="tint", edge="bottom")
        self._asked: tuple[str, str, str] = ("", "", "")
        self._words = QLabel()
        self._words.setObjectName("conflict.text")
        self._words.setAccessibleName("What was changed elsewhere")
        self._words.setWordWrap(True)
        mark(self._words, role="strong")
        self._diff = DiffText()
        self._diff.setObjectName("conflict.diff")
        self._diff.setAccessibleName("What the file says now, and what was typed")
        self._diff.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._both = self._button("Keep &both", "conflict.both", self.both)
        self._both.setToolTip("Put one below the other, to be tidied up by hand")
        self._lay_out()
        keep_height(self)
        theme().changed.connect(self._fit)
        self.hide()

    def setVisible(self, visible: bool) -> None:
        """Qt's own way to show and hide, which says so."""
        super().setVisible(visible)
        self.turned.emit()

    def _lay_out(self) -> None:
        legend = QLabel(LEGEND)
        legend.setObjectName("conflict.legend")
        legend.setWordWrap(True)
        mark(legend, role="muted", mono=True)
        answers = QHBoxLayout()
        answers.addWidget(legend, 1)
        answers.addWidget(self._button("Keep &mine", "conflict.mine", self.mine))
        answers.addWidget(self._button("Take &theirs", "conflict.theirs", self.theirs))
        answers.addWidget(self._both)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(6)
        column.addWidget(self._words)
        column.addWidget(self._diff)
        column.addLayout(answers)

    def _button(self, text: str, name: str, answer: SignalInstance) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text.replace("&", ""))
        button.clicked.connect(self.hide)
        button.clicked.connect(answer)
        return button

    @property
    def asking(self) -> bool:
        """Whether the question is not answered yet."""
        return not self.isHidden()

    def ask(self, words: str, mine: str, theirs: str, *, both: bool = True) -> None:
        """Show the question and both texts; ``both`` offers to keep the one and the other."""
        asked = (words, mine, theirs)
        if asked != self._asked:
            self._asked = asked
            self._words.setText(f"⚠ {words}")
            lines = diff_lines(_ended(theirs), _ended(mine), 1)
            self._diff.show_lines(lines[1:] if sum(line.sign == "@" for line in lines) == 1 else lines)
        self._both.setVisible(both)
        self._fit()
        if not self.asking:
            self.show()
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _fit(self) -> None:
        """As high as its lines, up to a limit."""
        self._diff.setFixedHeight(self._diff.height_of(min(ROWS, self._diff.row_count)))


def _ended(text: str) -> str:
    """A text whose last line is as any other: pieces of a file end without a break."""
    return text if text.endswith("\n") or not text else f"{text}\n"
