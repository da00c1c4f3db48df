"""What the rules of the plain-words help look at: facts of one request and of the project, never guesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playground.core.changes import LiveState, ProjectState, TemplateInfo
from playground.core.explanations import Explanation
from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.core.trips import Raised, Stage, Step, Trip


def _nothing(_name: str) -> str:
    return ""


def _no_names() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Facts:
    """One request with all that is known around it; ``findings`` are what the source shows by itself.

    ``text`` gives a file of the project as text, empty where it can't be read. ``stale`` are the files that
    were newer on the disk than what answered, each with what keeps it from loading.
    ``static`` gives the names of all static files, ``install`` the command that installs a package.
    """

    trip: Trip
    explanation: Explanation | None = None
    project: ProjectState | None = None
    live: LiveState = field(default_factory=LiveState)
    findings: tuple[Problem, ...] = ()
    text: Callable[[str], str] = _nothing
    stale: Mapping[str, Problem] = field(default_factory=dict)
    static: Callable[[], tuple[str, ...]] = _no_names
    install: Callable[[str], str] = _nothing

    @property
    def error(self) -> Raised | None:
        """The exception that decided the answer: the last one that escaped."""
        return self.trip.raised[-1] if self.trip.raised else None

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes of the project."""
        return self.project.routes if self.project is not None else ()

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The app and the blueprints of the project."""
        return self.project.owners if self.project is not None else ()

    @property
    def templates(self) -> tuple[TemplateInfo, ...]:
        """The templates of the project."""
        return self.project.templates if self.project is not None else ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the project, ``/`` between the parts of a name."""
        return self.project.files if self.project is not None else ()

    @property
    def route(self) -> Route | None:
        """The route as written that answered; None where no line of the source declares it."""
        trip = self.trip
        found = [one for one in self.routes if one.endpoint == trip.endpoint and one.in_source]
        exact = [one for one in found if one.full_rule == trip.rule]
        return next(iter(exact or found), None) if trip.endpoint else None

    @property
    def endpoints(self) -> dict[str, tuple[str, ...]]:
        """The endpoints of the running app, or else of the source, each with its rules."""
        pairs = [(one.endpoint, one.rule) for one in self.live.map]
        pairs = pairs or [(one.endpoint, one.full_rule) for one in self.routes]
        found: dict[str, tuple[str, ...]] = {}
        for endpoint, rule in pairs:
            found[endpoint] = (*found.get(endpoint, ()), rule)
        return found

    @property
    def place(self) -> Place | None:
        """Where to look: the innermost line of the project's own code, else the view."""
        frame = self.error.own_frame if self.error is not None else None
        if frame is not None:
            return Place(frame.file, frame.line)
        route = self.route
        if route is not None:
            return Place(route.file, route.line)
        return next((step.place for step in self.trip.steps if step.stage is Stage.VIEW), None)

    def step(self, stage: Stage) -> Step | None:
        """The last step of a stage; None where there is none."""
        return next((step for step in reversed(self.trip.steps) if step.stage is stage), None)

    @property
    def view(self) -> str:
        """What the view function is called; the endpoint where its name is not known."""
        step, route = self.step(Stage.VIEW), self.route
        if route is not None and route.function:
            return route.function
        return (step.name if step is not None else "") or self.trip.endpoint
