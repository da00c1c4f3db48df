"""The frames of an exception: where each was, the lines around it, and its variables at that moment.

Asked only once something has failed, so a request that goes well pays nothing for it. What is looked at is
bounded: frames, variables, their characters, and the time that the project's own ``repr`` may take.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import islice
from types import FrameType, TracebackType
from typing import NamedTuple

from flask import current_app, has_app_context

from playground.core.secrets import looks_secret, masked
from playground.core.trips import Frame, Value
from playground.server.frame_sources import OF_STRING, Sources, extent, is_template, line_in_source
from playground.server.imports import OWN_PACKAGE, ProjectImports
from playground.server.stopping import line_or_first
from playground.server.tracing_templates import template_of, variables
from playground.server.tracing_values import Writer, is_data, size_of, type_name

FIRST, LAST = 20, 60
"""Frames that are kept of a long traceback: of its beginning and of its end."""
MOST = 40
"""Variables of a frame."""
ROOM, LITTLE = 1000, 200
"""Characters of a value in the project's own frames, and in others or where there are very many."""
ALL = 48 * 1024
"""Characters of all values together; then there are no more."""
ALLOWANCE = 0.3
"""Seconds that the project's own ``repr`` may take, all together."""
_PACKAGES = f"site-packages{os.sep}"
_NAMES = {
    "flask": "Flask",
    "werkzeug": "Werkzeug",
    "jinja2": "Jinja",
    "sqlalchemy": "SQLAlchemy",
    "flask_sqlalchemy": "Flask-SQLAlchemy",
}
_OPTIMIZED = 0x1
_JINJAS = frozenset(
    (
        *("range", "dict", "lipsum", "cycler", "joiner", "namespace", "request", "session", "g", "config"),
        *("url_for", "get_flashed_messages", "caller", "loop", "self", "super", "varargs", "kwargs"),
    )
)
"""What every template of Flask has; a loop tells no more than its variable does."""


class At(NamedTuple):
    """A frame of a traceback: its line, and the instruction that it stopped at."""

    frame: FrameType
    line: int
    instruction: int


class FrameTeller:
    """Tells the frames of an exception and of those it came of, from one allowance.

    ``library_values`` says whether the variables of frames that are not the project's are looked at, too.
    """

    def __init__(self, project: ProjectImports, *, library_values: bool = True) -> None:
        self._project = project
        self._library_values = library_values
        self._writer = Writer(ALLOWANCE)
        self._left = ALL
        self._sources = Sources()
        self._secrets = tuple(_secrets_of_the_app())

    def frames(self, trace: TracebackType | None) -> tuple[tuple[Frame, ...], int]:
        """The frames without ours, outermost first; of very many the first and the last, and how many
        were left out between them."""
        every = [one for one in _walked(trace) if not is_ours(one.frame.f_code.co_filename, self._project)]
        gap = max(0, len(every) - FIRST - LAST)
        kept = [*every[:FIRST], *every[-LAST:]] if gap else every
        self._sources.of_string = next(filter(None, (_template_text(one.frame) for one in kept)), "")
        own = [at for at, one in enumerate(kept) if self._library(one.frame) == ""]
        others = [at for at, one in enumerate(kept) if at not in set(own)]
        values: dict[int, tuple[tuple[Value, ...], int]] = {}
        for at in (*reversed(own), *reversed(others if self._library_values else [])):
            values[at] = self._values(kept[at].frame, ROOM if at in set(own[-FIRST:]) else LITTLE)
        return tuple(self._frame(one, *values.get(at, ((), 0))) for at, one in enumerate(kept)), gap

    def syntax(self, error: SyntaxError) -> Frame | None:
        """The line that does not parse, as a frame without code; None where it is none of a file."""
        path, line = error.filename, error.lineno
        if not isinstance(path, str) or not line:
            return None
        lines = self._sources.of_file(path)
        first, source = self._sources.window(path, lines, line, line)
        if not source:
            return None
        end = error.end_offset if error.end_lineno == line and error.end_offset else 0
        column = max(0, (error.offset or 1) - 1)
        text = lines[line - 1].strip()
        library, file = self._named(path, "")
        return Frame(
            file, line, "", text, not library, library, first, source, column, line, max(column + 1, end - 1)
        )

    def _frame(self, one: At, values: tuple[Value, ...], more: int) -> Frame:
        frame, code = one.frame, one.frame.f_code
        lines = self._sources.lines(frame)
        line = line_in_source(frame, one.line)
        column, end_line, end_column = extent(frame, one.instruction, line, lines)
        first, source = self._sources.window(code.co_filename, lines, line, end_line)
        library = self._library(frame)
        _, file = self._named(code.co_filename, library)
        text = lines[line - 1].strip() if source else ""
        own = self._project.holds(code.co_filename)
        return Frame(
            *(file, line, code.co_name, text, own, library, first, source),
            *(column, end_line, end_column, values, more),
        )

    def _named(self, path: str, library: str) -> tuple[str, str]:
        """Whose a file is, and its name there: of an installed package the path within it is enough."""
        if self._project.holds(path):
            return "", self._project.relative(path)
        return library or "Python", path.rpartition(_PACKAGES)[2].replace(os.sep, "/")

    def _library(self, frame: FrameType) -> str:
        """Whose code it is: ``Flask``; empty for the project's and its templates."""
        path = frame.f_code.co_filename
        if self._project.holds(path) or path == OF_STRING:
            return ""
        package = str(frame.f_globals.get("__name__") or "").partition(".")[0]
        if package in sys.stdlib_module_names:
            return "Python"
        if is_template(frame) or not package:
            package = path.rpartition(_PACKAGES)[2].partition(os.sep)[0]
        return _NAMES.get(package, package) or "Python"

    # -- variables -------------------------------------------------------------------------------------

    def _values(self, frame: FrameType, room: int) -> tuple[tuple[Value, ...], int]:
        """The first variables, and how many there are besides."""
        try:
            pairs = list(_variables(frame))
        except Exception:  # noqa: BLE001  a namespace may be any mapping of the project
            return (), 0
        told: list[Value] = []
        for name, value in islice(pairs, MOST):
            if self._left <= 0:
                break
            told.append(self._value(name, value, min(room, max(self._left, 20))))
            self._left -= len(name) + len(told[-1].text)
        return tuple(told), len(pairs) - len(told)

    def _value(self, name: str, value: object, room: int) -> Value:
        text = self._writer.text(value, room)
        return Value(name, type_name(value), text, size_of(value), masked(name, text, self._secrets))


def is_ours(file: str, project: ProjectImports) -> bool:
    """Whether it is the playground's own code, which nobody wants to read of."""
    return file.startswith(OWN_PACKAGE) and not project.holds(file)


def _walked(trace: TracebackType | None) -> Iterator[At]:
    while trace is not None:
        yield At(trace.tb_frame, line_or_first(trace.tb_lineno, trace.tb_frame), trace.tb_lasti)
        trace = trace.tb_next


def _template_text(frame: FrameType) -> str:
    """The template that a view gave as text, in the frame of the function that it gave it to."""
    if frame.f_code.co_name not in ("render_template_string", "stream_template_string"):
        return ""
    text = frame.f_locals.get("source") if frame.f_globals.get("__name__") == "flask.templating" else None
    return text if isinstance(text, str) else ""


def _variables(frame: FrameType) -> Iterator[tuple[str, object]]:
    """Its local variables; of a module or a class body its data, of a template what the view gave it."""
    local = dict(frame.f_locals)
    if template_of(frame) is not None:
        yield from variables(local)
        return
    if is_template(frame):
        given = current_app.jinja_env.globals if has_app_context() else {}
        for name, value in local.items():
            if name not in _JINJAS and given.get(name, given) is not value and not name.startswith("_"):
                yield name, value
        return
    whole = bool(frame.f_code.co_flags & _OPTIMIZED)
    for name, value in local.items():
        if name.isidentifier() and (whole or (is_data(value) and not name.startswith("__"))):
            yield name, value


def _secrets_of_the_app() -> Iterator[str]:
    """What the app's configuration keeps under such names, as it would stand in any text."""
    if not has_app_context():
        return
    for name, value in list(dict.items(current_app.config)):
        if isinstance(value, str) and len(value) >= 4 and isinstance(name, str) and looks_secret(name):
            yield repr(value)[1:-1]
