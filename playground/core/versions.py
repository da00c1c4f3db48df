"""Which files differ from the last commit, as a side bar marks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

WORDS = {
    "M": "changed since the last commit",
    "A": "added, not committed yet",
    "U": "not under version control yet",
    "D": "deleted since the last commit",
    "!": "in conflict: two versions have to be merged",
}
"""What each mark means."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The marks of files, by their path relative to the project.

    A folder that is new as a whole ends in ``/``; where that is the project itself, it is ``./``.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    kept_in: str = field(default="", compare=False)  # git's own folder, which a commit writes into

    def of(self, file: str) -> str:
        """The mark of a file; empty where it is as it was committed, or nothing is known."""
        if file in self.marks or not self.marks:
            return self.marks.get(file, "")
        folders = (f"{folder}/" for folder in PurePosixPath(file).parents)
        return next((self.marks[folder] for folder in folders if folder in self.marks), "")

    def __str__(self) -> str:
        count = len(self.marks)
        return (
            ""
            if not count
            else f"{count} file changed (git)"
            if count == 1
            else f"{count} files changed (git)"
        )
