"""Python inside the running app, as ``flask shell`` gives it, with its last request and answer at hand.

A ``Shell`` belongs to one project's ``LiveApp``; nothing of it can be reached over the network, as there is
no address that leads to it. Its parts: the names that it gives (``shell_names``), the contexts that
statements run in (``shell_context``), how they run (``shell_statements``) and on which thread
(``shell_running``), what comes out (``shell_news``) and how that is shown (``shell_values``), and what can be
completed (``shell_completing``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from flask import Flask

from playground.core.completing import Completion
from playground.core.problems import refuse
from playground.core.shell import Kind, ShellNews
from playground.core.trips import Trip
from playground.server import output, shell_completing
from playground.server.guard import Watch
from playground.server.imports import ProjectImports
from playground.server.shell_context import Contexts
from playground.server.shell_news import News, Voice
from playground.server.shell_running import GRACE, Lane
from playground.server.shell_statements import Statements
from playground.server.stopping import TookTooLongError

_log = logging.getLogger(__name__)

CLOSING = 0.5
"""Seconds that a statement has to end when the project is closed."""
PATIENCE = 5.0
"""Seconds that the shell_context_processors of an app may take before anything is typed."""
SETTLING = 0.5
"""Seconds that is waited for it after an edit; what it lets go of is freed together with the rest."""
BASE = "http://127.0.0.1:5000/"
"""The address of a request that was never sent, where no server runs."""
LEFT = (
    "It sits in one long call that can't be interrupted, so it was left behind. The Shell goes on in a new "
    "thread; your variables are still there."
)


class Shell:
    """One person's session with the app. From any thread."""

    def __init__(
        self, app: Callable[[], Flask | None], last: Callable[[], Trip | None], project: ProjectImports
    ) -> None:
        """``app`` gives the app that is live, ``last`` the trip of the last request."""
        self._app = app
        self._news = News()
        self._statements = Statements(last, project)
        self._lock = threading.Lock()  # held while a lane is made, given up or put to work
        self._lane: Lane | None = None
        self._voice: Voice | None = None  # of the statement that runs
        self._stopping = self._closed = False
        self._modules: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        """Whether a statement runs."""
        return self._voice is not None

    def prepare(self) -> None:
        """Get the names ready, and look what could be imported; that takes a moment."""
        self._modules = self._modules or shell_completing.importable()
        lane, ready = self._have_followed()
        if lane is not None and not ready.wait(PATIENCE):
            lane.interrupt(ready, GRACE)  # the first statement meets it again, and can be stopped

    def settle(self) -> None:
        """Let go of an app that was replaced, and have the names of the new one; in a moment, mostly."""
        _, ready = self._have_followed()
        ready.wait(SETTLING)

    def _have_followed(self) -> tuple[Lane | None, threading.Event]:
        """Have it done on the lane; the event tells when it is. None where there is nothing to be done."""
        ready = threading.Event()
        with self._lock:
            if self.running or self._closed or self._app() is None:
                ready.set()
                return None, ready
            lane = self._a_lane()
            lane.put(self._follow)
            lane.put(lambda _: ready.set())
        return lane, ready

    def run(self, source: str, base: str = BASE) -> None:
        """Begin to run what was typed; ``news`` tells what comes of it. ``base`` is the server's address.

        Raises:
            ProblemError: something runs here already, or there is no app.
        """
        with self._lock:
            if self._closed or self._app() is None:
                raise refuse("There is no app to run this in.", "The list of problems says why.")
            if self.running:
                raise refuse("Something runs here already.", "Wait for its end, or press Stop.")
            voice = self._voice = Voice(self._news)
            self._stopping = False
            self._news.add(Kind.SOURCE, source)
            self._a_lane().put(lambda watch: self._statement(watch, voice, source, base))

    def stop(self) -> None:
        """Stop the statement that runs; returns at once."""
        with self._lock:
            lane, voice = self._lane, self._voice
            if lane is None or voice is None or self._stopping:
                return
            self._stopping = True
        name = "playground-shell-stop"
        threading.Thread(target=self._insist, args=(lane, voice), name=name, daemon=True).start()

    def news(self, most: int) -> ShellNews:
        """What came out since the last time, about ``most`` characters of it."""
        running, stopping = self.running, self._stopping  # first: what it says last is there by then
        return ShellNews(self._news.take(most), running, running and stopping, self._news.waits)

    def complete(self, text: str, cursor: int, *, asked: bool) -> Completion | None:
        """What can stand at the cursor, looked up in the live objects; no code of the app is run."""
        statements = self._statements
        context = statements.contexts.context.copy()
        look = shell_completing.Look(statements.names.all, context, self._modules, self._app())
        return shell_completing.complete(text, cursor, look, asked=asked)

    def restart(self) -> None:
        """Forget all variables.

        Raises:
            ProblemError: a statement runs.
        """
        with self._lock:
            if self.running:
                raise refuse("Something runs here.", "Press Stop first.")
            if not self._closed:
                self._a_lane().put(lambda _: self._statements.forget())
        self._have_followed()

    def close(self) -> None:
        """Stop what runs and end the thread; the app's contexts end with it."""
        with self._lock:
            self._closed = True
            lane, voice, self._lane = self._lane, self._voice, None
        if lane is not None:
            if voice is None or lane.interrupt(voice.over, CLOSING):
                lane.put(self._leave)
                lane.end(CLOSING)
            else:
                lane.leave_behind()
                voice.mute()
        self._statements.close()

    # Stopping, on a thread of its own ----------------------------------------------------------

    def _insist(self, lane: Lane, voice: Voice) -> None:
        if lane.interrupt(voice.over, GRACE):
            return
        with self._lock:
            if self._voice is not voice or self._lane is not lane:
                return  # it ended just now, or all is closed
            self._give_up(lane, voice)
        self._have_followed()
        lane.haunt(voice.over)

    def _give_up(self, lane: Lane, voice: Voice) -> None:
        """Go on without a thread that does not come back."""
        self._voice, self._lane, self._stopping = None, None, False
        lane.leave_behind()
        voice.mute()
        self._statements.contexts = Contexts(self._statements.report)
        self._news.add(Kind.ERROR, LEFT)

    # On the lane ------------------------------------------------------------------------------

    def _a_lane(self) -> Lane:
        if self._lane is None:
            self._lane = Lane()
        return self._lane

    def _statement(self, watch: Watch, voice: Voice, source: str, base: str) -> None:
        """Run what was typed; what it prints goes to its voice."""
        statements, app = self._statements, self._app()
        contexts = statements.contexts
        output.begin(voice)
        try:
            if app is not None:
                watch.call(statements.perform, contexts, source, app, base)
        except TookTooLongError as error:
            self._stopped(contexts, voice, error)
        except BaseException as error:  # noqa: BLE001  raised while another one was being told: the person's too
            if voice is self._voice:
                statements.report(error)
        finally:
            output.end()
            self._over(voice)

    def _stopped(self, contexts: Contexts, voice: Voice, error: BaseException) -> None:
        if voice is self._voice:
            self._statements.stopped(error)
            if not contexts.is_whole:  # it was interrupted while one was being entered or left
                contexts.forget()

    def _over(self, voice: Voice) -> None:
        with self._lock:
            if voice is self._voice:
                self._voice, self._stopping = None, False
        voice.over.set()

    def _follow(self, watch: Watch) -> None:
        """Be in the app that is live now, with its names."""
        statements, app = self._statements, self._app()
        output.begin(Voice(self._news))
        try:
            if app is not None:
                watch.call(statements.arrive, statements.contexts, app, BASE)
        except BaseException as error:  # noqa: BLE001  the app's: told when a statement meets it again
            _log.info("The shell could not follow the app: %r", error)
            statements.contexts.forget()
        finally:
            output.end()

    def _leave(self, watch: Watch) -> None:
        try:
            watch.call(self._statements.contexts.leave)
        except BaseException as error:  # noqa: BLE001  a teardown function of an app that is being closed
            _log.info("The shell could not leave the app: %r", error)
