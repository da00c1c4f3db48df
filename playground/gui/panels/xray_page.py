"""The X-ray of one request, or of a method and a path that nobody sent: a page like any other.

There is one such page; the next request takes the place of the one before. Nothing is typed in it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.explanations import Explanation
from playground.core.insight import Insight
from playground.core.messages import Message
from playground.gui.panels.message_view import MessageView
from playground.gui.panels.raised_view import RaisedView
from playground.gui.panels.trip_head import TripHead
from playground.gui.panels.why_view import WhyView
from playground.gui.theme import theme
from playground.gui.widgets.tabs import in_tab_order, tab_stops


class XrayPage(QWidget):
    """What is known of a request; its title says of which. The first signals are those that every page has.

    ``wanted`` carries the name of a deed and the number of the trip; ``copied`` a text for the clipboard.
    """

    titled = Signal()
    typed = Signal()
    closing = Signal()
    wanted = Signal(str, int)
    copied = Signal(str)
    pending = stuck = unwritten = asking = False
    file = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method, self.path = "GET", "/"
        self.number = 0  # of the trip that is shown; 0 where it is an explanation alone
        self.insight: Insight | None = None
        self.joined = False  # with what its buttons do
        self.why = WhyView()
        self._head = TripHead()
        self._raised = RaisedView()
        self._request = MessageView("xray.request", "Request")
        self._answer = MessageView("xray.answer", "Answer")
        self._below = QWidget()
        self._parts = QVBoxLayout(self._below)
        self._parts.setContentsMargins(0, 0, 0, 0)
        for part in (self._raised, self._request, self._answer):
            self._parts.addWidget(part)
        self.why.surround(self._head, self._below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.why)
        self.setFocusProxy(self.why)
        self._head.wanted.connect(lambda name: self.wanted.emit(name, self.number))
        self._raised.place_opened.connect(self.why.place_opened)
        self._raised.copied.connect(self.copied)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

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
        self._show_around(None, None)
        self.titled.emit()

    def show_insight(self, insight: Insight, messages: tuple[Message, Message] | None = None) -> None:
        """Show a request that was answered; ``messages`` are what was sent and what came back."""
        trip = insight.trip
        self.method, self.path, self.number, self.insight = trip.method, trip.path, trip.number, insight
        self.why.show_insight(insight, output=True)
        self._show_around(insight, messages)
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
        self._show_around(None, None)
        self.titled.emit()

    def _show_around(self, insight: Insight | None, messages: tuple[Message, Message] | None) -> None:
        trip = insight.trip if insight is not None else None
        self._head.show_trip(trip)
        self._raised.show_raised(trip.raised if trip is not None else ())
        request, answer = messages or (None, None)
        self._request.show_message(request)
        self._answer.show_message(answer)
        self._below.setVisible(trip is not None)
        stops = (tab_stops(self._head), self.why.stops(), tab_stops(self._below))
        in_tab_order([self.why, *(stop for part in stops for stop in part)])

    @Slot()
    def _follow_theme(self) -> None:
        self._parts.setSpacing(theme().px(14))
