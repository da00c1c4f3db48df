"""The forms of a template as its text has them: where they are sent, and what their fields are called.

A pure function of the text. A form with tags of Jinja between its fields may have others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_FORM = re.compile(r"<form\b(?P<head>(?>\{\{[^{}]*\}\}|[^<>])*+)>", re.IGNORECASE)
_FIELD = re.compile(r"<(?P<tag>input|select|textarea)\b[^>{}]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"\s(?P<name>[a-z]+)\s*=\s*"
    r"(?:(?P<quote>[\"'])(?P<value>.*?)(?P=quote)|(?P<bare>\{\{[^{}]*\}\}|[^\s\"'<>{}=]+))",
    re.IGNORECASE,
)
_URL_FOR = re.compile(r"\{\{-?\s*url_for\(\s*(['\"])(?P<endpoint>[\w.]+)\1[^{}]*\)\s*-?\}\}")
_HIDDEN = re.compile(r"\{\#.*?(?:\#\}|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its ``name``, empty where it has none, and its ``id``; ``written`` is its tag."""

    tag: str
    name: str
    ident: str
    line: int
    column: int
    written: str
    name_written: str


@dataclass(frozen=True, slots=True)
class Form:
    """One form. It is sent to ``endpoint`` where its action is a ``url_for``, else to ``action``.

    ``plain`` says that all of its fields are known; ``written`` is its tag.
    """

    method: str
    action: str
    endpoint: str
    own_page: bool
    fields: tuple[Field, ...]
    line: int
    column: int
    written: str
    plain: bool = True


def forms(text: str) -> tuple[Form, ...]:
    """The forms that are whole, and that are sent to where can be told."""
    shown = _HIDDEN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return tuple(_forms(shown))


def _forms(text: str) -> Iterator[Form]:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lowered, at = text.lower(), 0
    while (found := _FORM.search(text, at)) is not None:
        at = lowered.find("</form", found.end())
        if at < 0:
            return
        form = _form(text, found, at, starts)
        if form is not None:
            yield form


def _form(text: str, found: re.Match[str], end: int, starts: list[int]) -> Form | None:
    head = {one["name"].lower(): _value(one) for one in _ATTRIBUTE.finditer(found["head"])}
    action = head.get("action", "").strip()
    link = _URL_FOR.fullmatch(action)
    if "{" in action and link is None:
        return None
    fields = tuple(_fields(text, found.end(), end, starts))
    endpoint = link["endpoint"] if link is not None else ""
    line = bisect_right(starts, found.start())
    place = (line, found.start() - starts[line - 1], found[0])
    is_plain = "{" not in text[found.end() : end]
    return Form(head.get("method", "get").upper(), action, endpoint, not action, fields, *place, is_plain)


def _fields(text: str, start: int, end: int, starts: list[int]) -> Iterator[Field]:
    for found in _FIELD.finditer(text, start, end):
        attributes = {one["name"].lower(): one for one in _ATTRIBUTE.finditer(found[0])}
        name, ident = attributes.get("name"), attributes.get("id")
        line = bisect_right(starts, found.start())
        yield Field(
            found["tag"],
            _value(name) if name is not None else "",
            _value(ident) if ident is not None else "",
            line,
            found.start() - starts[line - 1],
            found[0],
            name[0] if name is not None else "",
        )


def _value(attribute: re.Match[str]) -> str:
    """What an attribute says, in quotes or without any."""
    return attribute["bare"] or attribute["value"] or ""
