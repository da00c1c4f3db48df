"""The routes and owners of a whole project: what its files say one by one, put together.

Blueprints are followed from where they are made through imports to where they are registered, with
the prefixes and endpoint names that Flask would give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import Any

from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.project.python.values import methods_in
from playground.project.reading.extensions import EXTENSIONS, default_endpoint, why_resource
from playground.project.reading.module_reading import read_module
from playground.project.reading.modules import LocalRoute, Loose, ModuleReading, OwnerDef, Registration
from playground.project.reading.resolving import Names

__all__ = ["LocalRoute", "ModuleReading", "OwnerDef", "join", "owner_of", "read_module"]

_DEEPEST = 12  # imports that lead to imports, blueprints in blueprints: further than anyone goes
_APP_FILES = ("app.py", "wsgi.py", "application.py", "main.py", "__init__.py")


@dataclass(frozen=True)
class _Place:
    """An owner as the app knows it: the definition, its full name and prefix."""

    made: OwnerDef
    owner: Owner
    app: OwnerDef | None


@dataclass(frozen=True)
class Mount:
    """Where routes end up: their owner as the app knows it, and what an extension puts in front of them."""

    owner: Owner
    before: str = ""
    naming: str = ""
    kind: str = ""


@dataclass
class Made:
    """The routes that were made of one file: for each as the file has it those that the app has."""

    of: list[LocalRoute]
    mounts: dict[tuple[str, str], tuple[Mount, ...]]
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
    mounts = {
        (scope, name): joiner.mounts_of(scope, name, reading)
        for scope, name in {(local.scope, local.owner) for local in reading.routes}
    }
    same = known if known is not None and known.mounts == mounts else Made([], mounts, [])
    if same.of is reading.routes and not any(local.loose for local in reading.routes):
        return same
    routes = [
        made if was is local and local.loose is None else _routes(local, mounts, joiner, reading)
        for local, was, made in zip_longest(reading.routes, same.of, same.routes)
        if local is not None
    ]
    return Made(reading.routes, mounts, routes)


def owner_of(route: LocalRoute, reading: ModuleReading) -> OwnerDef | None:
    """The app or blueprint of the same file that a route is added to."""
    return reading.owner_here(route.owner, route.scope)


_Children = dict[int, list[tuple[OwnerDef, Registration]]]
"""Blueprints and their registrations, by the identity of what they are registered on."""


class _Joiner:
    def __init__(self, readings: Mapping[str, ModuleReading]) -> None:
        self.readings = readings
        self.names = Names(readings)
        made = self.names.made
        self.apps = sorted((one for one in made if one.kind == "app"), key=_app_order)
        self.blueprints = [one for one in made if one.kind == "blueprint"]
        self._places: dict[int, list[_Place]] = {}
        self._extended: dict[int, list[tuple[ModuleReading, Registration]]] = {}

    # Registrations

    def places(self) -> list[_Place]:
        """Every owner as often as it is registered; apps first, blueprints that nobody registers last."""
        names: set[str] = set()
        found = [_app_place(app, names) for app in self.apps]
        children: _Children = {}
        for reading in self.readings.values():
            for one in reading.registrations:
                self._register(reading, one, children)
        for app in list(found):
            self._below(app, children, found, {*found}, 0)
        seen = {id(place.made) for place in found}
        for blueprint in self.blueprints:
            if id(blueprint) not in seen:
                owner = self._blueprint(blueprint, self._name(blueprint), self._prefix(blueprint))
                found.append(_Place(blueprint, replace(owner, registered=False), None))
        unique = _unique(found)
        for place in unique:
            self._places.setdefault(id(place.made), []).append(place)
        return unique

    def _register(self, reading: ModuleReading, one: Registration, children: _Children) -> None:
        above = self.names.owners(reading, one.scope, one.parent) or tuple(self.apps[:1])
        prefix = self.names.text(reading, one.scope, one.prefix)
        name = self.names.text(reading, one.scope, one.name)
        settled = replace(one, prefix=prefix, name=name)
        for child in self.names.owners(reading, one.scope, one.child):
            if child.kind in EXTENSIONS:
                self._extended.setdefault(id(child), []).append((reading, settled))
            elif child.kind == "blueprint":
                for parent in above:
                    children.setdefault(id(parent), []).append((child, settled))

    def _name(self, made: OwnerDef) -> str:
        return self.names.text(self.readings[made.file], made.scope, made.named) or made.name

    def _prefix(self, made: OwnerDef) -> str:
        return self.names.text(self.readings[made.file], made.scope, made.prefix) or ""

    def _blueprint(self, made: OwnerDef, name: str, prefix: str, app: str = "") -> Owner:
        return Owner(name, made.variable, "blueprint", prefix, made.file, made.line, app=app)

    def _below(
        self, parent: _Place, children: _Children, found: list[_Place], seen: set[_Place], depth: int
    ) -> None:
        for child, registration in children.get(id(parent.made), ()) if depth <= _DEEPEST else ():
            base = "" if parent.made.kind == "app" else parent.owner.name
            own = registration.name if isinstance(registration.name, str) else ""
            name = ".".join(filter(None, (base, own or self._name(child))))
            prefix = registration.prefix if isinstance(registration.prefix, str) else self._prefix(child)
            whole = _joined(parent.owner.prefix, prefix)
            place = _Place(child, self._blueprint(child, name, whole, parent.owner.app), parent.app)
            if place not in seen:
                seen.add(place)
                found.append(place)
                self._below(place, children, found, seen, depth + 1)

    # What routes are added to

    def mounts_of(self, scope: str, name: str, reading: ModuleReading) -> tuple[Mount, ...]:
        """The owners, by registration, that a name stands for once ``places`` are known."""
        return self._mounts(self.names.owners(reading, scope, name), 0)

    def _mounts(self, made: Iterable[OwnerDef], depth: int) -> tuple[Mount, ...]:
        found: list[Mount] = []
        for one in made:
            if one.kind in EXTENSIONS:
                found += self._extension(one, depth + 1) if depth <= _DEEPEST else ()
            else:
                found += (Mount(place.owner) for place in self._places.get(id(one), ()))
        return tuple(found)

    def _extension(self, made: OwnerDef, depth: int) -> Iterator[Mount]:
        """What an extension's object adds its routes to: what it is made on, what it is registered on."""
        reading = self.readings[made.file]
        on = self._mounts(self.names.owners(reading, made.scope, made.on), depth) if made.on else ()
        pairs = [(mount, self._prefix(made) if made.prefix is not None else None) for mount in on]
        for other, one in self._extended.get(id(made), ()):
            prefix = one.prefix if isinstance(one.prefix, str) else None
            above = self.names.owners(other, one.scope, one.parent)
            pairs += [(mount, prefix or self._prefix(made)) for mount in self._mounts(above, depth)]
        if not pairs and made.kind != "namespace":
            pairs = [(mount, self._prefix(made)) for mount in self._mounts(self.apps[:1], depth)]
        for mount, prefix in pairs:
            if made.kind == "namespace":
                path = (prefix or f"/{self._name(made)}").rstrip("/")
                yield replace(mount, before=mount.before + path, naming=f"{self._name(made)}_")
            else:
                yield Mount(mount.owner, mount.before + (prefix or ""), "", made.kind)


def _app_order(app: OwnerDef) -> tuple[int, int, str]:
    name = app.file.rpartition("/")[2]
    return (_APP_FILES.index(name) if name in _APP_FILES else len(_APP_FILES), app.file.count("/"), app.file)


def _app_place(app: OwnerDef, names: set[str]) -> _Place:
    """The first app is called ``app``, any other by its variable."""
    name = "app" if not names else app.variable
    while name in names:
        name = f"{name} ({app.file})" if "(" not in name else name + "'"
    names.add(name)
    return _Place(app, Owner(name, app.variable, "app", "", app.file, app.line, app=name), app)


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


def _routes(
    local: LocalRoute,
    mounts: Mapping[tuple[str, str], tuple[Mount, ...]],
    joiner: _Joiner,
    reading: ModuleReading,
) -> tuple[Route, ...]:
    """The routes that one of a file comes to, one for each place where its owner is registered."""
    mounted = mounts[local.scope, local.owner]
    loose = local.loose
    is_resource = loose is not None and loose.kind == "resource"
    mounted = tuple(one for one in mounted if bool(one.kind) == is_resource)
    if loose is None or not mounted:
        return tuple(_route(local, mount.owner) for mount in mounted)
    local = _settled(local, loose, joiner.names, reading)
    return tuple(
        _route(_of_extension(local, loose, one) if one.kind else local, one.owner) for one in mounted
    )


def _settled(local: LocalRoute, loose: Loose, names: Names, reading: ModuleReading) -> LocalRoute:
    """The route with its rule, endpoint and methods as far as the source tells them."""
    rule = names.text(reading, local.scope, loose.rule)
    endpoint = names.text(reading, local.scope, loose.endpoint)
    methods = methods_in(names.settle(reading, local.scope, loose.methods))
    if loose.kind == "view":
        facts = names.view(reading, local.scope, loose.view)
        named = facts.endpoint if isinstance(facts.endpoint, str) else None
        local = replace(local, function=facts.name)
        endpoint, methods = endpoint or (named if loose.endpoint is None else None), methods or facts.methods
    elif loose.kind in ("class", "resource"):
        methods = methods or names.class_methods(reading, local.scope, loose.view)
    return replace(
        local,
        rule=local.rule if rule is None else rule,
        endpoint=endpoint or local.endpoint,
        methods=methods or local.methods,
        loose=None,
    )


def _of_extension(local: LocalRoute, loose: Loose, mount: Mount) -> LocalRoute:
    """The route with what the extension makes of its rule and name."""
    name = local.endpoint
    if loose.endpoint is None:
        name = mount.naming + default_endpoint(mount.kind, loose.view.rpartition(".")[2])
    why_not = why_resource(mount.kind) if local.why_not == why_resource("") else local.why_not
    return replace(local, rule=mount.before + local.rule, endpoint=name, why_not=why_not)


def _route(local: LocalRoute, owner: Owner) -> Route:
    endpoint = local.endpoint if owner.kind == "app" else f"{owner.name}.{local.endpoint}"
    return Route(endpoint=endpoint, owner=owner.name, prefix=owner.prefix, **facts(local))


def facts(local: LocalRoute) -> dict[str, Any]:
    """The fields of a ``Route`` that its file alone decides."""
    return {
        "rule": local.rule,
        "methods": local.methods,
        "function": local.function,
        "file": local.region.file,
        "line": local.line,
        "end_line": local.end_line,
        "doc": local.doc,
        "answer": local.answer,
        "editable": local.editable,
        "why_not": local.why_not,
        "parameters": local.parameters,
        "sibling_rules": local.sibling_rules,
        "region": local.region,
        "note": local.note,
    }


def _problems(places: Iterable[_Place]) -> Iterable[Problem]:
    for place in places:
        if not place.owner.registered:
            yield Problem(
                f"The blueprint {place.owner.name} is not registered, so its routes answer 404.",
                f"Add app.register_blueprint({place.owner.variable}) where the app is made.",
                place=Place(place.owner.file, place.owner.line),
            )
