"""A log file that several windows write, of bounded size; imported when the first line is to be written."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

MOST_BYTES = 256_000
BACKUPS = 2


class LogFile(RotatingFileHandler):
    """Open only while it writes, so that several windows can share it and turn it over, on any system."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=BACKUPS, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(process)d] %(message)s"))
        self.failure: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, and leave the file to others."""
        super().emit(record)
        with suppress(OSError):
            self.close_stream()

    def close_stream(self) -> None:
        """What ``close`` does, but that it may be opened again."""
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()

    def doRollover(self) -> None:  # noqa: N802  (logging calls it so)
        """Another window may be doing the same: what it has moved is gone, and the line is written anyway."""
        with suppress(OSError):
            super().doRollover()

    def rotate(self, source: str, dest: str) -> None:
        """Another window may just have done the same."""
        with suppress(OSError):
            super().rotate(source, dest)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging calls it so)
        """A disk that takes nothing must not be told of on a terminal, at every line."""
        self.failure = sys.exception()
