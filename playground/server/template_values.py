"""What each template was last given, as names, types and short texts: for the window, and for completion.

Nothing of the app is kept alive, and none of its code is called but a bounded ``repr``: members are taken
from the classes' and objects' own dictionaries, so no property is worked out, no query is sent and no
generator is used up. A template that is rendered all the time is looked at four times a second.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
)
from typing import Any

from playground.core.completing import Given, Member, Word
from playground.server.note import Snapshot
from playground.server.short_repr import text_of

PAUSE = 0.25
"""Seconds between two looks at what one template is given."""
KEPT = 1000
"""Templates of which it is known."""
MOST = 100
"""Names of one template, and members of one value."""
FLASKS = ("request", "session", "g", "config")
_CALLABLE = (FunctionType, BuiltinFunctionType, MethodDescriptorType, classmethod, staticmethod)
_SECRET = frozenset(("config", "request"))
_SHOWN = 60
_COUNTED: tuple[tuple[type, Callable[[Any], int]], ...] = tuple(
    (one, one.__len__) for one in (list, tuple, dict, set, frozenset, deque)
)
_CONTAINERS = (list, tuple, dict, set, frozenset, deque)

Short = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class LastGiven:
    """What a template was given by its last request; ``number`` grows from look to look."""

    number: int
    method: str
    path: str
    given: tuple[Given, ...]
    flasks: tuple[Given, ...]


class TemplateValues:
    """Keeps what was given last, by template; ``short`` is the bounded ``repr``. From any thread."""

    def __init__(self, short: Short) -> None:
        self._short = short
        self._lock = threading.Lock()
        self._known: OrderedDict[str, LastGiven] = OrderedDict()
        self._looked: dict[str, float] = {}
        self._since: dict[str, tuple[int, str, str, Snapshot]] = {}  # what came since the last look
        self._number = 0

    @property
    def number(self) -> int:
        """That of the last look; 0 before the first."""
        return self._number

    def note(
        self, template: str, method: str, path: str, context: Mapping[str, Any], taken: Snapshot = ()
    ) -> None:
        """A template is being rendered, on the thread of the request; ``taken`` is what was noted of it."""
        if not template:
            return  # made of a string
        now = time.monotonic()
        if now - self._looked.get(template, -PAUSE) < PAUSE:
            self._number += 1  # two at once may count as one: it does no harm
            self._since[template] = self._number, method, path, taken
            return
        self._looked[template] = now  # two at once may both look: it does no harm
        texts = {name: text_of(held) for name, _, held, _ in taken}
        given = tuple(self._given(context, texts, own=True))
        flasks = tuple(self._given(context, {}, own=False))
        self._keep(template, method, path, given, flasks)

    def _keep(
        self, template: str, method: str, path: str, given: tuple[Given, ...], flasks: tuple[Given, ...]
    ) -> None:
        with self._lock:
            self._number += 1
            self._since.pop(template, None)
            self._known[template] = LastGiven(self._number, method, path, given, flasks)
            self._known.move_to_end(template)
            while len(self._known) > KEPT:
                gone, _ = self._known.popitem(last=False)
                self._looked.pop(gone, None)
                self._since.pop(gone, None)

    def last(self, template: str) -> LastGiven | None:
        """What a template was given last; None for one that was not rendered."""
        known, since = self._known.get(template), self._since.get(template)
        if known is None or since is None:
            return known
        number, method, path, taken = since
        return LastGiven(number, method, path, _retold(known, taken), known.flasks)

    def _given(self, context: Mapping[str, Any], texts: Mapping[str, str], *, own: bool) -> Iterator[Given]:
        names = [name for name in context if (name not in FLASKS) == own][:MOST]
        for name in names:
            value, is_secret = context[name], name in _SECRET
            short = None if is_secret else self._short
            text = "" if short is None else texts.get(name) or short(value)
            items = () if is_secret else members(first_item(value), short)
            yield Given(name, type_name(value), text, size(value), members(value, short), items)


def _retold(known: LastGiven, taken: Snapshot) -> tuple[Given, ...]:
    """The values as they were last, with the members that were seen a moment before."""
    before = {one.name: one for one in known.given}
    nothing = Given("", "", "")
    return tuple(
        Given(name, kind, text_of(held), count, seen.members, seen.items)
        for name, kind, held, count in taken[:MOST]
        for seen in (before.get(name, nothing),)
    )


def type_name(value: object) -> str:
    """The name of a value's class, whatever its metaclass says."""
    return str(type.__dict__["__name__"].__get__(type(value)))


def size(value: object) -> int:
    """How many items a list, tuple, set or dict has; -1 for anything else."""
    return next((int(count(value)) for kind, count in _COUNTED if _is(value, kind)), -1)


def first_item(value: object) -> object:
    """The first item of a list, tuple or set, the first value of a dict; None where there is none."""
    try:
        if _is(value, dict):
            return next(iter(dict.values(value)), None)  # type: ignore[arg-type]  # it is one
        for kind in _CONTAINERS:
            if _is(value, kind):
                return next(iter(kind.__iter__(value)), None)  # type: ignore[arg-type]  # as above
    except RuntimeError:  # another thread changes it just now
        return None
    return None


def members(value: object, short: Short | None) -> tuple[Member, ...]:
    """What can be written behind a value's dot, the keys of a dict first; ``short`` None tells no values."""
    if value is None:
        return ()
    found: dict[str, Member] = {}
    try:
        for one in _all(value, short):
            if one.name not in found and not one.name.startswith("_"):
                found[one.name] = one
                if len(found) >= MOST:
                    break
    except RuntimeError:  # another thread changes it just now: what was seen is enough
        pass
    return tuple(found.values())


def _all(value: object, short: Short | None) -> Iterator[Member]:
    if _is(value, dict):
        yield from _told(dict.items(value), "key", short)  # type: ignore[arg-type]  # it is one
    yield from _told(_own(value), "attribute", short)
    for kind in type.__dict__["__mro__"].__get__(type(value)):
        if kind is object:
            continue
        for name, said in _names(kind):
            yield _of_class(name, said, value, short)


def _names(kind: type) -> Iterable[tuple[str, object]]:
    """What a class defines itself, in its order, without asking its metaclass."""
    return tuple(type.__dict__["__dict__"].__get__(kind).items())


def _own(value: object) -> Iterable[tuple[object, object]]:
    """What an object holds in its own dictionary; nothing where its class makes one up."""
    for kind in type.__dict__["__mro__"].__get__(type(value)):
        said = type.__dict__["__dict__"].__get__(kind).get("__dict__")
        if said is not None:
            held = said.__get__(value) if type(said) is GetSetDescriptorType else None
            return tuple(held.items()) if type(held) is dict else ()
    return ()


def _told(pairs: Iterable[tuple[object, object]], kind: str, short: Short | None) -> Iterator[Member]:
    for count, (name, one) in enumerate(pairs):
        if count >= MOST * 2:
            return
        if type(name) is str:
            text = _cut(short(one)) if short is not None else ""
            yield Member(name, type_name(one), text, kind)


def _of_class(name: str, said: object, value: object, short: Short | None) -> Member:
    """A name that a class gives; only slots are looked into, for they run nothing."""
    if type(said) is MemberDescriptorType and short is not None:
        try:
            held = said.__get__(value)
        except AttributeError:  # an empty slot
            return Member(name)
        return Member(name, type_name(held), _cut(short(held)))
    return Member(name, kind="method" if type(said) in _CALLABLE else "attribute")


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _is(value: object, kind: type) -> bool:
    """Whether a value is one of a kind, going by its class alone: ``isinstance`` would ask the value."""
    return kind in type.__dict__["__mro__"].__get__(type(value))


# What Jinja knows ----------------------------------------------------------------------------------------


def words(table: Mapping[Any, Any]) -> tuple[Word, ...]:
    """The names of a table of filters, tests or globals, with the first line of what each says of itself."""
    names = sorted(name for name in tuple(table) if type(name) is str and name.isidentifier())
    return tuple(Word(name, _said_of(table.get(name))) for name in names)


def _said_of(function: object) -> str:
    said = function.__doc__ if type(function) in (FunctionType, BuiltinFunctionType) else None
    line = said.strip().split("\n")[0] if isinstance(said, str) else ""
    line = line.partition(". ")[0].rstrip(".").replace("``", "")
    return _cut(line)
