"""A URL rule parsed once into typed pieces: the words that forms, map and requests share.

``Rule.parse`` takes what Flask takes and prints it back to the letter. Where Werkzeug would refuse a
rule, or take a slip of the pen for something else, it raises a ``RuleError`` that says so in a sentence
with the span to mark.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from playground.core.arguments import Args, Argument, RuleError, read_arguments, write_arguments
from playground.core.converters import (
    CONVERTERS,
    Converter,
    convert_text,
    pattern,
    sample_text,
    similar_converter,
)
from playground.core.slips import check_beginning, check_static, malformed, open_bracket

__all__ = ["CONVERTERS", "Argument", "Converter", "Param", "Rule", "RuleError"]

_SAFE = "!$&'()*+,:;=@"  # what a URL path segment may hold as it is
_PARAM = re.compile(
    r"<(?:(?P<converter>[A-Za-z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<name>[A-Za-z_]\w*)>", re.ASCII
)
_OPAQUE = "arguments"  # the one argument of a converter that only the app knows: its raw text


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a rule; equal by name, converter and arguments.

    ``args`` are the arguments by Werkzeug's names (``("min", 1)``, ``("items", ("a", "b"))``). ``start`` and
    ``end`` are its span in the rule. ``opaque`` marks a converter of the app's own: what it takes, only the
    app knows. Change a parameter with ``with_`` only, which forgets how the old one was written.
    """

    name: str
    converter: str = "string"
    args: Args = ()
    written: str = field(default="", compare=False, repr=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    opaque: bool = False

    @property
    def text(self) -> str:
        """As it was written, or in the short normal form: ``<int(min=1):page>``."""
        if self.written:
            return self.written
        if self._kind == "string" and not self.args:
            return f"<{self.name}>"
        inner = str(self._arguments.get(_OPAQUE, "")) if self.opaque else write_arguments(self.args)
        return f"<{self.converter}({inner}):{self.name}>" if inner else f"<{self.converter}:{self.name}>"

    @property
    def _kind(self) -> str:
        """The converter to judge by; empty where only the app can judge."""
        return "" if self.opaque else self.converter

    @property
    def _arguments(self) -> dict[str, Any]:
        return dict(self.args)

    @property
    def sample(self) -> str:
        """A value that converts."""
        return sample_text(self._kind, self._arguments)

    def convert(self, text: str) -> object:
        """The Python value that Flask would pass to the view.

        Raises:
            ValueError: one plain sentence why this value would be a 404.
        """
        return convert_text(self._kind, self._arguments, text)

    def to_url(self, text: str) -> str:
        """The value percent-encoded for an address; raises like ``convert``."""
        self.convert(text)
        return quote(text, safe=_SAFE if self._kind not in {"", "path"} else f"{_SAFE}/")

    def with_(
        self, *, name: str | None = None, converter: str | None = None, args: Args | None = None
    ) -> Param:
        """This parameter changed; arguments that the converter does not have are dropped.

        A change to ``any`` without items gets two to begin with. Equal content stays as written.

        Raises:
            RuleError: Flask would not take it like this.
        """
        kind = self.converter if converter is None else converter
        kept = self.args if args is None else args
        opaque = self.opaque and kind == self.converter
        if kind in CONVERTERS and not opaque:
            known = {argument.name for argument in CONVERTERS[kind].arguments}
            kept = tuple((key, value) for key, value in kept if key in known and value is not None)
            if kind == "any" and not kept and args is None:
                kept = (("items", ("one", "two")),)
        changed = Param(self.name if name is None else name, kind, kept, opaque=opaque)
        if changed == self:
            return self
        return self._checked(changed)

    def _checked(self, changed: Param) -> Param:
        """What its text reads back to, which has to be the same; without ``written``."""
        text = changed.text
        own = (changed.converter,) if changed.opaque else ()
        match = _PARAM.match(text)
        if match is None:
            raise malformed(text, 0)
        read = _read_param(match, own)
        if match.end() != len(text) or (read.name, read.converter) != (changed.name, changed.converter):
            raise RuleError(
                "A value holds signs that a rule can't carry.", "Remove quotes, < and >.", 0, len(text)
            )
        if dict(read.args) != changed._arguments:
            raise RuleError(
                "A value holds signs that a rule can't carry.", "Remove the quotes.", 0, len(text)
            )
        return replace(read, written="", start=self.start, end=self.start + len(text))


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as typed pieces: text that stands for itself, and parameters."""

    pieces: tuple[str | Param, ...]

    @classmethod
    def parse(cls, text: str, *, blueprint_prefix: str = "", custom: Collection[str] = ()) -> Rule:
        """The rule written as ``text``.

        Behind a ``blueprint_prefix`` it may be empty. ``custom`` are the names of converters that the app
        registers itself; what they take is left to the app.

        Raises:
            RuleError: Flask would refuse it, or take it for something else.
        """
        if not blueprint_prefix:
            check_beginning(text)
        pieces = tuple(_read_pieces(text, custom))
        _check_twice(pieces, {match["name"] for match in _PARAM.finditer(blueprint_prefix)})
        return cls(pieces)

    @property
    def text(self) -> str:
        """The rule as Flask takes it; what was parsed comes back to the letter."""
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)

    @property
    def params(self) -> tuple[Param, ...]:
        """The parameters in their order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Param))

    def replace(self, old_name: str, param: Param) -> Rule:
        """This rule with another parameter in place of ``old_name``.

        Raises:
            RuleError: the rule has another one of that name already.
        """
        pieces = [
            param if isinstance(piece, Param) and piece.name == old_name else piece for piece in self.pieces
        ]
        placed = tuple(_placed(pieces))
        _check_twice(placed, set())
        return Rule(placed)

    def without(self, name: str) -> Rule:
        """This rule without a parameter, and without its segment if that was all there was in it."""
        pieces: list[str | Param] = []
        for index, piece in enumerate(self.pieces):
            if not isinstance(piece, Param) or piece.name != name:
                pieces.append(piece)
                continue
            after = self.pieces[index + 1] if index + 1 < len(self.pieces) else "/"
            before = pieces[-1] if pieces else ""
            if (
                isinstance(before, str)
                and isinstance(after, str)
                and before.endswith("/")
                and after[0] == "/"
            ):
                pieces[-1] = before[:-1]
        joined = "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)
        return Rule(tuple(_placed(pieces)) if joined else ("/",))

    def build(self, values: Mapping[str, str]) -> str:
        """The path of an address, percent-encoded, with these texts as the parameters' values.

        Raises:
            ValueError: ``name: why``, where a value is missing or would be a 404, or where Flask
                would divide the address between the parameters in another way.
        """
        parts = []
        for piece in self.pieces:
            if isinstance(piece, str):
                parts.append(quote(piece, safe=f"{_SAFE}/"))
                continue
            try:
                parts.append(piece.to_url(values.get(piece.name, "")))
            except ValueError as error:
                raise ValueError(f"{piece.name}: {error}") from None
        path = "".join(parts)
        self._check_read_back(path, values)
        return path

    def _check_read_back(self, path: str, values: Mapping[str, str]) -> None:
        if any(param.opaque for param in self.params):
            return
        found = self.read(path)
        for param in self.params:
            if found is None:
                raise ValueError(f"{param.name}: with this value the address no longer fits the rule.")
            if found[param.name] != values[param.name]:
                raise ValueError(f'{param.name}: Flask would read "{found[param.name]}" out of this address.')

    def read(self, path: str) -> dict[str, str] | None:
        """The parameters' texts in a path of an address (without query), or None if it does not fit.

        Only the shape is compared; whether a value is in its range is for ``Param.convert``.
        """
        match = re.fullmatch(self._pattern(), unquote(path))
        return None if match is None else match.groupdict()

    def _pattern(self) -> str:
        parts = [
            re.escape(piece)
            if isinstance(piece, str)
            else f"(?P<{piece.name}>{pattern(piece._kind, piece._arguments)})"
            for piece in self.pieces
        ]
        if self.text.endswith("/") and any(param._kind == "path" for param in self.params):
            parts[-1] = f"{parts[-1][:-1]}(?<!/)/"  # Werkzeug keeps that last slash out of the value
        return "".join(parts)

    @property
    def segments(self) -> tuple[tuple[str | Param, ...], ...]:
        """The pieces between slashes, for the map; ``/`` has none.

        ``/v<int:n>/users`` is ``(("v", n), ("users",))``. A slash at the end adds an empty segment. From a
        path parameter on all is one segment, its slashes included.
        """
        segments: list[list[str | Param]] = [[]]
        final = False
        for piece in self.pieces:
            if isinstance(piece, Param) or final:
                final = final or (isinstance(piece, Param) and piece.converter == "path")
                segments[-1].append(piece)
                continue
            first, *others = piece.split("/")
            segments[-1].extend([first] if first else [])
            segments.extend([part] if part else [] for part in others)
        if self.text.startswith("/"):
            segments = segments[1:]
        return () if segments == [[]] else tuple(tuple(segment) for segment in segments)


def _placed(pieces: list[str | Param]) -> Iterator[str | Param]:
    """The pieces with neighbouring texts joined and the spans of the parameters set anew."""
    position = 0
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        position += len(text)
        text = ""
        yield replace(piece, start=position, end=position + len(piece.text))
        position += len(piece.text)
    if text:
        yield text


def _read_pieces(text: str, custom: Collection[str]) -> Iterator[str | Param]:
    position = 0
    while position < len(text):
        if text[position] == "<":
            match = _PARAM.match(text, position)
            if match is None:
                raise malformed(text, position)
            yield _read_param(match, custom)
            position = match.end()
        else:
            end = text.find("<", position)
            end = len(text) if end < 0 else end
            check_static(text, position, end)
            yield text[position:end]
            position = end


def _read_param(match: re.Match[str], custom: Collection[str]) -> Param:
    name, wanted, raw = match["name"], match["converter"] or "string", match["arguments"] or ""
    _check_name(name, match.start("name"), match.end("name"))
    if wanted in custom:
        args: Args = ((_OPAQUE, raw),) if raw else ()
        return Param(name, wanted, args, match[0], match.start(), match.end(), opaque=True)
    converter = CONVERTERS.get("string" if wanted == "default" else wanted)
    if converter is None:
        raise _unknown_converter(match, wanted, name)
    at = match.start("arguments") if raw else match.start()
    args = _arguments_at(converter, raw, at, match)
    return Param(name, converter.name, args, match[0], match.start(), match.end())


def _arguments_at(converter: Converter, raw: str, at: int, match: re.Match[str]) -> Args:
    """The arguments, with spans inside the rule; a bracket that swallowed half the rule is named as such."""
    try:
        return read_arguments(converter.arguments, raw, at)
    except RuleError as error:
        if re.search(r">.*<", raw):
            raise open_bracket(match.start(), at + raw.index(">") + 1) from None
        if error.end <= error.start:
            raise RuleError(error.sentence, error.hint, match.start(), match.end()) from None
        raise


def _unknown_converter(match: re.Match[str], wanted: str, name: str) -> RuleError:
    span = (match.start("converter"), match.end("converter"))
    meant = similar_converter(name)
    if meant and not similar_converter(wanted):
        return RuleError(f'There is no type "{wanted}".', f"The type comes first: <{meant}:{wanted}>.", *span)
    meant = similar_converter(wanted)
    hint = f'Did you mean "{meant}"?' if meant else f"There are {', '.join(CONVERTERS)}."
    return RuleError(f'There is no type "{wanted}".', hint, *span)


def _check_name(name: str, start: int, end: int) -> None:
    if keyword.iskeyword(name) or name == "__debug__":
        raise RuleError(
            f'"{name}" is a word of Python itself and can\'t name a parameter.',
            f"Write {name}_ or another name.",
            start,
            end,
        )


def _check_twice(pieces: tuple[str | Param, ...], before: set[str]) -> None:
    seen = set(before)
    for piece in pieces:
        if not isinstance(piece, Param):
            continue
        if piece.name in seen:
            where = "the blueprint's prefix" if piece.name in before else "this rule"
            raise RuleError(
                f'The name "{piece.name}" is in {where} already.',
                "Give each parameter a name of its own.",
                piece.start,
                piece.end,
            )
        seen.add(piece.name)
