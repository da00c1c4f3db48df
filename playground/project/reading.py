"""The routes and owners of a whole project: what its files say one by one, put together.

Blueprints are followed from where they are made through imports to where they are registered, with
the prefixes and endpoint names that Flask would give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.project.module_reading import read_module
from playground.project.modules import LocalRoute, ModuleReading, OwnerDef, Registration, module_name, scopes

__all__ = ["LocalRoute", "ModuleReading", "OwnerDef", "join", "owner_of", "read_module"]

_DEEPEST = 12  # imports that lead to imports, blueprints in blueprints: further than anyone goes
_APP_FILES = ("app.py", "wsgi.py", "application.py", "main.py", "__init__.py")


@dataclass(frozen=True)
class _Place:
    """An owner as the app knows it: the definition, its full name and prefix."""

    made: OwnerDef
    owner: Owner
    app: OwnerDef | None


@dataclass
class Made:
    """The routes that were made of one file: for each as the file has it those that the app has."""

    of: list[LocalRoute]
    owners: dict[tuple[str, str], tuple[Owner, ...]]
    routes: list[tuple[Route, ...]]


def join(
    readings: Mapping[str, ModuleReading], known: dict[str, Made] | None = None
) -> tuple[tuple[Owner, ...], tuple[Route, ...], tuple[Problem, ...]]:
    """Owners (apps first), routes (by file and line) and what is wrong between the files.

    ``known`` keeps what was made of each file from one call to the next.
    """
    joiner = _Joiner(readings)
    places = joiner.places()
    made = {file: _made(readings[file], joiner, (known or {}).get(file)) for file in readings}
    if known is not None:
        known.clear()
        known.update(made)
    routes = tuple(chain.from_iterable(chain.from_iterable(made[file].routes for file in readings)))
    return tuple(place.owner for place in places), routes, tuple(_problems(places))


def _made(reading: ModuleReading, joiner: _Joiner, known: Made | None) -> Made:
    """The routes of a file; those of ``known`` where nothing has changed for them."""
    owners = {
        (scope, name): joiner.owners_of(scope, name, reading)
        for scope, name in {(local.scope, local.owner) for local in reading.routes}
    }
    if known is not None and known.of is reading.routes and known.owners == owners:
        return known
    same = known if known is not None and known.owners == owners else Made([], owners, [])
    routes = [
        made if was is local else tuple(_route(local, owner) for owner in owners[local.scope, local.owner])
        for local, was, made in zip_longest(reading.routes, same.of, same.routes)
        if local is not None
    ]
    return Made(reading.routes, owners, routes)


def owner_of(route: LocalRoute, reading: ModuleReading) -> OwnerDef | None:
    """The app or blueprint of the same file that a route is added to."""
    return reading.owner_here(route.owner, route.scope)


_Children = dict[int, list[tuple[OwnerDef, Registration]]]
"""Blueprints and their registrations, by the identity of what they are registered on."""


class _Joiner:
    def __init__(self, readings: Mapping[str, ModuleReading]) -> None:
        self.readings = readings
        self.modules = {module_name(file): file for file in readings}
        made = [owner for reading in readings.values() for owner in reading.owners]
        self.apps = sorted((one for one in made if one.kind == "app"), key=_app_order)
        self.blueprints = [one for one in made if one.kind == "blueprint"]
        self._by_end: dict[str, list[str]] = {}
        for module in self.modules:
            for end in _ends(module):
                self._by_end.setdefault(end, []).append(module)
        self._places: dict[int, list[_Place]] = {}

    # Names

    def owner(self, reading: ModuleReading, scope: str, name: str, depth: int = 0) -> OwnerDef | None:
        """The app or blueprint that a dotted name stands for in a scope of a file."""
        here = reading.owner_here(name, scope)
        if here is not None or depth > _DEEPEST:
            return here
        for one in scopes(scope):
            if (one, name) in reading.made_by:
                return self._made_by(reading, one, reading.made_by[one, name], depth + 1)
            if name in reading.parameters.get(one, ()):
                return self.apps[0] if len(self.apps) == 1 else None
        target = reading.imported(name, scope)
        return self._target(target, depth + 1) if target else None

    def _made_by(self, reading: ModuleReading, scope: str, called: str, depth: int) -> OwnerDef | None:
        """What a factory returns: ``app = create_app()``."""
        if called in reading.factories:
            return reading.owner_here(reading.factories[called], called)
        found = self._module(reading.imported(called, scope))
        if found is None or depth > _DEEPEST:
            return None
        other, rest = found
        return self._made_by(other, "", rest, depth + 1) if rest else None

    def _target(self, target: str, depth: int) -> OwnerDef | None:
        found = self._module(target)
        return self.owner(found[0], "", found[1], depth) if found and found[1] else None

    def _module(self, target: str) -> tuple[ModuleReading, str] | None:
        """The file in which an imported name lives, and what is left of the name there."""
        parts = target.split(".")
        for cut in range(len(parts), -1, -1):
            file = self._file(".".join(parts[:cut]))
            if file is not None:
                return self.readings[file], ".".join(parts[cut:])
        return None

    def _file(self, module: str) -> str | None:
        if module in self.modules:
            return self.modules[module]
        # The project's folder may itself be the package, or hold it in a folder such as src.
        ends = [*self._by_end.get(module, ()), *(end for end in _ends(module) if end in self.modules)]
        return self.modules[ends[0]] if len(ends) == 1 else None

    # Registrations

    def places(self) -> list[_Place]:
        """Every owner as often as it is registered; apps first, blueprints that nobody registers last."""
        names: set[str] = set()
        found = [_app_place(app, names) for app in self.apps]
        children: _Children = {}
        for reading in self.readings.values():
            for one in reading.registrations:
                parent = self.owner(reading, one.scope, one.parent)
                child = self.owner(reading, one.scope, one.child)
                if child is not None and child.kind == "blueprint":
                    above = parent or (self.apps[0] if self.apps else None)
                    children.setdefault(id(above), []).append((child, one))
        for app in list(found):
            self._below(app, children, found, {*found}, 0)
        seen = {id(place.made) for place in found}
        for blueprint in self.blueprints:
            if id(blueprint) not in seen:
                owner = _blueprint(blueprint, blueprint.name, blueprint.prefix or "", registered=False)
                found.append(_Place(blueprint, owner, None))
        unique = _unique(found)
        for place in unique:
            self._places.setdefault(id(place.made), []).append(place)
        return unique

    def _below(
        self, parent: _Place, children: _Children, found: list[_Place], seen: set[_Place], depth: int
    ) -> None:
        for child, registration in children.get(id(parent.made), ()) if depth <= _DEEPEST else ():
            base = "" if parent.made.kind == "app" else parent.owner.name
            name = ".".join(filter(None, (base, registration.name or child.name)))
            prefix = registration.prefix if registration.prefix is not None else child.prefix
            whole = _joined(parent.owner.prefix, prefix or "")
            place = _Place(child, _blueprint(child, name, whole), parent.app)
            if place not in seen:
                seen.add(place)
                found.append(place)
                self._below(place, children, found, seen, depth + 1)

    def owners_of(self, scope: str, name: str, reading: ModuleReading) -> tuple[Owner, ...]:
        """The owners, by registration, that a name stands for once ``places`` are known."""
        made = self.owner(reading, scope, name)
        return tuple(place.owner for place in self._places.get(id(made), ()))


def _ends(module: str) -> Iterator[str]:
    """What a dotted name ends with: ``b.c`` and ``c`` of ``a.b.c``."""
    while "." in module:
        module = module.partition(".")[2]
        yield module


def _app_order(app: OwnerDef) -> tuple[int, int, str]:
    name = app.file.rpartition("/")[2]
    return (_APP_FILES.index(name) if name in _APP_FILES else len(_APP_FILES), app.file.count("/"), app.file)


def _app_place(app: OwnerDef, names: set[str]) -> _Place:
    """The first app is called ``app``, any other by its variable."""
    name = "app" if not names else app.variable
    while name in names:
        name = f"{name} ({app.file})" if "(" not in name else name + "'"
    names.add(name)
    return _Place(app, Owner(name, app.variable, "app", "", app.file, app.line), app)


def _blueprint(made: OwnerDef, name: str, prefix: str, *, registered: bool = True) -> Owner:
    return Owner(name, made.variable, "blueprint", prefix, made.file, made.line, registered)


def _joined(above: str, below: str) -> str:
    """The prefix of a blueprint inside another one, joined as Flask does."""
    if above and below:
        return above.rstrip("/") + "/" + below.lstrip("/")
    return above or below


def _unique(places: list[_Place]) -> list[_Place]:
    """The places with names that tell them apart; a second one of a name gets its file's name added."""
    taken: set[str] = set()
    unique = []
    for place in places:
        name = place.owner.name
        while name in taken:
            name = f"{name} ({place.owner.file})" if "(" not in name else name + "'"
        taken.add(name)
        unique.append(replace(place, owner=replace(place.owner, name=name)))
    return unique


def _route(local: LocalRoute, owner: Owner) -> Route:
    endpoint = local.endpoint if owner.kind == "app" else f"{owner.name}.{local.endpoint}"
    return Route(
        rule=local.rule,
        methods=local.methods,
        endpoint=endpoint,
        function=local.function,
        owner=owner.name,
        prefix=owner.prefix,
        file=local.region.file,
        line=local.line,
        end_line=local.end_line,
        doc=local.doc,
        answer=local.answer,
        editable=local.editable,
        why_not=local.why_not,
        parameters=local.parameters,
        sibling_rules=local.sibling_rules,
        region=local.region,
    )


def _problems(places: Iterable[_Place]) -> Iterable[Problem]:
    for place in places:
        if not place.owner.registered:
            yield Problem(
                f"The blueprint {place.owner.name} is not registered, so its routes answer 404.",
                f"Add app.register_blueprint({place.owner.variable}) where the app is made.",
                place=Place(place.owner.file, place.owner.line),
            )
