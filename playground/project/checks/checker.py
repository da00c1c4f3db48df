"""All checks in one list, and who runs them: the failures that the source shows before any request."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from playground.core.problems import Problem
from playground.project.checks import (
    blueprints,
    circles,
    contexts,
    decorators,
    endpoints,
    hiding,
    methods,
    old_names,
    order,
    redirects,
    secrets_kept,
    serializing,
    template_checks,
    threads,
    views,
)
from playground.project.checks.checked import CheckedFiles, CheckedProject, ProjectCheck
from playground.project.checks.template_calls import read_templates
from playground.project.index import Index, Picture

PROJECT_CHECKS: tuple[ProjectCheck, ...] = (
    *views.PROJECT_CHECKS,
    *decorators.PROJECT_CHECKS,
    *endpoints.PROJECT_CHECKS,
    *blueprints.PROJECT_CHECKS,
    *methods.PROJECT_CHECKS,
    *order.PROJECT_CHECKS,
    *old_names.PROJECT_CHECKS,
    *secrets_kept.PROJECT_CHECKS,
    *contexts.PROJECT_CHECKS,
    *circles.PROJECT_CHECKS,
    *redirects.PROJECT_CHECKS,
    *serializing.PROJECT_CHECKS,
    *threads.PROJECT_CHECKS,
    *hiding.PROJECT_CHECKS,
    *template_checks.PROJECT_CHECKS,
)


@dataclass
class _Round:
    """The checks of one picture: what they found so far, and those that are still to be asked."""

    picture: Picture
    project: CheckedProject
    found: list[Problem] = field(default_factory=list)
    left: list[ProjectCheck] = field(default_factory=lambda: list(PROJECT_CHECKS))


class Checker:
    """Checks a project again and again, and works out only what changed."""

    def __init__(self, index: Index) -> None:
        self._files = CheckedFiles(index)
        self._round: _Round | None = None

    def findings(self, picture: Picture, seconds: float = math.inf) -> tuple[Problem, ...] | None:
        """All that the checks find, by file and line; what two of them say of one place only once.

        None where it takes longer than so many seconds: ask again, and it goes on from there.
        """
        until = time.perf_counter() + seconds
        now = self._begun(picture, until)
        while now is not None and now.left:
            if time.perf_counter() > until:
                return None
            now.found += now.left.pop(0)(now.project)
        return None if now is None else tuple(sorted(_once(now.found), key=_order))

    def _begun(self, picture: Picture, until: float) -> _Round | None:
        """The round of this picture, once all files are read; a round of another one is given up."""
        if self._round is None or self._round.picture is not picture:
            self._round = None
            project = self._files.project(picture, until)
            if project is not None and read_templates(project.index, until):
                self._round = _Round(picture, project)
        return self._round


def _once(found: Iterable[Problem]) -> Iterable[Problem]:
    return {_what(one): one for one in found}.values()


def _what(problem: Problem) -> tuple[object, ...]:
    return (problem.rule_id, problem.place, problem.sentence)


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line or 0, place.column or 0) if place else ("", 0, 0)
