"""Serving one project without a window: load it, serve it, and take every edit of its files live."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from playground.core.changes import LiveState
from playground.core.hosts import names_of
from playground.core.problems import ProblemError, refuse
from playground.server import output
from playground.server.switching import serve_without_window
from playground.session.session import Session

LOOPBACK = "127.0.0.1"
WAKE = 0.5
"""Seconds; on Windows a signal is only seen between two waits."""


class Serving:
    """A project that is served, and kept up with its files, until a signal says stop."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        """``warn`` gets each sentence that the person should read."""
        self._session, self._warn = Session(), warn
        serve_without_window(True)
        output.show(True)  # what the app prints is seen in the terminal, as in flask run
        self._work = threading.Event()
        self._changed: set[str] = set()
        self._stopped = self._loading = False
        self._wrong = ""
        self._names: tuple[str, ...] = ()
        self._handlers: dict[int, Any] = {}  # of the signals, as they were before

    def _listen(self) -> None:
        """Take the signals that say stop, also from an app that took them while it was imported."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._handlers.setdefault(number, signal.signal(number, self._stop))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """A signal came: end, and end an import of the app that may never end by itself."""
        self._stopped = True
        self._work.set()
        if self._loading:
            raise KeyboardInterrupt

    def begin(self, folder: Path, port: int | None, host: str, app: str = "") -> str:
        """Load and serve; returns the address, or nothing where it was stopped before.

        ``app`` is what ``flask --app`` would be given; empty to find it.
        """
        self._listen()
        self._session.open(folder)
        if app:
            self._session.choose_app(app, keep=False)
        self._trust()
        self._go_live()
        if self._stopped:
            return ""
        state = self._session.start_server(port, host, self._names)
        if state.note:
            self._warn(state.note)
        if state.shared:
            self._warn(f"Others in the network reach it at {' or '.join(state.shared)}.")
        self._tell_wish(host)
        self._session.settle()
        self._session.watch(self._note)
        self._work.set()  # look once for what was written before the watch began
        return state.url

    def _trust(self) -> None:
        """Who says to serve a folder trusts it."""
        try:
            self._session.trust()
        except ProblemError as error:  # it can't be kept for the window: no reason not to serve
            self._warn(str(error))

    def _tell_wish(self, host: str) -> None:
        """A wish for the network is not followed, but by who types it."""
        wish = self._session.asks_for_network()
        if wish and host == LOOPBACK:
            self._warn(
                f"The project asks for the network ({wish}), but only this computer reaches the server. "
                "To let others in, add --host 0.0.0.0."
            )

    def limit_views(self, seconds: float | None) -> None:
        """Stop views after so many seconds, None for never, as long as this serves."""
        self._session.set_request_limit(seconds, keep=False)

    def answer_to(self, names: Sequence[str]) -> None:
        """Answer to these host names, too.

        Raises:
            ProblemError: one of them can't be the name of a host.
        """
        wrong = next((name for name in names if not names_of([name])), None)
        if wrong is not None:
            raise refuse(f"{wrong!r} is not the name of a host.", "Write for example --name shop.example.")
        self._names = tuple(names)

    def show_failures(self, on: bool) -> None:
        """Whether a failing view shows this machine what happened, as long as this serves."""
        self._session.set_debug_pages(on, keep=False)

    def follow(self) -> None:
        """Take every edit live until stopped."""
        while not self._stopped:
            if not self._work.wait(WAKE):
                self._try_again()
                continue
            self._work.clear()
            files = frozenset(self._changed)
            self._changed.difference_update(files)
            if not self._stopped:
                self._catch_up(files)

    def _try_again(self) -> None:
        """The package that was missing may be there now."""
        if self._session.snapshot.live.problem is not None:
            self._go_live(self._session.try_again)

    def close(self) -> None:
        """Free the port, end the threads, and give the signals back."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._session.close()
        output.show(False)
        serve_without_window(False)

    def _note(self, files: frozenset[str]) -> None:
        self._changed.update(files)
        self._session.supersede()
        self._work.set()

    def _catch_up(self, files: frozenset[str]) -> None:
        """Serve what was written, then read it; once more, if the app is now to be taken from elsewhere."""
        self._session.touch(files)
        self._go_live()
        try:
            changed = self._session.rescan(files)
        except ProblemError as error:  # the folder vanished: what is loaded serves on
            self._say_wrong(str(error))
            return
        if changed is not None:
            self._go_live()
        self._session.settle()

    def _go_live(self, load: Callable[[], LiveState] | None = None) -> None:
        """Take the newest source live; what does not load is said while the last good app serves on."""
        try:
            self._loading = True
            problem = (load or self._session.go_live)().problem
        finally:
            self._loading = False
            self._listen()
        if not self._stopped:
            self._say_wrong(str(problem) if problem else "")

    def _say_wrong(self, words: str) -> None:
        if words and words != self._wrong:
            self._warn(words)
        elif self._wrong and not words:
            self._warn("Mended: the newest version is being served.")
        self._wrong = words
