"""When Python looks for garbage: not while much is being made, and not through what stays.

Looking holds every thread of the process, some 0.25 µs for each object that there is: 20 ms for the window
and a small project, half a second for one of 10,000 routes. So nothing looks while a project is being loaded,
and what has been loaded is set aside (``gc.freeze``) where later looks pass over it. What a replaced version
of the app leaves behind is looked for by ``sweep``.

Whichever thread looks also frees what it finds, and a widget that is freed by any other thread than the
window's can end the process. So where there is a window, its thread alone looks: ``tend``. An app that
calls ``gc.collect`` or ``gc.enable`` only wishes for it.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 0.06
"""Seconds that a sweep may hold up the process; one that takes longer waits until there is much to find."""
MUCH = 1.5
"""How many times as much as after the last sweep there has to be for that."""
RATE = 0.3e-6
"""Seconds for each object, until a sweep has been measured."""
SHARE = 0.02
"""Of the window's time, that looking through all that is not set aside may take."""
OFTEN = 3
"""How many times as often as Python would it looks at what is not quite new, which takes a third of the time:
where hundreds of requests arrive in a second, the window is then held up by less."""

_enable, _collect = gc.enable, gc.collect
"""Python's own."""


class Heap:
    """The garbage collector of this process, for whoever makes or drops much at once. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = 0
        self._was_enabled = True
        self._rate = RATE
        self._lived = 0
        self._keeper: int | None = None  # the thread that alone looks
        self._asked = False
        self._wished = False
        self._next_whole = 0.0

    @property
    def kept(self) -> bool:
        """Whether one thread alone looks."""
        return self._keeper is not None

    def keep_here(self) -> None:
        """From now on the calling thread alone looks for garbage, whenever it calls ``tend``."""
        with self._lock:
            self._keeper = threading.get_ident()
            self._was_enabled = False
            gc.disable()
            gc.enable, gc.collect = self._stay_off, self._wish

    def _stay_off(self) -> None:
        """Stands in for ``gc.enable``, which would let every thread look."""

    def _wish(self, generation: int = 2) -> int:
        """Stands in for ``gc.collect``: any other thread only says that there may be much to find."""
        if self._keeper in {None, threading.get_ident()}:
            return _collect(generation)
        self._wished = True
        return 0

    def set_aside(self) -> None:
        """What there is now stays: later looks pass over it, which keeps them short."""
        with self._lock:
            gc.freeze()

    def tend(self) -> None:
        """Look as far as Python itself would by now; for the thread that keeps the heap, again and again."""
        if self._busy:
            return
        if self._asked:
            self._asked = False
            self._sweep()
        counts, limits = gc.get_count(), gc.get_threshold()
        began = time.monotonic()
        due = counts[0] > limits[0]
        if (self._wished or (due and counts[2] > limits[2] * OFTEN)) and began >= self._next_whole:
            self._wished = False
            _collect()
            ended = time.monotonic()
            self._next_whole = ended + (ended - began) / SHARE
        elif due:
            _collect(1 if counts[1] > limits[1] // OFTEN else 0)

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Nothing is looked for while the body runs, and what it made is set aside."""
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
                if self._busy == 0:
                    gc.freeze()
                    if self._was_enabled:
                        _enable()

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

    def sweep(self) -> bool:
        """Free what a replaced version left behind; False where that would take long and can wait.

        Where another thread keeps the heap, that one does it when it tends it next.
        """
        if self._keeper not in {None, threading.get_ident()}:
            self._asked = True
            return False
        return self._sweep()

    def _sweep(self) -> bool:
        with self._lock:
            gc.freeze()
            objects = gc.get_freeze_count()
            self._lived = self._lived or objects
            if objects * self._rate > LONGEST and objects < MUCH * self._lived:
                return False
            began = time.thread_time()  # whoever else computes just now is not to be counted
            gc.unfreeze()
            _collect()
            gc.freeze()
            self._rate = (time.thread_time() - began) / max(objects, 1)
            self._lived = gc.get_freeze_count()
            return True

    def release(self) -> None:
        """All is over: nothing is set aside any more, and any thread may look again.

        For the thread that keeps the heap, after the last widget is gone: it frees here what they leave.
        """
        with self._lock:
            self._rate, self._lived, self._asked = RATE, 0, False
            gc.unfreeze()
            if self._keeper is not None:
                _collect()
                gc.enable, gc.collect = _enable, _collect
                self._keeper, self._was_enabled = None, True
                if not self._busy:
                    _enable()


heap = Heap()
"""The one of this process."""
