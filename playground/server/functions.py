"""Finding the running functions of a piece of code, wherever decorators have hidden them.

The functions are looked for where they usually are: under the module's names, behind ``__wrapped__``, in
closures and classes, among the app's views. Whether these are all is then told by counting references: every
function that runs a code object holds one. Only when somebody else holds it too (a request that is inside of
it, a copy in a table of the app's own) is the garbage collector asked, which looks through all that there is.
"""

from __future__ import annotations

import functools
import gc
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FunctionType, MethodType

from playground.core.heap import heap
from playground.server.loaded import LoadedFile, inner_codes

_FURTHEST = 200
"""Objects that are looked at for one name."""
_WIDEST = 60
"""Attributes of an instance up to which it may be a wrapper of a function."""


def _references(code: CodeType) -> int:
    return sys.getrefcount(code) - _OWN


def _count_own() -> int:
    code = compile("", "", "exec")
    return _references(code)


_OWN = 0
_OWN = _count_own()  # those of a caller's variable and of the call itself


class Functions:
    """The running functions of one file's code; ``views`` are the app's by endpoint."""

    def __init__(self, file: LoadedFile, views: Mapping[str, object] | None = None) -> None:
        self._file = file
        self._views = views or {}
        self._by_name: dict[str, list[object]] | None = None

    def of(self, names: Iterable[str]) -> dict[str, list[FunctionType]]:
        """Those that run the code of each name; the code itself must not be held by the caller."""
        found: dict[str, list[FunctionType]] = {}
        unsure: list[str] = []
        for name in names:
            known = self._reachable(name)
            if self._are_all(name, len(known)):
                found[name] = known
            else:
                unsure.append(name)
        if unsure:
            found.update(self._ask_collector(unsure))
        return found

    def none_runs(self, name: str) -> bool:
        """Whether nobody is inside of the code of that name: no request, no suspended generator."""
        return self._are_all(name, len(self._reachable(name)))

    def living_inside(self, name: str) -> bool:
        """Whether functions that a function made live on."""
        outer = self._file.codes.get(name)
        codes = list(_all_inner(outer)) if outer is not None else []
        suspects = []
        for code in codes:
            # Held by the list and the consts around it; and by the table, unless the name is there twice.
            tabled = self._file.codes.get(code.co_qualname) is code
            if _references(code) > 2 + tabled:
                suspects.append(code)
        if not suspects:
            return False
        with heap.whole():
            return any(isinstance(thing, FunctionType) for thing in gc.get_referrers(*suspects))

    def _are_all(self, name: str, functions: int) -> bool:
        code = self._file.codes[name]
        if code is None:
            return False
        parent = self._file.codes.get(_parent(name))
        in_parent = parent is not None and any(const is code for const in parent.co_consts)
        return _references(code) == 1 + in_parent + functions

    def _reachable(self, name: str) -> list[FunctionType]:
        code = self._file.codes[name]
        first, _, rest = name.partition(".")
        starts = [self._file.namespace.get(first)]
        if "<locals>" in rest:
            starts += self._views_named(name.rpartition(".")[2])
        return [function for function in _functions_behind(starts) if function.__code__ is code]

    def _views_named(self, name: str) -> list[object]:
        if self._by_name is None:
            self._by_name = {}
            for view in self._views.values():
                self._by_name.setdefault(getattr(view, "__name__", ""), []).append(view)
        return self._by_name.get(name, [])

    def _ask_collector(self, names: list[str]) -> dict[str, list[FunctionType]]:
        wanted = {id(code): name for name in names if (code := self._file.codes[name]) is not None}
        found: dict[str, list[FunctionType]] = {name: [] for name in names}
        codes = [code for name in names if (code := self._file.codes[name]) is not None]
        with heap.whole():
            for thing in gc.get_referrers(*codes):
                if isinstance(thing, FunctionType) and id(thing.__code__) in wanted:
                    found[wanted[id(thing.__code__)]].append(thing)
        return found


def _parent(name: str) -> str:
    return name.rpartition(".")[0].removesuffix(".<locals>")


def _all_inner(code: CodeType) -> Iterator[CodeType]:
    for inner in inner_codes(code):
        yield inner
        yield from _all_inner(inner)


def _functions_behind(starts: Iterable[object]) -> Iterator[FunctionType]:
    """The functions among some objects, and those that they wrap."""
    waiting = list(starts)
    seen: set[int] = set()
    while waiting and len(seen) < _FURTHEST:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, FunctionType):
            yield thing
        waiting.extend(_behind(thing))


def _behind(thing: object) -> Iterable[object]:
    if isinstance(thing, FunctionType):
        return [*_cells(thing), *vars(thing).values()]
    if isinstance(thing, MethodType | staticmethod | classmethod):
        return [thing.__func__]
    if isinstance(thing, property):
        return [thing.fget, thing.fset, thing.fdel]
    if isinstance(thing, functools.partial):
        return [thing.func]
    if isinstance(thing, type):
        return list(vars(thing).values())
    return _attributes(thing)


def _cells(function: FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            continue


def _attributes(thing: object) -> Iterable[object]:
    """Those of an instance that may be a wrapper, without running any code of its class."""
    try:
        held = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return ()
    return list(held.values()) if isinstance(held, dict) and len(held) <= _WIDEST else ()
