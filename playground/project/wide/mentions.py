"""What still says an old name after a rename, and why: comments and texts are the person's own words."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise

from playground.project.reading.modules import ModuleReading
from playground.project.wide.template_uses import strings
from playground.project.wide.wide_edits import WideEdit

_TEXTS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_AT_FAULT = "Python does not understand the code there, which also says {old}; it was left as it is"
_LEFT = "{old} in comments and texts was left as it is ({count} of them)"


def tell_mentions(wide: WideEdit, old: str) -> None:
    """Note where comments, plain strings and templates still say the old name."""
    word = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w-]|\s*>)")
    places = [*_in_python(wide, old, word), *_in_templates(wide, old)]
    for file, line in places:
        wide.note(_LEFT.format(old=old, count=len(places)), file, line)


def tell_faults(wide: WideEdit, old: str) -> None:
    """Note where code that does not parse says the old name: what it means there nobody can tell."""
    name = old.rpartition(".")[2] if old.replace(".", "").isidentifier() else old
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for reading in wide.python(name):
        source = reading.source
        for start, end in source.faults:
            for match in word.finditer(source.text, start, end):
                wide.note(_AT_FAULT.format(old=name), reading.file, source.line_of(match.start()))


def _in_python(wide: WideEdit, old: str, word: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    for reading in wide.python(old):
        text = reading.source.text
        starts = [*reading.outline.starts, len(text)]
        found = [match.start() for match in word.finditer(text)]
        for start, end in pairwise(starts):
            if any(start <= at < end for at in found):
                for at in _said(reading, word, start, end):
                    if not wide.is_understood(reading.file, at) and not _is_at_fault(reading, at):
                        yield reading.file, reading.source.line_of(at)


def _is_at_fault(reading: ModuleReading, offset: int) -> bool:
    return any(start <= offset < end for start, end in reading.source.faults)


def _said(reading: ModuleReading, word: re.Pattern[str], start: int, end: int) -> Iterator[int]:
    """Where the comments and strings of a statement say the word."""
    above = reading.source.line_of(start) - 1
    lines = io.StringIO(reading.source.text[start:end])
    try:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type in _TEXTS:
                begin = reading.source.line_starts[above + token.start[0] - 1] + token.start[1]
                yield from (begin + match.start() for match in word.finditer(token.string))
    except (tokenize.TokenError, IndentationError):  # the end of an indented block is missing: all was seen
        return


def _in_templates(wide: WideEdit, old: str) -> Iterator[tuple[str, int]]:
    for _, source in wide.templates(old):
        for token in strings(source.text):
            if token.literal == old and not wide.is_understood(source.file, token.start + 1):
                yield source.file, source.line_of(token.start)
