"""What stands under the window's edge while the app is shared and the top bar, which says so, is away."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from playground.core.changes import Snapshot
from playground.gui.panels.server_pill import ServerPill
from playground.gui.theme import mark, theme

STEPS = ("live", "words", "scheme", "icons", "stop", "page", "dot")
"""What is left out, one after the other, until the rest has room."""


class ShareStrip(QFrame):
    """Holds a ``pill`` of its own; hidden unless it is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share.strip")
        self.setAccessibleName("Shared with this network")
        mark(self, surface="panel", edge="bottom")
        self.pill = ServerPill()
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        self._row.addWidget(self.pill)
        self._row.addStretch(1)
        theme().changed.connect(self._fit)
        self.hide()

    def show_snapshot(self, snapshot: Snapshot, *, wanted: bool) -> None:
        """Show the server as it is now, where nothing else does."""
        self.pill.show_snapshot(snapshot)
        self.setVisible(wanted and self.pill.is_shared)
        self._fit()

    def prefer(self, url: str) -> None:
        """Of several addresses, show this one."""
        self.pill.prefer(url)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Leave out as little as can be."""
        px = theme().px
        self._row.setContentsMargins(px(12), px(5), px(12), px(5))
        for count in range(len(STEPS) + 1):
            self.pill.fit(frozenset(STEPS[:count]))
            for layout in (self.pill.layout(), self._row):
                layout.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
