"""What the app itself decided: an error that it answers on purpose is told, and not called a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.plain_words.addresses import is_of_browsers
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import shown
from playground.core.problems import Place, Problem
from playground.core.trips import Frame, Raised, Stage


def _who(error: Raised, frame: Frame) -> str:
    """Whether the app itself raised it, or what it called."""
    last = error.frames[-1]
    if last.own or last.function in ("abort", "__call__"):
        return "The app asked for this answer itself, with abort() or an exception of HTTP."
    return f"{last.function} raised it while line {frame.line} of {frame.file} ran."


def problems(facts: Facts) -> Iterator[Problem]:
    """Who answered with an error: a view, a hook or an error handler of the project."""
    trip, error = facts.trip, facts.error
    if trip.status < 400:
        return
    frame = error.own_frame if error is not None else None
    handler = facts.step(Stage.ERROR)
    if not trip.rule and is_of_browsers(trip):
        yield Problem(
            f"Browsers ask for {shown(trip.path, 40)} by themselves; this app does not have it.",
            original=f"{error.type}: {error.message}" if error is not None else "",
            why="Nothing of the app is wrong: a browser looks whether there is one.",
        )
    elif error is not None and error.fact("code") and frame is not None:
        yield Problem(
            f"{shown(frame.function, 30)} ended the request with {error.fact('code')}.",
            place=Place(frame.file, frame.line),
            original=f"{error.type}: {error.message}",
            why=_who(error, frame),
        )
    elif error is not None and handler is not None:
        yield Problem(
            f"{shown(handler.name, 30)} answered {error.type} with {trip.status}.",
            place=handler.place,
            original=f"{error.type}: {error.message}",
            why="An error handler of the app took the exception, and made this answer of it.",
        )
    elif error is None:
        step = handler or facts.step(Stage.VIEW) or facts.step(Stage.BEFORE)
        name = step.name if step is not None else trip.endpoint or "The app"
        yield Problem(
            f"{shown(name, 30)} answered with {trip.status}.",
            place=step.place if step is not None else facts.place,
            why="The app gave this status itself.",
        )
