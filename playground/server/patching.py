"""Changing functions of the running app in place: their code is replaced, everything else stays.

An edit inside the bodies of functions needs no import: the new bodies are compiled and put into the functions
that are there, wherever decorators have hidden them. Module data, sessions and open connections stay. Where
that would not be honest (another signature, other decorators, closures that live on with the old body, a
generator that is suspended in it) ``plan`` refuses, and the app is imported afresh instead.

Only the statements that changed are parsed, so the cost hardly grows with the file.
"""

from __future__ import annotations

import ast
import gc
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import AsyncGeneratorType, CodeType, CoroutineType, FunctionType, GeneratorType

from playground.core.alike import common_end, common_start, meaning
from playground.core.heap import heap
from playground.core.pieces import FAILURES, parse_quietly
from playground.server.functions import Functions
from playground.server.loaded import LoadedFile, NotInPlaceError, Stamp, Statement, codes_of, extents

Def = ast.FunctionDef | ast.AsyncFunctionDef
Views = Mapping[str, object]
_SUSPENDING = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR


@dataclass
class Patch:
    """An edit of one file that can go live in place: nothing has changed until ``apply``."""

    file: LoadedFile
    data: bytes
    stamp: Stamp | None
    edit: _Edit | None = None
    extents: list[tuple[int, int, int]] = field(default_factory=list)
    changed: tuple[str, ...] = ()
    fresh: list[dict[str, CodeType | None]] = field(default_factory=list)
    functions: dict[str, list[FunctionType]] = field(default_factory=dict)

    def apply(self) -> tuple[str, ...]:
        """Make the running functions those of the new text; returns their qualified names."""
        codes = {name: code for found in self.fresh for name, code in found.items()}
        for name, functions in self.functions.items():
            if (code := codes[name]) is not None:
                for function in functions:
                    _put_in(function, code)
        self.file.codes.update(codes)
        if self.edit is not None:
            _follow(self.file, self.edit, self.data, self.extents, self.fresh)
        self.file.data, self.file.stamp = self.data, self.stamp
        return self.changed


def plan(file: LoadedFile, data: bytes, views: Views | None = None, stamp: Stamp | None = None) -> Patch:
    """How the running functions of ``file`` become those of ``data``.

    ``views`` are the app's view functions by endpoint: those that a factory made are found there.

    Raises:
        NotInPlaceError: the app has to be imported afresh.
    """
    if data == file.data:
        return Patch(file, data, stamp)
    if file.imported_twice:
        raise NotInPlaceError("the file runs as two modules")
    edit = _find_edit(file, data)
    patch = Patch(file, data, stamp, edit)
    old, new = _parsed(edit.old), _parsed(edit.new)
    patch.extents = extents(edit.new, new)
    if not len(old) == len(new) == len(patch.extents) == edit.last - edit.first:
        raise NotInPlaceError("a statement was added or removed")
    changes = _Changes()
    functions = Functions(file, views)
    line = data.count(b"\n", 0, edit.start)
    for before, after in zip(old, new, strict=True):
        mine = _Changes()
        mine.compare(before, after, "")
        patch.fresh.append(_compile(file, after, line))
        for name in mine.names:
            _refuse_dishonest(file, patch.fresh[-1], name, functions)
        changes.names += mine.names
        changes.rewritten += mine.rewritten
    for name in changes.rewritten:
        if functions.living_inside(name):
            raise NotInPlaceError(f"functions made by {name} live on")
    kept = [name for codes in patch.fresh for name in codes if _is_kept(file, codes, name)]
    patch.functions = functions.of(dict.fromkeys([*changes.names, *kept]))
    for name in changes.names:
        if not patch.functions[name] and "<locals>" not in name:
            raise NotInPlaceError(f"the running {name} was not found")
    patch.changed = tuple(changes.names)
    return patch


# What was edited --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Edit:
    """The statements first..last (excluded) with their text before and after; none, where only blank lines
    and comments changed. ``start`` is the byte at which they begin, ``grown`` how many bytes came."""

    first: int
    last: int
    old: bytes
    new: bytes
    start: int
    grown: int


def _find_edit(file: LoadedFile, data: bytes) -> _Edit:
    """The statements that hold the whole difference."""
    old, known = file.data, file.statements
    head = common_start(old, data)
    tail = common_end(old, data, min(len(old), len(data)) - head)
    head = old.rfind(b"\n", 0, head) + 1  # whole lines from here on
    end = _line_end(old, len(old) - tail)
    grown = len(data) - len(old)
    if data[end + grown - 1 : end + grown] != b"\n":  # what was put in front of a line made another one of it
        end = _line_end(old, end + 1)
    first = bisect_right(known, head, key=lambda one: one.end)
    last = max(first, bisect_left(known, end, key=lambda one: one.start))
    if first == last or head == end:
        if _is_blank(data[head : end + grown]) and (first == last or known[first].start >= head):
            return _Edit(first, first, b"", b"", head, grown)
        first, last = _joined_above(known, first, last, head, data[head : end + grown])
    start, stop = known[first].start, max(known[last - 1].end, end)
    start = min(start, head)
    return _Edit(first, last, old[start:stop], data[start : stop + grown], start, grown)


def _joined_above(known: list[Statement], first: int, last: int, head: int, added: bytes) -> tuple[int, int]:
    """Lines added just below a statement and indented continue it."""
    if first < last and known[first].start < head:
        return first, last
    if first and known[first - 1].end == head and added[:1] in (b" ", b"\t", b"\n", b"\r"):
        return first - 1, max(last, first) if last > first else first
    raise NotInPlaceError("a statement was added")


def _is_blank(text: bytes) -> bool:
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in text.splitlines())


def _line_end(data: bytes, at: int) -> int:
    """The end of the line in which the byte before ``at`` stands."""
    if at == 0 or data[at - 1 : at] == b"\n":
        return at
    found = data.find(b"\n", at)
    return len(data) if found < 0 else found + 1


def _parsed(text: bytes) -> list[ast.stmt]:
    try:
        return parse_quietly(text).body
    except FAILURES as error:
        raise NotInPlaceError("the statements do not parse alone") from error


# What differs -----------------------------------------------------------------------------------


class _Changes:
    """Which functions differ between two versions of a statement, and how.

    ``names`` are all whose code is another one, the enclosing functions of a changed one too;
    ``rewritten`` those whose own lines changed, not just those of a function inside.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.rewritten: list[str] = []

    def compare(self, old: ast.AST, new: ast.AST, scope: str) -> bool:
        """Note the differences; True where there are any. Refuses what is no function's body."""
        if type(old) is not type(new):
            raise NotInPlaceError("a statement changed its kind")
        if isinstance(old, Def) and isinstance(new, Def):
            return self._compare_functions(old, new, scope)
        inner = f"{scope}{old.name}." if isinstance(old, ast.ClassDef) else scope
        different = False
        for name in old._fields:
            different |= self._compare_fields(getattr(old, name, None), getattr(new, name, None), inner)
        return different

    def _compare_fields(self, old: object, new: object, scope: str) -> bool:
        if isinstance(old, ast.AST) and isinstance(new, ast.AST):
            return self.compare(old, new, scope)
        if isinstance(old, list) and isinstance(new, list):
            if len(old) != len(new):
                raise NotInPlaceError("a statement was added or removed")
            different = [self._compare_fields(a, b, scope) for a, b in zip(old, new, strict=True)]
            return any(different)  # all of them are compared, each notes its own
        if type(old) is not type(new) or old != new:
            raise NotInPlaceError("something outside of a function's body changed")
        return False

    def _compare_functions(self, old: Def, new: Def, scope: str) -> bool:
        for name in old._fields:
            if name != "body" and meaning(getattr(old, name, None)) != meaning(getattr(new, name, None)):
                raise NotInPlaceError(f"the {name} of {old.name} changed")
        name = f"{scope}{old.name}"
        inside = _Changes()
        try:
            different = inside._compare_fields(old.body, new.body, f"{name}.<locals>.")
        except NotInPlaceError:
            self.names.append(name)
            self.rewritten.append(name)
            return True
        if different:
            self.names += [name, *inside.names]
            self.rewritten += inside.rewritten
        return different


def _compile(file: LoadedFile, statement: ast.stmt, line: int) -> dict[str, CodeType | None]:
    """The code objects of the new statement, by qualified name, with the line numbers of the file."""
    ast.increment_lineno(statement, line)
    module = ast.Module([statement], [])
    return codes_of([compile(module, file.path, "exec", flags=file.flags, dont_inherit=True)])


def _refuse_dishonest(
    file: LoadedFile, fresh: dict[str, CodeType | None], name: str, functions: Functions
) -> None:
    old, new = file.codes.get(name), fresh.get(name)
    if old is None or new is None:
        raise NotInPlaceError(f"{name} is there more than once")
    if old.co_freevars != new.co_freevars:
        raise NotInPlaceError(f"{name} uses other variables of the function around it")
    suspending = bool(old.co_flags & _SUSPENDING)
    del old, new  # whoever holds a code object seems to run it
    if suspending and not functions.none_runs(name) and _suspended(file, name):
        raise NotInPlaceError(f"{name} is suspended in the middle")


def _is_kept(file: LoadedFile, fresh: dict[str, CodeType | None], name: str) -> bool:
    """Whether a function of a changed statement can have the code compiled with it, for its line numbers."""
    old, new = file.codes.get(name), fresh[name]
    return old is not None and new is not None and old.co_freevars == new.co_freevars


def _suspended(file: LoadedFile, name: str) -> bool:
    code = file.codes[name]
    kinds = (GeneratorType, CoroutineType, AsyncGeneratorType)
    with heap.whole():
        running = [thing for thing in gc.get_objects() if isinstance(thing, kinds)]
    return any(
        getattr(thing, kind, None) is code for thing in running for kind in ("gi_code", "cr_code", "ag_code")
    )


# Going over to the new text ---------------------------------------------------------------------


def _put_in(function: FunctionType, code: CodeType) -> None:
    old_doc = _doc(function.__code__)
    function.__code__ = code
    if function.__doc__ == old_doc:
        function.__doc__ = _doc(code)


def _doc(code: CodeType) -> str | None:
    first = code.co_consts[0] if code.co_consts else None
    return first if isinstance(first, str) else None


def _follow(
    file: LoadedFile,
    edit: _Edit,
    data: bytes,
    extents: list[tuple[int, int, int]],
    fresh: list[dict[str, CodeType | None]],
) -> None:
    """Statements below the edit are further down now; their functions learn of it later (``renumber``)."""
    statements = file.statements
    above = data.count(b"\n", 0, edit.start)
    for one, (start, line, end), codes in zip(
        statements[edit.first : edit.last], extents, fresh, strict=True
    ):
        one.start, one.end, one.line = edit.start + start, edit.start + end, above + line
        one.names = [name for name, code in codes.items() if code is not None]
    for one in statements[edit.last :]:
        one.start += edit.grown
        one.end += edit.grown
    if edit.old.count(b"\n") != edit.new.count(b"\n") or edit.first == edit.last:
        file.moved = True


def renumber(file: LoadedFile, views: Views | None = None) -> None:
    """Tracebacks of the functions that only moved name their new lines."""
    if not file.moved:
        return
    file.moved = False
    line, at, grown = 1, 0, {}
    for one in file.statements:
        line, at = line + file.data.count(b"\n", at, one.start), one.start
        if line != one.line:
            grown.update(dict.fromkeys(one.names, line - one.line))
            one.line = line
    functions = Functions(file, views).of(grown)
    moved: dict[int, CodeType] = {}
    kept = []  # else another object might get the identity of one that is gone
    for name, by in grown.items():
        code = file.codes[name]
        if code is None:
            continue
        kept.append(code)
        file.codes[name] = _moved(code, by, moved)
        for function in functions[name]:
            function.__code__ = moved[id(code)]


def _moved(code: CodeType, grown: int, moved: dict[int, CodeType]) -> CodeType:
    if id(code) not in moved:
        consts = tuple(
            _moved(const, grown, moved) if isinstance(const, CodeType) else const for const in code.co_consts
        )
        moved[id(code)] = code.replace(co_firstlineno=code.co_firstlineno + grown, co_consts=consts)
    return moved[id(code)]
