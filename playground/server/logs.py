"""Where everything goes that the app, Flask, Werkzeug and waitress would write to the terminal.

Log records and the WSGI error stream of this process are kept in a bounded list which can be shown;
nothing of it reaches stderr. Flask adds no handler of its own where the root logger has one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass

KEPT = 1000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record: ``when`` in seconds since the epoch, ``text`` with its traceback, if it has one."""

    when: float
    level: str
    logger: str
    text: str


class LogKeeper(logging.Handler):
    """Keeps the latest records as text, so that no traceback holds on to an app that was replaced."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=KEPT)
        self._users = 0
        self._users_lock = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record; one whose arguments do not fit its message is kept as it stands."""
        try:
            text = self.format(record)
        except (TypeError, ValueError, KeyError):
            text = f"{record.msg} {record.args}"
        self._lines.append(LogLine(record.created, record.levelname, record.name, text))

    def lines(self) -> tuple[LogLine, ...]:
        """What is kept, oldest first."""
        return tuple(self._lines)

    def attach(self) -> None:
        """Start keeping; counted, so that each ``attach`` needs its ``detach``."""
        with self._users_lock:
            self._users += 1
        self.stay()

    def stay(self) -> None:
        """Be on the root logger even after an app configured logging for itself."""
        logging.getLogger().addHandler(self)

    def detach(self) -> None:
        """Stop keeping, once nobody needs it any more."""
        with self._users_lock:
            self._users -= 1
            if self._users == 0:
                logging.getLogger().removeHandler(self)

    # The text stream that WSGI calls wsgi.errors.

    def write(self, text: str) -> int:
        """Keep what an app writes to the error stream."""
        if text.strip():
            self._lines.append(LogLine(time.time(), "ERROR", "wsgi.errors", text.rstrip()))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Keep several pieces of text."""
        self.write("".join(lines))


keeper = LogKeeper()
"""The one of this process."""
