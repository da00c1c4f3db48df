"""Keeps what git tells of the project's files up to date in the window."""

from __future__ import annotations

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from playground.core.changes import Change
from playground.core.versions import Versions
from playground.gui.workspace import Workspace

REST_MS = 250
"""Of the edits that follow each other this quickly, only the last is asked about."""


class GitMarks(QObject):
    """``told`` with the ``Versions`` whenever they may have changed.

    Asks after each write, when git writes into its own folder (a commit in a terminal), and when the person
    comes back to the window.
    """

    told = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.look)
        self._repository = QFileSystemWatcher(self)
        self._repository.directoryChanged.connect(self._soon)
        workspace.changed.connect(self._follow)
        workspace.opened.connect(self._opened)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._came_back)

    def look(self) -> None:
        """Ask git now, on a lane of its own."""
        project = self._workspace.snapshot.project
        if project is None:
            return
        session, folder = self._workspace.session, project.folder

        def tell(versions: Versions) -> None:
            now = self._workspace.snapshot.project
            if now is not None and now.folder == folder:
                self._watch(versions.kept_in)
                self.told.emit(versions)

        self._workspace.jobs.latest("versions", "look", session.changed_files, tell)

    def _follow(self, change: Change) -> None:
        if change.files or change.origin in ("open", "trust"):
            self._soon()

    def _soon(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _watch(self, folder: str) -> None:
        """Have git's own folder watched and no other one; what we ask of git writes nothing there."""
        watched = self._repository.directories()
        if watched and watched != [folder]:
            self._repository.removePaths(watched)
        if folder and watched != [folder]:
            self._repository.addPath(folder)

    def _opened(self, is_open: bool) -> None:
        if not is_open:
            self._rest.stop()
        self._watch("")
        self.told.emit(Versions())  # nothing is known of what is opened, or nothing is open

    def _came_back(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.look()
