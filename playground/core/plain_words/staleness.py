"""Rule 19: the answer came from a version that is older than the file."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, shown, told, ways
from playground.core.problems import Problem


def _found(facts: Facts, problem: Problem) -> tuple[Fix, ...]:
    """The ways out that the source shows for the same line."""
    place = problem.place
    if place is None or problem.fixes:
        return ()
    return next((one.fixes for one in facts.findings if one.place and str(one.place) == str(place)), ())


def problems(facts: Facts) -> Iterator[Problem]:
    """Each file that was newer than what answered, while its newest version does not load."""
    for file, problem in facts.stale.items():
        yield Problem(
            f"{shown(file, 40)} does not load now: the version before it answered.",
            place=problem.place or None,
            original=problem.original,
            rule_id="stale-code",
            why=f"The newest version of {file} has an error, so the last good one goes on serving. "
            f"{problem.sentence}",
            fixes=ways(*problem.fixes, *_found(facts, problem))
            or (told(label(f"Mend {problem.place or file}")),),
        )
