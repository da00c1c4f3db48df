"""What can be completed at a place in a Jinja template: names, members, filters, tests, tags, endpoints.

A pure function of the text, the cursor and the facts, quick enough to be called with every key. Outside of
``{{ }}`` and ``{% %}`` there is nothing to complete: that is HTML, and other people's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from playground.core.completing import Candidate, Completion, Given, Member, TemplateFacts, Word
from playground.core.completing_places import (
    Bound,
    Path,
    Seen,
    Tag,
    Token,
    call_around,
    look,
    path_before,
    tags,
)

MOST = 200
_TAGS = {
    "for": "a loop",
    "if": "a condition",
    "elif": "another condition",
    "else": "otherwise",
    "block": "a part that a child fills",
    "extends": "the parent of this page",
    "include": "another template, here",
    "import": "macros of another template",
    "from": "some macros of another template",
    "macro": "a piece to be used again",
    "call": "a macro with a body",
    "filter": "a filter for a whole part",
    "set": "a name for a value",
    "with": "names for a part",
    "autoescape": "escaping on or off",
    "raw": "text that Jinja leaves alone",
}
_LOOP = {
    "index": "1, 2, 3 …",
    "index0": "0, 1, 2 …",
    "first": "whether this is the first",
    "last": "whether this is the last",
    "length": "how many there are",
    "revindex": "how many are left, down to 1",
    "revindex0": "how many are left, down to 0",
    "cycle": "one of these in turn",
    "previtem": "the one before",
    "nextitem": "the one after",
    "changed": "whether it differs from the one before",
    "depth": "how deep, from 1",
    "depth0": "how deep, from 0",
}
_REQUEST = """
    args form method path endpoint url values cookies headers files json view_args blueprint full_path
    base_url host is_json remote_addr referrer user_agent
""".split()  # noqa: SIM905  (a list of quoted words is hard to read)
_BETWEEN = {
    "and": "both",
    "or": "one of them",
    "if": "only where",
    "in": "is one of",
    "is": "a test",
    "else": "",
}
_VALUES = {"true": "", "false": "", "none": "", "not": "the opposite"}
_NAMES_NEW = frozenset(
    ("set", "macro", "call", "endfor", "endif", "endmacro", "endcall", "endset", "endwith")
)
_ALONE = frozenset(("else", "endfor", "endif", "endmacro", "endcall", "endset", "endwith", "endfilter"))
_ENDS_VALUE = frozenset((")", "]", "}"))
_PARTS = re.compile(r"[._/ -]")
_AFTER_WORD = re.compile(r"\w*")
_AFTER_TEXT = re.compile(r"[\w./-]*")


def complete(text: str, cursor: int, facts: TemplateFacts, *, asked: bool = True) -> Completion | None:
    """What can stand at the cursor (in characters of ``text``), narrowed by what is typed already.

    None where there is nothing to complete, or all that would fit is there. Where nobody ``asked``, also
    where nothing was begun yet: not behind a space, but behind a dot, a bar, an opening quote.
    """
    cursor = max(0, min(cursor, len(text)))
    found = tags(text, cursor)
    if not found or found[-1].closed:
        return None
    place = _Place(text, cursor, found, facts)
    return place.complete() if asked or place.is_begun else None


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a value: what stands behind its dot, and behind that of its items."""

    members: tuple[Member, ...] = ()
    items: tuple[Member, ...] = ()


class _Place:
    """One place of a cursor inside a tag."""

    def __init__(self, text: str, cursor: int, found: list[Tag], facts: TemplateFacts) -> None:
        self._text, self._cursor, self._facts = text, cursor, facts
        self._tag = found[-1]
        self._seen: Seen = look(found)

    @property
    def is_begun(self) -> bool:
        """Whether what is before the cursor asks for more."""
        last = self._tag.tokens[-1] if self._tag.tokens else None
        if last is None or last.end != self._cursor:
            return False
        return last.kind in ("unclosed", "name") or last.value in (".", "|")

    def complete(self) -> Completion | None:
        """What fits here."""
        tokens = self._tag.tokens
        last = tokens[-1] if tokens else None
        if last is not None and last.kind == "unclosed":
            start = last.start + 1
            return self._fitting(start, _AFTER_TEXT, self._in_string(tokens[:-1], last))
        if last is not None and last.kind == "name" and last.end == self._cursor:
            return self._fitting(last.start, _AFTER_WORD, self._words(tokens[:-1]))
        if last is not None and last.kind == "number" and last.end == self._cursor:
            return None
        return self._fitting(self._cursor, _AFTER_WORD, self._words(tokens))

    def _fitting(
        self, start: int, after: re.Pattern[str], candidates: Iterable[Candidate]
    ) -> Completion | None:
        typed = self._text[start : self._cursor]
        rest = after.match(self._text, self._cursor)
        end = rest.end() if rest is not None else self._cursor
        if after is _AFTER_TEXT and self._text[end : end + 1] != self._text[start - 1]:
            end = self._cursor  # the string is not closed: what comes behind is something else
        fitting = narrowed(candidates, typed)
        if not fitting or (len(fitting) == 1 and fitting[0].text == typed):
            return None
        return Completion(start, end, fitting)

    # Strings ------------------------------------------------------------------------------------------

    def _in_string(self, before: Path, string: Token) -> Iterator[Candidate]:
        if self._is_tag("extends", "include", "import", "from") and not _has_string_end(before):
            yield from self._templates()
            return
        call = call_around(before)
        if call is not None and call.name == "url_for":
            yield from self._url_for_string(call.arguments)
        elif before and before[-1].value == "[":
            known = self._known(path_before(before[:-1]))
            yield from (_member(one) for one in known.members if one.kind == "key")

    def _url_for_string(self, arguments: tuple[Path, ...]) -> Iterator[Candidate]:
        last = arguments[-1] if arguments else ()
        if len(arguments) <= 1 and (not last or [token.value for token in last] == ["endpoint", "="]):
            yield from (Candidate(one.name, "endpoint", one.rule) for one in self._facts.endpoints)
        elif [token.value for token in last] == ["filename", "="]:
            yield from (Candidate(name, "static file") for name in self._facts.static_files)

    def _templates(self, quoted: bool = False) -> Iterator[Candidate]:
        for name in self._facts.templates:
            if name != self._facts.template:
                yield Candidate(name, "template", insert=f'"{name}"' if quoted else "")

    # Words --------------------------------------------------------------------------------------------

    def _words(self, before: Path) -> Iterator[Candidate]:
        """What can follow the tokens."""
        last = before[-1] if before else None
        if last is None:
            return self._values() if self._tag.opener == "{{" else self._tags()
        if last.value == "." and last.kind == "operator":
            return self._members(before[:-1])
        if last.value == "|" and last.kind == "operator":
            return _words(self._facts.filters, "filter")
        if last.kind == "name" and _asks_for_test(before):
            return _words(self._facts.tests, "test", "not" if last.value == "is" else "")
        if self._tag.opener == "{%" and before[0].kind == "name":
            special = _SPECIAL.get(before[0].value)
            found = special(self, before) if special is not None else None
            if found is not None:
                return found
            if len(before) == 1:
                return iter(()) if before[0].value in _ALONE else self._values()
        return self._in_expression(before)

    def _in_expression(self, before: Path) -> Iterator[Candidate]:
        last = before[-1]
        call = call_around(before)
        if call is not None and call.name == "url_for" and last.value in ("(", ","):
            return self._url_for_words(call.arguments)
        if last.kind in ("string", "number", "name") and not _joins(last):
            return _between(self._tag, before)
        if last.kind == "operator" and last.value in _ENDS_VALUE:
            return _between(self._tag, before)
        return self._values()

    def _url_for_words(self, arguments: tuple[Path, ...]) -> Iterator[Candidate]:
        if len(arguments) <= 1:
            for one in self._facts.endpoints:
                yield Candidate(one.name, "endpoint", one.rule, f"'{one.name}'")
            return
        first = arguments[0][-1] if arguments[0] else None
        named = first.value[1:-1] if first is not None and first.kind == "string" else ""
        given = {one[0].value for one in arguments[1:] if one}
        for endpoint in self._facts.endpoints:
            if endpoint.name == named:
                for name in endpoint.arguments:
                    if name not in given:
                        yield Candidate(name, "argument", endpoint.rule, f"{name}=")

    def _tags(self) -> Iterator[Candidate]:
        innermost = self._seen.scopes[-1]
        if innermost.tag:
            about = f"of {innermost.tag} {innermost.name}".rstrip()
            yield Candidate(f"end{innermost.tag}", "tag", f"the end {about}")
        for tag, detail in _TAGS.items():
            if (
                tag not in ("elif", "else")
                or self._seen.is_inside("if")
                or (tag == "else" and self._seen.is_inside("for"))
            ):
                yield Candidate(tag, "tag", detail)

    # Values -------------------------------------------------------------------------------------------

    def _values(self) -> Iterator[Candidate]:
        """The names that can be seen here, the nearest first."""
        given = {one.name: one for one in self._facts.given}
        for name, bound in self._seen.names.items():
            yield Candidate(name, bound.kind, insert=f"{name}(" if bound.kind == "macro" else "")
        if self._seen.is_inside("for"):
            yield Candidate("loop", "loop", "the loop around this")
        for one in given.values():
            yield Candidate(one.name, "variable", _told(one.type, one.text))
        if self._seen.is_inside("block"):
            yield Candidate("super", "parent's block", insert="super()")
        if self._seen.is_inside("macro"):
            yield Candidate("caller", "body of the call", insert="caller()")
        for flasks in self._facts.flasks:
            yield Candidate(flasks.name, "of Flask", flasks.type)
        yield from _words(self._facts.globals, "global")
        yield from (Candidate(word, "keyword", detail) for word, detail in _VALUES.items())

    def _members(self, before: Path) -> Iterator[Candidate]:
        path = path_before(before)
        if len(path) == 1 and (fixed := self._fixed(path[0].value)) is not None:
            yield from fixed
            return
        yield from map(_member, self._known(path).members)

    def _fixed(self, name: str) -> Iterator[Candidate] | None:
        """The members of what is no variable: ``loop``, ``self``, an imported template."""
        if name == "loop" and self._seen.is_inside("for"):
            return (Candidate(word, "of the loop", detail) for word, detail in _LOOP.items())
        if name == "self":
            return (Candidate(name, "block", insert=f"{name}()") for name in dict.fromkeys(self._seen.blocks))
        if name in self._seen.modules:
            return _words(self._facts.macros.get(self._seen.modules[name], ()), "macro")
        if name == "request" and self._seen.find(name) is None:
            return (Candidate(word, "of the request") for word in _REQUEST)
        return None

    def _known(self, path: Path, depth: int = 0) -> _Known:
        """What is known of the value of a path: a name, an item of it, or what a name was set to."""
        if not path or depth > 8 or path[0].kind != "name":
            return _Known()
        known = self._named(path[0].value, depth)
        rest = tuple(token.value for token in path[1:])
        if not rest:
            return known
        if rest[0] == "[" and rest[-1] == "]" and len(rest) == 3:
            return _Known(known.items)
        if rest == (".", "values", "(", ")"):
            return _Known((), known.items)
        if len(path) == 3 and path[1].value == "|" and rest[1] in ("first", "last", "random"):
            return _Known(known.items)
        if path[1].value == "|":  # sorted, reversed, sliced: the same items
            return _Known((), known.items)
        return _Known()

    def _named(self, name: str, depth: int) -> _Known:
        bound: Bound | None = self._seen.find(name)
        if bound is not None:
            if bound.path and bound.path[0].value == name and not bound.item:
                return self._given(name)  # {% set user = user %}
            known = self._known(bound.path, depth + 1)
            return _Known(known.items) if bound.item else known
        return self._given(name)

    def _given(self, name: str) -> _Known:
        found: Given | None = next(
            (one for one in (*self._facts.given, *self._facts.flasks) if one.name == name), None
        )
        return _Known(found.members, found.items) if found is not None else _Known()

    # Tags with rules of their own ---------------------------------------------------------------------

    def _is_tag(self, *words: str) -> bool:
        tokens = self._tag.tokens
        return self._tag.opener == "{%" and bool(tokens) and tokens[0].value in words

    def in_extends(self, before: Path) -> Iterator[Candidate] | None:
        """``{% extends "…" %}``."""
        return self._templates(quoted=True) if len(before) == 1 else iter(())

    def in_include(self, before: Path) -> Iterator[Candidate] | None:
        """``{% include "…" ignore missing with context %}``."""
        if len(before) == 1:
            return self._templates(quoted=True)
        words = ("ignore missing", "with context", "without context")
        return (Candidate(word, "keyword") for word in words)

    def in_import(self, before: Path) -> Iterator[Candidate] | None:
        """``{% import "…" as name %}``."""
        if len(before) == 1:
            return self._templates(quoted=True)
        return iter([Candidate("as", "keyword")] if len(before) == 2 else [])

    def in_from(self, before: Path) -> Iterator[Candidate] | None:
        """``{% from "…" import name %}``."""
        if len(before) == 1:
            return self._templates(quoted=True)
        if len(before) == 2:
            return iter([Candidate("import", "keyword")])
        if before[-1].value in ("import", ","):
            return _words(self._facts.macros.get(before[1].value[1:-1], ()), "macro")
        return iter(())

    def in_block(self, before: Path) -> Iterator[Candidate] | None:
        """``{% block name %}``: those of the parents that are not filled yet."""
        if len(before) > 1:
            return iter(())
        taken = set(self._seen.blocks)
        return _words((one for one in self._facts.blocks if one.name not in taken), "block")

    def in_endblock(self, before: Path) -> Iterator[Candidate] | None:
        """``{% endblock name %}``."""
        names = [scope.name for scope in self._seen.scopes if scope.name]
        return iter([Candidate(names[-1], "block")] if names and len(before) == 1 else [])

    def in_for(self, before: Path) -> Iterator[Candidate] | None:
        """``{% for name in …``: the name is a new one."""
        if any(token.value == "in" for token in before):
            return None
        return iter([Candidate("in", "keyword")] if before[-1].kind == "name" and len(before) > 1 else [])

    def in_set(self, before: Path) -> Iterator[Candidate] | None:
        """``{% set name = … %}``, ``{% macro name(…) %}``: what stands before the ``=`` is new."""
        return None if any(token.value == "=" for token in before) else iter(())

    def in_filter(self, before: Path) -> Iterator[Candidate] | None:
        """``{% filter upper %}``."""
        return _words(self._facts.filters, "filter") if len(before) == 1 else None


_SPECIAL: Mapping[str, Callable[[_Place, Path], Iterator[Candidate] | None]] = {
    "extends": _Place.in_extends,
    "include": _Place.in_include,
    "import": _Place.in_import,
    "from": _Place.in_from,
    "block": _Place.in_block,
    "endblock": _Place.in_endblock,
    "for": _Place.in_for,
    "filter": _Place.in_filter,
    "set": _Place.in_set,
    "macro": _Place.in_set,
}


def narrowed(candidates: Iterable[Candidate], typed: str) -> tuple[Candidate, ...]:
    """Those that fit what is typed: first what begins with it, then where a part does; each name once."""
    ranks: tuple[list[Candidate], ...] = ([], [], [])
    low, seen = typed.lower(), set()
    for one in candidates:
        if one.name in seen:
            continue
        seen.add(one.name)
        if one.name.startswith(typed):
            ranks[0].append(one)
        elif one.name.lower().startswith(low):
            ranks[1].append(one)
        elif len(typed) > 1 and any(part.startswith(low) for part in _PARTS.split(one.name.lower())):
            ranks[2].append(one)
    exact = [one for one in ranks[0] if one.name == typed]
    return (*exact, *(one for rank in ranks for one in rank if one.name != typed))[:MOST]


def _words(words: Iterable[Word], kind: str, also: str = "") -> Iterator[Candidate]:
    if also:
        yield Candidate(also, "keyword")
    yield from (Candidate(word.name, kind, word.detail) for word in words)


def _member(one: Member) -> Candidate:
    return Candidate(one.name, one.kind, _told(one.type, one.text))


def _told(kind: str, text: str) -> str:
    return " · ".join(part for part in (kind, text) if part)


def _asks_for_test(before: Path) -> bool:
    """Whether ``is`` or ``is not`` stands before."""
    words = [token.value for token in before[-2:]]
    return words[-1] == "is" or words == ["is", "not"]


def _has_string_end(before: Path) -> bool:
    return any(token.kind == "string" for token in before) and before[-1].value not in (",", "[", "else")


def _joins(token: Token) -> bool:
    return token.kind == "name" and (token.value in _BETWEEN or token.value in ("not", "elif", "set", "with"))


def _between(tag: Tag, before: Path) -> Iterator[Candidate]:
    """The words that can follow a value."""
    has_if = tag.opener == "{{" and any(token.value == "if" for token in before)
    for word, detail in _BETWEEN.items():
        if word != "else" or has_if:
            yield Candidate(word, "keyword", detail)
    yield Candidate("not in", "keyword", "is none of")
