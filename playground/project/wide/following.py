"""A route changed by its form, with all that the rest of the project says of it.

A new name for its function or a parameter first goes through the whole project, then what else the draft
says is changed in what that left; both are written as one step.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playground.core.problems import refuse
from playground.core.proposals import Move, Proposal, Rename
from playground.core.routes import NewBlueprint, Owner, Route, RouteDraft
from playground.project.editing.changing import compare_names
from playground.project.editing.drafts import names_in
from playground.project.editing.edits import find
from playground.project.index import Index, Picture
from playground.project.planning import Plan, RoutePlanner, typed_field
from playground.project.python.source import Source
from playground.project.reading.module_reading import read_tolerantly
from playground.project.reading.whole import facts
from playground.project.wide.endpoint_changes import EndpointChange, EndpointFollower
from playground.project.wide.moving import view_moved
from playground.project.wide.renames import Renamer
from playground.project.wide.wide_edits import WideEdit


class RouteChanger:
    """Plans changes of routes that the whole project follows; writes nothing."""

    def __init__(self, folder: Path, index: Index, picture: Picture) -> None:
        self._folder, self._index, self._picture = folder, index, picture
        self._before: dict[str, bytes | None] = {}
        self._after: dict[str, bytes | None] = {}
        self.notes: tuple[str, ...] = ()

    def change(self, route: Route, draft: RouteDraft) -> Plan:
        """A route as the draft has it. Raises ProblemError by field."""
        renames = list(_renames(route, draft)) if route.editable else []
        moves = route.editable and (draft.owner != route.owner or draft.new_blueprint is not None)
        if not renames and not moves:
            return RoutePlanner(self._folder, self._picture).change(route, draft)
        field = typed_field(RouteDraft.of(route), draft)
        typing = f"{route.file}:{route.line}:{field}" if field else ""
        was = route
        for rename in renames:
            route = self._renamed(replace(rename, route=route))
        if moves:
            fresh = draft.new_blueprint
            owner = self._owner(draft.owner) if fresh is None else self._made(fresh)
            route = self._moved(route, owner, owner.file)
        if draft.answer == was.answer:
            draft = replace(draft, answer=route.answer)
        plan = self._with_the_rest(route, replace(draft, owner=route.owner, new_blueprint=None))
        label = f"move {was.full_rule}" if moves else plan.label
        return replace(plan, typing=typing, label=label, notes=self.notes)

    def move(self, wanted: Move) -> Proposal:
        """A view to another owner, or to another file. Raises ProblemError where it can't be moved."""
        owner = self._owner(wanted.owner)
        file = wanted.file or (owner.file if owner.name != wanted.route.owner else wanted.route.file)
        if (owner.name, file) == (wanted.route.owner, wanted.route.file):
            raise refuse(
                "The route is there already.", "Choose another blueprint or another file.", field="owner"
            )
        self._moved(wanted.route, owner, file)
        return Proposal(f"move {wanted.route.full_rule}", self._before, self._after, self.notes)

    def _owner(self, name: str) -> Owner:
        found = [one for one in self._picture.owners if one.name == name]
        found += [one for one in self._picture.owners if name == "app" and one.kind == "app"]
        if not found:
            known = ", ".join(one.name for one in self._picture.owners)
            raise refuse(
                f"There is no app or blueprint called “{name}”.", f"There is: {known}.", field="owner"
            )
        return found[0]

    def _made(self, blueprint: NewBlueprint) -> Owner:
        """A new blueprint, which is kept for the plan."""
        held = {file: Source(file, data) for file, data in self._after.items() if data is not None}
        planner = RoutePlanner(self._folder, self._picture, held)
        owner, before, after = planner.blueprint(blueprint)
        self._before = {**before, **self._before}
        self._after = {**self._after, **after}
        self._picture = replace(self._picture, owners=(*self._picture.owners, owner))
        return owner

    def _renamed(self, wanted: Rename) -> Route:
        """The route after a rename, which is kept for the plan."""
        route = wanted.route
        assert route is not None
        wide = self._wide()
        at = find(wide.reading(route.file), route)
        Renamer(wide).rename(wanted)
        self._keep(wide)
        return self._read_again(route, route.file, at)

    def _moved(self, route: Route, owner: Owner, file: str) -> Route:
        """The route after a move, which is kept for the plan: its endpoint first, then its code."""
        wide = self._wide()
        at = find(wide.reading(route.file), route)
        mine = [one for one in self._picture.routes if (one.file, one.line) == (route.file, route.line)]
        to = owner.name if owner.kind == "blueprint" else ""
        names = {one.endpoint: ".".join(filter(None, (to, one.endpoint.rpartition(".")[2]))) for one in mine}
        self._check_free(set(names.values()) - set(names))
        if owner.name != route.owner:
            moved = {(route.file, route.function): to}
            EndpointFollower(wide, EndpointChange(names, moved=moved)).follow()
            self._keep(wide)
        wide = self._wide()
        made = view_moved(wide, route, at, owner, file)
        self._before = {**{one: wide.data(one) for one in made.contents}, **self._before}
        self._after = {**self._after, **made.contents}
        if made.unused:
            self.notes = (
                *self.notes,
                f"{route.file} no longer uses what it imports: {', '.join(made.unused)}.",
            )
        reading = read_tolerantly(Source(file, made.contents[file]))
        same = [
            index
            for index, one in enumerate(reading.routes)
            if (one.function, one.rule, one.methods) == (route.function, route.rule, route.methods)
        ]
        here = replace(
            route, owner=owner.name, prefix=owner.prefix, file=file, endpoint=names[route.endpoint]
        )
        return self._read_again(route, file, at if at in same and file == route.file else same[-1], here)

    def _check_free(self, endpoints: set[str]) -> None:
        for one in self._picture.routes:
            if one.endpoint in endpoints:
                raise refuse(
                    f"There is a route called {one.endpoint} already.",
                    "Give one of the two functions another name first.",
                    field="owner",
                )

    def _wide(self) -> WideEdit:
        return WideEdit(self._folder, self._index, self._picture, self._after)

    def _keep(self, wide: WideEdit) -> None:
        proposal = wide.proposal("")
        self._before = {**proposal.before, **self._before}
        self._after = {**self._after, **proposal.after}
        self.notes = (*self.notes, *proposal.notes)

    def _read_again(self, route: Route, file: str, at: int, here: Route | None = None) -> Route:
        """The route as the file has it now; the picture goes on with it."""
        data = self._after[file] if file in self._after else self._wide().data(file)
        local = read_tolerantly(Source(file, data or b"")).routes[at]
        base = here or route
        dot = base.endpoint.rpartition(".")
        now = replace(base, endpoint=f"{dot[0]}{dot[1]}{local.endpoint}", **facts(local))
        routes = tuple(now if one == route else one for one in self._picture.routes)
        self._picture = replace(self._picture, routes=routes)
        return now

    def _with_the_rest(self, route: Route, draft: RouteDraft) -> Plan:
        held = {file: Source(file, data) for file, data in self._after.items() if data is not None}
        plan = RoutePlanner(self._folder, self._picture, held).change(route, draft)
        return replace(plan, before={**plan.before, **self._before}, after={**self._after, **plan.after})


def _renames(route: Route, draft: RouteDraft) -> list[Rename]:
    """The names that a draft gives to what has one already, a function's and its parameters'."""
    names, _, _ = compare_names(names_in(route.rule), names_in(draft.rule))
    found = [Rename("parameter", old, new) for old, new in names.items() if old in route.parameters]
    if draft.function and draft.function != route.function:
        found.append(Rename("function", route.function, draft.function))
    return found
