"""The running app and its server: what is made live, served and stopped. All of it on the app lane.

Flask is imported by the first method that needs it, there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from playground.core.changes import LiveState, ServerState
from playground.core.exchanges import Match
from playground.core.hosts import names_of
from playground.core.problems import refuse
from playground.session.choosing import wanted_port
from playground.session.home import Home
from playground.session.limits import LIMIT_KEY, check_limit
from playground.session.shared import Shared

if TYPE_CHECKING:
    from playground.server.live import LiveServer
    from playground.server.live_app import LiveApp


class AppLane(Shared):
    """One method for each thing that a person does to the running app.

    By one thread at a time, except where a method says that any thread may call it.
    """

    def __init__(self, home: Home | None = None) -> None:
        super().__init__(home)
        self._server: LiveServer | None = None  # of this lane alone

    def go_live(self) -> LiveState:
        """Make all that was written since the last call live, the cheapest honest way.

        A source that does not load keeps the last good app serving; the state's ``problem`` says why.
        """
        live, project = self._live_app(), self._snapshot.project
        if live is None or project is None:
            return self._snapshot.live
        files, before = self._backlog.take(project.app_target), self._snapshot.live
        try:
            state = before if files == frozenset() else live.go_live(files, project.app_target)
            if state is not before or not self._picture.settled:
                self._arrive(live, state)
        except BaseException:
            self._backlog.everything()  # a mistake of ours: whatever is written next takes it all in
            raise
        finally:
            self._backlog.arrived()
        return state

    def try_again(self) -> LiveState:
        """Load once more what did not load, where a package was installed since."""
        live = self._live
        if live is None or not live.is_worth_another_try():
            return self._snapshot.live
        self._backlog.everything()
        return self.go_live()

    def touch(self, files: frozenset[str]) -> None:
        """Note files that another program may have changed, for ``go_live`` to look at. From any thread."""
        self._backlog.touched(files)

    def settle(self) -> None:
        """Do what could wait until the edit was live."""
        live = self._live
        if live is not None:
            live.settle()
            lines = live.lines(self._picture.added)
            with self._publishing:
                if self._picture.move(lines):
                    self._show({"live": self._snapshot.live})

    def reset_data(self) -> LiveState:
        """Import the app afresh without the data that its modules hold."""
        live, project = self._live, self._snapshot.project
        if live is None or project is None:
            return self._snapshot.live
        self._backlog.take(project.app_target)
        try:
            state = live.go_live(None, project.app_target, keep_data=False)
            self._arrive(live, state)
        finally:
            self._backlog.arrived()
        return state

    def distrust(self) -> None:
        """Stop the server, unload the app and let nothing of the folder run until it is trusted again.

        Raises:
            ProblemError: that it is no longer trusted can't be kept for the next time; it holds for now.
        """
        folder = self._opened.folder
        self._publish(restricted=True)
        self.stop_server()
        self._unload()
        self._publish(live=LiveState())
        self.home.distrust(folder)

    def supersede(self, *, at_once: bool = False) -> None:
        """Stop an import that does not end: newer source waits, or the project closes. From any thread."""
        live = self._live
        if live is not None:
            live.supersede(0.0) if at_once else live.supersede()

    @property
    def request_limit(self) -> float | None:
        """Seconds after which a view is stopped, None for never; from any thread."""
        return self._limit.seconds

    def set_request_limit(self, seconds: float | None, *, keep: bool = True) -> float | None:
        """Stop views after so many seconds from now on, None for never; kept for the next time. Any thread.

        Raises:
            ProblemError: it is no limit (nothing was changed), or it can't be kept (it holds all the same).
        """
        limit = check_limit(seconds)
        self._limit.seconds = limit
        with self._lock:
            if self._live is not None:
                self._live.guard.limit = limit
        if keep:
            self.home.set(LIMIT_KEY, limit)
        return limit

    def start_server(
        self, port: int | None = None, host: str = "127.0.0.1", names: Sequence[str] = ()
    ) -> ServerState:
        """Serve the live app. ``port`` None takes FLASK_RUN_PORT, 5000 or the next free one.

        ``names`` are hosts that it answers to beside those of this machine.
        """
        if self._server is not None:
            return self._server.state
        if self._snapshot.restricted:
            raise refuse("This folder is not trusted yet, so nothing of it runs.", "Trust the folder first.")
        live = self._live_app()
        if live is None:
            raise refuse("No project is open.", "Open a folder first.")
        from playground.server.live import LiveServer

        live.recorder.gate.further = names_of(names)
        wished, note = wanted_port(self._opened.environment().variables)
        wanted = wished if port is None else port
        server = LiveServer(live.wsgi, host=host, port=wanted, fallback=port is None)
        state = server.start()
        if note and port is None:
            state = replace(state, note=f"{note} {state.note}".strip())
        self._server = server
        self._publish(server=state)
        return state

    def stop_server(self) -> ServerState:
        """Stop serving; requests in flight get a moment to finish."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()
        self._publish(server=ServerState())
        return self._snapshot.server

    def match(self, method: str, path: str) -> Match | None:
        """What the live app's router makes of a request; None where no app has loaded. Any thread."""
        live = self._live
        return live.match(method, path) if live is not None and live.state.loaded else None

    def template_request(self, name: str) -> str:
        """The path of the last request that rendered a template, if it was a GET; else empty. Any thread."""
        live = self._live
        use = live.recorder.last_for_template(name) if live is not None else None
        return use.path if use is not None and use.method == "GET" else ""

    def versions(self) -> str:
        """What the app runs on: ``Python 3.13 · Flask 3.1``."""
        from importlib.metadata import version

        flask = ".".join(version("flask").split(".")[:2])
        return f"Python {sys.version_info.major}.{sys.version_info.minor} · Flask {flask}"

    # ------------------------------------------------------------------------------------------

    def _live_app(self) -> LiveApp | None:
        """The live app of the open project, made when it is first asked for; None while it is restricted."""
        from playground.server.live_app import LiveApp

        with self._lock:
            if self._snapshot.restricted:
                return None
            if self._live is None and self._project is not None:
                self._live = LiveApp(self._project.folder, self._project.variables)
                self._live.on_noticed = self._on_change
                self._live.guard.limit = self._limit.seconds
                self._live.set_xray(self._xray)
                self._live.debugging.chosen = self._chosen_debug(self._project.folder)
                self._live.debugging.explain = self._in_plain_words
                self._live.recorder.on_trips(self._on_trips)
            return self._live

    def _arrive(self, live: LiveApp, state: LiveState) -> None:
        """Publish what came of a load, unless its project was closed or is not trusted any more."""
        with self._publishing:
            self._backlog.arrived()
            if live is self._live:
                self._show({"live": state})

    def _unload(self) -> None:
        """Take the app out of the process; what is to go live next is everything."""
        with self._lock:
            live, self._live = self._live, None
        self._backlog.everything()
        if live is not None:
            live.close()
