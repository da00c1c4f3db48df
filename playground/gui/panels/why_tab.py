"""The X-ray tab of the answer: its view is made when an answer first has something to say."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.insight import Insight
from playground.gui.panels.why_view import WhyView


class WhyTab(QWidget):
    """Holds a ``WhyView`` of the last answer; ``made`` carries it once it is there."""

    made = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: WhyView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_insight(self, insight: Insight | None) -> None:
        """Show why the answer is what it is."""
        if insight is not None:
            self._the_view().show_insight(insight)

    def _the_view(self) -> WhyView:
        if self.view is None:
            self.view = WhyView()
            self._column.addWidget(self.view)
            self.setFocusProxy(self.view)
            self.made.emit(self.view)
        return self.view
