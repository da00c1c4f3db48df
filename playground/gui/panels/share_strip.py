"""What stands under the window's edge while the app is shared and the top bar, which says so, is away."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from playground.core.changes import Snapshot
from playground.gui.panels.server_pill import ServerPill
from playground.gui.theme import mark, theme

STEPS = ("live", "words", "scheme", "icons", "stop", "page", "dot")
"""What is left out, one after the other, until the rest has room."""


class ShareStrip(QFrame):
    """Hidden unless it is needed; says what was pressed, as the server's pill in the top bar does."""

    copy_address = Signal(str)
    stop_sharing = Signal()
    show_page = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share.strip")
        self.setAccessibleName("Shared with this network")
        self._pill: ServerPill | None = None  # made when it is first needed
        self._row = QHBoxLayout(self)
        self.hide()

    def _the_pill(self) -> ServerPill:
        if self._pill is None:
            mark(self, surface="panel", edge="bottom")
            self._pill = ServerPill()
            self._pill.copy_address.connect(self.copy_address)
            self._pill.stop_sharing.connect(self.stop_sharing)
            self._pill.show_page.connect(self.show_page)
            self._row.addStretch(1)
            self._row.addWidget(self._pill)
            self._row.addStretch(1)
            theme().changed.connect(self._fit)
        return self._pill

    def show_snapshot(self, snapshot: Snapshot, *, wanted: bool) -> None:
        """Show the server as it is now, where nothing else does."""
        needed = wanted and bool(snapshot.server.shared)
        if needed:
            self._the_pill().show_snapshot(snapshot)
        self.setVisible(needed)
        self._fit()

    def prefer(self, url: str) -> None:
        """Of several addresses, show this one."""
        if self._pill is not None:
            self._pill.prefer(url)
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
        if self._pill is None or self.isHidden():
            return
        px = theme().px
        self._row.setContentsMargins(px(12), px(5), px(12), px(5))
        for count in range(len(STEPS) + 1):
            self._pill.fit(frozenset(STEPS[:count]))
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
