"""Whether what is served is still what is on the disk, asked when it matters: as a request begins.

A watcher tells of an edit some tenths of a second later, since it waits for more. A request that begins
after a file was saved is answered by the new version all the same: it looks at the stamps of the app's files
first, for some two microseconds each. Where there are many files, or many requests, not every request does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

from playground.server.imports import FreshLoader
from playground.server.loaded import LoadedFile, Stamp, stamp_of

_CROWD = 0.0005
"""Seconds between two requests below which they come in crowds: then a look now and then is enough."""
_PAUSE = 0.003
"""Seconds between two looks in a crowd."""
_FEW = 8
"""Files up to which each request looks."""
_PAUSE_PER_FILE = 50e-6
"""Seconds between two looks for each file, where there are more: a fiftieth of the time at most."""


class Looks:
    """When to look at files: always, but in a crowd of requests only now and then."""

    def __init__(self) -> None:
        self._asked = self._next = 0.0

    def is_due(self, files: int = 1) -> bool:
        """Whether to look at so many files now."""
        now, before = time.monotonic(), self._asked
        self._asked = now
        if now < self._next and (now - before < _CROWD or files > _FEW):
            return False
        self._next = now + max(_PAUSE, _PAUSE_PER_FILE * files)
        return True


class Freshness:
    """What is known of the files of one folder; ``loaded`` are those that the live app was imported from."""

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)
        self.loaded: tuple[LoadedFile, ...] = ()
        self._tried: dict[str, tuple[Stamp, bytes] | None] = {}
        self._looks = Looks()

    def stale(self) -> list[LoadedFile]:
        """The files of the live app that were written since they went live or were tried."""
        if not self._looks.is_due(len(self.loaded)):
            return []
        return [file for file in self.loaded if not file.is_current() and not self._was_tried(file.path)]

    def changed(self) -> frozenset[str]:
        """The files of the live app that are not live as they are now."""
        return frozenset(self.name(file.path) for file in self.loaded if not file.confirm())

    def name(self, path: str) -> str:
        """The file's name within the folder, with ``/`` between its parts."""
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def news(self, names: Iterable[str], behind: frozenset[str]) -> frozenset[str]:
        """Those of the files that are not live as they are now, and that were not tried as they are now.

        ``behind`` are files of which an older version is live, because the newest did not load.
        """
        return frozenset(name for name in names if self._is_news(name, name in behind))

    def _is_news(self, name: str, is_behind: bool) -> bool:
        path = str(Path(self._root, name))
        if self._was_tried(path):
            return False
        file = FreshLoader.files.get(path)
        if file is None or is_behind:
            return True
        if file.is_current():
            return False
        return not file.confirm()

    def note_tried(self, names: Iterable[str]) -> None:
        """These are about to be taken live as they are now; once is enough if that fails."""
        for name in names:
            path = str(Path(self._root, name))
            self._tried[path] = _read(path)

    def forget_tried(self) -> None:
        """All that there is went live."""
        self._tried.clear()

    def _was_tried(self, path: str) -> bool:
        if path not in self._tried:
            return False
        tried, now = self._tried[path], stamp_of(path)
        if tried is None or now is None:
            return tried is None and now is None
        if not tried[0].same(now):
            return False
        if not tried[0].certain:  # it may have been written again without its stamp showing it
            again = _read(path)
            if again is None or again[1] != tried[1]:
                return False
            self._tried[path] = again
        return True


def _read(path: str) -> tuple[Stamp, bytes] | None:
    """A file's stamp and, of a program, its text."""
    stamp = stamp_of(path)
    try:
        text = Path(path).read_bytes() if path.endswith(".py") else b""
        return (stamp, text) if stamp is not None else None
    except OSError:
        return None
