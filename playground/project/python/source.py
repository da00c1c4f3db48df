"""One Python file as bytes, as text and as a tree, with a way between the three.

An edit is said as replacements of pieces of ``text``; ``replaced`` carries them out on the bytes.
Whatever lies outside a replacement is copied byte for byte, so the BOM, the encoding, mixed newlines
and a missing last newline survive without anyone thinking of them.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import sys
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count
from operator import add

from playground.core.alike import common_end, common_start
from playground.core.newer_syntax import newer
from playground.core.pieces import parse_in_pieces
from playground.core.problems import Place, Problem, ProblemError, refuse
from playground.core.routes import Region

LARGEST = 2_000_000
"""Files of more bytes than this are listed, but neither read nor edited."""

_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put ``text`` (``\\n`` newlines) in the place of characters ``start`` to ``end`` of a source's text."""

    start: int
    end: int
    text: str


@contextmanager
def refuse_too_deep(what: str = "The code") -> Iterator[None]:
    """Raises ProblemError where code is nested further than it can be followed; also as a decorator."""
    try:
        yield
    except (RecursionError, MemoryError) as error:
        raise refuse(
            f"{what} is nested too deeply to be read here.",
            "Write its longest expression, or its deepest blocks, in several steps.",
            original=f"{type(error).__name__}: {error}",
        ) from error


class Source:
    """A file's bytes and what they say. Nothing is decoded or parsed until it is asked for.

    Offsets are characters of ``text`` unless a name says bytes.
    """

    def __init__(self, file: str, data: bytes) -> None:
        self.file = file
        self.data = data

    @cached_property
    def encoding(self) -> str:
        """The encoding that a BOM or a coding cookie names, UTF-8 otherwise (without its BOM)."""
        try:
            top = b"\n".join(re.split(rb"\r\n|\r|\n", self.data, maxsplit=2)[:2])
            found, _ = tokenize.detect_encoding(io.BytesIO(top).readline)
        except SyntaxError as error:
            raise self._unreadable(str(error)) from error
        return "utf-8" if found == "utf-8-sig" else found

    @cached_property
    def _raw(self) -> str:
        """The decoded text with the newlines that the file has, without its BOM."""
        if len(self.data) > LARGEST:
            raise refuse(
                f"{self.file} is too large to edit here ({len(self.data) / 1e6:.1f} MB).",
                "Files of up to 2 MB can be read; move large data into a file of its own.",
                place=Place(self.file),
            )
        if b"\0" in self.data:
            raise self._unreadable("source code cannot contain null bytes")
        try:
            if "\n".encode(self.encoding) != b"\n":  # as in unicode_escape: its files have no lines to edit
                raise self._unreadable(f"{self.encoding} does not write lines as lines")
            raw = self.data[self._bom :].decode(self.encoding)
            same = raw.encode(self.encoding) == self.data[self._bom :]
        except (UnicodeError, LookupError) as error:
            raise self._unreadable(str(error)) from error
        if not same:
            raise self._unreadable(f"{self.encoding} does not give the same bytes back")
        return raw

    @property
    def _bom(self) -> int:
        return len(codecs.BOM_UTF8) if self.data.startswith(codecs.BOM_UTF8) else 0

    @cached_property
    def text(self) -> str:
        """The file's text with ``\\n`` for every kind of newline. Raises ProblemError for what is no text."""
        return self._raw.replace("\r\n", "\n").replace("\r", "\n")

    faults: tuple[tuple[int, int], ...] = ()
    """From where to where the statements go that do not parse, in a file that is read all the same."""

    @property
    def program(self) -> str:
        """The text to parse, as long as ``text`` and with the same lines."""
        return self.text

    def bare(self) -> Source:
        """The same without what was worked out."""
        return Source(self.file, self.data)

    @cached_property
    def newline(self) -> str:
        """The newline that most lines end with; ``\\n`` in a file of one line."""
        pairs = self._raw.count("\r\n")
        counts = {"\n": self._raw.count("\n") - pairs, "\r\n": pairs, "\r": self._raw.count("\r") - pairs}
        return max(counts, key=lambda kind: counts[kind])

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises ProblemError with the place where Python stops understanding."""
        return parse(self.program, self.file)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Where each line begins; the first line is item 0."""
        ends = accumulate(map(len, self.text.split("\n")[:-1]))
        return (0, *map(add, ends, count(1)))  # for each line above its newline

    @cached_property
    def _plain(self) -> bool:
        """Whether characters and bytes are the same, so that no place has to be worked out."""
        return self.data.isascii() and b"\r" not in self.data and self.encoding == "utf-8"

    @cached_property
    def _line_bytes(self) -> tuple[int, ...]:
        """The byte at which each line begins."""
        if "\r" not in self._raw:
            lines = self._raw.split("\n")
            return tuple(accumulate((len(self._bytes(line)) + 1 for line in lines[:-1]), initial=self._bom))
        starts, at, before = [self._bom], self._bom, 0
        for match in _NEWLINE.finditer(self._raw):
            at += len(self._bytes(self._raw[before : match.end()]))
            before = match.end()
            starts.append(at)
        return tuple(starts)

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.encoding)

    def line_of(self, offset: int) -> int:
        """The number of the line that holds the offset, counted from 1."""
        return bisect_right(self.line_starts, offset)

    def line_start(self, offset: int) -> int:
        """Where the line that holds the offset begins."""
        return self.line_starts[self.line_of(offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line that holds the offset ends, before its newline."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def offset(self, line: int, column: int) -> int:
        """The offset of a position as ``ast`` gives it: line from 1, column in UTF-8 bytes."""
        start = self.line_starts[line - 1]
        piece = self.program[start : start + column]  # which the tree was made of; as long as the text
        if piece.isascii():
            return start + column
        return start + len(self.program[start : self.line_end(start)].encode()[:column].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        """From where to where a node's text goes. The node is one that has a position."""
        assert isinstance(node, (ast.expr, ast.stmt, ast.arg, ast.keyword, ast.alias))
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self.offset(node.lineno, node.col_offset)
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.AST) -> str:
        """A node's own text."""
        start, end = self.span(node)
        return self.text[start:end]

    def byte(self, offset: int) -> int:
        """The byte at which the character at ``offset`` begins."""
        if self._plain:
            return offset
        line = self.line_of(offset) - 1
        piece = self.text[self.line_starts[line] : offset]
        return self._line_bytes[line] + len(piece.encode(self.encoding))

    def char(self, byte: int) -> int:
        """The offset of the character that begins at ``byte``."""
        if self._plain:
            return min(byte, len(self.data))
        line = max(0, bisect_right(self._line_bytes, byte) - 1)
        piece = self.data[self._line_bytes[line] : byte].decode(self.encoding)
        return min(self.line_starts[line] + len(piece), self.line_end(self.line_starts[line]))

    def region(self, start: int, end: int) -> Region:
        """The piece of the file between two offsets, as other parts of the program carry it around."""
        return Region(self.file, self.byte(start), self.byte(end), self.text[start:end])

    def encode(self, text: str) -> bytes:
        """Text with ``\\n`` newlines as bytes in the file's own encoding and newlines."""
        try:
            return text.replace("\n", self.newline).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise refuse(
                f"{self.file} is saved as {self.encoding}, which has no “{text[error.start]}”.",
                "Leave that character out, or save the file as UTF-8 first.",
                place=Place(self.file),
                original=str(error),
            ) from error

    def replaced(self, replacements: Iterable[Replacement]) -> bytes:
        """The file's bytes with the replacements made; they must not overlap. All else stays as it was."""
        pieces: list[bytes] = []
        at = 0
        for each in sorted(map(self._narrowed, replacements), key=lambda one: (one.start, one.end)):
            start = self.byte(each.start)
            assert start >= at, "replacements overlap"
            pieces += [self.data[at:start], self.encode(each.text)]
            at = self.byte(each.end)
        return b"".join([*pieces, self.data[at:]])

    def _narrowed(self, one: Replacement) -> Replacement:
        """The same replacement without what is equal at its two ends, so that those bytes stay."""
        old = self.text[one.start : one.end]
        front = common_start(old, one.text)
        old, new = old[front:], one.text[front:]
        back = common_end(old, new, min(len(old), len(new)))
        return Replacement(one.start + front, one.end - back, new[: len(new) - back])

    def _unreadable(self, original: str) -> Exception:
        return refuse(
            f"{self.file} is not readable as Python text.",
            "Save it as UTF-8 text, or move it out of the project if it is not a program.",
            place=Place(self.file),
            original=original,
        )


def _said_of(error: SyntaxError, text: str, file: str) -> Problem:
    """Where Python stops understanding, and which Python would understand it."""
    line, column = error.lineno or 1, max(0, (error.offset or 1) - 1)
    what, version = newer("".join(text.split("\n", line)[line - 1 : line]))
    sentence = f"Python does not understand line {line} of {file}: {error.msg}."
    hint = "Look at that line, and at the end of the line above it."
    if version:
        here = ".".join(map(str, sys.version_info[:2]))
        sentence = f"Python {here} does not understand line {line} of {file}: {what} is syntax of {version}."
        hint = f"Use Python {version} or newer for this project, or write that line in the older way."
    return Problem(sentence, hint, "", Place(file, line, column), f"{type(error).__name__}: {error.msg}")


def parse(text: str, file: str) -> ast.Module:
    """The tree of a program's text; raises ProblemError that says where it does not parse."""
    try:
        return parse_in_pieces(text)
    except SyntaxError as error:
        raise ProblemError(_said_of(error, text, file)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise refuse(
            f"Python can't read {file}.",
            "It is nested too deeply or holds characters that no program has.",
            place=Place(file),
            original=f"{type(error).__name__}: {error}",
        ) from error
