"""The WSGI callable that is served for ever while the Flask app inside it is replaced.

A request keeps the app that it began on. What an app lets escape is answered as Werkzeug's development
server answers it, so that the playground and ``flask run`` give the same bytes.
"""

from __future__ import annotations

import html
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import InternalServerError

from playground.core.problems import Problem
from playground.server.logs import keeper

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = logging.getLogger(__name__)

HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)
"""Headers that are the server's business; waitress refuses a response with them, ``flask run`` does not."""

NOT_YET = """<!doctype html>
<html lang="en">
<title>Not running yet</title>
<h1>This app is not running yet</h1>
<p>{sentence}</p>
<p>{hint}</p>
"""


class AppSlot:
    """Holds the app that is live; ``problem`` says why there is none."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self.problem: Problem | None = None

    def swap(self, app: Flask | None) -> Flask | None:
        """Put another app in; requests that began on the one returned end on it."""
        before, self.app = self.app, app
        return before

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request with the app that is live now."""
        app = self.app
        environ["wsgi.errors"] = keeper
        if app is None:
            return self._not_yet(start_response)
        return _answer(app, environ, start_response)

    def _not_yet(self, start_response: StartResponse) -> Iterable[bytes]:
        sentence, hint = "It has not been loaded.", "Wait a moment and load this page again."
        if self.problem:
            where = f"{self.problem.place}: " if self.problem.place else ""
            sentence, hint = where + self.problem.sentence, self.problem.hint
        page = NOT_YET.format(sentence=html.escape(sentence), hint=html.escape(hint)).encode()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
        start_response("503 Service Unavailable", headers)
        return [page]


def _answer(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        return start_response(status, kept, exc_info) if exc_info else start_response(status, kept)

    try:
        body: Iterable[bytes] = app(environ, start)
    except (Exception, SystemExit, KeyboardInterrupt):  # noqa: BLE001  it is logged, with its traceback
        return _server_error(environ, start)
    file_wrapper: type = environ.get("wsgi.file_wrapper", _Body)
    if isinstance(body, file_wrapper):
        return body  # waitress sends a file best when it can see that it is one
    return _Body(body, environ, start)


def _server_error(environ: WSGIEnvironment, start: Any) -> Iterable[bytes]:
    """What Werkzeug's server answers where an app raises instead of answering."""
    _log.exception("Error on request %s", environ.get("PATH_INFO"))

    def restart(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        return start(status, headers, sys.exc_info())

    return InternalServerError()(environ, restart)


class _Body:
    """A body that may still turn into an error page while none of it has been sent."""

    def __init__(self, body: Iterable[bytes], environ: WSGIEnvironment, start: Any) -> None:
        self._body = body
        self._chunks = iter(body)
        self._environ = environ
        self._start = start
        self._sent = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            raise
        except (Exception, SystemExit, KeyboardInterrupt):
            if self._sent:
                raise
            self._chunks = iter(_server_error(self._environ, self._start))
            chunk = next(self._chunks)
        self._sent = self._sent or bool(chunk)
        return chunk

    def close(self) -> None:
        """Let the app end what it began."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
