"""The arguments inside a rule's parameter: ``min=1, max=9`` in ``<int(min=1, max=9):page>``.

Werkzeug reads them with a small grammar of its own which takes some slips for something else
without a word (``any(1,2)`` has the single item "1,2"). Here they are read to the same values, and
what Werkzeug would refuse or mistake is refused with a sentence and the span it is about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from playground.core.problems import Problem

Args = tuple[tuple[str, object], ...]

LONGEST_VALUE = 1_000_000
"""No address is longer than this, so no length in a rule may be."""

MOST_DIGITS = 4300
"""Python refuses to make an int of more digits than this."""


class RuleError(ValueError):
    """A rule that Flask would refuse or misread; ``start`` to ``end`` is the span it is about."""

    def __init__(self, sentence: str, hint: str = "", start: int = 0, end: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.start = start
        self.end = end

    @property
    def problem(self) -> Problem:
        """The same as a problem of the form's rule field."""
        return Problem(self.sentence, self.hint, field="rule")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a converter. ``kind`` is ``int``, ``float``, ``bool`` or ``items``."""

    name: str
    kind: str
    default: object


_ITEM = re.compile(
    r"""\s* (?: (?P<name>\w+) \s*=\s* )?
    (?: [urUR]?(?P<quoted> "[^"]*" | '[^']*' ) | (?P<bare> [\w.]+ | \d+[^\w\s,.]\d* ) )
    \s* (?:,|\Z)""",
    re.VERBOSE,
)
# After a bare number Werkzeug takes the comma itself for a decimal point.
_SWALLOWED_COMMA = re.compile(r"\d+,(?:\d|\s*\Z)")
_WORDS: Mapping[str, object] = {"None": None, "True": True, "False": False}
_KIND_WORDS = {"int": "a whole number", "float": "a number", "bool": "True or False"}


def read_arguments(known: tuple[Argument, ...], raw: str, at: int) -> Args:
    """The arguments written in ``raw``, which begins at ``at`` in the rule, by name.

    Raises:
        RuleError: they can't be read, or the converter does not have them, or they contradict
            each other.
    """
    found: list[tuple[str, object]] = []
    end = at + len(raw)
    position = 0  # Werkzeug counts the values without a name alone, wherever they stand
    for name, value, start, stop in _items(raw, at):
        span = (start, stop)
        if known and known[0].kind == "items":
            found.append(("", _item(name, value, *span)))
            continue
        argument = _argument(known, name, position, *span)
        position += not name
        if any(argument.name == before for before, _ in found):
            raise RuleError(f"{argument.name} is there twice.", "Remove one of them.", *span)
        _check_kind(argument, value, *span)
        found.append((argument.name, value))
    if known and known[0].kind == "items":
        return _items_argument([str(value) for _, value in found], at, end)
    args = tuple((name, value) for name, value in found if value is not None)
    check_together(dict(args), at, end)
    return args


def _items(raw: str, at: int) -> list[tuple[str, object, int, int]]:
    """Name, value and span in the rule of each argument in ``raw``."""
    found: list[tuple[str, object, int, int]] = []
    position = 0
    while raw[position:].strip():
        match = _ITEM.match(raw, position)
        if match is None:
            raise _unreadable(raw, position, at)
        bare, quoted = match["bare"], match["quoted"]
        start = match.start("bare" if quoted is None else "quoted")
        if bare and _SWALLOWED_COMMA.match(raw, start):
            raise RuleError(
                f'After "{bare}" the comma is taken for a decimal point.',
                "Put a space after the comma, or the values in quotes.",
                at + start,
                at + match.end(),
            )
        value = _python_value(bare) if quoted is None else quoted[1:-1]
        found.append((match["name"] or "", value, at + match.start(), at + match.end()))
        position = match.end()
    return found


def _unreadable(raw: str, position: int, at: int) -> RuleError:
    rest = raw[position:].strip()
    span = (at + position, at + len(raw))
    if re.match(r"(\w+\s*=\s*)?-", rest):
        return RuleError(
            "A negative number can't be written here: Flask's rules don't know the minus sign.",
            "Leave the limit out and check the value in the function.",
            *span,
        )
    return RuleError(
        f'"{rest}" can\'t be read.', "Write it like min=1, max=9, or like red, 'sky blue'.", *span
    )


def _python_value(bare: str) -> object:
    if bare in _WORDS:
        return _WORDS[bare]
    for convert in (int, float):
        with suppress(ValueError):
            return convert(bare)
    return bare


def _item(name: str, value: object, start: int, end: int) -> str:
    """One item of ``any``, checked."""
    if name:
        raise RuleError("any takes just its items.", "Write it like any(red, green).", start, end)
    if not isinstance(value, str):
        raise RuleError(f"The item {value} needs quotes.", f'Write "{value}".', start, end)
    if not value or "/" in value:
        which = "An empty item" if not value else "An item with a slash in it"
        raise RuleError(f"{which} never matches.", "Remove it, or use the path type.", start, end)
    return value


def _items_argument(items: list[str], start: int, end: int) -> Args:
    if not items:
        raise RuleError("any needs at least one item.", "Write it like any(red, green).", start, end)
    return (("items", tuple(items)),)


def _argument(known: tuple[Argument, ...], name: str, position: int, start: int, end: int) -> Argument:
    """The argument meant by its name, or by its position where it has none."""
    if not name and position < len(known):
        return known[position]
    found = next((argument for argument in known if argument.name == name), None)
    if found is None:
        names = ", ".join(argument.name for argument in known)
        hint = f"There are {names}." if known else "Remove the brackets and what is in them."
        sentence = f"This type has no {name}." if name else "This type does not take so many values."
        raise RuleError(sentence, hint, start, end)
    return found


def _check_kind(argument: Argument, value: object, start: int, end: int) -> None:
    if value is None and argument.default is None:
        return
    wanted: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,)}
    fits = isinstance(value, wanted[argument.kind]) and isinstance(value, bool) == (argument.kind == "bool")
    if not fits:
        hint = "With a capital letter, without quotes." if argument.kind == "bool" else "Without quotes."
        words = _KIND_WORDS[argument.kind]
        raise RuleError(f"{argument.name} has to be {words}, not {value}.", hint, start, end)
    if isinstance(value, float) and not math.isfinite(value):
        raise RuleError(f"{argument.name} is not a number to compare with.", "Leave it out.", start, end)


def check_together(args: Mapping[str, object], start: int, end: int) -> None:
    """Refuse arguments that are right one by one, but with which no value would ever match."""
    sentence = _contradiction({name: value for name, value in args.items() if isinstance(value, int | float)})
    if sentence:
        raise RuleError(sentence, "Change one of the numbers.", start, end)


def _contradiction(args: Mapping[str, float]) -> str:
    for name in ("length", "minlength", "maxlength"):
        if not 1 <= args.get(name, 1) <= LONGEST_VALUE:
            return f"{name} has to be from 1 to {LONGEST_VALUE:,}."
    digits = args.get("fixed_digits", 0)
    if digits > MOST_DIGITS:
        return f"fixed_digits can be {MOST_DIGITS} at most."
    longest = args.get("maxlength", LONGEST_VALUE)
    if "length" not in args and args.get("minlength", 1) > longest:
        return "minlength is larger than maxlength, so nothing would match."
    if args.get("min", -math.inf) > args.get("max", math.inf):
        return "min is larger than max, so nothing would match."
    if digits and args.get("min", 0) >= 10 ** int(digits):
        return f"No number of {digits} digits reaches min, so nothing would match."
    return ""


def write_arguments(args: Args) -> str:
    """The short normal form of arguments, without brackets: ``min=1, max=9``."""
    if args and args[0][0] == "items":
        items = args[0][1]
        assert isinstance(items, tuple)
        return ", ".join(_write_item(item) for item in items)
    return ", ".join(f"{name}={_write_value(value)}" for name, value in args)


def _write_item(item: str) -> str:
    if re.fullmatch(r"[A-Za-z_]\w*", item, re.ASCII) and _python_value(item) == item:
        return item
    return f"'{item}'" if '"' in item else f'"{item}"'


def _write_value(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return decimal_text(value)
    return str(value)


def decimal_text(value: float) -> str:
    """A float as digits, point, digits: exactly the same value, never with an exponent."""
    text = format(Decimal(repr(float(value))), "f")
    return text if "." in text else f"{text}.0"
