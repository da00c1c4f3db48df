"""Running the top of a project's files where it can be left behind.

An import that loops is stopped from outside. One that waits inside a call into C, for a network that does not
answer or in ``time.sleep(3600)``, cannot be, and the edit that mends it must not wait for it: so it runs on a
thread of its own, which is left there when its time is over. Not so on the main thread, where ``playground
serve`` loads: what a file does at its top may need that thread (``signal.signal``).
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType, ModuleType, TracebackType
from typing import Generic, TypeVar

from playground.server.guard import Watch
from playground.server.stopping import TimeLimit, TookTooLongError, line_or_first

T = TypeVar("T")

LET_GO = 0.5
"""Seconds that an import has to end once its time is over."""
AGAIN = 0.02
"""Seconds between two interruptions of one that does not."""


def run(work: Callable[[], T], limit: float, begun: Callable[[TimeLimit | Apart[T]], None]) -> T:
    """Do the work within ``limit`` seconds; ``begun`` gets what can bring its end forward.

    Raises ``TookTooLongError`` when it did not end in time; its traceback says where it was.
    """
    if threading.current_thread() is threading.main_thread():
        with TimeLimit(limit) as bounded:
            begun(bounded)
            return work()
    apart = Apart(work, limit)
    begun(apart)
    return apart.result()


class Apart(Generic[T]):
    """One piece of work on a thread of its own, and the time when it has to be over."""

    def __init__(self, work: Callable[[], T], seconds: float) -> None:
        self._work = work
        self._deadline = time.monotonic() + seconds
        self._changed = threading.Condition()
        self._watch: Watch | None = None
        self._done = False
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="playground-import", daemon=True)

    def end_within(self, seconds: float) -> None:
        """Be over that many seconds from now."""
        with self._changed:
            self._deadline = time.monotonic() + seconds
            self._changed.notify_all()

    def result(self) -> T:
        """Wait for the end of the work, or of its time."""
        self._thread.start()
        with self._changed:
            while not self._done and (left := self._deadline - time.monotonic()) > 0:
                self._changed.wait(left)
            last = time.monotonic() + LET_GO
            while not self._done and time.monotonic() < last:
                if self._watch is not None:
                    self._watch.touch(self._watch.interrupt, self._watch.since)
                self._changed.wait(AGAIN)
            if not self._done:
                raise TookTooLongError().with_traceback(self._where())
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        watch = self._watch = Watch()
        try:
            self._results.append(watch.call(self._work))
        except BaseException as error:  # noqa: BLE001  it is raised where the result is waited for
            self._error = error
        with self._changed:
            self._done = True
            self._changed.notify_all()

    def _where(self) -> TracebackType | None:
        """The traceback that an interruption would have had."""
        frame: FrameType | None = sys._current_frames().get(self._thread.ident or 0)
        trace: TracebackType | None = None
        while frame is not None:
            trace = TracebackType(trace, frame, max(frame.f_lasti, 0), line_or_first(frame.f_lineno, frame))
            frame = frame.f_back
        return trace


def disown(modules: Iterable[ModuleType]) -> None:
    """Cut modules off whose import may still be going on: it must neither hold up nor undo the next one.

    Python has a lock for each name that is being imported, and takes the name out of ``sys.modules`` when an
    import fails, however late.
    """
    locks = getattr(importlib._bootstrap, "_module_locks", {})
    for module in modules:
        spec = module.__spec__
        if spec is not None and getattr(spec, "_initializing", False):
            locks.pop(spec.name, None)
            spec.name = f"{spec.name} (left behind)"
