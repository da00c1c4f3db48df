"""Rule 13: ``url_for`` of an endpoint that is not there, or without the values that its rule wants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.addresses import register
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, listed, nearest, rewrite, shown, there_are, told, ways
from playground.core.plain_words.source import line_of
from playground.core.problems import Place, Problem
from playground.core.rules import Rule, RuleError
from playground.core.trips import Raised


def problems(facts: Facts) -> Iterator[Problem]:
    """Why no address could be built."""
    error = facts.error
    if error is None or error.type != "BuildError":
        return
    found = re.search(r"for endpoint '([^']+)'", error.message)
    endpoint = error.fact("endpoint") or (found[1] if found else "")
    place = _place(facts, error)
    unregistered = _unregistered(facts, error, endpoint, place)
    if unregistered is not None:
        yield unregistered
    elif endpoint in facts.endpoints:
        yield _values(facts, error, endpoint, place)
    else:
        yield _endpoint(facts, error, endpoint, place)


def _unregistered(facts: Facts, error: Raised, endpoint: str, place: Place | None) -> Problem | None:
    """The endpoint is that of a blueprint which no app has."""
    name = endpoint.rpartition(".")[0]
    blueprints = (one for one in facts.owners if one.kind == "blueprint" and not one.registered)
    owner = next((one for one in blueprints if one.name == name), None)
    if owner is None or endpoint in facts.endpoints:
        return None
    return Problem(
        f"No app registers the blueprint {shown(name, 30)}, so {shown(endpoint, 30)} is not there.",
        place=place,
        original=f"{error.type}: {error.message}",
        rule_id="blueprint-not-registered",
        why=f"{owner.file}, line {owner.line} makes it. Its endpoints are there once "
        "app.register_blueprint() was called with it.",
        fixes=(register(facts, owner),),
    )


def _place(facts: Facts, error: Raised) -> Place | None:
    """The line of a template or of Python that asked."""
    known = {one.file for one in facts.templates}
    frame = next((one for one in reversed(error.frames) if one.file in known or one.own), None)
    return Place(frame.file, frame.line) if frame is not None else facts.place


def _endpoint(facts: Facts, error: Raised, endpoint: str, place: Place | None) -> Problem:
    known = [one for one in facts.endpoints if one != "static"]
    same = [one for one in known if one.rpartition(".")[2] == endpoint.rpartition(".")[2]]
    own = facts.trip.endpoint.rpartition(".")[0]
    same.sort(key=lambda one: one.rpartition(".")[0] != own)
    by_path = [
        one
        for one, rules in facts.endpoints.items()
        if any(rule.strip("/") == endpoint.strip("/") for rule in rules)
    ]
    near = next(iter(same or by_path), "") or nearest(endpoint, known, 0.5)
    if endpoint.startswith("/"):
        sentence = f"url_for wants the name of a view, not the path {shown(endpoint, 30)}."
    elif near:
        sentence = f"No endpoint is called {shown(endpoint, 30)}; there is {shown(near, 30)}."
    else:
        sentence = f"No endpoint is called {shown(endpoint, 30)}."
    return Problem(
        sentence,
        place=place,
        original=f"{error.type}: {error.message}",
        rule_id="dead-endpoint",
        why="url_for wants an endpoint: the name of the view function, with its blueprint's name and a dot "
        f"before it.{there_are(known)}",
        fixes=ways(*(_named(facts, endpoint, one, place) for one in dict.fromkeys((near, *same[:2])) if one))
        or (told("Write the name of a view function"),),
    )


def _named(facts: Facts, endpoint: str, near: str, place: Place | None) -> Fix | None:
    line = line_of(facts, place)
    for quote in ("'", '"'):
        if place is not None and f"{quote}{endpoint}{quote}" in line:
            return rewrite(
                label(f"Write {near}"), place, f"{quote}{endpoint}{quote}", f"{quote}{near}{quote}"
            )
    return None


def _values(facts: Facts, error: Raised, endpoint: str, place: Place | None) -> Problem:
    found = re.search(r"specify values \[([^\]]+)\]", error.message)
    missing = re.findall(r"'([^']+)'", found[1]) if found else []
    rules = facts.endpoints[endpoint]
    if missing:
        sentence = f"The address of {shown(endpoint, 30)} needs {listed(missing, 3)}."
    else:
        sentence = f"No rule of {shown(endpoint, 30)} fits these values."
    return Problem(
        sentence,
        place=place,
        original=f"{error.type}: {error.message}",
        rule_id="dead-endpoint",
        why=f"Its rule is {listed(rules, 3)}: url_for has to be given a value for each parameter.",
        fixes=ways(_given(facts, endpoint, missing, place))
        or (told(f"Give url_for {listed(missing, 2) or 'its values'}"),),
    )


def _given(facts: Facts, endpoint: str, missing: list[str], place: Place | None) -> Fix | None:
    """The values by their names: each stands for a variable of that name, which is there or is told next."""
    line = line_of(facts, place)
    for quote in ("'", '"'):
        old = f"{quote}{endpoint}{quote}"
        if missing and place is not None and old in line:
            values = ", ".join(f"{name}={_sample(facts, endpoint, name, line)}" for name in missing)
            return rewrite(label(f"Give it {values}"), place, old, f"{old}, {values}")
    return None


def _sample(facts: Facts, endpoint: str, name: str, line: str) -> str:
    """The view's own variable where it has one of that name, else a value that the converter takes."""
    route = facts.route
    if route is not None and (name in route.parameters) and ".html" not in line:
        return name
    for rule in facts.endpoints[endpoint]:
        try:
            param = next((one for one in Rule.parse(rule).params if one.name == name), None)
        except RuleError:
            continue
        if param is not None:
            return param.sample if param.converter in ("int", "float") else repr(param.sample)
    return "''"
