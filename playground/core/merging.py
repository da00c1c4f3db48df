"""Two changes of the same thing put together: of a text line by line, of a route's form field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, AnyStr, TypeVar

from playground.core.answers import Answer
from playground.core.diffs import blocks
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


def merge_both(base: str, ours: str, theirs: str) -> str:
    """As ``merge_text``; where both touch the same lines, those of ``theirs`` stand above ``ours``."""
    lines = base.splitlines(keepends=True)
    hunks = [(hunk, True) for hunk in _hunks(lines, ours)] + [(hunk, False) for hunk in _hunks(lines, theirs)]
    hunks.sort(key=lambda one: (one[0].start, one[0].end))
    merged: list[str] = []
    position = 0
    while hunks:
        touched = [hunks.pop(0)]
        start, end = touched[0][0].start, touched[0][0].end
        while hunks and _Hunk(start, end, []).meets(hunks[0][0]):
            touched.append(hunks.pop(0))
            end = max(end, touched[-1][0].end)
        merged += lines[position:start]
        merged += _both(
            *(
                _made(lines, [h for h, is_ours in touched if is_ours == which], start, end)
                for which in (False, True)
            )
        )
        position = end
    return "".join(merged + lines[position:])


def _made(base: list[str], hunks: list[_Hunk], start: int, end: int) -> list[str]:
    """The lines from ``start`` to ``end`` as these changes make them; none where there are no changes."""
    if not hunks:
        return []
    made: list[str] = []
    for hunk in hunks:
        made += base[start : hunk.start] + hunk.lines
        start = hunk.end
    return made + base[start:end]


def _both(above: list[str], below: list[str]) -> list[str]:
    if above == below:
        return above
    if above and below and not above[-1].endswith("\n"):
        above = [*above[:-1], above[-1] + "\n"]
    return above + below


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
    for tag, start, end, new_start, new_end in blocks(base, lines):
        if tag != "equal":
            yield _Hunk(start, end, lines[new_start:new_end])


def merge_drafts(base: RouteDraft, ours: RouteDraft, theirs: RouteDraft) -> RouteDraft:
    """``theirs`` with the fields that ``ours`` has changed since ``base``; of an answer, its parts."""
    merged = _fieldwise(base, ours, theirs)
    kinds = {base.answer.kind, ours.answer.kind, theirs.answer.kind}
    if len(kinds) == 1:
        merged = replace(merged, answer=_fieldwise(base.answer, ours.answer, theirs.answer))
    return merged


def clashing_fields(
    shown: RouteDraft, ours: RouteDraft, known: RouteDraft, theirs: RouteDraft
) -> tuple[str, ...]:
    """The fields that were changed in two ways: from ``shown`` to ``ours`` and from ``known`` to ``theirs``.

    ``shown`` is what the form said and ``known`` what the source said before; they differ where a form says
    the same in another way (a space at the end of a description).
    """
    return tuple(
        field.name
        for field in fields(RouteDraft)
        if field.name != "answer" and _clash(field.name, shown, ours, known, theirs)
    ) + _clashing_answers(shown.answer, ours.answer, known.answer, theirs.answer)


def _clashing_answers(shown: Answer, ours: Answer, known: Answer, theirs: Answer) -> tuple[str, ...]:
    if shown == ours or theirs in (known, ours):
        return ()
    if len({shown.kind, ours.kind, known.kind, theirs.kind}) > 1:
        return ("answer",)
    return tuple(
        f"answer {field.name}" for field in fields(Answer) if _clash(field.name, shown, ours, known, theirs)
    )


def _clash(name: str, shown: object, ours: object, known: object, theirs: object) -> bool:
    mine, now = getattr(ours, name), getattr(theirs, name)
    changed_here, changed_there = mine != getattr(shown, name), now != getattr(known, name)
    return bool(changed_here and changed_there and mine != now)


def taking(ours: RouteDraft, theirs: RouteDraft, names: tuple[str, ...]) -> RouteDraft:
    """``ours`` with the named fields of ``theirs``, named as ``clashing_fields`` names them."""
    parts = [name.removeprefix("answer ") for name in names if name.startswith("answer ")]
    answer = replace(ours.answer, **{part: getattr(theirs.answer, part) for part in parts})
    whole = {name: getattr(theirs, name) for name in names if not name.startswith("answer ")}
    return replace(ours, **{"answer": answer, **whole})


def _fieldwise(base: T, ours: T, theirs: T) -> T:
    assert isinstance(theirs, RouteDraft | Answer)
    changed = {
        field.name: getattr(ours, field.name)
        for field in fields(theirs)
        if getattr(ours, field.name) != getattr(base, field.name)
    }
    return replace(theirs, **changed)
