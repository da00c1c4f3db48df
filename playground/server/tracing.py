"""X-ray: a request is recorded line by line in the project's own code, by ``sys.settrace`` on its thread.

Code that is not the project's runs at full speed: its calls are looked at once, by the name of their file.
All is bounded: moments, values, their text, the time that a ``repr`` may take, the bytes that are kept. What
the app can notice is what any debugger shows it: ``sys.gettrace()``, a few levels less of recursion, and that
``repr`` is called. A trace function that somebody else has set is left alone, and nothing is recorded.

Not recorded: what runs on another thread (an ``async`` view, which asgiref runs on one), and what runs after
the view, when the parts of a streamed answer are sent.
"""

from __future__ import annotations

import itertools
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from importlib.util import decode_source
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from playground.core.stepping import Moment, Stepping
from playground.core.trips import Value
from playground.server.imports import FreshLoader, ProjectImports
from playground.server.stopping import TookTooLongError
from playground.server.trace_function import set_trace
from playground.server.tracing_frames import ModuleNames, PythonFrame, TemplateFrame
from playground.server.tracing_templates import TemplateLines, is_jinjas_own, source_of, template_of
from playground.server.tracing_values import Writer

if TYPE_CHECKING:
    from jinja2 import Template

    from playground.server.recorder import Note

MOST = 5_000
"""Moments of a request that are kept."""
COUNTED = 100_000
"""Moments past those that are counted; then the request runs on at full speed."""
KEPT = 20
"""Requests whose moments are kept."""
MOST_BYTES = 32 * 1024 * 1024
"""What all of them may take, roughly."""
AT_ONCE = 8
"""Requests that are recorded at the same time."""

ELSEWHERE = (
    "Lines were not recorded: a debugger or another tool follows this thread already, and is left alone."
)
CROWDED = "Lines were not recorded: other requests were being recorded at the same time."
REPLACED = "The recording ends early: the project has set a trace function of its own, which is left alone."
ENDED = "The recording ends early: the request's own code switched it off, or its calls went too deep."
LATE = "The recording ends where the view was stopped: it had used up its time."
DEEP = "The recording ends early: the calls went too deep for it to follow."
BROKEN = "The recording ends early, by a mistake of the playground. The log tells which one."

_log = logging.getLogger(__name__)
Traced = Callable[[FrameType, str, Any], Any]


class Tracing:
    """Records the requests of one project; ``around`` is what the recorder asks as a request begins."""

    def __init__(self, folder: Path) -> None:
        self._project = ProjectImports(folder)
        self._kept: deque[Recording] = deque()
        self._lock = threading.Lock()
        self.files: dict[str, str] = {}
        self._texts: dict[str, tuple[object, str]] = {}
        self.module_names = ModuleNames()

    def around(self, note: Note) -> Recording | None:
        """What the app is to be called in; from the thread of the request."""
        recording = Recording(self, note)
        if sys.gettrace() is not None:
            recording.note = ELSEWHERE
        elif sum(each.is_under_way for each in self._kept.copy()) >= AT_ONCE:
            recording.note = CROWDED
        self._keep(recording)
        return None if recording.note else recording

    def stepping(self, number: int) -> Stepping | None:
        """What was recorded of the trip of that number; None where nothing was. From any thread."""
        for recording in reversed(self._kept.copy()):
            if number and recording.request.number == number:
                return recording.stepping() if recording.moments or recording.note else None
        return None

    def _keep(self, recording: Recording) -> None:
        with self._lock:
            self._kept.append(recording)
            while len(self._kept) > KEPT:
                self._kept.popleft()

    def settle(self, recording: Recording) -> None:
        """A recording has ended: one without anything is forgotten, and the oldest make room."""
        with self._lock:
            if not recording.moments and not recording.note and recording in self._kept:
                self._kept.remove(recording)
            while len(self._kept) > 1 and sum(each.bytes for each in self._kept) > MOST_BYTES:
                self._kept.popleft()

    # -- the project's files ---------------------------------------------------------------------------

    def own(self, path: str) -> str:
        """The name of a file within the project, empty for what is not the project's."""
        known = self.files.get(path)
        if known is None:
            if len(self.files) > 20_000:  # a program that makes code under ever new names
                self.files.clear()
            known = self.files[path] = self._project.relative(path) if self._project.holds(path) else ""
        return known

    def python_source(self, path: str) -> str:
        """The text of a Python file as it was loaded."""
        loaded = FreshLoader.files.get(path)
        data = loaded.data if loaded is not None else Path(path).read_bytes()
        known = self._texts.get(path)
        if known is None or known[0] is not data:
            known = self._texts[path] = data, decode_source(data)
        return known[1]


class Recording:
    """One request, while it is recorded and afterwards; a context manager for its own thread."""

    def __init__(self, tracing: Tracing, request: Note) -> None:
        self.request = request
        self.tracing = tracing
        self.moments: list[Moment] = []
        self.note = ""
        self.running = False
        self.bytes = 0
        self.depth = 0
        self.calls = itertools.count()
        self.left_out = 0
        self.sources: dict[str, str] = {}
        self.writer = Writer()
        self._files = tracing.files  # looked at for each call of a Python function
        self._templates: dict[int, tuple[Template, TemplateLines]] = {}
        self._traced: Traced = self._called

    @property
    def is_under_way(self) -> bool:
        """Whether its request is being answered; one that the guard left behind has its number."""
        return self.running and not self.request.number

    def stepping(self) -> Stepping:
        """What is recorded by now."""
        sources = tuple(self.sources.copy().items())
        return Stepping(self.request.number, tuple(self.moments), self.left_out, sources, self.note)

    # -- the thread's trace function -------------------------------------------------------------------

    def __enter__(self) -> Recording:
        self.running = True
        set_trace(self._traced)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        now = sys.gettrace()
        if now is self._traced:
            set_trace(None)
        else:
            self.note = self.note or (REPLACED if now is not None else "" if self.left_out else ENDED)
        self.running = False
        self._templates.clear()  # they hold on to the app
        self.tracing.settle(self)

    def _called(self, frame: FrameType, event: str, argument: object) -> Traced | None:
        """The global trace function: called for each call of a Python function on the thread."""
        path = frame.f_code.co_filename
        if self._files.get(path) == "":
            return None
        try:
            return self._entered(frame, path)
        except TookTooLongError:
            self.note = LATE
            raise
        except RecursionError:
            self.give_up(DEEP)
        except Exception:  # noqa: BLE001  ours, whatever it is: the request goes on without us
            _log.exception("a request could not be recorded")
            self.give_up(BROKEN)
        return None

    def _entered(self, frame: FrameType, path: str) -> Traced | None:
        name = self.tracing.own(path)
        if not name:
            return None
        mine = getattr(frame.f_trace, "__self__", None)
        if isinstance(mine, Follower) and mine.recording is self:  # a generator goes on
            return mine.resume(frame)
        template = template_of(frame)
        if template is None and is_jinjas_own(frame):
            return None
        if template is None:
            if name not in self.sources:
                self.sources[name] = self.tracing.python_source(path)
            return Follower(self, PythonFrame(frame, name, self.tracing.module_names)).begin(frame)
        if name not in self.sources:
            self.sources[name] = source_of(template, path)
        lines = self._lines_of(template)
        return Follower(self, TemplateFrame(frame, name, lines, self.sources[name])).begin(frame)

    def _lines_of(self, template: Template) -> TemplateLines:
        known = self._templates.get(id(template))
        if known is None:
            known = self._templates[id(template)] = template, TemplateLines(template)
        return known[1]

    def give_up(self, why: str) -> None:
        """Record no more of this request."""
        self.note = self.note or why
        sys.settrace(None)

    # -- what the followers say ------------------------------------------------------------------------

    def has_room(self) -> bool:
        """Whether one more moment is to be kept; those past the bound are counted, up to a bound."""
        if len(self.moments) < MOST:
            return True
        self.left_out += 1
        if self.left_out >= COUNTED:
            sys.settrace(None)
        return False

    def add(self, moment: Moment, size: int) -> None:
        """Keep a moment, which takes about so many bytes more."""
        self.moments.append(moment)
        self.request.stepped = True
        self.bytes += size


class Follower:
    """Follows one call of a function, from its beginning to its end, through all pauses of a generator.

    ``trace`` is the local trace function of its frame; it holds on to nothing of the app but texts.
    """

    __slots__ = ("_before", "_call", "_depth", "_frame", "_raised", "recording")

    def __init__(self, recording: Recording, frame: PythonFrame | TemplateFrame) -> None:
        self.recording = recording
        self._frame = frame
        self._call = next(recording.calls)
        self._before: dict[str, Value] | None = None
        self._depth = 0
        self._raised = ""

    def begin(self, frame: FrameType) -> Traced:
        """The call itself."""
        self.resume(frame)
        return self.trace

    def resume(self, frame: FrameType) -> Traced:
        """It begins, or goes on after a pause."""
        self._depth = self.recording.depth
        self.recording.depth += 1
        self._note(frame, "call", None)
        return self.trace

    def trace(self, frame: FrameType, event: str, argument: Any) -> Traced | None:
        """The local trace function."""
        recording = self.recording
        if not recording.running:  # a generator that goes on when the answer is sent
            return None
        if event == "return":
            recording.depth = self._depth
        try:
            self._note(frame, event, argument)
        except TookTooLongError:
            recording.note = LATE
            raise
        except RecursionError:
            recording.give_up(DEEP)
        except Exception:  # noqa: BLE001  ours, whatever it is: the request goes on without us
            _log.exception("a request could not be recorded")
            recording.give_up(BROKEN)
        return self.trace

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        line = self._frame.line_of(frame, event, argument)
        if line is None or not self.recording.has_room():
            return
        writer, before = self.recording.writer, self._before
        known = before or {}
        values = writer.values(self._frame.values(frame), known)
        module = writer.values(self._frame.module_values(frame, values), known)
        everything = {**module, **values}
        changed = () if before is None else tuple(_changed(before, everything))
        made = Moment(
            event,
            self._frame.file,
            line,
            self._frame.function,
            self._depth,
            tuple(values.values()),
            tuple(module.values()),
            changed,
            self._result(event, argument),
            self._frame.block,
            self._call,
        )
        new = (value for name, value in everything.items() if known.get(name) is not value)
        self.recording.add(made, 300 + 8 * len(everything) + sum(200 + len(value.text) for value in new))
        self._before = everything

    def _result(self, event: str, argument: Any) -> str:
        """What is returned or raised; a function that is left by an exception says which one."""
        text = self.recording.writer.text
        if event == "exception":
            kind, error, _ = argument
            if kind is TookTooLongError:
                self.recording.note = LATE
            words = _message(error)
            self._raised = f"{kind.__name__}: {words}" if words else kind.__name__
            return self._raised
        raised, self._raised = self._raised, ""
        if event != "return" or (argument is None and (raised or isinstance(self._frame, TemplateFrame))):
            return raised
        return text(argument)


def _changed(before: dict[str, Value], now: dict[str, Value]) -> Iterator[str]:
    """The names of what is new, different or gone."""
    yield from (name for name, value in now.items() if before.get(name) is not value)
    yield from (name for name in before if name not in now)


def _message(error: object) -> str:
    """The message of an exception, which the project's own class may fail to give."""
    try:
        return str(error)[:200]
    except Exception as broken:  # noqa: BLE001  its __str__ may raise anything
        return f"({type(broken).__name__} in its message)"
