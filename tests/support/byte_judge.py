"""Whether an edit left alone what it did not mean: told from the two versions of a file, line by line.

A file is cut into the lines that an edit may touch (the statement that it is about, the imports) and all
others, which have to be in the new file as they were, in their order, with nothing between them.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Sequence

_LAST_NEWLINE = re.compile(rb"(?:\r\n|\r|\n)\Z")
BLANKS = 5
"""Blank lines that may come or go around a function that comes or goes."""


def encoding_of(data: bytes) -> str:
    """What Python takes a file's encoding to be."""
    top = b"\n".join(re.split(rb"\r\n|\r|\n", data, maxsplit=2)[:2])
    return tokenize.detect_encoding(io.BytesIO(top).readline)[0]


def text_of(data: bytes) -> str:
    """A file's text with ``\\n`` newlines and without its BOM."""
    text = data.decode(encoding_of(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def newlines(data: bytes) -> set[bytes]:
    """The kinds of newline in a file."""
    return set(re.findall(rb"\r\n|\r|\n", data))


def _lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", data)


def span(node: ast.stmt) -> range:
    """The numbers of a statement's lines, from 0."""
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
    return range(first - 1, node.end_lineno or node.lineno)


def statements_called(data: bytes, function: str) -> Iterator[ast.stmt]:
    """All functions of a name that have decorators."""
    for node in ast.walk(ast.parse(text_of(data))):
        named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == function
        if named and node.decorator_list:
            yield node


def _imports(data: bytes) -> set[int]:
    """The lines of imports at the top level, other than those that share them with another statement."""
    found: set[int] = set()
    for node in ast.parse(text_of(data)).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(span(node))
    return found


def untouched(before: bytes, after: bytes, edited: Sequence[range]) -> str:
    """What is wrong with an edit that may touch ``edited`` lines of ``before`` and its imports; or ""."""
    wrong = _dress(before, after)
    if wrong:
        return wrong
    free = _imports(before) | {line for one in edited for line in one}
    if not any(_has_all(before, rest, free) for rest in (after, *_without_new_imports(before, after))):
        return "a line that the edit is not about has changed"
    return _comments(before, after, edited)


def _has_all(before: bytes, after: bytes, free: set[int]) -> bool:
    """Whether all lines but the free ones are there in one piece each, from the first to the last byte."""
    pieces = [b""]
    for number, line in enumerate(_lines(before)):
        if number not in free:
            pieces[-1] += line
        elif pieces[-1] or len(pieces) == 1:
            pieces.append(b"")
    if len(pieces) == 1:
        return after == pieces[0]
    first, *middle, last = pieces
    if not (after.startswith(first) and after.endswith(last)):
        return False
    at, end = len(first), len(after) - len(last)
    for one in middle:
        at = after.find(one, at, end)
        if at < 0:
            return False
        at += len(one)
    return at <= end


def _without_new_imports(before: bytes, after: bytes) -> Iterator[bytes]:
    """The file without imports that are statements of their own now, and blank lines that came with them."""
    old = [ast.dump(node) for node in ast.parse(text_of(before)).body]
    for node in ast.parse(text_of(after)).body:
        if isinstance(node, ast.ImportFrom) and ast.dump(node) not in old:
            for rest in without(after, node):
                yield rest
                yield from _without_new_imports(before, rest)


def _dress(before: bytes, after: bytes) -> str:
    if encoding_of(before) != encoding_of(after):
        return "the encoding has changed"
    if before.startswith(codecs.BOM_UTF8) != after.startswith(codecs.BOM_UTF8):
        return "the BOM has changed"
    if newlines(after) - (newlines(before) or {b"\n"}):
        return "there is another kind of newline"
    return ""


def _comments(before: bytes, after: bytes, edited: Sequence[range]) -> str:
    kept = [text for line, text in comments(before) if not any(line in one for one in edited)]
    now = [text for _, text in comments(after)]
    missing = [text for text in kept if now.count(text) < kept.count(text)]
    return f"a comment is gone: {missing[0]}" if missing else ""


def comments(data: bytes) -> list[tuple[int, str]]:
    """Lines (from 0) and texts of a program's comments."""
    tokens = tokenize.generate_tokens(io.StringIO(text_of(data).lstrip("\ufeff")).readline)
    return [(one.start[0] - 1, one.string) for one in tokens if one.type == tokenize.COMMENT]


def without(data: bytes, node: ast.stmt, comments: Collection[bytes] = ()) -> Iterator[bytes]:
    """The file without a statement, and without some of the blank lines around it, in each way.

    Those of the ``comments`` that stand directly above it go with it.
    """
    lines, where = _lines(data), span(node)
    above, below = where.start, where.stop
    while above > 0 and lines[above - 1].strip() in comments:
        above -= 1
    fewest = above
    while fewest > 0 and above - fewest < BLANKS and not lines[fewest - 1].strip(b" \t\f\r\n"):
        fewest -= 1
    most = below
    while most < len(lines) and most - below < BLANKS and not lines[most].strip(b" \t\f\r\n"):
        most += 1
    for start in range(fewest, above + 1):
        for end in range(below, most + 1):
            head, tail = b"".join(lines[:start]), b"".join(lines[end:])
            yield head + tail
            bare = _LAST_NEWLINE.sub(b"", head)
            if end and (found := _LAST_NEWLINE.search(lines[end - 1])):
                yield bare + found[0] + tail  # it was put in front of the newline of the line above
            if not tail:
                yield bare
