"""A request that was not let in: the app never saw it, so there is nothing of the app to explain."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.plain_words.facts import Facts
from playground.core.problems import Problem

_WHY = (
    "Any page on the web can have a name that leads to this machine, and would be allowed to read what is "
    "answered to it. So the app only answers to names and addresses of this machine, and to its own."
)


def problems(facts: Facts) -> Iterator[Problem]:
    """Why it was refused; it has no ``rule_id``, as it is no failure of the project."""
    if facts.trip.refused:
        hint = "It did not reach the app."
        if facts.trip.status == 400:
            hint += " A name that the app is to have belongs in its config: SERVER_NAME, or TRUSTED_HOSTS."
        yield Problem(facts.trip.refused, hint, why=_WHY)
