"""Presenting: the window for a projector, with the route, its code, the request and the answer large.

One key begins it and Escape ends it, exactly where one was. While it lasts, Page Up and Page Down go through
the routes, as the clickers of presenters send them, whatever has the keyboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from playground.gui.actions import Action
from playground.gui.features import Feature
from playground.gui.looks import STEP, Looks
from playground.gui.panels.present_bar import PresentBar

if TYPE_CHECKING:
    from playground.gui.panels.workbench import Workbench
    from playground.gui.window import Window

NOTHING = "Open a project first: then F11 shows its routes large, for a projector."
_PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


@dataclass(frozen=True)
class _Before:
    """How the window stood, and what had the keyboard."""

    state: Qt.WindowState
    place: QRect
    focus: QWidget | None
    message: str  # of the banner, which is put aside


class Presenting(Feature):
    """The bar, the keys, and the way there and back."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.looks = Looks(window)
        self.bar = PresentBar()
        self._before: _Before | None = None
        self._bench: Workbench | None = None
        self._forms = bool(self.workspace.session.home.get("present_form", False))

    @property
    def on(self) -> bool:
        """Whether it is being presented now."""
        return self._before is not None

    def rows(self) -> list[Action]:
        return [
            *self.looks.rows(),
            Action("view.present", "Present", self.toggle, "F11", "present", group="View"),
            Action("view.part", "Next part", self.next_part, "F6", "", lambda: self.on, "View"),
            Action(
                "view.part_back", "Previous part", self.previous_part, "Shift+F6", "", lambda: self.on, "View"
            ),
        ]

    def banners(self) -> list[QWidget]:
        return [self.bar]

    def begin(self) -> None:
        bar, looks = self.bar, self.looks
        bar.turned.connect(self.turn)
        bar.part.connect(self._show_part)
        bar.form.connect(self._show_forms)
        bar.larger.connect(looks.larger)
        bar.smaller.connect(looks.smaller)
        bar.zoomed.connect(looks.set_zoom_soon)
        bar.contrast.connect(looks.toggle_contrast)
        bar.start.connect(self.window.commands.toggle_server)
        bar.leave.connect(self.leave)
        looks.chosen.connect(lambda: bar.show_zoom(looks.zoom))
        self.workspace.opened.connect(self._opened)
        self.workspace.changed.connect(self._say)

    def meet(self, bench: Workbench) -> None:
        self._bench = bench
        bench.stage.changed.connect(self._say)

    # There and back ---------------------------------------------------------------------------

    def toggle(self) -> None:
        """Begin, or end."""
        if self.on:
            self.leave()
        elif self.workspace.snapshot.project is None:
            self.window.status.say(NOTHING)
        else:
            self.present()

    def present(self) -> None:
        """Show the project large, on the whole screen."""
        window, bench = self.window, self.window.workbench
        self._before = _Before(
            window.windowState(), window.geometry(), QApplication.focusWidget(), self._put_aside()
        )
        window.setUpdatesEnabled(False)
        window.top.hide()
        window.status.hide()
        bench.pages.show_forms(self._forms)
        bench.stage.enter()
        self.bar.show()
        self.looks.present()
        window.showFullScreen()
        window.setUpdatesEnabled(True)
        self.bar.enter()
        self._watch(True)
        self._say()

    def _put_aside(self) -> str:
        """What a banner said up to now is not for the class, which needs the room; returns its words."""
        banner = self.window.banner
        if banner.isHidden():
            return ""
        banner.hide()
        return banner.words

    def leave(self) -> None:
        """Go back to exactly where one was."""
        before, window = self._before, self.window
        if before is None:
            return
        self._end()
        window.setUpdatesEnabled(False)
        self.bar.hide()
        window.top.show()
        window.status.show()
        window.workbench.pages.show_forms(True)
        window.setWindowState(before.state)
        if before.state == Qt.WindowState.WindowNoState:
            window.setGeometry(before.place)
        self.looks.return_to_desk()
        window.workbench.stage.leave()
        if before.message and window.banner.words == before.message:
            window.banner.show()
        window.setUpdatesEnabled(True)
        if before.focus is not None and shiboken6.isValid(before.focus):
            before.focus.setFocus()

    def _end(self) -> None:
        self._before = None
        self._watch(False)

    def _watch(self, on: bool) -> None:
        """Keys and wheel, as they come in and as nobody wanted them.

        Not those of the whole application: a filter in Python that sees the browser engine's own objects as
        they are made and deleted brings the process down.
        """
        for one in (self.window, self.window.windowHandle()):
            if one is not None and on:
                one.installEventFilter(self)
            elif one is not None:
                one.removeEventFilter(self)

    def _opened(self, is_open: bool) -> None:
        if not is_open:
            self.leave()

    # While it lasts ---------------------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Another route."""
        self.window.workbench.stage.turn(by)

    def _show_part(self, part: str) -> None:
        self.window.workbench.stage.show_part(part)

    def next_part(self) -> None:
        """The keyboard goes to the next part of what is presented."""
        self.window.workbench.stage.step_part(1)

    def previous_part(self) -> None:
        """And back."""
        self.window.workbench.stage.step_part(-1)

    def _show_forms(self, wanted: bool) -> None:
        self._forms = wanted
        self.window.workbench.pages.show_forms(wanted)
        home = self.workspace.session.home
        self.workspace.project(lambda: home.set("present_form", wanted))

    def _say(self) -> None:
        """What is in front, in the bar."""
        if not self.on or self._bench is None:
            return
        from playground.gui.panels.route_page import RoutePage

        stage, page = self._bench.stage, self._bench.pages.current_page()
        route = page.route if isinstance(page, RoutePage) else None
        words = page.title.rstrip(" ●") if page is not None else "Nothing is open"
        self.bar.title.say(words, route.methods if route is not None else ())
        self.bar.show_form(route is not None and route.editable, self._forms)
        self.bar.show_parts(stage.parts, stage.part)
        self.bar.show_running(self.workspace.snapshot.server.running)

    # Keys and wheel ---------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.on:
            return False
        if watched is self.window:
            return self._left_over(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self._wheeled(event)
        return False

    def _left_over(self, event: QEvent) -> bool:
        """What comes to the window itself, because nothing in it wanted it: Escape."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self._end()  # it is closed
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_escape = event.key() == Qt.Key.Key_Escape and _is_plain(event)
            if is_escape:
                self.leave()
            return is_escape
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        """Pages turn before anybody else takes the key."""
        if event.key() not in _PAGES or not _is_plain(event) or self._chooses():
            return False
        self.turn(_PAGES[Qt.Key(event.key())])
        return True

    def _chooses(self) -> bool:
        """Whether a list is open in which these keys choose."""
        from playground.gui.widgets.completion import CompletionList

        lists = self.window.findChildren(CompletionList)
        return self.window.find_box.isVisible() or any(one.isVisible() for one in lists)

    def _wheeled(self, event: QWheelEvent) -> bool:
        turned = event.angleDelta().y()
        if turned:
            self.looks.set_zoom_soon(self.looks.zoom + (STEP if turned > 0 else -STEP))
        return True


def _is_plain(event: QKeyEvent) -> bool:
    return event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
