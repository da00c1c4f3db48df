"""The sockets that a server listens on: doors, by which connections come in, and how many there may be.

A connection costs little, but there are not many of them: the system limits a process. So a crowd from the
network never takes those that this machine's own clients need, and when it is full, whoever has the most
connections gives one up that is not in use.
"""

from __future__ import annotations

import logging
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore
from waitress.server import TcpWSGIServer

from playground.server.gate import Door
from playground.server.workers import Channel

_log = logging.getLogger(__name__)

CONNECTIONS = 1000 if hasattr(select, "poll") else 400
"""Connections at most; ``select``, which Windows has in its place, takes 512 sockets."""
OWN = 200
"""Connections that are kept for this machine, at most a fifth of all."""
FILES = 256
"""Files and sockets that the rest of the process may need."""
AT_ONCE = 32
"""Connections that are taken in one turn."""
PAUSE = 0.05
"""Seconds until the next try, where there is no room for another one."""
IDLE = 20.0
"""Seconds after which a connection of the network without a request is closed."""
STALLED = 30.0
"""Seconds after which a client of the network is cut off that takes none of its answer."""


class Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """One listening socket of a server; ``trigger`` is the one that wakes the server's thread."""

    channel_class = Channel
    trigger: Any
    leaving = False
    """Whether no more requests are taken, and connections end with what is in flight on them."""
    _full_until = 0.0

    def __init__(
        self, door: Door, app: Any, listener: socket.socket, has_room: Callable[[Listener], bool], **more: Any
    ) -> None:
        self.door = door
        self._has_room = has_room
        info = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, _sock=listener, bind_socket=False, sockinfo=info, **more)
        self.address = self.server_name = str(listener.getsockname()[0])

    def use_trigger_of(self, other: Listener) -> None:
        """One is enough for one thread; a worker may pull it as long as the server lives."""
        self.trigger.close()
        self.trigger = other.trigger

    @property
    def is_pausing(self) -> bool:
        """Whether it looks in a moment if there is room again."""
        return bool(self.accepting) and time.monotonic() < self._full_until

    def readable(self) -> bool:
        """Whether a new connection would be taken now."""
        return bool(self.accepting) and not self.is_pausing

    def handle_accept(self) -> None:
        """Take the connections that wait, as far as there is room."""
        for _ in range(AT_ONCE):
            if not self._has_room(self):
                self._full_until = time.monotonic() + PAUSE
                return
            if not self._take_one():
                return

    def take_waiting(self) -> None:
        """Take all connections that wait."""
        while self._take_one():
            pass

    def _take_one(self) -> bool:
        try:
            found = self.accept()
            if found is None:
                return False
        except OSError as error:  # there are no more descriptors, say
            _log.warning("A connection could not be taken: %s", error)
            self._full_until = time.monotonic() + PAUSE
            return False
        connection, address = found
        try:
            self.set_socket_options(connection)
        except OSError:  # its other end is gone already
            connection.close()
        else:
            self.channel_class(self, connection, address, self.adj, map=self._map)
        return True

    def shut(self) -> None:
        """Listen no more; connections stay."""
        wasyncore.dispatcher.close(self)

    def leave(self) -> None:
        """Listen no more, and have connections end with what is in flight on them."""
        self.shut()
        self.leaving = True

    def look_after(self, now: float) -> None:
        """Close what nobody uses, and what holds up a worker for nothing. On the server's thread."""
        for channel in tuple(self.active_channels.values()):
            if self._is_over(channel, now):
                channel.handle_close()

    def _is_over(self, channel: Channel, now: float) -> bool:
        silent = now - channel.last_activity
        if self.leaving and channel.is_idle and not channel.is_new(now):
            return True
        if not channel.requests:
            return bool(silent > (IDLE if self.door.shared else self.adj.channel_timeout))
        return self.door.shared and channel.total_outbufs_len > 0 and silent > STALLED


class Room:
    """How many connections there are, and whether there may be another one."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._listeners = listeners
        self.most = CONNECTIONS

    def for_network(self) -> None:
        """Have the system allow as many as are wanted, or want fewer."""
        self.most = min(CONNECTIONS, max(4, descriptors() - FILES))

    def has_room(self, listener: Listener) -> bool:
        """Whether another connection may come in here; if not, one of those in no use is closed soon."""
        count = sum(len(each.active_channels) for each in self._listeners)
        if count < self.most - (min(OWN, self.most // 5) if listener.door.shared else 0):
            return True
        self._make_room()
        return False

    def _make_room(self) -> None:
        """Whoever of the network has the most connections gives up the one that was silent for longest."""
        channels = [
            channel
            for each in self._listeners
            if each.door.shared
            for channel in tuple(each.active_channels.values())
        ]
        counts = Counter(channel.addr[0] for channel in channels)
        unused = [channel for channel in channels if not (channel.requests or channel.total_outbufs_len)]
        unused.sort(key=lambda channel: (-counts[channel.addr[0]], channel.last_activity))
        for channel in unused[:AT_ONCE]:
            channel.will_close = True


def descriptors() -> int:
    """How many files and sockets this process may have, after asking the system for enough."""
    if sys.platform == "win32":
        return CONNECTIONS + FILES
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    more = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
    except (OSError, ValueError) as error:
        _log.debug("still %s descriptors: %s", soft, error)
        return int(soft)
    return int(more)
