"""Rules 17, 23 and 25 at run time: what an app needs around a line before it can run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import mend, shown, told, ways
from playground.core.problems import Place, Problem
from playground.core.trips import Raised


def problems(facts: Facts) -> Iterator[Problem]:
    """A secret key, a request, or the time before the first request was missing."""
    error = facts.error
    if error is None:
        return
    if error.type == "RuntimeError" and "no secret key was set" in error.message:
        yield _no_key(facts, error)
    elif error.type == "RuntimeError" and (kind := outside(error.message)):
        yield _outside(facts, error, kind)
    elif error.type == "AssertionError" and "can no longer be called" in error.message:
        yield _late(facts, error)


def app_of(facts: Facts) -> tuple[str, str, int] | None:
    """The file, the variable and the line of the app."""
    owner = next((one for one in facts.owners if one.kind == "app"), None)
    return (owner.file, owner.variable, owner.line) if owner is not None else None


def _no_key(facts: Facts, error: Raised) -> Problem:
    app = app_of(facts)
    fix = mend("Set a secret key", "give_secret_key", app[0], app[2], app=app[1]) if app is not None else None
    uses = "flash() keeps its messages in the session. " if "flash" in _code(error) else ""
    return Problem(
        "The session needs a secret key, and the app has none.",
        place=facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="secret-key",
        why=f"{uses}Flask signs the session's cookie with app.secret_key, so that nobody can change it.",
        fixes=ways(fix) or (told('Write app.secret_key = "..."'),),
    )


def _code(error: Raised) -> str:
    return " ".join(frame.code for frame in error.frames if frame.own)


def outside(message: str) -> str:
    """Which context was missing: ``request``, ``application``, or ``address`` to build URLs without one."""
    found = re.search(r"outside of (application|request) context", message)
    if found is not None:
        return found[1]
    return "address" if "outside an active request" in message or "SERVER_NAME" in message else ""


def _outside(facts: Facts, error: Raised, kind: str) -> Problem:
    frame = error.own_frame
    asked = re.search(
        r"\b(request|session|g|current_app|url_for|flash)\b", frame.code if frame is not None else ""
    )
    what = asked[1] if asked is not None else "Flask's request" if kind == "request" else "the app"
    fixes: tuple[Fix, ...] = (
        told("Read it in the view, and hand it on")
        if kind == "request"
        else told("Use app.app_context() there"),
    )
    return Problem(
        f"{what} is used where there is no request: in a thread, or after it.",
        place=facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="outside-context",
        why="Each request belongs to the thread that answers it. Another thread has none, and no app either.",
        fixes=fixes,
    )


def _late(facts: Facts, error: Raised) -> Problem:
    found = re.search(r"setup method '(\w+)'", error.message)
    name = found[1] if found is not None else "a setup method"
    place: Place | None = facts.place
    return Problem(
        f"{shown(name, 30)} was called while the app already answers requests.",
        place=place,
        original=f"{error.type}: {error.message}",
        rule_id="late-setup",
        why="Routes, hooks and blueprints are set up once, at the top of the file, before the first request.",
        fixes=(told("Move that line out of the view"),),
    )
