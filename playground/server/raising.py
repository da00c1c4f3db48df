"""An exception as a ``Raised``: text and numbers at once, so that nothing of it holds on to the app.

Its frames are those of its traceback from where the app was called; ours are left out.
"""

from __future__ import annotations

import linecache
import os
import traceback
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from jinja2 import TemplateNotFound, TemplatesNotFound, TemplateSyntaxError
from werkzeug.exceptions import BadRequestKeyError, HTTPException, MethodNotAllowed
from werkzeug.routing import BuildError, RequestRedirect

from playground.core.exchanges import Pairs
from playground.core.trips import Frame, Raised
from playground.server.imports import OWN_PACKAGE, ProjectImports
from playground.server.short_repr import short_repr

FIRST, LAST = 20, 60
"""Frames that are kept of a long traceback: of its beginning and of its end."""
LONGEST = 32 * 1024
"""Characters that are kept of the text of a traceback."""
MESSAGE = 4000
_CHAIN = 20
"""Exceptions that one came of."""
_PACKAGES = f"site-packages{os.sep}"


def raised(error: BaseException, project: ProjectImports, *, by_router: bool = False) -> Raised:
    """All there is to tell of an exception.

    ``by_router`` where it only says that no rule matched: Flask's own frames tell nothing then.
    """
    whole = "" if by_router else _traceback(error, project)
    frames = () if by_router else tuple(_frames(error, project))
    return Raised(type(error).__name__, _message(error), frames, whole, _all_facts(error, frames))


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE]
    except Exception as another:  # noqa: BLE001  the project's own classes are asked here
        return f"<{type(another).__name__} in its __str__>"


def _traceback(error: BaseException, project: ProjectImports) -> str:
    """What Python prints of it, without our own frames; the beginning is left out where it is much."""
    try:
        whole = traceback.TracebackException.from_exception(error, compact=True)
        _leave_out_ours(whole, project)
        text = "".join(whole.format())
    except Exception as another:  # noqa: BLE001  as above, also for those that it came of
        return f"<{type(another).__name__} while the traceback was made>"
    return text if len(text) <= LONGEST else "…" + text[-LONGEST:]


def _leave_out_ours(told: traceback.TracebackException | None, project: ProjectImports) -> None:
    for _ in range(_CHAIN):
        if told is None:
            return
        told.stack[:] = [frame for frame in told.stack if not _is_ours(frame.filename, project)]
        told = told.__cause__ or told.__context__


def _is_ours(file: str, project: ProjectImports) -> bool:
    return file.startswith(OWN_PACKAGE) and not project.holds(file)


def _frames(error: BaseException, project: ProjectImports) -> Iterator[Frame]:
    every = traceback.walk_tb(error.__traceback__)
    walked = [(frame, line) for frame, line in every if not _is_ours(frame.f_code.co_filename, project)]
    if len(walked) > FIRST + LAST:
        walked = walked[:FIRST] + walked[-LAST:]
    for frame, line in walked:
        yield frame_of(frame, line, project)


def frame_of(frame: FrameType, line: int, project: ProjectImports) -> Frame:
    """One frame, with the text of its line; of an installed package the path within it is enough."""
    file = frame.f_code.co_filename
    code = linecache.getline(file, line, frame.f_globals).strip()
    if project.holds(file):
        return Frame(project.relative(file), line, frame.f_code.co_name, code, own=True)
    return Frame(file.rpartition(_PACKAGES)[2].replace(os.sep, "/"), line, frame.f_code.co_name, code)


# -- facts ---------------------------------------------------------------------------------------------


def _all_facts(error: BaseException, frames: tuple[Frame, ...]) -> Pairs:
    try:
        found = [*_http_facts(error), *_jinja_facts(error, frames), *_other_facts(error)]
        return tuple((name, value if isinstance(value, str) else str(value)) for name, value in found)
    except Exception as another:  # noqa: BLE001  an exception of the project may have any attributes
        return (("unreadable", f"{type(another).__name__} while its attributes were read"),)


def _http_facts(error: BaseException) -> Iterable[tuple[str, Any]]:
    if isinstance(error, HTTPException):
        if error.code is not None:
            yield "code", error.code
        if isinstance(error, RequestRedirect):
            yield "location", error.new_url
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            yield "allowed", ", ".join(sorted(error.valid_methods))
    if isinstance(error, BadRequestKeyError) and error.args:
        yield "key", error.args[0]


def _jinja_facts(error: BaseException, frames: tuple[Frame, ...]) -> Iterable[tuple[str, Any]]:
    if isinstance(error, TemplatesNotFound):
        yield "template", ", ".join(map(str, error.templates))
    elif isinstance(error, TemplateNotFound):
        yield "template", error.name or ""
    elif isinstance(error, TemplateSyntaxError):
        yield "template", error.name or ""
        yield "line", error.lineno
    else:
        last = next((frame for frame in reversed(frames) if frame.own), None)
        if last is not None and not last.file.endswith(".py"):
            yield "template", last.file.rpartition("templates/")[2]
            yield "line", last.line


def _other_facts(error: BaseException) -> Iterable[tuple[str, Any]]:
    if isinstance(error, BuildError):
        yield "endpoint", error.endpoint
        yield "values", ", ".join(f"{name}={short_repr(value)}" for name, value in error.values.items())
        suggested = error.suggested
        if suggested is not None:
            yield "suggested", suggested.endpoint
            yield "suggested_values", ", ".join(sorted(suggested.arguments))
        if error.method:
            yield "method", error.method
    elif isinstance(error, KeyError) and not isinstance(error, BadRequestKeyError) and error.args:
        yield "key", short_repr(error.args[0])
    elif isinstance(error, NameError | AttributeError | ImportError) and error.name:
        yield "name", error.name
