"""What names stand for: apps, blueprints, what extensions and factories make, views made of classes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import cache, partial

from playground.project.python.syntax import (
    dotted,
    keywords,
    literal,
)
from playground.project.python.values import Named, Value, settled, value_of
from playground.project.reading import extensions
from playground.project.reading.modules import (
    ModuleReading,
    OwnerDef,
    ViewObject,
    scopes,
)
from playground.project.reading.naming import Naming, given_name
from playground.project.reading.url_rules import class_of_view

_DEEPEST = 6  # constants made of constants


class Making(Naming):
    """Notes in a reading what is made and how it is called."""

    def __init__(self, found: ModuleReading, body: Sequence[ast.stmt] = ()) -> None:
        super().__init__(found, body)
        self.loop: dict[str, Value] = {}  # what the variables of loops stand for in this turn

    def value(self, node: ast.expr | None) -> Value:
        """What an expression says, with the variables of the loops around it."""
        return value_of(node, self.loop)

    def known_in(self, scope: str) -> Callable[[str], Value]:
        """Constants of this file; a name that is none stands for itself."""

        @cache  # constants made of constants ask for the same ones again
        def known(name: str, depth: int = 0) -> Value:
            for one in scopes(scope) if depth < _DEEPEST else ():
                if (one, name) in self.found.constants:
                    return settled(self.found.constants[one, name], partial(known, depth=depth + 1))
            return Named(name)

        return known

    def note_made(self, target: ast.expr, value: ast.expr, scope: str) -> None:
        """What a name stands for from here on."""
        name = dotted(target)
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, ast.Call) and target.elts:
            name = dotted(target.elts[0])  # app, other = make()
        if isinstance(value, ast.NamedExpr):
            self.note_made(value.target, value.value, scope)
        if not name or not isinstance(value, ast.Call):
            return
        called = dotted(value.func)
        kind = self.kind_of(called, scope)
        made_of = class_of_view(value)
        if kind:
            self.special = True
            self.found.owners.append(self._owner(value, kind, name, scope))
        elif made_of is not None:
            self.special = True
            endpoint = given_name(made_of, self.loop)
            self.found.view_objects[scope, name] = ViewObject(
                dotted(made_of.func).rpartition(".")[0], endpoint
            )
        elif called:
            self.found.made_by[scope, name] = called
            if any(isinstance(one, ast.Name) and one.id == "__name__" for one in _arguments_of(value)):
                self.special = True
                self.found.possible.append(self._owner(value, f"?{called}", name, scope))

    def kind_of(self, called: str, scope: str, below: frozenset[str] = frozenset()) -> str:
        """What a call makes; ``below`` are classes that build on the called one, to end in a ring of them."""
        head, _, last = called.rpartition(".")
        if last == "namespace" and head:
            on = self.found.owner_here(head, scope)
            return "namespace" if on is not None and on.kind == "restx" else ""
        full = self.found.imported(called, scope)
        if full in extensions.FLASK:
            return extensions.FLASK[full]
        made = self.found.classes.get(called)
        bases = made.bases if made else ()
        below |= {called}
        return next(
            filter(None, (self.kind_of(base, scope, below) for base in bases if base not in below)), ""
        )

    def _owner(self, call: ast.Call, kind: str, variable: str, scope: str) -> OwnerDef:
        first = call.args[0] if call.args else keywords(call).get("name")
        prefix = self.value(extensions.prefix_of(call, kind.lstrip("?")))
        if kind.startswith("?"):
            prefix = self.value(keywords(call).get("url_prefix"))
        if kind == "app":
            return OwnerDef(self.source.file, scope, variable, kind, variable, None, call.lineno)
        named = self.value(first)
        name = settled(named, self.known_in(scope))
        on = extensions.made_on(call, kind)
        if kind == "namespace" and isinstance(call.func, ast.Attribute) and call.func.attr == "namespace":
            on = dotted(call.func.value)
        said = name if isinstance(name, str) and name else variable
        return OwnerDef(self.source.file, scope, variable, kind, said, prefix, call.lineno, named, on)

    def note_converter(self, target: ast.expr) -> None:
        if isinstance(target, ast.Subscript) and dotted(target.value).endswith("url_map.converters"):
            name = literal(target.slice)
            if name:
                self.special = True
                self.found.converters.add(name)

    def note_returned(self, value: ast.expr, scope: str) -> None:
        """A function that returns an app which it made is a factory."""
        if isinstance(value, ast.Tuple) and value.elts:
            value = value.elts[0]
        name = dotted(value)
        if name and self.found.owner_here(name, scope):
            self.special = True
            self.found.factories[scope] = name
        elif name and (scope, name) in self.found.made_by:
            self.found.returned[scope] = name
        elif isinstance(value, ast.Call):
            self._returned_call(value, scope)

    def _returned_call(self, value: ast.Call, scope: str) -> None:
        called = dotted(value.func)
        if called and self.kind_of(called, scope):
            self.note_made(ast.Name("(returned)"), value, scope)
            self.found.factories[scope] = "(returned)"
        elif called:
            self.found.made_by[scope, "(returned)"] = called
            self.found.returned[scope] = "(returned)"


def _arguments_of(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords)]
