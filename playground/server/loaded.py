"""One file as the running app has it: its bytes, its statements, and the code that runs of each function.

It is made when the file is imported and follows each edit that is made live in place.
"""

from __future__ import annotations
import __future__

import ast
import itertools
import os
import sys
import time
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from playground.core.pieces import parse_in_pieces

_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag

_COARSE_NS = 20_000_000
"""A file that was written this short a time before it was read may be written again unseen: the clock of a
file system moves in steps of some milliseconds."""


LONG = 48_000
"""Bytes from which on a file is compiled in parts."""
PART_LINES = 120


class NotInPlaceError(Exception):
    """The edit can't be made live in place; the reason is for the log."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes with every write of a file, and whether it is old enough to rely on.

    A program may put the time of a write back to what it was; where the system has a time of change as well
    (on Windows it has none), nobody can do that with it.
    """

    mtime_ns: int
    ctime_ns: int
    size: int
    inode: int
    certain: bool = False

    def same(self, other: Stamp | None) -> bool:
        """Whether nothing was written in between, as far as stamps can tell."""
        return other is not None and (self.mtime_ns, self.ctime_ns, self.size, self.inode) == (
            other.mtime_ns,
            other.ctime_ns,
            other.size,
            other.inode,
        )


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file; None where there is none. To be taken before the file is read."""
    try:
        status = os.stat(path)  # noqa: PTH116  (asked for each file of the app as a request begins)
    except (OSError, ValueError):
        return None
    certain = time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _COARSE_NS
    return Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, certain)


@dataclass
class Statement:
    """A top-level statement: from which byte to which, decorators included.

    ``line`` is the one (from 1) that its running code believes to begin at; ``names`` are the qualified names
    of the functions and classes in it.
    """

    start: int
    end: int
    line: int
    names: list[str]


@dataclass(frozen=True)
class Compiled:
    """A module's code, in parts that are to be run one after the other, and its statements where known.

    To compile is one call into C which holds every other thread, half a second for a file of 800 KB: in
    parts, the window gets its turn in between.
    """

    codes: list[CodeType]
    body: list[ast.stmt] | None = None

    @classmethod
    def whole(cls, data: bytes, path: str) -> Compiled:
        """All in one; raises SyntaxError, or ValueError for null bytes."""
        return cls([compile(data, path, "exec", dont_inherit=True)])

    @classmethod
    def in_parts(cls, data: bytes, path: str) -> Compiled:
        """As ``whole``, in parts where it is long."""
        if len(data) < LONG or sys.version_info >= (3, 14):  # there a module's annotations are one function
            return cls.whole(data, path)
        codes: list[CodeType] = []
        body = parse_in_pieces(data).body
        flags = 0
        try:
            for part in _parts(body):
                module = ast.Module(part, [])
                codes.append(compile(module, path, "exec", flags=flags, dont_inherit=True))
                flags |= codes[-1].co_flags & _FUTURES
        except SyntaxError:  # say it as Python says it
            return cls.whole(data, path)
        return cls(codes, body)


def _parts(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Statements that follow one another, some hundreds of lines at a time."""
    first = 0
    for at, node in enumerate(body, 1):
        if at == len(body) or (node.end_lineno or 0) - body[first].lineno > PART_LINES:
            yield body[first:at]
            first = at


class LoadedFile:
    """What was compiled of a file, for as long as the app that imported it is live.

    ``codes`` are its code objects by qualified name; a name that is bound twice maps to None. ``namespace``
    is that of the module, once it has run. Nothing else here holds on to a code object, so that counting its
    references tells who runs it.
    """

    def __init__(self, path: str, data: bytes, compiled: Compiled, stamp: Stamp | None = None) -> None:
        self.path = path
        self.data = data
        self.stamp = stamp
        self.flags = compiled.codes[0].co_flags & _FUTURES
        self.codes = codes_of(compiled.codes)
        self.namespace: dict[str, object] = {}
        self.imported_twice = False
        self.moved = False
        self._statements = self._find_statements(compiled.body) if compiled.body else None

    @property
    def statements(self) -> list[Statement]:
        """The top-level statements in their order; found when they are first needed."""
        if self._statements is None:
            self._statements = self._find_statements(parse_in_pieces(self.data).body)
        return self._statements

    def prepare(self) -> None:
        """Find the statements now, so that the next edit does not have to."""
        _ = self.statements

    def texts(self) -> Iterator[bytes]:
        """The text of each top-level statement."""
        return (self.data[one.start : one.end] for one in self.statements)

    def is_current(self) -> bool:
        """Whether the file on the disk is still the one that is loaded, as far as its stamp can tell."""
        stamp = self.stamp
        if stamp is None or not stamp.certain:
            return False
        try:
            now = os.stat(self.path)  # noqa: PTH116  (as above; nothing is made of the answer either)
        except (OSError, ValueError):
            return False
        return (now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino) == (
            stamp.mtime_ns,
            stamp.ctime_ns,
            stamp.size,
            stamp.inode,
        )

    def confirm(self) -> bool:
        """Read the file and say whether it still holds what is loaded; if so, its stamp is renewed."""
        stamp = stamp_of(self.path)
        try:
            same = Path(self.path).read_bytes() == self.data
        except OSError:
            return False
        if same:
            self.stamp = stamp
        return same

    def _find_statements(self, body: list[ast.stmt]) -> list[Statement]:
        self._refuse_odd_text()
        found = [Statement(start, end, line, []) for start, line, end in extents(self.data, body)]
        firsts = [one.line for one in found]
        for name, code in self.codes.items():
            if code is not None:
                found[bisect_right(firsts, code.co_firstlineno) - 1].names.append(name)
        return found

    def _refuse_odd_text(self) -> None:
        """Pieces of a file are read by themselves: only where each means what it means in the whole."""
        encoding, _ = tokenize.detect_encoding(iter(self.data.splitlines(keepends=True)[:2]).__next__)
        if encoding not in ("utf-8", "utf-8-sig"):
            raise NotInPlaceError(f"the file is in {encoding}")
        if self.data.count(b"\r") != self.data.count(b"\r\n"):
            raise NotInPlaceError("lines end in a lone carriage return")


def extents(text: bytes, body: list[ast.stmt]) -> list[tuple[int, int, int]]:
    """Of each top-level statement: its first byte, its first line from 1, and the byte after its last line.

    Decorators belong to it; statements that share a line count as one.
    """
    offsets = [0, *itertools.accumulate(map(len, text.splitlines(keepends=True)))]
    found: list[tuple[int, int, int]] = []
    for node in body:
        line = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
        start, end = offsets[line - 1], offsets[node.end_lineno or node.lineno]
        if found and start < found[-1][2]:
            found[-1] = (*found[-1][:2], end)
        else:
            found.append((start, line, end))
    return found


def codes_of(codes: Iterable[CodeType]) -> dict[str, CodeType | None]:
    """The code objects inside of some, at any depth, by qualified name; None where a name is there twice."""
    found: dict[str, CodeType | None] = {}
    for code in codes:
        for inner in inner_codes(code):
            name = inner.co_qualname
            found[name] = None if name in found else inner
            for deeper, its in codes_of([inner]).items():
                found[deeper] = None if deeper in found else its
    return found


def inner_codes(code: CodeType) -> Iterator[CodeType]:
    """The code objects just inside of one."""
    return (const for const in code.co_consts if isinstance(const, CodeType))
