"""What the lanes of a session share: the open project, its live app, and the snapshot of both.

Who may change what is said beside each piece. ``_publishing`` is taken before ``_lock``, never the other way
round, and neither is held while the folder is edited, the app is imported or a request is under way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from playground.core.changes import LiveState, ProjectState, ServerState, Snapshot
from playground.core.problems import Problem, refuse
from playground.session.backlog import Backlog
from playground.session.home import Home
from playground.session.limits import KeptLimit
from playground.session.picture import JoinedPicture

if TYPE_CHECKING:
    from pathlib import Path

    from playground.core.trips import Trip
    from playground.project.folder import Project
    from playground.server.live_app import LiveApp

Part = ProjectState | ServerState | LiveState | tuple[Problem, ...] | bool | None


class Shared:
    """The base of all lanes."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = home or Home()
        self._lock = threading.Lock()
        self._publishing = threading.Lock()  # held while routes are joined, which takes longer than a look
        self._backlog = Backlog()
        self._limit = KeptLimit(self.home)
        # Changed under ``_publishing`` alone.
        self._picture = JoinedPicture()
        # Changed under ``_lock``; whoever looks without it takes one look and works with what it got.
        self._snapshot = Snapshot()
        self._project: Project | None = None  # edited and read on the project lane alone
        self._live: LiveApp | None = None  # loaded on the app lane alone
        self._xray = False
        # What a new app is told, said by lanes that know more.
        self._in_plain_words: Callable[[Trip], tuple[Problem, ...]] = lambda _: ()  # of a failed request
        self._chosen_debug: Callable[[Path], bool | None] = lambda _: self._debug  # of a project
        self._debug: bool | None = None  # what was said of debug pages for as long as this program runs
        self._on_change: Callable[[frozenset[str]], None] | None = None
        self._on_trips: Callable[[], None] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What is known and live now; immutable. From any thread."""
        return self._snapshot

    @property
    def _opened(self) -> Project:
        project = self._project
        if project is None:
            raise refuse("No project is open.", "Open a folder or start with one of the starters.")
        return project

    def _publish(self, **parts: Part) -> None:
        """Make the next snapshot; ``project`` is what the source says, and is shown joined."""
        with self._publishing:
            self._show(parts)

    def _publish_again(self) -> None:
        """Join once more what was published."""
        with self._publishing:
            self._show({"live": self._snapshot.live})

    def _show(self, parts: dict[str, Part]) -> None:
        """The next snapshot, where ``_publishing`` is held already."""
        if "project" in parts:
            self._picture.source = cast("ProjectState | None", parts["project"])
        if parts.keys() & {"project", "live"}:
            live = cast(LiveState, parts.get("live", self._snapshot.live))
            parts["project"] = self._picture.show(live, self._backlog.is_behind, self._text)
        self._next(parts)

    def _next(self, parts: Mapping[str, object]) -> None:
        with self._lock:
            self._snapshot = replace(self._snapshot, revision=self._snapshot.revision + 1, **parts)  # type: ignore[arg-type]  # each key brings its own type

    def _text(self, file: str) -> str:
        """A file's text, on whichever lane joins: it comes from the disk, and nothing of it is kept."""
        return self._opened.read_text(file).text
