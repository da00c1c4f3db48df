"""What is said across the window while a project does not load: what is wrong, and what helps.

A project that never loaded says so in the banner; one that loaded before serves its last good version, and
that is told at the server.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from playground.core.changes import Change, LiveState
from playground.gui.features import Feature
from playground.session.session import APP_FILE

if TYPE_CHECKING:
    from playground.gui.window import Window


class LoadNews(Feature):
    """Follows how the app loads."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._waiting_to_load = False

    def begin(self) -> None:
        self.workspace.changed.connect(self._follow)

    def _follow(self, change: Change) -> None:
        if change.origin == "live":
            self._say_how_it_loads(self.workspace.snapshot.live)

    def _say_how_it_loads(self, live: LiveState) -> None:
        window, work = self.window, self.workspace
        problem = live.problem
        if problem is not None and not live.loaded:
            self._waiting_to_load = True
            project = work.snapshot.project
            if project is not None and APP_FILE not in project.files and not project.owners:
                make = partial(work.project, work.session.new_app)
                window.banner.say(f"⚠ {problem.shown}", "Make app.py", make)
            elif problem.command:
                copy = partial(self._copy_command, problem.command)
                window.banner.say(f"⚠ {problem.shown}", "Copy the command", copy)
            else:
                show = lambda: window.workbench.show_problem(problem)  # noqa: E731  (built when asked)
                window.banner.say(f"⚠ {problem.shown}", "Show" if problem.place else "", show)
        elif self._waiting_to_load:
            self._waiting_to_load = False
            window.banner.hide()

    def _copy_command(self, command: str) -> None:
        self.window.commands.copy(command)
        self.window.banner.show()  # what is missing is missing until the command is done
