"""A rule as the router reads it: parts between slashes, each a fixed text or a regular expression.

Made of what a rule says (``rule.rule``) and of converters as the app makes them. It compares a path with one
rule fast, and tells how far they go together; the order of two rules can be read off their parts, too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from werkzeug.routing import BaseConverter, Rule

from playground.core.explanations import Stop

_PIECE = re.compile(
    r"(?P<slash>/)|(?P<static>[^</]+)"
    r"|<(?:(?P<converter>[A-Za-z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<name>[A-Za-z_]\w*)>",
    re.ASCII,
)
_SLASHES = re.compile("/{2,}")

Weight = tuple[int, tuple[tuple[int, int], ...], int, tuple[int, ...]]
"""As Werkzeug weighs a part: more pieces of text first, longer ones, more parameters, lighter converters."""

Making = Callable[[str, str], BaseConverter]
"""Gives the converter of a name and its arguments as written; raises what the converter raises."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that stands for itself, or one parameter: ``text`` is how the rule has it."""

    text: str
    name: str = ""
    kind: str = ""
    converter: BaseConverter | None = None

    @property
    def regex(self) -> str:
        return re.escape(self.text) if self.converter is None else f"(?:{self.converter.regex})"


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two slashes; from a converter that takes slashes on, all the rest (``final``).

    ``pattern`` is None for a fixed text; its groups are the parameters. ``suffixed`` is a final part whose
    rule has a slash behind it.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    pattern: re.Pattern[str] | None = None
    final: bool = False
    suffixed: bool = False
    weight: Weight = (0, (), 0, ())

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for parts that are one and the same to the router."""
        if self.pattern is None:
            return (self.text,)
        return (self.pattern.pattern, self.weight, self.final, self.suffixed)

    @property
    def params(self) -> tuple[Piece, ...]:
        return tuple(piece for piece in self.pieces if piece.name)

    def start_of(self, piece: Piece, text: str) -> int:
        """Where the text of one of the parameters begins, in a text that fits."""
        found = self.pattern.match(text) if self.pattern is not None else None
        return found.start(f"p{self.params.index(piece)}") if found is not None else 0


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a path goes along with a rule.

    ``stop`` is None where it fits to the end. ``at`` counts the characters that fit, ``parts`` the parts.
    ``stopped`` is the text that does not fit, ``piece`` what it should have been. ``texts`` are those that
    the parameters took.
    """

    parts: int
    at: int
    stop: Stop | None = None
    stopped: str = ""
    piece: Piece | None = None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One rule of a map. ``number`` is its place there; ``host`` is its host or subdomain."""

    rule: Rule
    number: int
    parts: tuple[Part, ...]
    host: Part

    @property
    def text(self) -> str:
        return self.rule.rule

    @property
    def params(self) -> tuple[Piece, ...]:
        """The parameters of the path, in their order."""
        return tuple(piece for part in self.parts for piece in part.params)

    @property
    def host_params(self) -> int:
        return len(self.host.params)

    def fits_host(self, domain: str) -> bool:
        if self.host.pattern is None:
            return self.host.text == domain
        return self.host.pattern.match(domain) is not None

    def walk(self, segments: list[str]) -> Reach:
        """Compare with a path that was split at its slashes, the empty text before the first one included."""
        texts: tuple[str, ...] = ()
        at = -1
        for index, part in enumerate(self.parts):
            if index == len(segments):
                return self._ended(index, at, texts)
            segment = segments[index]
            if part.final:
                return self._walk_rest(index, at + 1, "/".join(segments[index:]), texts)
            if part.pattern is None:
                if segment != part.text:
                    return self._stopped_at_text(index, at + 1, segments, texts)
            else:
                found = part.pattern.match(segment)
                if found is None:
                    return _stopped(part, index, at + 1, segment, texts, ends=index == len(segments) - 1)
                texts += _taken(found)
            at += 1 + len(segment)
        return self._went_through(at, segments[len(self.parts) :], texts)

    def _ended(self, index: int, at: int, texts: tuple[str, ...]) -> Reach:
        """The path has no more segments, the rule has."""
        rest = self.parts[index:]
        if len(rest) == 1 and rest[0].pattern is None and not rest[0].text:
            return Reach(index, at, Stop.SLASH, texts=texts)
        wanted = next((part.pieces[0] for part in rest if part.pieces), None)
        return Reach(index, at, Stop.END, piece=wanted, texts=texts)

    def _stopped_at_text(self, index: int, at: int, segments: list[str], texts: tuple[str, ...]) -> Reach:
        part, segment = self.parts[index], segments[index]
        if not part.text and part is self.parts[-1]:  # the rule ends with a slash, and more follows
            rest = "/".join(segments[index:])
            return Reach(index, at, Stop.MORE, rest, texts=texts)
        stop = Stop.SEGMENT if segment or index < len(segments) - 1 else Stop.END
        return Reach(index, at, stop, segment, part.pieces[0] if part.pieces else None, texts)

    def _walk_rest(self, index: int, at: int, rest: str, texts: tuple[str, ...]) -> Reach:
        """From a converter that takes slashes on."""
        part = self.parts[index]
        assert part.pattern is not None  # final parts have one
        found = part.pattern.match(rest)
        if found is None:
            return _stopped(part, index, at, rest, texts, ends=True)
        end = at + len(rest)
        texts += _taken(found)
        if not part.suffixed:
            return Reach(index + 1, end, texts=texts)
        if not found.groups()[-1]:
            return Reach(index + 1, end, Stop.SLASH, texts=texts)
        return Reach(index + 2, end, texts=texts)

    def _went_through(self, at: int, rest: list[str], texts: tuple[str, ...]) -> Reach:
        """The rule has no more parts."""
        done = len(self.parts)
        if not rest or (rest == [""] and not self.rule.strict_slashes):
            return Reach(done, at + len(rest), texts=texts)
        more = "/" + "/".join(rest)
        return Reach(done, max(at, 0), Stop.SLASH if rest == [""] else Stop.MORE, more, texts=texts)


def _stopped(part: Part, index: int, at: int, text: str, texts: tuple[str, ...], *, ends: bool) -> Reach:
    """A part with parameters refuses a text: which of its pieces does."""
    if not text and ends:
        return Reach(index, at, Stop.END, piece=part.pieces[0], texts=texts)
    good = 0
    for count in range(len(part.pieces), 0, -1):
        if re.match("".join(piece.regex for piece in part.pieces[:count]), text):
            good = count
            break
    piece = part.pieces[min(good, len(part.pieces) - 1)]
    stop = Stop.SEGMENT if piece.converter is None else Stop.CONVERTER
    return Reach(index, at, stop, text, piece, texts)


# -- reading a rule -------------------------------------------------------------------------------------


def form_of(rule: Rule, number: int, make: Making, *, host_matching: bool) -> Form:
    """Read one rule of a map; raises what its converters raise when they are made."""
    text = _SLASHES.sub("/", rule.rule) if rule.merge_slashes else rule.rule
    host = (rule.host if host_matching else rule.subdomain) or ""
    host_parts = tuple(_parts(host, make)) if host else (Part(""),)
    if len(host_parts) != 1:
        raise ValueError(f"{host} is no host that can be compared")
    return Form(rule, number, tuple(_parts(text, make)), host_parts[0])


def _parts(text: str, make: Making) -> Iterator[Part]:
    pieces: list[Piece] = []
    final = False
    for piece in _pieces(text, make):
        if piece.text == "/" and not final:
            yield _part(pieces, final=False)
            pieces = []
            continue
        pieces.append(piece)
        final = final or (piece.converter is not None and not piece.converter.part_isolating)
    suffixed = final and pieces[-1].text == "/"
    yield _part(pieces, final=final, suffixed=suffixed)
    if suffixed:
        yield Part("")


def _pieces(text: str, make: Making) -> Iterator[Piece]:
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None:
            raise ValueError(f"{text} is no rule that can be read")
        position = match.end()
        if match["name"]:
            kind = match["converter"] or "default"
            yield Piece(match[0], match["name"], kind, make(kind, match["arguments"] or ""))
        else:
            yield Piece(match[0])


def _part(pieces: list[Piece], *, final: bool, suffixed: bool = False) -> Part:
    text = "".join(piece.text for piece in pieces)
    if not any(piece.name for piece in pieces):
        return Part(text, tuple(pieces))
    counted = [piece for piece in pieces if piece.text != "/"]
    statics = [piece for piece in counted if not piece.name]
    params = [piece for piece in counted if piece.converter is not None]
    weight = (
        -len(statics),
        tuple((index, -len(piece.text)) for index, piece in enumerate(statics)),
        -len(params),
        tuple(piece.converter.weight for piece in params if piece.converter is not None),
    )
    body = pieces[:-1] if suffixed else pieces
    ending = r"(?<!/)(/?)\Z" if suffixed else r"\Z"
    return Part(text, tuple(pieces), re.compile(_regex(body) + ending), final, suffixed, weight)


def _regex(pieces: list[Piece]) -> str:
    """With the parameters as groups of a name, for a converter's own expression may have groups, too."""
    names = (f"p{number}" for number in itertools.count())
    return "".join(
        re.escape(piece.text) if piece.converter is None else f"(?P<{next(names)}>{piece.converter.regex})"
        for piece in pieces
    )


def _taken(found: re.Match[str]) -> tuple[str, ...]:
    """The texts of the parameters."""
    named = found.groupdict()
    return tuple(named[f"p{number}"] for number in range(len(named)) if f"p{number}" in named)
