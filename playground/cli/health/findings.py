"""A finding of the doctor: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How it is: as it should be, worth knowing, or in the way."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"

    @property
    def sign(self) -> str:
        """The sign that stands before the line."""
        return {"good": "✓", "note": "!", "bad": "✗"}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``what`` was looked at, ``said`` of it; ``todo`` is a sentence or a command to type."""

    what: str
    mark: Mark
    said: str
    todo: str = ""


def good(what: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(what, Mark.GOOD, said)


def note(what: str, said: str, todo: str = "") -> Finding:
    """It works, and one thing about it is worth knowing."""
    return Finding(what, Mark.NOTE, said, todo)


def bad(what: str, said: str, todo: str) -> Finding:
    """It is in the way of the playground."""
    return Finding(what, Mark.BAD, said, todo)


def surely(what: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a check found; one that fails itself is a finding too."""
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001  (the doctor goes on, and says so)
        return [note(what, f"could not be looked at: {type(error).__name__}: {error}")]
