"""The log of the playground itself: a few small files in the user's data folder, for when things go wrong.

Apart from the project's own logging, which is kept by the server and shown in the window: no logger of the
application's is used, so that an app that configures, disables or shuts down ``logging`` reaches none of
this. What is written is when the window started and ended, and the accounts of our own mistakes, which hold
no requests, bodies or values. Where it can't be written (a disk that is full, a folder that is read-only)
it is not: the window works without.

A file beside it takes what Python says when the process dies of a crash in C. It goes when the process ends
well; where one is found whose process is gone, the next start tells of it.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from playground.session.gone import is_gone

if TYPE_CHECKING:
    from playground.session.log_file import LogFile

LOG = "playground.log"
MOST_CRASH = 20_000
"""Characters of what a crash left that are put into the log."""


@dataclass(frozen=True, slots=True)
class Crash:
    """A process of ours that died: of what (``Segmentation fault``), and what Python said of it."""

    kind: str
    text: str


class Diary:
    """The log in a data folder, for one process. From any thread."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "logs"
        self.file = self.folder / LOG
        self._handler: LogFile | None = None
        self._crash_path: Path | None = None
        self._crash_file: IO[str] | None = None

    def note(self, words: str, level: int = logging.INFO) -> bool:
        """Write a line, or several; False where the disk does not take it."""
        try:
            if self._handler is None:
                from playground.session.log_file import LogFile

                self.folder.mkdir(parents=True, exist_ok=True)
                self._handler = LogFile(self.file)
        except OSError:
            return False
        handler = self._handler
        handler.failure = None
        handler.handle(logging.LogRecord("playground", level, "", 0, words, None, None))
        return handler.failure is None

    def watch_for_crashes(self) -> tuple[Crash, ...]:
        """Let Python say on the disk what a crash in C was; returns what processes before left, oldest first.

        Each is told once, and is in the log from then on.
        """
        found = tuple(self._left_behind())
        with suppress(OSError, ValueError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._crash_path = self.folder / f"crash-{os.getpid():x}-{secrets.token_hex(4)}.txt"
            self._crash_file = self._crash_path.open("w", encoding="utf-8")
            # Of the others, which run on meanwhile, the account itself would crash at times.
            faulthandler.enable(self._crash_file, all_threads=False)
        for crash in found:
            self.note(
                f"The playground was ended by a crash before: {crash.kind}\n{crash.text}", logging.ERROR
            )
        return found

    def last_words(self, words: str) -> None:
        """Qt ends the process now: leave beside Python's account what it says."""
        if self._crash_file is not None:
            with suppress(OSError, ValueError):
                print(f"Qt: {words}", file=self._crash_file, flush=True)

    def end(self) -> None:
        """The process ends as it should: nothing is left behind for the next to tell of."""
        if self._crash_file is not None:
            faulthandler.disable()
            with suppress(OSError):
                self._crash_file.close()
            self._crash_file = None
        if self._crash_path is not None:
            with suppress(OSError):
                self._crash_path.unlink(missing_ok=True)
        if self._handler is not None:
            self._handler.close()
            self._handler = None

    def _left_behind(self) -> Iterator[Crash]:
        try:
            paths = sorted(self.folder.glob("crash-*-*.txt"), key=lambda path: path.stat().st_mtime)
        except OSError:  # one has just been taken away by another window: it tells of it
            return
        for path in paths:
            if not is_gone(path):
                continue
            with suppress(OSError):
                text = path.read_text(encoding="utf-8", errors="replace")[:MOST_CRASH]
                path.unlink()
                if text.strip():  # killed from outside, as at the end of a session: nothing to tell
                    yield Crash(_kind(text), text.strip())


def _kind(text: str) -> str:
    """What it was, from Python's first line (``Fatal Python error: Segmentation fault``) or Qt's."""
    for line in text.splitlines():
        for before in ("Qt: ", "Fatal Python error: ", "Windows fatal exception: "):
            if line.startswith(before):
                return line.removeprefix(before).strip()[:200]
    return text.strip().splitlines()[0][:200]
