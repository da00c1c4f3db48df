"""Requests to send and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Pairs = tuple[tuple[str, str], ...]


class BodyKind(StrEnum):
    """The kinds of request body that the request panel offers."""

    NONE = "none"
    JSON = "json"
    FORM = "form"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """All that is needed to send one request.

    ``url`` is an absolute http(s) address or a path on this server (``/users/1?x=y``); ``query`` is
    added to what the URL has. ``body`` is text for JSON and TEXT; ``form`` holds the pairs of FORM.
    ``timeout`` is in seconds and bounds the whole exchange.
    """

    method: str = "GET"
    url: str = "/"
    query: Pairs = ()
    headers: Pairs = ()
    body_kind: BodyKind = BodyKind.NONE
    body: str = ""
    form: Pairs = ()
    follow_redirects: bool = True
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed: the status that sent us on, from where, to where."""

    status: int
    url: str
    location: str


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response of any status. ``body`` is decompressed; ``url`` is the final address.

    ``truncated`` where only the beginning of a large body was kept; ``goes_on`` where the server was
    still sending when we stopped listening.
    """

    status: int
    reason: str
    headers: Pairs
    body: bytes
    url: str
    hops: tuple[Hop, ...] = ()
    truncated: bool = False
    goes_on: bool = False

    def header(self, name: str) -> str:
        """The first header of that name, any case, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def content_type(self) -> str:
        """The media type alone, lower case: ``application/json``."""
        return self.header("content-type").split(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its outcome: a response, or the sentence that says why there is none.

    ``elapsed`` is in seconds, from the first byte sent to the last received; ``started`` is
    in seconds since the epoch. ``printed`` is what the view wrote to standard output and standard error,
    cut to its first and last part where it was much. ``request_ids`` join it to the trips that the own server
    recorded of it, one for each redirect that was followed and the last one.
    """

    spec: RequestSpec
    sent_url: str
    response: Response | None = None
    error: str = ""
    cancelled: bool = False
    started: float = 0.0
    elapsed: float = 0.0
    printed: str = ""
    request_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What Werkzeug's router says of a method and a path on the app that is live.

    ``outcome`` is ``match``, ``not_found``, ``method_not_allowed``, ``redirect``, or ``error`` where a
    converter of the app's own raised, or the request is refused for something else (a host that is not
    trusted, a rule for WebSocket connections alone); ``values`` are the converted values (their ``repr``
    beside the name), ``location`` the redirect's target.
    """

    method: str
    path: str
    outcome: str
    rule: str = ""
    endpoint: str = ""
    values: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = field(default=())
    location: str = ""
