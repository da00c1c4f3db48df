"""What a change of a route or a file is going to write: read, check, edit, but touch nothing.

A ``Plan`` holds every file of one change with its bytes before and after, so that ``Project`` can write all
of it or none and undo it in one step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import Place, ProblemError, refuse
from playground.core.routes import NewBlueprint, Owner, Region, Route, RouteDraft
from playground.core.rules import Rule, RuleError
from playground.project.editing import edits
from playground.project.editing.copying import numbered
from playground.project.files import Contents, changed_outside, digest, read_bytes
from playground.project.index import Picture, source_of
from playground.project.python.source import Replacement, Source
from playground.project.reading.module_reading import read_module


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of one change before and after it.

    ``about`` is the file, rule and function (may be empty) of the route that it leaves behind; ``typing``
    names the editor that it was typed in.
    """

    label: str
    before: Contents
    after: Contents
    about: tuple[str, str, str] | None = None
    typing: str = ""
    origin: str = "form"
    notes: tuple[str, ...] = ()


class _Full(NamedTuple):
    """A route as the app's map has it, for comparing."""

    rule: str
    methods: tuple[str, ...]
    function: str

    @classmethod
    def of(cls, route: Route) -> _Full:
        return cls(route.full_rule, route.methods, route.function)


class RoutePlanner:
    """Plans changes of the routes in ``picture``."""

    def __init__(self, folder: Path, picture: Picture, held: Mapping[str, Source] | None = None) -> None:
        """``held`` are files to take as they are here instead of as they are on the disk."""
        self._folder, self._picture, self._held = folder, picture, held or {}

    def add(self, draft: RouteDraft) -> Plan:
        """A new route, at the end of its owner's, with a new blueprint around it if it asks for one."""
        if draft.new_blueprint is not None:
            return self._add_with_blueprint(draft, draft.new_blueprint)
        owner = self._owner(draft.owner)
        source = self._read(owner.file)
        after = edits.add_route(source, owner, draft, endpoints=self._endpoints(owner))
        self._check(draft, owner)
        return self._plan("add", draft, owner, {owner.file: source.data}, {owner.file: after})

    def change(self, route: Route, draft: RouteDraft) -> Plan:
        """A route of the same owner as the draft describes it."""
        owner = self._owner_of(route)
        source = self._read(route.file)
        owners, endpoints = self._picture.owners, self._endpoints(owner, route)
        after = edits.change_route(source, route, draft, owners=owners, endpoints=endpoints)
        self._check(draft, owner, route)
        plan = self._plan("change", draft, owner, {route.file: source.data}, {route.file: after})
        field = typed_field(RouteDraft.of(route), draft)
        about = (route.file, draft.rule, draft.function)
        return replace(plan, about=about, typing=f"{route.file}:{route.line}:{field}" if field else "")

    def remove(self, route: Route) -> Plan:
        """The file without the route."""
        source = self._read(route.file)
        after = edits.remove_route(source, route)
        return Plan(f"delete {route.full_rule}", {route.file: source.data}, {route.file: after})

    def duplicate(self, route: Route) -> Plan:
        """A copy of the route, with a rule and a name that are free."""
        if not route.editable:
            raise refuse("This route can't be copied by the form.", route.why_not or "Copy it in its code.")
        owner = self._owner_of(route)
        rules = {other.full_rule for other in self._picture.routes}
        rule = next(rule for rule in _copies_of_rule(route.rule) if full_rule(owner, rule) not in rules)
        taken = {other.function for other in self._picture.routes}
        source = self._read(route.file)
        after, function = edits.copy_route(source, route, rule, taken | self._endpoints(owner))
        draft = replace(RouteDraft.of(route), rule=rule, function=function)
        self._check(draft, owner, route)
        plan = Plan(f"duplicate {route.full_rule}", {route.file: source.data}, {route.file: after})
        return replace(plan, about=(route.file, rule, function))

    # ------------------------------------------------------------------------------------------

    def _add_with_blueprint(self, draft: RouteDraft, blueprint: NewBlueprint) -> Plan:
        owner, before, made = self.blueprint(blueprint)
        empty = Source(owner.file, made[owner.file] or b"")
        after = {**made, owner.file: edits.add_route(empty, owner, draft)}
        self._check(draft, owner)
        return self._plan("add", draft, owner, before, after)

    def blueprint(self, blueprint: NewBlueprint) -> tuple[Owner, Contents, Contents]:
        """A new blueprint without routes, and the files before and after it is made and registered."""
        app = self._owner("app")
        if read_bytes(self._folder, blueprint.file) is not None:
            raise refuse(
                f"There is already a file called {blueprint.file}.", "Choose another name.", field="file"
            )
        if any(owner.name == blueprint.name for owner in self._picture.owners):
            raise refuse(
                f"There is already a blueprint called {blueprint.name}.",
                "Choose another name.",
                field="owner",
            )
        registration = self._read(app.file)
        registered = edits.add_blueprint(registration, app, blueprint)
        empty = Source(blueprint.file, edits.new_blueprint_module(blueprint))
        made, prefix = read_module(empty).owners[0], blueprint.prefix.rstrip("/")
        owner = Owner(
            blueprint.name, made.variable, "blueprint", prefix, blueprint.file, made.line, app=app.app
        )
        before = {blueprint.file: None, app.file: registration.data}
        return owner, before, {blueprint.file: empty.data, app.file: registered}

    def _plan(self, verb: str, draft: RouteDraft, owner: Owner, before: Contents, after: Contents) -> Plan:
        about = (owner.file, draft.rule, draft.function)
        return Plan(f"{verb} {full_rule(owner, draft.rule)}", before, after, about)

    def _read(self, file: str) -> Source:
        return self._held.get(file) or read_source(self._folder, file)

    def _owner(self, name: str) -> Owner:
        owners = self._picture.owners
        found = [owner for owner in owners if owner.name == name]
        found += [owner for owner in owners if name == "app" and owner.kind == "app"]
        if found:
            return found[0]
        if not owners:
            self._refuse_unread()
            raise refuse(
                "This folder has no Flask app yet.",
                "Write “app = Flask(__name__)” in app.py, or begin with a starter.",
                field="owner",
            )
        names = ", ".join(owner.name for owner in owners)
        raise refuse(f"There is no app or blueprint called “{name}”.", f"There is: {names}.", field="owner")

    def _refuse_unread(self) -> None:
        """Where a file can't be read, that is what is wrong, not that no app was found in it."""
        for problem in self._picture.problems:
            if problem.place is not None and problem.place.file in self._picture.broken:
                raise ProblemError(problem)

    def _owner_of(self, route: Route) -> Owner:
        for owner in self._picture.owners:
            if (owner.name, owner.file) == (route.owner, route.file):
                return owner
        return self._owner(route.owner)

    # What only the whole project can tell -----------------------------------------------------

    def _endpoints(self, owner: Owner, route: Route | None = None) -> set[str]:
        """The endpoints of an owner's other routes, without the blueprint's name."""
        return {
            other.endpoint.rpartition(".")[2]
            for other in self._picture.routes
            if other.owner == owner.name and (route is None or other.function != route.function)
        }

    def _check(self, draft: RouteDraft, owner: Owner, route: Route | None = None) -> None:
        """Refuse what clashes with other files. ``route`` is the one that the draft changes."""
        if route is None or (route.rule, route.methods, route.owner) != (
            draft.rule,
            draft.methods,
            draft.owner,
        ):
            beside = {one.name for one in self._picture.owners if one.app == owner.app}
            others = [_Full.of(one) for one in self._picture.routes if one != route and one.owner in beside]
            edits.refuse_clash(full_rule(owner, draft.rule), draft.methods, others)
        answer = draft.answer
        if route is not None and route.answer == answer:
            return
        if answer.kind is AnswerKind.TEMPLATE:
            names = [info.name for info in self._picture.templates]
            _check_known(answer.value, names, "template", "Make it first with New template.")
        elif answer.kind is AnswerKind.REDIRECT and answer.by_endpoint and not answer.value.startswith("."):
            names = [*(one.endpoint for one in self._picture.routes), "static", draft.function]
            _check_known(answer.value, names, "route", "Choose one that is there, or write an address.")
            _check_values(answer, self._picture.routes)
        elif answer.kind is AnswerKind.REDIRECT and self._means_route(answer.value):
            names = [one.endpoint for one in self._picture.routes]
            _check_known(answer.value, names, "route", f"Choose one that is there, or write /{answer.value}.")

    def _means_route(self, address: str) -> bool:
        """Whether a redirect to just a word means a route, even where there is none of that name."""
        blueprint, dot, name = address.rpartition(".")
        return name.isidentifier() and (not dot or blueprint in {one.name for one in self._picture.owners})


def _check_known(name: str, names: Collection[str], what: str, hint: str) -> None:
    if name not in names:
        near = get_close_matches(name, names, 1)
        hint = f"Did you mean {near[0]}?" if near else hint
        raise refuse(f"There is no {what} called {name}.", hint, field="answer")


def _check_values(answer: Answer, routes: Collection[Route]) -> None:
    """Refuse a redirect to a route whose parameters get no value: ``url_for`` would fail with each request.

    Where ``defaults`` may give them, or a blueprint's prefix asks for more, that is for the code to know.
    """
    given = {name for name, _ in answer.variables}
    targets = [route for route in routes if route.endpoint == answer.value]
    missing = [[name for name in _asked_for(route) if name not in given] for route in targets]
    if missing and all(missing):
        names = " and ".join(missing[0])
        raise refuse(
            f"The path of {answer.value} needs a value for {names}.",
            f"Give it as a variable, for example {missing[0][0]} = 1.",
            field="answer",
        )


def _asked_for(route: Route) -> tuple[str, ...]:
    if route.region is None or "defaults" in route.region.text:
        return ()
    try:
        return tuple(param.name for param in Rule.parse(route.rule, blueprint_prefix="/").params)
    except RuleError:  # a converter of the app's own
        return ()


def full_rule(owner: Owner, rule: str) -> str:
    """A rule as the app's map has it once ``owner`` has it."""
    return Route(rule, (), "", "", owner.name, owner.prefix).full_rule


def _copies_of_rule(rule: str) -> Iterator[str]:
    slash = "/" if rule.endswith("/") else ""
    stem = rule.rstrip("/")
    return (f"{piece}{slash}" if stem else f"/{piece[1:]}" for piece in numbered(f"{stem}-copy", "-"))


def typed_field(old: RouteDraft, new: RouteDraft) -> str:
    """The one text field that is different, so that typing in it is one step; otherwise empty."""
    for field in ("rule", "function", "doc"):
        if old != new and old == replace(new, **{field: getattr(old, field)}):
            return field
    same = replace(new, answer=replace(new.answer, value=old.answer.value))
    return "answer" if old != new and old == same else ""


# Text -----------------------------------------------------------------------------------------


def read_source(folder: Path, file: str) -> Source:
    """A file as it is on the disk now; refuses one that is gone."""
    data = read_bytes(folder, file)
    if data is None:
        raise refuse(
            f"{file} is no longer there.", "Undo what removed it, or make it again.", place=Place(file)
        )
    return source_of(file, data)


def text_plan(folder: Path, file: str, text: str, token: str | None) -> Plan:
    """A whole file as an editor holds it; ``token`` names the bytes that the editor read."""
    if token is None and read_bytes(folder, file) is None:  # it was removed, and the editor keeps it
        return Plan(f"new file {file}", {file: None}, {file: text.encode()}, origin="editor")
    source = read_source(folder, file)
    if token is not None and digest(source.data) != token:
        raise changed_outside(file)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    after = source.replaced([Replacement(0, len(source.text), text)])
    return Plan(f"edit {file}", {file: source.data}, {file: after}, typing=f"text:{file}", origin="editor")


def region_plan(folder: Path, region: Region, text: str) -> tuple[Plan, Region]:
    """A piece of a file as an editor holds it, everything around it as it was; and where it is then."""
    source = read_source(folder, region.file)
    region = edits.locate_region(source, region)
    after = edits.replace_region(source, region, text)
    typing = f"region:{region.file}:{region.start}"
    label = f"edit {region.file}"
    grown = replace(region, end=region.end + len(after) - len(source.data), text=text)
    plan = Plan(label, {region.file: source.data}, {region.file: after}, typing=typing, origin="editor")
    return plan, grown
