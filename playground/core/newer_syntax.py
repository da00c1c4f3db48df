"""Syntax that a later Python brought: told by its look, so that an error can name the version it needs."""

from __future__ import annotations

import re
import sys

_NAME = r"[^\W\d]\w*"
_NEWER: tuple[tuple[tuple[int, int], str, re.Pattern[str]], ...] = (
    ((3, 12), "the type statement", re.compile(rf"^\s*type\s+{_NAME}\s*(?:\[[^\]]*\]\s*)?=")),
    ((3, 12), "a list of type parameters", re.compile(rf"^\s*(?:async\s+)?(?:def|class)\s+{_NAME}\s*\[")),
    ((3, 11), "except*", re.compile(r"^\s*except\s*\*")),
    (
        (3, 14),
        "except with several types and no brackets",
        re.compile(r"^\s*except\s+[\w.]+(?:\s*,\s*[\w.]+)+\s*:"),
    ),
    (
        (3, 14),
        "a template string",
        re.compile(r"(?:^|[=(\[{,+:]|\breturn\b)\s*(?:[tT][rR]?|[rR][tT])[\"']"),
    ),
    ((3, 15), "a lazy import", re.compile(rf"^\s*lazy\s+(?:import|from)\s+{_NAME}")),
    ((3, 12), "such an f-string", re.compile(r"(?<![\w])[fF][rR]?(?P<quote>[\"'])[^\n]*\{[^}\n]*(?P=quote)")),
    ((3, 12), "such an f-string", re.compile(r"(?<![\w])[fF][\"'][^\n]*\{[^}\n]*\\")),
)


def newer(line: str, running: tuple[int, int] = sys.version_info[:2]) -> tuple[str, str]:
    """What a line at fault needs a later Python for, and that Python's version; twice "" where nothing."""
    for version, what, pattern in _NEWER:
        if version > running and pattern.search(line):
            return what, ".".join(map(str, version))
    return "", ""
