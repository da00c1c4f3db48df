"""A WSGI layer that records for each request what Flask made of it: its ``Trip``.

The parts: a ``Note`` is taken while a request runs (``note``), by what the app does (``hooks``) and by what
its answer is (``slot``); the latest are kept (``ring``); what somebody asks for is made of them then
(``trips``).
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask

from playground.core.exchanges import Pairs
from playground.core.trips import CORRELATION, PREVIEW, Line, Stage, Trip
from playground.server import output, trips
from playground.server.debugging import DebugPages
from playground.server.gate import DOOR, Door, Gate, Refusal
from playground.server.guests import Guests
from playground.server.hooks import Hooks
from playground.server.note import KEPT, NOTE, Note, Snapshot
from playground.server.ring import Ring
from playground.server.short_repr import short_repr, values_of
from playground.server.slot import HEADERS, WATCH, AppSlot
from playground.server.template_values import TemplateValues

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["HEADER", "Note", "Recorder", "TemplateUse", "Tracing", "short_repr"]

HEADER = CORRELATION

_ENVIRON_HEADER = "HTTP_" + HEADER.upper().replace("-", "_")
ENGINE = "QtWebEngine"
"""What previews say that they are."""
PATIENCE = 10.0
MOST_EXPECTED = 200
"""So many seconds, and so many requests of a preview, are waited for."""
MOST_ANNOUNCED = 1000
"""So many requests of this window may be on their way."""
ICON = "/favicon.ico"
LOOKED_BACK = 200
"""What a browser asks for by itself; and so many requests are looked at for the last one of a person."""
_LATE = "504 Gateway Timeout"
_OWN_DOOR = Door()

Tracing = Callable[[Note], AbstractContextManager[object] | None]
"""Asked as a request begins: what the call of the app is to happen in, or None to leave it alone."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """The request that last rendered a template, and the variables that it was given."""

    method: str
    path: str
    variables: Pairs


class Recorder:
    """Wraps the slot and keeps the latest trips; ``watch`` each app that it serves."""

    def __init__(self, slot: AppSlot, ring: Ring | None = None) -> None:
        self._slot = slot
        self._project = slot.project
        self._hooks = Hooks(slot.project)
        self._hooks.on_template = self._on_template
        self.debugging = DebugPages(slot.project)
        self._ring = ring or Ring()
        self.tracing: Tracing | None = None
        self.values = TemplateValues(short_repr)
        self.gate = Gate()
        self.guests = Guests()
        self._announced: dict[str, bool] = {}
        self._expected: deque[tuple[str, str, float]] = deque(maxlen=MOST_EXPECTED)
        slot.on_escape = self._hooks.add_raised
        slot.debug_page = self.debugging.page_for

    def watch(self, app: Flask) -> None:
        """Listen to what the app does, for as long as the app lives."""
        self._hooks.watch(app)

    def unwatch(self, app: Flask) -> None:
        """Leave an app alone, as it was before."""
        self._hooks.unwatch(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request; its trip is there before the first byte of the answer goes out."""
        path = environ.get("REQUEST_URI") or environ.get("PATH_INFO") or "/"  # as sent, with its query
        note = environ[NOTE] = Note(environ["REQUEST_METHOD"], path, environ.get("REMOTE_ADDR", ""))
        door: Door = environ.pop(DOOR, _OWN_DOOR)
        note.shared = door.shared
        is_ours = self._recognise(note, environ)
        if self.debugging.on:
            note.debug = not note.shared and self.debugging.allows(environ)
        note.headers = environ.pop(HEADERS, None) or _headers(environ)
        refusal = None if is_ours else self.gate.refusal(environ, door, self._slot.app)
        if refusal is not None:
            return self._refuse(note, refusal, start_response)
        if environ.get("CONTENT_LENGTH"):
            _read_body(note, environ)
        watch = environ.get(WATCH)
        if watch is not None:
            output.begin(note)
            watch.on_abandoned = partial(self._left_behind, note)
            watch.shared = note.shared
        tracing = self.tracing
        around = tracing(note) if tracing is not None else None
        if around is None:
            body = self._slot(environ, start_response)
        else:
            with around:
                body = self._slot(environ, start_response)
        note.returned = perf_counter()
        self._keep(note)
        return body

    def _keep(self, note: Note) -> None:
        """Before it is answered: whoever got an answer finds it here."""
        self._ring.add(note)
        if note.shared:
            self.guests.add(note)
            note.on_end = self.guests.settle

    def _recognise(self, note: Note, environ: WSGIEnvironment) -> bool:
        """Whether this window proves that it sent this; a claim without proof changes nothing."""
        sent = environ.pop(_ENVIRON_HEADER, "")
        if note.shared:
            return False
        if sent and self._announced.pop(sent, False):
            note.request_id, note.window = sent, True
            return True
        if self._expected and self._is_expected(note, environ.get("HTTP_USER_AGENT", "")):
            note.request_id, note.window = f"{PREVIEW}{uuid.uuid4().hex}", True
        return False

    def _refuse(self, note: Note, refusal: Refusal, start_response: StartResponse) -> Iterable[bytes]:
        """Answer without the app, and without what it would have seen."""
        page = b"" if note.method == "HEAD" else refusal.page
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(refusal.page)))]
        note.refused = refusal.reason
        note.answers(refusal.status, headers)
        note.sends(page)
        note.returned = perf_counter()
        self.guests.refuse()
        self._ring.add(note)
        note.ends()
        start_response(refusal.status, headers)
        return [page]

    def announce(self, request_id: str) -> None:
        """This window is about to send a request with this identifier, which nobody else can know.

        It is recognised by it once, and where nothing came of it, not for ever. From any thread.
        """
        self._announced[request_id] = True
        while len(self._announced) > MOST_ANNOUNCED:
            with suppress(KeyError, RuntimeError, StopIteration):  # another thread was quicker
                del self._announced[next(iter(self._announced))]

    def expect(self, method: str, path: str) -> None:
        """A preview is about to ask for this; any thread."""
        self._expected.append((method, path, time.monotonic()))

    def _is_expected(self, note: Note, agent: str) -> bool:
        """Whether this is what a preview was about to ask for; each is expected once, and not for long."""
        if ENGINE not in agent:
            return False
        for one in tuple(self._expected):
            method, path, since = one
            if (method, path) == (note.method, note.path) and time.monotonic() - since < PATIENCE:
                with suppress(ValueError):  # another thread took it
                    self._expected.remove(one)
                    return True
        return False

    def _left_behind(self, note: Note) -> None:
        """The guard answered in place of the app."""
        if note.ring is None and not note.number:
            note.answers(_LATE, ())
            note.returned = perf_counter()
            self._keep(note)
        note.ends()

    def _on_template(self, name: str, note: Note, context: Mapping[str, Any], given: Snapshot) -> None:
        self.values.note(name, note.method, note.path, context, given)

    # -- asked by others --------------------------------------------------------------------------------

    @property
    def recorded(self) -> int:
        """How many trips there ever were."""
        return self._ring.count

    def lines(self, after: int = 0, most: int | None = None) -> tuple[Line, ...]:
        """The trips with a higher number that are kept, oldest first; only the first ``most`` of them."""
        return tuple(map(trips.line_of, self._ring.after(after, most)))

    def trip(self, number: int) -> Trip | None:
        """The trip of that number, while it is kept."""
        note = self._ring.get(number)
        return trips.trip_of(note, self._project) if note is not None else None

    def last_asked(self) -> Trip | None:
        """The trip of the last request that somebody made; no preview of the window, no browser's icon."""
        line = self.last_line()
        return self.trip(line.number) if line is not None else None

    def last_line(self) -> Line | None:
        """The same as one line, which takes no time."""
        newest = self._ring.count
        notes = (self._ring.get(number) for number in range(newest, max(0, newest - LOOKED_BACK), -1))
        lines = (trips.line_of(note) for note in notes if note is not None)
        return next((line for line in lines if not line.preview and line.path != ICON), None)

    def find(self, request_id: str) -> Trip | None:
        """The trip of the request that was sent with this identifier."""
        note = self._find(request_id)
        return trips.trip_of(note, self._project) if note is not None else None

    def on_trips(self, callback: Callable[[], None] | None) -> None:
        """Call it when there is a new trip, and not again until ``lines`` was asked. On any thread."""
        self._ring.call_on_new(callback)

    def clear(self) -> None:
        """Forget all trips; numbers go on."""
        self._ring.clear()

    def printed(self, request_id: str) -> str:
        """What that request has printed by now, the middle of a lot left out; nothing for an unknown one."""
        note = self._find(request_id)
        return note.printed.text() if note is not None and note.printed is not None else ""

    def _find(self, request_id: str) -> Note | None:
        return next((note for note in self._ring.newest_first() if note.request_id == request_id), None)

    def last_for_template(self, name: str) -> TemplateUse | None:
        """The latest request that rendered the template."""
        for note in self._ring.newest_first():
            for event in note.events.copy():
                if event.stage is Stage.TEMPLATE and event.what == name:
                    pairs = tuple((value.name, value.text) for value in values_of(event.values))
                    return TemplateUse(note.method, note.path, pairs)
        return None


def _headers(environ: WSGIEnvironment) -> Mapping[str, str]:
    """The request's headers, where the server did not leave them: ``USER_AGENT`` and so on."""
    named = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            named[name] = environ[name]
    return named


def _read_body(note: Note, environ: WSGIEnvironment) -> None:
    """Look at the beginning of the request's body, where it can be looked at without taking it away."""
    length, stream = environ["CONTENT_LENGTH"], environ["wsgi.input"]
    note.request_size = int(length) if length.isdigit() else -1
    if hasattr(stream, "seekable") and stream.seekable():
        begin = stream.tell()
        note.request_data = stream.read(KEPT)
        stream.seek(begin)
