"""Where a template says endpoints and templates by name: Jinja's own lexer finds the literals.

Only what stands inside ``{{ }}`` and ``{% %}`` counts: comments, raw blocks and the page's own text are other
people's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_TAGS = frozenset({"extends", "include", "import", "from"})
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_ATTRIBUTES = frozenset({"endpoint", "blueprint"})


@dataclass(frozen=True)
class Token:
    """A piece of a template's text as Jinja's lexer cuts it."""

    kind: str
    value: str
    start: int

    @property
    def literal(self) -> str | None:
        """What a string says; None for anything else, and for one with escapes."""
        return self.value[1:-1] if self.kind == "string" and "\\" not in self.value else None


@dataclass(frozen=True)
class Said:
    """A name written as a string in a template; ``start`` is where it begins inside its quotes.

    ``keywords`` are the names of the values that a ``url_for`` gives along, and where they are; ``about``
    is ``endpoint``, ``blueprint`` or ``template``.
    """

    about: str
    name: str
    start: int
    keywords: tuple[tuple[str, int], ...] = ()
    unpacks: bool = False


@dataclass(frozen=True)
class Unsure:
    """A name that is made while the template is rendered; ``start`` is where."""

    about: str
    start: int


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    return Environment(autoescape=True)  # only for its lexer


def tokens(text: str) -> list[Token] | None:
    """The pieces of a template; None for one that Jinja can't cut into pieces."""
    from jinja2 import TemplateSyntaxError

    found, at = [], 0
    try:
        for _, kind, value in _environment().lex(text):
            start = text.find(value, at)
            if start < 0 or text[at:start].strip():  # only white space is left out, by {%- and -%}
                return None
            found.append(Token(kind, value, start))
            at = start + len(value)
    except TemplateSyntaxError:
        return None
    return found


def names_said(text: str) -> tuple[list[Said], list[Unsure]]:
    """The endpoints, blueprints and templates that a template names, and those it makes up as it goes."""
    said: list[Said] = []
    unsure: list[Unsure] = []
    for block in _blocks(tokens(text) or []):
        for one in (*_url_fors(block), *_compared(block), *_templates(block)):
            (said if isinstance(one, Said) else unsure).append(one)  # type: ignore[arg-type]  # it is one of the two
    return said, unsure


def strings(text: str) -> list[Token]:
    """All strings that stand inside ``{{ }}`` and ``{% %}``."""
    return [token for block in _blocks(tokens(text) or []) for token in block if token.kind == "string"]


def _blocks(all_tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands inside each ``{{ }}`` and ``{% %}``, without white space; the first is what opens it."""
    block: list[Token] | None = None
    for token in all_tokens:
        if token.kind in {"variable_begin", "block_begin"}:
            block = [token]
        elif token.kind in {"variable_end", "block_end"} and block is not None:
            yield block
            block = None
        elif block is not None and token.kind != "whitespace":
            block.append(token)


def _url_fors(block: Sequence[Token]) -> Iterator[Said | Unsure]:
    for at, (token, following) in enumerate(pairwise(block)):
        if token.value == "url_for" and token.kind == "name" and following.value == "(":
            yield from _url_for(list(_arguments(block[at + 2 :])), following.start)


def _arguments(rest: Sequence[Token]) -> Iterator[list[Token]]:
    """The arguments of a call: ``rest`` begins behind its parenthesis."""
    depth = 0
    argument: list[Token] = []
    for token in rest:
        if depth == 0 and token.value in {",", ")"} and token.kind == "operator":
            if argument:
                yield argument
            argument = []
            if token.value == ")":
                return
            continue
        depth += _step(token)
        argument.append(token)


def _step(token: Token) -> int:
    if token.kind != "operator":
        return 0
    return 1 if token.value in _OPEN else -1 if token.value in _CLOSE else 0


def _url_for(arguments: Sequence[list[Token]], start: int) -> Iterator[Said | Unsure]:
    given = {_keyword(one): one for one in arguments if _keyword(one)}
    positional = [one for one in arguments if not _keyword(one)]
    named = given["endpoint"][2:] if "endpoint" in given else positional[0] if positional else []
    values = tuple((name, one[0].start) for name, one in given.items() if name != "endpoint")
    unpacks = any(one[0].value == "**" for one in arguments)
    if named and named[0].value != "**":
        yield from _said("endpoint", named, start, values, unpacks)


def _keyword(argument: Sequence[Token]) -> str:
    named = len(argument) > 1 and argument[0].kind == "name" and argument[1].value == "="
    return argument[0].value if named else ""


def _said(
    about: str,
    expression: Sequence[Token],
    start: int,
    values: tuple[tuple[str, int], ...] = (),
    unpacks: bool = False,
) -> Iterator[Said | Unsure]:
    """The literals of an expression that is a string, a choice between strings, or a list of them."""
    sure = all(
        token.literal is not None or token.value in {"[", "]", "(", ")", ","} for token in _chosen(expression)
    )
    if not sure:
        yield Unsure(about, start)
        return
    for token in _chosen(expression):
        if token.literal is not None:
            yield Said(about, token.literal, token.start + 1, values, unpacks)


def _chosen(expression: Sequence[Token]) -> Iterator[Token]:
    """``'a' if x else 'b'`` is one of the two strings; what stands between ``if`` and ``else`` is not."""
    skipping, depth = False, 0
    for token in expression:
        depth += _step(token)
        if token.kind == "name" and depth == 0 and token.value in {"if", "else"}:
            skipping = token.value == "if"
        elif not skipping:
            yield token


def _compared(block: Sequence[Token]) -> Iterator[Said]:
    """``request.endpoint == 'x'``, either way round, and ``request.endpoint in ['x', 'y']``."""
    for at, (dot, name) in enumerate(pairwise(block)):
        if dot.value != "." or name.value not in _ATTRIBUTES:
            continue
        rest = block[at + 2 :]
        if rest and rest[0].value == "not":
            rest = rest[1:]
        if rest and rest[0].value in {"==", "!="}:
            yield from _strings(name.value, rest[1:2])
        elif rest and rest[0].value == "in" and len(rest) > 1 and rest[1].value in _OPEN:
            yield from _strings(name.value, next(_arguments_within(rest[2:])))
        before = block[max(0, at - 3) : at]
        if len(before) == 3 and before[1].value in {"==", "!="}:  # 'x' == request.endpoint
            yield from _strings(name.value, before[:1])


def _arguments_within(rest: Sequence[Token]) -> Iterator[list[Token]]:
    depth, found = 1, []
    for token in rest:
        depth += _step(token)
        if depth == 0:
            break
        found.append(token)
    yield found


def _strings(about: str, found: Sequence[Token]) -> Iterator[Said]:
    for token in found:
        if token.literal is not None:
            yield Said(about, token.literal, token.start + 1)


def _templates(block: Sequence[Token]) -> Iterator[Said | Unsure]:
    if block[0].kind != "block_begin" or len(block) < 3 or block[1].value not in _TAGS:
        return
    ends = ("import",) if block[1].value == "from" else ("as",) if block[1].value == "import" else ()
    ends = (*ends, "ignore", "with", "without")
    expression: list[Token] = []
    for token in block[2:]:
        if token.kind == "name" and token.value in ends:
            break
        expression.append(token)
    yield from _said("template", expression, block[1].start)
