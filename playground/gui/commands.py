"""What the actions do: the rows from which the menu, the keys, find-anything and their help are made."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from playground.core.changes import Change, Snapshot
from playground.core.problems import ProblemError
from playground.gui.actions import Action, ActionTable
from playground.gui.app_choice import AppChoice
from playground.gui.leaving import Leaving
from playground.gui.palette import Entry, FindAnything
from playground.gui.panels.status import Status
from playground.gui.questions import Questions
from playground.gui.theme import theme
from playground.gui.wide_edits import WideEdits
from playground.gui.widgets.ask_bar import AskBar
from playground.gui.workspace import Workspace
from playground.session.limits import read_limit

if TYPE_CHECKING:
    from playground.gui.panels.workbench import Workbench


class Commands(QObject):
    """Everything a person can do in a window that is not a panel's own business.

    ``more`` are the actions of others. What must be asked goes through ``questions``, or through the ``ask``
    bar for a line of text. ``trust_wanted`` when something was asked for that needs a trusted folder.
    """

    trust_wanted = Signal()

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        workbench: Callable[[], Workbench],
        more: Iterable[Action] = (),
        *,
        ask: AskBar,
        find_box: FindAnything,
        status: Status,
        stack: QStackedWidget,
        leaving: Leaving,
    ) -> None:
        super().__init__(window)
        self._leaving = leaving
        self._window, self._work, self._workbench = window, workspace, workbench
        self._ask_bar, self._find_box, self._status = ask, find_box, status
        self.questions = Questions()
        self.wide = WideEdits(workspace, workbench, ask, stack, self)
        self.apps = AppChoice(workspace, find_box, ask)
        self.table = ActionTable(window, [*self._rows(), *more])

    @property
    def _bench(self) -> Workbench:
        """The panels of a project; they are built after the window is there, or when first asked for."""
        return self._workbench()

    # When an action can be had ------------------------------------------------------------------

    def _has_project(self) -> bool:
        return self._work.snapshot.project is not None

    def _has_route(self) -> bool:
        return self.wide.route is not None

    def _has_name(self) -> bool:
        return bool(self.wide.template) or self._has_route()

    def _is_strange(self) -> bool:
        return self._work.snapshot.restricted

    def _is_trusted(self) -> bool:
        return self._has_project() and not self._is_strange()

    # The actions --------------------------------------------------------------------------------

    def _rows(self) -> list[Action]:
        """The rows from which the menu, the palette, the shortcuts and their help are made."""
        work = self._work
        has, routed, named = self._has_project, self._has_route, self._has_name
        strange, mine = self._is_strange, self._is_trusted
        return [
            Action("project.open", "Open a folder…", self.open_folder, "Ctrl+O", "folder", group="Project"),
            Action("project.welcome", "Close the project", self.close_project, "", "home", has, "Project"),
            Action("app.choose", "Choose the app…", self.apps.open, "", "server", has, "Project"),
            Action("project.folder", "Show the folder", self._show_folder, "", "external", has, "Project"),
            Action("project.trust", "Trust this folder", self.trust, "", "shield", strange, "Project"),
            Action(
                "project.distrust", "Stop trusting this folder", work.distrust, "", "shield", mine, "Project"
            ),
            Action("route.new", "New route", self.new_route, "Ctrl+N", "plus", has, "New"),
            Action(
                "template.new", "New template…", self.new_template, "Ctrl+Shift+N", "template", has, "New"
            ),
            Action("file.new", "New file…", self.new_file, "", "file", has, "New"),
            Action("edit.undo", "Undo", self._undo, "Ctrl+Z", "undo", has, "Edit"),
            Action("edit.redo", "Redo", work.redo, "Ctrl+Shift+Z", "redo", has, "Edit"),
            Action("edit.rename", "Rename…", self.wide.rename, "F2", "edit", named, "Edit"),
            Action("route.move", "Move the route…", self.wide.move_route, "", "route", routed, "Edit"),
            Action("project.clean", "Clean up unused imports…", self.wide.clean_up, "", "check", has, "Edit"),
            Action("edit.save", "Save", self._save, "Ctrl+S", "check", has, "Edit"),
            Action("find.anything", "Find anything", self.find_anything, "Ctrl+K", "search", has, "Go"),
            Action("request.url", "Go to the address", self._go_to_address, "Ctrl+L", "link", has, "Go"),
            Action(
                "request.send",
                "Send the request",
                self._send,
                "Ctrl+Enter Ctrl+Return",
                "send",
                has,
                "Request",
            ),
            Action("request.copy_curl", "Copy as curl", self._copy_curl, "", "copy", has, "Request"),
            Action("request.again", "Send again", self._send, "F5", "refresh", has, "Request"),
            Action("xray.toggle", "X-ray", self.toggle_xray, "Ctrl+Shift+X", "xray", has, "Request"),
            Action("xray.open", "X-ray of the last answer", self._open_xray, "F9", "xray", has, "Request"),
            Action("edit.mend", "Mend…", self._mend_here, "Ctrl+.", "check", has, "Edit"),
            Action("data.reset", "Reset the app's data", work.reset_data, "", "refresh", mine, "Request"),
            Action("request.limit", "Time limit of a view…", self.ask_limit, "", "clock", has, "Request"),
            Action(
                "server.toggle", "Start or stop the server", self.toggle_server, "", "server", has, "Request"
            ),
            Action("view.traffic", "Show the traffic", self._show_traffic, "Ctrl+T", "server", has, "View"),
            Action("map.ask", "Ask the map", self._ask_map, "Ctrl+Shift+M", "map", has, "View"),
            Action("page.close", "Close the page", self._close_page, "Ctrl+W", "close", has, "View"),
            Action("view.side", "Side bar", self._toggle_side, "Ctrl+B", "sidebar", has, "View"),
            Action("view.theme", "Light or dark", self.toggle_theme, "", "theme", group="View"),
            Action("help.keys", "All shortcuts", self._shortcuts, "F1", "keyboard", group="Help"),
        ]

    def show_undo(self, snapshot: Snapshot) -> None:
        """Say in the menu what undo and redo would do."""
        project = snapshot.project
        labels = (project.undo_label, project.redo_label) if project else ("", "")
        for action, title, label in zip(("edit.undo", "edit.redo"), ("Undo", "Redo"), labels, strict=True):
            self.table.qaction(action).setText(f"{title} {label}".strip())

    def menu(self) -> QMenu:
        """The menu of all of them."""
        return self.table.menu(*self._menu_ids())

    def _menu_ids(self) -> list[str]:
        """All rows by their groups, with a line between two."""
        ids: list[str] = []
        group = ""
        groups = list(dict.fromkeys(row.group for row in self.table))
        for row in sorted(self.table, key=lambda row: groups.index(row.group)):
            if group and row.group != group:
                ids.append("")
            group = row.group
            ids.append(row.id)
        return ids

    def open_folder(self) -> None:
        """Ask for a folder and open it as the project."""
        if not self._leaving.may("open a folder"):
            return
        start = Path(QDir.homePath())
        folder = self.questions.folder(self._window, "Open a Flask project", start)
        if folder is not None:
            self._work.open(folder)

    def close_project(self) -> None:
        """Go back to the welcome page."""
        if self._leaving.may("close the project"):
            self._work.close()

    def new_template(self) -> None:
        """Ask for a name and make a template."""
        session = self._work.session
        self._ask(
            "Name of the new template",
            "page.html",
            "Make it",
            session.new_template,
            self._bench.open_template,
        )

    def new_file(self) -> None:
        """Ask for a name and make a file."""
        session = self._work.session
        self._ask(
            "Name of the new file",
            "static/style.css",
            "Make it",
            session.new_file,
            self._bench.pages.open_file,
        )

    def _ask(
        self, question: str, start: str, ok: str, work: Callable[[str], Change], then: Callable[[str], object]
    ) -> None:
        def answered(text: str) -> None:
            def done(_: Change) -> None:
                self._ask_bar.dismiss()
                then(text)

            self._bench.pages.flush()
            self._work.project(lambda: work(text), done, self._ask_bar.refuse)

        self._ask_bar.ask(question, start, ok, answered)

    def find_anything(self) -> None:
        """Routes, templates, files and actions, by a few letters of their name."""
        self._find_box.open([*self._project_entries(), *self._action_entries()])

    def _project_entries(self) -> list[Entry]:
        project = self._work.snapshot.project
        if project is None:
            return []
        bench = self._bench
        routes = [
            Entry(r.full_rule, r.function, r.title_method, partial(bench.open_route, r))
            for r in project.routes
        ]
        templates = [
            Entry(t.name, "template", "page", partial(bench.open_template, t.name)) for t in project.templates
        ]
        files = [Entry(f, "file", "file", partial(bench.pages.open_file, f)) for f in project.files]
        return [*routes, *templates, *files]

    def new_route(self) -> None:
        """A page for a route that is to be added."""
        self._bench.new_route()

    def _go_to_address(self) -> None:
        self._bench.stage.show_part("request")
        self._bench.request.focus_url()

    def _send(self) -> None:
        self._bench.request.submit()

    def _copy_curl(self) -> None:
        self._bench.request.copy_as_curl()

    def _close_page(self) -> None:
        self._bench.pages.close_current()

    def _show_traffic(self) -> None:
        self._bench.show_traffic()

    def _ask_map(self) -> None:
        self._bench.ask_map()

    def _toggle_side(self) -> None:
        self._bench.toggle_side()

    def _undo(self) -> None:
        self._bench.pages.flush()
        self._work.undo()

    def _save(self) -> None:
        self._bench.pages.flush()
        stuck = self._bench.pages.stuck
        self._status.say(f"{stuck} It is tried again." if stuck else "All is saved already, as you type.")

    def trust(self) -> None:
        """Let what is in the folder run."""
        project = self._work.snapshot.project
        if project is not None:
            self._work.trust(project.folder)

    def toggle_server(self) -> None:
        """Start or stop the server; a folder that is restricted is asked about first."""
        if self._work.snapshot.restricted:
            self.trust_wanted.emit()
            return
        running = self._work.snapshot.server.running
        (self._work.stop_server if running else self._work.start_server)()

    def toggle_xray(self) -> None:
        """Record requests line by line from now on, or no more."""
        self.set_xray(not self._work.session.xray)

    def set_xray(self, on: bool) -> None:
        """Whether requests are recorded line by line from now on; it is said."""
        words = "X-ray is on: the next requests are recorded line by line." if on else "X-ray is off."
        self._bench.insights.set_xray(on, lambda _: self._status.say(words))

    def _open_xray(self) -> None:
        if not self._bench.insights.open_answered():
            self._status.say("Send a request first.")

    def _mend_here(self) -> None:
        if not self._bench.insights.mend_here():
            self._status.say("Nothing is marked in this line.")

    def ask_limit(self) -> None:
        """Ask after how many seconds a view is stopped."""

        def answered(text: str) -> None:
            try:
                limit = read_limit(text)
            except ProblemError as error:
                self._ask_bar.refuse(error.problem)
            else:
                self._ask_bar.dismiss()
                self.set_limit(limit)

        now = self._work.session.request_limit
        question = "Stop a view after how many seconds? (0: never)"
        self._ask_bar.ask(question, "0" if now is None else f"{now:g}", "Set", answered)

    def set_limit(self, limit: float | None) -> None:
        """Stop views after so many seconds from now on, or never."""
        session = self._work.session
        self._work.project(lambda: session.set_request_limit(limit))
        self._status.limit.show_limit(limit)

    def toggle_theme(self) -> None:
        theme().set_mode("light" if theme().is_dark else "dark")
        self._remember("theme", theme().mode)

    def _remember(self, key: str, value: object) -> None:
        home = self._work.session.home
        self._work.project(lambda: home.set(key, value))

    def _shortcuts(self) -> None:
        from playground.gui.shortcuts import ShortcutSheet

        ShortcutSheet(self.table, self._window).show()

    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._status.say(f"Copied: {textwrap.shorten(text, 100, placeholder=' …')}")

    def browse(self, address: str) -> None:
        QDesktopServices.openUrl(QUrl(address))

    def _show_folder(self) -> None:
        project = self._work.snapshot.project
        if project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(project.folder))

    def _action_entries(self) -> list[Entry]:
        return [
            Entry(row.title, row.shortcut.split(" ")[0], "do", row.callback)
            for row in self.table
            if row.possible
        ]
