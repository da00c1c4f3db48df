"""The thread on which the Shell's statements run, one after the other, and how one is stopped.

It stays the same from statement to statement, as a database connection may be used only by the thread that
opened it. A statement is interrupted as a view is (see ``guard``). One that sits in a single call into C
can't be: its thread is left behind, ends by itself as soon as the call does, and a new one takes its place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from playground.server.guard import Watch
from playground.server.switching import switching
from playground.server.workers import STACK

GRACE = 1.0
"""Seconds that a statement has to end once it was told to stop; then it is left behind."""
AGAIN = 0.02
"""Seconds between two interruptions of one that does not."""
LAST = 30.0
"""Seconds for which it is still tried to interrupt what was left behind, until it is sure to end one day."""

Work = Callable[[Watch], None]


class Lane:
    """One thread and its queue."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._watch: Watch | None = None
        self._left_behind = self._interrupted = False
        self._thread = threading.Thread(target=self._run, name="playground-shell", daemon=True)
        before = threading.stack_size(STACK)
        try:
            self._thread.start()
        finally:
            threading.stack_size(before)

    def put(self, work: Work) -> None:
        """Do it after what is queued."""
        self._queue.put(work)

    def end(self, seconds: float) -> None:
        """End the thread after what is queued, and wait so long for it at most."""
        self._queue.put(None)
        self._thread.join(seconds)

    def interrupt(self, ended: threading.Event, seconds: float) -> bool:
        """Interrupt the work that sets ``ended`` when it is over; whether it is within so many seconds."""
        for _ in range(max(1, round(seconds / AGAIN))):
            if ended.is_set():
                return True
            self._touch()
            if ended.wait(AGAIN):
                return True
        return False

    def leave_behind(self) -> None:
        """Do nothing more on this thread once it is free."""
        self._left_behind = True
        self._queue.put(None)
        switching.hurry(False, self)

    def haunt(self, ended: threading.Event) -> None:
        """See to it that what was left behind ends as soon as its call does."""
        for _ in range(round(LAST / AGAIN)):
            if self._interrupted or ended.wait(AGAIN):
                return
            self._touch()

    def _touch(self) -> None:
        watch = self._watch
        if watch is not None and watch.touch(watch.interrupt, watch.since):
            self._interrupted = True

    def _run(self) -> None:
        self._watch = Watch()
        while (work := self._queue.get()) is not None and not self._left_behind:
            self._interrupted = False
            switching.hurry(True, self)
            try:
                work(self._watch)
            finally:
                switching.hurry(False, self)
