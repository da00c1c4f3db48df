"""What the project's code may change about the whole process, and how that is kept from hurting it.

The playground runs the project in its own process. Where a project waits for typing, lifts the limit of
recursion, replaces a function of the standard library or closes a file descriptor, the fences answer, bound
it or put it back. They stand while at least one project is open.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

from flask import has_request_context
from werkzeug.exceptions import InternalServerError

from playground.server import output
from playground.server.imports import ProjectImports
from playground.server.logs import here
from playground.server.stopping import TookTooLongError
from playground.server.tracing_values import TooSlowError

DEEPEST = 20_000
"""The highest limit of recursion on a worker, whose stack is 64 MB (a level takes up to 2.7 KB of it)."""
DEEPEST_AT_IMPORT = 3_000
"""The same for an import, which may run on a stack of 8 MB."""

LOOK = 0.02
"""Seconds between two looks at the file descriptors."""

LIBRARY = (
    *("base64", "builtins", "collections", "copy", "csv", "datetime", "decimal", "functools", "hashlib"),
    *("html", "inspect", "io", "itertools", "json", "json.decoder", "json.encoder", "logging", "math"),
    *("operator", "os", "os.path", "pathlib", "random", "re", "shutil", "socket", "sqlite3", "string"),
    *("subprocess", "sys", "tempfile", "threading", "time", "traceback", "urllib.parse", "uuid", "warnings"),
)
"""Modules whose functions are put back where the project replaced them."""

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_open: dict[Path, ProjectImports] = {}


# -- nobody can type ------------------------------------------------------------------------------------


class NobodyTypesError(EOFError, InternalServerError):
    """A view waits for typed input; Flask answers what it says."""

    def __init__(self, words: str) -> None:
        InternalServerError.__init__(self, words)


class _NobodyTypesInTheDebuggerError(InternalServerError):
    """The same below pdb, which takes an EOFError for a wish to go on."""


class _NoTyping(io.TextIOBase):
    """A standard input that answers at once that there is nobody."""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> str:
        _refuse_typing(size)

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # text where the base says bytes
        _refuse_typing(size)

    def __next__(self) -> str:  # type: ignore[override]  # the same
        _refuse_typing()

    @property
    def buffer(self) -> _NoTyping:
        return self


def _refuse_typing(*_: object) -> NoReturn:
    if here.note is not None and here.note.nobody_types:
        raise EOFError(here.note.nobody_types)
    if not has_request_context():
        raise EOFError("EOF when reading a line")
    frame: FrameType | None = sys._getframe(1)
    debugged = _in_debugger(frame)
    words = _nobody(frame, "stops in the debugger, which waits" if debugged else "waits")
    _log.error(words)
    raise _NobodyTypesInTheDebuggerError(words) if debugged else NobodyTypesError(words)


def _refuse_breakpoint(*_: object, **__: object) -> NoReturn:
    if not has_request_context():
        raise EOFError("EOF when reading a line")
    words = _nobody(sys._getframe(1), "has a breakpoint(), which waits")
    _log.error(words)
    raise NobodyTypesError(words)


def _nobody(frame: FrameType | None, what: str) -> str:
    place = _place(frame) or "This view"
    return (
        f"{place} {what} for typed input. In a web app nobody can type there: what people type "
        "comes with the request, in request.args, request.form or request.json."
    )


def _in_debugger(frame: FrameType | None) -> bool:
    return any(each.f_globals.get("__name__") == "pdb" for each in _callers(frame))


def _place(frame: FrameType | None) -> str:
    for each in _callers(frame):
        for project in list(_open.values()):
            if project.holds(each.f_code.co_filename):
                return f"{project.relative(each.f_code.co_filename)}, line {each.f_lineno}"
    return ""


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


# -- how deep calls may go ------------------------------------------------------------------------------


class _Depth:
    """Python's limit of recursion, as the project wishes it and as far as the stack can bear it."""

    def __init__(self) -> None:
        self._set = sys.setrecursionlimit
        self._before = sys.getrecursionlimit()
        self._wish = self._before

    def fence(self) -> None:
        self._set = sys.setrecursionlimit
        self._before = self._wish = sys.getrecursionlimit()
        sys.setrecursionlimit = self.wish

    def wish(self, limit: int, /) -> None:
        """What the project's code calls as ``sys.setrecursionlimit``."""
        self._set(min(limit, max(self._before, DEEPEST_AT_IMPORT)))  # says what is wrong with a wrong one
        self._wish = limit
        if has_request_context():
            self.lift()

    def lift(self) -> None:
        """On a worker there is room for more."""
        if self._wish != self._before:
            self._set(min(self._wish, DEEPEST))

    def reset(self) -> None:
        self._wish = self._before
        self._set(self._before)
        sys.setrecursionlimit = self.wish

    def open(self) -> None:
        self.reset()
        sys.setrecursionlimit = self._set


_depth = _Depth()


def before_request() -> None:
    """Called on a worker before the app is."""
    _depth.lift()


# -- how soon threads take turns ----------------------------------------------------------------------------

set_switch_interval = sys.setswitchinterval
"""Python's own; ``live`` needs it while the fence stands."""


def _ignore_switch_interval(interval: float, /) -> None:
    """Stands in for ``sys.setswitchinterval``: with a long one, a loop in a view would stop the window."""
    if interval <= 0:
        raise ValueError("switch interval must be strictly positive")


# -- file descriptors --------------------------------------------------------------------------------------

_spare: dict[int, int] = {}
_looked = 0.0


def _keep_descriptors() -> None:
    for number in range(3):
        try:
            _spare[number] = os.dup(number)
        except OSError:  # there is none, as in a program without a terminal
            continue


_close = os.close


def _close_but_the_first_three(number: int, /) -> None:
    """Stands in for ``os.close``: the next file that is opened would become the standard error of all."""
    if number not in _spare:
        _close(number)


def look_after_descriptors() -> None:
    """Open again what a view closed, so that no socket or file becomes the new standard error.

    Called often, so it looks only now and then.
    """
    global _looked
    now = time.monotonic()
    if now - _looked < LOOK:
        return
    _looked = now
    _look_after_imports()
    try:
        for number in range(3):
            os.fstat(number)
    except OSError:
        with _lock:
            _reopen_descriptors()


def _reopen_descriptors() -> None:
    for number, spare in _spare.items():
        try:
            os.fstat(number)
        except OSError:
            os.dup2(spare, number)


def _free_descriptors() -> None:
    while _spare:
        os.close(_spare.popitem()[1])


# -- how modules are found --------------------------------------------------------------------------------

_VITAL = frozenset(("flask", "json", "playground", "sys"))
"""Those of the modules whose absence is noticed at once, and not a moment later."""
_modules: dict[str, ModuleType] = {}
_finders: list[Any] = []
_path: list[str] = []


def _save_imports() -> None:
    _modules.update(sys.modules)
    _finders[:] = (finder for finder in sys.meta_path if not isinstance(finder, ProjectImports))
    _path[:] = sys.path


def after_view() -> None:
    """Called before an answer is sent, which has the window import what it shows it with."""
    if len(sys.meta_path) < len(_finders) or not sys.modules.keys() >= _VITAL:
        _look_after_imports()


def _look_after_imports() -> None:
    """Put back what a view took away: the playground imports some of itself only when it is needed."""
    if not _modules.keys() <= sys.modules.keys():
        for name, module in _modules.copy().items():
            sys.modules.setdefault(name, module)
    sys.meta_path.extend(finder for finder in _finders if finder not in sys.meta_path)
    sys.path.extend(entry for entry in _path if entry not in sys.path)


# -- the standard library -----------------------------------------------------------------------------

_saved: dict[ModuleType, dict[str, Any]] = {}
_filters: list[Any] = []


def _save_library() -> None:
    for name in LIBRARY:
        if name in sys.modules:
            _saved[sys.modules[name]] = dict(vars(sys.modules[name]))
    _filters[:] = warnings.filters


def restore() -> None:
    """Put back what the project's code changed in the process, as for a fresh one."""
    for module, saved in _saved.items():
        now = vars(module)
        for name, value in saved.items():
            if now.get(name, _gone) is not value and _is_theirs(now.get(name, _gone)):
                setattr(module, name, value)
    _depth.reset()
    if warnings.filters != _filters:
        warnings.filters[:] = _filters  # type: ignore[index]  # a list, typed as any sequence
        warnings._filters_mutated()  # type: ignore[attr-defined]  # else warnings keeps its cache
    output.stay()


_gone = object()


def _is_theirs(value: Any) -> bool:
    """Whether a value was put there by a project: deleted, or made by its code."""
    if value is _gone:
        return True
    code = getattr(value, "__code__", None)
    file = getattr(code, "co_filename", None)
    if file is None:
        module = sys.modules.get(str(getattr(value, "__module__", "")))
        file = getattr(module, "__file__", None)
    return any(project.holds(file) for project in _open.values())


# -- coming and going ---------------------------------------------------------------------------------

_before: list[Callable[[], None]] = []


def enter(folder: Path) -> None:
    """A project is about to be loaded: stand up with the first one, and make the process as good as new."""
    with _lock:
        first = not _open
        _open[folder] = ProjectImports(folder)
        if first:
            _stand_up()
        restore()


def leave(folder: Path) -> None:
    """A project is closed; with the last one, the process is as it was before."""
    with _lock:
        if folder in _open and len(_open) == 1:
            restore()
            _lie_down()
        _open.pop(folder, None)


def _stand_up() -> None:
    _save_library()
    _save_imports()
    _keep_descriptors()
    _depth.fence()
    stdin, hook = sys.stdin, sys.breakpointhook
    sys.stdin, sys.breakpointhook = nobody, _refuse_breakpoint
    sys.setswitchinterval = _ignore_switch_interval
    os.close = _close_but_the_first_three  # type: ignore[assignment]  # a fence is what we mean
    output.install()
    unraisable = sys.unraisablehook

    def quiet(what: sys.UnraisableHookArgs, /) -> None:
        """An interruption that hit a destructor is repeated, so it is not worth a word."""
        if isinstance(what.exc_value, TooSlowError):
            what.exc_value.again()
        elif not isinstance(what.exc_value, TookTooLongError):
            unraisable(what)

    sys.unraisablehook = quiet

    def lie_down() -> None:
        if sys.unraisablehook is quiet:
            sys.unraisablehook = unraisable
        if sys.stdin is nobody:
            sys.stdin = stdin
        sys.breakpointhook = hook
        sys.setswitchinterval = set_switch_interval
        os.close = _close

    _before.append(lie_down)


def _lie_down() -> None:
    output.remove()
    _before.pop()()
    _depth.open()
    _reopen_descriptors()
    _free_descriptors()
    _saved.clear()
    for kept in (_modules, _finders, _path):
        kept.clear()


nobody = _NoTyping()
