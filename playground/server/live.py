"""One listening socket, one server in a thread of its own, an ordinary error for a port that is taken.

The socket is bound and listens before waitress sees it: a busy port is then an exception rather than the end
of the program, and who connects after ``start`` is never turned away.
"""

from __future__ import annotations

import errno
import logging
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher, WSGITask

from playground.core.changes import ServerState
from playground.core.plain_words.ports import port_taken
from playground.core.problems import ProblemError, refuse
from playground.server import fences, output
from playground.server.guard import Watch
from playground.server.logs import keeper
from playground.server.slot import HEADERS, WATCH
from playground.server.stopping import TookTooLongError
from playground.server.switching import switching

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_log = logging.getLogger(__name__)

WORKERS = 8
MOST = 64
"""Workers at most, where views keep the others busy; those that were left behind come on top."""
STARVED = 0.1
"""Seconds that a request waits while no worker gets free before there are more workers."""
SPARE = 4
"""How many more."""
STACK = 64 * 1024 * 1024
"""Bytes of address space for the calls of a worker: deep recursion ends as an error, not with the process."""
BUFFER = 1024 * 1024
"""Bytes of an answer that are kept for a client that reads slowly; then its view waits."""
ENDING = 1.0
"""Seconds in which views that are interrupted at the end have to let go; what is left can't be stopped."""
DRAIN = 2.0
"""Seconds that requests in flight get to end when the server stops."""
NEIGHBOURS = 20
"""How many of the next ports are tried before any free one will do."""


class LiveServer:
    """Serves one WSGI callable on one port, from ``start`` to ``stop``, as often as wanted.

    ``port`` 0 takes any free one. With ``fallback`` a port that is taken is replaced by the next free one,
    and the state's ``note`` says so; without, ``start`` raises a ``ProblemError``.
    """

    def __init__(
        self, wsgi_app: WSGIApplication, host: str = "127.0.0.1", port: int = 5000, fallback: bool = True
    ) -> None:
        self._app = wsgi_app
        self.host = host
        self.port = port
        self.fallback = fallback
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._state = ServerState(host=host)

    @property
    def state(self) -> ServerState:
        """Whether and where it is serving."""
        return self._state

    def start(self) -> ServerState:
        """Listen and serve; when this returns, requests are answered."""
        with self._lock:
            if self._running is None:
                listener, note = _listen(self.host, self.port, self.fallback)
                self._running = _Running(self._app, listener)
                port = listener.getsockname()[1]
                self._state = ServerState(True, self.host, port, _address(self.host, port), note)
            return self._state

    def stop(self) -> ServerState:
        """Take no more requests, let those in flight end (two seconds at most), free the port."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
                self._running = None
                self._state = ServerState(host=self.host)
            return self._state


def _address(host: str, port: int) -> str:
    """An address that a browser on this machine can open."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


# -- finding a port ----------------------------------------------------------------------------------


def _listen(host: str, port: int, fallback: bool) -> tuple[socket.socket, str]:
    if not 0 <= port <= 65535:
        raise refuse(
            f"There is no port {port}.", "A port is a number from 1 to 65535; 5000 is usual.", field="port"
        )
    try:
        return _bound(host, port), ""
    except OSError as error:
        taken = error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
        if not (taken and fallback):
            raise _no_port(host, port, error, taken) from error
    listener = _next_free(host, port)
    chosen = listener.getsockname()[1]
    return listener, port_taken(port, sys.platform, instead=chosen).sentence


def _next_free(host: str, port: int) -> socket.socket:
    for candidate in range(port + 1, min(port + NEIGHBOURS, 65535) + 1):
        try:
            return _bound(host, candidate)
        except OSError as error:
            _log.debug("port %s: %s", candidate, error)
    return _bound(host, 0)


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except UnicodeError as error:  # what no host can be called
        raise OSError(str(error)) from error
    listener = socket.socket(family, kind, proto)
    try:
        # Elsewhere this allows a port whose last server just ended; on Windows it would allow one in use.
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _no_port(host: str, port: int, error: OSError, taken: bool) -> ProblemError:
    if taken:
        return ProblemError(port_taken(port, sys.platform, original=str(error)))
    if isinstance(error, PermissionError):
        sentence = f"This computer does not let you use port {port}."
        hint = "Ports below 1024 are kept for its administrator; 5000 and above are free to use."
    else:
        sentence = f"This computer cannot listen on {host}."
        hint = "Use 127.0.0.1, or 0.0.0.0 to share it on the network."
    return refuse(sentence, hint, field="port", original=str(error))


# -- running ------------------------------------------------------------------------------------------


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Tells the app which worker it is on."""

    def get_environment(self) -> dict[str, Any]:
        """What the app is called with."""
        environ: dict[str, Any] = super().get_environment()
        environ[WATCH] = self.channel.watch
        environ[HEADERS] = self.request.headers
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


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that can be answered from outside when the worker that should do it does not."""

    task_class = _Task
    watch: Watch
    task: _Task | None = None
    held: bytes | None = None
    """The head of an answer, where it waits for the first of its body: one packet instead of two."""
    answered = False
    """Whether it was answered from outside; the worker has nothing more to say then."""

    def write_soon(self, data: Any) -> int:
        """Send something, unless the answer was given without the worker.

        No lock is needed for that: a worker that is here is not in the project's code, and only one that is
        can be left behind.
        """
        if self.answered:
            raise ClientDisconnected
        if self.held is None:
            written: int = super().write_soon(data)
            return written
        self.held += data
        return len(data)

    def release(self) -> None:
        """Send what was held."""
        held, self.held = self.held, None
        if held:
            self.write_soon(held)

    def service(self) -> None:
        """Serve the next request; an answer that broke off ends its connection."""
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


class _Workers(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Waitress's workers: watched, all known, and more of them while views keep them busy."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[threading.Thread, Watch | None] = {}
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
            while not self.queue and self.stop_count == 0:
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
            return self.queue.popleft()

    def relieve(self) -> float:
        """Have more workers where none gets free, and fewer again; seconds until it should be asked again."""
        now, busy = time.monotonic(), self.active_count
        if self.queue:
            if self._taken != self._seen_taken or not self._waiting_since:
                self._seen_taken, self._waiting_since = self._taken, now
            elif now - self._waiting_since > STARVED:
                left_behind = sum(1 for watch in list(self.known.values()) if watch and watch.abandoned)
                self.set_thread_count(min(max(WORKERS, busy + SPARE), MOST + left_behind))
                self._waiting_since = now
            return STARVED
        self._waiting_since = 0.0
        wanted = max(WORKERS, busy + SPARE)
        if len(self.threads) - self.stop_count > wanted:
            self.set_thread_count(wanted)
        return 1.0

    def end(self) -> None:
        """Send the workers home; interrupt views that would go on for ever."""
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
        return {thread: watch for thread, watch in list(self.known.items()) if thread.is_alive()}


class _Running:
    """A server from its first to its last moment."""

    def __init__(self, app: WSGIApplication, listener: socket.socket) -> None:
        self._map: dict[int, Any] = {}
        self._workers = _Workers()
        self._workers.set_thread_count(WORKERS)
        self._server = create_server(
            app,
            map=self._map,
            _dispatcher=self._workers,
            sockets=[listener],
            ident="route-playground",
            server_name=listener.getsockname()[0],
            connection_limit=1000,
            outbuf_high_watermark=BUFFER,
            outbuf_overflow=4 * BUFFER,  # never reached: no answer goes through a file
            clear_untrusted_proxy_headers=False,  # the app sees what was sent, as in flask run
        )
        self._server.channel_class = _Channel
        self._stopping = threading.Event()
        keeper.attach()
        switching.begin()
        self._thread = threading.Thread(target=self._serve, name="playground-server", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn(self._workers.relieve())  # it is woken after each request, too
                fences.look_after_descriptors()
            self._drain(time.monotonic() + DRAIN)
        finally:
            self._close()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=hasattr(select, "poll"), map=self._map, count=1)

    def _drain(self, deadline: float) -> None:
        wasyncore.dispatcher.close(self._server)  # the listening socket only: the trigger still wakes us
        while self._busy() and time.monotonic() < deadline:
            self._turn(0.05)

    def _busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def _close(self) -> None:
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._workers.end()
        self._server.trigger.del_channel()  # stop() may be about to write to it, and closes it
        wasyncore.close_all(self._map, ignore_all=True)

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):  # a view closed what is not its own: the thread looks again within a second
            self._server.pull_trigger()
        self._thread.join()
        with suppress(OSError):
            self._server.trigger.close()
        switching.end()
        keeper.detach()
