"""What goes wrong, in plain words: what the source shows before any request, and what a request showed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playground.core.changes import Snapshot
from playground.core.explanations import Explanation
from playground.core.insight import Insight
from playground.core.problems import Problem, ProblemError
from playground.core.trips import Stage, Trip
from playground.session.explaining import Explaining
from playground.session.traffic import Traffic

if TYPE_CHECKING:
    from playground.core.plain_words.facts import Facts

MOST_NAMES = 5_000
"""Static files that are looked at to find the one that was meant."""


class PlainWords(Traffic, Explaining):
    """Problems with their reasons and the edits that mend them."""

    def check_source(self, seconds: float = math.inf) -> tuple[Problem, ...] | None:
        """Look for what the source shows, and publish it as the snapshot's findings. On the project lane.

        None where that takes longer than so many seconds: ask again, and it goes on from there. Nothing of
        the project is run, so a restricted folder is checked, too.
        """
        project = self._project
        found = project.findings(seconds) if project is not None else ()
        if found is not None and found != self._snapshot.findings and project is self._project:
            self._publish(findings=found)
        return found

    def insight(self, number: int) -> Insight | None:
        """All that is known of a request by its number; None for one that is not kept. Any thread."""
        from playground.core.plain_words.drawers import header

        trip = self.trip(number)
        if trip is None:
            return None
        host = header(trip, "host")
        explanation = self.explain(trip.method, trip.path, host) if not trip.refused else None
        return Insight(trip, explanation, self.problems_of(trip, explanation))

    def problems_of(self, trip: Trip, explanation: Explanation | None) -> tuple[Problem, ...]:
        """What went wrong with a request, most telling first; nothing for one that went well. Any thread."""
        from playground.core.plain_words.rules import problems_of

        return problems_of(self._facts(trip, explanation))

    def _explained(self, trip: Trip) -> tuple[Problem, ...]:
        """The same of a request that is just being answered."""
        return self.problems_of(trip, None)

    def _facts(self, trip: Trip, explanation: Explanation | None) -> Facts:
        from playground.core.plain_words.facts import Facts

        shown = self._snapshot
        stale = dict(_stale(shown, trip))
        text = cache(self._text_or_nothing)
        static, install = self._static_names, self._install
        known = (trip, explanation, shown.project, shown.live, shown.findings)
        return Facts(*known, text, stale, static, install)

    def _static_names(self) -> tuple[str, ...]:
        """The files in folders called static, by their names there; the first of a great many."""
        project = self._snapshot.project
        found = _in_static(Path(project.folder)) if project is not None else iter(())
        return tuple(itertools.islice(found, MOST_NAMES))

    def _install(self, module: str) -> str:
        """The command that installs a package where the project would find it."""
        from playground.server.distributions import distribution
        from playground.server.packages import environment_of, install

        project = self._snapshot.project
        return (
            install(environment_of(Path(project.folder)), distribution(module)) if project is not None else ""
        )

    def _text_or_nothing(self, file: str) -> str:
        """A file of the project; nothing of one that is not there, or of a project that was just closed."""
        with suppress(ProblemError):
            return self._text(file)
        return ""


def _in_static(folder: Path) -> Iterator[str]:
    """What Flask's own ``static`` would be asked for: of the folder itself, and of those right in it."""
    try:
        inner = [one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return
    for static in (folder / "static", *(one / "static" for one in inner if one.name != "static")):
        for path in static.rglob("*") if static.is_dir() else ():
            if path.is_file():
                yield path.relative_to(static).as_posix()


def _stale(shown: Snapshot, trip: Trip) -> Iterator[tuple[str, Problem]]:
    """The files that were newer than what answered, and what keeps each of them from loading."""
    project = shown.project
    if project is None or not shown.live.loaded:
        return
    names = {step.name for step in trip.steps if step.stage is Stage.TEMPLATE}
    templates = [one for one in project.templates if one.name in names]
    held = [shown.live.problem, *(one.problem for one in templates)]
    for problem in held:
        place = problem.place if problem is not None else None
        if problem is not None and place is not None and _is_older(Path(project.folder, place.file), trip):
            yield place.file, problem


def _is_older(path: Path, trip: Trip) -> bool:
    """Whether a file was written before a request began."""
    try:
        return path.stat().st_mtime < trip.started
    except OSError:
        return False
