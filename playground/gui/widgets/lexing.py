"""Which language a file is in, and the colours of all languages that have no tokenizer of our own.

Pygments reads a text from its beginning, so it is done a slice at a time and only for texts of moderate
size. It is imported when the first such text is to be coloured.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from playground.gui.widgets.tokenizers import TOKENIZERS, Span

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

MAX_LEXED = 100_000
"""Texts of more characters than this get no colours from Pygments."""

_MOST = 1.0  # seconds for one text (100 KB of code take 0.15); odd texts take minutes, their rest stays plain

_PLAIN = ("text", "hex", "")
_LANGUAGES = {
    ".py": "python",
    ".html": "jinja",
    ".htm": "jinja",
    ".j2": "jinja",
    ".jinja": "jinja",
    ".jinja2": "jinja",
    ".css": "css",
    ".json": "json",
    ".txt": "text",
    ".sql": "sql",  # from here on: where several languages of Pygments share the ending, or none has it
    ".h": "c",
    ".r": "splus",
    ".pl": "perl",
    ".conf": "ini",
    ".env": "bash",
    ".flaskenv": "bash",
}
_COLOURS = {
    "Comment": "muted",
    "Keyword": "keyword",
    "Operator.Word": "keyword",
    "Generic.Heading": "keyword",
    "Generic.Subheading": "keyword",
    "Literal.String": "string",
    "Literal.Scalar": "string",  # a word of YAML without quotes
    "Literal": "parameter",
    "Name.Tag": "accent",
    "Name.Attribute": "post",
    "Name.Decorator": "post",
    "Name.Function": "post",
    "Name.Class": "post",
    "Name.Label": "post",
    "Name.Variable": "parameter",
}


def language_of(file: str) -> str:
    """The language of a file, by its name: ``text`` for what has no colours."""
    path = PurePosixPath(file.lower())
    ending = path.suffix or path.name
    return _LANGUAGES.get(ending) or _endings().get(ending, "text")


def is_lexed(language: str) -> bool:
    """Whether it is for Pygments to colour a language."""
    return language not in TOKENIZERS and language not in _PLAIN


@cache
def _endings() -> dict[str, str]:
    """Pygments' languages by the ending of their files, or by a name like ``dockerfile``."""
    from pygments.lexers import get_all_lexers

    found: dict[str, str] = {}
    for _, aliases, patterns, _ in get_all_lexers(plugins=False):
        for pattern in patterns if aliases else ():
            found.setdefault(pattern.lower().removeprefix("*"), aliases[0])
    return found


@cache
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@cache
def _colour(kind: _TokenType) -> str | None:
    """The theme token for a kind of Pygments' or the nearest one above it."""
    parts = list(kind)
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_COLOURS[name] for name in names if name in _COLOURS), None)


class Lexed:
    """One state of a text and its colours, worked out a slice at a time."""

    def __init__(self, language: str, text: str) -> None:
        self._rows = text.split("\n")
        self._spans: list[list[Span]] = [[]]
        self._spent = 0.0
        self._steps = self._work(language, text) if len(text) <= MAX_LEXED else iter(())

    def go_on(self, seconds: float) -> bool:
        """Work for that long; whether all is done, or as much as is ever done."""
        start = time.monotonic()
        done = all(time.monotonic() < start + seconds for _ in self._steps)
        self._spent += time.monotonic() - start
        return done or self._spent > _MOST

    def _work(self, language: str, text: str) -> Iterator[None]:
        lexer = _lexer(language)
        column = 0
        for _, kind, value in lexer.get_tokens_unprocessed(text + "\n") if lexer else ():
            colour = _colour(kind)
            for number, part in enumerate(value.split("\n")):
                if number:
                    self._spans.append([])
                    column = 0
                if part and colour:
                    _add(self._spans[-1], column, column + len(part), colour)
                column += len(part)
            yield

    def is_of(self, row: int, line: str, count: int) -> bool:
        """Whether the text still has that line there, and that many lines."""
        return count == len(self._rows) and self._rows[row] == line

    def spans(self, row: int, line: str) -> list[Span]:
        """The colours of a line; of one that was changed meanwhile, those that it had, moved along."""
        if row >= min(len(self._rows), len(self._spans)):
            return []
        if self._rows[row] == line:
            return self._spans[row]
        return _moved(self._spans[row], self._rows[row], line)


def _add(spans: list[Span], start: int, end: int, colour: str) -> None:
    """One more span; pieces of one colour in a row are one."""
    if spans and spans[-1][1:] == (start, colour):
        start = spans.pop()[0]
    spans.append((start, end, colour))


def _moved(spans: list[Span], old: str, new: str) -> list[Span]:
    """Spans of a line as they lie after a change somewhere in it."""
    pairs = enumerate(zip(old, new, strict=False))
    first = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    shift = len(new) - len(old)

    def place(at: int) -> int:
        return at if at < first else min(max(first, at + shift), len(new))

    moved = ((place(start), place(end), kind) for start, end, kind in spans)
    return [span for span in moved if span[0] < span[1]]
