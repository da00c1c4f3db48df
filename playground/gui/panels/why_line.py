"""The one line above a failed answer's body: what went wrong, and a button to see why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.core.insight import Insight
from playground.gui.icons import pixmap
from playground.gui.panels.why_words import short_problem
from playground.gui.theme import mark, theme


class WhyLine(QWidget):
    """Hidden while there is nothing to say. ``asked`` when the button was pressed."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needed = True
        self._sign = QLabel()
        self._words = QLabel(wordWrap=True)
        self._words.setObjectName("response.problem")
        self._words.setAccessibleName("What went wrong")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._words, role="strong")
        why = QPushButton("Why?")
        why.setObjectName("response.why")
        why.setAccessibleName("Why, and what can be done")
        why.setToolTip("Why, and what can be done")
        why.clicked.connect(self.asked)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(why)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    def show_insight(self, insight: Insight | None) -> None:
        """Say what went wrong; nothing where nothing did, or nothing is known."""
        failed = insight is not None and (insight.trip.failed or bool(insight.problems))
        self._words.setText(short_problem(insight) if insight is not None and failed else "")
        self._arrange()

    def set_needed(self, needed: bool) -> None:
        """Whether the same is not said in full below."""
        self._needed = needed
        self._arrange()

    def _arrange(self) -> None:
        self.setVisible(self._needed and bool(self._words.text()))

    def _follow_theme(self) -> None:
        px = theme().px
        self._row.setContentsMargins(px(12), 0, px(8), px(8))
        self._row.setSpacing(px(8))
        self._sign.setPixmap(pixmap("warning", "error", px(16)))
