"""The WSGI callable that is served for ever while the Flask app inside it is replaced.

A request keeps the app that it began on. What an app lets escape is answered as Werkzeug's development
server answers it, so that the playground and ``flask run`` give the same bytes.
"""

from __future__ import annotations

import html
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import InternalServerError

from playground.core.problems import Place, Problem
from playground.server import fences, no_debugger
from playground.server.guard import AbandonedError, Guard, Unwatched, Watch
from playground.server.imports import ProjectImports
from playground.server.logs import keeper
from playground.server.note import NOTE, Note
from playground.server.stopping import TookTooLongError, line_or_first

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = logging.getLogger(__name__)

HOP_BY_HOP = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)
"""Headers that are the server's business; waitress refuses a response with them, ``flask run`` does not."""

NOT_YET = """<!doctype html>
<html lang="en">
<title>Not running yet</title>
<h1>This app is not running yet</h1>
<p>{sentence}</p>
<p>{hint}</p>
"""


LATE = """<!doctype html>
<html lang="en">
<title>504 Took too long</title>
<h1>This took too long</h1>
<p>The view did not answer within {seconds}{where}.</p>
{hint}"""
LATE_HINT = """<p>Look there for a loop that never ends, or for something that waits without a limit.
If it needs that long, raise the time limit for requests.</p>
"""

WATCH = "playground.watch"
"""Where the server leaves the worker's watch in the environment; the app never sees it."""
HEADERS = "playground.headers"
"""Where the server leaves the request's headers for the recorder, as it has them: by ``USER_AGENT``."""
DebugPage = Callable[[Note, "WSGIEnvironment", Flask | None], tuple[list[tuple[str, str]], bytes] | None]
"""What shows a failure to whoever may see it; None for who may not."""
PART = 256 * 1024
"""Bytes that are handed to the server at once, so that it can hold a big answer back."""

_unwatched = Unwatched()


def _no_page(note: Note, environ: WSGIEnvironment, app: Flask | None) -> None:
    """Nobody sees more than that it failed."""


class AppSlot:
    """Holds the app that is live; ``problem`` says why there is none."""

    def __init__(self, folder: Path) -> None:
        self.app: Flask | None = None
        self.problem: Problem | None = None
        self.guard = Guard(self._left_behind)
        self.project = ProjectImports(folder)
        self.freshen: Callable[[], None] = lambda: None
        self.on_escape: Callable[[Note, BaseException], None] | None = None
        self.debug_page: DebugPage = _no_page

    def swap(self, app: Flask | None) -> Flask | None:
        """Put another app in; requests that began on the one returned end on it."""
        before, self.app = self.app, app
        return before

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request with the app that is live now; first ``freshen`` may bring it up to date."""
        self.freshen()
        app = self.app
        environ["wsgi.errors"] = keeper
        watch: Watch | Unwatched = environ.pop(WATCH, _unwatched)
        environ.pop(HEADERS, None)  # of use to a recorder alone
        if app is None:
            return self._not_yet(environ.get(NOTE), start_response)
        if isinstance(watch, Watch):
            self.guard.watch(watch, _named(environ))
            fences.before_request()
        return _Answering(self, watch, environ, start_response).begin(app)

    def _not_yet(self, note: Note | None, start_response: StartResponse) -> Iterable[bytes]:
        sentence, hint = "It has not been loaded.", "Wait a moment and load this page again."
        if self.problem and not _is_shared(note):
            sentence, hint = self.problem.where + self.problem.sentence, self.problem.hint
        page = NOT_YET.format(sentence=html.escape(sentence), hint=html.escape(hint)).encode()
        status, headers = "503 Service Unavailable", _headers(page)
        if note is not None:
            note.answers(status, headers)
            note.sends(page)
            note.ends()
        start_response(status, headers)
        return [page]

    def escaped(self, note: Note | None, error: BaseException) -> None:
        """An exception left the app; tell whoever records the request, unless that is known already."""
        if self.on_escape is not None and note is not None and note.escaping != id(error):
            try:
                self.on_escape(note, error)
            except Exception:  # noqa: BLE001  ours, whatever it is: the answer is as it would be without us
                _log.exception("What the app raised could not be recorded.")

    # -- views that took too long --------------------------------------------------------------------

    def stopped(self, error: BaseException, request: str, shared: bool = False) -> bytes:
        """The page for a view that was stopped where its traceback says, which the network is not told."""
        return self._late(reversed(list(traceback.walk_tb(error.__traceback__))), request, shared)

    def _left_behind(self, frame: FrameType | None, request: str, shared: bool = False) -> bytes:
        """The page for a view that is still in that frame."""
        return self._late(traceback.walk_stack(frame) if frame else (), request, shared)

    def _late(self, frames: Iterable[tuple[FrameType, int]], request: str, shared: bool) -> bytes:
        """``frames`` with their lines, innermost first."""
        place = next(filter(None, (self._place(frame, line) for frame, line in frames)), None)
        where = f": it was at {place.file}, line {place.line}" if place else ""
        limit = self.guard.limit or 0.0
        seconds = f"{limit:g} second" if limit == 1 else f"{limit:g} seconds"
        _log.error("%s took longer than %s%s.", request, seconds, where)
        told = ("", "") if shared else (html.escape(where), LATE_HINT)
        page = LATE.format(seconds=seconds, where=told[0], hint=told[1])
        return page.encode("utf-8", "backslashreplace")

    def _place(self, frame: FrameType, named: int | None) -> Place | None:
        file = frame.f_code.co_filename
        if not self.project.holds(file):
            return None
        line = line_or_first(named, frame)
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:  # what runs is what Jinja made of it, whose lines are others
            line = template.get_corresponding_lineno(line)
        return Place(self.project.relative(file), line)


def _headers(page: bytes) -> list[tuple[str, str]]:
    return [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]


class _Answering:
    """One answer, from the call of the app to its last byte.

    It may still turn into an error page while none of it has been sent.
    """

    def __init__(
        self, slot: AppSlot, watch: Watch | Unwatched, environ: WSGIEnvironment, start_response: StartResponse
    ) -> None:
        self._slot = slot
        self._watch = watch
        self._environ = environ
        self._note: Note | None = environ.get(NOTE)
        self._start_response = start_response
        # What Flask keeps there of a request that was stopped half way must not be there for the next one.
        self._context = Context()
        self._body: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())
        self._rest: Iterator[bytes] | None = None  # of a big chunk
        self._sent = False

    def begin(self, app: Flask) -> Iterable[bytes]:
        """Call the app; what comes back is what the server is to send."""
        note = self._note
        if note is not None:
            note.called = perf_counter()
            if note.shared:
                no_debugger.pass_by()
        try:
            body: Iterable[bytes] = self._watch.call(self._context.run, app, self._environ, self._start)
        except AbandonedError:
            raise
        except BaseException as error:  # noqa: BLE001  whatever it is, it is logged, with its traceback
            self._body = self._error_page(error)
            self._chunks = iter(self._body)
            return self
        finally:
            fences.after_view()
        file_wrapper: type | None = self._environ.get("wsgi.file_wrapper")
        if file_wrapper is not None and isinstance(body, file_wrapper):
            if note is not None:
                note.sends_file(body)
            return body  # waitress sends a file best when it can see that it is one
        self._body = body
        self._chunks = iter(body)
        return self

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        if self._note is not None:
            self._note.answers(status, kept)
        if exc_info:
            return self._start_response(status, kept, exc_info)
        return self._start_response(status, kept)

    def _error_page(self, error: BaseException) -> Iterable[bytes]:
        """What Werkzeug's server answers where an app raises; or that it took too long."""
        self._slot.escaped(self._note, error)
        late = _lateness(error)
        if late is not None:
            page = self._slot.stopped(late, _named(self._environ), _is_shared(self._note))
            self._start("504 Gateway Timeout", _headers(page), sys.exc_info())
            return () if self._environ["REQUEST_METHOD"] == "HEAD" else (page,)
        _log.exception("Error on request %s", self._environ.get("PATH_INFO"))

        shown = self._debug_page()
        if shown is not None:
            return shown

        def restart(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            return self._start(status, headers, sys.exc_info())

        answer: Iterable[bytes] = InternalServerError()(self._environ, restart)
        return answer

    def _debug_page(self) -> Iterable[bytes] | None:
        """What a person at this machine is shown of the failure; None where it is not for them."""
        if self._note is None or not self._note.debug:
            return None
        try:
            made = self._slot.debug_page(self._note, self._environ, self._slot.app)
        except Exception:  # noqa: BLE001  ours, whatever it is: the answer is then as for everybody
            _log.exception("The page that shows the failure could not be made.")
            return None
        if made is None:
            return None
        headers, page = made
        self._start("500 INTERNAL SERVER ERROR", headers, sys.exc_info())
        return () if self._environ["REQUEST_METHOD"] == "HEAD" else (page,)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._rest is not None:
            part = next(self._rest, None)
            if part is not None:
                return part
            self._rest = None
        try:
            chunk: bytes | None = self._watch.call(self._context.run, next, self._chunks, None)
        except AbandonedError:
            raise
        except BaseException as error:
            if self._sent:
                self._slot.escaped(self._note, error)
                if isinstance(error, TookTooLongError):
                    self._slot.stopped(error, _named(self._environ))  # for the log; the connection is cut
                raise
            self._chunks = iter(self._error_page(error))
            return next(self._chunks, b"")
        if chunk is None:
            raise StopIteration
        self._sent = self._sent or bool(chunk)
        if self._note is not None:
            self._note.sends(chunk)
        if len(chunk) > PART:
            self._rest = (chunk[at : at + PART] for at in range(PART, len(chunk), PART))
            return chunk[:PART]
        return chunk

    def close(self) -> None:
        """Let the app end what it began."""
        close = getattr(self._body, "close", None)
        try:
            if close is not None and not self._watch.abandoned:
                self._watch.call(self._context.run, close)
        finally:
            if self._note is not None:
                self._note.ends()


def _lateness(error: BaseException) -> TookTooLongError | None:
    """The interruption that an error is, or came of: what was stopped half way may fail at its end."""
    each: BaseException | None = error
    for _ in range(20):
        if each is None or isinstance(each, TookTooLongError):
            return each
        each = each.__context__
    return None


def _is_shared(note: Note | None) -> bool:
    """Whether the answer goes to the network: it is told nothing of the source."""
    return note is not None and note.shared


def _named(environ: WSGIEnvironment) -> str:
    return f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
