"""Debug pages as an action: whether a failing view shows this computer what happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from playground.gui.actions import Action
from playground.gui.features import Feature

if TYPE_CHECKING:
    from playground.gui.window import Window

ROW = "server.debug"
ON = "Debug pages is on: a view that fails shows this computer, and nobody else, what happened."
OFF = "Debug pages is off: a view that fails is answered with a plain 500, as flask run answers it."


class DebugPagesAction(Feature):
    """One row, which says whether they are on."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._session = self.workspace.session

    def rows(self) -> list[Action]:
        is_mine = self._is_mine
        return [Action(ROW, "Debug pages", self._toggle, "", "warning", is_mine, "Request")]

    def begin(self) -> None:
        action = self.window.commands.table.qaction(ROW)
        action.setCheckable(True)
        action.setToolTip(
            "A failing view shows this computer its frames, their source and the variables, "
            "as flask run --debug does. Nobody on the network gets more than a plain 500."
        )
        self.workspace.changed.connect(self._follow)
        self._follow()

    def _is_mine(self) -> bool:
        shown = self.workspace.snapshot
        return shown.project is not None and not shown.restricted

    def _toggle(self) -> None:
        on = not self._session.debug_pages
        self.workspace.project(partial(self._session.set_debug_pages, on), self._said, self._refused)

    def _said(self, on: bool) -> None:
        self._follow()
        self.window.status.say(ON if on else OFF)

    def _refused(self, problem: object) -> None:
        self._follow()
        self.workspace.refused.emit(problem)

    @Slot()
    def _follow(self, _: object = None) -> None:
        """The menu says how it is."""
        self.window.commands.table.qaction(ROW).setChecked(self._session.debug_pages)
