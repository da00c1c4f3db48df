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
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from playground.core.changes import ServerState
from playground.core.problems import ProblemError, refuse
from playground.server.logs import keeper
from playground.server.stopping import interrupt

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_log = logging.getLogger(__name__)

WORKERS = 8
DRAIN = 2.0
"""Seconds that requests in flight get to end when the server stops."""
NEIGHBOURS = 20
"""How many of the next ports are tried before any free one will do."""
SWITCH_INTERVAL = 0.0005
"""Seconds; keeps the window smooth while views compute (Python's own 5 ms makes it stutter)."""


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
    return listener, f"Port {port} is taken by another program, so this is {chosen}."


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
        sentence = f"Port {port} is taken by another program."
        hint = "Stop that program, or choose another port."
    elif isinstance(error, PermissionError):
        sentence = f"This computer does not let you use port {port}."
        hint = "Ports below 1024 are kept for its administrator; 5000 and above are free to use."
    else:
        sentence = f"This computer cannot listen on {host}."
        hint = "Use 127.0.0.1, or 0.0.0.0 to share it on the network."
    return refuse(sentence, hint, field="port", original=str(error))


# -- running ------------------------------------------------------------------------------------------


class _Workers(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Waitress's workers, with their threads known so that none is left behind."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[threading.Thread] = []

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, args=(thread_no,), name=f"playground-view-{thread_no}")
        thread.daemon = True
        self.known.append(thread)
        thread.start()

    def end(self) -> None:
        """Send the workers home; interrupt views that would go on for ever."""
        self.shutdown(timeout=0.2)
        for thread in self.known:
            thread.join(0.02)
        stuck = [thread for thread in self.known if thread.is_alive()]
        for thread in stuck:
            _log.warning("A view was still running when the server stopped, and was interrupted.")
            interrupt(thread.ident or 0, SystemExit)
        for thread in stuck:
            thread.join(0.5)


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
            clear_untrusted_proxy_headers=False,  # the app sees what was sent, as in flask run
        )
        self._stopping = threading.Event()
        keeper.attach()
        _quick_switching.begin()
        self._thread = threading.Thread(target=self._serve, name="playground-server", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn(1.0)
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
        self._server.pull_trigger()
        self._thread.join()
        self._server.trigger.close()
        _quick_switching.end()
        keeper.detach()


class _QuickSwitching:
    """Python's switch interval, shortened while at least one server runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._servers = 0
        self._before = 0.0

    def begin(self) -> None:
        with self._lock:
            if self._servers == 0:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(SWITCH_INTERVAL)
            self._servers += 1

    def end(self) -> None:
        with self._lock:
            self._servers -= 1
            if self._servers == 0:
                sys.setswitchinterval(self._before)


_quick_switching = _QuickSwitching()
