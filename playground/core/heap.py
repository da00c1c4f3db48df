"""When Python looks for garbage: not while much is being made, and not through what stays.

Looking holds every thread of the process, some 0.25 µs for each object that there is: 20 ms for the window
and a small project, half a second for one of 10,000 routes. So nothing looks while a project is being loaded,
and what has been loaded is set aside (``gc.freeze``) where later looks pass over it. What a replaced version
of the app leaves behind is looked for by ``sweep``.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 0.06
"""Seconds that a sweep may hold up the process each time; a longer one waits until there is much to find."""
PATIENCE = 4
"""How many versions may pile up before they are swept at any price."""


class Heap:
    """The garbage collector of this process, for whoever makes or drops much at once. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = 0
        self._was_enabled = True
        self._took = 0.0
        self._waiting = 0

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Nothing is looked for while the body runs."""
        with self._lock:
            if self._busy == 0:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                if self._busy == 0 and self._was_enabled:
                    gc.enable()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """The collector's questions (``gc.get_referrers``) see what was set aside as well."""
        with self._lock:
            aside = gc.get_freeze_count() > 0
            if aside:
                gc.unfreeze()
            try:
                yield
            finally:
                if aside:
                    gc.freeze()

    def set_aside(self) -> None:
        """What there is now stays: later looks pass over it."""
        with self._lock:
            gc.freeze()

    def sweep(self) -> bool:
        """Free what a replaced version left behind; False where that would take long and can wait."""
        with self._lock:
            self._waiting += 1
            if self._took > LONGEST and self._waiting < PATIENCE:
                gc.freeze()
                return False
            began = time.perf_counter()
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._took, self._waiting = time.perf_counter() - began, 0
            return True

    def release(self) -> None:
        """The project is closed: nothing is set aside any more."""
        with self._lock:
            self._took, self._waiting = 0.0, 0
            gc.unfreeze()


heap = Heap()
"""The one of this process."""
