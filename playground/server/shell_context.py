"""Where statements of the Shell run: within the app, and within its last request.

As in ``flask shell``, the contexts stay from one statement to the next, so ``g`` and ``session`` keep what
is put there, and a context that the person pushes is there until it is popped. All of it lies in a context
of its own (``contextvars``): no other code of the thread is in them. They end, with the app's teardown
functions, when another app is live; that of the request also when there is a newer one.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable
from contextvars import Context
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, has_app_context, has_request_context, request
from flask.globals import app_ctx
from werkzeug.test import EnvironBuilder

from playground.core.trips import Trip

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

T = TypeVar("T")

_BUILT = frozenset(("content-length", "content-type"))


class Contexts:
    """The app and the request that statements run in; for one thread at a time."""

    def __init__(self, told: Callable[[BaseException], None]) -> None:
        """``told`` gets what a teardown function raises."""
        self._told = told
        self.context = Context()
        self.app: Flask | None = None
        self._of_app: Any = None
        self._of_request: Any = None
        self._number = -1
        self._top: tuple[object, object] = (None, None)

    def run(self, work: Callable[..., T], *given: Any) -> T:
        """Do it within them."""
        return self.context.run(work, *given)

    def follow(self, app: Flask, trip: Trip | None, base: str) -> None:
        """Be in this app, and in the request of this trip; ``base`` is the server's address.

        What the person pushed over ours stays in front.
        """
        if app is not self.app:
            self.leave()
            self.app = app
        self.run(self._enter, app, trip, base)

    def leave(self) -> None:
        """End them: the app's teardown functions run, and whatever was left pushed goes as well."""
        if self.app is not None:
            self.run(self._end)
        self.forget()

    def forget(self) -> None:
        """Begin anew, without ending what there is: it was interrupted half way, or its thread is stuck."""
        self.context, self.app = Context(), None
        self._of_app = self._of_request = None
        self._number = -1

    @property
    def is_whole(self) -> bool:
        """Whether ours are the innermost."""
        return bool(self.run(_innermost) == self._top)

    # Within the context -----------------------------------------------------------------------

    def _enter(self, app: Flask, trip: Trip | None, base: str) -> None:
        if self._of_app is None:
            self._of_app = app.app_context()
            self._of_app.push()
            self._top = _innermost()
        number = trip.number if trip is not None else 0
        if number == self._number or _innermost() != self._top:
            return
        self._end_request()
        context = app.request_context(environ_of(trip, base))
        context.push()
        self._of_request, self._number, self._top = context, number, _innermost()

    def _end_request(self) -> None:
        context, self._of_request = self._of_request, None
        if context is not None:
            self._trying(context.pop)
        self._top = _innermost()

    def _end(self) -> None:
        if _innermost() == self._top:
            self._end_request()
            context, self._of_app = self._of_app, None
            if context is not None:
                self._trying(context.pop)
        elif self.app is not None:  # something of the person's is in front of them, and goes with them
            self._trying(self.app.do_teardown_appcontext)

    def _trying(self, end: Callable[[None], None]) -> None:
        try:
            end(None)
        except Exception as error:  # noqa: BLE001  a teardown function of the app; it is told
            self._told(error)


def _innermost() -> tuple[object, object]:
    """The contexts that code is in now."""
    return (
        _behind(app_ctx) if has_app_context() else None,
        _behind(request) if has_request_context() else None,
    )


def _behind(proxy: Any) -> object:
    return proxy._get_current_object()


def environ_of(trip: Trip | None, base: str) -> WSGIEnvironment:
    """The WSGI environment of a request that was recorded, or of a GET of ``/`` where none was."""
    if trip is None:
        return EnvironBuilder("/", base_url=base).get_environ()
    headers = [pair for pair in trip.request_headers if pair[0].lower() not in _BUILT]
    kind = next((value for name, value in trip.request_headers if name.lower() == "content-type"), None)
    body = BytesIO(trip.request_body.data) if trip.request_body.data else None
    made = EnvironBuilder(
        "/", base_url=base, method=trip.method, headers=headers, content_type=kind, input_stream=body
    ).get_environ()
    path, _, query = trip.path.partition("?")
    made["PATH_INFO"] = urllib.parse.unquote_to_bytes(path).decode("latin-1")
    made["QUERY_STRING"] = query
    made["REQUEST_URI"] = made["RAW_URI"] = trip.path
    made["REMOTE_ADDR"] = trip.client or "127.0.0.1"
    return made
