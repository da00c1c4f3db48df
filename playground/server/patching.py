"""Changing functions of the running app in place: their code is replaced, everything else stays.

An edit inside the body of a function needs no import: the new body is compiled and put into the function
that is there, wherever decorators have hidden it. Module data, sessions and open connections stay. Where
that would not be honest (another signature, other decorators, closures that live on with the old body, a
generator that is suspended in it) ``patch`` refuses, and the app is imported afresh instead.

Only the statement that changed is parsed, so the cost does not grow with the file.
"""

from __future__ import annotations
import __future__

import ast
import gc
import linecache
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import AsyncGeneratorType, CodeType, CoroutineType, FunctionType, GeneratorType

_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag

Def = ast.FunctionDef | ast.AsyncFunctionDef
_SUSPENDING = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR


class NotInPlaceError(Exception):
    """The edit can't be made live in place; the reason is for the log."""


@dataclass
class LoadedFile:
    """One file as the running app has it: its bytes, its code objects by qualified name, its statements.

    ``spans`` are the first and last line (from 0) of each top-level statement, decorators included; they are
    found when they are first needed. A qualified name that is bound twice maps to None.
    """

    path: str
    data: bytes
    code: CodeType
    codes: dict[str, CodeType | None] = field(default_factory=dict)
    spans: list[tuple[int, int]] | None = None

    def __post_init__(self) -> None:
        self.codes = _codes_of(self.code)

    def statements(self) -> Iterator[bytes]:
        """The text of each top-level statement, decorators included."""
        self.prepare()
        lines = self.data.splitlines(keepends=True)
        return (b"".join(lines[first : last + 1]) for first, last in self.spans or ())

    def prepare(self) -> None:
        """Find the statements, so that the first patch does not have to."""
        if self.spans is None:
            self.spans = [_span(node) for node in ast.parse(self.data).body]


@dataclass(frozen=True)
class _Edit:
    """The lines of one statement before and after, or of nothing but blank lines and comments."""

    index: int | None
    old: bytes
    new: bytes
    first: int
    grown: int


def patch(file: LoadedFile, data: bytes) -> tuple[str, ...]:
    """Make the running functions of ``file`` those of ``data``; returns their qualified names.

    Raises:
        NotInPlaceError: nothing was changed; the app has to be imported afresh.
    """
    if data == file.data:
        return ()
    file.prepare()
    edit = _find_edit(file, data)
    changed: tuple[str, ...] = ()
    if edit.index is not None:
        changed = _patch_statement(file, edit)
    _move(file, edit, data)
    return changed


# What was edited --------------------------------------------------------------------------------


def _find_edit(file: LoadedFile, data: bytes) -> _Edit:
    """The one statement that holds the whole difference."""
    assert file.spans is not None
    old, new = file.data.splitlines(keepends=True), data.splitlines(keepends=True)
    head = _common(old, new)
    tail = min(_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    first, last = head, len(old) - tail  # old lines first..last (end excluded) became other lines
    grown = len(new) - len(old)
    touched = [
        i for i, (start, end) in enumerate(file.spans) if start < max(last, first + 1) and end >= first
    ]
    if last == first:  # only added lines: they belong to the statement that they stand inside of
        touched = [
            i
            for i, (start, end) in enumerate(file.spans)
            if start < first <= end or _appended(file, i, first)
        ]
    if not touched:
        if any(line.strip() and not line.lstrip().startswith(b"#") for line in new[first : last + grown]):
            raise NotInPlaceError("a statement was added")
        return _Edit(None, b"", b"", first, grown)
    if len(touched) > 1:
        raise NotInPlaceError("several statements changed")
    start, end = file.spans[touched[0]]
    end = max(end, last - 1)
    return _Edit(
        touched[0], b"".join(old[start : end + 1]), b"".join(new[start : end + 1 + grown]), start, grown
    )


def _appended(file: LoadedFile, index: int, first: int) -> bool:
    """Whether lines added at ``first`` may continue the statement just above them."""
    assert file.spans is not None
    return file.spans[index][1] + 1 == first


def _common(one: list[bytes], other: list[bytes]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


# One statement ----------------------------------------------------------------------------------


def _patch_statement(file: LoadedFile, edit: _Edit) -> tuple[str, ...]:
    old, new = _one_statement(edit.old), _one_statement(edit.new)
    changes = _Changes()
    changes.compare(old, new, "")
    if not changes.names:
        return ()
    fresh = _compile(file, new, edit.first)
    pairs = {name: _pair(file, fresh, name) for name in changes.names}
    for name in changes.rewritten:
        _refuse_living_closures(file, name)
    moved = {name: pair for name in fresh.keys() - pairs.keys() if (pair := _moved_pair(file, fresh, name))}
    found = _functions_of(old_code for old_code, _ in (*pairs.values(), *moved.values()))
    for name, (old_code, _) in pairs.items():
        if id(old_code) not in found and "<locals>" not in name:
            raise NotInPlaceError(f"the running {name} was not found")
    for old_code, new_code in (*pairs.values(), *moved.values()):
        for function in found.get(id(old_code), ()):
            _put_in(function, new_code)
    file.codes.update(fresh)
    return tuple(changes.names)


def _one_statement(text: bytes) -> ast.stmt:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        raise NotInPlaceError("the statement does not parse alone") from error
    if len(body) != 1:
        raise NotInPlaceError("a statement was added or removed")
    return body[0]


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
            if name != "body" and _dump(getattr(old, name, None)) != _dump(getattr(new, name, None)):
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


def _dump(value: object) -> object:
    if isinstance(value, list):
        return [_dump(item) for item in value]
    return ast.dump(value) if isinstance(value, ast.AST) else value


def _compile(file: LoadedFile, statement: ast.stmt, first: int) -> dict[str, CodeType | None]:
    """The code objects of the new statement, by qualified name, with the line numbers of the file."""
    ast.increment_lineno(statement, first)
    flags = file.code.co_flags & _FUTURES
    module = ast.Module([statement], [])
    return _codes_of(compile(module, file.path, "exec", flags=flags, dont_inherit=True))


def _codes_of(code: CodeType) -> dict[str, CodeType | None]:
    found: dict[str, CodeType | None] = {}
    for inner in _inner(code):
        name = inner.co_qualname
        found[name] = None if name in found else inner
        for deeper, its in _codes_of(inner).items():
            found[deeper] = None if deeper in found else its
    return found


def _inner(code: CodeType) -> Iterator[CodeType]:
    return (const for const in code.co_consts if isinstance(const, CodeType))


def _pair(file: LoadedFile, fresh: dict[str, CodeType | None], name: str) -> tuple[CodeType, CodeType]:
    old, new = file.codes.get(name), fresh.get(name)
    if old is None or new is None:
        raise NotInPlaceError(f"{name} is there more than once")
    if old.co_freevars != new.co_freevars:
        raise NotInPlaceError(f"{name} uses other variables of the function around it")
    if old.co_flags & _SUSPENDING and _suspended(old):
        raise NotInPlaceError(f"{name} is suspended in the middle")
    return old, new


def _moved_pair(
    file: LoadedFile, fresh: dict[str, CodeType | None], name: str
) -> tuple[CodeType, CodeType] | None:
    """Old and new code of a function of the same statement that only has other line numbers now."""
    old, new = file.codes.get(name), fresh[name]
    return (old, new) if old and new and old.co_freevars == new.co_freevars else None


def _suspended(code: CodeType) -> bool:
    kinds = (GeneratorType, CoroutineType, AsyncGeneratorType)
    frames = (
        getattr(thing, name)
        for thing in gc.get_objects()
        if isinstance(thing, kinds)
        for name in ("gi_code", "cr_code", "ag_code")
        if hasattr(thing, name)
    )
    return any(running is code for running in frames)


def _refuse_living_closures(file: LoadedFile, name: str) -> None:
    """A function that was rewritten must not have made functions that live on with the old lines."""
    inner = [code for known, code in file.codes.items() if known.startswith(f"{name}.<locals>.") and code]
    if inner and any(isinstance(thing, FunctionType) for thing in gc.get_referrers(*inner)):
        raise NotInPlaceError(f"functions made by {name} live on")


# The running functions --------------------------------------------------------------------------


def _functions_of(codes: Iterable[CodeType]) -> dict[int, list[FunctionType]]:
    """The functions that run each of these codes, by its id: two functions can have equal codes."""
    wanted = {id(code): code for code in codes}
    found: dict[int, list[FunctionType]] = {}
    for thing in gc.get_referrers(*wanted.values()):
        if isinstance(thing, FunctionType) and id(thing.__code__) in wanted:
            found.setdefault(id(thing.__code__), []).append(thing)
    return found


def _put_in(function: FunctionType, code: CodeType) -> None:
    old_doc = _doc(function.__code__)
    function.__code__ = code
    if function.__doc__ == old_doc:
        function.__doc__ = _doc(code)


def _doc(code: CodeType) -> str | None:
    first = code.co_consts[0] if code.co_consts else None
    return first if isinstance(first, str) else None


# Lines that moved -------------------------------------------------------------------------------


def _move(file: LoadedFile, edit: _Edit, data: bytes) -> None:
    """The file is ``data`` now: statements below the edit, and their functions, have other lines."""
    assert file.spans is not None
    below = (
        len([1 for start, _ in file.spans if start < edit.first]) if edit.index is None else edit.index + 1
    )
    if edit.index is not None:
        start, end = file.spans[edit.index]
        file.spans[edit.index] = (start, end + edit.grown)
    file.data = data
    linecache.checkcache(file.path)
    if not edit.grown:
        return
    first_moved = file.spans[below][0] if below < len(file.spans) else None
    file.spans[below:] = [(start + edit.grown, end + edit.grown) for start, end in file.spans[below:]]
    if first_moved is not None:
        _renumber(file, first_moved, edit.grown)


def _renumber(file: LoadedFile, first: int, grown: int) -> None:
    """Tracebacks of the functions below name their new lines."""
    old = [code for code in file.codes.values() if code is not None and code.co_firstlineno > first]
    moved: dict[int, CodeType] = {}
    for code in old:
        _moved(code, grown, moved)
    for identity, functions in _functions_of(old).items():
        for function in functions:
            function.__code__ = moved[identity]
    file.codes = {name: moved.get(id(code), code) if code else None for name, code in file.codes.items()}


def _moved(code: CodeType, grown: int, moved: dict[int, CodeType]) -> CodeType:
    if id(code) not in moved:
        consts = tuple(
            _moved(const, grown, moved) if isinstance(const, CodeType) else const for const in code.co_consts
        )
        moved[id(code)] = code.replace(co_firstlineno=code.co_firstlineno + grown, co_consts=consts)
    return moved[id(code)]


def _span(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return first - 1, (node.end_lineno or node.lineno) - 1
