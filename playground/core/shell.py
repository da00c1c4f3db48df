"""What goes into the Shell and comes out of it: values, and what can be told of a text while it is typed."""

from __future__ import annotations

import ast
import codeop
import re
import warnings
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200_000
"""Characters of a text that is looked at while it is typed; a longer one counts as finished."""
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_FIRST_PROMPT = re.compile(r"\s*>>>(?: |$)")
_BLOCKS = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While),
    *(ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match),
)


class Kind(StrEnum):
    """What a piece of the Shell's output is."""

    SOURCE = "source"
    PRINTED = "printed"
    VALUE = "value"
    ERROR = "error"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of one kind; only what is printed may end within a line."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class ShellNews:
    """What came out since the last time it was asked for.

    ``running`` while a statement runs, ``stopping`` while it is being stopped; ``more`` where there is more
    to take already.
    """

    pieces: tuple[Piece, ...] = ()
    running: bool = False
    stopping: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class ShellPlace:
    """Whether Python can run inside the app now, and what it would find there.

    ``why_not`` is empty where it can. ``request`` says which request ``request`` is, ``number`` is that of
    its trip; 0 where none was recorded yet.
    """

    why_not: str = ""
    request: str = ""
    number: int = 0


def legible(text: str) -> str:
    """A text without what only a terminal understands; other characters that can't be seen, as Python's."""
    if text.isascii() and text.isprintable():
        return text
    text = _SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def is_unfinished(text: str) -> bool:
    """Whether Python would wait for more: an open bracket or string, a block without its empty line."""
    if len(text) > LONGEST or not text.strip():
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if codeop.compile_command(text, "<shell>", "exec") is None:
                return True
            body = ast.parse(text).body
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return False  # running it says what is wrong
    ends_in_block = bool(body) and isinstance(body[-1], _BLOCKS)
    return ends_in_block and bool(text.rpartition("\n")[2].strip())


def without_prompts(text: str) -> str:
    """Code as it is, code copied from a session (``>>> x``) without its prompts and answers."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not _FIRST_PROMPT.match(first):
        return text
    stripped = (line.lstrip() for line in lines)
    taken = [line for line in stripped if _PROMPT.match(line)]
    return "\n".join(_closed(taken))


def _closed(lines: list[str]) -> list[str]:
    """Lines without their prompts; one that ends a block (``...`` alone) stays as an empty line."""
    return [line[4:] for line in lines]
