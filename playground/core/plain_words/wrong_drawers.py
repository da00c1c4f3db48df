"""Rule 16: what the view looks for came, and lies in another part of the request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.drawers import NAMES, Drawers, drawers_of, parsed_json
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.resending import as_form, as_json, with_query
from playground.core.plain_words.saying import label, rewrite, shown, told, ways
from playground.core.plain_words.source import View, line_of
from playground.core.problems import Place, Problem
from playground.core.trips import Raised

_WRITTEN = {"json": "json", "form": "form", "args": "args", "files": "files"}
_READS = {"json": {"json", "get_json"}, "form": {"form"}, "args": {"args"}, "files": {"files"}}
_ALL = {"data", "get_data", "values", "stream", "json", "get_json", "form", "args", "files", "is_json"}


def in_another(facts: Facts, error: Raised, key: str, drawer: str, other: str) -> Problem:
    """A key that the view asks of one drawer and that lies in another."""
    came, where = drawers_of(facts.trip), facts.place
    as_text = drawer == "files" and other == "form"
    sentence = (
        f"{shown(key, 30)} came as text, not as a file."
        if as_text
        else f"The view looks for {shown(key, 30)} in {NAMES[drawer]}; it came in {NAMES[other]}."
    )
    plain = 'A form sends files only with enctype="multipart/form-data". ' if as_text else ""
    return Problem(
        sentence,
        place=where,
        original=f"{error.type}: {error.message}",
        rule_id="wrong-drawer",
        why=f"{plain}What came: {came.described()}.",
        fixes=ways(
            _encode(facts, key) if as_text else None,
            None if as_text else _look_there(facts, key, drawer, other, where),
            _send_there(facts, drawer),
        )
        or (told(f"Send it in {NAMES[drawer]}"),),
    )


def _look_there(facts: Facts, key: str, drawer: str, other: str, where: Place | None) -> Fix | None:
    line = line_of(facts, where)
    if where is None:
        return None
    for quote in ("'", '"'):
        old = f"request.{drawer}[{quote}{key}{quote}]"
        if line.count(old) == 1:
            new = f"request.{_WRITTEN[other]}[{quote}{key}{quote}]"
            return rewrite(f"Look in request.{_WRITTEN[other]}", where, old, new)
    return None


def _send_there(facts: Facts, drawer: str) -> Fix | None:
    """The same values, sent where the view looks."""
    trip, came = facts.trip, drawers_of(facts.trip)
    pairs = _pairs(facts, came)
    if drawer == "form" and pairs and trip.method not in ("GET", "HEAD"):
        return Fix("Send it as a form", request=as_form(trip, pairs))
    if drawer == "json" and pairs:
        return Fix("Send it as JSON", request=as_json(trip, json.dumps(dict(pairs), ensure_ascii=False)))
    if drawer == "args" and (came.form or came.json):
        return Fix("Send it in the query", request=with_query(trip, pairs))
    return None


def _pairs(facts: Facts, came: Drawers) -> tuple[tuple[str, str], ...]:
    """All that came, as pairs of texts, from the body first."""
    value = parsed_json(facts.trip)
    if isinstance(value, dict):
        return tuple(
            (str(key), one if isinstance(one, str) else json.dumps(one)) for key, one in value.items()
        )
    return came.form or came.query


def _encode(facts: Facts, key: str) -> Fix | None:
    """The form that has the field for this file is sent with files."""
    for template in facts.templates:
        lines = facts.text(template.file).splitlines()
        named = re.compile(rf"<input\b[^>]*\bname=['\"]{re.escape(key)}['\"]")
        at = next((number for number, line in enumerate(lines) if named.search(line)), -1)
        forms = [number for number, line in enumerate(lines[: at + 1]) if re.search(r"<form\b", line)]
        if at >= 0 and forms and "enctype" not in lines[forms[-1]]:
            place = Place(template.file, forms[-1] + 1)
            return rewrite("Send files with the form", place, "<form", '<form enctype="multipart/form-data"')
    return None


# -- without an error ---------------------------------------------------------------------------------


def problems(facts: Facts) -> Iterator[Problem]:
    """The view read one drawer only, it was empty, and the body lay in another."""
    trip, view, came = facts.trip, View.of(facts), drawers_of(facts.trip)
    reads = view.reads() & _ALL
    for drawer, filled in (("form", "json"), ("args", "form"), ("args", "json")):
        lies = came.is_json if filled == "json" else bool(came.form)
        if reads and reads <= _READS[drawer] and lies and not came.keys(drawer) and trip.method != "GET":
            yield _unread(facts, view, drawer, filled, came)
            return


def _unread(facts: Facts, view: View, drawer: str, filled: str, came: Drawers) -> Problem:
    place = _first_use(view, f"request.{drawer}")
    return Problem(
        f"{shown(facts.view, 30)} reads {NAMES[drawer]}, which is empty; the data came in {NAMES[filled]}.",
        place=place,
        original=f"request.{drawer} is empty",
        rule_id="wrong-drawer",
        why=f"What came: {came.described()}.",
        fixes=ways(_read_there(view, drawer, filled, place), _send_there(facts, drawer))
        or (told(f"Send it in {NAMES[drawer]}"),),
    )


def _first_use(view: View, written: str) -> Place | None:
    route = view.route
    for number, line in enumerate(view.lines):
        if route is not None and written in line:
            return Place(route.file, route.line + number)
    return None


def _read_there(view: View, drawer: str, filled: str, place: Place | None) -> Fix | None:
    uses = view.text.count(f"request.{drawer}")
    if place is None or uses != 1:
        return None
    return rewrite(label(f"Read request.{filled}"), place, f"request.{drawer}", f"request.{filled}")
