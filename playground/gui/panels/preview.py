"""The live preview: the real page that a template makes, loaded from the server after each edit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from playground.core.changes import LiveState, ServerState
from playground.core.units import human_time
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.page_view import PageView

RESTRICTED = (
    "This folder is restricted: making the page would run its code. Trust the folder above to see the page."
)


class Preview(QWidget):
    """A path of this server as a page. ``browse`` carries an address to open in a browser."""

    browse = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = ServerState()
        self._restricted = False
        title = QLabel("Live preview")
        title.setProperty("role", "strong")
        self.path = QComboBox()
        self.path.setEditable(True)
        self.path.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.path.setObjectName("template.path")
        self.path.setAccessibleName("Path of the page that is shown")
        mark(self.path, mono=True)
        self.path.activated.connect(lambda _: self.refresh())
        out = QToolButton()
        out.setObjectName("template.browse")
        out.setAccessibleName("Open this page in a browser")
        out.setToolTip("Open in a browser")
        set_icon(out, "external")
        out.clicked.connect(self._browse)
        head = QWidget()
        mark(head, surface="panel", edge="bottom")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 8, 10, 8)
        row.addWidget(title)
        row.addWidget(self.path, 1)
        row.addWidget(out)
        self.page = PageView()
        self.page.setObjectName("template.preview")
        self.page.setAccessibleName("Live preview of the page")
        self._foot = QLabel()
        self._foot.setObjectName("template.preview.note")
        self._foot.setAccessibleName("How fresh the preview is")
        self._foot.setContentsMargins(14, 8, 14, 8)
        mark(self._foot, role="muted", surface="panel", edge="top")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.page, 1)
        column.addWidget(self._foot)

    def show_server(self, server: ServerState) -> None:
        """Follow the server: its address, or that it stopped."""
        if server != self._server:
            self._server = server
            self.page.set_own(server.url)
            self.refresh()

    def show_restricted(self, restricted: bool) -> None:
        """Whether nothing of the project may run, so that there is no page."""
        if restricted != self._restricted:
            self._restricted = restricted
            self._foot.setVisible(not restricted)
            self.refresh()

    def show_live(self, live: LiveState) -> None:
        """Say how the last edit went live, and load the page again."""
        if live.problem is not None:
            self._foot.setText("⚠ The newest source does not load; this is the last version that did.")
        elif live.loaded:
            dot = f'<span style="color:{theme().tokens.get}">●</span>'
            self._foot.setText(f"{dot} live in {human_time(live.seconds)} · refreshes as you type")
        self.refresh()

    def offer(self, paths: Sequence[str]) -> None:
        """The paths that render the template, the likeliest first; one that was chosen among them stays."""
        now = self.path.currentText()
        with QSignalBlocker(self.path):
            self.path.clear()
            self.path.addItems(list(paths))
            self.path.setEditText(now if now in paths else (paths[0] if paths else ""))
        self.refresh()

    def refresh(self) -> None:
        """Load the page, or say why there is none."""
        path = self.path.currentText().strip()
        if self._restricted:
            self.page.clear(RESTRICTED)
        elif not self._server.running:
            self.page.clear("The server is stopped. Press Start above to see the page.")
        elif not path.startswith("/"):
            self.page.clear(
                "No route renders this template yet. Answer a route with it, or type a path such as / above."
            )
        else:
            self.page.load(self._server.url + path)

    def _browse(self) -> None:
        if self.page.url:
            self.browse.emit(self.page.url)
