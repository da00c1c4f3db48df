"""The application without a window: one method for each thing that a person can do.

The command line calls these methods one after the other; the window calls the same ones from its
lanes. Which lane a method belongs to is said in its group below: the folder's writer (project), the
import and swap of the app (app), or sending (network). Each group is only ever used by one thread at a
time, except sending. ``snapshot`` may be read from any thread.

What a group needs (LibCST, Flask, requests) is imported by the first of its methods that is called, on its
lane: a window is there long before.
"""

from __future__ import annotations

import importlib
import itertools
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from playground.core.assets import asset
from playground.core.changes import Area, Change, FileText, LiveState, ProjectState, ServerState, Snapshot
from playground.core.exchanges import Exchange, Match, RequestSpec
from playground.core.problems import ProblemError, refuse
from playground.core.proposals import CleanUp, Move, Proposal, Rename
from playground.core.routes import Region, Route, RouteDraft
from playground.core.versions import Versions
from playground.session.choosing import keep_app, kept_app, wanted_port
from playground.session.home import Home, Recent
from playground.session.limits import LIMIT_KEY, check_limit, kept_limit
from playground.session.picture import JoinedPicture
from playground.session.trust import folder_around

if TYPE_CHECKING:
    from playground.client.sender import Sender
    from playground.project.folder import Project
    from playground.project.watch import Watcher
    from playground.server.live import LiveServer
    from playground.server.live_app import LiveApp

NEEDED = {
    "project": (
        "playground.project.folder",
        "playground.project.starters",
        "playground.project.slow_imports",
    ),
    "app": ("playground.server.live", "playground.server.live_app"),
    "network": ("playground.client.sender", "playground.client.text"),
}
"""What the methods of each group import when they are first called."""
APP_FILE = "app.py"
PATIENCE = 5.0
"""Seconds that an answer of the own server is waited for beyond its limit: it tells what was stopped."""


class Session:
    """At most one open project, its live app and its server."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = home or Home()
        self._lock = threading.Lock()
        self._publishing = threading.Lock()  # held while routes are joined, which takes longer than a look
        self._snapshot = Snapshot()
        self._picture = JoinedPicture()
        self._project: Project | None = None
        self._opening: Project | None = None
        self._live: LiveApp | None = None
        self._server: LiveServer | None = None
        self._watcher: Watcher | None = None
        self._on_change: Callable[[frozenset[str]], None] | None = None
        self._pending: set[str] | None = None  # files changed since the last go_live; None: everything
        self._going = False  # something is being made live
        self._unread: set[str] = set()  # files that may have changed since they were read
        self._sender: Sender | None = None
        self._limit: float | None = None
        self._limit_known = False  # read when it is first asked for

    @property
    def snapshot(self) -> Snapshot:
        """What is known and live now; immutable."""
        return self._snapshot

    def prepare(self, group: str) -> None:
        """Import what a group of methods needs before one of them is called, on the group's own lane."""
        for module in NEEDED[group]:
            importlib.import_module(module)

    # The folder: the project lane -------------------------------------------------------------

    def create(self, starter: str, folder: Path | None = None) -> Path:
        """Make a new project from a starter in a new or empty folder; returns the folder.

        Without a folder it goes where projects are kept, under the first free name: hello, hello-2.
        """
        from playground.project.starters import create

        target = folder or self._free_folder(starter)
        create(target, starter)
        self._keep(partial(self.home.trust, target))
        return target

    def check(self, folder: Path) -> Path:
        """Refuse what can't be opened as a project, before what is open is closed for it."""
        from playground.project.folder import Project

        return Project(Path(folder)).folder

    def recent_projects(self) -> tuple[tuple[str, str, str], ...]:
        """Name, folder and a few words on each project that was open, the newest first."""
        return tuple((known.name, known.folder, _describe(known)) for known in self.home.recent())

    def open(self, folder: Path, *, trusted: bool = False) -> Change:
        """Read a folder as the project; nothing in it is run. The one before must be closed.

        A folder that nobody said to trust is ``restricted``: nothing of it will run until ``trust``.
        ``trusted`` lets it run this time, without remembering that.
        """
        from playground.project.folder import Project

        project = Project(Path(folder), notes=self.home.folder / "unfinished")
        project.recover()
        self._opening = project
        try:
            project.scan()
        finally:
            self._opening = None
        if kept := kept_app(self.home, project.folder):
            with suppress(ProblemError):  # it is not there any more: the app is looked for again
                project.choose_app(kept)
        state = project.state
        restricted = not trusted and not self.home.trusts(project.folder)
        self._publish(project=state, live=LiveState(), restricted=restricted)
        with self._lock:
            self._project, self._pending, self._unread = project, None, set()
        self._keep(partial(self.home.remember, project.folder, len(state.routes)))
        return Change(f"open {state.name}", frozenset(Area), origin="open")

    def trust(self, *, around: bool = False) -> None:
        """Let the open project run, now and when it is opened again; ``around``: with its neighbours.

        Raises:
            ProblemError: it can't be kept for the next time; it may run all the same.
        """
        folder = self._opened.folder
        self._publish(restricted=False)
        self.home.trust(folder_around(folder) or folder if around else folder)

    def folder_around(self) -> str:
        """The folder around the open project, if that is one to be trusted whole; else empty."""
        return str(folder_around(self._opened.folder) or "")

    def give_up_opening(self) -> None:
        """End an ``open`` that is still reading, which then refuses: another folder is wanted. Any thread."""
        project = self._opening
        if project is not None:
            project.give_up()

    def add_route(self, draft: RouteDraft) -> Change:
        """Write a new route, and the blueprint it asks for, to the source."""
        return self._apply(lambda project: project.add_route(draft))

    def change_route(self, route: Route, draft: RouteDraft) -> Change:
        """Edit a route as it was last read into what the draft says; only what differs is touched."""
        return self._apply(lambda project: project.change_route(self._picture.written(route), draft))

    def duplicate_route(self, route: Route) -> Change:
        """Write a copy of a route below it, under a free rule and name."""
        return self._apply(lambda project: project.duplicate_route(self._picture.written(route)))

    def remove_route(self, route: Route) -> Change:
        """Take a route out of the source."""
        return self._apply(lambda project: project.remove_route(self._picture.written(route)))

    def propose(self, wanted: Rename | Move | CleanUp) -> Proposal:
        """What a rename, a move or a clean-up would write in all files; nothing is written."""
        return self._opened.propose(self._picture.wanted(wanted))

    def apply_proposal(self, proposal: Proposal) -> Change:
        """Write what was proposed, as one step; refused when a file is no longer as it was read."""
        return self._apply(lambda project: project.apply_proposal(proposal))

    def read_text(self, file: str) -> FileText:
        """A file's text for an editor, with the token that its saving must bring back."""
        return self._opened.read_text(file)

    def changed_files(self) -> Versions:
        """Which files differ from the last commit; from any thread. In a restricted folder git is not run."""
        from playground.project.versions import changed_files

        snapshot = self._snapshot
        if snapshot.project is None or snapshot.restricted:
            return Versions()
        return changed_files(Path(snapshot.project.folder))

    def write_text(self, file: str, text: str, token: str | None) -> tuple[Change, FileText]:
        """Write an editor's text; refused where the file changed since ``token``."""
        change, saved = self._opened.write_text(file, text, token)
        self._note(change)
        return change, saved

    def write_region(self, region: Region, text: str) -> tuple[Change, Region]:
        """Replace a piece of a file by what was typed, which need not parse."""
        change, saved = self._opened.write_region(region, text)
        self._note(change)
        return change, saved

    def new_template(self, name: str) -> Change:
        """Make a template with a small page in it."""
        return self._apply(lambda project: project.new_template(name))

    def rename_template(self, old: str, new: str) -> Change:
        """Rename a template and every use of its name."""
        return self._apply(lambda project: project.rename_template(old, new))

    def delete_template(self, name: str) -> Change:
        """Delete a template; undo brings it back."""
        return self._apply(lambda project: project.delete_template(name))

    def new_file(self, name: str) -> Change:
        """Make an empty file of the project."""
        return self._apply(lambda project: project.new_file(name))

    def new_app(self) -> Change:
        """Make the app.py of the empty starter, in a folder that has none."""
        data = asset("starters", "empty", APP_FILE).read_bytes()
        return self._apply(lambda project: project.new_file(APP_FILE, data))

    def undo(self) -> Change:
        """Take back the project's last change."""
        return self._apply(lambda project: project.undo())

    def redo(self) -> Change:
        """Do again what was last undone."""
        return self._apply(lambda project: project.redo())

    def rescan(self, files: frozenset[str] = frozenset()) -> Change | None:
        """Read what another program changed; None where nothing differs from what is known."""
        project = self._opened
        before = project.state
        dirty = project.refresh(files)
        with self._lock:
            self._unread = self._unread - files if files else set()
        if not dirty and project.state == before:
            return self._catch_up()
        change = Change("edit from outside", frozenset(Area), tuple(sorted(dirty)), origin="outside")
        self._note(change)
        return change

    def choose_app(self, target: str, *, keep: bool = True) -> Change | None:
        """Take the app from where a person says, as ``flask --app`` has it; kept for the next time.

        Empty looks for it again. None where that changes nothing; refused where the folder does not have it.
        """
        project = self._opened
        before = project.state
        project.choose_app(target)
        if keep:
            self._keep(partial(keep_app, self.home, project.folder, target))
        state = project.state
        if (state.app_target, state.app_said) == (before.app_target, before.app_said):
            return None
        with self._lock:
            self._pending = self._pending if state.app_target == before.app_target else None
        self._publish(project=state)
        return Change(f"choose {state.app_target}", frozenset(Area), origin="choose")

    # The running app: the app lane ------------------------------------------------------------

    def go_live(self) -> LiveState:
        """Make all that was written since the last call live, the cheapest honest way.

        A source that does not load keeps the last good app serving; the state's ``problem`` says why.
        """
        live = self._live_app()
        if live is None:
            return self._snapshot.live
        with self._lock:
            project = self._snapshot.project
            pending, self._pending = self._pending, set()
            self._going = True
        if project is None:
            return LiveState()
        files = None if pending is None else frozenset(pending)
        before = self._snapshot.live
        try:
            state = before if files == frozenset() else live.go_live(files, project.app_target)
        finally:
            self._going = False
        if state is not before or not self._picture.settled:
            self._publish(live=state)
        return state

    def try_again(self) -> LiveState:
        """Load once more what did not load, where a package was installed since."""
        live = self._live
        if live is None or not live.is_worth_another_try():
            return self._snapshot.live
        with self._lock:
            self._pending = None
        return self.go_live()

    def touch(self, files: frozenset[str]) -> None:
        """Note files that another program may have changed, for ``go_live`` to look at. From any thread."""
        with self._lock:
            if self._pending is not None:
                self._pending.update(files)
            self._unread.update(file for file in files if file.endswith(".py"))

    def settle(self) -> None:
        """Do what could wait until the edit was live."""
        live = self._live
        if live is not None:
            live.settle()
            if self._picture.move(live.lines(self._picture.added)):
                self._publish(live=self._snapshot.live)

    def reset_data(self) -> LiveState:
        """Import the app afresh without the data that its modules hold."""
        with self._lock:
            project, live = self._snapshot.project, self._live
            self._pending = set()
        if project is None or live is None:
            return LiveState()
        state = live.go_live(None, project.app_target, keep_data=False)
        self._publish(live=state)
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
        if not self._limit_known:
            self._limit, self._limit_known = kept_limit(self.home), True
        return self._limit

    def set_request_limit(self, seconds: float | None, *, keep: bool = True) -> float | None:
        """Stop views after so many seconds from now on, None for never; kept for the next time.

        Raises:
            ProblemError: it is no limit (nothing was changed), or it can't be kept (it holds all the same).
        """
        limit = check_limit(seconds)
        self._limit, self._limit_known = limit, True
        if self._live is not None:
            self._live.guard.limit = limit
        if keep:
            self.home.set(LIMIT_KEY, limit)
        return limit

    def start_server(self, port: int | None = None, host: str = "127.0.0.1") -> ServerState:
        """Serve the live app. ``port`` None takes FLASK_RUN_PORT, 5000 or the next free one."""
        if self._server is not None:
            return self._server.state
        if self._snapshot.restricted:
            raise refuse("This folder is not trusted yet, so nothing of it runs.", "Trust the folder first.")
        live = self._live_app()
        if live is None:
            raise refuse("No project is open.", "Open a folder first.")
        from playground.server.live import LiveServer

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
        """What the live app's router makes of a request; None where no app has loaded."""
        live = self._live
        return live.match(method, path) if live is not None and live.state.loaded else None

    def template_request(self, name: str) -> str:
        """The path of the last request that rendered a template, if it was a GET; else empty."""
        use = self._live.recorder.last_for_template(name) if self._live is not None else None
        return use.path if use is not None and use.method == "GET" else ""

    def versions(self) -> str:
        """What the app runs on: ``Python 3.13 · Flask 3.1``."""
        from importlib.metadata import version

        flask = ".".join(version("flask").split(".")[:2])
        return f"Python {sys.version_info.major}.{sys.version_info.minor} · Flask {flask}"

    # Sending: the network lane ----------------------------------------------------------------

    def send(self, spec: RequestSpec, cancel: threading.Event | None = None) -> Exchange:
        """Send a request over a real socket and wait for what becomes of it, and what its view printed."""
        live = self._live
        if live is None:
            return self._the_sender().send(spec, cancel)
        from playground.client.sender import OwnServer
        from playground.server.recorder import HEADER

        sent: list[str] = []  # more than one where it is redirected

        def fresh() -> str:
            sent.append(uuid.uuid4().hex)
            return sent[-1]

        limit = self.request_limit
        own = OwnServer(HEADER, fresh, None if limit is None else limit + PATIENCE)
        exchange = self._the_sender().send(spec, cancel, own)
        return replace(exchange, printed="".join(map(live.recorder.printed, sent)))

    def pretty(self, exchange: Exchange) -> tuple[str, str]:
        """The body of an answer as text to read, and the language to colour it in."""
        from playground.client.text import pretty

        response = exchange.response
        return (
            pretty(response.body, response.header("content-type")) if response is not None else ("", "text")
        )

    def as_curl(self, spec: RequestSpec) -> str:
        """A curl command that sends the same request; refused where it can't be sent."""
        from playground.client.text import as_curl

        return as_curl(spec, self._snapshot.server.url)

    # All of it --------------------------------------------------------------------------------

    def watch(self, on_change: Callable[[frozenset[str]], None]) -> None:
        """Call ``on_change`` with what any program writes, on the watcher's thread or a request's."""
        from playground.project.watch import Watcher

        self._stop_watching()
        self._on_change = on_change
        if self._live is not None:
            self._live.on_noticed = on_change
        self._watcher = Watcher(self._opened.folder, on_change)
        self._watcher.start()
        if self._watcher.problem is not None:
            self._opened.tell(self._watcher.problem)
            self._publish(project=self._opened.state)

    def close(self) -> None:
        """Close the project: server, watcher, app and sockets; safe to call twice."""
        self._stop_watching()
        self.stop_server()
        self._unload()
        with self._lock:
            self._project = None
            sender, self._sender = self._sender, None  # cookies and sockets go with the project
        if sender is not None:
            sender.close()
        self._publish(project=None, live=LiveState(), restricted=False)

    # ------------------------------------------------------------------------------------------

    def _unload(self) -> None:
        """Take the app out of the process; what is to go live next is everything."""
        with self._lock:
            live, self._live, self._pending = self._live, None, None
        if live is not None:
            live.close()

    def _keep(self, keep: Callable[[], None]) -> None:
        try:
            keep()
        except ProblemError as error:  # what is ours can't be kept: no reason to refuse what is theirs
            self.home.note = str(error.problem)

    def _free_folder(self, starter: str) -> Path:
        names = (starter if number == 1 else f"{starter}-{number}" for number in itertools.count(1))
        return next(path for name in names if not (path := self.home.projects / name).exists())

    def _live_app(self) -> LiveApp | None:
        """The live app of the open project, made when it is first asked for; None while it is restricted."""
        from playground.server.live_app import LiveApp

        with self._lock:
            if self._snapshot.restricted:
                return None
            if self._live is None and self._project is not None:
                self._live = LiveApp(self._project.folder, self._project.variables)
                self._live.on_noticed = self._on_change
                self._live.guard.limit = self.request_limit
            return self._live

    def _the_sender(self) -> Sender:
        from playground.client.sender import Sender

        with self._lock:
            if self._sender is None:
                self._sender = Sender(lambda: self._snapshot.server.url)
            return self._sender

    @property
    def _opened(self) -> Project:
        if self._project is None:
            raise refuse("No project is open.", "Open a folder or start with one of the starters.")
        return self._project

    def _apply(self, work: Callable[[Project], Change]) -> Change:
        change = work(self._opened)
        self._note(change)
        return self._picture.followed(change)

    def _note(self, change: Change) -> None:
        """Remember which files are to go live, and publish what the source now says."""
        with self._lock:
            if self._pending is not None:
                self._pending.update(change.files)
        self._publish(project=self._opened.state)

    def _catch_up(self) -> Change | None:
        """Nothing new was read: what the running app was ahead by may be told now."""
        shown = self._snapshot.project
        if not self._picture.settled:
            self._publish(live=self._snapshot.live)
        if shown is None or self._snapshot.project is None or shown.routes is self._snapshot.project.routes:
            return None
        return Change("live", frozenset({Area.ROUTES, Area.SERVER}), origin="live")

    def _publish(self, **parts: ProjectState | ServerState | LiveState | bool | None) -> None:
        """Make the next snapshot; ``project`` is what the source says, and is shown joined."""
        with self._publishing:
            if "project" in parts:
                self._picture.source = cast("ProjectState | None", parts["project"])
            if parts.keys() & {"project", "live"}:
                live = cast(LiveState, parts.get("live", self._snapshot.live))
                is_behind = self._pending is None or bool(self._pending or self._unread or self._going)
                parts["project"] = self._picture.show(live, is_behind, lambda file: self.read_text(file).text)
            self._next(parts)

    def _next(self, parts: Mapping[str, object]) -> None:
        with self._lock:
            self._snapshot = replace(self._snapshot, revision=self._snapshot.revision + 1, **parts)  # type: ignore[arg-type]  # each key brings its own type

    def _stop_watching(self) -> None:
        watcher, self._watcher, self._on_change = self._watcher, None, None
        if self._live is not None:
            self._live.on_noticed = None
        if watcher is not None:
            watcher.stop()


def _describe(known: Recent) -> str:
    """``~/class/bookshop · 8 routes · yesterday``, as the welcome page says it."""
    folder = Path(known.folder)
    shown = f"~/{folder.relative_to(Path.home())}" if folder.is_relative_to(Path.home()) else str(folder)
    days = int(time.time() // 86400) - int(known.when // 86400)
    when = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{shown} · {known.routes} {'route' if known.routes == 1 else 'routes'} · {when}"
