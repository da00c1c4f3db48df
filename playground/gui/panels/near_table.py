"""The nearest rules as a table: which, how far the path went along with each, and why no further."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent

from playground.core.explanations import Near
from playground.gui.panels.why_words import near_row
from playground.gui.theme import theme
from playground.gui.widgets.span_table import SpanTable

NARROW = 480
"""Below this width (pixels of the design) what was reached stands under the rule."""
REACHED = "How far it got"
STOPPED, OTHERS = "Why it stopped", "Why it is not this one"


class NearTable(SpanTable):
    """``chosen`` carries the number of the rule that was clicked or entered."""

    def __init__(self) -> None:
        super().__init__(("Rule", REACHED, STOPPED), (0.42, 0.28, 0))
        self._near: tuple[Near, ...] = ()
        self._matched = self._narrow = False
        self.setObjectName("xray.near")
        self.setAccessibleName("The nearest rules")
        theme().changed.connect(self._arrange)

    def show_near(self, near: Sequence[Near], *, matched: bool) -> None:
        """Show these; ``matched`` where another rule is the one."""
        self._near, self._matched = tuple(near), matched
        self._fill()
        self.setVisible(bool(near))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < theme().px(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._fill()

    def _fill(self) -> None:
        why = OTHERS if self._matched else STOPPED
        if self._narrow:
            self.set_columns(("Rule", why), (0.55, 0))
        else:
            self.set_columns(("Rule", REACHED, why), (0.42, 0.28, 0))
        self.show_rows([near_row(one, self._narrow) for one in self._near])
