"""What checks look at: each file as it was last read, with facts of its statements, and the project.

Facts are taken from one top-level statement at a time and go by its text, so after an edit only what changed
is parsed again: a file of ten thousand routes costs a few looks into a table.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from playground.core.pieces import FAILURES, parse_quietly
from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.project.app_finding import is_aside
from playground.project.index import Index, Picture
from playground.project.reading.modules import ModuleReading, OwnerDef
from playground.project.reading.resolving import Names

F = TypeVar("F")
T = TypeVar("T")


@dataclass(frozen=True)
class Extractor(Generic[F]):
    """What the statements of one line at the top of a file say of a matter: a pure function of them.

    Lines in its facts count from 1 at the statement's own first line.
    """

    name: str
    of: Callable[[list[ast.stmt]], tuple[F, ...]]


_Known = dict[str, dict[str, tuple[object, ...]]]
"""By the text of a statement, what each extractor found in it."""


class CheckedFile:
    """One Python file that parses; the same object until the file or its routes change."""

    def __init__(self, reading: ModuleReading, routes: tuple[Route, ...], before: _Known) -> None:
        self.file, self.reading, self.routes = reading.file, reading, routes
        self.statements = list(self._statements())
        self.known: _Known = {text: before.get(text, {}) for _, text in self.statements}
        self._kept: dict[object, object] = {}

    def _statements(self) -> Iterator[tuple[int, str]]:
        """How many lines stand above each statement, and its text."""
        above = 0
        for text in self.reading.texts():
            yield above, text
            above += text.count("\n")

    def facts(self, extractor: Extractor[F]) -> Iterator[tuple[int, F]]:
        """Each fact, with the number of lines above the statement that it belongs to."""
        for above, text in self.statements:
            known = self.known[text]
            if extractor.name not in known:
                known[extractor.name] = extractor.of(_parsed(text))
            for fact in known[extractor.name]:
                yield above, fact  # type: ignore[misc]  # kept under the extractor's own name

    def kept(self, work: Callable[[CheckedFile], T]) -> T:
        """What a function makes of the file, worked out once."""
        if work not in self._kept:
            self._kept[work] = work(self)
        return self._kept[work]  # type: ignore[return-value]  # kept under the function itself

    def place(self, line: int, column: int | None = None) -> Place:
        """A place in this file."""
        return Place(self.file, line, column)

    def line(self, number: int) -> str:
        """The text of a line."""
        source = self.reading.source
        start = source.line_starts[number - 1]
        return source.text[start : source.line_end(start)]

    def imported(self, name: str, scope: str = "") -> str:
        """The full name that a name as written was imported under, or empty."""
        return self.reading.imported(name, scope) if name else ""


def _parsed(text: str) -> list[ast.stmt]:
    """The statements of a text; none where it can be read only together with what is around it."""
    try:
        return parse_quietly(text).body
    except FAILURES:
        return []


class CheckedProject:
    """All files that parse and belong to the app (tests and examples do not), and what joins them."""

    def __init__(self, index: Index, picture: Picture, files: Mapping[str, CheckedFile]) -> None:
        self.index, self.picture, self.files = index, picture, files
        self.names = Names({file: one.reading for file, one in files.items()})
        self._owners = {(one.file, one.variable): one for one in reversed(picture.owners)}

    @property
    def whole(self) -> bool:
        """Whether every file could be read: only then is it known that something is said nowhere."""
        return not any(file.endswith(".py") for file in self.picture.broken)

    def all_facts(self, extractor: Extractor[F]) -> Iterator[tuple[CheckedFile, int, F]]:
        """The facts of all files."""
        for file in self.files.values():
            for above, fact in file.facts(extractor):
                yield file, above, fact

    def owners_of(self, file: CheckedFile, name: str, scope: str = "") -> tuple[OwnerDef, ...]:
        """The apps and blueprints that a name stands for."""
        return self.names.owners(file.reading, scope, name)

    def owner(self, made: OwnerDef) -> Owner | None:
        """An app or blueprint as the picture has it."""
        return self._owners.get((made.file, made.variable))

    def says(self, *words: str) -> bool:
        """Whether one of the words stands anywhere in a Python file of the folder, or in .env."""
        texts = [one.reading.source.text for one in self.files.values()]
        return any(word in text for text in texts for word in words)


class CheckedFiles:
    """Keeps what was worked out of each file from one check to the next."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._files: dict[str, CheckedFile] = {}

    def project(self, picture: Picture) -> CheckedProject:
        """The files as they were last read."""
        by_file: dict[str, list[Route]] = {}
        for route in picture.routes:
            by_file.setdefault(route.file, []).append(route)
        fresh = {}
        for file in self._index.all_python_files:
            reading = self._index.reading(file)
            if reading is not None and reading.problem is None and not is_aside(file):
                fresh[file] = self._file(file, reading, tuple(by_file.get(file, ())))
        self._files = {file: one for file, one in fresh.items() if file not in picture.broken}
        return CheckedProject(self._index, picture, self._files)

    def _file(self, file: str, reading: ModuleReading, routes: tuple[Route, ...]) -> CheckedFile:
        known = self._files.get(file)
        if known is not None and known.reading is reading and known.routes == routes:
            return known
        return CheckedFile(reading, routes, known.known if known is not None else {})


FileCheck = Callable[[CheckedFile], tuple[Problem, ...]]
"""What one file shows by itself; kept as long as the file and its routes stay as they are."""

ProjectCheck = Callable[[CheckedProject], tuple[Problem, ...]]
"""What several files show together; asked after every edit, so it works with what is ``kept`` of them."""
