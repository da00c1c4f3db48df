"""Joins the Shell's panel to the session: runs what is typed, shows what comes out, follows the app.

While a statement runs, what it says is fetched a few times a second, however much it is; the session keeps
only so much of it. Nothing here waits for the person's code.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePath

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from playground.core.changes import Change
from playground.core.completing import Completion
from playground.core.problems import Place, ProblemError
from playground.core.routes_table import RouteRow, RoutesTable
from playground.core.shell import Kind, Piece
from playground.gui.panels.shell_panel import ShellPanel
from playground.gui.workspace import Workspace

FETCH_MS = 30
SHARE = 0.2
"""What comes out is shown this often, and less often where that takes more than this part of the time."""


class ShellDesk(QObject):
    """``route_wanted`` carries a ``Route``, ``place_wanted`` a ``Place``, ``copied`` a text;
    ``said`` a sentence for the status bar; ``trust_wanted`` when the folder is to be trusted,
    ``problem_wanted`` the ``Problem`` that keeps the app from loading.
    """

    route_wanted = Signal(object)
    place_wanted = Signal(object)
    copied = Signal(str)
    said = Signal(str)
    trust_wanted = Signal()
    problem_wanted = Signal(object)

    def __init__(self, workspace: Workspace, over: QWidget) -> None:
        super().__init__(over)
        self._work, self._session = workspace, workspace.session
        self.panel = ShellPanel(self._find, over)
        self._fetching = QTimer(self, singleShot=True, interval=FETCH_MS)
        self._fetching.timeout.connect(self._fetch)
        self._prepared: object = None  # the map of the app whose names are ready
        self._listed: object = None  # and the one whose routes are listed
        panel = self.panel
        panel.entered.connect(self._run)
        panel.stop_wanted.connect(self._stop)
        panel.restart_wanted.connect(self._restart)
        panel.help_wanted.connect(self._help)
        panel.place_wanted.connect(self._go_to)
        panel.said.connect(self.said)
        panel.routes.copied.connect(self.copied)
        panel.routes.opened.connect(self._open)
        panel.tabs.currentChanged.connect(self.follow)
        workspace.changed.connect(self._changed)
        workspace.arrived.connect(self._show_place)
        workspace.jobs.run("project", self._session.shell_history, panel.input.history.know, workspace.failed)
        self.follow()

    # Following the app ------------------------------------------------------------------------

    def _changed(self, change: Change) -> None:
        if change.origin == "open":
            self._prepared = self._listed = None
            self.panel.clear()
            self.panel.show_running(running=False, stopping=False)
        if change.origin in ("open", "live", "trust", "server"):
            self.follow()

    @Slot()
    def follow(self) -> None:
        """Show how it stands, and get ready what is in sight."""
        self._show_place()
        live = self._work.snapshot.live
        if self._work.snapshot.restricted or not live.loaded:
            self._prepared = self._listed = None  # what comes is another app's
            return
        if not self.panel.isVisible():
            return
        if self._prepared is None:
            self._prepared = live.map
            self._work.jobs.run("shell", self._session.shell_prepare, lambda _: None, self._work.failed)
        if self.panel.tabs.currentIndex() == 1 and self._listed is not live.map:
            self._listed = live.map
            self._work.jobs.latest(
                "network", "routes.table", self._session.routes_table, self._show_routes, self._work.failed
            )

    def _show_routes(self, table: RoutesTable) -> None:
        self.panel.routes.show_table(table)

    @Slot()
    def _show_place(self) -> None:
        place, snapshot = self._session.shell_place(), self._work.snapshot
        words = ""
        if place.why_not and snapshot.restricted:
            words = "Trust this folder…"
        elif place.why_not and snapshot.live.problem is not None:
            words = "Show the problem"
        self.panel.show_place(place, words)

    @Slot()
    def _help(self) -> None:
        snapshot = self._work.snapshot
        if snapshot.restricted:
            self.trust_wanted.emit()
        elif snapshot.live.problem is not None:
            self.problem_wanted.emit(snapshot.live.problem)

    # Running ----------------------------------------------------------------------------------

    @Slot(str)
    def _run(self, source: str) -> None:
        keep = partial(self._session.keep_in_shell_history, source)
        self._work.jobs.run("project", keep, lambda _: None, self._unkept)
        run = partial(self._session.shell_run, source)
        self._do(run, lambda _: self._fetching.start(0))

    def _do(self, work: Callable[[], None], done: Callable[[None], None]) -> None:
        self._work.jobs.run("shell", work, done, self._refused)

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, ProblemError):
            self._work.failed(error)
            return
        self.panel.output.add([Piece(Kind.ERROR, str(error.problem))])
        self._fetch()

    def _unkept(self, error: BaseException) -> None:
        """The history can't be written: it holds as long as the window is open."""
        if isinstance(error, ProblemError):
            self.said.emit(str(error))
        else:
            self._work.failed(error)

    @Slot()
    def _fetch(self) -> None:
        """Show what came out, and come back while more is to come."""
        began = time.monotonic()
        news = self._session.shell_news()
        self.panel.show_news(news)
        if news.running or news.more:
            took = time.monotonic() - began
            self._fetching.start(max(FETCH_MS, round(took * 1000 / SHARE)))
        else:
            self._show_place()

    @Slot()
    def _stop(self) -> None:
        self.panel.show_running(running=True, stopping=True)
        self._do(self._session.shell_stop, lambda _: None)

    @Slot()
    def _restart(self) -> None:
        def done(_: None) -> None:
            self.panel.clear()
            self.said.emit("The Shell begins anew, without your variables.")

        self._do(self._session.shell_restart, done)

    def _find(self, text: str, cursor: int, asked: bool) -> Completion | None:
        return self._session.shell_complete(text, cursor, asked=asked)

    # Going elsewhere --------------------------------------------------------------------------

    @Slot(object)
    def _open(self, row: RouteRow) -> None:
        project = self._work.snapshot.project
        same = [one for one in (project.routes if project else ()) if one.endpoint == row.endpoint]
        route = next((one for one in same if one.full_rule == row.rule), None)
        if route is not None and route.in_source:
            self.route_wanted.emit(route)
        elif row.file:
            self.place_wanted.emit(Place(row.file, row.line or None))
        else:
            self.said.emit(
                f"{row.endpoint} is added by {row.package or 'Flask'}; no line of this folder has it."
            )

    @Slot(str, int)
    def _go_to(self, file: str, line: int) -> None:
        project = self._work.snapshot.project
        path = PurePath(file)
        if project is not None and path.is_relative_to(Path(project.folder)):
            self.place_wanted.emit(Place(path.relative_to(project.folder).as_posix(), line))
