"""Connections that can be cut from another thread at any moment.

``requests`` can't be stopped while it waits: not for a name, not for a connection, not for an
answer. Here each request runs on a thread of its own, and its connections report to the ``Wire`` that
belongs to it. Cutting the wire shuts their sockets down, which wakes the thread at once. (A search
for a computer's name can't be woken; nobody waits for it, and it ends by itself.)
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_STEP = 0.02  # seconds between two looks at whether the wire was cut, while connecting
_thread = threading.local()


class WireCutError(OSError):
    """The wire was cut before or while connecting."""


class Wire:
    """All sockets of one request, and the way to cut them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._cut = False

    def use_here(self) -> None:
        """From now on, connections made on this thread belong to this wire."""
        _thread.wire = self

    def cut(self) -> None:
        """Shut all connections down, now and for ever. Callable from any thread, any number of times."""
        with self._lock:
            self._cut = True
            for held in self._sockets:
                try:
                    held.shutdown(socket.SHUT_RDWR)
                except OSError:  # it was closed from the other side
                    pass

    def close(self) -> None:
        """The request is over: whatever happened, the other side sees the end of its connections."""
        self.cut()
        with self._lock:
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connected socket to the first address of ``host`` that answers.

        Raises:
            OSError: what the last address said; ``WireCutError``; ``TimeoutError``.
        """
        deadline = time.monotonic() + seconds
        failure: OSError = socket.gaierror(f"no address for {host}")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            self._check()
            made = socket.socket(family, kind, protocol)
            try:
                self._connect_one(made, address, deadline)
            except OSError as error:
                made.close()
                if isinstance(error, WireCutError):
                    raise
                failure = error
                continue
            self._hold(made)
            return made
        raise failure

    def _connect_one(self, made: socket.socket, address: Any, deadline: float) -> None:
        made.setblocking(False)
        try:
            made.connect(address)
        except BlockingIOError:
            pass
        with selectors.DefaultSelector() as selector:
            selector.register(made, selectors.EVENT_WRITE)
            while not selector.select(_STEP):
                self._check()
                if time.monotonic() > deadline:
                    raise TimeoutError("connecting took too long")
        code = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, "connecting failed")  # becomes ConnectionRefusedError and the like by itself
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _check(self) -> None:
        if self._cut:
            raise WireCutError("cancelled")

    def _hold(self, made: socket.socket) -> None:
        """Keep a second handle: TLS takes the first one away from us during its handshake."""
        held = made.dup()
        with self._lock:
            if self._cut:
                held.close()
                made.close()
                raise WireCutError("cancelled")
            self._sockets.append(held)


def _connected(connection: HTTPConnection) -> socket.socket:
    wire: Wire = _thread.wire
    seconds = connection.timeout if isinstance(connection.timeout, int | float) else 60.0
    made = wire.connect(connection.host, connection.port, seconds)
    made.settimeout(seconds)
    return made


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class WireAdapter(requests.adapters.HTTPAdapter):
    """The transport of ``requests`` over connections that belong to the thread's ``Wire``."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As requests does it, with our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> urllib3.ProxyManager:
        """As requests does it, with our connections."""
        manager: urllib3.ProxyManager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


class LabelAdapter(WireAdapter):
    """Gives each request that goes through it a header with a fresh value.

    Mounted for one server: what is redirected elsewhere goes by another adapter, and so without it. (The
    header is put on a copy, since ``requests`` carries those of the first request along.)
    """

    def __init__(self, label: str, fresh: Callable[[], str]) -> None:
        super().__init__()
        self._label, self._fresh = label, fresh

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """As requests does it, with the header."""
        labelled = request.copy()
        labelled.headers[self._label] = self._fresh()
        return super().send(labelled, *args, **kwargs)
