"""Sending a request and seeing what became of it.

``Sender.send`` blocks its thread, is safe to call from several threads at once, never raises for
what goes wrong outside, and returns within a tenth of a second of being cancelled.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import requests
import requests.cookies

from playground.client.failures import (
    TRANSPORT_ERRORS,
    origin,
    seconds_text,
    sentence_for,
    timeout_sentence,
)
from playground.client.prepare import body_of, full_url, headers_of, is_loopback, method_of
from playground.client.wire import LabelAdapter, Wire, WireAdapter
from playground.core.exchanges import Exchange, Hop, RequestSpec, Response
from playground.core.problems import ProblemError

LARGEST_BODY = 50 * 1024 * 1024
"""Bytes of a body that are kept; the rest is not read."""
STREAM_SECONDS = 10.0
"""How long an answer is listened to that does not say how long it is: it may never end."""

_CHUNK = 64 * 1024
_LOOK = 0.02  # seconds between two looks at the caller's cancel event
_FAREWELL = 0.05  # seconds granted to a cut request to end before we go on without it
_LONGEST = 24 * 3600.0
_MOST_REDIRECTS = 20


@dataclass(frozen=True, slots=True)
class OwnServer:
    """What holds for requests to this server alone, and is never sent elsewhere, not even by a redirect.

    Each of them carries the header ``label`` with a value of its own from ``fresh``; ``patience`` in
    seconds takes the place of the request's own timeout, None is for as long as it takes.
    """

    label: str
    fresh: Callable[[], str]
    patience: float | None = 30.0


class _SharedCookies(requests.cookies.RequestsCookieJar):
    """A jar that can be read while another thread adds to it."""

    def __iter__(self) -> Iterator[Any]:
        with self._cookies_lock:  # type: ignore[attr-defined]  # the jar's own lock
            return iter(tuple(super().__iter__()))


class _Task:
    """One request on its way, run on a thread of its own."""

    def __init__(
        self, request: requests.Request, spec: RequestSpec, seconds: float, own: tuple[str, OwnServer] | None
    ) -> None:
        self.wire = Wire()
        self.done = threading.Event()
        self.response: Response | None = None
        self.error: BaseException | None = None
        self.partial: Response | None = None  # an answer without an end that is said, once it has begun
        self.began = 0.0  # when it did, by the monotonic clock
        self.body = bytearray()  # what came of it up to now
        self._request = request
        self._spec = spec
        self._seconds = seconds
        self._own = own

    def run(self, cookies: requests.cookies.RequestsCookieJar) -> None:
        """Send and read everything; the outcome is in ``response`` or ``error`` when ``done`` is set."""
        self.wire.use_here()
        try:
            with requests.Session() as session:
                session.cookies = cookies
                self.response = self._exchange(session)
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread, which judges it
            self.error = error
            if isinstance(error, requests.RequestException) and error.response is not None:
                error.response.close()  # requests leaves the last one open when redirects never end
        finally:
            self.wire.close()
            self.done.set()

    def _exchange(self, session: requests.Session) -> Response:
        url = str(self._request.url)
        session.max_redirects = _MOST_REDIRECTS
        session.trust_env = not is_loopback(url)
        session.headers["User-Agent"] = "RoutePlayground"
        session.mount("http://", WireAdapter())
        session.mount("https://", WireAdapter())
        if self._own is not None:
            base, own = self._own
            session.mount(f"{base}/", LabelAdapter(own.label, own.fresh))
        prepared = session.prepare_request(self._request)
        settings = session.merge_environment_settings(prepared.url, {}, True, None, None)
        got = session.send(
            prepared, timeout=self._seconds, allow_redirects=self._spec.follow_redirects, **settings
        )
        response = Response(
            status=got.status_code,
            reason=got.reason or "",
            headers=tuple(got.raw.headers.items()),
            body=b"",
            url=got.url,
            hops=tuple(_hop(session, step) for step in got.history),
        )
        if not response.header("content-length"):
            self.began, self.partial = time.monotonic(), response
        with got:
            truncated = self._read_body(got)
        return replace(response, body=bytes(self.body[:LARGEST_BODY]), truncated=truncated)

    def _read_body(self, got: requests.Response) -> bool:
        """Read the body, decompressed; says whether some of it was left unread."""
        for chunk in got.iter_content(_CHUNK):
            self.body += chunk
            if len(self.body) > LARGEST_BODY:
                return True
        return False

    def long_enough(self, now: float) -> bool:
        """Whether there is something to show of an answer that may never end."""
        return self.partial is not None and bool(self.body) and now > self.began + STREAM_SECONDS

    def so_far(self) -> Response | None:
        """What came up to now of an answer that may never end."""
        if self.partial is None or not self.body:
            return None
        return replace(self.partial, body=bytes(self.body[:LARGEST_BODY]), goes_on=True)


def _hop(session: requests.Session, step: requests.Response) -> Hop:
    return Hop(step.status_code, step.url, session.get_redirect_target(step) or "")


class Sender:
    """Sends requests, to this server or any address; keeps cookies from one to the next."""

    def __init__(self, base_url: Callable[[], str]) -> None:
        """``base_url`` says where this server is now (``http://127.0.0.1:5000``), or is empty."""
        self._base_url = base_url
        self._cookies = _SharedCookies()
        self._lock = threading.Lock()
        self._running: dict[_Task, threading.Thread] = {}
        self._closed = False

    def send(
        self, spec: RequestSpec, cancel: threading.Event | None = None, own: OwnServer | None = None
    ) -> Exchange:
        """Send and wait for the outcome; setting ``cancel`` from any thread ends the wait.

        ``own`` is what holds where the request goes to this server.
        """
        started = time.time()
        base = self._base_url().rstrip("/")
        try:
            url = full_url(spec, base)
            request = requests.Request(method_of(spec), url, _joined(spec), data=body_of(spec))
        except ProblemError as error:
            return Exchange(spec, spec.url, error=str(error.problem), started=started)
        if self._closed or (cancel is not None and cancel.is_set()):
            return Exchange(spec, url, error="Cancelled before it was sent.", cancelled=True, started=started)
        at_home = (base, own) if own is not None and base and origin(url) == base else None
        seconds = _patience(at_home[1].patience if at_home else spec.timeout)
        task = _Task(request, spec, seconds, at_home)
        begin = time.perf_counter()
        self._start(task)
        stopped = self._wait(task, seconds, cancel)
        elapsed = time.perf_counter() - begin
        response, error_text = _outcome(task, stopped, url, seconds, elapsed)
        cancelled = stopped == "cancelled"
        return Exchange(spec, url, response, error_text, cancelled, started, elapsed)

    def _start(self, task: _Task) -> None:
        thread = threading.Thread(target=task.run, args=(self._cookies,), name="send request", daemon=True)
        with self._lock:
            self._running[task] = thread
            thread.start()

    def _wait(self, task: _Task, seconds: float, cancel: threading.Event | None) -> str:
        """Wait for the end of the task; say why if it was not its own."""
        deadline = time.monotonic() + seconds
        stopped = ""
        while not stopped and not task.done.wait(_LOOK):
            if (cancel is not None and cancel.is_set()) or self._closed:
                stopped = "cancelled"
            elif task.long_enough(now := time.monotonic()):
                stopped = "goes on"
            elif now > deadline:
                stopped = "timeout" if task.so_far() is None else "goes on"
        if stopped:
            task.wire.cut()
        elif self._closed and task.error is not None:  # close() cut it before we looked
            stopped = "cancelled"
        with self._lock:
            thread = self._running.pop(task)
        thread.join(_FAREWELL if stopped else None)
        return stopped

    def close(self) -> None:
        """Cancel what is under way; no socket is left open."""
        self._closed = True
        with self._lock:
            running = dict(self._running)
        for task, thread in running.items():
            task.wire.cut()
            thread.join(_FAREWELL)


def _patience(seconds: float | None) -> float:
    return _LONGEST if seconds is None else min(max(seconds, 0.001), _LONGEST)


def _joined(spec: RequestSpec) -> dict[str, str]:
    """The headers by name; those of one name are joined, as HTTP allows."""
    joined: dict[str, tuple[str, str]] = {}
    for name, value in headers_of(spec):
        before = joined.get(name.lower())
        joint = "; " if name.lower() == "cookie" else ", "
        joined[name.lower()] = (name, value if before is None else f"{before[1]}{joint}{value}")
    return dict(joined.values())


def _outcome(
    task: _Task, stopped: str, url: str, seconds: float, elapsed: float
) -> tuple[Response | None, str]:
    """The response, or the sentence why there is none; raises what is a mistake of ours."""
    if stopped == "cancelled":
        return None, f"Cancelled after {seconds_text(elapsed)}."
    if stopped == "goes on":
        return task.so_far(), ""
    if stopped == "timeout":
        return None, timeout_sentence(seconds)
    if task.error is None:
        return task.response, ""
    if isinstance(task.error, TRANSPORT_ERRORS):
        return None, sentence_for(task.error, url, seconds)
    raise task.error
