"""Sharing the app with the network: the switch, what is asked first, the page with the address, and its end.

It is off until a person says so, for each project anew, and nothing here ever puts it on by itself.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.changes import Change
from playground.gui.actions import Action
from playground.gui.features import Feature
from playground.gui.panels.share_banner import ShareBanner
from playground.gui.panels.share_strip import ShareStrip

if TYPE_CHECKING:
    from playground.gui.panels.share_page import SharePage
    from playground.gui.panels.workbench import Workbench
    from playground.gui.window import Window

LOOK_MS = 1000
"""How often it is looked who is here, while that is seen."""
NETWORK_MS = 5000
"""How often it is looked whether this machine has gone from one network to another, while it is shared."""
ENDED = "No longer shared: only this machine reaches your app."
SERVER_STOPPED = "Sharing has ended, for the server was stopped."
CLOSED = "Sharing has ended, for the project was closed."


class Sharing(Feature):
    """Follows whether the app is shared, and does what is asked of it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.banner, self.strip = ShareBanner(), ShareStrip()
        self._page: SharePage | None = None  # built when it is first shown
        self._before: QWidget | None = None  # where the focus was before the page
        self._behind: QWidget | None = None  # what the page lies over
        self._open: QWidget | None = None  # and which page of the project was in front there
        self._accepted: set[str] = set()  # folders for which the person said yes
        self._hinted: set[str] = set()  # folders whose wish was told
        self._shared: tuple[str, ...] = ()  # as it was when it was looked at last
        self._chosen = ""
        self._stopping = False
        self._to_say = ""  # once the window has changed to another page
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._following = QTimer(self, interval=NETWORK_MS)
        self._following.timeout.connect(self.workspace.look_at_network)

    # Joining the window -----------------------------------------------------------------------

    def rows(self) -> list[Action]:
        shared = self._is_shared
        return [
            Action(
                "server.share",
                "Share or stop sharing",
                self.toggle,
                "Ctrl+Shift+S",
                "share",
                self._has_project,
                "Request",
            ),
            Action("share.page", "Show the share page", self.show_page, "", "share", shared, "Request"),
        ]

    def banners(self) -> list[QWidget]:
        return [self.strip, self.banner]

    def begin(self) -> None:
        window, work = self.window, self.workspace
        window.top.share_wanted.connect(self.toggle)
        window.top.stop_sharing.connect(self.stop)
        window.top.show_page.connect(self.show_page)
        self.strip.stop_sharing.connect(self.stop)
        self.strip.show_page.connect(self.show_page)
        self.strip.copy_address.connect(window.commands.copy)
        window.top.leave_page.connect(self.leave_page)
        window.top.installEventFilter(self)
        self.banner.accepted.connect(self._accept)
        self.banner.offered.connect(self.toggle)
        work.changed.connect(self._follow)
        work.opened.connect(self._opened)

    def meet(self, bench: Workbench) -> None:
        bench.turned.connect(self._page_turned)

    def _has_project(self) -> bool:
        return self.workspace.snapshot.project is not None

    def _is_shared(self) -> bool:
        return bool(self.workspace.snapshot.server.shared)

    # The switch -------------------------------------------------------------------------------

    @Slot()
    def toggle(self) -> None:
        """Stop it, or share: at once where the person said yes before."""
        snapshot = self.workspace.snapshot
        if self._is_shared():
            self.stop()
        elif snapshot.restricted:
            self.window.commands.trust_wanted.emit()
        elif snapshot.project is not None and snapshot.project.folder in self._accepted:
            self._share()
        else:
            self.banner.ask()

    @Slot()
    def _accept(self) -> None:
        project = self.workspace.snapshot.project
        if project is not None:
            self._accepted.add(project.folder)
            self._share()

    def _share(self) -> None:
        self.workspace.share(self.show_page, self.banner.refuse)

    @Slot()
    def stop(self) -> None:
        """Only this machine reaches the app from now on."""
        self._stopping = True
        self.workspace.stop_sharing()

    # What becomes of it -----------------------------------------------------------------------

    def _follow(self, change: Change) -> None:
        snapshot = self.workspace.snapshot
        before, self._shared = self._shared, snapshot.server.shared
        self._show_strip()
        if self._shared:
            if not before:
                self._following.start()
            self._show_addresses()
            self.banner.dismiss()
        elif before:
            self._ended(change)
        if change.origin == "open" and not self._shared:
            self.banner.dismiss()
        if change.origin in ("open", "trust"):
            self._look_for_a_wish()

    def _ended(self, change: Change) -> None:
        """It is said, by whatever it ended."""
        self._chosen = ""
        self._following.stop()
        self.leave_page()
        if self._stopping:
            self.window.status.say(ENDED)
        elif change.origin != "open":
            self.window.banner.say(SERVER_STOPPED)
        elif self._has_project():  # another one
            self.window.banner.say(CLOSED)
        else:
            self._to_say = CLOSED
        self._stopping = False

    @Slot(bool)
    def _opened(self, _: bool) -> None:
        """The window has taken away what was said of the project before."""
        words, self._to_say = self._to_say, ""
        if words:
            self.window.banner.say(words)

    # What the project wishes ------------------------------------------------------------------

    def _look_for_a_wish(self) -> None:
        project = self.workspace.snapshot.project
        if project is None or self.workspace.snapshot.restricted or project.folder in self._hinted:
            return
        self.workspace.project(self.workspace.session.asks_for_network, partial(self._hint, project.folder))

    def _hint(self, folder: str, wish: str) -> None:
        project = self.workspace.snapshot.project
        if wish and project is not None and project.folder == folder and not self._is_shared():
            self._hinted.add(folder)
            self.banner.hint(wish)

    # The page ---------------------------------------------------------------------------------

    @property
    def page(self) -> SharePage | None:
        """The page, once it was shown."""
        return self._page

    @property
    def _in_front(self) -> bool:
        return self._page is not None and self.window.stack.currentWidget() is self._page

    @Slot()
    def show_page(self) -> None:
        """The address and who is here, in front of everything."""
        if not self._is_shared() or self._in_front:
            return
        page, stack = self._the_page(), self.window.stack
        self._before, self._behind = QApplication.focusWidget(), stack.currentWidget()
        self._open = self.window.workbench.pages.current_page()
        self._show_addresses()
        self.window.status.hide()  # the page has a line of its own
        self.window.top.show_on_page(True)
        stack.setCurrentWidget(page)
        self._look()
        self._looking.start()
        page.take_focus()

    @Slot()
    def leave_page(self) -> None:
        """Back to the project; it stays shared."""
        self._looking.stop()
        if not self._in_front:
            return
        behind, before = self._behind, self._before
        if behind is None or not shiboken6.isValid(behind):
            behind = self.window.workbench
        self.window.stack.setCurrentWidget(behind)
        self._page_left()
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()

    @Slot()
    def _page_turned(self) -> None:
        """Who opens something wants to see it; what another program writes, or a project that is still being
        shown opens by itself, is nobody's wish.
        """
        bench = self.window.workbench
        page = bench.pages.current_page()
        if not bench.composed:
            self._open = page
        elif self._in_front and page is not self._open:
            self.leave_page()

    def _page_left(self) -> None:
        self.window.top.show_on_page(False)
        self.window.status.setVisible(not self.window.top.isHidden())  # both are away while one presents

    def _the_page(self) -> SharePage:
        if self._page is None:
            from playground.gui.panels.share_page import SharePage

            self._page = SharePage()
            self._page.left.connect(self.leave_page)
            self._page.code_side.copy.connect(self._copy)
            self._page.code_side.chosen.connect(self._choose)
            self.window.stack.addWidget(self._page)
            self.window.stack.currentChanged.connect(self._turned)
        return self._page

    @Slot(int)
    def _turned(self, _: int) -> None:
        """Something else came to the front by itself: another project, what is proposed."""
        if not self._in_front:
            self._looking.stop()
            self._page_left()

    def _copy(self, url: str) -> None:
        self.window.commands.copy(url)
        self._the_page().say(f"Copied: {url}")

    def _choose(self, url: str) -> None:
        self._chosen = url
        self._show_addresses()

    def _show_addresses(self) -> None:
        """The one that was chosen, while this machine has it; else the likeliest."""
        shared = self.workspace.snapshot.server.shared
        url = self._chosen if self._chosen in shared else shared[0]
        self.window.top.prefer(url)
        self.strip.prefer(url)
        if self._page is None:
            return
        side, session = self._page.code_side, self.workspace.session
        side.show_addresses(shared, url)
        if not side.code.modules:
            show, failed = partial(side.show_code, url), self.workspace.failed
            self.workspace.jobs.latest("network", "share.qr", partial(session.qr, url), show, failed)

    @Slot()
    def _look(self) -> None:
        """Who is here now; nobody sees it in a window that is minimised."""
        if self._page is not None and not self.window.isMinimized():
            self._page.show_roster(self.workspace.session.roster(), time.time())

    # The top bar ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape goes back from the top bar, too; where it is put away, the strip says what it said."""
        kind = event.type()
        if kind in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self.leave_page()  # who begins or ends to present wants to see the route
            self._show_strip()
            return False
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and kind == QEvent.Type.KeyPress and self._in_front:
            self.leave_page()
            return True
        return False

    def _show_strip(self) -> None:
        self.strip.show_snapshot(self.workspace.snapshot, wanted=self.window.top.isHidden())
        self.strip.prefer(self._chosen)
