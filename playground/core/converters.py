"""Werkzeug's six converters as facts: their arguments, what they match, what they make of it.

The form offers them from here, and a value to try is judged here on each keystroke, without Flask.
The tests hold every answer against Werkzeug itself.
"""

from __future__ import annotations

import difflib
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from playground.core.arguments import MOST_DIGITS, Argument, decimal_text

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Converter:
    """One type that a parameter can have.

    ``sample`` is a value that converts, ``summary`` is one plain sentence.
    """

    name: str
    arguments: tuple[Argument, ...]
    sample: str
    summary: str


def _table(*converters: Converter) -> Mapping[str, Converter]:
    return MappingProxyType({converter.name: converter for converter in converters})


CONVERTERS: Mapping[str, Converter] = _table(
    Converter(
        "string",
        (
            Argument("minlength", "int", 1),
            Argument("maxlength", "int", None),
            Argument("length", "int", None),
        ),
        "hello",
        "Any text without a slash.",
    ),
    Converter(
        "int",
        (
            Argument("fixed_digits", "int", 0),
            Argument("min", "int", None),
            Argument("max", "int", None),
            Argument("signed", "bool", False),
        ),
        "42",
        "A whole number, like 42.",
    ),
    Converter(
        "float",
        (Argument("min", "float", None), Argument("max", "float", None), Argument("signed", "bool", False)),
        "1.5",
        "A number with a decimal point, like 1.5.",
    ),
    Converter("path", (), "docs/notes.txt", "Any text, slashes included."),
    Converter("uuid", (), "123e4567-e89b-12d3-a456-426614174000", "A UUID, a long unique number."),
    Converter("any", (Argument("items", "items", ()),), "one", "One of the words you list."),
)

_OTHER_NAMES = {
    "default": "string", "str": "string", "text": "string", "slug": "string", "word": "string",
    "integer": "int", "number": "int", "num": "int", "long": "int", "digit": "int",
    "double": "float", "decimal": "float", "real": "float",
    "guid": "uuid", "filename": "path", "file": "path", "choice": "any", "enum": "any", "oneof": "any",
}  # fmt: skip


_NAMED = re.compile(r"<\s*([^\W\d]\w*)\s*[(:]")


def custom_converters(rule: str) -> frozenset[str]:
    """The converters that a rule names and Flask has not: taken for the app's own where it need not load."""
    return frozenset(_NAMED.findall(rule)) - {*CONVERTERS, "default"}


def similar_converter(name: str) -> str:
    """The converter that a person most likely means by ``name``, or an empty string."""
    lower = name.lower()
    if lower in CONVERTERS:
        return lower
    close = difflib.get_close_matches(lower, CONVERTERS, n=1, cutoff=0.7)
    return _OTHER_NAMES.get(lower) or (close[0] if close else "")


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'


def convert_text(converter: str, args: Mapping[str, Any], text: str) -> object:
    """The Python value that the view would get for ``text``.

    Raises:
        ValueError: one plain sentence why this value would be a 404.
    """
    if not text:
        raise ValueError("It is empty: an address can't leave this part out.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("It holds half a character, which no address can carry.")
    return _CONVERT.get(converter, _opaque)(args, text)


def _opaque(args: Mapping[str, Any], text: str) -> object:
    """A converter of the app's own: only the app knows."""
    return text


def _no_slash(text: str) -> None:
    if "/" in text:
        raise ValueError("It has a slash in it: only the path type takes slashes.")


def _string(args: Mapping[str, Any], text: str) -> object:
    _no_slash(text)
    length = args.get("length")
    shortest = args.get("minlength", 1) if length is None else length
    longest = args.get("maxlength") if length is None else length
    if length is not None and len(text) != length:
        raise ValueError(f"It has {len(text)} characters and needs exactly {length}.")
    if len(text) < shortest:
        raise ValueError(f"It has {len(text)} characters and needs at least {shortest}.")
    if longest is not None and len(text) > longest:
        raise ValueError(f"It has {len(text)} characters and may have {longest} at most.")
    return text


def _int(args: Mapping[str, Any], text: str) -> object:
    if not re.fullmatch(pattern("int", args), text):
        raise ValueError(_not_a_number(text, args, "a whole number: only digits are allowed"))
    digits = args.get("fixed_digits", 0)
    if digits and len(text) != digits:
        raise ValueError(
            f"It has {len(text)} digits and needs exactly {digits}, like {'42'.zfill(digits)[-digits:]}."
        )
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise ValueError(f"It has more than {MOST_DIGITS} digits.")
    return _in_range(int(text), args)


def _float(args: Mapping[str, Any], text: str) -> object:
    if not re.fullmatch(pattern("float", args), text):
        if re.fullmatch(r"-?\d+", text):
            raise ValueError(f"{_quoted(text)} has no decimal point: write {_quoted(text + '.0')}.")
        raise ValueError(_not_a_number(text, args, "a number with a point between digits, like 1.5"))
    return _in_range(float(text), args)


def _not_a_number(text: str, args: Mapping[str, Any], wanted: str) -> str:
    if text.startswith("-") and not args.get("signed"):
        return f"{_quoted(text)} has a minus sign, and only signed=True allows one."
    return f"{_quoted(text)} is not {wanted}."


def _in_range(value: float, args: Mapping[str, Any]) -> float:
    low, high = args.get("min"), args.get("max")
    if low is not None and value < low:
        raise ValueError(f"It is smaller than {low}, the smallest allowed.")
    if high is not None and value > high:
        raise ValueError(f"It is larger than {high}, the largest allowed.")
    return value


def _path(args: Mapping[str, Any], text: str) -> object:
    if text.startswith("/"):
        raise ValueError("It starts with a slash: the rule has that slash already.")
    if "\n" in text[1:]:
        raise ValueError("It has a line break in it.")
    return text


def _uuid(args: Mapping[str, Any], text: str) -> object:
    if not re.fullmatch(pattern("uuid", args), text):
        raise ValueError(f"{_quoted(text)} is not a UUID, like {CONVERTERS['uuid'].sample}.")
    return uuid.UUID(text)


def _any(args: Mapping[str, Any], text: str) -> object:
    if text not in args["items"]:
        raise ValueError(f"{_quoted(text)} is not one of {', '.join(args['items'])}.")
    return text


_CONVERT: Mapping[str, Callable[[Mapping[str, Any], str], object]] = {
    "string": _string,
    "int": _int,
    "float": _float,
    "path": _path,
    "uuid": _uuid,
    "any": _any,
}


def pattern(converter: str, args: Mapping[str, Any]) -> str:
    """The regular expression of the text that this converter takes out of an address."""
    sign = "-?" if args.get("signed") else ""
    if converter == "string":
        length = args.get("length")
        low, high = (
            (args.get("minlength", 1), args.get("maxlength", "")) if length is None else (length, length)
        )
        return f"[^/]{{{low},{high}}}"
    if converter == "any":
        return "|".join(re.escape(item) for item in args["items"])
    fixed = {
        "int": rf"{sign}\d+",
        "float": rf"{sign}\d+\.\d+",
        "path": "[^/].*?",
        "uuid": "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
    }
    return fixed.get(converter, "[^/]+")


def sample_text(converter: str, args: Mapping[str, Any]) -> str:
    """A value that converts with these arguments."""
    if converter == "string":
        low: int = args.get("length") or args.get("minlength", 1)
        high: int = args.get("length") or args.get("maxlength", low + 5)
        return "hello".ljust(low, "o")[: max(low, min(high, 5))]
    if converter == "int":
        return _sample_int(args)
    if converter == "float":
        low, high = args.get("min", 1.5), args.get("max", 1.5)
        return decimal_text(1.5 if low <= 1.5 <= high else (low if low > 1.5 else high))
    if converter == "any":
        return str(args["items"][0])
    return CONVERTERS[converter].sample if converter in CONVERTERS else "hello"


def _sample_int(args: Mapping[str, Any]) -> str:
    digits = args.get("fixed_digits", 0)
    highest = [bound for bound in (args.get("max"), 10**digits - 1 if digits else None) if bound is not None]
    value: int = min([max(42, args.get("min", 0)), *highest])
    return str(value).zfill(int(digits))
