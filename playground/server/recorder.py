"""A WSGI layer that notes for each request what Flask made of it.

It says which rule matched with which values, which templates were rendered with which variables, and what
came back. The preview of a template uses it to find the page that shows the template.
"""

from __future__ import annotations

import itertools
import reprlib
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask import Flask, before_render_template, has_request_context, request, request_started

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from playground.core.exchanges import Pairs

HEADER = "X-Playground-Request"
"""The header that joins an answer to its record; the app never sees it."""
KEPT = 500
LONGEST = 200

_ENVIRON_HEADER = "HTTP_" + HEADER.upper().replace("-", "_")
_ENVIRON_NOTE = "playground.note"
_FLASKS_OWN = frozenset(("request", "session", "g", "config"))


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template that was rendered: its variables by name, each with a short ``repr``."""

    template: str
    variables: Pairs = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One request and what became of it; ``path`` has the query, ``values`` are the converters'."""

    request_id: str
    method: str
    path: str
    status: int = 0
    endpoint: str = ""
    rule: str = ""
    values: Pairs = ()
    templates: tuple[Rendered, ...] = ()
    started: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """The request that last rendered a template, and the variables that it was given."""

    method: str
    path: str
    variables: Pairs


@dataclass(slots=True)
class _Note:
    """What is known of a request while it runs."""

    status: int = 0
    endpoint: str = ""
    rule: str = ""
    values: Pairs = ()
    templates: list[Rendered] = field(default_factory=list)


class Recorder:
    """Wraps a WSGI callable and keeps the latest records; ``watch`` each app that it serves."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self._app = wsgi_app
        self._records: deque[Record] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    def watch(self, app: Flask) -> None:
        """Listen to the app's signals, for as long as the app lives."""
        request_started.connect(self._on_started, app)
        before_render_template.connect(self._on_template, app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; its record is there before the first byte of the answer goes out."""
        request_id = environ.pop(_ENVIRON_HEADER, "") or f"#{next(self._numbers)}"
        note = environ[_ENVIRON_NOTE] = _Note()
        record = Record(request_id, environ["REQUEST_METHOD"], _path(environ), started=time.time())
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            note.status = int(status.split(" ", 1)[0])
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        body = self._app(environ, start)
        self._keep(record, note, time.perf_counter() - began)
        return body

    def _keep(self, record: Record, note: _Note, seconds: float) -> None:
        done = replace(
            record,
            status=note.status,
            endpoint=note.endpoint,
            rule=note.rule,
            values=note.values,
            templates=tuple(note.templates),
            seconds=seconds,
        )
        with self._lock:
            self._records.append(done)

    # -- signals of Flask, on the thread of the request --------------------------------------------

    def _on_started(self, _sender: Flask, **_: Any) -> None:
        note = request.environ.get(_ENVIRON_NOTE)
        if note is not None and request.url_rule is not None:
            note.endpoint = request.url_rule.endpoint
            note.rule = request.url_rule.rule
            note.values = _short_pairs(request.view_args or {})

    def _on_template(self, _sender: Flask, template: Any, context: Mapping[str, Any], **_: Any) -> None:
        if not has_request_context():
            return
        note = request.environ.get(_ENVIRON_NOTE)
        if note is not None:
            given = {name: value for name, value in context.items() if name not in _FLASKS_OWN}
            note.templates.append(Rendered(template.name or "", _short_pairs(given)))

    # -- asked by others --------------------------------------------------------------------------------

    def records(self) -> tuple[Record, ...]:
        """What is kept, oldest first."""
        with self._lock:
            return tuple(self._records)

    def find(self, request_id: str) -> Record | None:
        """The record of the request that was sent with this identifier."""
        return next((each for each in reversed(self.records()) if each.request_id == request_id), None)

    def last_for_template(self, name: str) -> TemplateUse | None:
        """The latest request that rendered the template."""
        for record in reversed(self.records()):
            for rendered in record.templates:
                if rendered.template == name:
                    return TemplateUse(record.method, record.path, rendered.variables)
        return None


def _path(environ: WSGIEnvironment) -> str:
    """The path as it was sent, still percent-encoded, with its query."""
    return str(environ.get("REQUEST_URI") or environ.get("PATH_INFO") or "/")


_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = LONGEST
_short.maxdict = _short.maxlist = _short.maxtuple = _short.maxset = 20


def _short_pairs(values: Mapping[str, Any]) -> Pairs:
    return tuple((name, short_repr(value)) for name, value in values.items())


def short_repr(value: object) -> str:
    """A ``repr`` of at most 200 characters, also of what has a broken or an endless one."""
    try:
        text = _short.repr(value)
    except Exception as error:  # noqa: BLE001  any class of the project may be asked here
        text = f"<{type(value).__name__}: {type(error).__name__} in its repr>"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
