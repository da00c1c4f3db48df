"""What a line of the traffic says in each column, and which lines a filter lets through; without Qt."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from playground.core.trips import Line, Trip

WINDOW = "this window"
PREVIEW = "the preview"
MACHINE = "this machine"
NETWORK = "the network"
NO_MATCH = "no match"
STATUSES = {"2xx": 2, "3xx": 3, "4xx": 4, "5xx": 5}
FAILED = "failed"
_HERE = ("127.0.0.1", "::1")
"""The addresses by which programs of one machine speak to each other."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which lines are shown; an empty field lets every line through.

    ``words`` must all be in the path, in any order and case. ``status`` is ``2xx`` to ``5xx`` or ``failed``.
    ``client`` is as the column *From* says it, or ``the network`` for all other machines; ``route`` an
    endpoint or ``no match``.
    """

    words: tuple[str, ...] = ()
    method: str = ""
    status: str = ""
    client: str = ""
    route: str = ""

    @classmethod
    def of(cls, text: str, method: str = "", status: str = "", client: str = "", route: str = "") -> Sieve:
        """The sieve for what was typed and chosen."""
        return cls(tuple(text.casefold().split()), method, status, client, route)

    def passes(self, line: Line) -> bool:
        """Whether this line is shown."""
        if self.method and line.method != self.method:
            return False
        if self.status and not self._is_of_status(line.status):
            return False
        if self.client and not self._is_from_client(line):
            return False
        if self.route and (line.endpoint or NO_MATCH) != self.route:
            return False
        if not self.words:
            return True
        path = line.path.casefold()
        return all(word in path for word in self.words)

    def _is_from_client(self, line: Line) -> bool:
        return is_from_network(line) if self.client == NETWORK else sender(line) == self.client

    def _is_of_status(self, status: int) -> bool:
        if self.status == FAILED:
            return failed(status)
        return status // 100 == STATUSES[self.status]


def failed(status: int) -> bool:
    """Whether a request ended in an error, or in no answer at all."""
    return status >= 400 or status == 0


def sender(line: Line | Trip) -> str:
    """Who asked: a preview in this window, the window itself, another program here, or an address."""
    if line.preview:
        return PREVIEW
    if line.window:
        return WINDOW
    return MACHINE if line.client in _HERE else line.client or "unknown"


def is_from_network(line: Line | Trip) -> bool:
    """Whether another machine asked."""
    return not (line.preview or line.window) and line.client not in (*_HERE, "")


def clock(started: float) -> str:
    """The time of day, as this machine's clocks show it."""
    return time.strftime("%H:%M:%S", time.localtime(started))


def moment(started: float) -> str:
    """Day and time to the millisecond."""
    whole = time.strftime("%d %B %Y, %H:%M:%S", time.localtime(started))
    return f"{whole}.{int(started % 1 * 1000):03}"


def route_words(line: Line, allowed: str = "") -> tuple[str, bool]:
    """What the column *Route* says, and whether that names a route.

    ``allowed`` are the methods that a 405 names, as its ``Allow`` header has them.
    """
    if line.endpoint:
        return line.endpoint, True
    if line.status == 405:
        methods = [name for name in allowed.replace(",", " ").split() if name not in ("HEAD", "OPTIONS")]
        return (f"{', '.join(methods)} only" if methods else "another method"), False
    if 300 <= line.status < 400:
        return "redirect", False
    return NO_MATCH, False


def status_words(status: int) -> str:
    """``404``; of a request that got no answer, a word."""
    return str(status) if status else "none"


@lru_cache(maxsize=128)
def status_meaning(status: int) -> str:
    """``404 Not Found``."""
    if not status:
        return "No answer"
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
