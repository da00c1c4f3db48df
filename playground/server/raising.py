"""An exception as a ``Raised``: text and numbers at once, so that nothing of it holds on to the app.

Its frames are those of its traceback from where the app was called; ours are left out.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from jinja2 import TemplateNotFound, TemplatesNotFound, TemplateSyntaxError
from werkzeug.exceptions import BadRequestKeyError, HTTPException, MethodNotAllowed
from werkzeug.routing import BuildError, RequestRedirect

from playground.core.exchanges import Pairs
from playground.core.trips import Frame, Raised
from playground.server.frames import FrameTeller, is_ours
from playground.server.imports import ProjectImports
from playground.server.short_repr import short_repr
from playground.server.stopping import TookTooLongError
from playground.server.tracing_values import type_name

LONGEST = 32 * 1024
"""Characters that are kept of the text of a traceback."""
MESSAGE = 4000
_CHAIN = 20
"""Exceptions that one came of, as far as the text of the traceback goes."""
BEFORE, INNER, DEEPEST = 4, 4, 2
"""Of those, and of the exceptions of a group, so many are told with their frames; a group in a group, too."""


def raised(error: BaseException, project: ProjectImports, *, by_router: bool = False) -> Raised:
    """All there is to tell of an exception.

    ``by_router`` where it only says that no rule matched: Flask's own frames tell nothing then.
    """
    if by_router:
        return Raised(type_name(error), _message(error), (), "", _all_facts(error, ()))
    # an HTTPException is most often meant: what is of interest is the code that raised it
    teller = FrameTeller(project, library_values=not isinstance(error, HTTPException))
    told = _told(error, teller, DEEPEST)
    before = tuple(_came_of(error, teller))
    whole, facts = _traceback(error, project), _all_facts(error, told.frames)
    return replace(told, traceback=whole, facts=facts, before=before)


def barely(error: BaseException, why: BaseException) -> Raised:
    """Its class and its message, where there was no telling more; ``why`` is what came of trying."""
    try:
        message = _message(error)
    except TookTooLongError:
        message = ""
    return Raised(type_name(error), message, (), f"<{type_name(why)} while the traceback was made>", ())


def weight(told: Raised) -> int:
    """Bytes that it takes, about."""
    own = len(told.traceback) + len(told.message) + sum(map(_frame_weight, told.frames))
    return own + sum(map(weight, (*told.before, *told.inner)))


def _frame_weight(frame: Frame) -> int:
    values = sum(200 + len(value.text) + len(value.masked) for value in frame.variables)
    return 400 + sum(map(len, frame.source)) + values


def _told(error: BaseException, teller: FrameTeller, deep: int) -> Raised:
    """One exception by itself, and those of the group that it is."""
    frames, gap = teller.frames(error.__traceback__)
    inner: tuple[Raised, ...] = ()
    if isinstance(error, BaseExceptionGroup) and deep:
        inner = tuple(_told(one, teller, deep - 1) for one in error.exceptions[:INNER])
    syntax = teller.syntax(error) if isinstance(error, SyntaxError) else None
    return Raised(type_name(error), _message(error), frames, gap=gap, inner=inner, syntax=syntax)


def _came_of(error: BaseException, teller: FrameTeller) -> Iterator[Raised]:
    """The exceptions that it was raised from, or while handling which; the nearest first."""
    seen = {id(error)}
    for _ in range(BEFORE):
        how = "cause" if error.__cause__ is not None else "context"
        another = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if another is None or id(another) in seen:
            return
        seen.add(id(another))
        yield replace(_told(another, teller, 0), how=how)
        error = another


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE]
    except TookTooLongError:  # the time of the whole request is over: it is not ours to stop that
        raise
    except BaseException as another:  # noqa: BLE001  the project's own classes are asked here
        return f"<{type_name(another)} in its __str__>"


def _traceback(error: BaseException, project: ProjectImports) -> str:
    """What Python prints of it, without our own frames; the beginning is left out where it is much."""
    try:
        whole = traceback.TracebackException.from_exception(error, compact=True)
        _leave_out_ours(whole, project)
        text = "".join(whole.format())
    except Exception as another:  # noqa: BLE001  as above, also for those that it came of
        return f"<{type_name(another)} while the traceback was made>"
    return text if len(text) <= LONGEST else "…" + text[-LONGEST:]


def _leave_out_ours(told: traceback.TracebackException | None, project: ProjectImports) -> None:
    for _ in range(_CHAIN):
        if told is None:
            return
        told.stack[:] = [frame for frame in told.stack if not is_ours(frame.filename, project)]
        told = told.__cause__ or told.__context__


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
