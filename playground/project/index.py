"""What is known of the folder's files: read once, and again only when they change.

A Python file that stops parsing keeps its last good reading, so that its routes stay in the list while
someone types; the error itself is among the problems.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from playground.core.answers import AnswerKind
from playground.core.changes import TemplateInfo
from playground.core.problems import Place, Problem, ProblemError, refuse
from playground.core.routes import Owner, Route
from playground.project import app_finding, environment, templates
from playground.project.app_finding import is_aside, nearness
from playground.project.files import MAX_BYTES, digest, read_bytes
from playground.project.python.source import Source
from playground.project.reading.module_reading import read_tolerantly
from playground.project.reading.modules import ModuleReading
from playground.project.reading.template_folders import template_roots
from playground.project.reading.whole import Made, join
from playground.project.scanning import (
    MOST_FILES,
    Listing,
    Seen,
    folder_problems,
    is_editable,
    is_python,
    look_at,
    place_in_order,
    walk,
)

T = TypeVar("T")
_RACY_NS = 2_000_000_000  # a file younger than this may change again without its time stamp showing it
_RENDERED = re.compile(r"\b(?:render_template|stream_template)\(\s*[\"']([^\"'\n]+)[\"']")


class PlainSource(Source):
    """A text file that is not Python: UTF-8, whatever it says itself."""

    @cached_property
    def encoding(self) -> str:
        """Flask and browsers read templates, styles and scripts as UTF-8."""
        return "utf-8"

    def _unreadable(self, original: str) -> Exception:
        sentence = f"{self.file} is not a text file in UTF-8."
        return ProblemError(
            Problem(sentence, "Save it as UTF-8, or edit it elsewhere.", "", Place(self.file), original)
        )


def source_of(file: str, data: bytes) -> Source:
    """A file's bytes as text of its kind."""
    return Source(file, data) if is_python(file) else PlainSource(file, data)


@dataclass(frozen=True, slots=True)
class _TemplateFacts:
    """What one template's text says."""

    references: templates.References = field(default_factory=templates.References)
    variables: tuple[str, ...] = ()
    blocks: frozenset[str] = frozenset()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the source says, as of the last refresh."""

    routes: tuple[Route, ...]
    owners: tuple[Owner, ...]
    templates: tuple[TemplateInfo, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    broken: tuple[str, ...]


class Index:
    """The files of one folder and what was read of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, Seen] = {}
        self._listing = Listing({})
        self._looked: dict[str, int] = {}  # when, in ns since the epoch
        self._digests: dict[str, str] = {}
        self._readings: dict[str, ModuleReading] = {}
        self._made: dict[str, Made] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        self._unread: dict[str, Problem] = {}
        self._facts: dict[str, tuple[str, _TemplateFacts]] = {}
        self._of_templates: dict[tuple[str, object], tuple[str, object]] = {}
        self._folders: tuple[str, ...] | None = None
        self._listed: tuple[str, ...] | None = None  # the files that people edit
        self._named_files: tuple[tuple[str, ...], dict[str, str]] | None = None  # in these template folders
        self._app: app_finding.Found | None = None
        self._own = dict(os.environ)  # before a running app has added to it
        self._environment = environment.Environment()
        self._named_wrong: tuple[Problem, ...] = ()
        self.chosen = ""
        self.given_up = False  # said by another thread: nobody waits any more for what is being read
        self._joined: tuple[tuple[Owner, ...], tuple[Route, ...], tuple[Problem, ...]] | None = None

    # Looking at the disk ----------------------------------------------------------------------

    def refresh(self, files: Collection[str] = ()) -> frozenset[str]:
        """Look at these files (at all of them when none are named); give back those that changed."""
        seen = self._look_at_known(files)
        if seen is None:
            listing = self._listing = walk(self._folder)
            _remove(listing.leftovers)
            self._folders = None
            seen = dict(listing.files)
            seen.update({file: None for file in self._seen if file not in listing.files})
        python_first = sorted(seen, key=lambda file: not is_python(file))  # it says what is a template
        return frozenset(file for file in python_first if self._wanted() and self._note(file, seen[file]))

    def _wanted(self) -> bool:
        if self.given_up:
            raise refuse("Reading the folder was ended before its end.")
        return True

    def _look_at_known(self, files: Collection[str]) -> dict[str, Seen | None] | None:
        """The named files as they are now; None where that takes a walk through the folder."""
        if not files or any(file not in self._seen for file in files):
            return None
        return {file: look_at(self._folder, file) for file in files}

    def _note(self, file: str, now: Seen | None) -> bool:
        before = self._seen.get(file)
        if now is None:
            self._forget(file)
            return True
        if before is None:
            self._listed = self._named_files = None
        self._seen[file] = now
        if before == now and not self._is_racy(now):
            return False
        if now.size > MAX_BYTES or not (is_editable(file) or self._is_template(file)):
            self._note_unread(now)
            return before != now
        if before is None and now.size and self._is_other(file):  # what the system makes up says it is empty
            return True
        return self._note_text(file)

    def _is_other(self, file: str) -> bool:
        """Whether nothing here hangs on what a file says, so that it is not read until it changes."""
        plain = not is_python(file) and not self._is_template(file) and file not in environment.FILES
        return plain and os.access(self._folder / file, os.R_OK)

    def _is_racy(self, seen: Seen) -> bool:
        looked = self._looked.get(seen.file)
        return looked is not None and looked - seen.mtime_ns < _RACY_NS

    def _note_text(self, file: str) -> bool:
        looked = time.time_ns()
        try:
            data = read_bytes(self._folder, file)
        except ProblemError as error:
            return self._note_unreadable(file, error.problem)
        if data is None:
            self._forget(file)
            return True
        name = digest(data)
        self._looked[file] = looked
        if self._digests.get(file) == name:
            return False
        self._digests[file], self._app = name, None
        if is_python(file):
            self._read_python(file, data)
        else:
            self._unread.pop(file, None)
        return True

    def _note_unreadable(self, file: str, problem: Problem) -> bool:
        """A file that is there but may not be read is a problem of its own, not of the whole folder."""
        known = self._unread.get(file)
        self._unread[file], self._app = problem, None
        return known != problem

    def _note_unread(self, seen: Seen) -> None:
        if not is_python(seen.file):
            return
        self._forget(seen.file)
        self._seen[seen.file] = seen
        self._unread[seen.file] = Problem(
            f"{seen.file} is too large to be read here ({seen.size / 1e6:.1f} MB).",
            "Files of up to 2 MB are read; move large data into a file of its own.",
            place=Place(seen.file),
        )

    def _read_python(self, file: str, data: bytes) -> None:
        try:
            reading = read_tolerantly(Source(file, data), self._readings.get(file))
            roots = template_roots(reading)
        except ProblemError as error:
            self._unread[file], self._app = error.problem, None
            return
        self._unread.pop(file, None)
        if reading.problem is not None:
            self._unread[file] = reading.problem
        self._readings[file], self._roots[file] = reading.compact(), roots
        self._joined = self._folders = self._app = None

    def _forget(self, file: str) -> None:
        self._listed = self._named_files = None
        for known in (self._seen, self._looked, self._digests, self._roots, self._unread, self._facts):
            known.pop(file, None)
        for key in [one for one in self._of_templates if one[0] == file]:
            del self._of_templates[key]
        self._app = None
        if self._readings.pop(file, None) is not None:
            self._joined = self._folders = None

    # What it comes to -------------------------------------------------------------------------

    def picture(self) -> Picture:
        """Routes, owners, templates, files and problems of all that was read."""
        owners, routes, problems = self._join()
        found = self._templates(routes)
        mine = {info.file for info in found}
        if self._listed is None:
            self._listed = tuple(sorted(filter(is_editable, self._seen), key=place_in_order))
        files = tuple(file for file in self._listed if file not in mine)
        all_problems = (*self._file_problems(), *self._app_problems(), *problems, *_broken(found))
        return Picture(routes, owners, found, files, all_problems, tuple(sorted(self._unread)))

    def _join(self) -> tuple[tuple[Owner, ...], tuple[Route, ...], tuple[Problem, ...]]:
        if self._joined is None:
            owners, routes, problems = join(self._readings, self._made)
            self._joined = (owners, routes, tuple(problems))
        return self._joined

    def _file_problems(self) -> tuple[Problem, ...]:
        found = tuple(self._unread[file] for file in sorted(self._unread))
        return (*found, *folder_problems(self._listing))

    def _app_problems(self) -> tuple[Problem, ...]:
        _ = self.app  # what is wrong shows when it is looked for
        return (*self._environment.problems, *self._named_wrong)

    def environment(self) -> environment.Environment:
        """The variables that the folder asks for, as its files are now; from any thread."""
        return environment.read(self._folder, self._own)

    @property
    def app(self) -> app_finding.Found:
        """Where the app is taken from, and where it could be."""
        if self._app is None:
            self._environment = environment.read(self._folder, self._own)
            named, self._named_wrong = self._named()
            self._app = app_finding.find(self._readings, self._unread, named)
        return self._app

    def choose_app(self, chosen: str) -> str | None:
        """Take the app from where a person says, as ``flask --app`` has it; empty for nobody's."""
        self.chosen, self._app = chosen, None
        return app_finding.resolve(self._folder, chosen) if chosen else ""

    def _named(self) -> tuple[str | None, tuple[Problem, ...]]:
        """The app that a person chose, else the one that FLASK_APP names, and what is wrong with that."""
        if self.chosen and (target := app_finding.resolve(self._folder, self.chosen)):
            return target, ()
        said = {**self._environment.variables, **self._own}.get("FLASK_APP", "")
        target = app_finding.resolve(self._folder, said) if said else None
        if target or not said:
            return target, ()
        where = self._environment.said.get("FLASK_APP")
        return None, (app_finding.not_here(said, where),)

    def _makes_app(self, file: str) -> bool:
        return file in self._readings and bool(self._readings[file].apps)

    # Templates --------------------------------------------------------------------------------

    @property
    def template_folders(self) -> tuple[str, ...]:
        """The folders that hold templates, that of the app first: where a new one goes."""
        if self._folders is None:
            self._folders = self._found_template_folders()
        return self._folders

    def _found_template_folders(self) -> tuple[str, ...]:
        target = app_finding.file_of(self.app.target or "")
        files = sorted(
            self._roots, key=lambda file: (file != target, not self._makes_app(file), nearness(file))
        )
        own = [file for file in files if not is_aside(file)]
        own = own if any(map(self._makes_app, own)) else files
        saying = [file for file in own if self._roots[file]]
        roots = [root for file in saying for root in self._roots[file]]
        if not any(self._makes_app(file) for file in saying):
            roots += self._called_templates()
        return tuple(dict.fromkeys(roots)) or ("templates",)

    def _called_templates(self) -> tuple[str, ...]:
        """The folders that have the usual name: where the source says it in no words that can be read."""
        parts = (file.split("/")[:-1] for file in self._listing.files)
        named = {"/".join(one[: one.index("templates") + 1]) for one in parts if "templates" in one}
        return tuple(sorted(named, key=nearness))

    def _is_template(self, file: str) -> bool:
        return any(file.startswith(root + "/") for root in self.template_folders)

    def template_files(self) -> dict[str, str]:
        """Each template's file by its name; where two have the same name, Flask takes the first."""
        folders = self.template_folders
        if self._named_files is None or self._named_files[0] != folders:
            self._named_files = (folders, self._found_template_files())
        return self._named_files[1]

    def _found_template_files(self) -> dict[str, str]:
        found: dict[str, str] = {}
        listed: set[str] = set()
        for root in self.template_folders:
            inside = [file for file in self._seen if file.startswith(root + "/") and file not in listed]
            listed.update(inside)
            found = {**{file[len(root) + 1 :]: file for file in inside}, **found}
        return found

    def _templates(self, routes: Iterable[Route]) -> tuple[TemplateInfo, ...]:
        users = _users(routes)
        return tuple(
            self._info(name, file, users.get(name, ()))
            for name, file in sorted(self.template_files().items())
        )

    def _info(self, name: str, file: str, used_by: Iterable[str]) -> TemplateInfo:
        facts = self._facts_of(file)
        refers = facts.references
        return TemplateInfo(
            name, file, refers.extends, refers.includes, facts.variables, tuple(used_by), facts.problem
        )

    def _facts_of(self, file: str) -> _TemplateFacts:
        seen = self._seen[file]
        if seen.size > MAX_BYTES:
            return _TemplateFacts(problem=Problem(f"{file} is too large to be read here.", place=Place(file)))
        name = self._digests.get(file, "")
        known = self._facts.get(file)
        if known is None or known[0] != name or not name:
            known = self._facts[file] = (name, _read_template(self._folder, file))
        return known[1]

    def of_template(self, file: str, work: Callable[[str], T]) -> T | None:
        """What a function makes of a template's text, worked out once for each text; None for no text."""
        name, key = self._digests.get(file, ""), (file, work)
        known = self._of_templates.get(key)
        if known is None or known[0] != name or not name:
            try:
                made = work(PlainSource(file, read_bytes(self._folder, file) or b"").text)
            except ProblemError:
                return None
            known = self._of_templates[key] = (name, made)
        return known[1]  # type: ignore[return-value]  # kept under the function itself

    def knows_of_template(self, file: str, work: Callable[[str], T]) -> bool:
        """Whether that is worked out already for the text as it is."""
        known = self._of_templates.get((file, work))
        return known is not None and known[0] == self._digests.get(file, "")

    def has(self, file: str) -> bool:
        """Whether there is a file of that name, whatever its kind."""
        return file in self._seen

    def base_template(self) -> str:
        """The name of a base page with a ``content`` block, or an empty string."""
        files = self.template_files()
        likely = sorted(files, key=lambda name: (name != "base.html", name != "layout.html", name))
        for name in likely[:2]:
            if name in {"base.html", "layout.html"} and "content" in self._facts_of(files[name]).blocks:
                return name
        return ""

    @property
    def all_python_files(self) -> tuple[str, ...]:
        """The Python files, those that could not be read included."""
        return tuple(file for file in self._seen if is_python(file))

    def reading(self, file: str) -> ModuleReading | None:
        """What a Python file said when it could last be read."""
        return self._readings.get(file)

    def made_templates_of(self, file: str) -> frozenset[str]:
        """The Python files whose apps or blueprints have the folder in which a template lies."""
        return frozenset(
            made for made, roots in self._roots.items() if any(file.startswith(root + "/") for root in roots)
        )

    def all_template_files(self) -> dict[str, str]:
        """The name of each template's file, also of one that another of its name hides."""
        roots = self.template_folders
        inside = {file: [root for root in roots if file.startswith(root + "/")] for file in self._seen}
        return {file: file[len(found[0]) + 1 :] for file, found in inside.items() if found}


def _remove(leftovers: Iterable[Path]) -> None:
    for path in leftovers:
        with suppress(OSError):  # where we may not, it does no harm
            path.unlink()


def _broken(found: Iterable[TemplateInfo]) -> tuple[Problem, ...]:
    return tuple(info.problem for info in found if info.problem is not None)


def _users(routes: Iterable[Route]) -> dict[str, dict[str, None]]:
    """Which endpoints render which template."""
    users: dict[str, dict[str, None]] = {}
    for route in routes:
        names = _rendered(route.region.text) if route.region is not None else frozenset()
        if route.answer.kind is AnswerKind.TEMPLATE:
            names |= {route.answer.value}
        for name in names:
            users.setdefault(name, {})[route.endpoint] = None
    return users


@lru_cache(maxsize=MOST_FILES)
def _rendered(code: str) -> frozenset[str]:
    """The templates that some code renders: asked of every route after every edit."""
    return frozenset(_RENDERED.findall(code)) if "_template" in code else frozenset()


def _read_template(folder: Path, file: str) -> _TemplateFacts:
    try:
        text = PlainSource(file, read_bytes(folder, file) or b"").text
    except ProblemError as error:
        return _TemplateFacts(problem=error.problem)
    return _TemplateFacts(
        templates.references(text),
        templates.variables(text),
        templates.blocks(text),
        templates.check_template(text, file),
    )
