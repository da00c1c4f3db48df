"""Debug pages: a view that fails shows this machine what happened, and nobody else.

What ``flask run --debug`` has in Werkzeug's debugger, without its console, which runs whatever is typed into
it. Whether a request may see such a page is decided as it arrives, from what our server says of it: later,
the app may have changed that (``ProxyFix`` does, on the word of whoever asks).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from playground.core.debug_page import as_text, page
from playground.core.hosts import HostError, read
from playground.core.pieces import FAILURES, parse_quietly
from playground.core.problems import Problem
from playground.core.trips import Trip
from playground.server import trips
from playground.server.imports import ProjectImports
from playground.server.note import Note

__all__ = ["DebugPages", "is_local", "runs_with_debug"]

_PASSED_ON = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What a proxy or a tunnel says: the request is somebody else's."""
HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"),
)
"""Nothing of the page is kept, nothing in it runs, and no page from elsewhere gets hold of it."""
_RUNS = re.compile(rb"^[^#\n]*\.run\s*\((?:[^()]|\([^()]*\))*?\bdebug\s*=\s*True\b", re.MULTILINE)

Page = tuple[list[tuple[str, str]], bytes]
Explain = Callable[[Trip], tuple[Problem, ...]]


def _unexplained(_: Trip) -> tuple[Problem, ...]:
    return ()


class DebugPages:
    """Whether there are such pages, and what they say. From any thread.

    ``chosen`` is what the person said of this project, None for nothing: then it is as the source ``says``.
    ``explain`` finds the problems of a trip in plain words.
    """

    def __init__(self, project: ProjectImports) -> None:
        self._project = project
        self.chosen: bool | None = None
        self.says = False
        self.explain: Explain = _unexplained

    @property
    def on(self) -> bool:
        """Whether a failing view shows what happened."""
        return self.says if self.chosen is None else self.chosen

    def allows(self, environ: Mapping[str, Any]) -> bool:
        """Whether a request that arrives by a socket of this machine's own may see such a page."""
        return self.on and is_local(environ)

    def page_for(self, note: Note, environ: Mapping[str, Any], app: Flask | None) -> Page | None:
        """The headers and the body for a request that failed; None where it is not to see more than a 500."""
        if not note.debug or not note.raised:
            return None
        raised, trip = note.raised[-1], replace(trips.trip_of(note, self._project), status=500)
        problem = next((one for one in self.explain(trip) if one.rule_id), None)
        if _wants_html(environ.get("HTTP_ACCEPT", "")):
            body, kind = page(trip, raised, problem, own_handler=_has_handler(app, note)), "text/html"
        else:
            body, kind = as_text(raised, problem), "text/plain"
        data = body.encode("utf-8", "backslashreplace")
        head = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(data)))]
        return [*head, *HEADERS], data


def is_local(environ: Mapping[str, Any]) -> bool:
    """Whether a person at this machine asks, going by the socket and by the host that is asked for."""
    client = environ.get("REMOTE_ADDR", "")
    if not (client.startswith("127.") or client in ("::1", "::ffff:127.0.0.1")):
        return False
    if any(name in environ for name in _PASSED_ON):
        return False
    try:
        return read(environ.get("HTTP_HOST", "")).is_loopback
    except HostError:
        return False


def runs_with_debug(data: bytes) -> bool:
    """Whether a file runs its app with ``debug=True``, as in ``app.run(debug=True)``."""
    import ast

    if b"debug" not in data or not _RUNS.search(data):
        return False
    try:
        tree = parse_quietly(data)
    except FAILURES:
        return False
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    runs = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "run")
    given = (each for call in runs for each in call.keywords if each.arg == "debug")
    return any(isinstance(each.value, ast.Constant) and each.value.value is True for each in given)


def _wants_html(accept: str) -> bool:
    """Whether HTML is among what is asked for; who says nothing takes anything."""
    kinds = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    return any(kind in ("", "*/*", "text/*", "text/html", "application/xhtml+xml") for kind in kinds)


def _has_handler(app: Flask | None, note: Note) -> bool:
    """Whether the app would have answered by itself, by a handler for 500 or for all of HTTP's errors."""
    if app is None:
        return False
    names = [None, *app.blueprints] if note.endpoint else [None]
    for name in names:
        handlers = app.error_handler_spec.get(name, {})
        if handlers.get(500) or any(kind is HTTPException for kind in handlers.get(None, {})):
            return True
    return False
