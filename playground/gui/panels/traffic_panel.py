"""Every request that reaches the server, from this window or from anywhere, as a live list.

A pure view: lines come in, and signals carry the number of the trip that something is wanted of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from playground.core.changes import ServerState
from playground.core.trips import Line
from playground.gui.icons import icon, set_icon
from playground.gui.panels.traffic_filters import TrafficFilters
from playground.gui.panels.traffic_model import TrafficModel
from playground.gui.panels.traffic_table import TrafficTable
from playground.gui.panels.trip_deeds import DEEDS, OPEN
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout

_NONE_FIT = "None of these requests passes the filter. Change the filter to see others."


class TrafficPanel(QWidget):
    """The list with its filters. ``take`` adds lines; each signal carries the number of a trip.

    ``counted`` follows with how many requests there were; ``clear_wanted`` when all are to be forgotten.
    """

    opened = Signal(int)
    resend = Signal(int)
    curl = Signal(int)
    show_route = Signal(int)
    show_on_map = Signal(int)
    clear_wanted = Signal()
    counted = Signal(int)

    def __init__(self, allowed: Callable[[int], str] = lambda _: "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel")
        self.model = TrafficModel(allowed, self)
        self.table = TrafficTable(self.model)
        self.filters = TrafficFilters(self)
        self._deeds: dict[str, QToolButton] = {}
        self._server, self._restricted = ServerState(), False
        self._build()
        self._connect()
        self._restyle()
        self._count()

    def _build(self) -> None:
        self._head = QWidget()
        row = FlowLayout(self._head, 4)
        for control in self.filters.controls:
            row.addWidget(control)
        for deed in (OPEN, *DEEDS):
            self._deeds[deed.name] = self._button(deed.name, deed.words, deed.picture, deed.key)
            row.addWidget(self._deeds[deed.name])
        self._clear = self._button("clear", "Forget all requests", "trash")
        row.addWidget(self._clear)
        self._number = QLabel()
        self._number.setObjectName("traffic.count")
        self._number.setAccessibleName("How many requests are listed")
        mark(self._number, role="small")
        row.addWidget(self._number)
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setObjectName("traffic.empty")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._empty, role="muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._margin = QVBoxLayout()
        self._margin.addWidget(self._head)
        column.addLayout(self._margin)
        column.addWidget(self._stack, 1)

    @staticmethod
    def _button(name: str, words: str, picture: str, key: str = "") -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"traffic.{name}")
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({key})" if key else words)
        set_icon(button, picture, "muted")
        return button

    def _connect(self) -> None:
        self.filters.changed.connect(self.model.sift)
        self.filters.words.leave_down.connect(self.table.enter)
        self.model.counted.connect(self._count)
        self.table.chosen.connect(self._enable)
        self.table.opened.connect(self.opened)
        self.table.menu_wanted.connect(self._menu)
        self._clear.clicked.connect(self.clear_wanted)
        for name, button in self._deeds.items():
            button.clicked.connect(lambda _=False, name=name: self._do(name))
        theme().changed.connect(self._restyle)

    # In ---------------------------------------------------------------------------------------

    def gather(self, lines: Sequence[Line]) -> None:
        """Keep newer lines, oldest first, to be shown with the next ones that it is to ``take``."""
        self.filters.know(lines)
        self.model.gather(lines)

    def take(self, lines: Sequence[Line] = ()) -> None:
        """Put newer lines on top; ``lines`` are oldest first."""
        self.gather(lines)
        self.model.take()

    def clear(self) -> None:
        """Forget all of them."""
        self.model.clear()

    def show_server(self, server: ServerState, restricted: bool) -> None:
        """Who has sent nothing yet reads here how to, as the server is now."""
        self._server, self._restricted = server, restricted
        self._count()

    def enter(self) -> None:
        """Go into the list, or to its filter while it is empty."""
        if self.table.isVisible():
            self.table.enter()
        else:
            self.filters.words.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # What is chosen ---------------------------------------------------------------------------

    @Slot()
    def _enable(self) -> None:
        line = self.table.line
        for name, button in self._deeds.items():
            button.setEnabled(line is not None and (name != "show_route" or bool(line.endpoint)))

    def _do(self, name: str) -> None:
        line = self.table.line
        if line is not None:
            signals = {
                "open": self.opened,
                "resend": self.resend,
                "curl": self.curl,
                "show_route": self.show_route,
                "show_on_map": self.show_on_map,
            }
            signals[name].emit(line.number)

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("traffic.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for deed in (OPEN, *DEEDS):
            words = f"{deed.words}\t{deed.key}" if deed.key else deed.words
            action = menu.addAction(icon(deed.picture), words)
            action.setEnabled(self._deeds[deed.name].isEnabled())
            action.triggered.connect(lambda _=False, name=deed.name: self._do(name))
        menu.popup(place)

    # What is shown ----------------------------------------------------------------------------

    @Slot()
    def _count(self) -> None:
        model = self.model
        shown, kept, total = model.rowCount(), model.kept, model.total
        words = f"{shown:,} of {kept:,}" if model.sieve != type(model.sieve)() else f"{kept:,}"
        self._number.setText(words)
        earlier = f" Of {total:,} that came, the last {kept:,} are kept." if total > kept else ""
        self._number.setToolTip(f"{words} requests are listed.{earlier}")
        self._number.setAccessibleDescription(self._number.toolTip())
        self._clear.setEnabled(kept > 0)
        self._stack.setCurrentIndex(1 if shown else 0)
        self._empty.setText(_NONE_FIT if kept else _how_to_begin(self._server, self._restricted))
        self._enable()
        self.counted.emit(total)

    @Slot()
    def _restyle(self) -> None:
        px = theme().px
        self._margin.setContentsMargins(px(8), px(4), px(8), px(4))
        self._empty.setMargin(px(8))
        self.filters.set_widths(px(108), px(82))


def _how_to_begin(server: ServerState, restricted: bool) -> str:
    """What is listed here, and how the first request comes about."""
    what = "Every request that reaches your app is listed here."
    if restricted:
        return f"{what}\nNothing in this folder runs until you trust it."
    if not server.running:
        return f"{what}\nThe server is stopped. Start it to let requests in."
    here = f"{what}\nSend one with Ctrl+Enter, or open {server.url}/ in a browser on this machine."
    if server.shared:
        return f"{here}\nPhones and laptops of this network open {server.shared[0]}/."
    return f"{here}\nFor phones and others of this network, press Share (Ctrl+Shift+S)."
