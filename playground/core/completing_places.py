"""Where a cursor stands in a Jinja template that may be half typed, and which names can be seen from there.

Jinja's own lexer gives up at the first mistake, and a text that is being typed is one. This one never does:
what it can't make sense of, it steps over.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from playground.core.alike import common_start

LOOKED_AT = 20_000
"""Characters before the cursor that are looked at: more would take longer than a key may."""
_STEP = 4096

_PLAIN = r"(?:[^{}%'\"\n]|'[^'\\\n]*'|\"[^\"\\\n]*\")*"
_OPENS = re.compile(
    r"\{\#.*?(?:\#\}|\Z)"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)"
    rf"|\{{\{{{_PLAIN}\}}\}}"  # what is printed binds nothing: most need no closer look
    rf"|\{{%[-+]?\s*(?P<word>if|endif|endfor|endblock|else|elif)\b{_PLAIN}%\}}"
    r"|(?P<open>\{\{|\{%)[-+]?",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<string>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<unclosed>'(?:[^'\\\n]|\\.)*\Z|\"(?:[^\"\\\n]|\\.)*\Z)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<number>\d[\w.]*)"
    r"|(?P<again>\{\{|\{%|\{\#)"
    r"|(?P<end>[-+]?(?:\}\}|%\}))"
    r"|(?P<operator>.)",
    re.DOTALL,
)
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_GOES_ON = re.compile(r"\Z|[|~+*/%=!.,)}\]-]|(?:and|or|if|else|is|in|not)\b")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of what stands inside ``{{ }}`` or ``{% %}``; ``kind`` is a group of the pattern above."""

    kind: str
    value: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.value)


@dataclass(frozen=True, slots=True)
class Tag:
    """One ``{{ }}`` or ``{% %}``, without its white space; ``closed`` where it ends before the cursor."""

    opener: str
    tokens: tuple[Token, ...]
    closed: bool


class _Scanner:
    """Finds the tags of a text; with the next key it goes on from where the text is the same.

    What it keeps is of the last text alone, so what it finds does not hang on what was asked before.
    """

    def __init__(self) -> None:
        self._last: tuple[str, int, list[tuple[Tag, int]]] = ("", 0, [])

    def tags(self, text: str, cursor: int) -> list[Tag]:
        """The tags that begin before the cursor, up to the cursor; only the last may be unclosed.

        Closed ones that bind no name are left out, or are there with their first word alone.
        """
        begin = max(0, cursor - LOOKED_AT) // _STEP * _STEP
        before = text[:cursor]
        found = self._known(before, begin)
        found += _tags(before, found[-1][1] if found else begin)
        self._last = before, begin, found
        return [tag for tag, _ in found]

    def _known(self, before: str, begin: int) -> list[tuple[Tag, int]]:
        """Those of the last time, with their ends, as far as the text is still the same."""
        last, its_begin, found = self._last
        if its_begin != begin:
            return []
        same = common_start(last, before)
        count = bisect_right(found, same, key=lambda one: one[1])
        return [one for one in found[:count] if one[0].closed]


_scanner = _Scanner()


def tags(text: str, cursor: int) -> list[Tag]:
    """The tags before the cursor of a text. One text after the other: not from several threads at once."""
    return _scanner.tags(text, cursor)


def _tags(before: str, at: int) -> Iterator[tuple[Tag, int]]:
    """Each tag from a place on, and where it ends."""
    while (found := _OPENS.search(before, at)) is not None:
        at = found.end()
        opener, word = found["open"], found["word"]
        if word is not None:
            yield Tag("{%", (Token("name", word, found.start("word")),), closed=True), at
        if opener is None:
            continue
        tag, at = _tag(before, opener, at)
        if tag is not None:
            yield tag, at


def _tag(text: str, opener: str, start: int) -> tuple[Tag | None, int]:
    """The tag whose inside begins at ``start``, and where to go on; None where it was given up half typed."""
    tokens: list[Token] = []
    depth, at = 0, start
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:  # can't be: the last alternative takes anything
            return None, len(text)
        kind, value = found.lastgroup or "", found[0]
        if kind == "again" or ("\n" in value and depth <= 0 and _is_left_open(text, tokens, found.end())):
            return None, at
        if kind == "end" and not (value.endswith("}}") and depth > 0):
            return Tag(opener, tuple(tokens), closed=True), found.end()
        if kind == "end":  # }} of {'a': {}}: one bracket at a time
            kind, value = "operator", text[at]
        depth += _BRACKETS.get(value, 0) if kind == "operator" else 0
        if kind != "space":
            tokens.append(Token(kind, value, at))
        at += len(value)
    return Tag(opener, tuple(tokens), closed=False), len(text)


def _is_left_open(text: str, tokens: Sequence[Token], next_line: int) -> bool:
    """Whether a tag that goes over a line end looks like one that somebody forgot to close."""
    needs_more = not tokens or (tokens[-1].kind == "operator" and tokens[-1].value not in ")]}")
    return not needs_more and _GOES_ON.match(text, next_line) is None


# Which names can be seen -------------------------------------------------------------------------

Path = tuple[Token, ...]
"""The tokens of an expression that is a name with dots, calls and subscripts behind it."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a name stands for: the value of an expression, or (``item``) one of its items."""

    kind: str
    path: Path = ()
    item: bool = False


@dataclass(slots=True)
class Scope:
    """The names of one block that is still open; ``tag`` is what opened it, ``name`` that of a block."""

    tag: str = ""
    name: str = ""
    names: dict[str, Bound] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """What the tags before the cursor have made: the open blocks, outermost first, and names by template.

    ``modules`` are the templates by the name they were imported as, ``blocks`` the names of all blocks.
    """

    scopes: list[Scope] = field(default_factory=lambda: [Scope()])
    modules: dict[str, str] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)

    def find(self, name: str) -> Bound | None:
        """What a name stands for by the innermost block that binds it."""
        return next((scope.names[name] for scope in reversed(self.scopes) if name in scope.names), None)

    @property
    def names(self) -> dict[str, Bound]:
        """All names that are bound here, the innermost first."""
        found: dict[str, Bound] = {}
        for scope in reversed(self.scopes):
            for name, bound in scope.names.items():
                found.setdefault(name, bound)
        return found

    def is_inside(self, tag: str) -> bool:
        """Whether a block of that kind is open."""
        return any(scope.tag == tag for scope in self.scopes)


_ENDED = frozenset(("for", "if", "block", "macro", "call", "filter", "with", "autoescape"))


def look(all_tags: Sequence[Tag]) -> Seen:
    """Go through the tags and note what each opens, closes and binds."""
    seen = Seen()
    for tag in all_tags:
        words = tag.tokens if tag.opener == "{%" and tag.tokens and tag.tokens[0].kind == "name" else ()
        if words and tag.closed:
            _note(seen, words[0].value, words[1:])
        elif words and words[0].value == "for":  # its own condition sees what it binds
            seen.scopes.append(Scope(names=dict(_looped(words[1:]))))
    return seen


def _note(seen: Seen, word: str, rest: Path) -> None:
    if word in _ENDED or (word == "set" and not any(token.value == "=" for token in rest)):
        scope = Scope(word, names=dict(_bound_in(word, rest)))
        if word == "block" and rest:
            scope.name = rest[0].value
            seen.blocks.append(scope.name)
        if word in ("macro", "set") and rest and rest[0].kind == "name":
            seen.scopes[-1].names[rest[0].value] = Bound("macro" if word == "macro" else "set")
        seen.scopes.append(scope)
    elif word.startswith("end"):
        _close(seen, word.removeprefix("end"))
    elif word == "set":
        seen.scopes[-1].names.update(_assigned(rest, "set"))
    elif word == "import":
        _note_import(seen, rest)
    elif word == "from":
        _note_from(seen, rest)


def _close(seen: Seen, word: str) -> None:
    """The innermost block of that kind ends, with all that was left open in it."""
    for at in range(len(seen.scopes) - 1, 0, -1):
        if seen.scopes[at].tag == word:
            del seen.scopes[at:]
            return


def _bound_in(word: str, rest: Path) -> Iterator[tuple[str, Bound]]:
    if word == "for":
        yield from _looped(rest)
    elif word == "with":
        yield from _assigned(rest, "set")
    elif word in ("macro", "call"):
        first = 1 if word == "macro" else 0
        for one in _split(_inside(rest[first:])):
            if one and one[0].kind == "name":
                yield one[0].value, Bound("argument")


def _looped(rest: Path) -> Iterator[tuple[str, Bound]]:
    at = next((i for i, token in enumerate(rest) if token.value == "in"), len(rest))
    names = [token.value for token in rest[:at] if token.kind == "name"]
    source = rest[at + 1 :]
    end = next((i for i, token in enumerate(source) if token.value in ("if", "recursive")), len(source))
    source = source[:end]
    if len(names) == 1:
        yield names[0], Bound("loop variable", source, item=True)
    elif len(names) == 2 and [token.value for token in source[-4:]] == [".", "items", "(", ")"]:
        yield names[0], Bound("loop variable")
        yield names[1], Bound("loop variable", source[:-4], item=True)
    else:
        for name in names:
            yield name, Bound("loop variable")


def _assigned(rest: Path, kind: str) -> Iterator[tuple[str, Bound]]:
    """``a = x, b = y``; of ``a, b = x`` nothing is known but the names."""
    for one in _split(rest):
        if len(one) > 1 and one[0].kind == "name" and one[1].value == "=":
            yield one[0].value, Bound(kind, one[2:])
        elif len(one) == 1 and one[0].kind == "name":
            yield one[0].value, Bound(kind)


def _note_import(seen: Seen, rest: Path) -> None:
    names = [token.value for token in rest if token.kind == "name"]
    if len(names) >= 2 and names[0] == "as" and rest[0].kind == "string":
        seen.modules[names[1]] = rest[0].value[1:-1]
        seen.scopes[-1].names[names[1]] = Bound("import")


def _note_from(seen: Seen, rest: Path) -> None:
    at = next((i for i, token in enumerate(rest) if token.value == "import"), len(rest))
    for one in _split(rest[at + 1 :]):
        names = [token.value for token in one if token.kind == "name"]
        if names:
            said = names[2] if len(names) > 2 and names[1] == "as" else names[0]
            seen.scopes[-1].names[said] = Bound("macro")


def _inside(tokens: Path) -> Path:
    """What stands between the first bracket and the one that closes it."""
    start = next((i for i, token in enumerate(tokens) if token.value == "("), len(tokens))
    depth = 0
    for at in range(start, len(tokens)):
        depth += _BRACKETS.get(tokens[at].value, 0) if tokens[at].kind == "operator" else 0
        if depth == 0:
            return tokens[start + 1 : at]
    return tokens[start + 1 :]


def _split(tokens: Path) -> Iterator[Path]:
    """The parts between commas that no bracket holds."""
    depth, start = 0, 0
    for at, token in enumerate(tokens):
        depth += _BRACKETS.get(token.value, 0) if token.kind == "operator" else 0
        if token.value == "," and depth == 0:
            yield tokens[start:at]
            start = at + 1
    yield tokens[start:]


def path_before(tokens: Path) -> Path:
    """The name with its dots, calls and subscripts that ends the tokens; empty where they end otherwise."""
    at = len(tokens)
    while at > 0:
        token = tokens[at - 1]
        if token.kind == "operator" and token.value in ")]":
            at = _opening(tokens, at - 1)
            if at <= 0 or not (tokens[at - 1].kind == "name" or tokens[at - 1].value in ")]"):
                return ()
        elif token.kind == "name":
            at -= 1
            if at == 0 or tokens[at - 1].value != ".":
                return tokens[at:]
            at -= 1
        else:
            return ()
    return ()


def _opening(tokens: Path, closing: int) -> int:
    """Where the bracket stands that the one at ``closing`` closes; 0 where it is missing."""
    depth = 0
    for at in range(closing, -1, -1):
        depth += _BRACKETS.get(tokens[at].value, 0) if tokens[at].kind == "operator" else 0
        if depth == 0:
            return at
    return 0


@dataclass(frozen=True, slots=True)
class CallAround:
    """The call in whose brackets the tokens end: its name, and the tokens of its arguments so far."""

    name: str
    arguments: tuple[Path, ...]


def call_around(tokens: Path) -> CallAround | None:
    """The innermost call that is still open at the end of the tokens."""
    depth = 0
    for at in range(len(tokens) - 1, 0, -1):
        token = tokens[at]
        if token.kind != "operator":
            continue
        depth += _BRACKETS.get(token.value, 0)
        if depth > 0:
            name = tokens[at - 1]
            is_call = token.value == "(" and name.kind == "name"
            return CallAround(name.value, tuple(_split(tokens[at + 1 :]))) if is_call else None
    return None
