"""What happened to a request inside Flask: one ``Trip`` for each that reached the server, wherever it came
from.

All of it is text and numbers: a trip holds on to nothing of the app, can travel between threads and be kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from playground.core.exchanges import Pairs
from playground.core.problems import Place

CORRELATION = "X-Playground-Request"
"""The header that joins an answer to its trip; the app never sees it."""
PREVIEW = "preview-"
"""So begins the ``request_id`` of what the window's previews of a page ask for."""


class Stage(StrEnum):
    """The stages of a trip, in the order in which Flask goes through them."""

    REQUEST = "request"
    ROUTE = "route"
    PREPROCESSOR = "url_value_preprocessor"
    BEFORE = "before_request"
    VIEW = "view"
    TEMPLATE = "template"
    ERROR = "errorhandler"
    AFTER = "after_request"
    RESPONSE = "response"
    TEARDOWN = "teardown_request"


@dataclass(frozen=True, slots=True)
class Value:
    """A variable: its name, the name of its type, and a ``repr`` of at most 200 characters.

    ``size`` is how many items a container has, -1 for what is none. ``masked`` is what to show in place of
    ``text`` where that looks like a secret, empty where it does not.
    """

    name: str
    type: str
    text: str
    size: int = -1
    masked: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a trip.

    ``name`` is the function, the template or the rule; ``place`` where that is written, None outside of the
    project. ``values`` are what it was given: the converters' values, the template's variables. ``depth`` is
    1 for what happened inside the step before it (a template inside its view). ``at`` is the time since the
    request began and ``seconds`` how long it took, both in seconds; a step's time holds that of those inside.
    ``note`` adds what there is to say: ``201 CREATED · application/json``, or that a hook answered itself.
    """

    stage: Stage
    name: str
    place: Place | None = None
    values: tuple[Value, ...] = ()
    at: float = 0.0
    seconds: float = 0.0
    depth: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback, outermost first: ``file`` is relative to the project where it is ``own``.

    ``library`` says whose code it is, empty for the project's. ``source`` are the lines around its line as
    they were loaded, the first of which has the number ``first``; of these, what failed begins at the
    character ``column`` (from 0) of ``line`` and ends before ``end_column`` of ``end_line``; -1 where that is
    not known. ``variables`` are its local ones as they were when it failed, ``more`` how many there were
    besides.
    """

    file: str
    line: int
    function: str
    code: str = ""
    own: bool = False
    library: str = ""
    first: int = 0
    source: tuple[str, ...] = ()
    column: int = -1
    end_line: int = 0
    end_column: int = -1
    variables: tuple[Value, ...] = ()
    more: int = 0

    @property
    def is_template(self) -> bool:
        """Whether it is a line of a template, whose ``function`` is then in Jinja's words."""
        return not self.library and not self.file.endswith(".py")


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that a view, a hook or a template let escape, whether or not something answered it.

    ``type`` is the class's name, ``message`` its text, ``traceback`` all that Python says. ``facts`` are what
    its attributes tell beyond the message: ``key`` of a ``BadRequestKeyError``, ``endpoint``, ``values`` and
    ``suggested`` of a ``BuildError``, ``template`` and ``line`` of Jinja's, ``code`` of an ``HTTPException``.

    ``gap`` frames were left out after the first ones of very many. ``before`` are the exceptions that it came
    of, the nearest first; ``how`` says of such a one whether it was the ``cause`` (``raise … from``) or the
    ``context`` (it was being handled). ``inner`` are those of a group. ``syntax`` is the line that does not
    parse, where that is what is wrong.
    """

    type: str
    message: str
    frames: tuple[Frame, ...] = ()
    traceback: str = ""
    facts: Pairs = ()
    gap: int = 0
    before: tuple[Raised, ...] = ()
    how: str = ""
    inner: tuple[Raised, ...] = ()
    syntax: Frame | None = None

    def fact(self, name: str) -> str:
        """One of the facts; empty where there is none."""
        return next((value for key, value in self.facts if key == name), "")

    @property
    def own_frame(self) -> Frame | None:
        """The innermost frame of the project's own code."""
        return next((frame for frame in reversed(self.frames) if frame.own), None)


@dataclass(frozen=True, slots=True)
class Body:
    """The beginning of a body: ``size`` is that of the whole, -1 while it is not known."""

    data: bytes = b""
    size: int = 0

    @property
    def truncated(self) -> bool:
        """Whether ``data`` is only the beginning."""
        return self.size > len(self.data)


@dataclass(frozen=True, slots=True)
class Trip:
    """One request that reached the server, and what became of it.

    ``number`` counts from 1 in the order in which they were answered; ``request_id`` joins it to what the
    window sent. ``path`` is percent-encoded, with its query. ``client`` is the address it came from,
    ``window`` whether this window sent it. ``rule`` and ``endpoint`` are empty where no rule matched.
    ``started`` is in seconds since the epoch. ``stepped`` says that its lines were recorded, too.
    ``refused`` is why it was not let in to the app, as a sentence; empty for all others.
    """

    number: int
    request_id: str
    method: str
    path: str
    client: str = ""
    window: bool = False
    status: int = 0
    reason: str = ""
    rule: str = ""
    endpoint: str = ""
    values: tuple[Value, ...] = ()
    steps: tuple[Step, ...] = ()
    request_headers: Pairs = ()
    request_body: Body = Body()
    response_headers: Pairs = ()
    response_body: Body = Body()
    printed: str = ""
    logged: tuple[str, ...] = ()
    raised: tuple[Raised, ...] = ()
    started: float = 0.0
    seconds: float = 0.0
    stepped: bool = False
    refused: str = ""

    @property
    def failed(self) -> bool:
        """Whether it was answered with an error."""
        return self.status >= 400

    @property
    def preview(self) -> bool:
        """Whether a preview of a page in this window asked for it."""
        return self.request_id.startswith(PREVIEW)


@dataclass(frozen=True, slots=True)
class Line:
    """A trip as one line of a list: all that the list shows and filters by.

    ``preview`` says that it was a preview of a page in this window that asked.
    """

    number: int
    method: str
    path: str
    client: str
    window: bool
    status: int
    rule: str
    endpoint: str
    started: float
    seconds: float
    stepped: bool = False
    preview: bool = False
