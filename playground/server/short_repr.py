"""Values as text that is short, whatever they are; and snapshots of variables at little cost."""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Mapping
from typing import Any

from playground.core.trips import Value
from playground.server.note import Shown, Snapshot

LONGEST = 200
"""Characters of a ``repr``."""
MOST = 200
"""Variables of a snapshot."""
_PLAIN = 100
"""Characters of a text up to which its ``repr`` is surely not too long."""
_SMALL = 10**15

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = LONGEST
_short.maxdict = _short.maxlist = _short.maxtuple = _short.maxset = 20
_CONTAINERS = frozenset((list, tuple, dict, set, frozenset))
_AS_THEY_ARE = frozenset((bool, float, type(None)))


def short_repr(value: object) -> str:
    """A ``repr`` of at most 200 characters, also of what has a broken or an endless one."""
    if (type(value) is str and len(value) < _PLAIN) or (type(value) is int and -_SMALL < value < _SMALL):
        return repr(value)  # most are; reprlib takes ten times as long
    try:
        text = _short.repr(value)
    except Exception as error:  # noqa: BLE001  any class of the project may be asked here
        text = f"<{type(value).__name__}: {type(error).__name__} in its repr>"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def snapshot(variables: Mapping[str, Any], without: Collection[str] = ()) -> Snapshot:
    """What variables are now: those that can't change as they are, the others as they are shown."""
    taken = []
    for name, value in variables.items():
        if name in without:
            continue
        kind = type(value)
        if (
            (kind is str and len(value) < _PLAIN)
            or (kind is int and -_SMALL < value < _SMALL)
            or kind in _AS_THEY_ARE
        ):
            taken.append((name, kind.__name__, value, -1))
        else:
            count = len(value) if kind in _CONTAINERS else -1
            taken.append((name, kind.__name__, Shown(short_repr(value)), count))
        if len(taken) == MOST:
            break
    return tuple(taken)


def values_of(taken: Snapshot) -> tuple[Value, ...]:
    """A snapshot as values to show."""
    return tuple(Value(name, kind, text_of(held), size) for name, kind, held, size in taken)


def text_of(held: object) -> str:
    """What is shown of a value of a snapshot."""
    return str.__str__(held) if type(held) is Shown else repr(held)
