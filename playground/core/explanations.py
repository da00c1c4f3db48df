"""Why a request matched the rule it did, or none: the router's account of one method and one path."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from playground.core.exchanges import Match
from playground.core.fixes import Fix


class Stop(StrEnum):
    """Why a rule was not the one: what has to be mended for it to match."""

    SEGMENT = "segment"  # another static text is wanted here
    CONVERTER = "converter"  # the text does not look as the converter wants it
    RANGE = "range"  # it does, but the value is out of bounds
    END = "end"  # the path ends too early
    MORE = "more"  # the path goes on where the rule ends
    SLASH = "slash"  # a slash at the end, too many or missing
    METHOD = "method"
    HOST = "host"
    REDIRECT = "redirect"  # it matches and sends the browser on
    SHADOWED = "shadowed"  # it matches by itself, and another rule comes first or vetoes it


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that was not the one: how far the path went along with it, and why no further.

    ``matched`` is the beginning of the path that fits the rule, ``stopped`` the text (a segment, or the rest)
    at which it stopped fitting, empty where the path fits and something else (the method, the host) does not.
    ``reason`` is one sentence of plain words. ``parameter`` is the one whose converter refused.
    """

    rule: str
    endpoint: str
    methods: tuple[str, ...]
    matched: str
    stopped: str
    stop: Stop
    reason: str
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """``match`` is what Werkzeug says. ``why`` are sentences, the most telling first: why the winner beats
    the others, or why there is none. ``near`` are the nearest other rules, the nearest first.
    """

    match: Match
    why: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    fixes: tuple[Fix, ...] = ()
