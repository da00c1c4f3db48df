"""Undo and redo across the files of a project.

A step keeps what each of its files held before and after. Where another program has changed a file
since, the step is carried over to what is there now as long as the two don't touch the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from playground.core.merging import merge_text
from playground.core.problems import Place, refuse
from playground.project.files import Contents

TYPING_PAUSE = 2.0
"""Seconds of quiet after which typing in an editor starts a new step."""
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One change that can be undone.

    ``typing`` names the editor that it was typed in (empty: not typed) and ``at`` when, in seconds;
    ``folders`` are those made for it; ``key`` is that of the route it is about.
    """

    label: str
    before: Contents
    after: Contents
    at: float = 0.0
    typing: str = ""
    key: tuple[str, str] | None = None
    folders: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes kept for it."""
        return sum(len(data or b"") for side in (self.before, self.after) for data in side.values())

    def continues(self, last: Step) -> bool:
        """Whether this goes on with what was being typed in ``last``."""
        return (
            self.typing != ""
            and self.typing == last.typing
            and self.at - last.at <= TYPING_PAUSE
            and self.before == last.after
        )


class History:
    """Steps done and steps undone."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def undo_label(self) -> str:
        """What undo would take back, or an empty string."""
        return self._done[-1].label if self._done else ""

    @property
    def redo_label(self) -> str:
        """What redo would do again, or an empty string."""
        return self._undone[-1].label if self._undone else ""

    def record(self, step: Step) -> None:
        """Remember a step that has just been done; nothing undone can be redone after it."""
        self._undone.clear()
        if self._done and step.continues(self._done[-1]):
            last = self._done.pop()
            step = replace(step, label=last.label, before=last.before, folders=last.folders)
            if step.before == step.after:  # typed and deleted again: nothing is left to undo
                return
        self._done.append(step)
        while sum(kept.size for kept in self._done) > _MOST_BYTES and len(self._done) > 1:
            del self._done[0]

    def to_undo(self) -> Step:
        """The step that undo takes back; refuses when there is none."""
        if not self._done:
            raise refuse("There is nothing to undo.")
        return self._done[-1]

    def to_redo(self) -> Step:
        """The step that redo does again; refuses when there is none."""
        if not self._undone:
            raise refuse("There is nothing to redo.")
        return self._undone[-1]

    def undone(self) -> None:
        """The step of ``to_undo`` has been taken back."""
        self._undone.append(replace(self._done.pop(), typing=""))

    def redone(self) -> None:
        """The step of ``to_redo`` has been done again."""
        self._done.append(self._undone.pop())


def going(have: Contents, want: Contents, now: Contents) -> dict[str, bytes | None]:
    """What the files have to hold so that ``now`` goes the way from ``have`` to ``want``."""
    return {file: _one_way(file, have[file], want[file], now[file]) for file in have}


def _one_way(file: str, have: bytes | None, want: bytes | None, now: bytes | None) -> bytes | None:
    if now in {have, want}:
        return want
    if have is not None and want is not None and now is not None:
        merged = merge_text(have, want, now)
        if merged is not None:
            return merged
    what = "changed" if now is not None else "removed"
    raise refuse(
        f"{file} was {what} by another program after this, and going back would lose that.",
        "Take that change back first, or edit the file by hand.",
        place=Place(file),
    )


def only(contents: Mapping[str, bytes | None], other: Contents) -> dict[str, bytes | None]:
    """The files of ``contents`` that are different in ``other``."""
    return {file: data for file, data in contents.items() if data != other[file]}
