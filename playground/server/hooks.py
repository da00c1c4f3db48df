"""What an app does for a request, taken down as it does it, without the app being any different.

Three ways that Flask leaves open to everybody: its signals; ``ensure_sync``, which it calls right before each
function that it calls for a request, and which is there to be replaced; and ``trap_http_exception``, which it
asks about each exception that stands for an answer. None of them adds a frame to a traceback. The fourth,
``handle_exception``, is for requests to which a failure may be shown: it does there what it does in debug
mode.
"""

from __future__ import annotations

import logging
import sys
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CodeType, FunctionType
from typing import Any

from flask import (
    Flask,
    Request,
    before_render_template,
    current_app,
    got_request_exception,
    request,
    request_started,
    template_rendered,
)
from werkzeug.exceptions import BadRequestKeyError, HTTPException

from playground.core.trips import Raised, Stage
from playground.server.imports import ProjectImports
from playground.server.logs import here
from playground.server.note import NOTE, ROUTER, Event, Note, Snapshot
from playground.server.raising import barely, raised, weight
from playground.server.short_repr import snapshot
from playground.server.stopping import TookTooLongError

APP_CONTEXT = "teardown_appcontext"
_CALLERS = {
    "preprocess_request": Stage.BEFORE,
    "dispatch_request": Stage.VIEW,
    "process_response": Stage.AFTER,
    "handle_user_exception": Stage.ERROR,
    "handle_http_exception": Stage.ERROR,
    "handle_exception": Stage.ERROR,
    "do_teardown_request": Stage.TEARDOWN,
    "do_teardown_appcontext": Stage.TEARDOWN,
}
"""The methods of an app that call functions for a request, and what such a function is then."""
_REPLACED = ("ensure_sync", "trap_http_exception", "handle_exception", "make_default_options_response")
PUT_BACK = "_playground_puts_back"
_FLASKS_OWN = frozenset(("request", "session", "g", "config"))
_LAYERS = 20
"""Decorators around a function, at most."""

_log = logging.getLogger(__name__)
_clock = time.perf_counter
_event: Callable[[tuple[Any, ...]], Event] = partial(tuple.__new__, Event)
"""An ``Event`` in half the time."""


class Hooks:
    """Takes down what the apps of one project do."""

    def __init__(self, project: ProjectImports) -> None:
        self._project = project
        self._begins, self._ends = self._template_receivers()  # a signal itself keeps nothing alive
        self.on_template: Callable[[str, Note, Mapping[str, Any], Snapshot], None] | None = None

    def watch(self, app: Flask) -> None:
        """Take part in what the app does, for as long as it lives.

        An app that is loaded again may be the same object, from a package that is installed.
        """
        self.unwatch(app)
        _Watched(app, self)
        before_render_template.connect(self._begins, app)
        template_rendered.connect(self._ends, app)
        got_request_exception.connect(self._on_exception, app)
        if app.url_value_preprocessors:
            request_started.connect(self._on_started, app)

    def unwatch(self, app: Flask) -> None:
        """Take no part any more."""
        put_back = getattr(vars(app).get("ensure_sync"), PUT_BACK, None)
        if put_back is not None:
            put_back()

    def disconnect(self, app: Flask) -> None:
        """Hear none of the app's signals any more."""
        before_render_template.disconnect(self._begins, app)
        template_rendered.disconnect(self._ends, app)
        got_request_exception.disconnect(self._on_exception, app)
        request_started.disconnect(self._on_started, app)

    # -- by an app, on the thread of the request -------------------------------------------------------

    def _on_started(self, app: Flask, **_: Any) -> None:
        now = _request()
        note = _take_down_rule(now) if now is not None else None
        if note is None or now is None:
            return
        names = (None, *reversed(now.blueprints))
        for function in (each for name in names for each in app.url_value_preprocessors.get(name, ())):
            note.add(Event(Stage.PREPROCESSOR, _code_of(function), _clock()))

    def _template_receivers(self) -> tuple[Callable[..., None], Callable[..., None]]:
        """Functions rather than methods: a signal takes half a microsecond longer for a method."""

        def begins(_app: Flask, *, template: Any, context: Mapping[str, Any], **_: Any) -> None:
            note = _note_at_hand()
            if note is not None:
                name, given = template.name or "", snapshot(context, _FLASKS_OWN)
                file = template.filename or ""
                note.add(_event((Stage.TEMPLATE, name, _clock(), given, "", file, False)))
                if self.on_template is not None:
                    self.on_template(name, note, context, given)

        def ends(_app: Flask, *, template: Any, **_: Any) -> None:
            note = here.note
            if note is not None:
                note.add(_event((None, template.name or "", _clock(), (), "", "", False)))

        return begins, ends

    def _on_exception(self, _app: Flask, exception: BaseException, **_: Any) -> None:
        note = _note_at_hand()
        if note is not None:
            note.escaping = id(exception)
            if note.trapped is None or note.trapped() is not exception:
                self.add_raised(note, exception)

    def add_raised(self, note: Note, error: BaseException, *, by_router: bool = False) -> None:
        """Take down an exception that something let escape."""
        now = _clock()
        told = self._told(error, by_router)
        note.raised += (told,)
        note.extra += weight(told)
        note.add(Event(None, len(note.raised) - 1, now, (), ROUTER if by_router else ""))

    def _told(self, error: BaseException, by_router: bool) -> Raised:
        """What there is to tell of it. Whatever goes wrong with that, the app answers as it would without us.

        An interruption that arrives here is not lost: the guard repeats it while the app goes on.
        """
        try:
            return raised(error, self._project, by_router=by_router)
        except (RecursionError, TookTooLongError) as why:  # no room or no time for more, not even for the log
            return barely(error, why)
        except BaseException as why:  # noqa: BLE001  ours or the project's, whatever it is
            _log.exception("What the app raised could not be told in full.")
            return barely(error, why)


class _Watched:
    """The functions that stand in for methods of one app; it has them as attributes of its own."""

    def __init__(self, app: Flask, hooks: Hooks) -> None:
        self._hooks = hooks
        self._trap = app.trap_http_exception
        self._handle = app.handle_exception
        self._options = app.make_default_options_response
        self._has_preprocessors = bool(app.url_value_preprocessors)
        app.ensure_sync = self._watching(app)  # type: ignore[assignment,method-assign]  # Flask says: override
        app.trap_http_exception = self.trap_http_exception  # type: ignore[method-assign]  # the same
        app.handle_exception = self.handle_exception  # type: ignore[method-assign]  # the same
        app.make_default_options_response = self.options  # type: ignore[method-assign]  # the same

    def _putting_back(self, app: Flask) -> Callable[[], None]:
        before = {name: vars(app)[name] for name in _REPLACED if name in vars(app)}

        def put_back() -> None:
            """Give the app back what it had; methods of its class need only make way."""
            for name in _REPLACED:
                vars(app).pop(name, None)
            vars(app).update(before)
            self._hooks.disconnect(app)

        return put_back

    def _watching(self, app: Flask) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        plain, stages = _plain_functions(app), _stages(type(app))
        original, caller = app.ensure_sync, sys._getframe

        def ensure_sync(func: Callable[..., Any]) -> Callable[..., Any]:
            """What Flask asks right before it calls a function; from anywhere else, it is of no interest."""
            known = plain.get(id(func))
            if known is not None:
                note = _note_at_hand()
                if note is not None:
                    note.events.append(_event((known[0], func.__code__, _clock(), (), "", "", False)))
                return original(func)
            stage = stages.get(id(caller(1).f_code))
            if stage is not None:
                self._about_to_call(stage, func)
            return original(func)

        setattr(ensure_sync, PUT_BACK, self._putting_back(app))
        return ensure_sync

    def _about_to_call(self, stage: tuple[Stage, str], func: Callable[..., Any]) -> None:
        kind, caller = stage
        now = _request()
        # Without one the request is over, and its app context is not.
        note = _take_down_rule(now) if now is not None else here.note
        if note is None:
            return
        values: Snapshot = ()
        if kind is Stage.VIEW:
            if self._has_preprocessors and now is not None:
                values = snapshot(now.view_args or {})
        elif kind is Stage.ERROR:
            self._note_cause(note, caller)
        of_context = caller == "do_teardown_appcontext"
        name = APP_CONTEXT if of_context else ""
        note.add(
            Event(kind, _code_of(func, note), _clock(), values, name, "", of_context and now is not None)
        )

    def _note_cause(self, note: Note, caller: str) -> None:
        """An error handler is about to be called: only here can be seen what for."""
        error = sys.exc_info()[1]
        came_by = error is None or isinstance(error, HTTPException)  # those are asked about
        if error is not None and caller == "handle_user_exception" and not came_by:
            self._hooks.add_raised(note, error)

    def trap_http_exception(self, e: Exception) -> bool:
        """What Flask asks about each exception that stands for an answer."""
        now = _request()
        note = _take_down_rule(now) if now is not None else None
        if note is not None and now is not None and (note.trapped is None or note.trapped() is not e):
            note.trapped = weakref.ref(e)
            self._hooks.add_raised(note, e, by_router=now.routing_exception is e)
        return self._trap(e) or (note is not None and note.debug and _is_trapped_in_debug_mode(e))

    def handle_exception(self, e: Exception) -> Any:
        """What Flask asks about an exception that no handler of the app is for."""
        now = _request()
        note = _take_down_rule(now) if now is not None else None
        if note is None or not note.debug or current_app.config.get("PROPAGATE_EXCEPTIONS") is False:
            return self._handle(e)
        got_request_exception.send(
            current_app._get_current_object(),  # type: ignore[attr-defined]  # a proxy it is
            _async_wrapper=current_app.ensure_sync,
            exception=e,
        )
        raise e

    def options(self) -> Any:
        """Flask's own answer to OPTIONS."""
        now = _request()
        note = _take_down_rule(now) if now is not None else None
        if note is not None:
            note.automatic = True
        return self._options()


def _is_trapped_in_debug_mode(error: Exception) -> bool:
    """Whether Flask takes it for a failure in debug mode, rather than for an answer."""
    return isinstance(error, BadRequestKeyError) and current_app.config.get("TRAP_BAD_REQUEST_ERRORS") is None


def _plain_functions(app: Flask) -> dict[int, tuple[Stage, FunctionType]]:
    """By ``id``, the functions of an app of which all is known: nothing around them, and one thing to do.

    They are most of those that are called, and to look for the caller costs more than all the rest.
    """
    found: dict[int, tuple[Stage, FunctionType]] = {}
    twice: set[int] = set()
    views = [] if app.url_value_preprocessors else [[*app.view_functions.values()]]
    for stage, lists in (
        (Stage.VIEW, views),
        (Stage.BEFORE, app.before_request_funcs.values()),
        (Stage.AFTER, app.after_request_funcs.values()),
        (Stage.TEARDOWN, app.teardown_request_funcs.values()),
    ):
        functions: Iterator[Any] = (each for one in lists for each in one)
        for function in functions:
            is_plain = type(function) is FunctionType and not vars(function)
            if is_plain and found.setdefault(id(function), (stage, function))[0] is not stage:
                twice.add(id(function))
    return {key: known for key, known in found.items() if key not in twice}


def _stages(kind: type[Flask]) -> dict[int, tuple[Stage, str]]:
    """Which code calls functions for a request, Flask's own and that of classes made of it.

    By the ``id`` of the code, which its class keeps alive: to hash the code itself takes long.
    """
    found: dict[int, tuple[Stage, str]] = {}
    for each in kind.__mro__:
        for name, stage in _CALLERS.items():
            code = getattr(vars(each).get(name), "__code__", None)
            if code is not None:
                found[id(code)] = (stage, name)
    return found


def _request() -> Request | None:
    """The request of this thread; each use of the proxy itself would cost."""
    try:
        found: Request = request._get_current_object()  # type: ignore[attr-defined]  # a proxy it is
    except RuntimeError:
        return None
    return found


def _note_at_hand() -> Note | None:
    """The note of this thread's request, which knows its rule from now on."""
    now = _request()
    return _take_down_rule(now) if now is not None else None


def _take_down_rule(now: Request) -> Note | None:
    """The note of a request, which knows its rule from now on; None for one that no server brought."""
    note: Note | None = now.environ.get(NOTE)
    if note is not None and not note.endpoint:
        rule = now.url_rule
        if rule is not None:
            note.endpoint = rule.endpoint
            note.rule = rule.rule
            if now.view_args:
                note.values = snapshot(now.view_args)
    return note


def _code_of(function: Any, note: Note | None = None) -> CodeType | str:
    """The code of a function, under its decorators; the name of the class of what has none."""
    if type(function) is FunctionType and not function.__dict__:
        return function.__code__
    for _ in range(_LAYERS):
        inner = function.func if isinstance(function, partial) else getattr(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    made_of = getattr(function, "view_class", None)
    if made_of is not None and note is not None:
        method = getattr(made_of, note.method.lower(), None) or getattr(made_of, "dispatch_request", None)
        function = method if method is not None else function
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else type(function).__name__
