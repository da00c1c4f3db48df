"""The window: it composes its parts and gives them their actions, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from playground.core.changes import Change
from playground.core.problems import Problem
from playground.gui.commands import Commands
from playground.gui.features import Features
from playground.gui.leaving import Leaving
from playground.gui.palette import FindAnything
from playground.gui.panels.apps_banner import AppsBanner
from playground.gui.panels.last_good import LastGoodBanner
from playground.gui.panels.status import Status
from playground.gui.panels.top_bar import TopBar
from playground.gui.panels.trust_banner import TrustBanner
from playground.gui.panels.welcome import Recent, Welcome
from playground.gui.slices import Slices
from playground.gui.theme import MODES, ZOOM_MAX, ZOOM_MIN, theme
from playground.gui.widgets.ask_bar import AskBar
from playground.gui.widgets.banner import Banner
from playground.gui.workspace import Workspace
from playground.session.session import Session

if TYPE_CHECKING:
    from playground.gui.panels.pages import Pages
    from playground.gui.panels.workbench import Workbench

PANELS = (
    "playground.gui.widgets.code_editor",
    "playground.gui.panels.response_views",
    "playground.gui.panels.route_page",
    "playground.gui.panels.request_panel",
    "playground.gui.panels.route_map",
    "playground.gui.panels.workbench",
)
"""What the workbench is made of: imported one by one after the window is there."""


class Window(QMainWindow):
    """One window on one project, or on the welcome page. ``prepared`` when all of it is built."""

    prepared = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("Route Playground")
        self.workspace = Workspace(session, self)
        self._folder_gone = False
        self._look()
        with theme().composing():
            self.top = TopBar()
            self.banner = Banner()
            self.trust, self.apps = TrustBanner(), AppsBanner()
            self.ask = AskBar()
            self.welcome = Welcome()
            self._workbench: Workbench | None = None
            self._panels = Slices(self._build_workbench(), self)
            self.status = Status()
            self.find_box = FindAnything(self)
            self.stack = QStackedWidget()
            self.leaving = Leaving(self._open_pages, self.banner.say)
            self.features = Features(self)
            self.commands = Commands(
                self,
                self.workspace,
                lambda: self.workbench,
                self.features.rows(),
                ask=self.ask,
                find_box=self.find_box,
                status=self.status,
                stack=self.stack,
                leaving=self.leaving,
            )
            self.top.set_menu(self.commands.menu())
            self._compose()
        self._connect()
        self._show_welcome()

    # Composing --------------------------------------------------------------------------------

    def _look(self) -> None:
        home = self.workspace.session.home
        theme().set_mode(home.choice("theme", "system", MODES))
        theme().set_zoom(home.number("zoom", 1.0, ZOOM_MIN, ZOOM_MAX))
        self.setMinimumSize(640, 480)
        size = (home.number(key, normal, 480, 20_000) for key, normal in (("width", 1440), ("height", 900)))
        self.resize(*map(int, size))

    def _compose(self) -> None:
        self.stack.addWidget(self.welcome)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.top, *self.features.banners(), self.trust, self.apps, self.banner, self.ask):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        self.last_good = LastGoodBanner(body)
        self.setCentralWidget(body)
        self.setStatusBar(self.status)

    def _connect(self) -> None:
        work, commands = self.workspace, self.commands
        self.top.new_route.connect(commands.new_route)
        self.top.toggle_server.connect(commands.toggle_server)
        self.top.copy_address.connect(commands.copy)
        self.top.browse.connect(commands.browse)
        self.top.toggle_theme.connect(commands.toggle_theme)
        self.top.xray_wanted.connect(commands.set_xray)
        self.trust.accepted.connect(lambda folder, around: work.trust(folder, around=around))
        self.status.restricted.clicked.connect(self.trust.ask)
        commands.trust_wanted.connect(self.trust.ask)
        self.apps.choose.connect(commands.apps.open)
        self.status.limit.chosen.connect(commands.set_limit)
        self.status.limit.other.connect(commands.ask_limit)
        self.welcome.starter_chosen.connect(work.create)
        self.welcome.open_requested.connect(commands.open_folder)
        self.welcome.recent_opened.connect(lambda folder: work.open(Path(folder)))
        commands.wide.done.connect(self._say_done)
        work.changed.connect(self._follow)
        work.refused.connect(self._refused)
        work.reread.connect(self._reread)
        work.opened.connect(self._opened)
        self.features.begin()

    # The panels of a project ------------------------------------------------------------------

    @property
    def workbench(self) -> Workbench:
        """The panels of a project, built after the window is there or when first asked for."""
        if self._workbench is None:
            self._panels.finish()
        assert self._workbench is not None  # the last of the steps below
        return self._workbench

    def _open_pages(self) -> Pages | None:
        return self._workbench.pages if self._workbench is not None else None

    def _build_workbench(self) -> Iterator[None]:
        """The window is there without it: nothing of it is seen before a project is open."""
        for module in PANELS:
            import_module(module)
            yield
        from playground.gui.panels.workbench import Workbench

        bench = Workbench(self.workspace)
        self.stack.addWidget(bench)
        yield
        yield from bench.build()
        self._connect_workbench(bench)
        self._workbench = bench

    def _connect_workbench(self, bench: Workbench) -> None:
        commands = self.commands
        bench.browse.connect(commands.browse)
        self.last_good.show_problem.connect(bench.show_problem)
        bench.copied.connect(commands.copy)
        bench.insights.mend_wanted.connect(commands.wide.mend)
        commands.wide.mended.connect(bench.insights.mended)
        bench.insights.xray_turned.connect(self.top.show_xray)
        bench.request.trust_wanted.connect(self.trust.remind)
        bench.git.told.connect(self.status.show_changed)
        bench.turned.connect(self._follow_page)
        bench.pages.written.connect(self._follow_page)
        bench.pages.written.connect(self.leaving.settle)
        bench.side.new_template.connect(commands.new_template)
        bench.side.new_file.connect(commands.new_file)
        bench.side.rename_template.connect(commands.wide.rename_template)
        bench.side.rename_route.connect(commands.wide.rename_route)
        bench.side.rename_blueprint.connect(commands.wide.rename_blueprint)
        bench.side.find_requested.connect(commands.find_anything)
        theme().changed.connect(bench.arrange)
        self.features.meet(bench)

    # Following the workspace ------------------------------------------------------------------

    def _follow(self, change: Change) -> None:
        snapshot = self.workspace.snapshot
        self.top.show_snapshot(snapshot)
        self.status.show_snapshot(snapshot)
        self.last_good.show_snapshot(snapshot)
        self.trust.show_snapshot(snapshot)
        self.apps.show_snapshot(snapshot)
        self.setWindowTitle(
            f"{snapshot.project.name} · Route Playground" if snapshot.project else "Route Playground"
        )
        self.commands.show_undo(snapshot)
        if change.label == "server" and snapshot.server.note:
            self.banner.say(snapshot.server.note)
        removed = change.label.startswith(("delete", "remove"))
        if removed and change.origin == "form":
            self._say_done(change.label)

    def _say_done(self, label: str) -> None:
        self.banner.say(f"Done: {label}.", "Undo", self.workspace.undo)

    def _opened(self, is_open: bool) -> None:
        self.stack.setCurrentWidget(self.workbench if is_open else self.welcome)
        self.banner.hide()
        self.ask.dismiss()
        self.status.limit.show_limit(self.workspace.session.request_limit)
        if self.workspace.snapshot.restricted:
            self.workspace.project(self.workspace.session.folder_around, self.trust.offer_around)
        if not is_open:
            self._show_welcome()

    def _show_welcome(self) -> None:
        session = self.workspace.session

        def show(recent: tuple[tuple[str, str, str], ...]) -> None:
            self.welcome.show_recent([Recent(*row) for row in recent])
            if session.home.note:
                self.banner.say(session.home.note)

        self.workspace.project(session.recent_projects, show)
        self.top.show_snapshot(self.workspace.snapshot)
        self.status.show_snapshot(self.workspace.snapshot)

    def prepare(self, folder: Path | None = None) -> None:
        """Begin what takes its time and need not be there for the window to be seen, and open a folder.

        First the panels, then the lanes: what the lanes import would hold up the building of the panels.
        """
        self._panels.done.connect(partial(self._prepare_lanes, folder))
        self._panels.begin()

    def _prepare_lanes(self, folder: Path | None) -> None:
        self.prepared.emit()
        if folder is not None and self.workspace.snapshot.project is None:
            self.workspace.open(folder)
        self.workspace.jobs.run("app", self.workspace.session.versions, self.status.show_versions)
        self.workspace.prepare()

    def _follow_page(self) -> None:
        from playground.gui.panels.text_page import TextPage

        page = self.workbench.pages.current_page()
        pages, editor = self.workbench.pages, page.editor if isinstance(page, TextPage) else None
        self.status.show_page(editor, not pages.pending, pages.stuck or pages.asked)

    def _refused(self, problem: Problem) -> None:
        self._folder_gone = problem.field == "folder"
        self.banner.say(f"⚠ {problem.shown}")

    def _reread(self) -> None:
        if self._folder_gone:
            self._folder_gone = False
            self.banner.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.may("close"):
            event.ignore()
            return
        self.workspace.shutdown()
        super().closeEvent(event)
