"""How soon Python's threads take turns, while a window has to stay smooth beside the project's code.

Python's own 5 ms make the window stutter while views compute; a fifth of it does not. Where a view goes on
computing (a loop without end, until its time is over), or a crowd asks, the window would still have to wait
for several such turns, so they get shorter once more; for good they would cost requests too much.
"""

from __future__ import annotations

import sys
import threading

from playground.server import fences

INTERVAL = 0.001
"""Seconds, while at least one server runs."""
SHORT = 0.0001
"""Seconds, while a view goes on and on, or a crowd waits for answers."""


class Switching:
    """Python's switch interval, shortened while at least one server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers = 0
        self._before = 0.0
        self._hurrying: set[object] = set()  # who wants short turns
        self.wanted = True

    def begin(self) -> None:
        """A server starts."""
        with self._lock:
            if self._servers == 0 and self.wanted:
                self._before = sys.getswitchinterval()
                self._set()
            self._servers += 1

    def _set(self) -> None:
        fences.set_switch_interval(SHORT if self._hurrying else INTERVAL)

    def hurry(self, now: bool, who: object = "views") -> None:
        """Some view goes on and on, or a statement of the Shell, or a crowd waits; or none does any more."""
        with self._lock:
            if now == (who in self._hurrying):
                return
            if now:
                self._hurrying.add(who)
            else:
                self._hurrying.remove(who)
            if self._before:
                self._set()

    def end(self) -> None:
        """A server stopped."""
        with self._lock:
            self._servers -= 1
            if self._servers == 0 and self._before:
                fences.set_switch_interval(self._before)
                self._before = 0.0
                self._hurrying.discard("views")


switching = Switching()
"""That of this process."""


def serve_without_window(alone: bool) -> None:
    """Say before a server starts that there is no window to keep smooth: requests are then served quicker."""
    switching.wanted = not alone
