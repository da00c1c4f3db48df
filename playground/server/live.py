"""A server at one port of this machine, and of its networks while it is shared.

The sockets are bound and listen before waitress sees them: a busy port is then an ordinary error rather than
the end of the program, and who connects after ``start`` is never turned away. While it is shared there is one
more socket for each address of this machine, since one for all of them can't be had beside that of loopback.
"""

from __future__ import annotations

import errno
import ipaddress
import logging
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from playground.core.changes import ServerState
from playground.core.plain_words.ports import port_taken
from playground.core.problems import ProblemError, refuse
from playground.server.addresses import of_the_network, url
from playground.server.gate import Door
from playground.server.running import Running
from playground.server.workers import WORKERS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["WORKERS", "LiveServer"]

_log = logging.getLogger(__name__)

NEIGHBOURS = 20
"""How many of the next ports are tried before any free one will do."""
_TAKEN = (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE))
SHARED = Door(shared=True, near=True)


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
        self._running: Running | None = None
        self._state = ServerState(host=host)
        self._shared: tuple[str, ...] = ()

    @property
    def state(self) -> ServerState:
        """Whether and where it is serving."""
        return self._state

    def start(self) -> ServerState:
        """Listen and serve; when this returns, requests are answered."""
        with self._lock:
            if self._running is None:
                listener, note = _listen(self.host, self.port, self.fallback)
                at, port = listener.getsockname()[:2]
                shared = tuple(url(each, port) for each in _reached(at))
                self._running = Running(self._app, listener, Door(shared=bool(shared)))
                self._state = ServerState(True, self.host, port, _address(self.host, port), note, shared)
            return self._state

    def share(self, addresses: Sequence[str]) -> ServerState:
        """Listen on these addresses of this machine, too, and on no others that were shared before.

        The first must be had; of the others, those that can. ``shared`` says which; it keeps their order.

        Raises:
            ProblemError: it is stopped, or the port can't be had at the first address. Nothing was changed.
        """
        with self._lock:
            if self._running is None:
                raise refuse("The server is stopped.", "Start it, then share it.")
            return self._share(self._running, addresses, addresses[:1])

    def follow(self, addresses: Sequence[str]) -> ServerState:
        """While it is shared: listen on these addresses, as far as they can be had, and on no others."""
        with self._lock:
            if self._running is None or not self._shared or tuple(addresses) == self._shared:
                return self._state
            return self._share(self._running, addresses, ())

    def _share(self, running: Running, addresses: Sequence[str], needed: Sequence[str]) -> ServerState:
        before = frozenset(self._shared)
        fresh = [one for one in addresses if one not in before]
        sockets = _bind_all(fresh, needed, self._state.port)
        kept = tuple(one for one in addresses if one in before or one in sockets)
        if kept:  # else there is nothing better than what there was
            running.open(sockets.values(), SHARED)
            running.leave(before - frozenset(kept))
            self._shared = kept
        return self._note_shared()

    def unshare(self) -> ServerState:
        """Take no more requests of the network, and answer those in flight; loopback goes on as it was."""
        with self._lock:
            if self._running is not None:
                self._running.leave(frozenset(self._shared))
            self._shared = ()
            return self._note_shared()

    def _note_shared(self) -> ServerState:
        port = self._state.port
        self._state = replace(self._state, shared=tuple(url(each, port) for each in self._shared))
        return self._state

    def stop(self) -> ServerState:
        """Take no more requests, let those in flight end (two seconds at most), free the port."""
        with self._lock:
            if self._running is not None:
                self._running.stop()
                self._running = None
                self._shared = ()
                self._state = ServerState(host=self.host)
            return self._state


def _address(host: str, port: int) -> str:
    """An address that a browser on this machine can open."""
    return url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)


def _reached(address: str) -> tuple[str, ...]:
    """Under which addresses others reach a socket that is bound to this one; none for one of loopback."""
    bound = ipaddress.ip_address(address)
    if bound.is_loopback:
        return ()
    if not bound.is_unspecified:
        return (address,)
    return tuple(each for each in of_the_network() if bound.version == 6 or ":" not in each) or (address,)


# -- finding a port ----------------------------------------------------------------------------------


def _listen(host: str, port: int, fallback: bool) -> tuple[socket.socket, str]:
    if not 0 <= port <= 65535:
        raise refuse(
            f"There is no port {port}.", "A port is a number from 1 to 65535; 5000 is usual.", field="port"
        )
    try:
        return _bound(host, port), ""
    except OSError as error:
        taken = error.errno in _TAKEN
        if not (taken and fallback):
            raise _no_port(host, port, error, taken) from error
    listener = _next_free(host, port)
    chosen = listener.getsockname()[1]
    return listener, port_taken(port, sys.platform, instead=chosen).sentence


def _bind_all(fresh: Sequence[str], needed: Sequence[str], port: int) -> dict[str, socket.socket]:
    """A socket for each address where the port can be had, and surely for those that are needed."""
    bound: dict[str, socket.socket] = {}
    for address in fresh:
        try:
            bound[address] = _bound(address, port)
        except OSError as error:
            _log.warning("port %s of %s is not shared: %s", port, address, error)
            if address in needed:
                for each in bound.values():
                    each.close()
                raise _not_shared(address, port, error) from error
    return bound


def _not_shared(address: str, port: int, error: OSError) -> ProblemError:
    if error.errno in _TAKEN:
        sentence = f"Another program has port {port} of {address}, so the network can't reach this server."
        hint = "Stop that program; or choose another port as FLASK_RUN_PORT, and start the server again."
        return refuse(sentence, hint, field="port", original=str(error))
    sentence = f"This computer does not let the network have {address}, port {port}."
    return refuse(sentence, "Look whether it is still connected, then try again.", original=str(error))


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
