"""One change of many files in the making: what to replace where, and a proof that nothing else changes.

Every replacement says which name becomes which. Before a proposal is made of them, each statement that they
touch is parsed as it was and as it would be, and the two trees may differ in just those names.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path

from playground.core.problems import ProblemError
from playground.core.proposals import Proposal
from playground.project.editing.results import not_lossless
from playground.project.files import read_bytes
from playground.project.index import Index, Picture, PlainSource
from playground.project.python.source import Replacement, Source, parse
from playground.project.reading.module_reading import read_tolerantly
from playground.project.reading.modules import ModuleReading

MOST_NOTES = 12
"""So many places are named in a note; of the others it says how many there are."""

Difference = tuple[object, object]
"""What a leaf of the tree was and what it becomes; None where there was, or will be, nothing."""


@dataclass
class _FileEdit:
    source: Source
    reading: ModuleReading | None
    pieces: dict[tuple[int, int], str] = field(default_factory=dict)
    means: dict[tuple[int, int], tuple[Difference, ...]] = field(default_factory=dict)


class WideEdit:
    """What becomes of the project's files; they are read from the disk once each."""

    def __init__(
        self, folder: Path, index: Index, picture: Picture, held: Mapping[str, bytes | None] | None = None
    ) -> None:
        """``held`` is what files are to be taken to hold instead of what is on the disk."""
        self.index, self.picture = index, picture
        self._folder = folder
        self._data = dict(held or {})
        self._readings: dict[str, ModuleReading] = {}
        self._edits: dict[str, _FileEdit] = {}
        self._moved: dict[str, str] = {}
        self._understood: dict[str, list[tuple[int, int]]] = {}
        self._notes: dict[str, list[str]] = {}

    # Reading ----------------------------------------------------------------------------------

    def data(self, file: str) -> bytes | None:
        """What a file holds on the disk."""
        if file not in self._data:
            self._data[file] = read_bytes(self._folder, file)
        return self._data[file]

    def reading(self, file: str) -> ModuleReading:
        """A Python file as it is on the disk, around its faults. Raises ProblemError for what is no text."""
        if file not in self._readings:
            data, known = self.data(file) or b"", self.index.reading(file)
            if known is None or known.source.data != data or known.source.faults:
                known = read_tolerantly(Source(file, data))  # without what a fault said when it was none
            self._readings[file] = known
        return self._readings[file]

    def python(self, *words: str | re.Pattern[bytes]) -> Iterator[ModuleReading]:
        """The Python files that hold one of the words; a note says which of them can't be read."""
        patterns = [_pattern(word) for word in words]
        for file in self.index.all_python_files:
            data = self._data_or_note(file)
            if data is None or not any(one.search(data) for one in patterns):
                continue
            try:
                yield self.reading(file)
            except ProblemError:
                self.note("can't be read now, so nothing in it was changed", file)

    def statements(self, reading: ModuleReading, *words: str | re.Pattern[str]) -> Iterator[ast.stmt]:
        """The top-level statements of a file in whose text one of the words occurs."""
        text = reading.source.text
        patterns = [re.compile(re.escape(word)) if isinstance(word, str) else word for word in words]
        found = {
            bisect_right(reading.outline.starts, match.start()) - 1
            for pattern in patterns
            for match in pattern.finditer(text)
        }
        return chain.from_iterable(map(reading.statements_of, sorted(found)))

    def templates(self, *words: str | re.Pattern[bytes]) -> Iterator[tuple[str, PlainSource]]:
        """The templates that hold one of the words: name and source."""
        patterns = [_pattern(word) for word in words]
        for file, name in self.index.all_template_files().items():
            data = self._data_or_note(file)
            if data is None or not any(one.search(data) for one in patterns):
                continue
            source = PlainSource(file, data)
            try:
                source.text  # noqa: B018  # decoded when it is first asked for
            except ProblemError:
                self.note("can't be read now, so nothing in it was changed", file)
            else:
                yield name, source

    def _data_or_note(self, file: str) -> bytes | None:
        try:
            return self.data(file)
        except ProblemError:
            self.note("can't be read now, so nothing in it was changed", file)
            return None

    # Writing ----------------------------------------------------------------------------------

    def replace(
        self, source: Source, start: int, text: str, old: str, means: tuple[Difference, ...] = ()
    ) -> None:
        """Put ``text`` where ``old`` stands at ``start``; where something else stands there, note it."""
        end = start + len(old)
        if source.text[start:end] != old:
            self.note(f"says {old} in a way that can't be changed here", source.file, source.line_of(start))
            return
        edit = self._edits.setdefault(source.file, _FileEdit(source, self._readings.get(source.file)))
        edit.pieces[start, end] = text
        edit.means[start, end] = means or ((old, text),)

    def rename_literal(self, source: Source, node: ast.Constant, new: str) -> None:
        """Another text between the quotes that are there."""
        old, (start, end) = str(node.value), source.span(node)
        written = source.text[start:end]
        inner = re.fullmatch(
            r"(?P<open>[uUrRbB]*(?:'''|\"\"\"|'|\"))(?P<text>.*?)('''|\"\"\"|'|\")", written, re.DOTALL
        )
        if inner is None or inner["text"] != old:
            self.note(f"says {old} in a way that can't be changed here", source.file, node.lineno)
            return
        self.replace(source, start + inner.start("text"), new, old)

    def move(self, file: str, new: str) -> None:
        """Give a file another name."""
        self._moved[file] = new

    def note(self, what: str, file: str = "", line: int = 0) -> None:
        """Say something that the person should know; the places of one thing are named together."""
        places = self._notes.setdefault(what, [])
        place = f"{file}:{line}" if line else file
        if place and place not in places:
            places.append(place)

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not self._edits and not self._moved

    def understand(self, file: str, start: int, end: int) -> None:
        """Remember that what stands there is known to mean something, changed or not."""
        self._understood.setdefault(file, []).append((start, end))

    def is_understood(self, file: str, offset: int) -> bool:
        """Whether what stands at an offset is replaced, or known to mean something else."""
        edit = self._edits.get(file)
        spans = [*(edit.pieces if edit is not None else ()), *self._understood.get(file, ())]
        return any(start <= offset < end for start, end in spans)

    def changed(self, file: str) -> bytes | None:
        """What a file would hold."""
        edit = self._edits.get(file)
        if edit is None:
            return self.data(file)
        return edit.source.replaced(
            Replacement(start, end, text) for (start, end), text in edit.pieces.items()
        )

    def proposal(self, label: str) -> Proposal:
        """All of it, proved. Raises ProblemError where an edit would change anything else."""
        for edit in self._edits.values():
            if edit.reading is not None:
                _prove(edit, edit.reading)
        before: dict[str, bytes | None] = {}
        after: dict[str, bytes | None] = {}
        for file in (*self._edits, *self._moved):
            before[file], after[file] = self.data(file), self.changed(file)
        for file, new in self._moved.items():
            before[new], after[new], after[file] = None, after[file], None
        return Proposal(label, before, after, self.notes)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know, each with its places."""
        return tuple(_told(what, places) for what, places in self._notes.items())


def _told(what: str, places: Sequence[str]) -> str:
    if not places:
        return what
    shown = ", ".join(places[:MOST_NOTES])
    more = f" and {len(places) - MOST_NOTES} more" if len(places) > MOST_NOTES else ""
    return f"{shown}{more}: {what}."


def _pattern(word: str | re.Pattern[bytes]) -> re.Pattern[bytes]:
    if isinstance(word, re.Pattern):
        return word
    if not word.isascii():  # the bytes depend on the file's encoding
        return re.compile(b"")
    return re.compile(rb"(?<!\w)" + re.escape(word).encode() + rb"(?!\w)")


# The proof --------------------------------------------------------------------------------------


def _prove(edit: _FileEdit, reading: ModuleReading) -> None:
    """Raises ProblemError unless the file's trees differ in just what the replacements mean."""
    text = reading.source.program  # as long as the text, in words that this Python knows
    starts = [*reading.outline.starts, len(text) + 1]
    by_statement: dict[int, list[tuple[int, int]]] = {}
    at = 0
    for span in sorted(edit.pieces):
        while span[0] >= starts[at + 1]:
            at += 1
        by_statement.setdefault(at, []).append(span)
    for at, spans in by_statement.items():
        start, end = starts[at], min(starts[at + 1], len(text))
        piece = text[start:end]
        for one in reversed(spans):
            piece = piece[: one[0] - start] + edit.pieces[one] + piece[one[1] - start :]
        try:
            after = parse(piece, reading.file).body
        except ProblemError as error:
            raise not_lossless(reading.file, str(error)) from error
        meant = Counter(chain.from_iterable(edit.means[one] for one in spans))
        if (found := Counter(differences(reading.statements_of(at), after))) != meant:
            raise not_lossless(reading.file, f"{found - meant} without {meant - found}")


def differences(before: object, after: object) -> Iterator[Difference]:
    """The leaves in which two trees differ."""
    if isinstance(before, ast.JoinedStr) and isinstance(after, ast.JoinedStr):
        yield from _of_texts(before.values, after.values)
    elif isinstance(before, ast.AST) and type(before) is type(after):
        for name in before._fields:
            yield from differences(getattr(before, name, None), getattr(after, name, None))
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip_longest(before, after):
            yield from differences(one, other)
    elif before != after:
        yield _leaf(before), _leaf(after)


def _of_texts(before: list[ast.expr], after: list[ast.expr]) -> Iterator[Difference]:
    """As ``differences`` of the parts of an f-string; ``{name=}`` says the name a second time, as text."""
    for at, (one, other) in enumerate(zip_longest(before, after)):
        found = list(differences(one, other))
        if found and isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
            said, following = (
                str(one.value),
                list(differences(before[at + 1 : at + 2], after[at + 1 : at + 2])),
            )
            for old, new in following if said.rstrip().endswith("=") else ():
                said = re.sub(rf"(?<!\w){re.escape(str(old))}(?!\w)", str(new), said)
            found = found if said != other.value else []
        yield from found


def _leaf(value: object) -> object:
    return ast.unparse(value) if isinstance(value, ast.AST) else value
