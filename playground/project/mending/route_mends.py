"""Mends of a route as its form has it, and new routes; all of them name a route by ``endpoint`` and
``rule``."""

from __future__ import annotations

import dataclasses

from playground.core.fixes import Mend
from playground.core.proposals import Proposal
from playground.core.routes import METHODS, RouteDraft
from playground.project.mending.workshop import Workshop, proposal_of
from playground.project.planning import RoutePlanner


def add_method(workshop: Workshop, mend: Mend) -> Proposal:
    """The route takes ``method``, too."""
    route, method = workshop.route(mend), mend.word("method")
    methods = tuple(one for one in METHODS if one in (*route.methods, method))
    draft = dataclasses.replace(RouteDraft.of(route), methods=methods)
    return workshop.changed(route, draft, f"let {route.full_rule} take {method}")


def change_rule(workshop: Workshop, mend: Mend) -> Proposal:
    """The route's rule as its source has it, without a blueprint's prefix, becomes ``new``."""
    route = workshop.route(mend)
    draft = dataclasses.replace(RouteDraft.of(route), rule=mend.word("new"))
    return workshop.changed(route, draft, f"change {route.full_rule}")


def add_route(workshop: Workshop, mend: Mend) -> Proposal:
    """A new route of ``owner`` (the app where none is named), with ``rule``, ``method``, a text."""
    rule = mend.word("rule")
    draft = RouteDraft(rule, (mend.word("method") or "GET",), owner=mend.word("owner") or "app")
    return proposal_of(RoutePlanner(workshop.folder, workshop.picture).add(draft), f"add {rule}")


MENDS = {"add_method": add_method, "change_rule": change_rule, "add_route": add_route}
