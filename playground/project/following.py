"""A route changed by its form, with all that the rest of the project says of it.

A new name for its function or a parameter first goes through the whole project, then what else the draft
says is changed in what that left; both are written as one step.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playground.core.proposals import Rename
from playground.core.routes import Route, RouteDraft
from playground.project.changing import compare_names
from playground.project.drafts import names_in
from playground.project.edits import find
from playground.project.index import Index, Picture
from playground.project.module_reading import read_module
from playground.project.planning import Plan, RoutePlanner, typed_field
from playground.project.renames import Renamer
from playground.project.source import Source
from playground.project.wide_edits import WideEdit


class RouteChanger:
    """Plans changes of routes that the whole project follows; writes nothing."""

    def __init__(self, folder: Path, index: Index, picture: Picture) -> None:
        self._folder, self._index, self._picture = folder, index, picture
        self._before: dict[str, bytes | None] = {}
        self._after: dict[str, bytes | None] = {}

    def change(self, route: Route, draft: RouteDraft) -> Plan:
        """A route as the draft has it. Raises ProblemError by field."""
        renames = list(_renames(route, draft)) if route.editable else []
        if not renames:
            return RoutePlanner(self._folder, self._picture).change(route, draft)
        field = typed_field(RouteDraft.of(route), draft)
        typing = f"{route.file}:{route.line}:{field}" if field else ""
        for rename in renames:
            now = self._renamed(replace(rename, route=route))
            if draft.answer == route.answer:
                draft = replace(draft, answer=now.answer)
            route = now
        return replace(self._with_the_rest(route, draft), typing=typing)

    def _renamed(self, wanted: Rename) -> Route:
        """The route after a rename, which is kept for the plan."""
        route = wanted.route
        assert route is not None
        wide = WideEdit(self._folder, self._index, self._picture, self._after)
        at = find(wide.reading(route.file), route)
        Renamer(wide).rename(wanted)
        proposal = wide.proposal("")
        self._before = {**proposal.before, **self._before}
        self._after = {**self._after, **proposal.after}
        local = read_module(Source(route.file, self._after[route.file] or b"")).routes[at]
        now = replace(
            route,
            rule=local.rule,
            function=local.function,
            region=local.region,
            line=local.line,
            end_line=local.end_line,
            doc=local.doc,
            answer=local.answer,
            parameters=local.parameters,
            sibling_rules=local.sibling_rules,
        )
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
