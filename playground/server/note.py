"""What is known of a request while it runs: the recorder's side of a ``Trip``.

Each request pays for its note, so a note takes down as little as it can: references to text, numbers and
code objects, which nobody changes and which hold on to nothing of the app. What is made of them is made when
somebody asks (see ``trips``).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from playground.core.trips import Line, Raised, Stage
from playground.server.output import Printed

if TYPE_CHECKING:
    from playground.server.ring import Ring

KEPT = 64 * 1024
"""Bytes of a body that are kept."""
NOTE = "playground.note"
"""Where the note of a request is in its WSGI environment."""
ROUTER = "router"
"""Said of an exception that was raised because no rule fits."""
MOST_LOGGED = 200
LONGEST_LOGGED = 64 * 1024
"""Records that are kept of what one request logs, and their characters."""
MOST_EVENTS = 400
"""Events that are taken down of one request: a view may render templates in a loop."""

EACH_EVENT = 200
EACH_VALUE = 250
"""Bytes that these take; counted, not weighed."""

_clock = time.perf_counter
_serials = itertools.count(1)


class Event(NamedTuple):
    """Something that happened: ``at`` is a reading of ``perf_counter``.

    ``stage`` is the step that begins, or None where one ends: the template of the name ``what``, or, where
    that is a number, what an exception ended (the place in ``Note.raised``). ``what`` is otherwise the code
    that is about to be called, or a template's name. ``values`` are (name, type, value or its ``repr``).
    """

    stage: Stage | None
    what: CodeType | str | int
    at: float
    values: Snapshot = ()
    note: str = ""
    file: str = ""
    inside: bool = False


class Shown(str):
    """A ``repr`` that was made at once, as its value may change; a plain ``str`` is a value itself."""

    __slots__ = ()


Snapshot = tuple[tuple[str, str, object, int], ...]
"""Variables: name, name of the type, a value that nobody can change or what was ``Shown`` of it, and how many
items it has (-1 for what is no container)."""


class Note:
    """One request. Most of these never come to hold more than what the class says."""

    number = 0
    stepped = False
    window = False
    debug = False
    """Whether a failure may be shown to whoever asked."""
    nobody_types = ""
    """What is said to code that waits for typing; empty for what is said in a view."""
    status_line = ""
    headers: Mapping[str, str] = {}
    request_data: bytes = b""
    request_size = 0
    response_headers: Sequence[tuple[str, str]] = ()
    body: bytes | bytearray = b""
    body_size = 0
    rule = ""
    endpoint = ""
    automatic = False
    """Whether Flask answers OPTIONS by itself."""
    values: Snapshot = ()
    raised: tuple[Raised, ...] = ()
    printed: Printed | None = None
    logged: tuple[str, ...] = ()
    escaping = 0
    """The ``id`` of an exception that is on its way out of the app and is noted."""
    trapped: Any = None
    """A weak reference to an ``HTTPException`` that is noted."""
    called = 0.0
    """When the app was called, when its answer began, when it returned, when all was sent."""
    answered = 0.0
    returned = 0.0
    ended = 0.0
    extra = 0
    """Bytes that it holds beyond what any note does."""
    line: Line | None = None
    ring: Ring | None = None
    shared = False
    """Whether it came from the network."""
    refused = ""
    """Why it was not let in to the app."""
    counted_failed = False
    """Whether the roster has it as failed."""
    on_end: Callable[[Note], None] | None = None
    _id = ""

    def __init__(self, method: str, path: str, client: str) -> None:
        self.method = method
        self.path = path
        self.client = client
        self.events: list[Event] = []
        self.started = time.time()
        self.began = _clock()

    @property
    def request_id(self) -> str:
        """What joins it to what the window sent; a number of our own for what came from elsewhere."""
        if not self._id:
            self._id = f"#{next(_serials)}"
        return self._id

    @request_id.setter
    def request_id(self, name: str) -> None:
        self._id = name

    @property
    def status(self) -> int:
        """The number of the answer, 0 while there is none."""
        return int(self.status_line[:3] or 0)

    @property
    def seconds(self) -> float:
        """How long it took by now."""
        return (self.ended or self.returned or _clock()) - self.began

    def add(self, event: Event) -> None:
        """Take down what happened."""
        if len(self.events) < MOST_EVENTS:
            self.events.append(event)
            self.extra += EACH_EVENT + EACH_VALUE * len(event.values)

    def prints(self, text: str) -> None:
        """Something was written to standard output or standard error."""
        if self.printed is None:
            self.printed = Printed()
        self.printed.add(text)

    def logs(self, text: str) -> None:
        """Something was logged."""
        if len(self.logged) < MOST_LOGGED and sum(map(len, self.logged)) < LONGEST_LOGGED:
            self.logged += (text[:LONGEST_LOGGED],)
            self.extra += len(text) + EACH_VALUE

    def answers(self, status: str, headers: Sequence[tuple[str, str]]) -> None:
        """The app begins to answer."""
        self.answered = _clock()
        self.status_line = status
        self.response_headers = headers

    def sends(self, chunk: bytes) -> None:
        """A part of the body goes out."""
        if not self.body_size and len(chunk) <= KEPT:
            self.body = chunk
        else:
            self._sends_more(chunk)
        self.body_size += len(chunk)

    def _sends_more(self, chunk: bytes) -> None:
        room = KEPT - len(self.body)
        if room > 0:
            if not isinstance(self.body, bytearray):
                self.body = bytearray(self.body)
            self.body += chunk[:room]

    def sends_file(self, wrapped: Any) -> None:
        """A file is the body: the server sends it by itself, so this is all that will be seen of it."""
        file = wrapped.file
        with suppress(OSError, ValueError):  # closed already, say: the server will tell
            if hasattr(file, "seekable") and file.seekable():
                begin = file.tell()
                self.body = file.read(KEPT)
                file.seek(begin)
        self.body_size = next(
            (
                int(value)
                for name, value in self.response_headers
                if name.lower() == "content-length" and value.isdigit()
            ),
            len(self.body),
        )
        self.ends()

    def ends(self) -> None:
        """All is sent, or nothing more will be."""
        if not self.ended:
            self.ended = _clock()
            if self.on_end is not None:
                self.on_end(self)
            if self.ring is not None:
                self.ring.settle(self)
