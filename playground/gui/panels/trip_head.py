"""The head of a request's X-ray: its status, who asked and when, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.trips import Trip
from playground.core.units import human_size, human_time
from playground.gui.icons import set_icon
from playground.gui.panels.traffic_rows import clock, moment, sender
from playground.gui.panels.trip_deeds import DEEDS
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.status_badge import StatusBadge, status_token

NARROW = 560
"""Below this width (pixels of the design) the buttons have no words."""


MOST = (1 << 24) - 1  # Qt's word for any width


class TripHead(QWidget):
    """``wanted`` carries the name of the deed that is wanted."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = StatusBadge("xray.status", "Status of the answer")
        self._client = _label("xray.client", "Who asked")
        self._time = _label("xray.time", "When it came, and how long it took")
        self.buttons: dict[str, QPushButton] = {}
        self._facts, self._deeds = FlowLayout(), FlowLayout()
        for label in (self._status, self._client, self._time):
            self._facts.addWidget(label)
        for deed in DEEDS:
            button = QPushButton(deed.short)
            button.setObjectName(f"xray.{deed.name}")
            button.setAccessibleName(deed.words)
            button.setToolTip(deed.words)
            set_icon(button, deed.picture, "muted")
            button.clicked.connect(lambda _=False, name=deed.name: self.wanted.emit(name))
            self.buttons[deed.name] = button
            self._deeds.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._facts, 1)
        self._column.addLayout(self._deeds)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    def show_trip(self, trip: Trip | None) -> None:
        """Show a request; nothing where none was sent."""
        self.setVisible(trip is not None)
        if trip is None:
            return
        status = f"{trip.status} {trip.reason}".strip() if trip.status else "No answer"
        self._status.show_status(status, status_token(trip.status))
        self._client.setText(f"from {sender(trip)}")
        self._time.setText(f"{clock(trip.started)} · {human_time(trip.seconds)}")
        self._time.setToolTip(moment(trip.started))
        self.buttons["show_route"].setEnabled(bool(trip.endpoint))
        body = trip.request_body
        kept = (
            f"\nOf its body only the first {human_size(len(body.data))} are kept." if body.truncated else ""
        )
        for deed in DEEDS[:2]:  # those that make the request anew
            self.buttons[deed.name].setToolTip(deed.words + kept)
            self.buttons[deed.name].setAccessibleDescription(kept.strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """In a narrow window the pictures alone, beside the facts: what follows is what one came for."""
        is_narrow = self.width() < theme().px(NARROW)
        for deed in DEEDS:
            button = self.buttons[deed.name]
            button.setText("" if is_narrow else deed.short)
            button.setMaximumWidth(theme().px(32) if is_narrow else MOST)
        down = QBoxLayout.Direction.TopToBottom
        self._column.setDirection(QBoxLayout.Direction.LeftToRight if is_narrow else down)

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._arrange()
        self._facts.setSpacing(px(9))
        self._deeds.setSpacing(px(6))
        self._column.setSpacing(px(10))


def _label(name: str, words: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setAccessibleName(words)
    mark(label, role="muted")
    return label
