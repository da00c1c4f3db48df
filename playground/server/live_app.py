"""The app that is live: brought there the cheapest honest way, kept while its successor does not load."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from flask import Flask
from flask.logging import default_handler

from playground.core.changes import LiveState
from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.core.heap import heap
from playground.core.live_rules import LiveRule
from playground.core.problems import Problem, ProblemError, refuse
from playground.core.routes_table import RoutesTable
from playground.server import last_good, loader
from playground.server.environment import nothing
from playground.server.explaining import Explainer
from playground.server.explaining_verdict import HOST, verdict_of
from playground.server.freshness import Freshness
from playground.server.loaded import NotInPlaceError
from playground.server.logs import LogLine, keeper
from playground.server.patching import renumber
from playground.server.recorder import Recorder
from playground.server.rule_map import RuleMap
from playground.server.slot import AppSlot
from playground.server.tracing import Tracing

if TYPE_CHECKING:
    from playground.server.shell import Shell

_VARIABLES = frozenset({".env", ".flaskenv"})
"""Files that say what the process's variables are to be."""
_TURN = 0.1
"""Seconds that a request waits at most for another one that is just taking the same edit in."""


class LiveApp:
    """Owns the slot of one project's folder.

    ``wsgi`` is what to serve. ``variables`` says, when asked, what the process's variables are to be while
    the project is open. ``go_live`` is called by one thread at a time; everything else from any.
    """

    def __init__(self, folder: Path, variables: Callable[[], Mapping[str, str]] = nothing) -> None:
        self.folder = folder.resolve()
        self._variables = variables
        self.slot = AppSlot(self.folder)
        self.guard = self.slot.guard
        self.recorder = Recorder(self.slot)
        self.debugging = self.recorder.debugging
        self.tracing = Tracing(self.folder)
        self.wsgi = self.recorder
        self._state = LiveState()
        self._map: RuleMap | None = None
        self._explainer: Explainer | None = None
        self._shell: Shell | None = None  # made when it is first asked for
        self._templates: last_good.LastGoodLoader | None = None
        self._good: dict[str, last_good.Source] = {}
        self._unproven: dict[str, last_good.Source] = {}
        self._lock = threading.Lock()
        self._going = threading.Lock()  # held while something goes live
        self._importing = False
        self._closed = False
        self._target: str | None = None
        self._behind: frozenset[str] = frozenset()  # changed since the version that is live was loaded
        self._waiting: frozenset[str] = frozenset()  # seen by a request, and for a fresh import to take in
        self._unfinished = False  # an import was stopped half way: whatever changes next, do it again
        self._leftover = False  # of a version that was replaced or did not load, for a sweep to free
        self._files = Freshness(self.folder)
        self.on_noticed: Callable[[frozenset[str]], None] | None = None
        self.slot.freshen = self.freshen
        keeper.attach()

    @property
    def state(self) -> LiveState:
        """What the last ``go_live`` came to."""
        return self._state

    def set_xray(self, on: bool) -> None:
        """Whether requests that begin from now on are recorded line by line. From any thread."""
        self.recorder.tracing = self.tracing.around if on else None

    # -- going live --------------------------------------------------------------------------------

    def go_live(
        self, changed_files: frozenset[str] | None, target: str | None = None, *, keep_data: bool = True
    ) -> LiveState:
        """Bring what is on disk to life.

        ``changed_files`` are relative to the folder; None stands for everything. Without
        ``keep_data`` the app begins with the data that its source says. Never raises for what is wrong with
        the project: the state has the problem, and the last good app stays.
        """
        with self._going:
            started = time.perf_counter()
            done = self._go(changed_files, target, keep_data)
            if done is not None:
                self._note(*done, time.perf_counter() - started)
            return self._state

    def _note(self, how: str, problem: Problem | None, seconds: float) -> None:
        rules = self._rules_of(self.slot.app)
        self._state = LiveState(
            self.slot.app is not None, how, seconds, len(rules), problem, rules, loader.notes(self.folder)
        )

    def _rules_of(self, app: Flask | None) -> tuple[LiveRule, ...]:
        """Those of the app that is served, read once for each that is loaded."""
        if app is None:
            return ()
        if self._map is None or self._map.app is not app:
            self._map, self._explainer = RuleMap(app, self.folder), None
        return self._map.rules

    def _go(
        self, changed_files: frozenset[str] | None, target: str | None, keep_data: bool
    ) -> tuple[str, Problem | None] | None:
        """Take the cheapest way that is honest; says which it was, and what is wrong. None: nothing is new.

        ``template`` reloads nothing; ``body`` replaces the code of functions in the running modules;
        ``structure`` imports the app afresh, with the data of the one before, ``reset`` without; ``load`` is
        the first import.
        """
        app = self.slot.app
        is_new = app is None or self._unfinished or target != self._target
        if changed_files is None or app is None or is_new or (changed_files | self._behind) & _VARIABLES:
            how = "load" if app is None else "structure" if keep_data else "reset"
            return how, self._bring_in(target, keep_data, changed_files or frozenset())
        assets = {name for name in changed_files if _is_in(name, self._asset_folders(app))}
        source = self._files.news(changed_files - assets, self._behind) | self._waiting
        if self._state.problem is None:
            # Data that the app writes while it runs (a database, an upload) must not restart it.
            source = frozenset(name for name in source if PurePosixPath(name).suffix == ".py")
        if assets and self._templates is not None:
            self._templates.forget_compiled()
        if not source:
            is_all_known = all(name.endswith(".py") for name in changed_files)
            return None if is_all_known else ("template", self._state.problem)
        if self._patch(source | self._behind, app):
            return "body", None
        return "structure", self._bring_in(target, keep_data, source | self._behind)

    def _patch(self, names: frozenset[str], app: Flask) -> bool:
        if not loader.patch(self.folder, names, app.view_functions):
            return False
        self._behind = self._waiting = frozenset()
        self._files.forget_tried()
        self.slot.problem = None
        return True

    def freshen(self) -> None:
        """Take in what was written since the last look, as far as that can be done in place.

        Called as a request begins, on its thread. What needs a fresh import is told to ``on_noticed``, and
        so is what went live: the rest of the house reads the new source then.
        """
        stale = self._files.stale()
        if not stale or self._importing or not self._going.acquire(timeout=_TURN):
            return
        try:
            names = frozenset(self._files.name(file.path) for file in stale if not file.confirm())
            app, started = self.slot.app, time.perf_counter()
            if not names or app is None or self._unfinished:
                return
            if self._patch(names | self._behind, app):
                self._note("body", None, time.perf_counter() - started)
            else:
                self._files.note_tried(names)
                self._waiting |= names
        finally:
            self._going.release()
        if self.on_noticed is not None:
            self.on_noticed(names)

    def settle(self) -> None:
        """What can wait until the edit is live: line numbers, memory, and getting ready for the next edit."""
        with self._going:
            self._files.loaded = loader.loaded_files(self.folder)
            views = self.slot.app.view_functions if self.slot.app is not None else {}
            for file in self._files.loaded:
                renumber(file, views)
                with suppress(NotInPlaceError, SyntaxError):
                    file.prepare()
            if self._shell is not None:
                self._shell.settle()
            if self._leftover:
                self._leftover = False
                heap.sweep()

    def _asset_folders(self, app: Flask) -> list[PurePosixPath]:
        """The folders of templates and static files, as far as they lie in the project."""
        found: list[Path] = []
        for part in (app, *app.blueprints.values()):
            if part.template_folder:
                found.append(Path(part.root_path, part.template_folder))
            if part.static_folder:
                found.append(Path(part.static_folder))
        inside = [path.resolve() for path in found if path.resolve().is_relative_to(self.folder)]
        return [
            PurePosixPath(path.relative_to(self.folder).as_posix()) for path in inside if path != self.folder
        ]

    def _bring_in(self, target: str | None, keep_data: bool, names: frozenset[str]) -> Problem | None:
        """Import the app afresh; ``names`` are the files for whose sake it is done."""
        self._unfinished, self._target, self._importing = False, target, True
        self._waiting = frozenset()
        self._files.note_tried(names)
        try:
            loaded = loader.load(self.folder, target, keep_data=keep_data, variables=self._variables)
        except ProblemError as error:
            keeper.stay()
            self._leftover = True
            self._behind = names | self._files.changed()
            self.slot.problem = error.problem
            return error.problem
        finally:
            self._importing = False
        app, self.debugging.says = loaded.app, loaded.debug
        self._behind = frozenset()
        self._files.forget_tried()
        keeper.stay()  # the app may have configured logging for itself
        app.logger.removeHandler(default_handler)
        templates = last_good.wrap(app, self._good, self._unproven)
        self.recorder.watch(app)
        with self._lock:
            if self._closed:  # while it was loading
                return None
            self._templates = templates
            self.slot.problem = None
            self._leftover = self.slot.swap(app) is not None or self._leftover
            self._files.loaded = loader.loaded_files(self.folder)
        return None

    def is_worth_another_try(self) -> bool:
        """Whether what does not load may load now although no file changed: something was installed."""
        return self._state.problem is not None and loader.has_new_packages(self.folder)

    def supersede(self, grace: float = loader.GRACE) -> None:
        """An import under way is of no use any more: stop it once it has had ``grace`` seconds."""
        if loader.supersede(self.folder, grace):
            self._unfinished = True

    def close(self) -> None:
        """Take the app out; its modules and path entries leave the process. Stop the server before.

        Does not wait for an import that is still running: what that brings is thrown away.
        """
        with self._lock:
            if self._closed:
                return
            self._closed, self._map, self._explainer = True, None, None
            shell, self._shell = self._shell, None
            if shell is not None:
                shell.close()
            self.slot.swap(None)
            self.guard.close()
            loader.unload(self.folder)
            keeper.detach()

    # -- questions to the live app ----------------------------------------------------------------------

    def rules(self) -> tuple[LiveRule, ...]:
        """The rules of the live app, in the order of its map."""
        return self._state.map if self.slot.app is not None else ()

    def lines(self, endpoints: Iterable[str]) -> dict[str, int]:
        """Where the views of these endpoints are now in their files."""
        known = self._map
        return known.lines(endpoints) if known is not None else {}

    def log(self) -> tuple[LogLine, ...]:
        """What was logged in this process instead of being written to the terminal, oldest first."""
        return keeper.lines()

    def shell(self) -> Shell:
        """Python inside the live app.

        Raises:
            ProblemError: the project is closed.
        """
        from playground.server.shell import Shell

        with self._lock:
            if self._closed:
                raise refuse("The project is closed.")
            if self._shell is None:
                self._shell = Shell(lambda: self.slot.app, self.recorder.last_asked, self.slot.project)
            return self._shell

    @property
    def opened_shell(self) -> Shell | None:
        """The same, if it was asked for already."""
        return self._shell

    def routes(self) -> RoutesTable:
        """The routes of the live app, for a table."""
        from playground.server.routes_listed import routes_of

        app, known = self.slot.app, self._map
        return routes_of(app, known.rules if known is not None else ()) if app is not None else RoutesTable()

    def match(self, method: str, path: str, host: str = HOST) -> Match:
        """What the live app's router makes of a method and a path (percent-encoded, a query is ignored)."""
        app = self.slot.app
        return verdict_of(app, method, path, host).match if app else Match(method, path, "not_found")

    def explain(self, method: str, path: str, host: str = HOST) -> Explanation | None:
        """``match`` with its reasons, the nearest rules and what can be done; None where no app is loaded."""
        app, explainer = self.slot.app, self._explainer
        if app is None:
            return None
        if explainer is None or explainer.app is not app:
            explainer = self._explainer = Explainer(app)
        return explainer.explain(method, path, host)


def _is_in(name: str, folders: list[PurePosixPath]) -> bool:
    return any(PurePosixPath(name).is_relative_to(folder) for folder in folders)
