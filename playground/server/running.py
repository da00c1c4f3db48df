"""A server from its first to its last moment: one thread that waits for its sockets, and workers."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments

from playground.server import fences
from playground.server.gate import Door
from playground.server.listening import PAUSE, Listener, Room
from playground.server.logs import keeper
from playground.server.switching import switching
from playground.server.workers import WORKERS, Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

BUFFER = 1024 * 1024
"""Bytes of an answer that are kept for a client that reads slowly; then its view waits."""
DRAIN = 2.0
"""Seconds that requests in flight get to end when the server stops."""
LOOK = 1.0
"""Seconds between two looks at connections that may be of no use any more."""


class Running:
    """Serves an app from now on, on one socket and on any that are added, until ``stop``."""

    def __init__(self, app: WSGIApplication, listener: socket.socket, door: Door) -> None:
        self._map: dict[int, Any] = {}
        self._workers = Workers()
        self._workers.set_thread_count(WORKERS)
        self._settings = Adjustments(
            sockets=[listener],
            ident="route-playground",
            outbuf_high_watermark=BUFFER,
            outbuf_overflow=4 * BUFFER,  # never reached: no answer goes through a file
            clear_untrusted_proxy_headers=False,  # the app sees what was sent, as in flask run
        )
        self._listeners: list[Listener] = []  # of the server's thread alone, once it runs
        self._room = Room(self._listeners)
        self._server = self._listen(app, listener, door)
        self._asked: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._stopping = threading.Event()
        self._looked = 0.0
        keeper.attach()
        switching.begin()
        self._thread = threading.Thread(target=self._serve, name="playground-server", daemon=True)
        self._thread.start()

    def _listen(self, app: WSGIApplication, listener: socket.socket, door: Door) -> Listener:
        more = {"map": self._map, "dispatcher": self._workers, "adj": self._settings}
        made = Listener(door, app, listener, self._room.has_room, **more)
        self._listeners.append(made)
        return made

    # -- on the server's thread ---------------------------------------------------------------------

    def _serve(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn(min(self._workers.relieve(), self._pause()))  # it is woken after each request, too
                self._obey()
                self._look_after(time.time())
                fences.look_after_descriptors()
            self._drain(time.monotonic() + DRAIN)
        finally:
            self._close()

    def _pause(self) -> float:
        """Seconds until a socket is to be looked at that is not watched now."""
        return PAUSE if any(listener.is_pausing for listener in self._listeners) else LOOK

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=hasattr(select, "poll"), map=self._map, count=1)

    def _obey(self) -> None:
        while self._asked:
            act, done = self._asked.popleft()
            try:
                act()
            finally:
                done.set()

    def _look_after(self, now: float) -> None:
        is_due = not 0 <= now - self._looked < LOOK
        if is_due:
            self._looked = now
        for listener in tuple(self._listeners):
            if is_due or listener.leaving:
                listener.look_after(now)
            if listener.leaving and not listener.active_channels:
                self._listeners.remove(listener)

    def _drain(self, deadline: float) -> None:
        for listener in self._listeners:
            listener.shut()  # the socket only: the trigger still wakes us
        while self._busy() and time.monotonic() < deadline:
            self._turn(0.05)

    def _channels(self) -> list[Any]:
        return [channel for each in self._listeners for channel in tuple(each.active_channels.values())]

    def _busy(self) -> bool:
        return any(channel.requests or channel.total_outbufs_len for channel in self._channels())

    def _close(self) -> None:
        for channel in self._channels():
            channel.handle_close()
        self._workers.end()
        self._server.trigger.del_channel()  # stop() may be about to write to it, and closes it
        wasyncore.close_all(self._map, ignore_all=True)
        self._obey()  # whoever asked in the last moment is not to wait for ever

    # -- on any other ------------------------------------------------------------------------------

    def _ask(self, act: Callable[[], None]) -> None:
        """Have it done between two turns, and wait for that; a server that ends meanwhile need not do it."""
        done = threading.Event()
        self._asked.append((act, done))
        self._wake()
        while not done.wait(0.5) and self._thread.is_alive():
            self._wake()

    def _wake(self) -> None:
        with suppress(OSError):  # a view closed what is not its own: the thread looks again within a second
            self._server.pull_trigger()

    def open(self, sockets: Iterable[socket.socket], door: Door) -> None:
        """Listen on these, too."""

        def act() -> None:
            self._room.for_network()
            for each in sockets:
                self._listen(self._server.application, each, door).use_trigger_of(self._server)

        self._ask(act)

    def leave(self, addresses: frozenset[str]) -> None:
        """Listen no more on these; what is in flight is answered, and then its connection ends."""

        def act() -> None:
            for listener in self._listeners:
                if listener.address in addresses and listener is not self._server and not listener.leaving:
                    listener.take_waiting()
                    listener.leave()
            self._turn(0.0)  # what has come in by now is in flight

        self._ask(act)

    def stop(self) -> None:
        """Take no more requests, give those in flight a moment, and end all threads."""
        self._stopping.set()
        self._wake()
        self._thread.join()
        with suppress(OSError):
            self._server.trigger.close()
        switching.end()
        keeper.detach()
