"""The X-ray tab of the answer: its view is made when an answer first has something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.insight import Insight
from playground.core.trips import Raised
from playground.gui.panels.why_view import WhyView

if TYPE_CHECKING:
    from playground.gui.panels.raised_view import RaisedView


class WhyTab(QWidget):
    """Holds a ``WhyView`` of the last answer, and below it what was raised; ``made`` carries it once it is
    there, ``copied`` a traceback.
    """

    made = Signal(object)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: WhyView | None = None
        self._raised: RaisedView | None = None
        self._raised_now: tuple[Raised, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_insight(self, insight: Insight | None) -> None:
        """Show why the answer is what it is."""
        if insight is not None:
            self._the_view().show_insight(insight)
            self._raised_now = insight.trip.raised
            if self.isVisible():
                self._show_raised()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_raised()

    def _show_raised(self) -> None:
        """Frames take some time to build, so only when somebody looks."""
        raised = self._raised_now
        if self._raised is None:
            if not raised:
                return
            from playground.gui.panels.raised_view import RaisedView  # most answers have no need of it

            self._raised = RaisedView("response.raised")
            self._the_view().surround(None, self._raised)
            self._raised.place_opened.connect(self._the_view().place_opened)
            self._raised.copied.connect(self.copied)
        self._raised.show_raised(raised)

    def _the_view(self) -> WhyView:
        if self.view is None:
            self.view = WhyView()
            self._column.addWidget(self.view)
            self.setFocusProxy(self.view)
            self.made.emit(self.view)
        return self.view
