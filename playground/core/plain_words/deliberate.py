"""What the app itself decided: an error that it answers on purpose is told, and not called a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.addresses import is_of_browsers
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.resending import again
from playground.core.plain_words.saying import shown
from playground.core.problems import Place, Problem
from playground.core.trips import Frame, Raised, Stage


def _who(error: Raised, frame: Frame) -> str:
    """Whether the app itself raised it, or what it called."""
    last = error.frames[-1]
    if last.own or last.function in ("abort", "__call__"):
        return "The app asked for this answer itself, with abort() or an exception of HTTP."
    return f"{last.function} raised it while line {frame.line} of {frame.file} ran."


def _is_there_now(facts: Facts) -> bool:
    """Whether the router would find a rule for what it found none for."""
    trip, error, now = facts.trip, facts.error, facts.explanation
    by_router = (
        error is not None and error.own_frame is None and error.type in ("NotFound", "MethodNotAllowed")
    )
    return by_router and not trip.rule and now is not None and now.match.outcome == "match"


def _is_ours(facts: Facts) -> bool:
    """Whether the server answered by itself, since there was no app."""
    trip = facts.trip
    ran = any(step.stage not in (Stage.REQUEST, Stage.RESPONSE) for step in trip.steps)
    return trip.status == 503 and not ran and not trip.raised and not trip.endpoint


def _not_running(facts: Facts) -> Problem:
    """The server answered by itself: there was no app yet."""
    problem = facts.live.problem
    if facts.live.loaded or problem is None:
        return Problem(
            "The app was not running yet.",
            why="It was still being loaded when this request came.",
            fixes=(Fix("Send it again", request=again(facts.trip)),),
        )
    return Problem(
        "The app does not load, so nothing could answer.",
        hint=problem.hint,
        place=problem.place,
        original=problem.original,
        why=problem.sentence,
        fixes=problem.fixes,
    )


def problems(facts: Facts) -> Iterator[Problem]:
    """Who answered with an error: a view, a hook or an error handler of the project."""
    trip, error = facts.trip, facts.error
    if trip.status < 400:
        return
    frame = error.own_frame if error is not None else None
    handler = facts.step(Stage.ERROR)
    if _is_ours(facts):
        yield _not_running(facts)
    elif not trip.rule and is_of_browsers(trip):
        yield Problem(
            f"Browsers ask for {shown(trip.path, 40)} by themselves; this app does not have it.",
            original=f"{error.type}: {error.message}" if error is not None else "",
            why="Nothing of the app is wrong: a browser looks whether there is one.",
        )
    elif _is_there_now(facts):
        yield Problem(
            f"{shown(trip.path, 40)} has a rule by now.",
            original=f"{error.type}: {error.message}" if error is not None else "",
            why="It had none when this request was answered; the app has changed since.",
            fixes=(Fix("Send it again", request=again(trip)),),
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
