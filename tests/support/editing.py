"""What the tests of edits share: a file read as its project would read it, and edits by a few words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from playground.core.answers import Answer, AnswerKind
from playground.core.routes import NewBlueprint, Owner, Route, RouteDraft
from playground.project.editing import edits
from playground.project.python.source import Source
from playground.project.reading.whole import join, read_module


def read(data: bytes, file: str = "app.py") -> tuple[Source, tuple[Owner, ...], tuple[Route, ...]]:
    """One file as a project of its own."""
    source = Source(file, data)
    owners, routes, _ = join({file: read_module(source)})
    return source, owners, routes


def answer(kind: str, value: str = "", **more: Any) -> Answer:
    """An answer from plain JSON data."""
    pairs = {key: tuple(map(tuple, more.pop(key, ()))) for key in ("headers", "variables")}
    return Answer(AnswerKind(kind), value, **pairs, **more)


def drafted(draft: RouteDraft, wish: dict[str, Any]) -> RouteDraft:
    """A draft with what a wish in plain JSON data says."""
    given = {key: tuple(value) if key == "methods" else value for key, value in wish.items()}
    if "answer" in given:
        given["answer"] = answer(**given["answer"])
    return replace(draft, **given)


def add(data: bytes, **wish: Any) -> bytes:
    source, owners, _ = read(data)
    draft = drafted(RouteDraft("/"), wish)
    return edits.add_route(source, next(one for one in owners if one.name == draft.owner), draft)


def change(data: bytes, which: str, **wish: Any) -> bytes:
    source, owners, routes = read(data)
    route = next(one for one in routes if which in (one.function, one.rule))
    return edits.change_route(source, route, drafted(RouteDraft.of(route), wish), owners=owners)


def remove(data: bytes, which: str) -> bytes:
    source, _, routes = read(data)
    return edits.remove_route(source, next(one for one in routes if which in (one.function, one.rule)))


def act(command: str, data: bytes) -> bytes:
    """Carry out ``add {...}``, ``change WHICH {...}``, ``remove WHICH {}`` or ``blueprint {...}``."""
    words, _, wish = command.partition("{")
    verb, *which = words.split()
    given = json.loads("{" + wish)
    if verb == "add":
        return add(data, **given)
    if verb == "change":
        return change(data, *which, **given)
    if verb == "remove":
        return remove(data, *which)
    source, owners, _ = read(data)
    return edits.add_blueprint(source, owners[0], NewBlueprint(**given))
