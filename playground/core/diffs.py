"""What differs between two texts, and between the files of a proposal, line by line, to be shown.

Lines that neither side changed are left out but for a few around each change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import AnyStr, Literal

from playground.core.alike import common_end, common_start
from playground.core.proposals import Proposal
from playground.core.units import human_size

CONTEXT = 3
RETURN = "␍"
NO_BREAK = "no line break at the end"
LONG = 2_000
"""Beyond so many lines that differ somehow, lines that are found often no longer count as landmarks."""

Sign = Literal["+", "-", " ", "@", "\\"]
Block = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a diff: added ``+``, removed ``-``, unchanged (a space), left out ``@``, a remark ``\\``.

    ``old`` and ``new`` are its numbers on either side, from 1; 0 where it is not there. ``changed`` is the
    part (start, end) in which it differs from the line that it takes the place of, empty where none is known.
    """

    sign: Sign
    text: str
    old: int = 0
    new: int = 0
    changed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What becomes of one file: ``changed``, ``added``, ``removed`` or ``renamed`` (it ``was`` called so).

    ``note`` says in words what can't be shown in lines.
    """

    file: str
    kind: Literal["changed", "added", "removed", "renamed"]
    lines: tuple[DiffLine, ...] = ()
    was: str = ""
    note: str = ""

    @property
    def added(self) -> int:
        """How many lines come."""
        return sum(line.sign == "+" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines go."""
        return sum(line.sign == "-" for line in self.lines)


def diff_lines(before: str, after: str, context: int = CONTEXT) -> tuple[DiffLine, ...]:
    """The lines in which two texts differ, with ``context`` lines around them; none where they are equal."""
    old, new = _split(before), _split(after)
    lines: list[DiffLine] = []
    for group in _groups(blocks(old, new), context):
        first, last = group[0], group[-1]
        lines.append(_left_out(first[1], first[3], last[2] - first[1], last[4] - first[3]))
        for block in group:
            lines += _shown(block, old, new)
    return tuple(lines)


def file_diffs(proposal: Proposal) -> tuple[FileDiff, ...]:
    """What a proposal does to each of its files, those that it leaves alone left out."""
    before, after = proposal.before, proposal.after
    files = [file for file in after if before.get(file) != after[file]]
    was = _renamed(files, before, after)
    gone = set(was.values())
    return tuple(
        _file_diff(file, before.get(was.get(file, file)), after[file], was.get(file, ""))
        for file in sorted(files)
        if file not in gone
    )


# Lines --------------------------------------------------------------------------------------------


def _split(text: str) -> list[str]:
    """The lines with their breaks; a form feed or a separator of paragraphs breaks none."""
    *lines, rest = text.split("\n")
    return [*(f"{line}\n" for line in lines), *([rest] if rest else [])]


def blocks(old: Sequence[AnyStr], new: Sequence[AnyStr]) -> list[Block]:
    """What is equal, and what takes the place of what, as difflib tells it; equal ends are found quickly."""
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    ours, theirs = old[start : len(old) - end], new[start : len(new) - end]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=len(ours) + len(theirs) > LONG)
    middle: list[Block] = [
        (tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in matcher.get_opcodes()
    ]
    head: list[Block] = [("equal", 0, start, 0, start)] if start else []
    tail: list[Block] = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return [*head, *middle, *tail]


def _same(one: Sequence[AnyStr], other: Sequence[AnyStr]) -> int:
    """How many items both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _groups(found: list[Block], context: int) -> Iterator[list[Block]]:
    """The changes, each with the lines around it; those whose surroundings touch are one."""
    group: list[Block] = []
    last = len(found) - 1
    for at, (tag, a, b, c, d) in enumerate(found):
        if tag != "equal":
            group.append((tag, a, b, c, d))
            continue
        head = min(b - a, context) if at else 0
        tail = min(b - a, context) if at < last else 0
        if head + tail >= b - a:
            group.append((tag, a, b, c, d))
            continue
        if at:
            yield [*group, (tag, a, a + head, c, c + head)]
        group = [(tag, b - tail, b, d - tail, d)]
    if any(block[0] != "equal" for block in group):
        yield group


def _left_out(old: int, new: int, olds: int, news: int) -> DiffLine:
    """The line above a change that says where it is, as ``diff -u`` writes it."""
    return DiffLine("@", f"@@ -{_range(old, olds)} +{_range(new, news)} @@")


def _range(start: int, length: int) -> str:
    return f"{start + 1 if length else start},{length}"


def _shown(block: Block, old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    tag, a, b, c, d = block
    if tag == "equal":
        for at in range(b - a):
            yield DiffLine(" ", _bare(old[a + at]), a + at + 1, c + at + 1)
        return
    olds, news = old[a:b], new[c:d]
    returns = bool(olds and news) and _breaks(olds) != _breaks(news)
    parts = list(map(_changed_parts, map(_bare, olds), map(_bare, news))) if b - a == d - c else []
    for at, line in enumerate(olds):
        yield DiffLine("-", _bare(line, returns), a + at + 1, 0, parts[at][0] if parts else (0, 0))
        if not line.endswith("\n"):
            yield DiffLine("\\", NO_BREAK)
    for at, line in enumerate(news):
        yield DiffLine("+", _bare(line, returns), 0, c + at + 1, parts[at][1] if parts else (0, 0))
        if not line.endswith("\n"):
            yield DiffLine("\\", NO_BREAK)


def _breaks(lines: Sequence[str]) -> set[bool]:
    return {line.endswith("\r\n") for line in lines}


def _bare(line: str, returns: bool = False) -> str:
    """A line without its break; ``returns`` shows the carriage return where it makes the difference."""
    text = line.removesuffix("\n").removesuffix("\r")
    return text + RETURN if returns and line.endswith("\r\n") else text


def _changed_parts(old: str, new: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where two lines differ; nothing is said of lines that have too little in common."""
    start = common_start(old, new)
    end = common_end(old, new, min(len(old), len(new)) - start)
    if 2 * (start + end) < min(len(old), len(new)):
        return (0, 0), (0, 0)
    return (start, len(old) - end), (start, len(new) - end)


# Files --------------------------------------------------------------------------------------------


def _renamed(
    files: Sequence[str], before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]
) -> dict[str, str]:
    """The new files that are mostly what a removed one was, with its name."""
    gone = [file for file in files if after[file] is None]
    was: dict[str, str] = {}
    for file in files:
        if before.get(file) is None:
            alike = (old for old in gone if _mostly_the_same(before.get(old) or b"", after[file] or b""))
            found = next(alike, None)
            if found is not None:
                gone.remove(found)
                was[file] = found
    return was


def _mostly_the_same(one: bytes, other: bytes) -> bool:
    if one == other:
        return True
    ours, theirs = set(one.splitlines()), set(other.splitlines())
    return 2 * len(ours & theirs) > max(len(ours), len(theirs))


def _file_diff(file: str, before: bytes | None, after: bytes | None, was: str) -> FileDiff:
    kind: Literal["changed", "added", "removed", "renamed"] = (
        "renamed" if was else "added" if before is None else "removed" if after is None else "changed"
    )
    old, new = _text(before or b""), _text(after or b"")
    if old is None or new is None:
        words = f"Not text: {human_size(len(before or b''))} now, {human_size(len(after or b''))} afterwards."
        return FileDiff(file, kind, was=was, note=words)
    return FileDiff(file, kind, diff_lines(old, new), was)


def _text(data: bytes) -> str | None:
    """Bytes as text to look at; None where they are none. What is no UTF-8 is shown as Latin-1."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
