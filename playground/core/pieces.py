"""Long programs parsed a piece at a time, so that other threads get their turn in between.

``ast.parse`` is one call into C that lets no other thread run while it lasts: half a second for a file of
800 KB, in which a window can't draw. Cut into pieces of whole statements it takes as long in all, in steps
of a few milliseconds. Where a line only looks like the beginning of a statement (inside a string), or the
program has an error, the piece or the whole is parsed at once, so that trees and errors are Python's own.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PIECE = 8_000
"""About as many characters are parsed in one go."""

_BEGINNING = re.compile(r"^(?:@|def[ \t]|class[ \t]|async[ \t])", re.MULTILINE)
_APART = re.compile(
    r"(?<=\n\n)(?:@|def[ \t]|class[ \t]|async[ \t])"
)  # below its decorators it is no beginning
_COOKIE = re.compile(
    rb"(?:[^\r\n]*(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*coding[:=]"
)  # in one of the first two lines
_BOM = b"\xef\xbb\xbf"
_RETRIES = 6
FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What ``ast.parse`` raises for texts that are no program."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole statements that stand one after the other: lines of ``tree`` are counted from ``first``.

    ``first`` is the number of lines above, ``start`` and ``end`` are offsets in the whole text.
    """

    first: int
    start: int
    end: int
    tree: ast.Module


def parse_in_pieces(program: str | bytes) -> ast.Module:
    """What ``ast.parse`` gives for a program, and what it raises for one that has an error."""
    text = _text(program)
    if text is None or len(text) < 2 * PIECE:
        return parse_quietly(program)
    body: list[ast.stmt] = []
    try:
        for piece in pieces(text, keep_lines=True):
            body += piece.tree.body
    except FAILURES:
        return parse_quietly(program)
    return ast.Module(body, [])


def pieces(text: str, size: int = PIECE, *, keep_lines: bool = False) -> Iterator[Piece]:
    """The program piece by piece; ``text`` has no newlines but ``\\n``.

    With ``keep_lines`` the lines of the trees are those of the whole text. Raises one of ``FAILURES`` where
    it can't be cut; ``parse`` of the whole text then tells whether there is an error.
    """
    start, first = 0, 0
    while start < len(text) or start == 0:
        end, tree = _one_piece(text, start, size, first if keep_lines else 0)
        yield Piece(first, start, end, tree)
        first += text.count("\n", start, end)
        start = end or 1


def _one_piece(text: str, start: int, size: int, above: int) -> tuple[int, ast.Module]:
    """The piece that begins at ``start``: grown until it parses."""
    wanted = size
    for retry in range(_RETRIES):
        end = _cut(text, start + wanted)
        try:
            # Empty lines in front are the quickest way to the right line numbers.
            return end, parse_quietly("\n" * above + text[start:end])
        except FAILURES:
            if end == len(text) or retry == _RETRIES - 1:
                raise
            wanted = end - start + (1 if retry < _RETRIES // 2 else size)
    raise AssertionError("unreachable")


def _cut(text: str, at: int) -> int:
    """Where a statement is seen to begin: below an empty line where there is such a one."""
    found = _APART.search(text, at, at + PIECE) or _BEGINNING.search(text, at)
    return found.start() if found else len(text)


@contextmanager
def without_warnings() -> Iterator[None]:
    """To parse or compile in: an invalid escape is Python's to report when it runs the file.

    No lock makes threads take turns here: code may be stopped from outside at any step, and would keep it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse_quietly(program: str | bytes) -> ast.Module:
    """``ast.parse`` without warnings."""
    with without_warnings():
        try:
            return ast.parse(program)
        except SystemError:  # Python 3.11 counts how deep a tree is for all threads together
            return ast.parse(program)


def _text(program: str | bytes) -> str | None:
    """The program's text with ``\\n`` newlines; None where only Python knows how to read it."""
    if isinstance(program, bytes):
        if _COOKIE.match(program.removeprefix(_BOM)):
            return None
        try:
            program = program.removeprefix(_BOM).decode()
        except UnicodeError:
            return None
    if "\0" in program or "barry_as_FLUFL" in program:  # the latter is a future that changes the grammar
        return None
    return program.replace("\r\n", "\n").replace("\r", "\n") if "\r" in program else program
