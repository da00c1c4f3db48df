"""Choosing the app: the list of those that the folder has, and a line for one that is not in it."""

from __future__ import annotations

from functools import partial

from playground.core.changes import Change, ProjectState
from playground.gui.palette import Entry, FindAnything
from playground.gui.widgets.ask_bar import AskBar
from playground.gui.workspace import Workspace

QUESTION = "Where is the app? (as for flask --app: app.py, shop:create_app('x'), pkg.web:app)"


class AppChoice:
    """Asks with the field and list of find-anything; what is chosen is remembered for the folder."""

    def __init__(self, workspace: Workspace, find_box: FindAnything, ask: AskBar) -> None:
        self._work, self._find_box, self._ask = workspace, find_box, ask

    def open(self) -> None:
        """Show the list."""
        project = self._work.snapshot.project
        if project is not None:
            self._find_box.open(self._entries(project), "Choose the app")

    def _entries(self, project: ProjectState) -> list[Entry]:
        found = [
            Entry(
                target,
                "shown now" if target == project.app_target else "",
                "app",
                partial(self._take, target),
            )
            for target in project.app_candidates
        ]
        other = Entry("Another one…", "as for flask --app", "ask", self._ask_for_it)
        again = Entry("The one that Flask would find", "forget the choice", "app", partial(self._take, ""))
        return [*found, other, again] if project.app_said else [*found, other]

    def _take(self, target: str) -> None:
        session = self._work.session
        self._work.project(lambda: session.choose_app(target))

    def _ask_for_it(self) -> None:
        project = self._work.snapshot.project
        start = project.app_target if project is not None else None
        self._ask.ask(QUESTION, start or "app.py", "Show it", self._answered)

    def _answered(self, text: str) -> None:
        session = self._work.session

        def done(_: Change | None) -> None:
            self._ask.dismiss()

        self._work.project(lambda: session.choose_app(text), done, self._ask.refuse)
