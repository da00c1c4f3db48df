"""Rule 15: JSON that is not labelled as JSON, and what is labelled as JSON and is none."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.pieces import FAILURES
from playground.core.plain_words.drawers import Drawers, body_text, drawers_of
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.resending import as_json
from playground.core.plain_words.saying import rewrite, shown, told, ways
from playground.core.plain_words.source import View, line_of
from playground.core.problems import Problem
from playground.core.trips import Raised


def problems(facts: Facts) -> Iterator[Problem]:
    """Why ``request.json`` did not take the body."""
    error = facts.error
    if error is not None and "'NoneType' object" in error.message:
        yield from _silently_none(facts, error)
    if error is None or not _asked_for_json(facts, error):
        return
    came = drawers_of(facts.trip)
    if error.type == "UnsupportedMediaType" or error.fact("code") == "415":
        yield _labelled_as_form(facts, error, came) if came.form else _unlabelled(facts, error, came)
    elif error.type == "BadRequest" and came.label.endswith("json") and not came.is_json:
        yield _no_json(facts, error)


def _asked_for_json(facts: Facts, error: Raised) -> bool:
    frame = error.own_frame
    code = (frame.code if frame is not None else "") or line_of(facts, facts.place)
    return re.search(r"\.\s*(?:json\b|get_json\s*\()", code) is not None


def _silently_none(facts: Facts, error: Raised) -> Iterator[Problem]:
    """``get_json(silent=True)`` gave None for what it could not take, and the view went on with it."""
    came = drawers_of(facts.trip)
    labelled = came.label.endswith("json")
    if not re.search(r"get_json\([^()]*silent\s*=\s*True", View.of(facts).text) or (
        labelled and came.is_json
    ):
        return
    what = f"was labelled {shown(came.label or 'nothing', 30)}" if not labelled else "is no JSON"
    fix = Fix("Send it labelled as JSON", request=as_json(facts.trip)) if came.is_json else None
    sample = Fix("Send a JSON body", request=as_json(facts.trip, _sample(facts)))
    yield Problem(
        f"get_json gave None: the body {what}.",
        place=facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="not-json",
        why="With silent=True no error tells that, and None goes on into the view.",
        fixes=ways(fix or sample),
    )


def _unlabelled(facts: Facts, error: Raised, came: Drawers) -> Problem:
    text = body_text(facts.trip)
    label = came.label or "nothing"
    sentence = (
        f"You sent JSON, but labelled it {shown(label, 30)} instead of application/json."
        if came.is_json
        else f"The view wants JSON; the body is labelled {shown(label, 30)}."
        if text
        else "The view wants JSON, and the request has no body."
    )
    fix = Fix("Send it labelled as JSON", request=as_json(facts.trip)) if came.is_json else None
    sample = None if came.is_json else Fix("Send a JSON body", request=as_json(facts.trip, _sample(facts)))
    return Problem(
        sentence,
        place=facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="not-json",
        why="Flask reads JSON only where the header Content-Type says application/json. "
        f"This request said {came.label or 'no content type'}.",
        fixes=ways(fix, sample, _force(facts)),
    )


def _sample(facts: Facts) -> str:
    """JSON with the keys that the view takes out of it."""
    text = View.of(facts).text
    asked = r"request\s*\.\s*(?:json\b|get_json\s*\([^()]*\))"
    names = "|".join((asked, *re.findall(rf"\b(\w+)\s*=\s*{asked}\s*$", text, re.MULTILINE)))
    taken = re.findall(rf"(?:{names})\s*(?:\[|\.get\()\s*['\"](\w+)['\"]", text)
    return json.dumps(dict.fromkeys(taken, "test"))


def _force(facts: Facts) -> Fix | None:
    """The view takes whatever label came."""
    line, where = line_of(facts, facts.place), facts.place
    if where is None:
        return None
    if line.count("request.get_json()") == 1:
        return rewrite("Take any label", where, "request.get_json()", "request.get_json(force=True)")
    if len(re.findall(r"request\.json\b", line)) == 1:
        return rewrite("Take any label", where, "request.json", "request.get_json(force=True)")
    return None


def _labelled_as_form(facts: Facts, error: Raised, came: Drawers) -> Problem:
    """Rule 16: the view wants JSON, and a form came."""
    where, line = facts.place, line_of(facts, facts.place)
    read = None
    for written in ("request.get_json()", "request.json"):
        if where is not None and line.count(written) == 1:
            read = rewrite("Read request.form", where, written, "request.form")
            break
    body = json.dumps(dict(came.form), ensure_ascii=False)
    return Problem(
        "The view reads JSON, and the request brought a form.",
        place=where,
        original=f"{error.type}: {error.message}",
        rule_id="wrong-drawer",
        why=f"What came: {came.described()}.",
        fixes=ways(Fix("Send it as JSON", request=as_json(facts.trip, body)), read),
    )


# -- not JSON at all -----------------------------------------------------------------------------------


def _no_json(facts: Facts, error: Raised) -> Problem:
    text = body_text(facts.trip)
    what, why = _what_is_wrong(text)
    better = mended(text)
    fix = Fix("Send it as right JSON", request=as_json(facts.trip, better)) if better else None
    sample = (
        Fix("Send a JSON body", request=as_json(facts.trip, _sample(facts))) if not text.strip() else None
    )
    return Problem(
        what,
        place=facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="not-json",
        why=why,
        fixes=ways(fix, sample) or (told("Correct the body"),),
    )


def _what_is_wrong(text: str) -> tuple[str, str]:
    """The sentence, and the place in the body where it stops being JSON."""
    if not text.strip():
        return "The body is labelled as JSON, and it is empty.", "Send at least {} or []."
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return _slip(text, error.pos, where), f"{error.msg} at {where}: {_around(text, error.pos)}"
    except RecursionError:
        return "The JSON is nested too deeply.", "Python reads about a thousand levels."
    return "The body could not be read as JSON.", f"It begins with {shown(text, 40)}."


def _slip(text: str, at: int, where: str) -> str:
    sign, before = text[at : at + 1], text[:at].rstrip()
    if sign == "'":
        return f"JSON needs double quotes: look at {where}."
    if (before.endswith(",") and sign in ("}", "]")) or (sign == "," and _comma_is_last(text, at)):
        return f"JSON has no comma before a closing bracket: look at {where}."
    if re.match(r"[A-Za-z_]\w*\s*:", text[at:]):
        return f"JSON needs double quotes around names: look at {where}."
    if re.match(r"(?:True|False|None)\b", text[at:]):
        return f"JSON writes true, false and null: look at {where}."
    return f"The body is not JSON from {where} on."


def _comma_is_last(text: str, at: int) -> bool:
    return text[at + 1 :].lstrip()[:1] in ("}", "]")


def _around(text: str, at: int) -> str:
    return shown_plain(text[max(at - 20, 0) : at]) + "▸" + shown_plain(text[at : at + 20])


def shown_plain(text: str) -> str:
    """A piece of a body on one line."""
    return " ".join(text.split())


def mended(text: str) -> str:
    """The body as JSON: of what is Python, or has a comma too many; empty where neither makes it JSON."""
    without = re.sub(r",(\s*[}\]])", r"\1", text)
    for candidate in (without, text):
        try:
            return json.dumps(json.loads(candidate), ensure_ascii=False)
        except (ValueError, RecursionError):
            continue
    for candidate in (without, text):
        try:
            value = ast.literal_eval(candidate.strip())
            return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else ""
        except (*FAILURES, TypeError):
            continue
    return ""
