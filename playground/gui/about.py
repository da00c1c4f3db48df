"""The About box: what this is, what it is made of and under which licences, and where it keeps things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from playground.gui.actions import Action
from playground.gui.features import Feature

if TYPE_CHECKING:
    from playground.gui.about_box import AboutBox
    from playground.gui.window import Window


class About(Feature):
    """Opens the box, which is made when it is first asked for."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._box: AboutBox | None = None

    def rows(self) -> list[Action]:
        return [Action("help.about", "About Route Playground", self.show_box, "", "info", group="Help")]

    def show_box(self) -> None:
        """The one box; what stands in it about the parts is read on a lane."""
        from playground.gui.about_box import AboutBox, made_of

        home = self.workspace.session.home
        if self._box is None:
            self._box = AboutBox(str(home.folder), str(home.projects), self.window)
            self._box.folder_wanted.connect(self._open_folder)
            self.workspace.project(made_of, self._box.show_parts)
        self._box.show()
        self._box.activateWindow()

    def _open_folder(self, folder: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self.window.commands.copy(folder)
