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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.server.note import Note

KEPT = 1000
LONGEST = 10_000
"""Characters of one printed line that are kept."""


class _Here(threading.local):
    """What the thread at hand works on: the request that it serves, if it serves one."""

    note: Note | None = None
    begun = ""  # a line that was printed outside of a request, and has no end yet


here = _Here()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record: ``when`` in seconds since the epoch, ``text`` with its traceback, if it has one.

    ``request`` is the identifier of the request that it was logged in, if any.
    """

    when: float
    level: str
    logger: str
    text: str
    request: str = ""


class _NoLock:
    """Stands where ``logging`` wants a lock."""

    def acquire(self) -> None:
        """Nothing to wait for."""

    def release(self) -> None:
        """Nobody waits."""

    def __enter__(self) -> None:
        """As in ``acquire``."""

    def __exit__(self, *_: object) -> None:
        """As in ``release``."""


class LogKeeper(logging.Handler):
    """Keeps the latest records as text, so that no traceback holds on to an app that was replaced."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=KEPT)
        self._users = 0
        self._users_lock = threading.Lock()

    def createLock(self) -> None:  # noqa: N802  (logging calls it so)
        """A view may be interrupted while it holds a lock; adding to a deque needs none."""
        self.lock = _NoLock()  # type: ignore[assignment]  # used as a context alone

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record; one whose arguments do not fit its message is kept as it stands."""
        try:
            text = self.format(record)
        except (TypeError, ValueError, KeyError):
            text = f"{record.msg} {record.args}"
        self._keep(LogLine(record.created, record.levelname, record.name, text, _request()))

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
            self._keep(LogLine(time.time(), "ERROR", "wsgi.errors", text.rstrip(), _request()))
        return len(text)

    def _keep(self, line: LogLine) -> None:
        self._lines.append(line)
        if here.note is not None:
            here.note.logs(f"{line.level}: {line.text}")

    def keep_printed(self, text: str, stream: str) -> None:
        """Keep what was printed outside of a request, whole lines at a time."""
        whole, end, begun = (here.begun + text).rpartition("\n")
        if not end and len(begun) > LONGEST:
            whole, begun = begun, ""
        here.begun = begun[:LONGEST]
        if whole.strip():
            level = "ERROR" if stream == "stderr" else "INFO"
            self._lines.append(LogLine(time.time(), level, "print", whole[:LONGEST]))

    def writelines(self, lines: list[str]) -> None:
        """Keep several pieces of text."""
        self.write("".join(lines))


def _request() -> str:
    return here.note.request_id if here.note is not None else ""


keeper = LogKeeper()
"""The one of this process."""
