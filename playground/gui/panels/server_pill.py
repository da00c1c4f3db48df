"""The server in the top bar: how it is, its address, how to stop it; in amber while others can reach it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from playground.core.changes import Snapshot
from playground.core.units import human_time
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme

HOW = {
    "load": "The app was imported when it was opened.",
    "template": "A template changed: nothing was reloaded.",
    "body": "A function changed: its code was replaced in the running app, which keeps its data.",
    "structure": "The app was imported afresh; the plain data that its modules held was kept.",
    "reset": "The app was imported afresh and began with the data that its source says.",
}
WHAT = {"load": "loaded", "reset": "data reset"}
"""What took the time that is told, where it was no edit."""
SHARED_TIP = "Every device on this network can send requests to your app while this stands here."


class ServerPill(QFrame):
    """Shows a snapshot; says what was pressed. ``copy_address`` and ``browse`` carry the address shown."""

    toggle_server = Signal()
    copy_address = Signal(str)
    browse = Signal(str)
    stop_sharing = Signal()
    show_page = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot = Snapshot()
        self._preferred = ""
        self._on_page = False
        self._left_out: Collection[str] = ()
        self._status = self._label("server.status", "Server")
        self._address = self._label("server.address", "Address of the server", "code")
        self._address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = self._tool("copy", "server.copy", "Copy the address")
        self._copy.clicked.connect(lambda: self.copy_address.emit(self.url))
        self._open = self._tool("external", "server.browse", "Open in a browser")
        self._open.clicked.connect(lambda: self.browse.emit(self.url))
        self._page = self._tool("share", "share.show", "Show the QR code and who is here")
        self._page.clicked.connect(self.show_page)
        self._live = self._label("server.live", "How the last edit went live", "muted")
        self._toggle = self._button("server.toggle", "Stop the server")
        self._toggle.clicked.connect(self.toggle_server)
        self._line = QFrame()
        mark(self._line, divider=True)
        self._stop = self._button("share.stop", "Stop sharing")
        self._stop.setToolTip("Then only this machine reaches your app; what is in flight is answered")
        mark(self._stop, shared=True)
        self._stop.clicked.connect(self.stop_sharing)
        self._lay_out()
        theme().changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        row = (self._status, self._address, self._copy, self._open, self._page, self._live, self._toggle)
        for widget in (*row, self._line, self._stop):
            self._row.addWidget(widget)

    @staticmethod
    def _label(name: str, words: str, role: str = "") -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setAccessibleName(words)
        if role:
            mark(label, role=role)
        return label

    @staticmethod
    def _tool(icon_name: str, name: str, words: str) -> QToolButton:
        tool = QToolButton()
        tool.setObjectName(name)
        tool.setAccessibleName(words)
        tool.setToolTip(words)
        set_icon(tool, icon_name, "muted")
        return tool

    @staticmethod
    def _button(name: str, words: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("flat", True)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button

    def _restyle(self) -> None:
        px = theme().px
        self._row.setContentsMargins(12, 2, 8, 2)
        self._row.setSpacing(8)
        self._line.setFixedSize(1, px(14))
        for tool in (self._copy, self._open, self._page):
            tool.setIconSize(QSize(px(14), px(14)))

    # What is shown ----------------------------------------------------------------------------

    @property
    def is_shared(self) -> bool:
        """Whether others can reach the server."""
        return bool(self._snapshot.server.shared)

    @property
    def url(self) -> str:
        """The address that is shown: the one for others while it is shared."""
        server = self._snapshot.server
        if not server.shared:
            return server.url
        return self._preferred if self._preferred in server.shared else server.shared[0]

    def prefer(self, url: str) -> None:
        """Of several addresses for others, show this one."""
        self._preferred = url
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the server as it is now."""
        self._snapshot = snapshot
        self._show()

    def show_on_page(self, on: bool) -> None:
        """Whether the page of the QR code is in front, which has the rest of it."""
        self._on_page = on
        self._show()

    def fit(self, left_out: Collection[str]) -> None:
        """Leave out ``live`` (how the last edit went), ``words`` and then all but their ``dot``, the
        ``scheme`` of the address, ``icons``, the way to the ``page``, or most of the words to ``stop`` it.
        """
        self._left_out = left_out
        self._show()

    def _show(self) -> None:
        mark(self, pillbox="shared" if self.is_shared else "true")
        words, role = self._how_it_is()
        self._status.setText(words)
        self._status.setAccessibleDescription(SHARED_TIP if role == "shared" else "")
        mark(self._status, role=role)
        self._show_address()
        self._show_live()
        self._show_ends()
        self._row.invalidate()  # who asks next how wide it has to be is told anew
        self.updateGeometry()

    def _how_it_is(self) -> tuple[str, str]:
        """What is said of the server, and its colour."""
        server, live = self._snapshot.server, self._snapshot.live
        problem = f"{live.problem}" if live.problem is not None else ""
        self._status.setToolTip(SHARED_TIP if server.shared and not problem else server.note or problem)
        if not server.running:
            return "■ Stopped", "muted"
        if problem:
            words = "⚠ Last good version" if live.loaded else "⚠ Not loading"
            return (f"{words}, shared", "shared") if server.shared else (words, "error")
        if server.shared:
            words = "● Shared" if "words" in self._left_out else "● Shared with this network"
            return ("●" if "dot" in self._left_out else words), "shared"
        return ("● Live", "live") if live.loaded else ("○ Starting", "muted")

    def _show_address(self) -> None:
        server, left_out = self._snapshot.server, self._left_out
        url = self.url
        self._address.setText(url.removeprefix("http://") if "scheme" in left_out else url)
        self._address.setToolTip(url)
        self._address.setVisible(server.running)
        spacious = server.running and "icons" not in left_out and not self._on_page
        self._copy.setVisible(spacious)
        self._open.setVisible(spacious and not server.shared)
        self._page.setVisible(bool(server.shared) and "page" not in left_out and not self._on_page)

    def _show_live(self) -> None:
        server, live = self._snapshot.server, self._snapshot.live
        told = server.running and live.loaded and not server.shared
        self._live.setVisible(told and "live" not in self._left_out)
        self._live.setText(f"{WHAT.get(live.how, 'last edit live')} in {human_time(live.seconds)}")
        self._live.setToolTip(HOW.get(live.how, ""))

    def _show_ends(self) -> None:
        """What stops it: the server, or while it is shared the sharing."""
        running, shared = self._snapshot.server.running, self.is_shared
        short = "stop" in self._left_out
        words = "Stop the server" if running else "Start the server"
        if self._snapshot.restricted:
            words = f"{words}: asks first whether you trust this folder"
        self._toggle.setToolTip(words)
        self._toggle.setAccessibleName(words)
        self._toggle.setText("" if short else "Stop" if running else "Start")
        set_icon(self._toggle, "stop" if running else "play")
        self._toggle.setVisible(not shared)
        self._stop.setText("Stop" if short else "Stop sharing")
        self._stop.setVisible(shared)
        self._line.setVisible(shared)
