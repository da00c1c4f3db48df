"""Two changes of the same thing put together: of a text line by line, of a route's form field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any, AnyStr, TypeVar

from playground.core.answers import Answer
from playground.core.routes import RouteDraft

T = TypeVar("T")


def merge_text(base: AnyStr, ours: AnyStr, theirs: AnyStr) -> AnyStr | None:
    """``base`` with both changes made; None where both touch the same lines in different ways."""
    if ours == theirs:
        return ours
    lines = base.splitlines(keepends=True)
    mine: list[_Hunk] = list(_hunks(lines, ours))
    others: list[_Hunk] = list(_hunks(lines, theirs))
    if any(a.meets(b) for a in mine for b in others):
        return None
    merged: list[AnyStr] = []
    position = 0
    for hunk in sorted([*mine, *others], key=lambda one: (one.start, one.end)):
        merged += lines[position : hunk.start]
        merged += hunk.lines
        position = hunk.end
    return base[:0].join(merged + lines[position:])


@dataclass(frozen=True, slots=True)
class _Hunk:
    """The lines from ``start`` to ``end`` become ``lines``."""

    start: int
    end: int
    lines: list[Any]

    def meets(self, other: _Hunk) -> bool:
        """Whether the two can't both be made: they share a line, or insert at the same place."""
        if self.start == self.end == other.start == other.end:
            return True
        return self.start < other.end and other.start < self.end


def _hunks(base: list[AnyStr], text: AnyStr) -> Iterator[_Hunk]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield _Hunk(start, end, lines[new_start:new_end])


def merge_drafts(base: RouteDraft, ours: RouteDraft, theirs: RouteDraft) -> RouteDraft:
    """``theirs`` with the fields that ``ours`` has changed since ``base``; of an answer, its parts."""
    merged = _fieldwise(base, ours, theirs)
    kinds = {base.answer.kind, ours.answer.kind, theirs.answer.kind}
    if len(kinds) == 1:
        merged = replace(merged, answer=_fieldwise(base.answer, ours.answer, theirs.answer))
    return merged


def _fieldwise(base: T, ours: T, theirs: T) -> T:
    assert isinstance(theirs, RouteDraft | Answer)
    changed = {
        field.name: getattr(ours, field.name)
        for field in fields(theirs)
        if getattr(ours, field.name) != getattr(base, field.name)
    }
    return replace(theirs, **changed)
