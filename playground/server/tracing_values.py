"""The values of variables as short texts, while the code that they belong to stands still.

A value is written as ``repr`` writes it, cut where that is long. Built-in containers are walked here, so that
a list of a million items costs no more than one of ten. Everything else is asked for its ``repr``, which may
be the project's own code: it gets a moment, and is cut short by a trace function if it needs longer.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import FrameType
from typing import Any

from playground.core.trips import Value
from playground.server.stopping import TookTooLongError, holds_locks

LONGEST = 200
"""Characters of a value's text."""
MOST = 50
"""Values of a moment, module values apart."""
PATIENCE = 0.02
"""Seconds that one ``repr`` of the project may take."""
ALLOWANCE = 1.0
"""Seconds that all of them may take together in one request."""

_PLAIN = (str, bytes, bytearray, int, float, bool, complex, type(None), type(...), range)
_COUNTED = (dict, list, tuple, set, frozenset, deque)
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    deque: ("deque([", "])"),
}
_PLAIN_ONES, _COUNTED_ONES = frozenset(map(id, _PLAIN)), frozenset(map(id, (*_COUNTED, defaultdict)))
"""By ``id``: to compare the classes themselves may run code of the project's, where they have a metaclass."""
_BRACKETED = frozenset(map(id, _BRACKETS))
_DEEPEST = 8
_LONG_NUMBER = 600  # bits; up to there all digits may fit


class TooSlowError(BaseException):
    """Raised in a ``repr`` that takes too long; not an ``Exception``, so that ``except`` lets it by.

    Where Python drops it, as in a destructor, ``again`` has it raised once more: it is not traced any longer.
    """

    def __init__(self, again: Callable[[], None]) -> None:
        super().__init__()
        self.again = again


def is_data(value: object) -> bool:
    """Whether a module's name stands for plain data, as against a function, a class or an app."""
    kind = type(value)  # and not isinstance, which would ask a proxy
    return issubclass(kind, (*_PLAIN, *_COUNTED)) and value is not ...


def size_of(value: object) -> int:
    """How many items a container has, -1 for what is none."""
    return len(value) if id(type(value)) in _COUNTED_ONES else -1  # type: ignore[arg-type]


def type_name(value: object) -> str:
    """The name of a value's class, whatever its class makes of that."""
    return str(type.__dict__["__name__"].__get__(type(value)))


class Writer:
    """Writes the values of one request; what it may spend on the project's own ``repr`` is bounded.

    It puts the trace function that it finds back after each ``repr``. ``allowance`` is in seconds.
    """

    def __init__(self, allowance: float = ALLOWANCE) -> None:
        self._left = allowance
        self._path: list[int] = []  # of containers inside of one another

    def values(self, names: Iterable[tuple[str, object]], before: Mapping[str, Value]) -> dict[str, Value]:
        """The values by name, at most ``MOST``; one that is as ``before`` is that very object."""
        made: dict[str, Value] = {}
        for name, value in islice(names, MOST):
            now = Value(name, type_name(value), self.text(value), size_of(value))
            made[name] = before[name] if before.get(name) == now else now
        return made

    def text(self, value: object, room: int = LONGEST) -> str:
        """What ``repr`` says, with a sign for what is left out; never more than ``room`` characters."""
        try:
            text = self._text(value, room)
        except TookTooLongError:  # the time of the whole request is over: it is not ours to stop that
            raise
        except BaseException as error:  # noqa: BLE001  a repr of the project may raise anything
            text = f"<{type_name(value)}: {type_name(error)} in its repr>"
        finally:
            self._path.clear()
        return _cut(text, room)

    def _text(self, value: object, room: int) -> str:
        kind = type(value)
        if id(kind) in _PLAIN_ONES:
            return _plain(value, room)
        if kind is dict:
            return self._dict(value, room)  # type: ignore[arg-type]
        if id(kind) in _BRACKETED:
            return self._sequence(value, kind, room)
        if kind is defaultdict:
            start = f"defaultdict({self._text(value.default_factory, 60)}, "  # type: ignore[attr-defined]
            return f"{start}{self._dict(value, room - len(start) - 1)})"  # type: ignore[arg-type]
        return self._asked(value)

    def _dict(self, value: dict[Any, Any], room: int) -> str:
        def pairs(inner: Callable[[object, int], str]) -> Iterator[str]:
            for key, each in dict.items(value):
                start = f"{inner(key, room)}: "
                yield start + inner(each, room - len(start))

        return self._inside(value, "{", "}", pairs, room)

    def _sequence(self, value: Any, kind: type, room: int) -> str:
        first, last = _BRACKETS[kind]
        if not value and kind in (set, frozenset):
            return f"{kind.__name__}()"
        if kind is tuple and len(value) == 1:
            last = ",)"
        if kind is deque and value.maxlen is not None:
            last = f"], maxlen={value.maxlen})"

        def parts(inner: Callable[[object, int], str]) -> Iterator[str]:
            return (inner(each, room) for each in value)

        return self._inside(value, first, last, parts, room)

    def _inside(
        self,
        value: object,
        first: str,
        last: str,
        parts: Callable[[Callable[[object, int], str]], Iterator[str]],
        room: int,
    ) -> str:
        """Brackets and as many of the parts as there is room for."""
        if id(value) in self._path:
            return f"{first}...{last}"
        if len(self._path) >= _DEEPEST:
            return f"{first}…{last}"
        self._path.append(id(value))
        try:
            return first + ", ".join(_fitting(parts(self._part), room - len(first) - len(last))) + last
        finally:
            self._path.pop()

    def _part(self, value: object, room: int) -> str:
        return self._text(value, max(room, 10))

    def _asked(self, value: object) -> str:
        """The ``repr`` of anything else, or its type where that takes too long."""
        if type.__getattribute__(type(value), "__repr__") is object.__repr__:
            return str(object.__repr__(value))
        began = time.perf_counter()
        try:
            if self._left <= 0:
                return f"<{type_name(value)}>"
            return _limited(value, began + min(PATIENCE, self._left))
        except TooSlowError:
            return f"<{type_name(value)}: its repr takes too long>"
        finally:
            self._left -= time.perf_counter() - began


def _limited(value: object, until: float) -> str:
    """Its ``repr``, under a trace function that ends it when the time is over."""
    under_way = True

    def again() -> None:
        if under_way:
            sys.settrace(look)

    def look(frame: FrameType, event: str, argument: object) -> Any:
        if time.perf_counter() > until and not holds_locks(frame.f_code):
            raise TooSlowError(again)
        return look

    def asked() -> str:
        nonlocal under_way
        sys.settrace(look)  # in here, as Python 3.11 would else not call it
        try:
            return str.__str__(repr(value))  # else one of a class made of ``str`` is asked once more
        finally:
            under_way = False
            sys.settrace(None)

    before = sys.gettrace()
    try:
        return str(sys.call_tracing(asked, ()))
    finally:
        sys.settrace(before)


def _plain(value: object, room: int) -> str:
    if isinstance(value, str | bytes | bytearray) and len(value) > room:
        return _cut(repr(value[:room]), room)
    if isinstance(value, int) and value.bit_length() > _LONG_NUMBER:
        return f"<int of {value.bit_length():,} bits>"  # to write its digits may take minutes
    return _cut(repr(value), room)


def _fitting(parts: Iterator[str], room: int) -> list[str]:
    """The parts that fit, with ", " between them; a sign at the end where there are more."""
    found: list[str] = []
    left = room + 2
    for part in parts:
        left -= len(part) + 2
        found.append(part)
        if left < 0:
            while found and left < 3:
                left += len(found.pop()) + 2
            return [*found, "…"]
    return found


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
