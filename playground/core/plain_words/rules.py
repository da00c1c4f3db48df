"""All rules in the order in which they are asked: what explains most comes first, the catch-all last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from playground.core.plain_words import (
    addresses,
    argument_names,
    around,
    bodies,
    calls,
    cookies,
    deliberate,
    exceptions,
    hooks,
    json_bodies,
    links,
    markup,
    redirects,
    refusals,
    staleness,
    static_files,
    templates,
    values,
    wrong_drawers,
)
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import ways
from playground.core.problems import Problem

Rule = Callable[[Facts], Iterator[Problem]]

ANSWERED_BY_FLASK: tuple[Rule, ...] = (static_files.problems, addresses.problems)
"""Rules for requests that reached no view of the project."""

RAISED: tuple[Rule, ...] = (
    bodies.problems,
    json_bodies.problems,
    argument_names.problems,
    calls.problems,
    hooks.problems,
    templates.problems,
    links.problems,
    around.problems,
    values.problems,
    exceptions.problems,
)
"""Rules for an exception: the first that knows it explains it."""

QUIET: tuple[Rule, ...] = (wrong_drawers.problems, markup.problems, redirects.problems, cookies.problems)
"""Rules for what goes wrong without any error."""


def problems_of(facts: Facts) -> tuple[Problem, ...]:
    """What went wrong with a request, most telling first; nothing for one that went well.

    What the app answered on purpose is told last, without a ``rule_id``.
    """
    if facts.trip.refused:
        return tuple(refusals.problems(facts))
    found = [*_first(ANSWERED_BY_FLASK, facts)]
    found += [] if found or exceptions.is_handled(facts) else _first(RAISED, facts)
    if not found:
        found += [one for rule in QUIET for one in rule(facts)]
    found = [_with_found(facts, one) for one in found]
    stale = list(staleness.problems(facts))
    told = [] if any(one.rule_id for one in found) else list(deliberate.problems(facts))
    is_missing = not facts.trip.rule and facts.trip.status in (404, 405)
    return (*stale, *found, *told) if is_missing else (*found, *stale, *told)


def _with_found(facts: Facts, problem: Problem) -> Problem:
    """The problem with the ways out of what the source shows of the same failure: they know it best."""
    same = [
        one for one in facts.findings if one.rule_id == problem.rule_id and _is_there(facts, problem, one)
    ]
    edits = [fix for one in same for fix in one.fixes if fix.mend is not None]
    if not edits:
        return problem
    return replace(problem, fixes=ways(*edits, *(fix for fix in problem.fixes if fix.request is not None)))


def _is_there(facts: Facts, problem: Problem, found: Problem) -> bool:
    """Whether a finding is of the line that failed, or of the view around it."""
    if problem.place is None or found.place is None or problem.place.file != found.place.file:
        return False
    route, line = facts.route, found.place.line or 0
    if problem.place.line == line:
        return True
    return route is not None and route.file == found.place.file and route.line <= line <= route.end_line


def _first(rules: tuple[Rule, ...], facts: Facts) -> list[Problem]:
    return next((found for rule in rules if (found := list(rule(facts)))), [])
