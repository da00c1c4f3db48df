"""What is known of one Python file: its apps and blueprints, registrations, routes and names.

Names are kept as written, with what they were imported as; ``reading`` resolves them across files.
"""

from __future__ import annotations

import ast
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from playground.core.answers import Answer, AnswerKind
from playground.core.routes import Region
from playground.project.answer_reading import Surroundings
from playground.project.source import Source, parse
from playground.project.syntax import FUNCTIONS, View, arguments, dotted

_FLASK_MODULES = frozenset(
    {"blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "waitress", "werkzeug"}
)


@dataclass(frozen=True)
class OwnerDef:
    """An app or a blueprint where it is made. ``scope`` is the function around it (``create_app``) or ""."""

    file: str
    scope: str
    variable: str
    kind: str
    name: str
    prefix: str | None
    line: int


@dataclass(frozen=True)
class Registration:
    """``parent.register_blueprint(child, url_prefix=prefix, name=name)``, names as written."""

    scope: str
    parent: str
    child: str
    prefix: str | None
    name: str | None
    line: int = 0


@dataclass(frozen=True)
class LocalRoute:
    """One rule of one view as its file has it; ``owner`` is the name as written before the dot.

    ``decorator`` says which of the view's decorators gives the rule; it is -1 for ``add_url_rule``.
    """

    scope: str
    owner: str
    rule: str
    methods: tuple[str, ...]
    endpoint: str
    function: str
    region: Region
    line: int
    end_line: int
    doc: str = ""
    answer: Answer = field(default_factory=lambda: Answer(AnswerKind.PYTHON))
    why_not: str = ""
    parameters: tuple[str, ...] = ()
    sibling_rules: tuple[str, ...] = ()
    decorator: int = -1

    @property
    def editable(self) -> bool:
        """Whether the form can own it."""
        return not self.why_not


@dataclass(frozen=True)
class ClassFacts:
    """Of a class: what it is derived from, and the functions that are defined in it."""

    bases: tuple[str, ...]
    functions: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """The top-level statements of a file, those that share a line taken as one.

    ``starts`` are the offsets of their lines (all up to the next start is a statement's), ``routes`` how
    many each adds. ``binds`` are the names of one that does no more than define a function or import names,
    None for any other: by these the file can be read again in part.
    """

    starts: list[int]
    binds: list[tuple[str, ...] | None]
    routes: list[int]


@dataclass
class ModuleReading:
    """All that one file says; ``bound`` and ``imports`` go by the scope in which a name is bound."""

    file: str
    source: Source = field(repr=False)
    owners: list[OwnerDef] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    routes: list[LocalRoute] = field(default_factory=list)
    imports: dict[tuple[str, str], str] = field(default_factory=dict)
    bound: dict[str, set[str]] = field(default_factory=lambda: {"": set()})
    constants: dict[str, str] = field(default_factory=dict)
    factories: dict[str, str] = field(default_factory=dict)
    made_by: dict[tuple[str, str], str] = field(default_factory=dict)
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    converters: set[str] = field(default_factory=set)
    run_calls: list[int] = field(default_factory=list)
    classes: dict[str, ClassFacts] = field(default_factory=dict, repr=False)
    outline: Outline = field(default_factory=lambda: Outline([0], [None], [0]), repr=False)
    _parsed: dict[int, list[ast.stmt]] = field(default_factory=dict, repr=False, compare=False)
    _visible: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def compact(self) -> ModuleReading:
        """The same to keep for long: without what was worked out for single questions.

        Python looks for garbage in all that is kept, again and again, and the window waits meanwhile.
        """
        return replace(self, source=Source(self.file, self.source.data), _parsed={}, _visible={})

    def view(self, route: LocalRoute) -> View | None:
        """The function of one of the routes, None for one that no decorator makes."""
        if route.decorator < 0:
            return None
        for node in self.statements_at(route.line):
            for one in ast.walk(node):
                if isinstance(one, FUNCTIONS) and one.name == route.function and _top(one) == route.line:
                    return one
        raise AssertionError("a route without its function")

    def call(self, route: LocalRoute) -> ast.Call | None:
        """The decorator's call that makes one of the routes."""
        view = self.view(route)
        call = view.decorator_list[route.decorator] if view is not None else None
        return call if isinstance(call, ast.Call) else None

    # The statements, without a tree of the whole file

    def statements_at(self, line: int) -> list[ast.stmt]:
        """The top-level statements that hold a line, or that the line comes behind."""
        offset = self.source.line_starts[line - 1]
        return self.statements_of(bisect_right(self.outline.starts, offset) - 1)

    def statements(self) -> Iterator[ast.stmt]:
        """All top-level statements, each parsed when it is its turn."""
        for at in range(len(self.outline.starts)):
            yield from self.statements_of(at)

    def texts(self) -> Iterator[str]:
        """The text of each top-level statement, up to the next one."""
        starts, text = self.outline.starts, self.source.text
        return (text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))

    def others(self) -> Iterator[ast.stmt]:
        """The top-level statements that are no plain functions."""
        for at, binds in enumerate(self.outline.binds):
            if binds is None or not self._is_function(at):
                yield from self.statements_of(at)

    def saying(self, name: str) -> Iterator[ast.stmt]:
        """The top-level statements in which a name may occur."""
        return self.holding(name) if self.source.text.isascii() else self.statements()  # é has two spellings

    def holding(self, word: str) -> Iterator[ast.stmt]:
        """The top-level statements in whose text a word occurs."""
        found = self.source.text.find(word)
        while found >= 0:
            at = bisect_right(self.outline.starts, found) - 1
            yield from self.statements_of(at)
            found = self.source.text.find(word, self.end_of(at))

    def end_of(self, at: int) -> int:
        """Where the statement that is the ``at``-th of the outline ends."""
        starts = self.outline.starts
        return starts[at + 1] if at + 1 < len(starts) else len(self.source.text) + 1

    def _is_function(self, at: int) -> bool:
        text = self.source.text
        start = self.outline.starts[at]
        return at > 0 and text.startswith(("@", "def ", "async "), start)

    def statements_of(self, at: int) -> list[ast.stmt]:
        """The ``at``-th of the outline, parsed when first asked for: in a long file only a few ever are."""
        if at not in self._parsed:
            start = self.outline.starts[at]
            body = parse(self.source.text[start : self.end_of(at)], self.file).body
            above = self.source.line_of(start) - 1
            for node in body:
                ast.increment_lineno(node, above)
            self._parsed[at] = body
        return self._parsed[at]

    @property
    def apps(self) -> tuple[OwnerDef, ...]:
        """The Flask objects made here."""
        return tuple(owner for owner in self.owners if owner.kind == "app")

    @property
    def blueprints(self) -> tuple[OwnerDef, ...]:
        """The blueprints made here."""
        return tuple(owner for owner in self.owners if owner.kind == "blueprint")

    @property
    def module_names(self) -> frozenset[str]:
        """The names bound at the top level of the module."""
        return frozenset(self.bound[""])

    def names(self, scope: str) -> frozenset[str]:
        """The names that a function defined in ``scope`` can see. Asked when all names are known."""
        if scope not in self._visible:  # kept: every view of a long file asks
            self._visible[scope] = frozenset().union(*(self.bound.get(one, set()) for one in scopes(scope)))
        return self._visible[scope]

    def imported(self, name: str, scope: str = "") -> str:
        """The full dotted name that a name as written was imported under, or ""."""
        head, dot, tail = name.partition(".")
        for one in scopes(scope):
            if (one, head) in self.imports:
                return self.imports[one, head] + dot + tail
            if head in self.bound.get(one, set()):
                return ""
        return f"flask.{name}" if ("", "flask.*") in self.imports else ""

    def owner_here(self, name: str, scope: str = "") -> OwnerDef | None:
        """The app or blueprint of this file that a name stands for in ``scope``."""
        for one in scopes(scope):
            for owner in reversed(self.owners):
                if (owner.scope, owner.variable) == (one, name):
                    return owner
            if name in self.bound.get(one, set()):
                return None
        return None


def _top(view: View) -> int:
    return min((one.lineno for one in view.decorator_list), default=view.lineno)


def scopes(scope: str) -> Iterator[str]:
    """The scope itself and those around it, the module ("") last."""
    while scope:
        yield scope
        scope = scope.rpartition(".")[0]
    yield ""


def hidden_module(file: str) -> str:
    """The module of Python or Flask that a file of this name would hide from the whole project, or ""."""
    top = file.partition("/")[0].removesuffix(".py")
    return top if top in sys.stdlib_module_names or top in _FLASK_MODULES else ""


def module_name(file: str) -> str:
    """The dotted name of a file's module: ``shop/__init__.py`` is ``shop``."""
    name = file.removesuffix(".py").replace("/", ".")
    return name.removesuffix("__init__").removesuffix(".")


def surroundings(reading: ModuleReading, view: View, scope: str) -> Surroundings:
    """What the answer of a view defined in ``scope`` may refer to."""
    parameters = arguments(view)

    def qualified(node: ast.expr) -> str:
        name = dotted(node)
        return reading.imported(name, scope) if name.partition(".")[0] not in parameters else ""

    return Surroundings(reading.source, parameters, reading.names(scope), qualified)
