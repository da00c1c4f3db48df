"""Why there is no answer, in one or two plain sentences.

What ``requests`` raises wraps what urllib3 raises, which wraps what the socket said; the innermost
error tells most.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import urllib3
from requests import exceptions

from playground.client.prepare import is_loopback

TRANSPORT_ERRORS = (
    exceptions.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    UnicodeError,  # a host name that is none
)
"""What sending can raise without anything being wrong with this program."""


def seconds_text(seconds: float) -> str:
    """``30 s``, ``0.5 s``."""
    return f"{seconds:.3g} s"


def timeout_sentence(seconds: float) -> str:
    """The sentence for an answer that did not come in time."""
    waited = seconds_text(seconds)
    return f"No complete answer within {waited}. Is the view still at work, or in an endless loop?"


def sentence_for(error: BaseException, url: str, timeout: float) -> str:
    """What went wrong with a request to ``url``."""
    causes = tuple(_causes(error))
    for kind, sentence in _sentences(url, timeout):
        if any(isinstance(cause, kind) for cause in causes):
            return sentence
    certificate = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if certificate is not None:
        return _about_tls(certificate, url)
    if any(
        isinstance(cause, http.client.IncompleteRead | urllib3.exceptions.IncompleteRead) for cause in causes
    ):
        return "The answer broke off: the server closed the connection before it was complete."
    if any(isinstance(cause, ConnectionError | http.client.RemoteDisconnected) for cause in causes):
        return "The server closed the connection without an answer."
    if any(isinstance(cause, http.client.HTTPException) for cause in causes):
        return f"What came back from {origin(url)} is not HTTP. Is this a web server?"
    return f"The request failed: {causes[-1]}."


_Kinds = type[BaseException] | tuple[type[BaseException], ...]


def _sentences(url: str, timeout: float) -> tuple[tuple[_Kinds, str], ...]:
    """The first kind that is among the causes tells."""
    host = urlsplit(url).hostname or url
    invalid = (exceptions.InvalidURL, urllib3.exceptions.LocationParseError, UnicodeError)
    question = "Is the server started?" if is_loopback(url) else "Are address and port right?"
    return (
        (ConnectionRefusedError, f"Nothing answers at {origin(url)}. {question}"),
        (socket.gaierror, f"No computer is known as {host}. Is that spelt right, and is there internet?"),
        (exceptions.TooManyRedirects, "The redirects go round in a circle: stopped after 20 of them."),
        (exceptions.InvalidSchema, "It redirects to something that is not http:// or https://."),
        (invalid, f"This is not an address: {url}."),
        (exceptions.ContentDecodingError, "The answer claims to be compressed, but can't be unpacked."),
        (exceptions.ProxyError, "The proxy set up on this computer does not answer."),
        ((TimeoutError, exceptions.Timeout), timeout_sentence(timeout)),
    )


def _about_tls(error: ssl.SSLError, url: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {origin(url)} is not to be trusted: {error.verify_message}."
    if any(word in str(error).upper() for word in ("WRONG_VERSION_NUMBER", "RECORD_LAYER", "HTTP_REQUEST")):
        return f"This server speaks plain HTTP. Write http:// instead of https:// in {url}."
    return f"No secure connection to {origin(url)} could be made."


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, outermost first."""
    waiting, seen = [error], set[int]()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = [getattr(current, "reason", None), current.__cause__, current.__context__, *current.args]
        waiting.extend(one for one in inner if isinstance(one, BaseException))
