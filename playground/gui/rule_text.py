"""A rule's text cut for drawing: where its parameters are and where its slashes part it.

Lists and the map have to draw every rule that stands in the source, also those that
``core.rules`` refuses (converters of the app's own, half-typed text), so this cut never fails.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PARAMETER = re.compile(r"<[^<>]*>")


@lru_cache(maxsize=16_384)
def rule_pieces(rule: str) -> tuple[tuple[str, bool], ...]:
    """The text in order as (piece, is it a parameter); joined, the pieces are the rule again."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _PARAMETER.finditer(rule):
        if found.start() > end:
            pieces.append((rule[end : found.start()], False))
        pieces.append((found.group(), True))
        end = found.end()
    if end < len(rule):
        pieces.append((rule[end:], False))
    return tuple(pieces)


def rule_segments(rule: str) -> tuple[str, ...]:
    """The texts between the slashes: ``/users/<int:id>/`` is ``("users", "<int:id>")``.

    A slash inside a parameter (``<any("a/b"):x>``) does not part, and from a path parameter on all is
    one segment, as its value may hold slashes itself.
    """
    segments: list[str] = [""]
    for piece, is_parameter in rule_pieces(rule):
        if is_parameter or "<path" in segments[-1]:
            segments[-1] += piece
            continue
        first, *others = piece.split("/")
        segments[-1] += first
        segments.extend(others)
    return tuple(segment for segment in segments if segment)


def has_parameter(text: str) -> bool:
    """Whether a parameter stands anywhere in the text."""
    return _PARAMETER.search(text) is not None


def short_method(method: str) -> str:
    """The method as badges show it: at most seven letters wide, ``DEL`` for DELETE."""
    return {"DELETE": "DEL", "OPTIONS": "OPT"}.get(method, method)
