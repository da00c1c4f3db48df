"""What can still be read of a file that does not parse: all of it but the statements that are at fault.

These are covered with a ``0`` as long as they are, so that everything else stays in its line and column
and the rest can be read as ever. The smallest statement that explains the fault is covered: a line in a
function where that is enough, the function with its decorators where its head is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from playground.core.pieces import FAILURES, PIECE, parse_quietly
from playground.project.python.source import Source

Span = tuple[int, int]

_GROWN = 8
"""So many more lines that look like beginnings may be inside of one statement, in a long string."""

_MOST_FAULTS = 200
_DEEPEST = 4
_BEGINNING = r"(?!(?:elif|else|except|finally|case)\b)[^\W\d]|[@(\[{*\"']"
_DECORATED = re.compile(r"[ \t]*(?:@|def\b|class\b|async\b)")
_HEAD = re.compile(r"[ \t]*(?:@|def\b|class\b|async\b|if\b|for\b|while\b|with\b|try\b)")
_COLON = re.compile(r":[ \t]*(?:#[^\n]*)?\n")
_SHOWN = re.compile(r"[^\n]")


class MaskedSource(Source):
    """A file with faults: ``program`` is its text with the statements at fault covered."""

    def __init__(self, file: str, data: bytes, faults: tuple[Span, ...]) -> None:
        super().__init__(file, data)
        self.faults = faults

    @cached_property
    def program(self) -> str:
        """Text of the same length that parses."""
        return covered(self.text, self.faults)

    def bare(self) -> Source:
        """The same without what was worked out."""
        return MaskedSource(self.file, self.data, self.faults)


def covered(text: str, faults: Iterable[Span]) -> str:
    """The text with the spans turned into a ``0``, blanks and the newlines that they have."""
    pieces, at = [], 0
    for start, end in faults:
        pieces += [text[at:start], "0", _SHOWN.sub(" ", text[start + 1 : end])]
        at = end
    return "".join([*pieces, text[at:]])


def faults_of(text: str) -> tuple[Span, ...] | None:
    """The statements to cover so that the text may parse; None where there are too many of them."""
    found: list[Span] = []
    for start, end in _chunks_at_fault(text, _cuts(text, 0, len(text), ""), ""):
        found += _inside(text, start, end, "", 0) or [_trimmed(text, start, end)]
        if len(found) > _MOST_FAULTS:
            return None
    return tuple(found) or None


def _parses(text: str, margin: str) -> bool:
    """Whether the text is a program; statements with a margin as in a block."""
    try:
        parse_quietly(f"if 1:\n{text}" if margin else text)
    except FAILURES:
        return False
    return True


def _cuts(text: str, start: int, end: int, margin: str) -> list[int]:
    """Where statements seem to begin that stand ``margin`` deep; a function begins with its decorators."""
    beginning = re.compile(rf"^{re.escape(margin)}(?:{_BEGINNING})", re.MULTILINE)
    cuts: list[int] = []
    joins = False
    for match in beginning.finditer(text, start, end):
        if not (joins and _DECORATED.match(text, match.start())):
            cuts.append(match.start())
        joins = text.startswith("@", match.start() + len(margin))
    return [*cuts, end] if cuts and cuts[0] == start else [start, *cuts, end]


def _chunks_at_fault(text: str, cuts: list[int], margin: str) -> Iterator[Span]:
    """From where to where the statements go that do not parse, whatever is around them."""
    at = 0
    while at < len(cuts) - 1:
        until = _as_far_as_parses(text, cuts, at, margin)
        if until == at:
            yield cuts[at], cuts[at + 1]
            until = at + 1
        at = until


def _as_far_as_parses(text: str, cuts: list[int], at: int, margin: str) -> int:
    """How far a run of statements goes that parse together; ``at`` where not even the first one does."""
    until = at + 1
    while until < len(cuts) - 1 and cuts[until] - cuts[at] < PIECE:
        until += 1
    while until > at + 1:
        if _parses(text[cuts[at] : cuts[until]], margin):
            return until
        until = at + (until - at) // 2
    for until in range(at + 1, min(at + 2 + _GROWN, len(cuts))):
        if _parses(text[cuts[at] : cuts[until]], margin):
            return until
    return at


def _inside(text: str, start: int, end: int, margin: str, depth: int) -> list[Span]:
    """The statements at fault in the block of a broken one; none where its head is broken itself."""
    if depth > _DEEPEST or not _HEAD.match(text, start):
        return []
    for colon in islice(_COLON.finditer(text, start, end), _GROWN):
        deeper = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*([ \t]+)[^\s#]").match(text, colon.end(), end)
        if deeper is None or not deeper[1].startswith(margin) or deeper[1] == margin:
            continue
        if not _parses(text[start : colon.end()] + deeper[1] + "pass\n", margin):
            continue
        found = _in_block(text, (colon.end(), end), deeper[1], depth)
        whole = covered(text[start:end], [(one - start, other - start) for one, other in found])
        return found if found and _parses(whole, margin) else []
    return []


def _in_block(text: str, block: Span, margin: str, depth: int) -> list[Span]:
    found: list[Span] = []
    cuts = _cuts(text, *block, margin)
    first = next((cut for cut in cuts if text.startswith(margin, cut)), block[1])
    cuts = [cut for cut in cuts if cut >= first]
    for start, end in _chunks_at_fault(text, cuts, margin):
        found += _inside(text, start, end, margin, depth + 1) or [_trimmed(text, start, end, margin)]
    return found


def _trimmed(text: str, start: int, end: int, margin: str = "") -> Span:
    """The statement without its margin and the blank lines and comments below it."""
    begin = start + len(margin)
    dedented = (
        re.compile(rf"\n(?!{re.escape(margin)})[ \t]*[^\s#]").search(text, begin, end) if margin else None
    )
    end = dedented.start() if dedented else end
    code = re.sub(r"(?:\n[ \t]*(?:#[^\n]*)?)*\Z", "", text[start:end])
    return begin, max(start + len(code), begin + 1)
