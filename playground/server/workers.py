"""The threads that run the project's code, and the connections that they answer.

Waitress's own, with three things added: each worker is watched and can be left behind (see ``guard``), there
are more of them while views keep the others busy, and a crowd from the network leaves room for this machine.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ThreadedTaskDispatcher, WSGITask

from playground.server import output
from playground.server.gate import DOOR, NETWORK, Door
from playground.server.guard import Watch
from playground.server.slot import HEADERS, WATCH
from playground.server.stopping import TookTooLongError
from playground.server.switching import switching

_log = logging.getLogger(__name__)

WORKERS = 8
MOST = 64
"""Workers at most, where views keep the others busy; those that were left behind come on top."""
RESERVE = 8
"""How many more there may be for requests of this machine alone."""
MOST_HELD_UP = 100
"""Workers that come on top while they wait for clients who read slowly, at most."""
STARVED = 0.1
"""Seconds that a request waits while no worker gets free before there are more workers."""
SPARE = 4
"""How many more."""
CROWD = 32
"""Requests that wait for a worker from which on there is a crowd."""
ENOUGH = 1
"""Workers at work in a crowd, where all that they do is compute: Python lets one at a time, and the window's
thread waits for each that wants to."""
COMPUTING = 0.7
"""Of the time of one processor: what the process takes then."""
MEASURED = 0.25
"""Seconds for which that is measured."""
FOR_LONG = 5.0
"""Seconds for which all may work again, where that one did not get on."""
_ALL = 1_000_000
STACK = 64 * 1024 * 1024
"""Bytes of address space for the calls of a worker: deep recursion ends as an error, not with the process."""
ON_ITS_WAY = 1.0
"""Seconds that the first request of a connection may take to arrive, where the server is leaving."""
ENDING = 1.0
"""Seconds in which views that are interrupted at the end have to let go; what is left can't be stopped."""


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Tells the app which worker it is on, and the gate by which door the request came."""

    def get_environment(self) -> dict[str, Any]:
        """What the app is called with."""
        environ: dict[str, Any] = super().get_environment()
        environ[WATCH] = self.channel.watch
        environ[HEADERS] = self.request.headers
        door: Door = self.channel.server.door
        target = self.request.proxy_netloc
        environ[DOOR] = door._replace(target=target) if target else door
        if door.shared:
            environ[NETWORK] = True
        if self.channel.is_last:
            self.set_close_on_finish()
        self.channel.task = self
        return environ

    def write(self, data: bytes) -> None:
        """Write some of the answer; the head goes out together with the first of it."""
        if self.wrote_header:
            super().write(data)
            return
        self.channel.held = b""
        try:
            super().write(data)
        except BaseException:
            self.channel.held = None
            raise
        self.channel.release()


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that can be answered from outside when the worker that should do it does not."""

    task_class = Task
    watch: Watch
    task: Task | None = None
    held: bytes | None = None
    """The head of an answer, where it waits for the first of its body: one packet instead of two."""
    answered = False
    """Whether it was answered from outside; the worker has nothing more to say then."""
    has_asked = False
    held_up = False
    """Whether its worker waits for a client who reads slowly."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it is under way: no request has begun to come in, none is to be answered."""
        return not (self.requests or self.total_outbufs_len or self.request is not None)

    def is_new(self, now: float) -> bool:
        """Whether it was opened a moment ago and its first request is on its way; ``now`` by ``time``."""
        return not self.has_asked and 0 <= now - self.creation_time < ON_ITS_WAY

    @property
    def is_last(self) -> bool:
        """Whether the request that is served is the last one of a connection that is to end."""
        more = self.request is not None and self.request not in self.requests  # it comes in right now
        return self.server.leaving and len(self.requests) <= 1 and not more

    def write_soon(self, data: Any) -> int:
        """Send something, unless the answer was given without the worker.

        No lock is needed for that: a worker that is here is not in the project's code, and only one that is
        can be left behind.
        """
        if self.answered:
            raise ClientDisconnected
        if self.held is not None:
            self.held += data
            return len(data)
        self.held_up = self.total_outbufs_len > self.adj.outbuf_high_watermark
        try:
            written: int = super().write_soon(data)
        finally:
            self.held_up = False
        return written

    def release(self) -> None:
        """Send what was held."""
        held, self.held = self.held, None
        if held:
            self.write_soon(held)

    def service(self) -> None:
        """Serve the next request; an answer that broke off ends its connection."""
        self.has_asked = True
        try:
            super().service()
        except BaseException:
            self._cut()
            raise
        finally:
            self.task = None

    def _cut(self) -> None:
        with self.requests_lock:
            self.requests: list[Any] = []
            self.will_close = True
        self.server.pull_trigger()

    def answer_instead(self, page: bytes, before: Callable[[], None] | None = None) -> bool:
        """Answer for a worker that is stuck, and close; cut where some of its answer is sent already.

        ``before`` is called once it is sure, and before any of it can go out.
        """
        if not self.outbuf_lock.acquire(timeout=1):
            return False
        try:
            self.answered = True
            if before is not None:
                before()
            task = self.task
            if task is None or task.wrote_header:
                self.will_close = True
            else:
                body = b"" if task.request.command == "HEAD" else page
                self.outbufs[-1].append(_LATE_HEAD % len(page) + body)
                self.total_outbufs_len += len(_LATE_HEAD % len(page)) + len(body)
                self.close_when_flushed = True
        finally:
            self.outbuf_lock.release()
        self.server.pull_trigger()
        return True


_LATE_HEAD = (
    b"HTTP/1.1 504 Gateway Timeout\r\nConnection: close\r\n"
    b"Content-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
)


class Lanes:
    """Connections that wait for a worker: those of this machine take turns with the network's."""

    def __init__(self) -> None:
        self.own: deque[Any] = deque()
        self.shared: deque[Any] = deque()
        self._was_own = False

    def __len__(self) -> int:
        return len(self.own) + len(self.shared)

    def append(self, channel: Any) -> None:
        """It waits from now on."""
        (self.shared if channel.server.door.shared else self.own).append(channel)

    def popleft(self, own_only: bool = False) -> Any:
        """Who is next."""
        self._was_own = bool(self.own) and (own_only or not (self.shared and self._was_own))
        return (self.own if self._was_own else self.shared).popleft()


class Workers(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Waitress's workers: watched, all known, and more of them while views keep them busy."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Lanes()
        self._beyond = 0  # workers that can do nothing for others: left behind, or held up by their client
        self.known: dict[threading.Thread, Watch | None] = {}
        self._crowded = False
        self._most_at_work = _ALL
        self._measured = self._computed = self._all_until = 0.0
        self._taken = 0
        self._seen_taken = 0
        self._waiting_since = 0.0

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, args=(thread_no,), name=f"playground-view-{thread_no}")
        thread.daemon = True
        self.known[thread] = None
        before = threading.stack_size(STACK)
        try:
            thread.start()
        finally:
            threading.stack_size(before)

    def add_task(self, task: Any) -> None:
        """Queue a connection with a request; that others wait too is not worth a line of the log."""
        with self.lock:
            self.queue.append(task)
            if self.active_count < self._most_at_work:  # else who is at work takes it, too
                self.queue_cv.notify()

    def handler_thread(self, thread_no: int) -> None:
        """Serve one request after the other until there are too many of us."""
        watch = self.known[threading.current_thread()] = Watch()
        while (channel := self._next(thread_no)) is not None:
            channel.watch = watch
            watch.begin(channel)
            try:
                channel.service()
            except TookTooLongError:  # the answer had begun; it is logged already
                _log.debug("cut short: %r", channel)
            except BaseException:  # noqa: BLE001  it must not end the worker
                _log.exception("Exception when servicing %r", channel)
            finally:
                watch.end()
                output.end()
        watch.gone = True
        self.known.pop(threading.current_thread(), None)

    def _next(self, thread_no: int) -> Any:
        """The next connection with a request, None where this worker is to go home."""
        with self.lock:
            while not self._may_serve() and self.stop_count == 0:
                self.active_count -= 1
                self.queue_cv.wait()
                self.active_count += 1
            if self.stop_count > 0:
                self.active_count -= 1
                self.stop_count -= 1
                self.threads.discard(thread_no)
                self.thread_exit_cv.notify()
                return None
            self._taken += 1
            return self.queue.popleft(own_only=not self._may_serve_network())

    def _may_serve(self) -> bool:
        """Whether a worker that is free now is to take the next request."""
        if self.active_count > self._most_at_work:
            return False
        return bool(self.queue.own) or self._may_serve_network()

    def _may_serve_network(self) -> bool:
        """Whether somebody of the network waits, and some workers are left for this machine."""
        return bool(self.queue.shared) and self.active_count <= MOST + self._beyond

    def relieve(self) -> float:
        """Have more workers where none gets free, and fewer again; seconds until it should be asked again."""
        self._mind_the_crowd(len(self.queue))
        now, busy = time.monotonic(), self.active_count
        if len(self.queue):
            if self._taken != self._seen_taken or not self._waiting_since:
                self._seen_taken, self._waiting_since = self._taken, now
            elif now - self._waiting_since > STARVED:
                self._let_work(_ALL)  # those that are at work are so for long
                self._all_until = now + FOR_LONG
                self._beyond = self._count_beyond()
                most = MOST + self._beyond + (RESERVE if self.queue.own else 0)
                self.set_thread_count(min(max(WORKERS, busy + SPARE), most))
                self._waiting_since = now
            return STARVED
        self._waiting_since = 0.0
        wanted = max(WORKERS, busy + SPARE)
        if len(self.threads) - self.stop_count > wanted:
            self.set_thread_count(wanted)
        return 1.0

    def _mind_the_crowd(self, waiting: int) -> None:
        """While many wait for what is only computed, one worker does nearly as much, for a smooth window."""
        if (waiting >= CROWD) if not self._crowded else (waiting < CROWD // 4):
            self._crowded = not self._crowded
            switching.hurry(self._crowded, self)
        now = time.monotonic()
        if not self._crowded:
            self._let_work(_ALL)
        elif now - self._measured > MEASURED and now > self._all_until:
            computed = time.process_time()
            share = (computed - self._computed) / (now - self._measured)
            self._measured, self._computed = now, computed
            self._let_work(ENOUGH if share > COMPUTING else _ALL)

    def _let_work(self, most: int) -> None:
        """How many workers may be at work at once."""
        if most != self._most_at_work:
            with self.lock:
                self._most_at_work = most
                self.queue_cv.notify_all()

    def _count_beyond(self) -> int:
        watches = [watch for watch in list(self.known.values()) if watch is not None]
        held_up = sum(1 for watch in watches if getattr(watch.channel, "held_up", False))
        return sum(watch.abandoned for watch in watches) + min(held_up, MOST_HELD_UP)

    def end(self) -> None:
        """Send the workers home; interrupt views that would go on for ever."""
        self._mind_the_crowd(0)
        self.shutdown(timeout=0.2)
        deadline = time.monotonic() + ENDING
        stuck = self._alive()
        if stuck:
            _log.warning("A view was still running when the server stopped, and was interrupted.")
        while stuck and time.monotonic() < deadline:
            for watch in stuck.values():
                if watch is not None:
                    watch.touch(watch.interrupt, watch.since)
            next(iter(stuck)).join(0.01)
            stuck = self._alive()

    def _alive(self) -> dict[threading.Thread, Watch | None]:
        return {thread: watch for thread, watch in self.known.copy().items() if thread.is_alive()}
