"""Why a request is answered by the route it is, or by none, with the ways out that this folder has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from playground.core.changes import ProjectState
from playground.core.explanations import Explanation
from playground.core.fixes import Fix, Mend
from playground.core.routes import Route
from playground.session.shared import Shared

MOST = 3
"""Ways out that are offered."""


class Explaining(Shared):
    """What is asked of the live app's router. Any thread may ask, but the window's own: converters run."""

    def explain(self, method: str, path: str, host: str = "") -> Explanation | None:
        """What becomes of a method and a path (percent-encoded; a query is ignored), and why.

        ``host`` is what the request says, the running server's where it is not given. None where no app is
        loaded.
        """
        live, snapshot = self._live, self._snapshot
        if live is None or not live.state.loaded:
            return None
        at = host or urlsplit(snapshot.server.url).netloc
        told = live.explain(method, path, at) if at else live.explain(method, path)
        if told is None:
            return None
        return replace(told, fixes=_possible(told.fixes, snapshot.project))


def _possible(fixes: tuple[Fix, ...], project: ProjectState | None) -> tuple[Fix, ...]:
    """The best of those that the source of this folder can be edited for."""
    state = project or ProjectState("", "")
    routes = {(route.endpoint, route.full_rule): route for route in state.routes}
    has_app = any(owner.kind == "app" for owner in state.owners)
    found = (fix for fix in fixes if fix.mend is None or _can(fix.mend, routes.get, has_app=has_app))
    return tuple(found)[:MOST]


def _can(mend: Mend, route_of: Callable[[tuple[str, str]], Route | None], *, has_app: bool) -> bool:
    if mend.name in ("add_route", "not_found_page"):
        return has_app
    route = route_of((mend.word("endpoint"), mend.word("rule")))
    if route is None or not (route.in_source and route.editable):
        return False
    return (mend.word("full") or f"{route.prefix}/").startswith(route.prefix.rstrip("/"))
