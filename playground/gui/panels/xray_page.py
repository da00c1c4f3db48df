"""The X-ray of one request, or of a method and a path that nobody sent: a page like any other.

There is one such page; the next request takes the place of the one before. Nothing is typed in it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.explanations import Explanation
from playground.core.insight import Insight
from playground.gui.panels.why_view import WhyView


class XrayPage(QWidget):
    """What is known of a request; its title says of which. The signals are those that every page has."""

    titled = Signal()
    typed = Signal()
    closing = Signal()
    pending = stuck = unwritten = asking = False
    file = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method, self.path = "GET", "/"
        self.number = 0  # of the trip that is shown; 0 where it is an explanation alone
        self.insight: Insight | None = None
        self.joined = False  # with what its buttons do
        self.why = WhyView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.why)
        self.setFocusProxy(self.why)

    @property
    def title(self) -> str:
        """What the tab says."""
        return f"X-ray · {self.method} {self.path}"

    def flush(self) -> None:
        """Nothing is typed here."""

    def begin(self, method: str, path: str, number: int = 0) -> None:
        """Say what it will be about, before it is known."""
        self.method, self.path, self.number, self.insight = method, path, number, None
        self.why.show_nothing("…")
        self.titled.emit()

    def show_insight(self, insight: Insight) -> None:
        """Show a request that was answered."""
        trip = insight.trip
        self.method, self.path, self.number, self.insight = trip.method, trip.path, trip.number, insight
        self.why.show_insight(insight, output=True)
        self.titled.emit()

    def show_live(self, explanation: Explanation | None) -> None:
        """The same method and path as they are now; what was done about them stays said."""
        if explanation is None or self.number:
            return
        if (explanation.match.method, explanation.match.path) == (self.method, self.path):
            done = self.why.done
            self.show_explanation(explanation)
            if done:
                self.why.show_mended(done)

    def show_explanation(self, explanation: Explanation) -> None:
        """Show what the router would make of a method and a path."""
        self.method, self.path = explanation.match.method, explanation.match.path
        self.number, self.insight = 0, None
        self.why.show_explanation(explanation)
        self.titled.emit()
