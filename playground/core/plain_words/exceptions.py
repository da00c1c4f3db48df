"""Rule 28: an exception in the app for which there is no rule of its own, said in words with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.core.plain_words.exception_words import NO_TYPING, Said, said
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, shown_line, told, ways
from playground.core.plain_words.source import line_of
from playground.core.problems import Place, Problem
from playground.core.trips import Raised, Stage


def problems(facts: Facts) -> Iterator[Problem]:
    """Whatever ended the request, or cut its answer off; not what the app itself made an answer of."""
    error = facts.error
    if error is None or (error.fact("code") and error.type not in NO_TYPING) or is_handled(facts):
        return
    words, place = said(facts, error), facts.place
    yield Problem(
        words.sentence,
        place=place,
        original=_last_line(error),
        rule_id="plain-500",
        why=f"{_line(facts, error, place)}{words.reason}",
        fixes=ways(*words.fixes) or (told(_look(words, place)),),
    )


def is_handled(facts: Facts) -> bool:
    """Whether an error handler of the app made an answer of its own of the exception."""
    error = facts.error
    if error is None or facts.step(Stage.ERROR) is None:
        return False
    return facts.trip.status < 500 and not error.fact("code")


def _line(facts: Facts, error: Raised, place: Place | None) -> str:
    frame = error.own_frame
    code = (frame.code if frame is not None else "") or line_of(facts, place)
    return f"{place} was: {shown_line(code)}. " if place is not None and code else ""


def _look(words: Said, place: Place | None) -> str:
    if words.advice:
        return label(words.advice)
    return label(f"Look at {place}") if place is not None else "Look at the traceback"


def _last_line(error: Raised) -> str:
    """What Python says of it, whole."""
    lines = [line for line in error.traceback.rstrip().splitlines() if line and not line.startswith(" ")]
    plain = f"{error.type}: {error.message}" if error.message else error.type
    is_same = bool(lines) and re.match(rf"(?:\w+\.)*{re.escape(error.type)}\b", lines[-1]) is not None
    return lines[-1] if is_same and "\n" not in error.message else plain
