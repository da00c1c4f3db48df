"""The Shell as a feature of the window: a tab under the page, and the keys that lead to it.

Its panel is made when the tab is first looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.gui.actions import Action
from playground.gui.features import Feature

if TYPE_CHECKING:
    from playground.gui.panels.workbench import Workbench
    from playground.gui.shell_desk import ShellDesk
    from playground.gui.window import Window


class Room(QWidget):
    """Where the panel will be; ``entered`` whenever it comes into sight."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.entered.emit()


class ShellTab(Feature):
    """The tab *Shell*."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._room: Room | None = None
        self._desk: ShellDesk | None = None

    def rows(self) -> list[Action]:
        has = self._has_project
        return [
            Action("view.shell", "Shell", self._go, "Ctrl+J", "shell", has, "View"),
            Action(
                "view.routes", "Routes as a table", self._go_to_routes, "Ctrl+Shift+R", "route", has, "View"
            ),
        ]

    def meet(self, bench: Workbench) -> None:
        self._room = Room()
        self._room.entered.connect(self._entered)
        bench.bottom.addTab(self._room, "Shell")

    def _has_project(self) -> bool:
        return self.workspace.snapshot.project is not None

    def _go(self) -> None:
        self._bring().panel.enter()

    def _go_to_routes(self) -> None:
        self._bring().panel.enter_routes()

    def _bring(self) -> ShellDesk:
        bench = self.window.workbench
        assert self._room is not None  # the workbench has been met by then
        bench.bring(self._room)
        return self._a_desk()

    def _entered(self) -> None:
        self._a_desk().follow()

    def _a_desk(self) -> ShellDesk:
        if self._desk is None:
            self._desk = self._build()
        return self._desk

    def _build(self) -> ShellDesk:
        from playground.gui.shell_desk import ShellDesk
        from playground.gui.widgets.tabs import in_tab_order, tab_stops

        bench, room = self.window.workbench, self._room
        assert room is not None  # as above
        desk = ShellDesk(self.workspace, bench)
        room.column.addWidget(desk.panel)
        desk.panel.show()  # at once: what is in sight is got ready
        desk.route_wanted.connect(bench.open_route)
        desk.place_wanted.connect(bench.pages.open_place)
        desk.copied.connect(self.window.commands.copy)
        desk.said.connect(self.window.status.say)
        desk.trust_wanted.connect(self.window.trust.ask)
        desk.problem_wanted.connect(bench.show_problem)
        in_tab_order([*tab_stops(bench.problems)[-1:], *tab_stops(desk.panel)])
        return desk
