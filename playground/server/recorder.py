"""A WSGI layer that notes for each request what Flask made of it.

It says which rule matched with which values, which templates were rendered with which variables, and what
came back. The preview of a template uses it to find the page that shows the template.
"""

from __future__ import annotations

import itertools
import reprlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, before_render_template, request, request_started

from playground.core.exchanges import Pairs
from playground.server import output
from playground.server.slot import WATCH
from playground.server.template_values import TemplateValues

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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


class Note:
    """What is known of a request while it runs; a ``Record`` is made of it when somebody asks.

    ``number`` is 0 until it is answered; ``stepped`` is set by whoever records its lines.
    """

    __slots__ = (
        *("began", "endpoint", "method", "number", "path", "printed", "request_id", "rule"),
        *("seconds", "started", "status", "stepped", "templates", "values"),
    )

    def __init__(self, request_id: str, method: str, path: str) -> None:
        self.number = 0
        self.stepped = False
        self.request_id = request_id
        self.method = method
        self.path = path
        self.status = 0
        self.endpoint = self.rule = ""
        self.values: Pairs = ()
        self.templates: tuple[Rendered, ...] = ()
        self.seconds = 0.0
        self.printed: output.Printed | None = None
        self.started = time.time()
        self.began = time.perf_counter()

    def record(self) -> Record:
        """What is known by now."""
        return Record(
            self.request_id,
            self.method,
            self.path,
            self.status,
            self.endpoint,
            self.rule,
            self.values,
            self.templates,
            self.started,
            self.seconds,
        )


Tracing = Callable[[Note], AbstractContextManager[object] | None]
"""Asked as a request begins: what the call of the app is to happen in, or None to leave it alone."""


class Recorder:
    """Wraps a WSGI callable and keeps the latest records; ``watch`` each app that it serves."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self._app = wsgi_app
        self._notes: deque[Note] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._answered = itertools.count(1)
        self.tracing: Tracing | None = None
        self.values = TemplateValues(short_repr)

    def watch(self, app: Flask) -> None:
        """Listen to the app's signals, for as long as the app lives."""
        request_started.connect(self._on_started, app)
        before_render_template.connect(self._on_template, app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; its record is there before the first byte of the answer goes out."""
        request_id = environ.pop(_ENVIRON_HEADER, "") or f"#{next(self._numbers)}"
        note = environ[_ENVIRON_NOTE] = Note(request_id, environ["REQUEST_METHOD"], _path(environ))
        watch = environ.get(WATCH)
        if watch is not None:
            note.printed = output.begin(request_id)

            def left_behind() -> None:
                note.status = 504
                self._keep(note)

            watch.on_abandoned = left_behind

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            note.status = int(status[:3])
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        tracing = self.tracing
        around = tracing(note) if tracing is not None else None
        if around is None:
            body = self._app(environ, start)
        else:
            with around:
                body = self._app(environ, start)
        self._keep(note)
        return body

    def _keep(self, note: Note) -> None:
        note.seconds = time.perf_counter() - note.began
        note.number = next(self._answered)
        self._notes.append(note)

    # -- signals of Flask, on the thread of the request --------------------------------------------

    def _on_started(self, _sender: Flask, **_: Any) -> None:
        here = request._get_current_object()  # type: ignore[attr-defined]  # each use of the proxy costs
        note, rule = here.environ.get(_ENVIRON_NOTE), here.url_rule
        if note is not None and rule is not None:
            note.endpoint = rule.endpoint
            note.rule = rule.rule
            if here.view_args:
                note.values = _short_pairs(here.view_args)

    def _on_template(self, _sender: Flask, template: Any, context: Mapping[str, Any], **_: Any) -> None:
        try:
            here = request._get_current_object()  # type: ignore[attr-defined]  # as above
        except RuntimeError:  # rendered outside of a request
            return
        note = here.environ.get(_ENVIRON_NOTE)
        if note is not None:
            given = tuple(
                (name, short_repr(value)) for name, value in context.items() if name not in _FLASKS_OWN
            )
            note.templates += (Rendered(template.name or "", given),)
            self.values.note(template.name or "", note.method, note.path, context, given)

    # -- asked by others --------------------------------------------------------------------------------

    def records(self) -> tuple[Record, ...]:
        """What is kept, oldest first."""
        return tuple(note.record() for note in self._notes.copy())

    def find(self, request_id: str) -> Record | None:
        """The record of the request that was sent with this identifier."""
        note = self._find(request_id)
        return note.record() if note is not None else None

    def printed(self, request_id: str) -> str:
        """What that request has printed by now, the middle of a lot left out; nothing for an unknown one."""
        note = self._find(request_id)
        return note.printed.text() if note is not None and note.printed is not None else ""

    def _find(self, request_id: str) -> Note | None:
        return next((each for each in reversed(self._notes.copy()) if each.request_id == request_id), None)

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


_PLAIN = 100
"""Characters of a text up to which its ``repr`` is surely not too long."""
_SMALL = 10**15

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = LONGEST
_short.maxdict = _short.maxlist = _short.maxtuple = _short.maxset = 20


def _short_pairs(values: Mapping[str, Any]) -> Pairs:
    return tuple((name, short_repr(value)) for name, value in values.items())


def short_repr(value: object) -> str:
    """A ``repr`` of at most 200 characters, also of what has a broken or an endless one."""
    if (type(value) is str and len(value) < _PLAIN) or (type(value) is int and -_SMALL < value < _SMALL):
        return repr(value)  # most are; reprlib takes ten times as long
    try:
        text = _short.repr(value)
    except Exception as error:  # noqa: BLE001  any class of the project may be asked here
        text = f"<{type(value).__name__}: {type(error).__name__} in its repr>"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
