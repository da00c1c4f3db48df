"""The only bridge between threads: runs a callable on a lane, delivers result or error on the GUI thread.

A lane is a queue with one or a few worker threads. The workers are daemons and hold no QObject but through
the post box, which is closed at shutdown: a job that never ends can neither keep the process alive nor
reach a window that is gone.

What a job holds (callables of widgets, its result, an exception with all its frames) is let go of on the
GUI thread, never by a worker that happens to be the last who knows the job: a widget freed there may end the
process.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QMetaMethod, QObject, Qt, Signal, Slot

T = TypeVar("T")
P = TypeVar("P")

LANES = {"project": 1, "app": 1, "network": 4, "versions": 1, "shell": 1}
"""Each lane and how many of its jobs may run at the same time."""

_unended: set[Job] = set()
"""Jobs that were not done at shutdown: kept for good, since else their workers would free what they hold."""


class Job:
    """One piece of work on its way; ``cancel`` forgets it."""

    def __init__(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None] | None,
        key: object = None,
    ) -> None:
        self.work, self.done, self.failed, self.key = work, done, failed, key
        self.result: Any = None
        self.error: BaseException | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Neither ``done`` nor ``failed`` will be called; work that has not begun will not begin."""
        self.cancelled = True

    def perform(self) -> None:
        """Do the work on this thread and keep what came of it."""
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001  (it travels to the GUI thread, SystemExit of user code too)
            self.error = error

    def let_go(self) -> None:
        """All is done: hold nothing any more."""
        self.work, self.done, self.failed = _nothing, _nothing, None
        self.result = self.error = None


def _nothing(*_: object) -> None:
    pass


def reaches(callback: Callable[..., object]) -> bool:
    """Whether every QObject that a method or a closure is about is still there: a page may be closed."""
    cells = getattr(callback, "__closure__", None) or ()
    about = [getattr(callback, "__self__", None), *(cell.cell_contents for cell in cells)]
    return all(shiboken6.isValid(one) for one in about if isinstance(one, QObject))


class PostBox(Generic[P]):
    """Where other threads leave something for the window until it is closed; ``deliver`` emits a signal."""

    def __init__(self, deliver: Callable[[P], None]) -> None:
        self._lock = threading.Lock()
        self._deliver: Callable[[P], None] | None = deliver

    def post(self, what: P) -> None:
        """Leave it, from any thread."""
        with self._lock:
            if self._deliver is not None:
                self._deliver(what)

    def close(self) -> None:
        """What is posted from now on is dropped: who would get it may be gone."""
        with self._lock:
            self._deliver = None


class _Lane:
    """A queue and the threads that empty it, started when there is something to do."""

    def __init__(self, name: str, size: int, box: PostBox[Job]) -> None:
        self._name, self._size, self._box = name, size, box
        self._queue: deque[Job] = deque()
        self._wake = threading.Condition()
        self._waiting = 0
        self._open = True
        self._threads: list[threading.Thread] = []

    def put(self, job: Job) -> list[Job]:
        """Queue a job; returns the older ones of the same key that it takes the place of."""
        with self._wake:
            replaced = [old for old in self._queue if job.key is not None and old.key == job.key]
            for old in replaced:
                self._queue.remove(old)
            self._queue.append(job)
            if len(self._queue) > self._waiting and len(self._threads) < self._size:
                self._start_worker()
            self._wake.notify()
        return replaced

    def close(self) -> list[threading.Thread]:
        """Forget what is queued and let the workers end; returns them."""
        with self._wake:
            self._open = False
            self._queue.clear()
            self._wake.notify_all()
            return self._threads

    def _start_worker(self) -> None:
        name = f"jobs.{self._name}.{len(self._threads)}"
        thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if not job.cancelled:
                job.perform()
            self._box.post(job)

    def _next(self) -> Job | None:
        with self._wake:
            self._waiting += 1
            self._wake.wait_for(lambda: self._queue or not self._open)
            self._waiting -= 1
            return self._queue.popleft() if self._open else None


class Jobs(QObject):
    """Runs work on lanes. Made on the GUI thread, used from it alone.

    ``unexpected`` carries an exception that nobody handles: of a job without ``failed``, or of a callback.
    ``settled`` is emitted when the last job has been delivered.
    """

    unexpected = Signal(object)
    settled = Signal()
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, lanes: dict[str, int] | None = None) -> None:
        super().__init__(parent)
        self._box = PostBox[Job](self._finished.emit)
        self._lanes = {name: _Lane(name, size, self._box) for name, size in (lanes or LANES).items()}
        self._under_way: set[Job] = set()
        self._undelivered: set[Job] = set()  # what was under way at shutdown
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting to be delivered."""
        return not self._under_way

    def run(
        self,
        lane: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> Job:
        """Do ``work`` on a lane, then call ``done`` with its result or ``failed`` with its exception."""
        return self._put(lane, Job(work, done, failed))

    def latest(
        self,
        lane: str,
        key: object,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> Job:
        """As ``run``, in place of a job of the same key that is still queued; one that runs is let be."""
        return self._put(lane, Job(work, done, failed, key))

    def shutdown(self, wait_ms: int = 2000) -> bool:
        """Deliver nothing any more and end the workers; False when some did not end in that time."""
        self._closed = True
        self._box.close()
        self._undelivered |= self._under_way
        self._under_way.clear()
        deadline = time.monotonic() + wait_ms / 1000
        threads = [thread for lane in self._lanes.values() for thread in lane.close()]
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        ended = not any(thread.is_alive() for thread in threads)
        self._keep_or_let_go(ended)
        return ended

    def _keep_or_let_go(self, ended: bool) -> None:
        if not ended:
            _unended.update(self._undelivered)
            return
        _unended.difference_update(self._undelivered)
        while self._undelivered:
            self._undelivered.pop().let_go()

    def _put(self, lane: str, job: Job) -> Job:
        if self._closed:
            job.cancel()
            return job
        self._under_way.add(job)
        for replaced in self._lanes[lane].put(job):
            replaced.cancel()
            replaced.let_go()
            self._under_way.discard(replaced)
        return job

    @Slot(object)
    def _deliver(self, job: Job) -> None:
        """Hand over what came of a job, on the GUI thread."""
        if self._closed:
            return
        try:
            if not job.cancelled:
                self._hand_over(job)
        except Exception as error:  # noqa: BLE001  (a bug in a callback: told, never lost)
            self._tell(error)
        finally:
            job.let_go()
            self._under_way.discard(job)
            if not self._under_way and not self._closed:
                self.settled.emit()

    def _hand_over(self, job: Job) -> None:
        if job.error is None:
            job.done(job.result)
        elif job.failed is not None:
            job.failed(job.error)
        else:
            self._tell(job.error)

    def _tell(self, error: BaseException) -> None:
        if self.isSignalConnected(QMetaMethod.fromSignal(self.unexpected)):
            self.unexpected.emit(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)
