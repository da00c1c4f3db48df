"""Rule 14 and the half of rule 16: a field that did not come, or came in another drawer."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Sequence

from playground.core.fixes import Fix
from playground.core.plain_words.drawers import NAMES, Drawers, drawers_of, parsed_json
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.resending import as_form, as_json, with_query
from playground.core.plain_words.saying import label, listed, nearest, rewrite, shown, told, ways
from playground.core.plain_words.source import View, line_of
from playground.core.plain_words.wrong_drawers import in_another
from playground.core.problems import Place, Problem
from playground.core.trips import Raised

_READ = re.compile(r"\brequest\s*\.\s*(form|args|json|files|values|cookies|headers)\b")


def problems(facts: Facts) -> Iterator[Problem]:
    """What the view wanted of the request, and what came."""
    error = facts.error
    found = _key(facts, error) if error is not None else None
    if found is not None:
        yield found


# -- a key that is not there -------------------------------------------------------------------------


def _key(facts: Facts, error: Raised) -> Problem | None:
    """A ``BadRequestKeyError``, or a ``KeyError`` of the JSON that came or of a header."""
    key = error.fact("key").strip("'\"") or _plain_key(error)
    if error.type == "KeyError" and key.startswith("HTTP_"):
        key = key.removeprefix("HTTP_").replace("_", "-").title()
    drawer = _drawer(facts, error, key)
    if not key or not drawer:
        return None
    came = drawers_of(facts.trip)
    other = came.holding(key)
    if other and other != drawer and drawer in ("form", "args", "json", "files"):
        return in_another(facts, error, key, drawer, other)
    return _missing(facts, error, key, drawer, came)


def _plain_key(error: Raised) -> str:
    found = re.search(r"KeyError: '([^']*)'", error.message) or re.fullmatch(r"'([^']*)'", error.message)
    wanted = error.type in ("BadRequestKeyError", "DebugFilesKeyError", "KeyError")
    return found[1] if found is not None and wanted else ""


def _drawer(facts: Facts, error: Raised, key: str) -> str:
    """The part of ``request`` that the line asked; empty where it is not seen to be one."""
    frame = error.own_frame
    if frame is None:
        return ""
    code = frame.code or line_of(facts, facts.place)
    asked = re.search(
        rf"\brequest\s*\.\s*(\w+)\s*(?:\(\s*\))?\s*\[\s*['\"]{re.escape(key)}['\"]", code, re.IGNORECASE
    )
    named = asked[1] if asked is not None else ""
    if named == "get_json":
        named = "json"
    if not named and error.type == "KeyError":
        return "json" if _is_of_json(facts, code, key) else ""
    if not named and len(only := set(_READ.findall(code))) == 1:
        named = only.pop()
    if not named and error.type != "KeyError":
        named = next(iter(View.of(facts).reads() & {"form", "args", "files"}), "form")
    known = named in ("json", "headers") if error.type == "KeyError" else named != "json"
    return named if known else ""


def _is_of_json(facts: Facts, code: str, key: str) -> bool:
    """Whether the line takes the key of a variable that holds the JSON: ``data = request.get_json()``."""
    asked = re.search(rf"\b(\w+)\s*\[\s*['\"]{re.escape(key)}['\"]", code)
    if asked is None:
        return False
    made = rf"\b{asked[1]}\s*=\s*request\s*\.\s*(?:json\b|get_json\()"
    return re.search(made, View.of(facts).text) is not None


def _missing(facts: Facts, error: Raised, key: str, drawer: str, came: Drawers) -> Problem:
    keys = came.keys(drawer)
    near = nearest(key, keys, 0.5) or _short_for(key, keys)
    where = facts.place
    line = f"Line {where.line} asks" if where is not None else "The view asks"
    if drawer in ("headers", "cookies"):
        sentence = f"The view wants the {drawer[:-1]} {shown(key, 30)}, which did not come."
        what = f"The {drawer} that came are {listed(keys, 12) or 'none'}."
    else:
        brought = f"brought {listed(keys, 3)}" if keys else "came empty"
        sentence = f"The view wants {shown(key, 30)}, and {NAMES[drawer]} {brought}."
        what = f"What came: {came.described()}. {_html_says(facts, key, drawer)}".strip()
    return Problem(
        sentence,
        place=where,
        original=_original(error, key),
        rule_id="missing-form-key",
        why=f"{line} request.{drawer} for {key}. {what}",
        fixes=ways(
            _read_near(facts, key, near, where),
            _send_key(facts, key, near, drawer, came),
            _name_the_input(facts, key, near) if drawer == "form" else None,
            _ask_softly(facts, key, drawer, where),
        )
        or (told(label(f"Send {key}")),),
    )


def _short_for(key: str, keys: Sequence[str]) -> str:
    """The only name that came, where it is the beginning of the other: ``q`` for ``query``."""
    only = keys[0] if len(keys) == 1 else ""
    return only if only and (key.startswith(only) or only.startswith(key)) else ""


def _original(error: Raised, key: str) -> str:
    """What Flask says, with the line that it adds in debug mode."""
    said = f"{error.type}: {error.message}"
    return said if key in said or error.type == "KeyError" else f"{said}\nKeyError: {key!r}"


def _html_says(facts: Facts, key: str, drawer: str) -> str:
    """What the forms of the templates name: an input without a name sends nothing."""
    if drawer not in ("form", "files"):
        return ""
    for template in facts.templates:
        text = facts.text(template.file)
        if re.search(
            rf"<(?:input|textarea|select)\b[^>]*\bid=['\"]{re.escape(key)}['\"]", text
        ) and not re.search(rf"\bname=['\"]{re.escape(key)}['\"]", text):
            return f"In {template.file} the field {key} has an id and no name: only names are sent."
    return "A form sends the names of its fields: <input name=...>."


def _read_near(facts: Facts, key: str, near: str, where: Place | None) -> Fix | None:
    """The view takes the name that came."""
    line = line_of(facts, where)
    if not near or where is None:
        return None
    for quote in ("'", '"'):
        if line.count(f"[{quote}{key}{quote}]") == 1:
            new = f"[{quote}{near}{quote}]"
            return rewrite(label(f"Read {near} instead"), where, f"[{quote}{key}{quote}]", new)
    return None


def _send_key(facts: Facts, key: str, near: str, drawer: str, came: Drawers) -> Fix | None:
    """The request sends the name that is wanted."""
    text = label(f"Send {key}")
    if drawer == "args":
        pairs = tuple((key if name == near else name, value) for name, value in came.query)
        spec = with_query(facts.trip, ())
        return Fix(text, request=dataclasses.replace(spec, query=pairs if near else (*pairs, (key, "test"))))
    if drawer == "form" and facts.trip.method not in ("GET", "HEAD"):
        pairs = tuple((key if name == near else name, value) for name, value in came.form)
        return Fix(text, request=as_form(facts.trip, pairs if near else (*pairs, (key, "test"))))
    if drawer == "headers":
        spec = with_query(facts.trip, ())
        return Fix(text, request=dataclasses.replace(spec, headers=(*spec.headers, (key, "test"))))
    value = parsed_json(facts.trip)
    if drawer == "json" and isinstance(value, dict):
        changed = {(key if name == near else name): one for name, one in value.items()}
        changed = changed if near else {**changed, key: "test"}
        return Fix(text, request=as_json(facts.trip, json.dumps(changed, ensure_ascii=False)))
    return None


def _name_the_input(facts: Facts, key: str, near: str) -> Fix | None:
    """A field of a template gets the name that the view wants."""
    for template in facts.templates:
        for number, line in enumerate(facts.text(template.file).splitlines(), start=1):
            place = Place(template.file, number)
            for quote in ("'", '"'):
                if near and f"name={quote}{near}{quote}" in line:
                    old, new = (f"name={quote}{name}{quote}" for name in (near, key))
                    return rewrite(label(f"Call the field {key}"), place, old, new)
                mark = f"id={quote}{key}{quote}"
                if mark in line and "name=" not in line:
                    return rewrite(
                        label(f"Name the field {key}"), place, mark, f"{mark} name={quote}{key}{quote}"
                    )
    return None


def _ask_softly(facts: Facts, key: str, drawer: str, where: Place | None) -> Fix | None:
    """The view does without where it does not come."""
    line = line_of(facts, where)
    if where is None:
        return None
    for quote in ("'", '"'):
        old = f"request.{drawer}[{quote}{key}{quote}]"
        if line.count(old) == 1 and drawer != "json":
            new = f"request.{drawer}.get({quote}{key}{quote}, {quote}{quote})"
            return rewrite("Take an empty text where it is missing", where, old, new)
    return None
