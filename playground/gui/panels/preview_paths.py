"""Which paths show a template: the last request that rendered it, then the routes that name it."""

from __future__ import annotations

from itertools import islice

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError

MOST = 50
"""More paths than these are not offered: nobody reads them, and each takes a moment to build."""


def preview_paths(info: TemplateInfo, project: ProjectState, last: str) -> tuple[str, ...]:
    """Paths whose page shows the template, the likeliest first, each once.

    ``last`` is the path of the last request that rendered it. A template that others extend or include is
    shown by theirs.
    """
    routes = (
        route
        for users in (frozenset(template.used_by) for template in _and_users(info, project))
        for route in project.routes
        if route.endpoint in users and "GET" in route.methods
    )
    paths = [last, *map(_build, islice(routes, MOST))]
    return tuple(dict.fromkeys(path for path in paths if path))


def _and_users(info: TemplateInfo, project: ProjectState) -> list[TemplateInfo]:
    """The template and all that extend or include it, directly or through others."""
    found, names = [info], {info.name}
    for user in found:
        for template in project.templates:
            refers = user.name == template.extends or user.name in template.includes
            if refers and template.name not in names:
                names.add(template.name)
                found.append(template)
    return found


def _build(route: Route) -> str:
    """The route's path with a sample for each parameter; empty where it can't be built."""
    try:
        rule = Rule.parse(route.full_rule)
        return rule.build({param.name: param.sample for param in rule.params})
    except (RuleError, ValueError):  # a converter of the app's own, or a rule that Flask refuses too
        return ""
