"""What looks like a secret among variables, and how it is hidden: a failing view is shown to a whole class.

A guess by names, on the careful side: ``password``, ``api_key``, ``csrf_token``. A bare ``key`` is the key of
a dict far more often than of a door, so it is shown; and what holds nothing (``None``, ``''``) is, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "hidden: looks like a secret"
"""Stands for the whole of a value."""
GONE = "‹hidden›"
"""Stands for a part of one."""

_WORDS = frozenset(
    (
        *("password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens"),
        *("apikey", "credential", "credentials", "authorization"),
    )
)
_ENDS = ("password", "passwd", "secret", "token", "apikey")
_HARMLESS_KEYS = frozenset(
    ("primary", "foreign", "sort", "cache", "dict", "group", "partition", "row", "error", "public")
)
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOTHING = frozenset(("None", "True", "False", "''", '""', "b''", "[]", "{}", "()", "0"))
_QUOTED = r"""[bBrRuUfF]{0,2}(?:'(?:[^'\\]|\\.)*(?:'|…|$)|"(?:[^"\\]|\\.)*(?:"|…|$))"""
_PAIR = re.compile(
    rf"""(?P<name>[A-Za-z_][\w-]*)(?P<between>['"]?\]?\s*(?:==?|:|,)\s*[\[(]?)(?P<value>{_QUOTED})""",
    re.DOTALL,
)
"""A name and a text beside it, as a ``repr`` or a line of Python has them."""
_ADDRESS = re.compile(r"(?P<before>\b[\w+.-]+://[^/\s:@'\"]*:)[^@\s/'\"]+(?=@)")
"""What stands before it in an address that holds a password."""


def looks_secret(name: str) -> bool:
    """Whether what has that name is better not shown to everybody."""
    words = [piece.lower() for piece in _PIECE.findall(name)]
    if any(word in _WORDS or word.endswith(_ENDS) for word in words):
        return True
    return len(words) > 1 and words[-1] in ("key", "keys") and words[-2] not in _HARMLESS_KEYS


def masked(name: str, text: str, known: Iterable[str] = ()) -> str:
    """What to show of a variable in place of its ``text``; empty where that can be shown as it is.

    ``known`` are secrets as they would stand within a text.
    """
    if text in _NOTHING:
        return ""
    if looks_secret(name):
        return HIDDEN
    shown = without_secrets(text, known)
    return shown if shown != text else ""


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """A text with the secrets in it left out: of dicts, of assignments, of addresses."""
    for secret in known:
        text = text.replace(secret, GONE)
    text = _ADDRESS.sub(lambda found: found["before"] + GONE, text)
    return _PAIR.sub(_without_value, text)


def _without_value(found: re.Match[str]) -> str:
    value = found["value"]
    if not looks_secret(found["name"]) or len(value) <= 2:
        return found[0]
    return f"{found['name']}{found['between']}{GONE}"
