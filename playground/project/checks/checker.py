"""All checks in one list, and who runs them: the failures that the source shows before any request."""

from __future__ import annotations

import math
import time

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
from playground.project.checks.checked import CheckedFiles, FileCheck, ProjectCheck
from playground.project.checks.template_calls import read_templates
from playground.project.index import Index, Picture

FILE_CHECKS: tuple[FileCheck, ...] = ()
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


class Checker:
    """Checks a project again and again, and works out only what changed."""

    def __init__(self, index: Index) -> None:
        self._files = CheckedFiles(index)

    def findings(self, picture: Picture, seconds: float = math.inf) -> tuple[Problem, ...] | None:
        """All that the checks find, by file and line; what two of them say of one place only once.

        None where reading takes longer than so many seconds: ask again, and it goes on from there.
        """
        until = time.perf_counter() + seconds
        project = self._files.project(picture, seconds)
        if project is None or not read_templates(project.index, until):
            return None
        found = [one for file in project.files.values() for check in FILE_CHECKS for one in file.kept(check)]
        for check in PROJECT_CHECKS:
            found += check(project)
        return tuple(sorted({_what(one): one for one in found}.values(), key=_order))


def _what(problem: Problem) -> tuple[object, ...]:
    return (problem.rule_id, problem.place, problem.sentence)


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line or 0, place.column or 0) if place else ("", 0, 0)
