"""The folder on disk and its only writer.

Every change takes one way: a plan of all its files before and after, written as a whole or not at all,
remembered for undo, and read back. Nothing here runs or imports the person's code.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from playground.core.changes import Area, Change, FileText, ProjectState
from playground.core.fixes import Mend
from playground.core.heap import heap
from playground.core.problems import Problem, ProblemError, refuse
from playground.core.proposals import Proposal, Rename, Wanted
from playground.core.routes import Region, Route, RouteDraft
from playground.project.checks.checker import Checker
from playground.project.environment import Environment
from playground.project.file_planning import FilePlanner
from playground.project.files import (
    Contents,
    digest,
    read_bytes,
    remove_empty,
    replace_all,
    reversed_folders,
)
from playground.project.history import History, Step, going, only
from playground.project.index import Index, Picture
from playground.project.mending.mender import mended
from playground.project.mending.workshop import Workshop
from playground.project.planning import Plan, RoutePlanner, read_source, region_plan, text_plan
from playground.project.python.source import refuse_too_deep
from playground.project.unfinished import Unfinished
from playground.project.wide.following import RouteChanger
from playground.project.wide.proposing import Proposer


class Project:
    """One project folder: what it says, and every way to change it.

    Used by one thread at a time. ``clock`` gives seconds and decides what was typed in one go.
    Operations raise ``ProblemError`` when they refuse; then nothing was written. ``notes`` is where changes
    of several files are noted while they are made, without it they are not (see ``unfinished``).
    """

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.monotonic, notes: Path | None = None
    ) -> None:
        self.folder = _checked_folder(folder)
        self._unfinished = Unfinished(notes, self.folder) if notes is not None else None
        self._told: tuple[Problem, ...] = ()
        self._clock = clock
        self._index = Index(self.folder)
        self._checker = Checker(self._index)
        self._history = History()
        self._picture: Picture | None = None

    # Reading ----------------------------------------------------------------------------------

    @property
    def state(self) -> ProjectState:
        """The folder as of the last scan or change."""
        picture = self._last
        return ProjectState(
            name=_shown(self.folder.name),
            folder=str(self.folder),
            routes=picture.routes,
            owners=picture.owners,
            templates=picture.templates,
            files=picture.files,
            problems=(*self._told, *picture.problems),
            broken=picture.broken,
            app_target=self._index.app.target,
            app_candidates=self._index.app.candidates,
            app_said=self._index.app.said,
            undo_label=self._history.undo_label,
            redo_label=self._history.redo_label,
        )

    def findings(self, seconds: float = math.inf) -> tuple[Problem, ...] | None:
        """The failures that the source shows before any request, as of the last scan or change.

        None where finding them takes longer than so many seconds: ask again, and it goes on from there.
        """
        return self._checker.findings(self._last, seconds)

    def recover(self) -> None:
        """Finish what a killed process had begun in this folder; what can't be is among the problems."""
        if self._unfinished is not None:
            self._told += self._unfinished.finish()

    def tell(self, problem: Problem) -> None:
        """Have a problem of the folder as a whole among the others."""
        self._told += (problem,)

    def give_up(self) -> None:
        """End a reading that is under way, with a ``ProblemError`` there. From any thread."""
        self._index.given_up = True

    def scan(self) -> ProjectState:
        """Read what changed on the disk since the last look."""
        self.refresh()
        return self.state

    def refresh(self, files: Collection[str] = ()) -> frozenset[str]:
        """Look at these files, or at all, and give back those whose content another program changed."""
        with heap.at_rest() if self._picture is None else nullcontext():
            try:
                changed = self._index.refresh(files)
            except OSError as error:
                raise _gone(self.folder, error) from error
            if changed or self._picture is None:
                self._picture = self._index.picture()
        return changed

    def read_text(self, file: str) -> FileText:
        """A file's text with ``\\n`` newlines; refuses what is no text or is too large."""
        source = read_source(self.folder, file)
        return FileText(file, source.text, digest(source.data))

    def choose_app(self, target: str) -> str:
        """Take the app from where a person says, as ``flask --app`` would; empty to look for it again.

        Returns where that is; refuses what the folder does not have.
        """
        before = self._index.chosen
        found = self._index.choose_app(target)
        if found is None:
            self._index.choose_app(before)
            raise refuse(
                f"There is no {target.partition(':')[0]} in this folder.",
                "Name a file or a module of it, as in app.py, shop:create_app or pkg.web:app.",
                field="app",
            )
        self._picture = self._index.picture()
        return found

    def environment(self) -> Environment:
        """The variables that .env and .flaskenv ask for, as these files are now. From any thread."""
        return self._index.environment()

    def variables(self) -> dict[str, str]:
        """Those of ``environment`` alone. From any thread."""
        return self.environment().variables

    # Routes -----------------------------------------------------------------------------------

    @refuse_too_deep()
    def add_route(self, draft: RouteDraft) -> Change:
        """Write a new route, with its new blueprint if it asks for one."""
        return self._apply(self._routes.add(draft))

    @refuse_too_deep()
    def change_route(self, route: Route, draft: RouteDraft) -> Change:
        """Make a route what the draft says; all that says its old names says the new ones."""
        self._ensure_scanned()
        return self._apply(RouteChanger(self.folder, self._index, self._last).change(route, draft))

    @refuse_too_deep()
    def remove_route(self, route: Route) -> Change:
        """Take a route out of its file."""
        return self._apply(self._routes.remove(route))

    @refuse_too_deep()
    def duplicate_route(self, route: Route) -> Change:
        """Write a copy of a route under a free rule and name."""
        return self._apply(self._routes.duplicate(route))

    # Over the whole project -------------------------------------------------------------------

    @refuse_too_deep()
    def propose(self, wanted: Wanted) -> Proposal:
        """What a change of several files, or one that mends a problem, would write; nothing is written."""
        if isinstance(wanted, Mend):
            self._ensure_scanned()
            return mended(Workshop(self.folder, self._index, self._last), wanted)
        return self._proposer.propose(wanted)

    def apply_proposal(self, proposal: Proposal) -> Change:
        """Write what was proposed, as one step; refused when a file is no longer as it was read."""
        known = {route.key for route in self._last.routes}
        change = self._apply(Plan(proposal.label, proposal.before, proposal.after))
        fresh = [route.key for route in self._last.routes if route.key not in known]
        return replace(change, key=fresh[0]) if fresh else change

    # Text -------------------------------------------------------------------------------------

    def write_text(self, file: str, text: str, token: str | None) -> tuple[Change, FileText]:
        """Write what an editor holds; refused when the file is no longer what ``token`` names."""
        plan = text_plan(self.folder, file, text, token)
        change = self._apply(plan)
        return change, FileText(file, text, digest(plan.after[file] or b""))

    def write_region(self, region: Region, text: str) -> tuple[Change, Region]:
        """Write a piece of a file, which need not parse; refused when the piece is no longer there."""
        plan, after = region_plan(self.folder, region, text)
        change = self._apply(plan)
        return replace(change, key=self._key_in(after)), after

    # Templates and files ----------------------------------------------------------------------

    def new_template(self, name: str, text: str | None = None) -> Change:
        """Make a template: a small page on the base page, if there is one, unless a text is given."""
        return self._apply(self._files.new_template(name, text))

    def rename_template(self, old: str, new: str) -> Change:
        """Rename a template and each use of its name in Python and in other templates."""
        return self.apply_proposal(self.propose(Rename("template", old, new)))

    def delete_template(self, name: str) -> Change:
        """Delete a template."""
        used_by = next((info.used_by for info in self._last.templates if info.name == name), ())
        return self._apply(self._files.delete_template(name, used_by))

    def new_file(self, name: str, data: bytes = b"") -> Change:
        """Make a file, and the folders in its name."""
        return self._apply(self._files.new_file(name, data))

    # Undo -------------------------------------------------------------------------------------

    def undo(self) -> Change:
        """Take back the last change."""
        step = self._history.to_undo()
        change = self._go(f"undo {step.label}", step.after, step.before, step)
        self._history.undone()
        remove_empty(reversed_folders([self.folder / made for made in step.folders]))
        return change

    def redo(self) -> Change:
        """Do again what was last taken back."""
        step = self._history.to_redo()
        change = self._go(f"redo {step.label}", step.before, step.after, step)
        self._history.redone()
        return change

    def _go(self, label: str, have: Contents, want: Contents, step: Step) -> Change:
        now = {file: read_bytes(self.folder, file) for file in have}
        target = going(have, want, now)
        self._write(now, only(target, now))
        return self._settle(Plan(label, now, target, origin="undo"), self._last, step.key)

    # The one way to the disk ------------------------------------------------------------------

    def _apply(self, plan: Plan) -> Change:
        before = self._last
        after = only(plan.after, plan.before)
        if not after:
            return Change(plan.label, origin=plan.origin, key=self._key(plan, before))
        folders = self._write(plan.before, after)
        changed = Step(
            plan.label,
            {file: plan.before[file] for file in after},
            after,
            at=self._clock(),
            typing=plan.typing,
            folders=folders,
        )
        change = self._settle(plan, before)
        self._history.record(replace(changed, key=change.key))
        return change

    def _write(self, before: Contents, after: Contents) -> tuple[str, ...]:
        if self._unfinished is None:
            return replace_all(self.folder, before, after)
        return replace_all(self.folder, before, after, self._unfinished.noting)

    def _settle(self, plan: Plan, before: Picture, key: tuple[str, str] | None = None) -> Change:
        """Read back what was written, and say what it altered."""
        files = tuple(only(plan.after, plan.before))
        self.refresh(files)
        areas = _areas(before, self._last, files)
        return Change(plan.label, areas, files, plan.origin, key or self._key(plan, before), plan.notes)

    def _key(self, plan: Plan, before: Picture) -> tuple[str, str] | None:
        """The key of the route that the plan is about, as it is now: a new one where several would do."""
        if plan.about is None:
            return None
        file, rule, function = plan.about
        known = {route.key for route in before.routes}
        keys = [
            route.key
            for route in self._last.routes
            if (route.file, route.rule) == (file, rule) and function in {"", route.function}
        ]
        return next((key for key in keys if key not in known), keys[-1] if keys else None)

    def _key_in(self, region: Region) -> tuple[str, str] | None:
        """The key of the route that a piece of a file holds, as long as it parses."""
        for route in self._last.routes:
            if route.region is not None and (route.file, route.region.start) == (region.file, region.start):
                return route.key
        return None

    @property
    def _last(self) -> Picture:
        return self._ensure_scanned()

    def _ensure_scanned(self) -> Picture:
        if self._picture is None:
            self.refresh()
        assert self._picture is not None
        return self._picture

    @property
    def _routes(self) -> RoutePlanner:
        return RoutePlanner(self.folder, self._last)

    @property
    def _proposer(self) -> Proposer:
        self._ensure_scanned()
        return Proposer(self.folder, self._index, self._last)

    @property
    def _files(self) -> FilePlanner:
        self._ensure_scanned()
        return FilePlanner(self.folder, self._index)


def _areas(before: Picture, after: Picture, files: tuple[str, ...]) -> frozenset[Area]:
    templates = {info.file for picture in (before, after) for info in picture.templates}
    areas = {Area.TEMPLATES if file in templates else Area.FILES for file in files}
    if (before.routes, before.owners) != (after.routes, after.owners):
        areas.add(Area.ROUTES)
    if before.templates != after.templates:
        areas.add(Area.TEMPLATES)
    return frozenset(areas)


def _shown(name: str) -> str:
    """A name as it can be written and sent: bytes that are no text become question marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_there(folder: Path) -> bool:
    """Whether there is something of this name; there is nothing of a name that the system does not take."""
    try:
        return folder.exists()
    except (OSError, ValueError):
        return False


def _checked_folder(folder: Path) -> Path:
    folder = folder.expanduser().absolute()
    if not _is_there(folder):
        raise refuse(
            f"There is no folder {folder}.", "Check its name, or choose another one.", field="folder"
        )
    if not folder.is_dir():
        raise refuse(f"{folder} is a file, not a folder.", "Open the folder that it lies in.", field="folder")
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise refuse(
            f"The folder {folder} can't be read.",
            "Check that you are allowed to open it.",
            field="folder",
            original=str(error),
        ) from error
    return folder.resolve()


def _gone(folder: Path, error: OSError) -> ProblemError:
    return refuse(
        f"The folder {folder} can't be read any more.",
        "Put it back where it was, or open it where it is now.",
        field="folder",
        original=str(error),
    )
