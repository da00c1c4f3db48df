"""Rule 28: an exception in the app for which there is no rule of its own, said in words with its line."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import ended, label, mend, nearest, rewrite, shown, told, ways
from playground.core.plain_words.source import line_of
from playground.core.plain_words.templates import shown_line
from playground.core.problems import Place, Problem
from playground.core.trips import Raised


def problems(facts: Facts) -> Iterator[Problem]:
    """Whatever ended the request with 500."""
    error = facts.error
    if error is None or error.fact("code") or facts.trip.status < 500:
        return
    sentence, reason, suggested = _said(facts, error)
    frame = error.own_frame
    place = facts.place
    code = (frame.code if frame is not None else "") or line_of(facts, place)
    line = f"{place} was: {shown_line(code)}. " if place is not None and code else ""
    yield Problem(
        sentence,
        place=place,
        original=_last_line(error),
        rule_id="plain-500",
        why=f"{line}{reason}".strip() or f"Python says: {ended(error.message)}",
        fixes=ways(_spelled(facts, suggested, place)) or (told(_look(place)),),
    )


def _look(place: Place | None) -> str:
    return label(f"Look at {place}") if place is not None else "Look at the traceback"


def _last_line(error: Raised) -> str:
    """What Python says of it, whole."""
    lines = [line for line in error.traceback.rstrip().splitlines() if line and not line.startswith(" ")]
    plain = f"{error.type}: {error.message}" if error.message else error.type
    return lines[-1] if lines and lines[-1].startswith(error.type) and "\n" not in error.message else plain


_Found = tuple[str, str, tuple[str, str]]
"""The sentence, the reason, and a name with the one that is meant."""


def _said(facts: Facts, error: Raised) -> _Found:
    known = _NAMED.get(error.type)
    said = known(facts, error) if known is not None else None
    return said or _plain(facts, error)


def _plain(facts: Facts, error: Raised) -> _Found:
    frame = error.own_frame
    where = (
        f"line {frame.line} of {shown(frame.file, 40)}"
        if frame is not None
        else f"{shown(facts.view, 30) or 'Flask'}"
    )
    return (
        f"{error.type} ended the request in {where}.",
        f"Python says: {ended(error.message or error.type)}",
        ("", ""),
    )


def _suggestion(error: Raised, wrong: str, known: Iterable[str]) -> tuple[str, str]:
    """The name that Python itself suggests; where it does not, the one of these that looks most like it."""
    found = re.search(r"Did you mean: '([^']+)'\?", f"{error.message}\n{error.traceback}")
    meant = found[1] if found is not None else nearest(wrong, known, 0.75)
    return (wrong, meant) if meant else ("", "")


def _names_in(facts: Facts) -> set[str]:
    """The names that the failing file gives a value to, and those of Python."""
    text = facts.text(facts.place.file) if facts.place is not None else ""
    found = re.findall(r"\b(\w+)\s*=[^=]|\bdef\s+(\w+)|\bclass\s+(\w+)|\bfor\s+(\w+)\s+in|\bas\s+(\w+)", text)
    found += re.findall(r"\bimport\s+()()()()(\w+)|[(,]\s*()()()()(\w+)\s*(?=[,)=])", text)
    return {name for names in found for name in names if name} | set(dir(builtins))


def _name(facts: Facts, error: Raised) -> _Found | None:
    found = re.search(r"name '(\w+)' is not defined", error.message)
    if found is None:
        unbound = re.search(r"cannot access local variable '(\w+)'", error.message)
        if unbound is None:
            return None
        return (
            f"{shown(unbound[1], 30)} is used before it has a value.",
            "A name that a function assigns is its own; write global to use the module's.",
            ("", ""),
        )
    name = found[1]
    if name in FROM_FLASK:
        return f"{name} is used, and not imported.", f"Write {name} behind from flask import.", (name, "")
    known = _suggestion(error, name, _names_in(facts))
    nearer = f"; there is {shown(known[1], 30)}" if known[1] else ""
    reason = "Nothing of that name was defined or imported where this line ran."
    return f"There is no name {shown(name, 30)} here{nearer}.", reason, known


FROM_FLASK = frozenset((
    *("request", "render_template", "url_for", "redirect", "session", "flash", "jsonify", "abort", "g"),
    *("make_response", "send_file", "current_app", "render_template_string", "get_flashed_messages"),
))  # fmt: skip


def _attribute(facts: Facts, error: Raised) -> _Found | None:
    found = re.search(r"'([\w.]+)' object has no attribute '(\w+)'", error.message)
    if found is None:
        return None
    owner, name = found[1], found[2]
    if owner == "NoneType":
        return (
            f"Something is None where its {shown(name, 30)} was asked for.",
            "None stands for no value: what was looked up was not found, or a function returned nothing.",
            ("", ""),
        )
    known = _suggestion(error, name, dir(getattr(builtins, owner, object)))
    nearer = f"; there is {shown(known[1], 30)}" if known[1] else ""
    return f"{_a(owner)} has no {shown(name, 30)}{nearer}.", f"Python says: {ended(error.message)}", known


def _a(owner: str) -> str:
    words = {"str": "A text", "int": "A number", "list": "A list", "dict": "A dict"}
    return words.get(owner, f"An object of {shown(owner, 30)}")


def _none(facts: Facts, error: Raised) -> _Found | None:
    if "'NoneType' object" not in error.message:
        return None
    return "Something is None where a value was needed.", f"Python says: {ended(error.message)}", ("", "")


def _key(facts: Facts, error: Raised) -> _Found | None:
    key = shown(error.message.strip("'\""), 30)
    return (
        f"The key {key} is not there.",
        "d[key] fails where the dict does not have the key; d.get(key) gives None.",
        ("", ""),
    )


def _index(facts: Facts, error: Raised) -> _Found | None:
    return (
        "A list has no element with this number.",
        "The first one has the number 0, the last len - 1.",
        ("", ""),
    )


def _zero(facts: Facts, error: Raised) -> _Found | None:
    return "The line divides by zero.", f"Python says: {ended(error.message)}", ("", "")


def _value(facts: Facts, error: Raised) -> _Found | None:
    found = re.match(r"invalid literal for int\(\) with base 10: (.*)", error.message)
    if found is None:
        return None
    return (
        f"int() can't read {shown(found[1], 30)} as a number.",
        "What a request brings is text, and may be any.",
        ("", ""),
    )


def _module(facts: Facts, error: Raised) -> _Found | None:
    found = re.search(r"No module named '([\w.]+)'", error.message)
    if found is None:
        return None
    return (
        f"The module {shown(found[1], 30)} is not installed.",
        "The line imports it when it runs.",
        ("", ""),
    )


def _file(facts: Facts, error: Raised) -> _Found | None:
    found = re.search(r"No such file or directory: '([^']+)'", error.message)
    if found is None:
        return None
    return (
        f"The file {shown(found[1].rpartition('/')[2], 40)} is not there.",
        f"It was looked for as {found[1]}; a path without / in front goes by the project's folder.",
        ("", ""),
    )


_NAMED = {
    "NameError": _name,
    "UnboundLocalError": _name,
    "AttributeError": _attribute,
    "TypeError": _none,
    "KeyError": _key,
    "IndexError": _index,
    "ZeroDivisionError": _zero,
    "ValueError": _value,
    "ModuleNotFoundError": _module,
    "FileNotFoundError": _file,
}


def _spelled(facts: Facts, suggested: tuple[str, str], place: Place | None) -> Fix | None:
    """The name that is meant, written where the wrong one stands; or its import."""
    wrong, meant = suggested
    if place is None or not wrong:
        return None
    if not meant:
        return mend(
            label(f"Import {wrong} from flask"),
            "import_name",
            place.file,
            place.line,
            module="flask",
            name=wrong,
        )
    line = line_of(facts, place)
    if len(re.findall(rf"\b{re.escape(wrong)}\b", line)) != 1 or line.count(wrong) != 1:
        return None
    return rewrite(label(f"Write {meant}"), place, wrong, meant)
