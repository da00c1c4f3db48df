"""The folder: what a person does to it, and what is read of it. All of it on the project lane.

LibCST is imported by the first method that is called, there: a window is there long before.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from playground.core.assets import asset
from playground.core.changes import Area, Change, FileText, LiveState
from playground.core.problems import ProblemError
from playground.core.proposals import Proposal, Wanted
from playground.core.routes import Region, Route, RouteDraft
from playground.core.versions import Versions
from playground.session.choosing import keep_app, kept_app
from playground.session.home import Home, Recent
from playground.session.shared import Shared
from playground.session.trust import folder_around

if TYPE_CHECKING:
    from playground.project.folder import Project

APP_FILE = "app.py"


class FolderLane(Shared):
    """One method for each thing that a person does to the folder.

    By one thread at a time, except where a method says that any thread may call it.
    """

    def __init__(self, home: Home | None = None) -> None:
        super().__init__(home)
        self._opening: Project | None = None  # set by ``open`` alone
        self._named_apps: dict[Path, str] = {}  # by folder, for as long as this program runs

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

    def name_app(self, folder: Path, target: str) -> None:
        """Take the app of a folder from there whenever it is opened, until another is chosen."""
        self._named_apps[folder.resolve()] = target

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
        if kept := self._named_apps.get(project.folder) or kept_app(self.home, project.folder):
            with suppress(ProblemError):  # it is not there any more: the app is looked for again
                project.choose_app(kept)
        state = project.state
        restricted = not trusted and not self.home.trusts(project.folder)
        self._backlog.begin()
        self._publish(project=state, live=LiveState(), restricted=restricted, findings=())
        with self._lock:
            self._project = project  # last: nothing runs of it before it is known to be restricted
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

    def propose(self, wanted: Wanted) -> Proposal:
        """What a rename, a move, a clean-up or a mend would write in all files; nothing is written."""
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
        with self._backlog.reading(files):
            dirty = project.refresh(files)
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
            self._named_apps.pop(project.folder, None)
            self._keep(partial(keep_app, self.home, project.folder, target))
        state = project.state
        if (state.app_target, state.app_said) == (before.app_target, before.app_said):
            return None
        if state.app_target != before.app_target:
            self._backlog.everything()
        self._publish(project=state)
        return Change(f"choose {state.app_target}", frozenset(Area), origin="choose")

    # ------------------------------------------------------------------------------------------

    def _keep(self, keep: Callable[[], None]) -> None:
        try:
            keep()
        except ProblemError as error:  # what is ours can't be kept: no reason to refuse what is theirs
            self.home.note = str(error.problem)

    def _free_folder(self, starter: str) -> Path:
        names = (starter if number == 1 else f"{starter}-{number}" for number in itertools.count(1))
        return next(path for name in names if not (path := self.home.projects / name).exists())

    def _apply(self, work: Callable[[Project], Change]) -> Change:
        change = work(self._opened)
        self._note(change)
        return self._picture.followed(change)

    def _note(self, change: Change) -> None:
        """Remember which files are to go live, and publish what the source now says."""
        self._backlog.wrote(change.files)
        self._publish(project=self._opened.state)

    def _catch_up(self) -> Change | None:
        """Nothing new was read: what the running app was ahead by may be told now."""
        shown = self._snapshot.project
        if not self._picture.settled:
            self._publish_again()
        now = self._snapshot.project
        if shown is None or now is None or shown.routes is now.routes:
            return None
        return Change("live", frozenset({Area.ROUTES, Area.SERVER}), origin="live")


def _describe(known: Recent) -> str:
    """``~/class/bookshop · 8 routes · yesterday``, as the welcome page says it."""
    folder = Path(known.folder)
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  (pathlib's fails where there is none)
    shown = f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
    days = int(time.time() // 86400) - int(known.when // 86400)
    when = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    return f"{shown} · {known.routes} {'route' if known.routes == 1 else 'routes'} · {when}"
