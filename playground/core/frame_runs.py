"""How the frames of an exception are shown: the project's one by one, those of libraries folded together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from playground.core.trips import Frame, Raised

MOST = 10
FIRST, LAST = 2, 6
"""Frames of the project that are all shown open; of more, the first and the last."""

OPEN, FOLDED, LIBRARY = range(3)


@dataclass(frozen=True, slots=True)
class Run:
    """Frames that stand next to each other, the first of which is number ``at``.

    ``words`` say what is folded away; they are empty for a frame of the project, which is a run by itself.
    """

    at: int
    frames: tuple[Frame, ...]
    words: str = ""


def runs(raised: Raised) -> tuple[Run, ...]:
    """The frames of an exception, outermost first, in the parts in which they are shown."""
    own = [at for at, frame in enumerate(raised.frames) if not frame.library]
    open_ones = set(own if len(own) <= MOST else [*own[:FIRST], *own[-LAST:]])
    kinds = [
        LIBRARY if frame.library else OPEN if at in open_ones else FOLDED
        for at, frame in enumerate(raised.frames)
    ]
    found: list[Run] = []
    for kind, numbers in groupby(range(len(kinds)), key=kinds.__getitem__):
        ats = list(numbers)
        frames = tuple(raised.frames[at] for at in ats)
        if kind == OPEN:
            found += [Run(at, (frame,)) for at, frame in zip(ats, frames, strict=True)]
        else:
            found.append(Run(ats[0], frames, _folded(frames, raised.gap if kind == FOLDED else 0)))
    return tuple(found)


def _folded(frames: tuple[Frame, ...], gap: int) -> str:
    """What the heading of a folded run says."""
    count = "1 frame" if len(frames) == 1 else f"{len(frames)} frames"
    if not frames[0].library:
        return f"{count} more of this project" + (f", and {gap:,} that were not kept" if gap else "")
    return f"{count} in {_listed(list(dict.fromkeys(frame.library for frame in frames)))}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def where(frame: Frame) -> str:
    """In which function a frame is, in words for people."""
    if frame.function == "<module>":
        return "at the top of the file"
    if frame.is_template:
        return frame.function if frame.function.startswith("block") else "in the template"
    return f"in {frame.function}" if frame.function else ""


def marked(frame: Frame, number: int, text: str) -> tuple[int, int] | None:
    """From which character to which a line of the frame's source is what failed; None for nothing of it."""
    if frame.column < 0 or not frame.line <= number <= frame.end_line:
        return None
    begin = frame.column if number == frame.line else len(text) - len(text.lstrip())
    end = frame.end_column if number == frame.end_line else len(text.rstrip())
    return (begin, min(end, len(text))) if begin < min(end, len(text)) else None
