"""The Shell: Python inside the running app, and the table of its routes.

From any thread; ``shell_prepare`` and ``routes_table`` take a moment, the others do not wait for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.core.completing import Completion
from playground.core.problems import refuse
from playground.core.routes_table import RoutesTable
from playground.core.shell import ShellNews, ShellPlace
from playground.core.shell_history import added
from playground.session.shared import Shared

if TYPE_CHECKING:
    from playground.server.shell import Shell as LiveShell

HISTORY = "shell_history.json"


class Shell(Shared):
    """One method for each thing that is done in the Shell."""

    @property
    def _shell(self) -> LiveShell | None:
        """The one of the open project, once it was prepared or used."""
        live = self._live
        return live.opened_shell if live is not None else None

    def shell_place(self) -> ShellPlace:
        """Whether Python can run inside the app now, and which request it would find there."""
        snapshot, live = self._snapshot, self._live
        if snapshot.project is None:
            return ShellPlace("No project is open.")
        if snapshot.restricted:
            return ShellPlace("Nothing in this folder runs until you trust it.")
        if live is None or not snapshot.live.loaded:
            problem = snapshot.live.problem
            return ShellPlace(f"The app does not load: {problem.shown}" if problem else "The app is loading.")
        line = live.recorder.last_line()
        return ShellPlace("", f"{line.method} {line.path}", line.number) if line is not None else ShellPlace()

    def shell_prepare(self) -> None:
        """Get the names of the app ready, and look what could be imported."""
        live = self._live
        if live is not None and not self._snapshot.restricted and self._snapshot.live.loaded:
            live.shell().prepare()

    def shell_run(self, source: str) -> None:
        """Begin to run what was typed; ``shell_news`` tells what comes of it.

        Raises:
            ProblemError: there is no app, or something runs in the Shell already.
        """
        place, live = self.shell_place(), self._live
        if place.why_not or live is None:
            raise refuse(place.why_not or "The app is loading.")
        url = self._snapshot.server.url
        live.shell().run(source, *([f"{url}/"] if url else []))

    def shell_news(self, most: int = 8 * 1024) -> ShellNews:
        """What came out since the last time, about ``most`` characters of it."""
        shell = self._shell
        return shell.news(most) if shell is not None else ShellNews()

    def shell_stop(self) -> None:
        """Stop what runs; where it can't be stopped within a second, it is left behind."""
        shell = self._shell
        if shell is not None:
            shell.stop()

    def shell_restart(self) -> None:
        """Forget the variables of the Shell.

        Raises:
            ProblemError: something runs there.
        """
        shell = self._shell
        if shell is not None:
            shell.restart()

    def shell_complete(self, text: str, cursor: int, *, asked: bool = True) -> Completion | None:
        """What can stand at a place of what is typed; no code of the app is run for it."""
        shell = self._shell
        return shell.complete(text, cursor, asked=asked) if shell is not None else None

    def shell_history(self) -> tuple[str, ...]:
        """What was run in any project, oldest first."""
        return self.home.texts(HISTORY)

    def keep_in_shell_history(self, source: str) -> None:
        """Keep what was run for the next time.

        Raises:
            ProblemError: it can't be written.
        """
        self.home.change_texts(HISTORY, lambda entries: added(entries, source))

    def routes_table(self) -> RoutesTable:
        """The routes of the running app, as ``flask routes`` has them; of none where no app is loaded."""
        live = self._live
        return live.routes() if live is not None else RoutesTable()
