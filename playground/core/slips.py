"""Slips of the pen in a rule, and what to say about each.

Werkzeug refuses some of these with "malformed url rule" and takes the others literally, so that
the route is there and never answers.
"""

from __future__ import annotations

import re

from playground.core.arguments import RuleError
from playground.core.converters import CONVERTERS

_PARAMETER = ("Flask does not know {shown} as a parameter.", "Flask writes <{name}>.")
_TRAPS = (
    (r"\{\s*(?:\w+:)?(?P<name>[A-Za-z_]\w*)[^{}]*\}", *_PARAMETER),
    (r"(?<=/):(?P<name>[A-Za-z_]\w*)", *_PARAMETER),
    (r"[?]", "A rule has no query string.", "Take away the ? and all after it: request.args holds it."),
    (r"#", "A rule has no # part: browsers never send it.", "Take away the # and all after it."),
    (r">", 'This ">" has no "<" before it.', "A parameter is written <name>."),
    (r"[\s\x00-\x1f\x7f\ud800-\udfff]+", "A rule has no spaces in it.", "Write - or _ instead, or nothing."),
    (
        r"%[0-9A-Fa-f]{2}",
        "Flask decodes an address before it compares, so {shown} never matches.",
        "Write the character itself.",
    ),
    (r"//+", "Flask takes several slashes for one.", "Write a single slash."),
    (r"(?<=/)\.{1,2}(?=/|\Z)", "Browsers take {shown} out of an address.", "Write the path without it."),
)
_STATIC_TRAPS = tuple((re.compile(trap), sentence, hint) for trap, sentence, hint in _TRAPS)


def check_beginning(text: str) -> None:
    """Refuse a rule of the app that does not start with a slash."""
    if not text:
        raise RuleError("The rule is empty.", "Write / for the first page, or a path like /users.")
    if re.match(r"\w+://", text):
        path = "/" + text.split("://", 1)[1].partition("/")[2]
        raise RuleError(
            "A rule is only the path, without the server's address.", f"Write {path}.", 0, len(text)
        )
    if not text.startswith("/"):
        raise RuleError("A rule starts with a slash.", f"Write /{text}.", 0, 1)


def check_static(text: str, start: int, end: int) -> None:
    """Refuse text that Werkzeug takes literally though the person hardly means it so."""
    for trap, sentence, hint in _STATIC_TRAPS:
        found = trap.search(text, start, end)
        # A dot before a parameter is the end of this text, but not of its segment.
        if found and not (found[0] in {".", ".."} and end < len(text) and found.end() == end):
            words = {"shown": found[0], "name": found.groupdict().get("name", "")}
            raise RuleError(sentence.format(**words), hint.format(**words), *found.span())


def open_bracket(start: int, end: int) -> RuleError:
    """The error for arguments without their end."""
    return RuleError('The "(" is never closed.', "Write it like <int(min=1):page>.", start, end)


def malformed(text: str, start: int) -> RuleError:
    """Why what begins with "<" at ``start`` is not a parameter."""
    close, following = text.find(">", start), text.find("<", start + 1)
    if close < 0 or start < following < close:
        end = following if following > 0 else len(text)
        return RuleError(
            'The "<" is never closed.', "A parameter is written <name> or <int:name>.", start, end
        )
    span = (start, close + 1)
    inner = text[start + 1 : close]
    head, _, name = inner.rpartition(":")
    if not inner.strip():
        return RuleError("There is no name between < and >.", "Write one, like <name>.", *span)
    if "(" in inner and not head.rstrip().endswith(")"):
        if inner.rstrip().endswith(")"):
            return RuleError("The name is missing after the type.", f"Write <{inner}:name>.", *span)
        return open_bracket(*span)
    if not name.strip():
        return RuleError('The name is missing after the ":".', f"Write <{head}:name>.", *span)
    if re.search(r"\s", re.sub(r"\(.*\)", "", inner)):
        words = re.sub(r"\s*:\s*|\s+", ":", inner.strip())
        return RuleError("A parameter has no spaces around type and name.", f"Write <{words}>.", *span)
    return _bad_name(name, head, span)


def _bad_name(name: str, head: str, span: tuple[int, int]) -> RuleError:
    type_name = re.sub(r"\(.*", "", head)
    if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        return RuleError(f'"{type_name}" is not a type.', f"There are {', '.join(CONVERTERS)}.", *span)
    better = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    better = f"_{better}" if better[:1].isdigit() else better or "name"
    return RuleError(
        f"\"{name}\" can't be a parameter's name: letters a to z, digits and _ only, and no digit first.",
        f"Write {better}.",
        *span,
    )
