"""The edits of a project's Python files: pure functions from bytes to bytes.

Each one reads the file, replaces the few pieces that the edit means, reads the result and compares it
with what was asked for. If anything else has changed, or something has not, it raises ProblemError and
there is no result.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Sequence
from dataclasses import replace

from playground.core.problems import refuse
from playground.core.routes import NewBlueprint, Owner, Region, Route, RouteDraft
from playground.project.editing.adding import route_added
from playground.project.editing.blueprints import (
    VARIABLE,
    blueprint_module,
    blueprint_registered,
    check_blueprint,
)
from playground.project.editing.changing import Site, Wish, route_changed
from playground.project.editing.copying import route_copied
from playground.project.editing.drafts import refuse_clash
from playground.project.editing.removing import route_removed
from playground.project.editing.results import changed_since, not_lossless, read_result, refuse_uncompilable
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import sort_methods
from playground.project.reading.module_reading import read_tolerantly
from playground.project.reading.modules import LocalRoute, ModuleReading

__all__ = [
    "VARIABLE",
    "add_blueprint",
    "add_route",
    "change_route",
    "copy_route",
    "locate_region",
    "new_blueprint_module",
    "refuse_clash",
    "remove_route",
    "replace_region",
]


def add_route(
    source: Source,
    owner: Owner,
    draft: RouteDraft,
    *,
    variable: str | None = None,
    endpoints: Collection[str] = (),
) -> bytes:
    """The file with one more route, missing imports included.

    ``variable`` is what the owner is called in a file that imports it; ``endpoints`` are names (without
    the blueprint's) that other files have taken. Raises ProblemError by field.
    """
    before = read_tolerantly(source)
    data, function = route_added(before, owner, draft, variable, endpoints)
    after = read_result(before, data)
    added = [route for route in after.routes if route.function == function]
    others = [_form(route) for route in after.routes if route.function != function]
    if len(added) != 1 or added[0].rule != draft.rule or others != [_form(one) for one in before.routes]:
        raise not_lossless(source.file)
    refuse_uncompilable(before, after)
    return data


def change_route(
    source: Source,
    route: Route,
    draft: RouteDraft,
    *,
    owners: Sequence[Owner] = (),
    endpoints: Collection[str] = (),
) -> bytes:
    """The file with the route as the draft has it; what the draft leaves as it was read is not touched.

    ``owners`` are those of the project, to tell which is made in this file; ``endpoints`` are names
    (without the blueprint's) that other files have taken. Raises ProblemError by field.
    """
    before = read_tolerantly(source)
    at = find(before, _with_their_methods(before, route))
    route, draft = _beside_theirs(before.routes[at], route, draft, source.file)
    site = route_changed(Site(before, at), Wish(route, draft, owners, endpoints))
    after = site.reading
    line = before.routes[at].line
    if len(after.routes) != len(before.routes) or any(
        now is not was and was.line != line and _form(now) != _form(was)
        for now, was in zip(after.routes, before.routes, strict=True)
    ):
        raise not_lossless(source.file)
    _check_as_drafted(after.routes[at], before.routes[at], draft, source.file)
    refuse_uncompilable(before, after)
    return site.source.data


def _with_their_methods(reading: ModuleReading, route: Route) -> Route:
    """The route by which to find it where another program has changed its methods."""
    here = [one.methods for one in reading.routes if (one.rule, one.function) == (route.rule, route.function)]
    return replace(route, methods=here[0]) if len(here) == 1 else route


def _beside_theirs(now: LocalRoute, was: Route, draft: RouteDraft, file: str) -> tuple[Route, RouteDraft]:
    """Route and draft with what another program changed since the route was read.

    Refused where both changed the same to something else.
    """
    for field in ("methods", "doc", "answer"):
        theirs, old, mine = (getattr(one, field) for one in (now, was, draft))
        if theirs == old:
            continue
        if mine not in (old, theirs):
            raise changed_since(file)
        was, draft = replace(was, **{field: theirs}), replace(draft, **{field: theirs})
    return was, draft


def copy_route(source: Source, route: Route, rule: str, taken: Collection[str]) -> tuple[bytes, str]:
    """The file with a copy of the route under another rule, and its name, which is none of ``taken``."""
    before = read_tolerantly(source)
    return route_copied(before, find(before, route), rule, taken)


def _check_as_drafted(now: LocalRoute, was: LocalRoute, draft: RouteDraft, file: str) -> None:
    """Refuse a result that does not read as what was asked for (the answer was compared when written)."""
    wanted = (draft.rule, sort_methods(draft.methods), draft.function or was.function)
    doc = inspect.cleandoc(draft.doc).strip()
    if (now.rule, now.methods, now.function) != wanted or now.doc.strip() != doc or not now.editable:
        raise not_lossless(file)


def remove_route(source: Source, route: Route) -> bytes:
    """The file without the route. Raises ProblemError if it is not there as it was read."""
    before = read_tolerantly(source)
    at = find(before, route)
    data = route_removed(before, before.routes[at])
    wanted = [_form(one) for index, one in enumerate(before.routes) if index != at]
    if [_form(one) for one in read_result(before, data).routes] != wanted:
        raise not_lossless(source.file)
    return data


def add_blueprint(source: Source, app: Owner, new: NewBlueprint) -> bytes:
    """The app's file with the new blueprint imported and registered."""
    check_blueprint(new)
    before = read_tolerantly(source)
    data = blueprint_registered(source, app, new)
    after = read_result(before, data)
    if len(after.registrations) != len(before.registrations) + 1:
        raise not_lossless(source.file)
    return data


def new_blueprint_module(new: NewBlueprint) -> bytes:
    """The file of a new blueprint; its variable is ``VARIABLE``."""
    check_blueprint(new)
    return blueprint_module(new)


def locate_region(source: Source, region: Region) -> Region:
    """The region where its text is now: text before it may have grown or shrunk. Refuses if it is gone."""
    there = source.data[region.start : region.end].decode(source.encoding, "replace")
    if region.file == source.file and _plain(there) == region.text:
        return region
    at = source.text.find(region.text)
    if region.file != source.file or at < 0 or source.text.find(region.text, at + 1) >= 0:
        raise changed_since(source.file)
    end = at + len(region.text)
    return replace(region, start=source.byte(at), end=source.byte(end))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def replace_region(source: Source, region: Region, text: str) -> bytes:
    """The file with other text in a region, which may not parse. Refuses if the region's text is gone."""
    region = locate_region(source, region)
    start, end = source.char(region.start), source.char(region.end)
    return source.replaced([Replacement(start, end, text.replace("\r\n", "\n"))])


def find(reading: ModuleReading, route: Route) -> int:
    """Which of a file's routes one is that was read from it. Raises ProblemError if it is gone or twofold."""
    same = [
        at
        for at, one in enumerate(reading.routes)
        if (one.rule, one.function, one.methods) == (route.rule, route.function, route.methods)
    ]
    if not same and not route.editable:  # what is no literal may come from other files
        same = [at for at, one in enumerate(reading.routes) if one.loose and one.function == route.function]
    there = [at for at in same if route.region and reading.routes[at].region.start == route.region.start]
    if len(there) > 1:  # two decorators of one function that differ in what the form does not show
        there = _told_apart(reading, there, route)
    if len(there) == 1 or len(same) == 1:
        return (there or same)[0]
    raise changed_since(reading.file)


def _told_apart(reading: ModuleReading, there: Sequence[int], route: Route) -> list[int]:
    """The one whose condition is that of the route."""
    alike = [at for at in there if reading.routes[at].note == route.note]
    if len(alike) == 1:
        return alike
    raise refuse(
        f"{route.function} has several decorators with {route.rule}, and the form can't tell them apart.",
        "Make the change in the code below.",
    )


def _form(route: LocalRoute) -> tuple[object, ...]:
    """What other routes must keep in an edit; imports that are added may make answers known."""
    return (route.scope, route.owner, route.rule, route.methods, route.endpoint, route.function, route.doc)
