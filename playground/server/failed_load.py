"""What ended a load, with the files that it was in: what the ways out of it are made from."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from pathlib import Path

from playground.core.fixes import Fix
from playground.core.plain_words.saying import label, told, ways
from playground.core.problems import Place, Problem
from playground.server.imports import ProjectImports


@dataclass(frozen=True, slots=True)
class Load:
    """What ended an import: the exception, what was said of it, and the files that it was in.

    ``hides`` is the file of the project that stands where Python's own or an installed module is meant.
    """

    error: BaseException
    problem: Problem
    imports: ProjectImports
    hides: str = ""

    @property
    def place(self) -> Place:
        """Where it ended."""
        return self.problem.place or Place("app.py")

    @property
    def line(self) -> str:
        """The text of that line."""
        return self.line_at(self.place)

    def line_at(self, place: Place) -> str:
        """The text of a line of the project; empty where there is none."""
        lines = self.text(place.file).splitlines()
        return lines[place.line - 1] if place.line and place.line <= len(lines) else ""

    def text(self, file: str) -> str:
        """The text of a file of the project."""
        try:
            return Path(self.imports.folder, file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def files(self) -> list[str]:
        """The Python files at the top of the folder, and one level below."""
        folder = Path(self.imports.folder)
        found = [*sorted(folder.glob("*.py")), *sorted(folder.glob("*/*.py"))]
        return [path.relative_to(folder).as_posix() for path in found]

    def frames(self) -> list[tuple[Place, str]]:
        """The project's own frames, outermost first, each with the name of its function."""
        walked = traceback.walk_tb(self.error.__traceback__)
        return [
            (Place(self.imports.relative(frame.f_code.co_filename), line), frame.f_code.co_name)
            for frame, line in walked
            if self.imports.holds(frame.f_code.co_filename)
        ]

    def said(self, rule_id: str, why: str, *fixes: Fix | None, sentence: str = "") -> Problem:
        """The problem with its rule, its reason and its ways out."""
        known = self.problem
        found = ways(*fixes) or (told(label(known.hint or "Mend that line")),)
        return replace(known, sentence=sentence or known.sentence, rule_id=rule_id, why=why, fixes=found)


def at(place: Place) -> tuple[str, int | None]:
    """A place as the first words of a mend."""
    return place.file, place.line


def where(load: Load) -> str:
    """The place in words."""
    place = load.place
    return f"{place.file}, line {place.line}" if place.line else place.file
