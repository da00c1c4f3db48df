"""What a frame of the project has to say: its file, its line, its variables; of Python and of a template."""

from __future__ import annotations

import dis
import weakref
from collections.abc import Container, Iterator
from types import CodeType, FrameType, ModuleType

from playground.server.imports import FreshLoader
from playground.server.loaded import LoadedFile, inner_codes
from playground.server.stopping import line_or_first
from playground.server.tracing_templates import TemplateLines, function_of, variables
from playground.server.tracing_values import is_data

_OPTIMIZED, _GENERATOR = 0x1, 0x20
_GLOBALS = frozenset(("LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL"))


class ModuleNames:
    """The names of its module that a function uses; found once for each code object, none of which is held.

    What is live is patched by counting who holds a code object, so nothing here may.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[weakref.ref[CodeType], tuple[str, ...]]] = {}

    def of(self, code: CodeType) -> tuple[str, ...]:
        """Its names, those of functions and comprehensions inside of it as well."""
        known = self._known.get(id(code))
        if known is not None and known[0]() is code:
            return known[1]
        if len(self._known) > 5_000:
            self._known.clear()
        names = tuple(dict.fromkeys(_global_names(code)))
        self._known[id(code)] = weakref.ref(code), names
        return names


def _global_names(code: CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname in _GLOBALS:
            yield str(step.argval)
    for inner in inner_codes(code):
        yield from _global_names(inner)


def _grown(code: CodeType) -> int:
    """By how many lines a function was moved by edits above it that its code does not know of yet."""
    file = FreshLoader.files.get(code.co_filename)
    return grown_in(file, code) if file is not None else 0


def grown_in(file: LoadedFile, code: CodeType) -> int:
    """The same for a file that is known."""
    if not file.moved:
        return 0
    for one in file.statements:
        if code.co_qualname in one.names:
            return file.data.count(b"\n", 0, one.start) + 1 - one.line
    return 0


class PythonFrame:
    """A function of the project, a class body, or a module that is being imported."""

    __slots__ = ("_grown", "_names", "_whole", "block", "file", "function")

    def __init__(self, frame: FrameType, file: str, names: ModuleNames) -> None:
        code = frame.f_code
        self.file = file
        self.function = code.co_qualname.replace(".<locals>", "")
        self.block = ""
        self._whole = bool(code.co_flags & _OPTIMIZED)
        self._names = names.of(code) if self._whole else ()
        self._grown = _grown(code)

    def line_of(self, frame: FrameType, event: str, argument: object) -> int | None:
        """The line that it is at."""
        return line_or_first(frame.f_lineno, frame) + self._grown

    def values(self, frame: FrameType) -> Iterator[tuple[str, object]]:
        """Its variables in the order in which they are first named; of a module or a class, its data."""
        for name, value in list(frame.f_locals.items()):
            if name.isidentifier() and (self._whole or (is_data(value) and not name.startswith("__"))):
                yield name, value

    def module_values(self, frame: FrameType, but: Container[str]) -> Iterator[tuple[str, object]]:
        """The plain data of its module that it names."""
        for name in self._names:
            value = frame.f_globals.get(name, dis)  # a module is no data
            if name not in but and not isinstance(value, ModuleType) and is_data(value):
                yield name, value


class TemplateFrame:
    """A template, one of its blocks or one of its macros."""

    __slots__ = ("_at", "_first", "_lines", "block", "file", "function")

    def __init__(self, frame: FrameType, file: str, lines: TemplateLines, source: str) -> None:
        self.file = file
        self._lines = lines
        self._at = 0  # the line of the moment before
        code = frame.f_code
        self.function, self.block, self._first = function_of(code, source, lines.first(code))

    def line_of(self, frame: FrameType, event: str, argument: object) -> int | None:
        """The template's line; None for the many steps that are none of the template's."""
        if event == "call":
            before, self._at = self._at, self._at or self._first
            return None if before else self._at  # it goes on after it gave a piece of text
        if event == "return":
            pauses = frame.f_code.co_flags & _GENERATOR and argument is not None
            return None if pauses else self._at
        made = line_or_first(frame.f_lineno, frame)
        line = self._lines.at(made) if event == "line" else self._lines.around(frame.f_code, made)
        self._at = line or self._at
        return line

    def values(self, frame: FrameType) -> Iterator[tuple[str, object]]:
        """The template's variables."""
        return variables(frame.f_locals)

    def module_values(self, frame: FrameType, but: Container[str]) -> Iterator[tuple[str, object]]:
        """None: a template has no module of its own."""
        return iter(())
