"""The application without a window: one method for each thing that a person can do.

The command line calls these methods one after the other; the window calls the same ones from its lanes. Each
lane has a file here: the folder's writer (project), the import and swap of the app (app), sending (network).
It is only ever used by one thread at a time, except sending. What the lanes share, and under which lock it
changes, is in ``shared``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from playground.core.changes import LiveState
from playground.session.completing import Completing
from playground.session.debug_pages import DebugPagesSwitch
from playground.session.explaining import Explaining
from playground.session.first_steps import FirstSteps
from playground.session.folder_lane import APP_FILE, FolderLane
from playground.session.home import Home
from playground.session.network_lane import NetworkLane
from playground.session.network_wish import NetworkWish
from playground.session.plain_words import PlainWords
from playground.session.reading import Reading
from playground.session.sharing import Sharing
from playground.session.shell import Shell
from playground.session.stepping import SteppingThrough
from playground.session.traffic import Traffic

if TYPE_CHECKING:
    from playground.project.watch import Watcher

__all__ = ["APP_FILE", "NEEDED", "Session"]

NEEDED = {
    "project": (
        "playground.project.folder",
        "playground.project.starters",
        "playground.project.slow_imports",
    ),
    "app": ("playground.server.live", "playground.server.live_app"),
    "network": ("playground.client.sender", "playground.client.text", "playground.core.plain_words.rules"),
}
"""What the methods of each lane import when they are first called."""


class Session(
    FolderLane,
    Sharing,
    NetworkWish,
    NetworkLane,
    PlainWords,
    DebugPagesSwitch,
    SteppingThrough,
    Completing,
    Traffic,
    Explaining,
    Reading,
    FirstSteps,
    Shell,
):
    """At most one open project, its live app and its server."""

    def __init__(self, home: Home | None = None) -> None:
        super().__init__(home)
        self._in_plain_words, self._chosen_debug = self._explained, self._debug_choice
        self._watcher: Watcher | None = None  # changed under ``_lock``

    def prepare(self, group: str) -> None:
        """Import what the methods of a lane need before one of them is called, on that lane."""
        for module in NEEDED[group]:
            importlib.import_module(module)

    def watch(self, on_change: Callable[[frozenset[str]], None]) -> None:
        """Call ``on_change`` with what any program writes, on the watcher's thread or a request's.

        On the project lane.
        """
        from playground.project.watch import Watcher

        self._watch(None, None)
        watcher = Watcher(self._opened.folder, on_change)
        self._watch(watcher, on_change)
        watcher.start()
        if watcher.problem is not None:
            self._opened.tell(watcher.problem)
            self._publish(project=self._opened.state)

    def close(self) -> None:
        """Close the project: server, watcher, app and sockets; safe to call twice. On the app lane."""
        self._watch(None, None)
        self.stop_server()
        with self._lock:
            self._project = None  # first: no app is made of it any more
        self._unload()
        self._end_sending()
        self._publish(project=None, live=LiveState(), restricted=False, findings=())

    def _watch(self, watcher: Watcher | None, on_change: Callable[[frozenset[str]], None] | None) -> None:
        """Have this watcher instead of the one before, which stops."""
        with self._lock:
            before, self._watcher, self._on_change = self._watcher, watcher, on_change
            if self._live is not None:
                self._live.on_noticed = on_change
        if before is not None:
            before.stop()
