"""The time limit of a request: a view that passes it is stopped where it is, or left behind.

A worker of the server has one ``Watch`` for life. ``Watch.call`` is the only place where the project's code
runs while it can be interrupted, and when it returns no interruption can come any more: waitress's locks and
the next request are safe from it. One thread of the ``Guard`` sleeps until the first request is due. It
raises ``TookTooLongError`` in the view, again while the view catches it; a view that sits in one long call
into C is abandoned: the client gets its answer from here, and the worker is replaced (see ``live``).

What makes this safe is Python's own lock: a thread changes hands, and an exception from outside arrives, only
at a call, at a jump back or while waiting, never between two plain stores.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from waitress.channel import ClientDisconnected

from playground.server.stopping import TookTooLongError, holds_locks, interrupt, uninterrupt
from playground.server.switching import switching

LIMIT = 30.0
"""Seconds that a request may take."""
GRACE = 1.0
"""Seconds in which a view that passed the limit has to stop; then it is abandoned."""
AGAIN = 0.05
"""Seconds after which an interruption that was caught is repeated."""
SOON = 0.003
"""Seconds until the next try, where the view is in code that must not be interrupted."""
LATER = 1.0
"""Seconds between two tries to end what was abandoned."""
SLOW = 0.25
"""Seconds after which a view is one that goes on and on: threads then take turns sooner, for the window."""
IDLE = 2.0
"""Seconds without a request after which the guard's thread ends."""

_log = logging.getLogger(__name__)
_monotonic = time.monotonic

_TRACING = str(Path(__file__).with_name("tracing.py"))
_NEAR = 12
"""Frames within which a trace function and what it calls are found."""


class AbandonedError(ClientDisconnected):  # type: ignore[misc]  # waitress has no types
    """The request was answered by the guard meanwhile; waitress lets go of it as of a client that left."""


class Watch:
    """What the guard knows of one worker thread and the request on it."""

    def __init__(self, channel: Any = None) -> None:
        self.thread = threading.get_ident()
        self.channel = channel  # of waitress, while it serves a request
        self.guard: Guard | None = None
        self.request = ""  # method and path, for the log
        self.on_abandoned: Callable[[], None] | None = None
        self.gone = False
        self.abandoned = False
        self.shared = False  # whether the answer goes to the network
        self.since = 0.0
        self.inside = False
        self.late_since = 0.0
        self.retry_at = 0.0
        self.lock = threading.Lock()
        self._touched = False

    def begin(self, channel: Any) -> None:
        """A request begins on this worker."""
        self.channel = channel
        self.abandoned = False

    def end(self) -> None:
        """The request is over."""
        self.channel = self.on_abandoned = None
        self.leave()

    def call(self, function: Callable[..., Any], *given: Any) -> Any:
        """Run code of the project, interruptible; once this returned, nothing can arrive any more."""
        self.late_since = self.retry_at = 0.0
        self.since = _monotonic()
        self.inside = True
        try:
            if self.guard is not None and not self.guard.armed:
                self.guard.arm()  # after we are inside: who goes to sleep looks the other way round
            result = function(*given)
            self.inside = False
            if not self._touched:
                return result
        except BaseException:
            self.inside = False
            self._leave_surely()
            raise
        self._leave_surely()
        return result

    def _leave_surely(self) -> None:
        """At most one exception can still be on its way; it may arrive at any step of ``leave``."""
        try:
            self.leave()
        except TookTooLongError:
            self.leave()
        if self.abandoned:
            raise AbandonedError

    def leave(self) -> None:
        """Wait for the guard to take its hands off, and take back what has not arrived yet."""
        self.inside = False
        if self._touched:
            with self.lock:
                uninterrupt(self.thread)
                self._touched = False

    # -- by the guard, on its own thread -----------------------------------------------------------

    def touch(self, act: Callable[[], bool], since: float) -> bool:
        """Do something to the request of ``since``, if it is still in the project's code."""
        with self.lock:
            self._touched = True  # before we look: who leaves looks the other way round
            return self.inside and self.since == since and act()

    def frame(self) -> FrameType | None:
        """Where the worker is."""
        return sys._current_frames().get(self.thread)

    def interrupt(self) -> bool:
        """Raise the exception in the view, unless it is in code that holds locks of the process."""
        if _is_unsafe(self.frame()):
            return False
        interrupt(self.thread, TookTooLongError)
        return True


def _is_unsafe(frame: FrameType | None) -> bool:
    """Whether it, or what its trace function was called for, must not be interrupted."""
    if frame is None:
        return True
    followed = _followed(frame)
    return holds_locks(frame.f_code) or (followed is not None and holds_locks(followed.f_code))


def _followed(frame: FrameType | None) -> FrameType | None:
    """The frame that X-ray's trace function looks at: what is raised in that function is raised there."""
    found = None
    for _ in range(_NEAR):
        if frame is None:
            break
        if frame.f_code.co_filename == _TRACING:
            found = frame.f_back
        frame = frame.f_back
    return found


class Unwatched:
    """Stands in where the request is not on a worker of our server, as in a test client."""

    abandoned = False

    def call(self, function: Callable[..., Any], *given: Any) -> Any:
        """Run it."""
        return function(*given)


class Guard:
    """Looks after the requests of one app. ``limit`` may be set at any time, None switches it off."""

    def __init__(
        self, page: Callable[[FrameType | None, str, bool], bytes], limit: float | None = LIMIT
    ) -> None:
        """``page`` makes the answer for a request that was left behind: from the frame that it is in, the
        request, and whether it came from the network."""
        self._page = page
        self._limit = limit
        self._watches: set[Watch] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.armed = False
        self._closed = False

    @property
    def limit(self) -> float | None:
        """Seconds that a request may take; with an answer in parts, each part."""
        return self._limit

    @limit.setter
    def limit(self, seconds: float | None) -> None:
        self._limit = seconds
        self._wake.set()

    def watch(self, watch: Watch, request: str) -> None:
        """Look after the request that begins on this worker."""
        watch.request = request
        if watch.guard is not self:
            watch.guard = self
            with self._lock:
                self._watches.add(watch)

    def close(self) -> None:
        """No more requests come; what is still running is no longer ours."""
        with self._lock:
            self._closed = True
            thread = self._thread
        self._wake.set()
        if thread is not None:
            thread.join(1.0)

    def arm(self) -> None:
        """Wake up: a request is under way."""
        with self._lock:
            self.armed = True
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="playground-guard", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.clear()
            wait = self._look()
            if wait is None:
                self.armed = False  # and look once more: a request may have begun without waking us
                wait = self._look()
            if wait is not None:
                self.armed = True
            woken = self._wake.wait(IDLE if wait is None else wait)
            with self._lock:
                if self._closed or (wait is None and not woken and not self.armed):
                    self._thread = None
                    return

    def _look(self) -> float | None:
        """Do what is due; seconds until something else is, None where no request is under way."""
        with self._lock:
            self._watches -= {watch for watch in self._watches if watch.gone or watch.guard is not self}
            watches = [watch for watch in self._watches if watch.inside]
        now = _monotonic()
        slow = [watch for watch in watches if now - watch.since > SLOW]
        switching.hurry(bool(slow))
        if not watches:
            return None
        limit = self._limit
        due = [self._look_at(watch, limit) for watch in watches]
        return max(0.001, min(*due, LATER if slow else SLOW))

    def _look_at(self, watch: Watch, limit: float | None) -> float:
        since, now = watch.since, _monotonic()
        if limit is None and not watch.abandoned:
            return 60.0
        left = max(since + (limit or 0.0), watch.retry_at) - now
        if left > 0:
            return left
        if watch.late_since < since:
            watch.late_since = now
        late = now - watch.late_since
        if not watch.abandoned and late > GRACE:
            self._abandon(watch, since)
        sent = watch.touch(watch.interrupt, since) or late > GRACE
        pause = AGAIN if late < 3 * GRACE else LATER
        watch.retry_at = now + (pause if sent else SOON)
        return watch.retry_at - now

    def _abandon(self, watch: Watch, since: float) -> None:
        page = self._page(watch.frame(), watch.request, watch.shared)
        request, channel, before = watch.request, watch.channel, watch.on_abandoned

        def act() -> bool:
            watch.abandoned = channel is not None and channel.answer_instead(page, before)
            return watch.abandoned

        if watch.touch(act, since):
            _log.error("%s was left behind: it did not stop when its time was over.", request)
