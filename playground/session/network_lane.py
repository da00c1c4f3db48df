"""Sending requests, and what is made of their answers. On the network lane, several at a time.

requests is imported by the first method that is called, there.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from playground.core.exchanges import Exchange, RequestSpec
from playground.session.home import Home
from playground.session.shared import Shared

if TYPE_CHECKING:
    from playground.client.sender import Sender

PATIENCE = 5.0
"""Seconds that an answer of the own server is waited for beyond its limit: it tells what was stopped."""


class NetworkLane(Shared):
    """One method for each thing that a person does with a request; any thread may call them."""

    def __init__(self, home: Home | None = None) -> None:
        super().__init__(home)
        self._sender: Sender | None = None  # changed under ``_lock``

    def send(self, spec: RequestSpec, cancel: threading.Event | None = None) -> Exchange:
        """Send a request over a real socket and wait for what becomes of it, and what its view printed."""
        live = self._live
        if live is None:
            return self._the_sender().send(spec, cancel)
        from playground.client.sender import OwnServer
        from playground.server.recorder import HEADER

        sent: list[str] = []  # more than one where it is redirected

        def fresh() -> str:
            sent.append(uuid.uuid4().hex)
            live.recorder.announce(sent[-1])
            return sent[-1]

        limit = self._limit.seconds
        own = OwnServer(HEADER, fresh, None if limit is None else limit + PATIENCE)
        exchange = self._the_sender().send(spec, cancel, own)
        return replace(exchange, printed="".join(map(live.recorder.printed, sent)), request_ids=tuple(sent))

    def pretty(self, exchange: Exchange) -> tuple[str, str]:
        """The body of an answer as text to read, and the language to colour it in."""
        from playground.client.text import pretty

        response = exchange.response
        return (
            pretty(response.body, response.header("content-type")) if response is not None else ("", "text")
        )

    def as_curl(self, spec: RequestSpec) -> str:
        """A curl command that sends the same request; refused where it can't be sent."""
        from playground.client.text import as_curl

        return as_curl(spec, self._snapshot.server.url)

    # ------------------------------------------------------------------------------------------

    def _the_sender(self) -> Sender:
        from playground.client.sender import Sender

        with self._lock:
            if self._sender is None:
                self._sender = Sender(lambda: self._snapshot.server.url)
            return self._sender

    def _end_sending(self) -> None:
        """Cookies and sockets go with the project."""
        with self._lock:
            sender, self._sender = self._sender, None
        if sender is not None:
            sender.close()
