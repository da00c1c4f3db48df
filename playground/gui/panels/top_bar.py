"""The bar across the top: the project, a new route, the server and its address, and the look.

Where there is not room for all, the words that can be done without make room, and then a long name does; the
address of a server that others can reach is always there in full.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from playground.core.changes import Snapshot
from playground.gui.icons import pixmap, set_icon
from playground.gui.panels.server_pill import ServerPill
from playground.gui.theme import mark, theme

XRAY = (
    "X-ray is off. On, each request is recorded line by line in your code, to be stepped through.",
    "X-ray is on: each request is recorded line by line in your code. "
    "Open one in the traffic to step through it.",
)
SHARE = (
    "Share: let the devices on this network send requests to your app",
    "Shared with this network. Press to stop sharing",
)
STEPS = (
    *("live", "tools", "new", "name", "words", "scheme", "icons"),
    *("short name", "stop", "more", "page", "no name", "logo", "dot"),
)
"""What is left out, one after the other, until the rest has room."""
NAME, SHORT_NAME = 150, 60
"""So wide (pixels of the design) a project's name may be from the step of that name on."""


class TopBar(QFrame):
    """Shows a snapshot; says what was pressed."""

    new_route = Signal()
    toggle_server = Signal()
    copy_address = Signal(str)
    browse = Signal(str)
    toggle_theme = Signal()
    xray_wanted = Signal(bool)
    share_wanted = Signal()
    stop_sharing = Signal()
    show_page = Signal()
    leave_page = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel", edge="bottom")
        self._snapshot = Snapshot()
        self._on_page = False
        self._fitted = (0, 0)
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
        self._share = self._button("Share", "toolbar.share", "Share with this network", "share")
        self._share.setCheckable(True)
        self._share.clicked.connect(self._share_pressed)
        self._tools = {self._xray: "X-ray", self._share: "Share"}
        self._theme = QToolButton()
        self._theme.setProperty("framed", True)
        self._name(self._theme, "toolbar.theme", "Switch between light and dark")
        self._theme.setToolTip("Light or dark")
        set_icon(self._theme, "theme")
        self._theme.clicked.connect(self.toggle_theme)
        self._leave = QPushButton("Esc")
        self._name(self._leave, "share.close", "Back to the project")
        self._leave.setToolTip("Back to the project (Esc); it stays shared")
        self._leave.clicked.connect(self.leave_page)
        self._pill = self._server_pill()
        self._lay_out()
        theme().changed.connect(self._restyle)
        self._restyle()
        self.show_snapshot(self._snapshot)

    def _server_pill(self) -> ServerPill:
        pill = ServerPill()
        pill.toggle_server.connect(self.toggle_server)
        pill.copy_address.connect(self.copy_address)
        pill.browse.connect(self.browse)
        pill.stop_sharing.connect(self.stop_sharing)
        pill.show_page.connect(self.show_page)
        return pill

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 7, 12, 7)
        self._row.setSpacing(9)
        for widget in (self._logo, self._title, self._project, self._new):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._pill)
        self._row.addStretch(1)
        at_the_right: tuple[QWidget, ...] = (*self._tools, self._theme, self._leave)
        for each in at_the_right:
            self._row.addWidget(each)

    def _button(self, text: str, name: str, words: str, icon_name: str) -> QPushButton:
        button = QPushButton(text)
        self._name(button, name, words)
        set_icon(button, icon_name)
        return button

    @staticmethod
    def _name(widget: QWidget, name: str, words: str) -> None:
        widget.setObjectName(name)
        widget.setAccessibleName(words)

    def set_menu(self, menu: QMenu) -> None:
        """The menu of the project button: every action there is."""
        self._project.setMenu(menu)

    def _restyle(self) -> None:
        self._logo.setPixmap(pixmap("playground", "accent", theme().px(18)))
        self.show_xray(self._xray.isChecked())
        self._show_share()
        self._fit()

    # What is shown ----------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show project and server as they are now."""
        self._snapshot = snapshot
        self._pill.show_snapshot(snapshot)
        self._show_share()
        self._fit()

    def show_xray(self, on: bool) -> None:
        """Whether requests are recorded line by line now."""
        self._xray.setChecked(on)
        set_icon(self._xray, "xray", "accent" if on else "text")
        self._xray.setToolTip(XRAY[on])
        self._xray.setAccessibleDescription(XRAY[on])

    def prefer(self, url: str) -> None:
        """Of several addresses for others, show this one."""
        self._pill.prefer(url)
        self._fit()

    def show_on_page(self, on: bool) -> None:
        """Whether the page of the QR code is in front: only what belongs to it is here then."""
        self._on_page = on
        self._pill.show_on_page(on)
        self._fit()

    def _show_share(self) -> None:
        on = self._pill.is_shared
        self._share.setChecked(on)
        set_icon(self._share, "share", "accent" if on else "text")
        self._share.setToolTip(f"{SHARE[on]} (Ctrl+Shift+S)")
        self._share.setAccessibleDescription(SHARE[on])

    def _share_pressed(self) -> None:
        """It is on when it is: pressing alone does not make it so."""
        self._show_share()
        self.share_wanted.emit()

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # only now its parts have their fonts

    def event(self, event: QEvent) -> bool:
        """Parts may need another width later than they were fitted in: their fonts follow the theme."""
        if event.type() == QEvent.Type.LayoutRequest and self._fitted != self._fits():
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Leave out as little as can be."""
        for count in range(len(STEPS) + 1):
            self._leave_out(frozenset(STEPS[:count]))
            if self._needed() <= self.width():
                break
        self._fitted = self._fits()

    def _fits(self) -> tuple[int, int]:
        """The room that there is, and what is needed of it now."""
        return self.width(), self._row.minimumSize().width()

    def _needed(self) -> int:
        """How wide all that is shown has to be."""
        self._row.invalidate()
        return self._row.minimumSize().width()

    def _leave_out(self, what: frozenset[str]) -> None:
        has_project, page = self._snapshot.project is not None, self._on_page
        self._title.setVisible(not has_project)
        self._logo.setVisible("logo" not in what)
        for widget in (self._project, self._pill):
            widget.setVisible(has_project)
        self._new.setVisible(has_project and not page and "more" not in what)
        self._new.setText("" if "new" in what else "New route")
        for tool, words in self._tools.items():
            tool.setVisible(has_project and not page and "more" not in what)
            tool.setText("" if "tools" in what else words)
        self._theme.setVisible(not page and "more" not in what)
        self._leave.setVisible(page)
        self._pill.fit(what)
        self._show_name(what)

    def _show_name(self, left_out: frozenset[str]) -> None:
        name = self._snapshot.project.name if self._snapshot.project is not None else ""
        most = SHORT_NAME if "short name" in left_out else NAME if "name" in left_out else 10 * NAME
        shown = self._project.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, theme().px(most))
        self._project.setText("" if "no name" in left_out else f"{shown}  ")
        self._project.setToolTip(name if self._project.text().strip() != name else "")
        self._project.setAccessibleDescription(name)
