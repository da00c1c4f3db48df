"""Failures that are meant for the person: what is wrong, where, and what to do about it.

A ``Problem`` is a value that travels between threads and is shown at the place it names.
``ProblemError`` is how an operation refuses: nothing was written, here is why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.core.fixes import Fix


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file of the project.

    ``file`` is relative to the project folder with ``/`` between its parts; ``line`` counts
    from 1 and ``column`` from 0, as ``ast`` does; both are None where only the file is known.
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, in plain words.

    ``sentence`` says what is wrong, ``hint`` what to do. ``field`` names the form field it belongs to
    (``rule``, ``methods``, ``function``, ``owner``, ``answer``, ``status``, ``headers``, ``prefix``,
    ``file``, ``port`` or empty), so that it can be shown beside it; ``disk`` where the disk did not take
    something, as it may do later. ``original`` keeps the English message of Python, Flask or Jinja, whole,
    for those who want to look it up; ``command`` is what the hint has one type in a terminal. ``rule_id`` is
    that of ``core.help_rules`` where it is one of those failures: ``sentence`` then has at most 15 words,
    ``why`` gives the reason with its facts, and ``fixes`` are one to three ways out, the best first.
    ``stops`` where the app does not load because of it.
    """

    sentence: str
    hint: str = ""
    field: str = ""
    place: Place | None = None
    original: str = ""
    command: str = ""
    rule_id: str = ""
    why: str = ""
    fixes: tuple[Fix, ...] = ()
    stops: bool = False

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.sentence} {self.hint}".rstrip()

    @property
    def shown(self) -> str:
        """All of it for people to read, with its place said once."""
        return f"{self.where}{self.sentence} {self.hint}".rstrip()

    @property
    def where(self) -> str:
        """The place to set before the sentence; empty where the sentence says it itself."""
        place = self.place
        if place is None:
            return ""
        line = f"line {place.line}" if place.line is not None else ""
        is_said = line and re.search(rf"\b{re.escape(line)}\b", self.sentence, re.IGNORECASE)
        return "" if is_said and place.file in self.sentence else f"{place}: "

    @property
    def warns(self) -> bool:
        """Whether what it is in runs all the same, and fails only when it is asked for."""
        return bool(self.rule_id) and not self.stops


class ProblemError(Exception):
    """An operation that was refused; ``problem`` says why. Nothing was changed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def refuse(
    sentence: str, hint: str = "", *, field: str = "", place: Place | None = None, original: str = ""
) -> ProblemError:
    """The error to raise for a refusal: ``raise refuse("...", "...", field="rule")``."""
    return ProblemError(Problem(sentence, hint, field, place, original))
