"""Answers and requests as text for people: pretty bodies, sizes, times, a curl command.

A body is judged by what it is: JSON is JSON whatever its header says, and so is the HTML of an error
page. Nothing here takes long: what is large stays as it came.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from playground.client.prepare import body_of, full_url, headers_of, method_of
from playground.core.exchanges import RequestSpec
from playground.core.units import human_size

LARGEST_PRETTY = 2 * 1024 * 1024
"""Bytes up to which a body is made pretty."""

_LARGEST_RESULT = 8 * LARGEST_PRETTY  # characters; deep nesting can make a small body huge
_HEX_BYTES = 64 * 1024
_LANGUAGES = {
    "application/json": "json",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/css": "css",
    "text/javascript": "javascript",
    "application/javascript": "javascript",
    "application/xml": "xml",
    "text/xml": "xml",
    "image/svg+xml": "xml",
    "text/x-python": "python",
    "text/markdown": "markdown",
}
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s"{}\[\],:]+')


def pretty(body: bytes, content_type: str, *, cut: bool = False) -> tuple[str, str]:
    """The body as text to read, and its language for the highlighter; ``cut`` where it is but the beginning.

    Languages: ``json``, ``html``, ``xml``, ``css``, ``javascript``, ``python``, ``markdown``, ``text``, and
    ``hex`` for what is no text.
    """
    media = content_type.partition(";")[0].strip().lower()
    text = _decoded(body, content_type, media)
    if text is None:
        return _hex(body), "hex"
    language = _language(text, media)
    if len(body) <= LARGEST_PRETTY:
        indent = _indented_beginning if cut else _indented
        indented = indent(text) if _may_be_json(text, media) else None
        if indented is not None:
            return indented, "json"
        if language == "json":
            language = "text"
    return text, language


def _decoded(body: bytes, content_type: str, media: str) -> str | None:
    """The body's text, or None where it is no text."""
    named = re.search(r"charset\s*=\s*\"?([\w.:-]+)", content_type, re.IGNORECASE)
    for encoding in (named[1] if named else "", "utf-8-sig"):
        try:
            text = body.decode(encoding) if encoding else "\0"
        except (LookupError, UnicodeDecodeError):
            continue
        if "\0" not in text[:_HEX_BYTES]:
            return text
    is_text = media.startswith("text/") or media in _LANGUAGES
    return body.decode("utf-8", "replace") if is_text and b"\0" not in body[:_HEX_BYTES] else None


def _language(text: str, media: str) -> str:
    beginning = text[:200].lstrip().lower()
    if beginning.startswith(("<!doctype html", "<html")):
        return "html"
    if beginning.startswith("<?xml"):
        return "xml"
    if media.endswith("+json"):
        return "json"
    return _LANGUAGES.get(media, "xml" if media.endswith("+xml") else "text")


def _may_be_json(text: str, media: str) -> bool:
    return _LANGUAGES.get(media) == "json" or media.endswith("+json") or text[:200].lstrip()[:1] in {"{", "["}


def _indented(text: str) -> str | None:
    """JSON with line breaks and two spaces a level, every token as it came; None for other text."""
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return _within_bounds(_laid_out(text))


def _indented_beginning(text: str) -> str | None:
    """The same of JSON whose end is missing; a string in which it breaks off stays as it came."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    end = text.find('"')
    while end >= 0 and (string := _STRING.match(text, end)):
        end = text.find('"', string.end())
    whole, rest = (text[:end], text[end:]) if end >= 0 else (text, "")
    shown = _within_bounds(_laid_out(whole))
    return shown + rest if shown is not None else None


def _within_bounds(laid_out: Iterator[str]) -> str | None:
    parts: list[str] = []
    size = 0
    for part in laid_out:
        parts.append(part)
        size += len(part)
        if size > _LARGEST_RESULT:
            return None
    return "".join(parts)


def _laid_out(text: str) -> Iterator[str]:
    depth = 0
    opened = False  # a bracket was just opened: an empty pair stays on one line
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "}]":
            depth -= 1
            yield token if opened else f"\n{'  ' * depth}{token}"
            opened = False
            continue
        if opened:
            yield "\n" + "  " * depth
        opened = token in "{["
        if opened:
            depth += 1
            yield token
        elif token == ",":
            yield ",\n" + "  " * depth
        else:
            yield ": " if token == ":" else _readable(token)


def _readable(token: str) -> str:
    """A string's token with ``\\u00e9`` as é, where that can be shown."""
    if "\\u" not in token:
        return token
    shown = json.dumps(json.loads(token), ensure_ascii=False)
    halves = any("\ud800" <= character <= "\udfff" for character in shown)
    return token if halves else shown


def _hex(body: bytes) -> str:
    """Sixteen bytes a line: place, bytes, and what of them is ASCII."""
    lines = []
    for start in range(0, min(len(body), _HEX_BYTES), 16):
        row = body[start : start + 16]
        signs = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{start:08x}  {row.hex(' '):<47}  {signs}")
    if len(body) > _HEX_BYTES:
        lines.append(f"… and {human_size(len(body) - _HEX_BYTES)} more")
    return "\n".join(lines)


def as_curl(spec: RequestSpec, base_url: str) -> str:
    """A curl command that sends the same request.

    Raises:
        ProblemError: it can't be sent, as it is.
    """
    method, body = method_of(spec), body_of(spec)
    words = ["curl"]
    if method == "HEAD":
        words.append("--head")
    elif method != "GET" or body is not None:
        words += ["-X", method]
    if spec.follow_redirects:
        words.append("-L")
    for name, value in headers_of(spec):
        words += ["-H", f"{name}: {value}" if value else f"{name};"]
    if body is not None:
        words += ["--data-raw", body.decode("utf-8")]
    words.append(full_url(spec, base_url))
    return shlex.join(words)
