"""What the app's modules hold survives a fresh import: plain data whose defining statement did not change.

A list that the class filled in is a module's global. When the app is imported afresh, the new module begins
with an empty one; ``carry`` puts the old one in its place, if the statement that defines it, and everything
of the module that this statement uses, reads as before. Data is plain when it is made of the built-in values,
containers and instances of dataclasses; anything else (the app, a lock, an open file) belongs to the version
that made it.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import decimal
import re
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import cast

from playground.core.pieces import parse_quietly
from playground.server.loaded import LoadedFile

_DEFINING = (b"@", b"def ", b"async ", b"class ")
_NAMED = re.compile(rb"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_VALUES = (
    type(None), bool, int, float, complex, str, bytes, bytearray, decimal.Decimal, uuid.UUID,
    datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
)  # fmt: skip
_SEQUENCES = (list, tuple, set, frozenset, deque)
_MAPPINGS = (dict, defaultdict, OrderedDict, Counter)


class Definitions:
    """The top-level names of one module's source, and the text that defines each.

    ``data`` are those that an assignment makes. Functions and classes are told by their text alone.
    """

    def __init__(self, file: LoadedFile) -> None:
        self._texts: dict[str, bytes | None] = {}
        self._uses: dict[str, frozenset[str]] = {}
        data: set[str] = set()
        for text in file.texts():
            named = _NAMED.search(text) if text.startswith(_DEFINING) else None
            if named is not None:
                self._define(named[1].decode(), text, frozenset())
                continue
            for statement in parse_quietly(text).body:
                used = frozenset(node.id for node in ast.walk(statement) if isinstance(node, ast.Name))
                for name in _bound(statement):
                    self._define(name, text, used - {name})
                data.update(_assigned(statement))
        self.data = frozenset(data)

    def _define(self, name: str, text: bytes, uses: frozenset[str]) -> None:
        self._texts[name] = None if name in self._texts else text
        self._uses[name] = uses

    def same(self, other: Definitions, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a name is defined as in the other version, and all of the module that it uses too."""
        if name not in self._texts and name not in other._texts:
            return True  # a builtin
        mine = self._texts.get(name)
        if mine is None or mine != other._texts.get(name):
            return False
        return all(self.same(other, used, seen | {name}) for used in self._uses[name] - seen)


def carry(
    before: Mapping[str, ModuleType],
    after: Mapping[str, ModuleType],
    old: Mapping[str, Definitions],
    new: Mapping[str, Definitions],
) -> tuple[str, ...]:
    """Move data from the modules of one version to those of the next; returns the names, ``module.name``."""
    carried = []
    for module in sorted(before.keys() & after.keys() & old.keys() & new.keys()):
        for name in sorted(old[module].data & new[module].data):
            if not old[module].same(new[module], name) or name not in vars(before[module]):
                continue
            value = vars(before[module])[name]
            if _adopt(value, after):
                setattr(after[module], name, value)
                carried.append(f"{module}.{name}")
    return tuple(carried)


def _adopt(value: object, after: Mapping[str, ModuleType]) -> bool:
    """Whether a value is plain data; instances in it then belong to the classes of the new version."""
    instances: list[tuple[object, type]] = []
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if id(item) in seen or type(item) in _VALUES:
            continue
        seen.add(id(item))
        if type(item) in _SEQUENCES:
            waiting.extend(cast("Iterable[object]", item))
        elif type(item) in _MAPPINGS:
            waiting.extend(_pairs(cast("dict[object, object]", item)))
        elif (heir := _heir(type(item), after)) is not None:
            instances.append((item, heir))
            waiting.extend(
                getattr(item, known.name) for known in dataclasses.fields(heir) if hasattr(item, known.name)
            )
        else:
            return False
    return all(_becomes(item, heir) for item, heir in instances)


def _pairs(mapping: dict[object, object]) -> Iterator[object]:
    for key, value in dict.copy(mapping).items():  # in one step: a request may change it meanwhile
        yield key
        yield value
    factory = getattr(mapping, "default_factory", None)
    if factory is not None and factory not in (list, dict, set, int, str, float, tuple):
        yield factory


def _heir(kind: type, after: Mapping[str, ModuleType]) -> type | None:
    """The class of that name in the new version, where both are dataclasses with the same fields."""
    if not dataclasses.is_dataclass(kind) or kind.__module__ not in after:
        return None
    heir: object = after[kind.__module__]
    for part in kind.__qualname__.split("."):
        heir = getattr(heir, part, None)
    if not isinstance(heir, type) or not dataclasses.is_dataclass(heir):
        return None
    same = [known.name for known in dataclasses.fields(kind)] == [
        known.name for known in dataclasses.fields(heir)
    ]
    return heir if same else None


def _becomes(item: object, heir: type) -> bool:
    try:
        object.__setattr__(item, "__class__", heir)
    except TypeError:  # another layout of slots
        return False
    return True


def _bound(statement: ast.stmt) -> Iterable[str]:
    """Every name that a statement binds at the top level of its module."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    named = [
        n.name
        for n in ast.walk(statement)
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    stored = [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return dict.fromkeys([*named, *stored])


def _assigned(statement: ast.stmt) -> Iterable[str]:
    """The names of a plain assignment: what can hold data."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        targets = []
    return [target.id for target in targets if isinstance(target, ast.Name)]
