"""What checks look at: each file as it was last read, with facts of its statements, and the project.

Facts are taken from one top-level statement at a time and go by its text, so after an edit only what changed
is parsed again: a file of ten thousand routes costs a few looks into a table.
"""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from playground.core.pieces import FAILURES, parse_quietly
from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.project.app_finding import is_aside
from playground.project.checks.walking import forget
from playground.project.index import Index, Picture
from playground.project.python.syntax import FUNCTIONS, stored
from playground.project.reading.modules import ModuleReading, OwnerDef
from playground.project.reading.resolving import Names

F = TypeVar("F")
T = TypeVar("T")


@dataclass(frozen=True)
class Extractor(Generic[F]):
    """What the statements of one line at the top of a file say of a matter: a pure function of them.

    Lines in its facts count from 1 at the statement's own first line. All that were made are asked together,
    so that a statement is parsed once; their names differ. ``words`` are those of which one stands in a
    statement that has such facts; none given where that can't be told.
    """

    name: str
    of: Callable[[list[ast.stmt]], tuple[F, ...]]
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _EXTRACTORS[self.name] = self

    def may_find(self, text: str) -> bool:
        """Whether a statement of this text may have such facts."""
        return not self.words or any(word in text for word in self.words)


_EXTRACTORS: dict[str, Extractor[Any]] = {}

_Known = dict[str, dict[str, tuple[Any, ...]]]
"""By the text of a statement, what extractors found in it; an empty one where they found nothing."""


class CheckedFile:
    """One Python file that parses; the same object until the file or its routes change."""

    def __init__(self, reading: ModuleReading, routes: tuple[Route, ...], before: _Known) -> None:
        self.file, self.reading, self.routes = reading.file, reading, routes
        self.statements = list(self._statements())
        self.known: _Known = {text: before[text] for _, text in self.statements if text in before}
        self._facts: dict[str, list[tuple[int, Any]]] | None = None
        self._kept: dict[object, object] = {}
        self._said: dict[str, bool] = {}

    def _statements(self) -> Iterator[tuple[int, str]]:
        """How many lines stand above each statement, and its text."""
        above = 0
        for text in self.reading.texts():
            yield above, text
            above += text.count("\n")

    def extract(self, until: float = math.inf) -> bool:
        """Take the facts of all statements; False where it is ``until`` (``perf_counter``) by then."""
        for _, text in self.statements:
            if text not in self.known:
                if time.perf_counter() > until:
                    return False
                self.known[text] = _extracted(text)
        return True

    def facts(self, extractor: Extractor[F]) -> list[tuple[int, F]]:
        """Each fact, with the number of lines above the statement that it belongs to."""
        if self._facts is None:
            self.extract()
            self._facts = {}
            for above, text in self.statements:
                for name, found in self.known[text].items():
                    self._facts.setdefault(name, []).extend((above, one) for one in found)
        return self._facts.get(extractor.name, [])

    def says(self, word: str) -> bool:
        """Whether a word stands anywhere in the file."""
        if word not in self._said:
            self._said[word] = word in self.reading.source.text
        return self._said[word]

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
        """The full name that a name as written was imported under, or empty; also where it is made anew."""
        if not name or name.partition(".")[0] in self.kept(_made_anew):
            return ""
        return self.reading.imported(name, scope)


def _assigned(body: list[ast.stmt]) -> tuple[str, ...]:
    plain = [node for node in body if not isinstance(node, (*FUNCTIONS, ast.ClassDef))]
    return (*(name for node in plain for name in stored(node)), *(_defined(body)))


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    return (node.name for node in body if isinstance(node, (*FUNCTIONS, ast.ClassDef)))


ASSIGNED = Extractor("assigned", _assigned)


def _made_anew(file: CheckedFile) -> frozenset[str]:
    """The names at the top of a file that something else than an import gives a meaning."""
    return frozenset(name for _, name in file.facts(ASSIGNED))


def _extracted(text: str) -> dict[str, tuple[Any, ...]]:
    """What a statement says; nothing where it can be read only together with what is around it."""
    try:
        body = parse_quietly(text).body
        found = {
            name: extractor.of(body) for name, extractor in _EXTRACTORS.items() if extractor.may_find(text)
        }
    except FAILURES:
        return {}
    finally:
        forget()
    return {name: facts for name, facts in found.items() if facts}


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
        """Whether one of the words stands anywhere in the Python files."""
        return any(one.says(word) for one in self.files.values() for word in words)


class CheckedFiles:
    """Keeps what was worked out of each file from one check to the next."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._files: dict[str, CheckedFile] = {}
        self._known: dict[str, _Known] = {}  # also of files that do not parse just now

    def project(self, picture: Picture, until: float = math.inf) -> CheckedProject | None:
        """The files as they were last read; None where it is ``until`` before all their facts are taken.

        What was done by then is kept for the next time.
        """
        by_file: dict[str, list[Route]] = {}
        for route in picture.routes:
            by_file.setdefault(route.file, []).append(route)
        fresh = {}
        files = self._index.all_python_files
        there = set(files)
        self._known = {file: known for file, known in self._known.items() if file in there}
        for file in files:
            reading = self._index.reading(file)
            if reading is not None and reading.problem is None and not is_aside(file):
                fresh[file] = self._file(file, reading, tuple(by_file.get(file, ())))
        self._files = {file: one for file, one in fresh.items() if file not in picture.broken}
        if not all(one.extract(until) for one in self._files.values()):
            return None
        return CheckedProject(self._index, picture, self._files)

    def _file(self, file: str, reading: ModuleReading, routes: tuple[Route, ...]) -> CheckedFile:
        known = self._files.get(file)
        if known is not None and known.reading is reading and known.routes == routes:
            return known
        checked = CheckedFile(reading, routes, self._known.get(file, {}))
        self._known[file] = checked.known
        return checked


ProjectCheck = Callable[[CheckedProject], tuple[Problem, ...]]
"""What several files show together; asked after every edit, so it works with what is ``kept`` of them."""
