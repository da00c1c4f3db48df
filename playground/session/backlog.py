"""What the running app, and the picture of the source, are behind by."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Backlog:
    """Files that wait to be made live, and files that wait to be read. From any thread: it has its own lock.

    The folder's lane and the watcher put files in, the app's lane takes them out to make them live, and the
    folder's lane says what it reads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of all that is below
        self._pending: set[str] | None = None  # written since the app was last made live; None: everything
        self._target: str | None = None  # where the app was last taken from
        self._going = False  # what was taken is being made live
        self._unread: set[str] = set()  # may have changed since they were read
        self._reading: set[str] = set()  # being read now

    def begin(self) -> None:
        """Another folder: everything is to go live, and all of it was just read."""
        with self._lock:
            self._pending = self._target = None
            self._unread = set()

    def everything(self) -> None:
        """All of the folder is to be made live once more."""
        with self._lock:
            self._pending = None

    def wrote(self, files: Iterable[str]) -> None:
        """These files were written, and read back: they are to go live."""
        with self._lock:
            if self._pending is not None:
                self._pending.update(files)

    def touched(self, files: Iterable[str]) -> None:
        """Another program may have written these: they are to go live, and to be read."""
        files = frozenset(files)
        with self._lock:
            if self._pending is not None:
                self._pending |= files
            self._unread.update(file for file in files if file.endswith(".py"))

    @contextmanager
    def reading(self, files: frozenset[str]) -> Iterator[None]:
        """Meanwhile these files, or all where none is named, are read; what is touched then stays unread."""
        with self._lock:
            self._reading = self._unread & files if files else self._unread
            self._unread = self._unread - self._reading
        try:
            yield
        except BaseException:
            with self._lock:
                self._unread |= self._reading
            raise
        finally:
            with self._lock:
                self._reading = set()

    def take(self, target: str | None) -> frozenset[str] | None:
        """What to make live of the app at ``target`` now, until ``arrived``; None for everything."""
        with self._lock:
            files = self._pending if target == self._target else None
            self._pending, self._target, self._going = set(), target, True
            return None if files is None else frozenset(files)

    def arrived(self) -> None:
        """What was taken is live, or did not load."""
        with self._lock:
            self._going = False

    @property
    def is_behind(self) -> bool:
        """Whether the source, or what is known of it, is not what was last made live."""
        with self._lock:
            if self._pending is None:
                return True
            return bool(self._pending or self._unread or self._reading or self._going)
