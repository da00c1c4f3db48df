"""All that is known of one request, for the panels that show it."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.explanations import Explanation
from playground.core.problems import Problem
from playground.core.trips import Trip


@dataclass(frozen=True, slots=True)
class Insight:
    """The trip, the router's account of its path, and what went wrong in plain words, most telling first."""

    trip: Trip
    explanation: Explanation | None = None
    problems: tuple[Problem, ...] = ()
