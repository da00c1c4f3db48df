"""How long a view may take: what can be a limit, how it is kept, and how a person writes and reads it."""

from __future__ import annotations

import math
import threading

from playground.core.problems import refuse
from playground.session.home import Home

LIMIT_KEY = "request_limit"
DEFAULT_LIMIT = 30.0
LEAST, MOST = 0.1, 24 * 3600.0
HINT = "Write a number of seconds from 0.1 to 86400 (a day), or 0 for no limit."


def check_limit(seconds: float | None) -> float | None:
    """The limit in seconds, None for no limit.

    Raises:
        ProblemError: it is none that a server can keep.
    """
    if seconds is None:
        return None
    if not math.isfinite(seconds) or not LEAST <= seconds <= MOST:
        raise refuse(f"{seconds:g} can't be a time limit.", HINT, field="limit")
    return float(seconds)


def read_limit(text: str) -> float | None:
    """The limit that a person wrote in seconds: ``30``, ``2.5``, ``10 s``; ``0`` is for no limit.

    Raises:
        ProblemError: it is no number, or one that can't be a limit.
    """
    words = text.strip().lower()
    if words in ("none", "no", "off"):
        return None
    number = words.removesuffix("seconds").removesuffix("s").strip().replace(",", ".")
    try:
        seconds = float(number)
    except ValueError:
        said = f'"{text.strip()}" is not a number of seconds.' if words else "There is no number."
        raise refuse(said, HINT, field="limit") from None
    return check_limit(seconds or None)


def kept_limit(home: Home) -> float | None:
    """The limit that was kept; the default where there is none, or where the file was changed to nonsense."""
    kept = home.get(LIMIT_KEY, DEFAULT_LIMIT)
    if kept is None:
        return None
    if isinstance(kept, bool) or not isinstance(kept, int | float) or not LEAST <= kept <= MOST:
        return DEFAULT_LIMIT
    return float(kept)


class KeptLimit:
    """The limit that holds in this program, read from where it is kept when it is first asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._known: list[float | None] = []  # one, once it is

    @property
    def seconds(self) -> float | None:
        """The limit, None for none; from any thread."""
        with self._lock:
            if not self._known:
                self._known = [kept_limit(self._home)]
            return self._known[0]

    @seconds.setter
    def seconds(self, limit: float | None) -> None:
        with self._lock:
            self._known = [limit]
