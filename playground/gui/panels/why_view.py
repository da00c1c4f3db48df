"""Why an answer is what it is: the problems in plain words, the router's account, and what can be done.

Where no rule took the path, the router's account comes first; where a view failed, its problem does.
"""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from playground.core.explanations import Explanation
from playground.core.fixes import Fix
from playground.core.insight import Insight
from playground.core.problems import Problem
from playground.gui.icons import set_icon
from playground.gui.panels import why_words
from playground.gui.panels.near_table import NearTable
from playground.gui.panels.problem_cards import ProblemCard
from playground.gui.theme import mark, theme
from playground.gui.widgets.fix_buttons import FixButtons, Numbers, ways
from playground.gui.widgets.spans import Span, Spans, as_html, breakable, plain, sentence_spans
from playground.gui.widgets.tabs import tab_stops

NAME = "xray"
NOTHING = "Nothing is known of this request any more."


class WhyView(QScrollArea):
    """Shows an insight, or an explanation alone.

    ``fix_chosen`` carries a ``Fix``, ``place_opened`` a ``Place``, ``rule_opened`` the endpoint and the rule
    of the row that was chosen; ``again`` when the request is to be sent again.
    """

    fix_chosen = Signal(object)
    place_opened = Signal(object)
    rule_opened = Signal(str, str)
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explanation: Explanation | None = None
        self._problems: tuple[Problem, ...] = ()
        self._title_spans: Spans = ()
        self._cards: list[ProblemCard] = []
        self.done = ""  # what a fix wrote since
        self.setObjectName(f"{NAME}.why")
        self.setAccessibleName("Why this is the answer")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget()
        self._all = QVBoxLayout(self._page)
        self._said = QWidget()
        self._column = QVBoxLayout(self._said)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._build()
        self.setWidget(self._page)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.show_nothing()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(80))

    def _build(self) -> None:
        self._title = self._label("title", "What the router made of it")
        mark(self._title, role="heading")
        self._sentence = self._label("sentence.router", "Why")
        self.near = NearTable()
        self.near.chosen.connect(self._open_row)
        self.fixes = FixButtons(f"{NAME}.fix")
        self.fixes.chosen.connect(self.fix_chosen)
        self._router = QWidget()
        inner = QVBoxLayout(self._router)
        inner.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._sentence, self.near, self.fixes):
            inner.addWidget(widget)
        self._inner = inner
        self._column.addWidget(self._mended_line())
        self._column.addWidget(self._router)
        self._column.addWidget(self._output_part())
        self._all.addWidget(self._said)
        self._all.addStretch(1)

    def surround(self, above: QWidget | None, below: QWidget) -> None:
        """Have more above and below what is said here, which scrolls with it."""
        self._all.insertWidget(1, below)
        if above is not None:
            self._all.insertWidget(0, above)

    def stops(self) -> list[QWidget]:
        """The controls of what is said here, in the order in which they stand."""
        items = (self._column.itemAt(at) for at in range(self._column.count()))
        parts = (item.widget() for item in items if item is not None)
        return [stop for part in parts if part is not None for stop in tab_stops(part)]

    def _label(self, name: str, words: str) -> QLabel:
        label = QLabel(wordWrap=True)
        label.setObjectName(f"{NAME}.{name}")
        label.setAccessibleName(words)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _output_part(self) -> QWidget:
        """What the request printed and logged, for those of which no answer panel tells it."""
        title = QLabel("Printed and logged")
        mark(title, role="section")
        self._output = self._label("printed", "What it printed and logged")
        self._output.setTextFormat(Qt.TextFormat.PlainText)
        self._output.setMargin(8)
        mark(self._output, role="code", surface="sunken")
        self._output_box = QWidget()
        column = QVBoxLayout(self._output_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self._output)
        return self._output_box

    def _mended_line(self) -> QWidget:
        """After a fix was written: that it was, and the request to be sent again."""
        self._mended = QFrame()
        self._mended.setProperty("tinted", True)
        self._done = self._label("done", "What was done")
        self._done.setTextFormat(Qt.TextFormat.PlainText)
        again = QPushButton("Send again")
        again.setObjectName(f"{NAME}.again")
        again.setAccessibleName("Send the request again")
        mark(again, primary=True)
        set_icon(again, "send", "on_accent")
        again.clicked.connect(self.again)
        row = QHBoxLayout(self._mended)
        row.addWidget(self._done, 1)
        row.addWidget(again)
        return self._mended

    # What is shown ----------------------------------------------------------------------------

    def show_nothing(self, words: str = NOTHING) -> None:
        """Say why there is nothing to show."""
        self._show(None, ())
        self._title_spans = (Span(words, "muted"),)
        self._paint_words()
        self._router.show()

    def show_insight(self, insight: Insight, *, output: bool = False) -> None:
        """Show all that is known of a request; with what it printed and logged where ``output`` says so."""
        self._show(insight.explanation, insight.problems)
        said = why_words.output_words(insight.trip)
        self._output.setText(breakable(said))
        self._output_box.setVisible(output and bool(said))

    def show_explanation(self, explanation: Explanation) -> None:
        """Show the router's account of a method and a path that nobody sent."""
        self._show(explanation, ())

    def show_mended(self, label: str) -> None:
        """Say that a fix was written, and offer to send the request again."""
        self.done = label
        self._done.setText(f"Done: {label}.")
        self._mended.show()

    def _show(self, explanation: Explanation | None, problems: tuple[Problem, ...]) -> None:
        self._explanation, self._problems = explanation, problems
        self.done = ""
        self._mended.hide()
        self._output_box.hide()
        self._title_spans = why_words.title_spans(explanation) if explanation else ()
        missed = explanation is not None and explanation.match.outcome != "match"
        numbers = count()
        if missed:
            self._show_router(numbers)
            self._show_cards(numbers)
        else:
            self._show_cards(numbers)
            self._show_router(numbers)
        self._column.removeWidget(self._router)
        self._column.insertWidget(1 if missed else 1 + len(self._cards), self._router)
        self._paint_words()
        self.verticalScrollBar().setValue(0)

    def _show_router(self, numbers: Numbers) -> None:
        explanation = self._explanation
        self._router.setVisible(explanation is not None)
        matched = explanation is not None and explanation.match.outcome == "match"
        self.near.show_near(explanation.near if explanation is not None else (), matched=matched)
        fixes: tuple[Fix, ...] = ()
        if explanation is not None:
            fixes = why_words.routing_fixes(explanation, why_words.routing_problem(self._problems))
        purpose = why_words.PURPOSES[explanation.match.outcome] if explanation is not None else ""
        self.fixes.show_fixes(ways(len(fixes), purpose), fixes, numbers)

    def _show_cards(self, numbers: Numbers) -> None:
        """A card for each problem; the fixes of the one that the table explains stand below the table."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        explained = why_words.routing_problem(self._problems) if self._explanation is not None else None
        self._cards = [ProblemCard(NAME, at) for at in range(len(self._problems))]
        for at, (card, problem) in enumerate(zip(self._cards, self._problems, strict=True)):
            card.fix_chosen.connect(self.fix_chosen)
            card.place_opened.connect(self.place_opened)
            self._column.insertWidget(self._column.count() - 1, card)
            if problem is explained and self._explanation is not None:
                card.show_problem(why_words.without_repeats(problem, self._explanation), numbers, ())
            else:
                card.show_problem(problem, numbers)
            card.setAccessibleName(f"Problem {at + 1}")
            card.show()  # now, and not once the layout gets to it

    def _open_row(self, row: int) -> None:
        near = self._explanation.near[row] if self._explanation is not None else None
        if near is not None:
            self.rule_opened.emit(near.endpoint, near.rule)

    # The look ---------------------------------------------------------------------------------

    def _paint_words(self) -> None:
        self._title.setText(as_html(self._title_spans))
        self._title.setAccessibleName(plain(self._title_spans))
        said = why_words.why_sentence(self._explanation) if self._explanation is not None else ""
        self._sentence.setText(as_html(sentence_spans(said, "muted")))
        self._sentence.setVisible(bool(said))

    def _follow_theme(self) -> None:
        px = theme().px
        self._all.setContentsMargins(px(18), px(14), px(18), px(14))
        for column in (self._all, self._column):
            column.setSpacing(px(14))
        self._inner.setSpacing(px(8))
        self._paint_words()
