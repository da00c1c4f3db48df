"""What an operation altered, and the picture of what is live after it.

Operations return a ``Change``; views compare and refresh only what it names. There is no
event bus.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from playground.core.live_rules import LiveRule
from playground.core.problems import Problem
from playground.core.routes import Owner, Route


class Area(StrEnum):
    """The parts of a project that a change can touch."""

    ROUTES = "routes"
    TEMPLATES = "templates"
    FILES = "files"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Change:
    """What an operation altered.

    ``label`` reads as in "Undo ...": ``add /users``. ``files`` are the files written, made or removed,
    relative to the folder. ``origin`` says who began it: ``form``, ``editor``, ``undo``, ``outside``
    (another program) or ``open``. ``key`` is the (endpoint, rule) of the route that it is about, if any.
    ``notes`` are what the person should look at, since the change can't tell whether it means them.
    """

    label: str
    areas: frozenset[Area] = frozenset()
    files: tuple[str, ...] = ()
    origin: str = "form"
    key: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text for an editor; ``token`` names the bytes it was read from."""

    file: str
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """One template: its name for Jinja, its file, and what its source refers to.

    ``variables`` are the names it uses without defining them; ``used_by`` are the endpoints of views
    that name it in ``render_template``. ``problem`` is its syntax error, if it has one.
    """

    name: str
    file: str
    extends: str = ""
    includes: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ProjectState:
    """The folder as its source says: what the side bar lists.

    ``broken`` are the files that do not parse now; their routes are those of their last good reading.
    ``app_target`` is where the app is taken from, going by the source: a file, with ``:name`` or
    ``:factory()`` behind it where needed; ``app_said`` is set where a person or FLASK_APP says so.
    ``app_candidates`` are all that it could be, that one included.
    """

    name: str
    folder: str
    routes: tuple[Route, ...] = ()
    owners: tuple[Owner, ...] = ()
    templates: tuple[TemplateInfo, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: tuple[str, ...] = ()
    app_target: str | None = None
    app_candidates: tuple[str, ...] = ()
    app_said: bool = False
    undo_label: str = ""
    redo_label: str = ""


@dataclass(frozen=True, slots=True)
class ServerState:
    """The server: ``url`` is empty while it is stopped; ``note`` says why the port is another one.

    ``shared`` are the addresses under which the network reaches it, the likeliest first; none while it is not
    shared.
    """

    running: bool = False
    host: str = "127.0.0.1"
    port: int = 0
    url: str = ""
    note: str = ""
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveState:
    """What is being served, and how the last edit got there.

    ``loaded`` is False until a first app has loaded. ``problem`` is set while the newest source does
    not load and the last good app keeps serving. ``how`` is ``load`` at first, then ``template``, ``body``,
    ``structure`` or, where the app was asked to begin anew with its data, ``reset``; ``seconds`` is the time
    from being asked to being live. ``rules`` counts the rules of the live app, ``map`` holds them; ``notes``
    are what is not as it should be although the app may run well.
    """

    loaded: bool = False
    how: str = ""
    seconds: float = 0.0
    rules: int = 0
    problem: Problem | None = None
    map: tuple[LiveRule, ...] = field(default=(), repr=False)
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An immutable picture of project, server and live app, numbered by ``revision``.

    ``restricted`` is set while the folder is read only and nothing in it runs: the person has not said yet
    that they trust it. ``findings`` are the failures that the source shows before any request (see
    ``core.help_rules``).
    """

    revision: int = 0
    project: ProjectState | None = None
    server: ServerState = field(default_factory=ServerState)
    live: LiveState = field(default_factory=LiveState)
    restricted: bool = False
    findings: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong now: what the source shows, what loading showed, then the findings.

        A finding says more of its line than the others do, and is said in their place.
        """
        found = (*(self.project.problems if self.project else ()), *self.live.notes)
        live = self.live.problem
        if live is not None and not any(_same_place(live, problem) for problem in found):
            found = (*found, live)
        explained = tuple(_explained(problem, self.findings) for problem in found)
        said = {finding.place for finding in explained if finding.rule_id}
        return (*explained, *(one for one in self.findings if one.place not in said))


def _explained(problem: Problem, findings: tuple[Problem, ...]) -> Problem:
    """The finding that is about the same line, with the message that it explains; else the problem."""
    for finding in findings:
        if finding.place is not None and _same_place(problem, finding):
            return replace(finding, original=finding.original or problem.original, stops=problem.stops)
    return problem


def _same_place(one: Problem, other: Problem) -> bool:
    """Whether both say the same of one line: the source was read, and was loaded, with the same error."""
    here, there = one.place, other.place
    if here is None or there is None:
        return one == other
    return (here.file, here.line) == (there.file, there.line)
