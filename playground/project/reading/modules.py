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
from playground.core.problems import Problem
from playground.core.routes import Region
from playground.project.python.source import Source, parse
from playground.project.python.syntax import FUNCTIONS, View, arguments, dotted
from playground.project.python.values import Value
from playground.project.reading.answer_reading import Surroundings

_FLASK_MODULES = frozenset(
    {"blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "waitress", "werkzeug"}
)


@dataclass(frozen=True)
class OwnerDef:
    """An app or a blueprint where it is made. ``scope`` is the function around it (``create_app``) or "".

    ``kind`` is ``app`` or ``blueprint``; ``restful``, ``restx`` and ``namespace`` are objects of extensions
    that add routes to what they are made ``on``. A ``kind`` that begins with ``?`` names the class, which
    another file makes. ``named`` is a name that is no literal.
    """

    file: str
    scope: str
    variable: str
    kind: str
    name: str
    prefix: Value
    line: int
    named: Value = None
    on: str = ""


@dataclass(frozen=True)
class Registration:
    """``parent.register_blueprint(child, url_prefix=prefix, name=name)``, names as written.

    The same is said of ``child.init_app(parent)`` and ``parent.add_namespace(child, path=prefix)``.
    """

    scope: str
    parent: str
    child: str
    prefix: Value
    name: Value
    line: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """``function(argument, ...)`` in a scope: what parameters stand for."""

    scope: str
    function: str
    given: tuple[Value, ...]
    by_name: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class ViewObject:
    """``name = Class.as_view(endpoint)``."""

    made_of: str
    endpoint: Value


@dataclass(frozen=True, slots=True)
class Loose:
    """What only the whole project can tell of a route; None where the route itself says it.

    ``view`` is the view's name as written; it names a class where ``kind`` is ``class``, a function, a class
    or what ``as_view`` made where it is ``view``. ``resource`` is a class that an extension makes a view of.
    """

    rule: Value = None
    endpoint: Value = None
    methods: Value = None
    view: str = ""
    kind: str = ""


@dataclass(frozen=True)
class LocalRoute:
    """One rule of one view as its file has it; ``owner`` is the name as written before the dot.

    ``decorator`` says which of the view's decorators gives the rule; it is -1 for ``add_url_rule``.
    ``note`` says under what condition it is there.
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
    loose: Loose | None = None
    note: str = ""

    @property
    def editable(self) -> bool:
        """Whether the form can own it."""
        return not self.why_not


@dataclass(frozen=True)
class ClassFacts:
    """Of a class: what it is derived from, the functions defined in it, and the ``methods`` it names."""

    bases: tuple[str, ...]
    functions: tuple[str, ...]
    methods: Value = None


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
    constants: dict[tuple[str, str], Value] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    view_objects: dict[tuple[str, str], ViewObject] = field(default_factory=dict)
    calls: dict[str, list[Call]] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)
    possible: list[OwnerDef] = field(default_factory=list)
    problem: Problem | None = None
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
        return replace(self, source=self.source.bare(), _parsed={}, _visible={})

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
            body = parse(self.source.program[start : self.end_of(at)], self.file).body
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
        return self._attribute(name, scope) if "." in name else None

    def _attribute(self, name: str, scope: str) -> OwnerDef | None:
        """An app or blueprint that a class holds: ``Site.app``, or ``self.app`` in one of its functions."""
        head, _, rest = name.partition(".")
        around = scope.rpartition(".")[0] if head in ("self", "cls") else head
        for owner in reversed(self.owners):
            if around and (owner.scope, owner.variable) == (around, rest):
                return owner
            if around and owner.variable == name and owner.scope.rpartition(".")[0] == around:
                return owner
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
