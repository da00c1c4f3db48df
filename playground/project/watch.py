"""Noticing what other programs write into the folder.

One watcher serves the window and ``playground serve`` alike. It reports our own writes too;
who gets the report compares what is on the disk with what is known. A folder that is moved away or
replaced by another one of its name is reported as well, and the new one is watched.

Linux watches folder by folder, and lets each user watch so many: there, only the project's own folders are
watched, never those of an environment or of node_modules, and what is watched follows the folders that come
and go. Other systems watch all of a folder as one.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from playground.core.problems import Problem
from playground.project.files import TEMP_MARK
from playground.project.scanning import SKIPPED_FOLDERS, is_skipped, walk

_STEP = 50  # ms between looks at what the system has reported
_DEBOUNCE = 100  # ms after which changes are reported even while more arrive
_LOOK = 1000  # ms between looks whether the folder is still the same one, or at all files where nobody tells
_PATIENCE = 5.0  # seconds that who starts or stops it waits for its thread
_FOLDER_BY_FOLDER = sys.platform == "linux"

log = logging.getLogger(__name__)


class _Stop(threading.Event):
    """Asked by watchfiles after each step, so the first question says that it is watching."""

    def __init__(self, began: Callable[[], None]) -> None:
        super().__init__()
        self.watching = threading.Event()
        self._began = began

    def is_set(self) -> bool:
        if not self.watching.is_set():
            self.watching.set()
            self._began()
        return self.ended

    @property
    def ended(self) -> bool:
        """Whether it is set, for whoever is not watchfiles."""
        return super().is_set()


class Watcher:
    """Calls ``on_change`` with the files that changed, relative to the folder, on its own thread.

    No files at all stand for the folder itself: it vanished, or came back.
    """

    def __init__(self, folder: Path, on_change: Callable[[frozenset[str]], None]) -> None:
        self._folder = folder.resolve()
        self._on_change = on_change
        self._stop = _Stop(self._begun)
        self._thread: threading.Thread | None = None
        self._again = False
        self.problem: Problem | None = None  # why it is not as quick as it could be

    def start(self) -> None:
        """Begin to watch; what is written after this returns is reported."""
        if self._thread is not None:
            return
        self._stop, self._again = _Stop(self._begun), False
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()
        self._stop.watching.wait(_PATIENCE)

    def stop(self) -> None:
        """End watching; no report comes after this returns."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stop.set()
        if thread is not threading.current_thread():
            thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            self._watch(polling=False)
        except (OSError, RuntimeError) as error:  # the system's limit of watched folders, usually
            log.warning("watching %s by polling instead: %s", self._folder, error)
            self.problem = _polled(error)
            self._watch_by_polling()

    def _watch_by_polling(self) -> None:
        try:
            self._watch(polling=True)
        except (OSError, RuntimeError) as error:
            log.warning("no longer watching %s: %s", self._folder, error)
            self._stop.watching.set()

    def _watch(self, *, polling: bool) -> None:
        while not self._stop.ended:
            identity = self._identity()
            for files in self._changes(polling) if identity else ():
                if files:
                    self._report(files)
                if self._identity() != identity:
                    break
            self._wait_for_folder()

    def _report(self, files: frozenset[str]) -> None:
        if not self._stop.ended:
            self._on_change(files)

    def _begun(self) -> None:
        if self._again:
            self._report(frozenset())

    def _identity(self) -> tuple[int, int] | None:
        """What a folder keeps when it is renamed, and another one of the same name does not have."""
        try:
            status = self._folder.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _wait_for_folder(self) -> None:
        if self._identity() is None:
            self._stop.watching.set()  # nobody is held up for a folder that may never come
            self._report(frozenset())
        while self._identity() is None and not self._stop.wait(_LOOK / 1000):
            pass
        self._again = True
        self._stop.watching.clear()

    def _changes(self, polling: bool) -> Iterator[frozenset[str]]:
        from watchfiles import watch

        paths = self._watched()
        for changes in watch(
            *paths,
            watch_filter=lambda _change, path: self._wanted(path),
            step=_STEP,
            debounce=_DEBOUNCE,
            stop_event=self._stop,
            force_polling=polling,
            poll_delay_ms=_LOOK,
            recursive=not _FOLDER_BY_FOLDER,
            raise_interrupt=False,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
        ):
            yield frozenset(PurePath(path).relative_to(self._folder).as_posix() for _change, path in changes)
            if _FOLDER_BY_FOLDER and any(_is_other_folder(path, paths) for _change, path in changes):
                return  # to begin again with the folders that are there now

    def _watched(self) -> frozenset[Path]:
        if not _FOLDER_BY_FOLDER:
            return frozenset({self._folder})
        return frozenset(self._folder / name for name in walk(self._folder).folders)

    def _wanted(self, path: str) -> bool:
        pure = PurePath(path)
        if not pure.is_relative_to(self._folder) or pure == self._folder:
            return False
        *folders, name = pure.relative_to(self._folder).parts
        if name in SKIPPED_FOLDERS or any(map(is_skipped, folders)):
            return False
        return not (name.endswith(".tmp") and TEMP_MARK in name) and not name.endswith((".pyc", ".swp", "~"))


def _is_other_folder(path: str, watched: frozenset[Path]) -> bool:
    """Whether a path is that of a folder that is new, or gone."""
    folder = Path(path)
    return folder.is_dir() != (folder in watched)


def _polled(error: Exception) -> Problem:
    return Problem(
        "Files that another program changes are seen a little later: the system does not tell of them here.",
        "Close other programs that watch many folders, or raise the system's limit of watched ones.",
        original=str(error),
    )
