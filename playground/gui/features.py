"""What the window has beside its panels: features that bring their own actions, banners and connections.

A feature is one file with one subclass of ``Feature``. The window only asks all of them in turn, so that it
stays what puts parts together, and a feature can be read, tested and taken out by itself. Their modules are
imported before the window is shown: what costs time is imported inside methods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from playground.gui.actions import Action

if TYPE_CHECKING:
    from playground.gui.panels.workbench import Workbench
    from playground.gui.window import Window


class Feature(QObject):
    """One feature of one window. All of it on the GUI thread."""

    def __init__(self, window: Window) -> None:
        """When nothing of the window is composed yet but its workspace."""
        super().__init__(window)
        self.window, self.workspace = window, window.workspace

    def rows(self) -> list[Action]:
        """Its actions, for the menu, the keys and find-anything."""
        return []

    def banners(self) -> list[QWidget]:
        """What stands under the top bar while there is something to say; hidden at first."""
        return []

    def begin(self) -> None:
        """The window is composed: connect to its parts."""

    def meet(self, bench: Workbench) -> None:
        """The panels of a project are there: connect to them."""


class Features:
    """Those of one window, in the order in which their banners and actions are to stand."""

    def __init__(self, window: Window) -> None:
        self.all: list[Feature] = [make(window) for make in _makers()]

    def rows(self) -> list[Action]:
        """The actions of all."""
        return [row for one in self.all for row in one.rows()]

    def banners(self) -> list[QWidget]:
        """The banners of all."""
        return [banner for one in self.all for banner in one.banners()]

    def begin(self) -> None:
        """The window is composed."""
        for one in self.all:
            one.begin()

    def meet(self, bench: Workbench) -> None:
        """The panels of a project are there."""
        for one in self.all:
            one.meet(bench)


def _makers() -> list[Callable[[Window], Feature]]:
    from playground.gui.about import About
    from playground.gui.care import Care
    from playground.gui.debug_pages import DebugPagesAction
    from playground.gui.hints import Hints
    from playground.gui.load_news import LoadNews
    from playground.gui.presenting import Presenting
    from playground.gui.sharing import Sharing
    from playground.gui.shell import ShellTab

    return [Care, Presenting, LoadNews, DebugPagesAction, Sharing, ShellTab, About, Hints]
