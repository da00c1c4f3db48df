"""Rule 19: the answer came from a version that is older than the file."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, shown, told, ways
from playground.core.problems import Problem


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
            fixes=ways(*problem.fixes) or (told(label(f"Mend {problem.place or file}")),),
        )
