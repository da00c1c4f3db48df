"""The one place where the window and the session meet.

Panels show values and emit what was asked for; the workspace runs it on the right lane and says what
became of it. It owns no widgets, and the panels never see the session.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from playground.core.changes import Area, Change, LiveState, ServerState, Snapshot
from playground.core.exchanges import Exchange, Match, RequestSpec
from playground.core.heap import heap
from playground.core.insight import Insight
from playground.core.problems import Problem, ProblemError
from playground.core.routes import Route
from playground.core.tips import Tip
from playground.gui.jobs import Jobs, PostBox, reaches
from playground.gui.looking import look_at
from playground.session.session import NEEDED, Session

T = TypeVar("T")


SHOWN_MS = 500
"""How long an app waits at most to be loaded first until its project is shown: importing it makes all that
the window does take several times as long."""
PAINTED_MS = 30
CHECK_MS, OPENED_MS = 300, 3000
"""How long the checks of the source wait at most for an edit to be live, and for a project to be loaded."""
CHECK_SECONDS = 0.05
"""So long they take at once: a large folder is checked bit by bit, and edits come in between."""
TEND_MS = 50
"""How often it is asked whether there is garbage to look for; while it is looked for, all threads wait."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A request that ended: what came back, how to show it, and what the router made of its path.

    ``insight`` is all that this server knows of it, ``tip`` what to try next.
    """

    exchange: Exchange
    pretty: str = ""
    language: str = "text"
    match: Match | None = None
    insight: Insight | None = None
    tip: Tip | None = None


Refused = Callable[[Problem], None]


class Workspace(QObject):
    """Runs the session's methods on their lanes and announces their outcome on the GUI thread.

    ``changed`` carries the ``Change`` after ``snapshot`` holds what it led to; ``exchanged`` the ``Outcome``
    of a request; ``refused`` a ``Problem`` for which no panel asked; ``sending`` whether a request is under
    way; ``opened`` whether a project is open now; ``leaving`` when one is about to be closed; ``reread`` when
    the folder was read again; ``checked`` when the snapshot has other findings; ``arrived`` when a request
    has reached the server, and not again until the session was asked for its ``lines``.
    """

    changed = Signal(object)
    exchanged = Signal(object)
    refused = Signal(object)
    sending = Signal(bool)
    opened = Signal(bool)
    leaving = Signal()
    reread = Signal()
    checked = Signal()
    arrived = Signal()
    _touched = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.jobs = Jobs(self)
        self._said: LiveState | None = None
        self._routes: tuple[Route, ...] = ()  # as they were when that was said
        self._cancel: threading.Event | None = None
        self._touched.connect(self._rescan)
        self._touches = PostBox[frozenset[str]](self._touched.emit)
        self._arrivals = PostBox[None](lambda _: self.arrived.emit())
        session.on_trips(partial(self._arrivals.post, None))
        self._first_load = QTimer(self, singleShot=True)
        self._first_load.timeout.connect(self._go_live)
        self._findings: tuple[Problem, ...] = ()  # as they were shown last
        self._checking = QTimer(self, singleShot=True)
        self._checking.timeout.connect(self._check)
        heap.keep_here()
        self._tending = QTimer(self, interval=TEND_MS)
        self._tending.timeout.connect(heap.tend)
        application = cast(QGuiApplication, QGuiApplication.instance())
        application.applicationStateChanged.connect(self._looked_at)

    @property
    def snapshot(self) -> Snapshot:
        """What is known and live now."""
        return self.session.snapshot

    def prepare(self) -> None:
        """Let each lane import what it will need, so that the first thing asked of it takes no longer.

        One lane after the other: together they would leave the window but a quarter of the time. From now on
        garbage is looked for, and never among what the window is made of: that stays.
        """
        heap.set_aside()
        self._tending.start()
        self._prepare(list(NEEDED))

    def _prepare(self, lanes: list[str]) -> None:
        if lanes:
            lane, *later = lanes
            self.jobs.run(lane, partial(self.session.prepare, lane), lambda _: self._prepare(later))

    # Projects ---------------------------------------------------------------------------------

    def open(self, folder: Path) -> None:
        """Close what is open and open a folder; its server starts by itself."""
        self._begin(lambda: self.session.check(folder))

    def create(self, starter: str) -> None:
        """Make a project from a starter where projects are kept, and open it."""
        self._begin(lambda: self.session.create(starter))

    def _begin(self, find: Callable[[], Path]) -> None:
        """Find the folder; only when that went well, close what is open, and open it."""

        def found(folder: Path) -> None:
            self._first_load.stop()
            self.cancel()
            self.session.supersede(at_once=True)
            self.jobs.run(
                "app", self.session.close, lambda _: self.project(partial(read, folder), self._opened, lost)
            )

        def read(folder: Path) -> Change:
            change = self.session.open(folder)
            self.session.watch(self._touches.post)
            return change

        def lost(problem: Problem) -> None:
            self._closed()
            self.refused.emit(problem)

        self.leaving.emit()
        self.session.give_up_opening()
        self.project(find, found)

    def _opened(self, _: object) -> None:
        self.opened.emit(self.snapshot.project is not None)
        if not self.snapshot.restricted:
            self.start_server()

    def close(self) -> None:
        """Close the project and go back to the welcome page."""

        def written(_: object) -> None:
            self._first_load.stop()
            self.session.supersede(at_once=True)
            self.jobs.run("app", self.session.close, lambda _: self._closed())

        self.leaving.emit()
        self.cancel()
        self.project(lambda: None, written)  # after what was typed last

    def _closed(self) -> None:
        self._first_load.stop()
        self._checking.stop()
        self.changed.emit(Change("close", frozenset(Area), origin="open"))
        self.opened.emit(False)

    def shutdown(self) -> None:
        """End everything that runs; the window is closing."""
        self._touches.close()  # a view that never ends may look for changes when the window is gone
        self._arrivals.close()
        self._first_load.stop()
        self._checking.stop()
        self.cancel()
        self.session.give_up_opening()
        self.session.supersede(at_once=True)
        if not self.jobs.shutdown(300):  # an import may have begun just as the last one was ended
            self.session.supersede(at_once=True)
            self.jobs.shutdown(2000)
        self.session.close()
        self._tending.stop()  # and no other thread looks from now on: the widgets are still there

    # Trust ------------------------------------------------------------------------------------

    def trust(self, folder: str, *, around: bool = False) -> None:
        """Let the open project run, if it is the one that the person was asked about; its server starts."""

        def work() -> None:
            project = self.snapshot.project
            if project is not None and project.folder == folder:
                self.session.trust(around=around)

        def unkept(problem: Problem) -> None:
            trusted(None)
            self.jobs.run("app", lambda: None, lambda _: self.refused.emit(problem))  # after the port

        def trusted(_: None) -> None:
            if self.snapshot.project is not None and not self.snapshot.restricted:
                self._say_trust()
                self.start_server()
                self._go_live()

        self.jobs.run("project", work, trusted, self._failing(unkept))

    def distrust(self) -> None:
        """Stop and unload the open project, and let nothing of it run until it is trusted again."""
        self._first_load.stop()
        self.cancel()
        self.session.supersede(at_once=True)

        def unkept(problem: Problem) -> None:
            self._say_trust()
            self.refused.emit(problem)

        self.jobs.run("app", self.session.distrust, lambda _: self._say_trust(), self._failing(unkept))

    def _say_trust(self) -> None:
        self.changed.emit(Change("trust", frozenset({Area.SERVER}), origin="trust"))

    # The folder -------------------------------------------------------------------------------

    def project(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        refused: Refused | None = None,
    ) -> None:
        """Run an operation on the project lane; a ``Change`` in its result is announced and goes live.

        A page that is gone by then is told nothing.
        """

        def finished(result: T) -> None:
            change = result[0] if isinstance(result, tuple) and result else result
            if done is not None and reaches(done):
                done(result)
            if isinstance(change, Change):
                self._announce(change)

        self.jobs.run("project", work, finished, self._failing(refused))

    def undo(self) -> None:
        """Take back the project's last change."""
        self.project(self.session.undo)

    def redo(self) -> None:
        """Do again what was undone."""
        self.project(self.session.redo)

    @Slot(object)
    def _rescan(self, files: frozenset[str]) -> None:
        if self.snapshot.project is not None:
            self.session.touch(files)
            self._go_live()
            self.project(lambda: self.session.rescan(files), lambda _: self.reread.emit())

    def _announce(self, change: Change) -> None:
        self.changed.emit(change)
        self._checking.start(OPENED_MS if change.origin == "open" else CHECK_MS)
        if change.origin == "open":
            self._first_load.start(SHOWN_MS)
        elif change.files or change.origin == "choose":
            self.session.supersede()
            self._go_live()

    @Slot(Qt.ApplicationState)
    def _looked_at(self, state: Qt.ApplicationState) -> None:
        """Somebody comes back to the window, maybe from installing the package that is missing."""
        if state is Qt.ApplicationState.ApplicationActive and self.snapshot.live.problem is not None:
            self.jobs.latest("app", "again", self.session.try_again, self._live)

    @Slot()
    def load(self) -> None:
        """The project that was opened is shown: once it is painted, its app may have the processor."""
        if self._first_load.isActive():
            self._first_load.start(PAINTED_MS)

    def _go_live(self) -> None:
        self.jobs.latest("app", "live", self.session.go_live, self._live)
        self.jobs.latest("app", "settle", self.session.settle, lambda _: None)

    @Slot()
    def _check(self) -> None:
        """Look for what the source shows: once an edit is live, or when that takes long."""
        self._checking.stop()
        if self.snapshot.project is not None:
            work = partial(self.session.check_source, CHECK_SECONDS)
            self.jobs.latest("project", "check", work, self._checked)

    def _checked(self, found: tuple[Problem, ...] | None) -> None:
        if found is None:  # what else is to be done comes first
            self._check()
        elif found != self._findings:
            self._findings = found
            self.checked.emit()

    def _live(self, state: LiveState) -> None:
        if self._checking.isActive():
            self._check()
        project = self.snapshot.project
        routes = project.routes if project is not None else ()
        if state is not self._said or routes is not self._routes:
            self._said, self._routes = state, routes
            self.changed.emit(Change("live", frozenset({Area.SERVER}), origin="live"))

    def failed(self, error: BaseException) -> None:
        """Something went wrong for which no panel asked: a problem to be told, or a bug."""
        self._failing(None)(error)

    def _failing(self, refused: Refused | None) -> Callable[[BaseException], None]:
        """Problems go to who asked, or to the banner; anything else is a bug and goes its own way."""

        def failed(error: BaseException) -> None:
            if not isinstance(error, ProblemError):
                self.jobs.unexpected.emit(error)
            elif refused is None:
                self.refused.emit(error.problem)
            elif reaches(refused):
                refused(error.problem)

        return failed

    # The server -------------------------------------------------------------------------------

    def start_server(self) -> None:
        """Serve the live app."""
        self.jobs.run("app", self.session.start_server, self._served, self._failing(None))

    def reset_data(self) -> None:
        """Let the app begin with the data that its source says."""
        self.jobs.run("app", self.session.reset_data, self._live, self._failing(None))

    def stop_server(self) -> None:
        """Stop serving."""
        self.jobs.run("app", self.session.stop_server, self._served, self._failing(None))

    def share(self, done: Callable[[], None], refused: Refused) -> None:
        """Let the network reach the server, which is started where it was stopped."""
        session, was_running = self.session, self.snapshot.server.running

        def work() -> ServerState:
            session.start_server()
            return session.share()

        def shared(state: ServerState) -> None:
            self._say_shared() if was_running else self._served(state)
            done()

        def unshared(problem: Problem) -> None:
            if self.snapshot.server.running and not was_running:
                self._served(self.snapshot.server)
            refused(problem)

        self.jobs.run("app", work, shared, self._failing(unshared))

    def stop_sharing(self) -> None:
        """Let only this machine reach the server."""
        self.jobs.run("app", self.session.stop_sharing, lambda _: self._say_shared(), self._failing(None))

    def look_at_network(self) -> None:
        """Follow this machine from one network to another while it shares."""
        before = self.snapshot.server

        def looked(state: ServerState) -> None:
            if state is not before:
                self._say_shared()

        self.jobs.latest("app", "network", self.session.look_at_network, looked, self._failing(None))

    def _say_shared(self) -> None:
        self.changed.emit(Change("share", frozenset({Area.SERVER}), origin="server"))

    def _served(self, _: ServerState) -> None:
        self.changed.emit(Change("server", frozenset({Area.SERVER}), origin="server"))

    # Requests ---------------------------------------------------------------------------------

    def send(self, spec: RequestSpec) -> None:
        """Send a request; one at a time, a second waits for the person to cancel the first."""
        if self._cancel is not None:
            return
        cancel = threading.Event()
        self._cancel = cancel

        def work() -> Outcome:
            exchange = self.session.send(spec, cancel)
            text, language = self.session.pretty(exchange)
            path = spec.url.split("?")[0] if spec.url.startswith("/") else ""
            match = self.session.match(spec.method, path) if path else None
            return Outcome(exchange, text, language, match, *look_at(self.session, exchange))

        folder = self.snapshot.project.folder if self.snapshot.project else ""

        def sent(outcome: Outcome) -> None:
            self._sent()
            project = self.snapshot.project
            if project is not None and project.folder == folder:  # another project has no use for it
                self.exchanged.emit(outcome)

        def failed(error: BaseException) -> None:
            self._sent()
            self._failing(None)(error)

        self.sending.emit(True)
        self.jobs.run("network", work, sent, failed)

    def _sent(self) -> None:
        self._cancel = None
        self.sending.emit(False)

    def as_curl(self, spec: RequestSpec, done: Callable[[str], None]) -> None:
        """Write a request as a curl command."""
        self.jobs.run("network", lambda: self.session.as_curl(spec), done, self._failing(None))

    def cancel(self) -> None:
        """Stop waiting for the answer that is under way."""
        if self._cancel is not None:
            self._cancel.set()
