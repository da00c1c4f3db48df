"""What names mean across the files of a project: followed through imports, factories, calls and classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from playground.project.python.values import Value, settled
from playground.project.reading.class_views import ClassPlace, methods_of
from playground.project.reading.extensions import FLASK
from playground.project.reading.modules import Call, ModuleReading, OwnerDef, module_name, scopes
from playground.project.reading.naming import inner

_DEEPEST = 12
"""Imports that lead to imports, calls that lead to calls: further than anyone goes."""


@dataclass(frozen=True)
class ViewFacts:
    """What the source says of a view: name, endpoint, and methods (None: GET, or as the rule says)."""

    name: str
    endpoint: Value
    methods: tuple[str, ...] | None


class Names:
    """Looks names up in the readings of a project."""

    def __init__(self, readings: Mapping[str, ModuleReading]) -> None:
        self.readings = readings
        self.modules = {module_name(file): file for file in readings}
        self._by_end: dict[str, list[str]] = {}
        for module in self.modules:
            for end in _ends(module):
                self._by_end.setdefault(end, []).append(module)
        self._kinds: dict[int, OwnerDef | None] = {}
        self._constants: dict[tuple[str, str, str, int], Value] = {}
        self._calls: dict[str, list[tuple[ModuleReading, Call]]] | None = None
        self.made = [one for reading in readings.values() for one in self._made_in(reading)]

    def _made_in(self, reading: ModuleReading) -> Iterator[OwnerDef]:
        yield from reading.owners
        yield from filter(None, (self._possible(reading, one) for one in reading.possible))

    def _possible(self, reading: ModuleReading, made: OwnerDef) -> OwnerDef | None:
        """What a class that another file makes is an object of."""
        if id(made) not in self._kinds:
            kind = self._kind(reading, made.scope, made.kind.removeprefix("?"), 0)
            found = replace(made, kind=kind) if kind else None
            if found is not None and kind == "app":
                found = replace(found, name=found.variable, prefix=None, named=None)
            self._kinds[id(made)] = found
        return self._kinds[id(made)]

    def _kind(self, reading: ModuleReading, scope: str, name: str, depth: int) -> str:
        found = self._class(reading, scope, name)
        if isinstance(found, str):
            return FLASK.get(found, "")
        if found is None or depth > _DEEPEST // 2:
            return ""
        other, own = found
        bases = other.classes[own].bases
        return next(filter(None, (self._kind(other, "", base, depth + 1) for base in bases)), "")

    # Modules

    def module(self, target: str) -> tuple[ModuleReading, str] | None:
        """The file in which an imported name lives, and what is left of the name there."""
        parts = target.split(".")
        for look in (self.modules.get, self._file_by_end):
            for cut in range(len(parts), 0, -1):
                file = look(".".join(parts[:cut]))
                if file is not None:
                    return self.readings[file], ".".join(parts[cut:])
        return (self.readings[self.modules[""]], target) if "" in self.modules else None

    def _file_by_end(self, module: str) -> str | None:
        """The project's folder may itself be the package, or hold it in a folder such as src."""
        ends = [*self._by_end.get(module, ()), *(end for end in _ends(module) if end in self.modules)]
        return self.modules[ends[0]] if len(ends) == 1 else None

    def elsewhere(self, reading: ModuleReading, scope: str, name: str) -> tuple[ModuleReading, str] | None:
        """The other file and the name there that an imported name stands for."""
        target = reading.imported(name, scope)
        found = self.module(target) if target else None
        return found if found and found[1] else None

    # Apps, blueprints and what extensions make

    def owners(self, reading: ModuleReading, scope: str, name: str, depth: int = 0) -> tuple[OwnerDef, ...]:
        """The apps or blueprints that a dotted name stands for in a scope of a file."""
        here = reading.owner_here(name, scope)
        if here is not None or depth > _DEEPEST or not name:
            return (here,) if here is not None else ()
        for one in scopes(scope):
            key = (one, name)
            for made in reading.possible:
                possible = self._possible(reading, made) if (made.scope, made.variable) == key else None
                if possible is not None:
                    return (possible,)
            if key in reading.made_by:
                return self._made_by(reading, one, reading.made_by[key], depth + 1)
            if key in reading.aliases:
                return self.owners(reading, one, reading.aliases[key], depth + 1)
            if name in reading.parameters.get(one, ()):
                return self._of_parameter(reading, one, name, depth + 1)
        if name.startswith("self."):
            return self._of_attribute(reading, scope, name, depth + 1)
        found = self.elsewhere(reading, scope, name)
        return self.owners(found[0], "", found[1], depth + 1) if found else ()

    def _of_attribute(
        self, reading: ModuleReading, scope: str, name: str, depth: int
    ) -> tuple[OwnerDef, ...]:
        """What another function of the same class has put into ``self.app``."""
        around = scope.rpartition(".")[0]
        for one, known in reading.aliases:
            if known == name and one != scope and one.rpartition(".")[0] == around:
                return self.owners(reading, one, reading.aliases[one, known], depth)
        return ()

    def _made_by(self, reading: ModuleReading, scope: str, called: str, depth: int) -> tuple[OwnerDef, ...]:
        """What a factory returns: ``app = create_app()``."""
        for one in scopes(scope):
            factory = inner(one, called)
            if factory in reading.factories:
                here = reading.owner_here(reading.factories[factory], factory)
                return (here,) if here is not None else ()
            if factory in reading.returned and depth <= _DEEPEST:
                return self.owners(reading, factory, reading.returned[factory], depth + 1)
        found = self.elsewhere(reading, scope, called)
        if found is None or depth > _DEEPEST:
            return ()
        return self._made_by(found[0], "", found[1], depth + 1)

    # Parameters

    def _of_parameter(
        self, reading: ModuleReading, function: str, name: str, depth: int
    ) -> tuple[OwnerDef, ...]:
        """What a function is called with; the only app where nobody is seen to call it."""
        found: dict[int, OwnerDef] = {}
        called = False
        for other, call in self._calls_of(reading, function):
            given = getattr(self._argument(reading, function, name, call), "name", "")
            called = called or bool(given)
            for owner in self.owners(other, call.scope, given, depth):
                found[id(owner)] = owner
        apps = [one for one in self.made if one.kind == "app"]
        if not found and len(apps) == 1 and not called:
            return (apps[0],)
        return tuple(found.values())

    def _argument(self, reading: ModuleReading, function: str, name: str, call: Call) -> Value:
        by_name = dict(call.by_name)
        if name in by_name:
            return by_name[name]
        parameters = reading.parameters[function]
        at = parameters.index(name) - (parameters[0] in ("self", "cls"))
        return call.given[at] if 0 <= at < len(call.given) else None

    def _calls_of(self, reading: ModuleReading, function: str) -> list[tuple[ModuleReading, Call]]:
        """The calls of a function of a file, wherever they are."""
        if self._calls is None:
            self._calls = {}
            for other in self.readings.values():
                for scope, calls in other.calls.items():
                    for call in calls:
                        full = other.imported(call.function, scope) or call.function
                        self._calls.setdefault(full.rpartition(".")[2], []).append((other, call))
        around, _, last = function.rpartition(".")
        last = around.rpartition(".")[2] if last == "__init__" else last
        here = (reading.file, function)
        return [one for one in self._calls.get(last, ()) if self._function(one[0], one[1]) == here]

    def _function(self, reading: ModuleReading, call: Call) -> tuple[str, str] | None:
        """The file and the function in it that a call calls."""
        found = self._defined(reading, call.scope, call.function)
        if found is None and "." in call.function:
            head, _, last = call.function.rpartition(".")
            class_name = self._class_of(reading, call.scope, head)
            found = self._defined(reading, call.scope, f"{class_name}.{last}") if class_name else None
        return found

    def _class_of(self, reading: ModuleReading, scope: str, name: str) -> str:
        if name == "self":
            return scope.rpartition(".")[0]
        for one in scopes(scope):
            if (one, name) in reading.made_by:
                return reading.made_by[one, name]
        found = self.elsewhere(reading, scope, name)
        made = found[0].made_by.get(("", found[1]), "") if found else ""
        return reading.imported(made, scope) or made

    def _defined(
        self, reading: ModuleReading, scope: str, name: str, depth: int = 0
    ) -> tuple[str, str] | None:
        for one in scopes(scope):
            full = inner(one, name)
            if full in reading.parameters:
                return reading.file, full
            if full + ".__init__" in reading.parameters:
                return reading.file, full + ".__init__"
        found = self.elsewhere(reading, scope, name) or self.module(name)
        if found is None or not found[1] or found[0] is reading or depth > _DEEPEST:
            return None
        return self._defined(found[0], "", found[1], depth + 1)

    # Constants

    def settle(self, reading: ModuleReading, scope: str, value: Value) -> Value:
        """A value with its names looked up; None where one can't be told from the source."""
        return settled(value, partial(self._constant, reading, scope))

    def text(self, reading: ModuleReading, scope: str, value: Value) -> str | None:
        """A value that comes to a text."""
        found = self.settle(reading, scope, value)
        return found if isinstance(found, str) else None

    def _constant(self, reading: ModuleReading, scope: str, name: str, depth: int = 0) -> Value:
        """What a name comes to; kept, since constants made of constants ask for the same ones again."""
        key = (reading.file, scope, name, depth)
        if key not in self._constants:
            self._constants[key] = self._found_constant(reading, scope, name, depth)
        return self._constants[key]

    def _found_constant(self, reading: ModuleReading, scope: str, name: str, depth: int) -> Value:
        if depth > _DEEPEST:
            return None
        if name == "__name__":
            return module_name(reading.file) or None
        head, _, rest = name.partition(".")
        for one in scopes(scope):
            for key in ((one, name), (inner(one, head), rest)):
                if key in reading.constants:
                    known = partial(self._constant, reading, key[0], depth=depth + 1)
                    return settled(reading.constants[key], known)
            if name in reading.parameters.get(one, ()):
                calls = self._calls_of(reading, one)
                given = {self._argument_of(reading, one, name, each, depth) for each in calls}
                return given.pop() if len(given) == 1 else None
        found = self.elsewhere(reading, scope, name)
        return self._constant(found[0], "", found[1], depth + 1) if found else None

    def _argument_of(
        self, reading: ModuleReading, function: str, name: str, call: tuple[ModuleReading, Call], depth: int
    ) -> Value:
        other, made = call
        value = self._argument(reading, function, name, made)
        return settled(value, partial(self._constant, other, made.scope, depth=depth + 1))

    # Views

    def view(self, reading: ModuleReading, scope: str, name: str, depth: int = 0) -> ViewFacts:
        """What a view given by its name is: a function, or what ``as_view`` made of a class."""
        for one in scopes(scope):
            made = reading.view_objects.get((one, name))
            if made is not None:
                endpoint = self.settle(reading, one, made.endpoint)
                return ViewFacts(made.made_of, endpoint, self.class_methods(reading, one, made.made_of))
            if (one, name) in reading.aliases and depth <= _DEEPEST:
                return self.view(reading, one, reading.aliases[one, name], depth + 1)
        found = self.elsewhere(reading, scope, name)
        if found is not None and depth <= _DEEPEST:
            facts = self.view(found[0], "", found[1], depth + 1)
            return replace(facts, name=name) if facts.methods is None else facts
        return ViewFacts(name, (reading.imported(name, scope) or name).rpartition(".")[2], None)

    def class_methods(self, reading: ModuleReading, scope: str, name: str) -> tuple[str, ...] | None:
        """The methods that a class-based view answers, None where the source does not say."""
        place = self._class_place(reading, scope, name)
        return methods_of(place) if isinstance(place, ClassPlace) else None

    def _class_place(self, reading: ModuleReading, scope: str, name: str) -> ClassPlace | str:
        found = self._class(reading, scope, name)
        if found is None or isinstance(found, str):
            return found or ""
        other, own = found
        return ClassPlace(
            other.classes[own],
            lambda value: self.settle(other, own, value),
            lambda base: self._class_place(other, "", base) if base != own else "",
        )

    def _class(
        self, reading: ModuleReading, scope: str, name: str, depth: int = 0
    ) -> tuple[ModuleReading, str] | str | None:
        """The file and the class in it that a name stands for; a full name where it lies outside."""
        full = reading.imported(name, scope)
        own = name.rpartition(".")[2]
        if own in reading.classes and not full:
            return reading, own
        found = self.module(full) if full else None
        if found is None or not found[1] or depth > _DEEPEST:
            return full or None
        return self._class(found[0], "", found[1], depth + 1) or full


def _ends(module: str) -> Iterator[str]:
    """What a dotted name ends with: ``b.c`` and ``c`` of ``a.b.c``."""
    while "." in module:
        module = module.partition(".")[2]
        yield module
