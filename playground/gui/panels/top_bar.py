"""The bar across the top: the project, a new route, the server and its address, and the look."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from playground.core.changes import Snapshot
from playground.core.units import human_time
from playground.gui.icons import pixmap, set_icon
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

XRAY = (
    "X-ray is off. On, each request is recorded line by line in your code, to be stepped through.",
    "X-ray is on: each request is recorded line by line in your code. "
    "Open one in the traffic to step through it.",
)


class TopBar(QFrame):
    """Shows a snapshot; says what was pressed."""

    new_route = Signal()
    toggle_server = Signal()
    copy_address = Signal(str)
    browse = Signal(str)
    toggle_theme = Signal()
    xray_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel", edge="bottom")
        self._snapshot = Snapshot()
        self._logo = QLabel()
        self._title = QLabel("Route Playground")
        mark(self._title, role="strong")
        self._project = QPushButton()
        self._name(self._project, "toolbar.project", "Project menu")
        self._new = self._button("New route", "toolbar.new_route", "New route", "plus")
        self._new.clicked.connect(self.new_route)
        self._xray = self._button("X-ray", "toolbar.xray", "X-ray", "xray")
        self._xray.setCheckable(True)
        self._xray.clicked.connect(self.xray_wanted)
        self._theme = QToolButton()
        self._theme.setProperty("framed", True)
        self._name(self._theme, "toolbar.theme", "Switch between light and dark")
        self._theme.setToolTip("Light or dark")
        set_icon(self._theme, "theme")
        self._theme.clicked.connect(self.toggle_theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(9)
        for widget in (self._logo, self._title, self._project, self._new):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._server_pill())
        row.addStretch(1)
        row.addWidget(self._xray)
        row.addWidget(self._theme)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.show_snapshot(self._snapshot)

    def _server_pill(self) -> QWidget:
        self._pill = QFrame()
        self._pill.setProperty("pillbox", True)
        row = QHBoxLayout(self._pill)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(8)
        self._status = QLabel()
        self._name(self._status, "server.status", "Server")
        self._address = QLabel()
        self._name(self._address, "server.address", "Address of the server")
        mark(self._address, role="code")
        self._address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = self._tool("copy", "server.copy", "Copy the address")
        self._copy.clicked.connect(lambda: self.copy_address.emit(self._snapshot.server.url))
        self._open = self._tool("external", "server.browse", "Open in a browser")
        self._open.clicked.connect(lambda: self.browse.emit(self._snapshot.server.url))
        self._live = QLabel()
        self._name(self._live, "server.live", "How the last edit went live")
        mark(self._live, role="muted")
        self._toggle = QPushButton()
        self._toggle.setProperty("flat", True)
        self._name(self._toggle, "server.toggle", "Stop the server")
        self._toggle.clicked.connect(self.toggle_server)
        for widget in (self._status, self._address, self._copy, self._open, self._live, self._toggle):
            row.addWidget(widget)
        return self._pill

    def _button(self, text: str, name: str, words: str, icon_name: str) -> QPushButton:
        button = QPushButton(text)
        self._name(button, name, words)
        set_icon(button, icon_name)
        return button

    def _tool(self, icon_name: str, name: str, words: str) -> QToolButton:
        tool = QToolButton()
        self._name(tool, name, words)
        tool.setToolTip(words)
        set_icon(tool, icon_name, "muted")
        return tool

    @staticmethod
    def _name(widget: QWidget, name: str, words: str) -> None:
        widget.setObjectName(name)
        widget.setAccessibleName(words)

    def set_menu(self, menu: QMenu) -> None:
        """The menu of the project button: every action there is."""
        self._project.setMenu(menu)

    def _restyle(self) -> None:
        size = theme().px(18)
        self._logo.setPixmap(pixmap("playground", "accent", size))
        for tool in (self._copy, self._open):
            tool.setIconSize(QSize(theme().px(14), theme().px(14)))
        self._fit()
        self.show_xray(self._xray.isChecked())

    # What is shown ----------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show project and server as they are now."""
        self._snapshot = snapshot
        project = snapshot.project
        for widget in (self._project, self._new, self._pill, self._xray):
            widget.setVisible(project is not None)
        self._title.setVisible(project is None)
        if project is None:
            return
        self._project.setText(f"{project.name}  ")
        self._show_server(snapshot)
        self._fit()

    def show_xray(self, on: bool) -> None:
        """Whether requests are recorded line by line now."""
        self._xray.setChecked(on)
        set_icon(self._xray, "xray", "accent" if on else "text")
        self._xray.setToolTip(XRAY[on])
        self._xray.setAccessibleDescription(XRAY[on])

    def _show_server(self, snapshot: Snapshot) -> None:
        server, live = snapshot.server, snapshot.live
        if not server.running:
            words, role = "■ Stopped", "muted"
        elif live.problem is not None and live.loaded:
            words, role = "⚠ Last good version", "error"
        elif live.problem is not None:
            words, role = "⚠ Not loading", "error"
        else:
            words, role = ("● Live", "live") if live.loaded else ("○ Starting", "muted")
        self._status.setText(words)
        self._status.setToolTip(server.note or (str(live.problem) if live.problem else ""))
        mark(self._status, role=role)
        for widget in (self._address, self._copy, self._open):
            widget.setVisible(server.running)
        self._live.setVisible(server.running and live.loaded)
        self._live.setText(f"{WHAT.get(live.how, 'last edit live')} in {human_time(live.seconds)}")
        self._live.setToolTip(HOW.get(live.how, ""))
        words = "Stop the server" if server.running else "Start the server"
        if snapshot.restricted:
            words = f"{words}: asks first whether you trust this folder"
        self._toggle.setToolTip(words)
        self._toggle.setAccessibleName(words)
        set_icon(self._toggle, "stop" if server.running else "play")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window the words that can be done without make room."""
        wide = self.width() >= theme().px(900)
        running = self._snapshot.server.running
        self._live.setVisible(wide and running and self._snapshot.live.loaded)
        self._new.setText("New route" if self.width() >= theme().px(760) else "")
        self._xray.setText("X-ray" if self.width() >= theme().px(820) else "")
        roomy = self.width() >= theme().px(620)
        url = self._snapshot.server.url
        self._address.setText(url if roomy else url.removeprefix("http://"))
        self._toggle.setText(("Stop" if running else "Start") if roomy else "")
