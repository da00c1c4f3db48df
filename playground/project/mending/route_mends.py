"""Mends of a route as its form has it, new routes, and a page for paths that no route has.

All of them name a route by ``endpoint`` and ``rule``, which is the full one.
"""

from __future__ import annotations

import dataclasses
import re

from playground.core.fixes import Mend
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal
from playground.core.routes import METHODS, Owner, RouteDraft
from playground.project.editing.adding import indent_unit, put, room_for
from playground.project.editing.copying import numbered
from playground.project.editing.drafts import routes_of_same_owner
from playground.project.mending.workshop import Workshop, proposal_of
from playground.project.planning import RoutePlanner
from playground.project.reading.answer_reading import indent
from playground.project.reading.module_reading import read_tolerantly

_PAGE = """@{app}.errorhandler(404)
def {function}(error):
{unit}return "There is no page at this address.", 404"""


def add_method(workshop: Workshop, mend: Mend) -> Proposal:
    """The route takes ``method``, too."""
    route, method = workshop.route(mend), mend.word("method")
    methods = tuple(one for one in METHODS if one in (*route.methods, method))
    draft = dataclasses.replace(RouteDraft.of(route), methods=methods)
    return workshop.changed(route, draft, f"let {route.full_rule} take {method}")


def change_rule(workshop: Workshop, mend: Mend) -> Proposal:
    """The route's rule becomes ``new``, as its source has it, or ``full``, with its blueprint's prefix."""
    route, full = workshop.route(mend), mend.word("full")
    new = _without(route.prefix, full) if full else mend.word("new")
    if new is None:
        raise refuse(
            f"What is to be changed is in the prefix {route.prefix}.", "Change it where the blueprint has it."
        )
    draft = dataclasses.replace(RouteDraft.of(route), rule=new)
    return workshop.changed(route, draft, f"change {route.full_rule}")


def add_route(workshop: Workshop, mend: Mend) -> Proposal:
    """A new route with ``rule``, ``method``, a text.

    With ``owner`` that one gets the rule as it is. Without, ``rule`` is the full one, and goes to the
    blueprint whose prefix it begins with, else to the app: that of the endpoint ``beside``, where there are
    several.
    """
    rule, owner = mend.word("rule"), mend.word("owner")
    written, name = (rule, owner) if owner else _owned(workshop, rule, mend.word("beside"))
    draft = RouteDraft(written, (mend.word("method") or "GET",), owner=name)
    return proposal_of(RoutePlanner(workshop.folder, workshop.picture).add(draft), f"add {rule}")


def not_found_page(workshop: Workshop, mend: Mend) -> Proposal:
    """The app answers paths that no route has with a page of its own; ``beside`` as for ``add_route``."""
    app = _app(workshop, mend.word("beside"))
    reading = read_tolerantly(workshop.source(app.file))
    made = next((one for one in reading.owners if (one.variable, one.line) == (app.variable, app.line)), None)
    scope, source = made.scope if made else "", reading.source
    if re.search(rf"\b{re.escape(app.variable)}\.errorhandler\(\s*(?:404|NotFound)\b", source.text):
        raise refuse("There is such a page already.", "Look at its function.", place=Place(app.file))
    room = room_for(reading, made, app.variable, scope, routes_of_same_owner(reading, app.variable, scope))
    taken = reading.names(scope)
    name = next(name for name in numbered("page_not_found") if name not in taken)
    code = _PAGE.format(app=app.variable, function=name, unit=indent_unit(reading))
    return workshop.edited(source, [put(source, room, indent(code, room.margin))], "write a 404 page")


def _without(prefix: str, full: str) -> str | None:
    """A full rule without its blueprint's prefix, as the source has it; None where that is another one."""
    prefix = prefix.rstrip("/")
    if full == prefix or full.startswith(f"{prefix}/"):
        return full[len(prefix) :]
    return None


def _owned(workshop: Workshop, rule: str, beside: str) -> tuple[str, str]:
    """A full rule as its owner's source is to have it, and the owner's name."""
    app = _app(workshop, beside)
    owners = [one for one in workshop.picture.owners if one.app == app.app and one.registered and one.prefix]
    owners.sort(key=lambda one: -len(one.prefix))
    for owner in owners:
        rest = _without(owner.prefix, rule)
        if rest:
            return rest, owner.name
    return rule, app.name


def _app(workshop: Workshop, beside: str) -> Owner:
    """The app that has an endpoint, or the first one."""
    picture = workshop.picture
    apps = [one for one in picture.owners if one.kind == "app"]
    if not apps:
        raise refuse("This folder has no app in its source that could take it.")
    of = {one.name: one.app for one in picture.owners}
    wanted = next((of.get(one.owner) for one in picture.routes if beside and one.endpoint == beside), None)
    return next((one for one in apps if one.app == wanted), apps[0])


MENDS = {
    "add_method": add_method,
    "change_rule": change_rule,
    "add_route": add_route,
    "not_found_page": not_found_page,
}
