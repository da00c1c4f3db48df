"""What is known of one Python file: its apps and blueprints, registrations, routes and names.

Names are kept as written, with what they were imported as; ``reading`` resolves them across files.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from playground.core.answers import Answer, AnswerKind
from playground.core.routes import Region
from playground.project.answer_reading import Surroundings
from playground.project.source import Source
from playground.project.syntax import View, arguments, dotted

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
    statement: ast.stmt = field(compare=False, repr=False)


@dataclass(frozen=True)
class LocalRoute:
    """One rule of one view as its file has it; ``owner`` is the name as written before the dot.

    ``view`` and ``call`` are the nodes to edit: the function, and the decorator's call for the rule.
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
    view: View | None = field(default=None, compare=False, repr=False)
    call: ast.Call | None = field(default=None, compare=False, repr=False)

    @property
    def editable(self) -> bool:
        """Whether the form can own it."""
        return not self.why_not


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
    classes: dict[str, ast.ClassDef] = field(default_factory=dict, repr=False)
    _visible: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def without_trees(self) -> ModuleReading:
        """The same to keep for long: without the syntax trees, which are most of it.

        Python looks for garbage in all that is kept, again and again, and the window waits meanwhile.
        """
        routes = [replace(one, view=None, call=None) for one in self.routes]
        return replace(self, source=Source(self.file, self.source.data), routes=routes, classes={})

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
