"""Forms that send a POST to a rule that takes none."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.problems import Place, Problem
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Templates
from playground.project.checks.template_fields import Form, forms


def posts_not_taken(templates: Templates) -> tuple[Problem, ...]:
    """Forms with ``method="post"`` whose address is surely that of a route without POST."""
    if not templates.project.whole or templates.has_extensions:
        return ()
    return tuple(_all(templates))


def _all(templates: Templates) -> Iterator[Problem]:
    for name, file in templates.files.items():
        for form in templates.project.index.of_template(file, forms) or ():
            if form.method == "POST" and (route := _target(templates, name, form)) is not None:
                yield _of(Place(file, form.line, form.column), route)


def _target(templates: Templates, name: str, form: Form) -> Route | None:
    """The route that answers the form's address, if it is the only one and takes no POST."""
    routes = templates.project.picture.routes
    if form.endpoint:
        named = [one for one in routes if one.endpoint == form.endpoint]
    elif not form.own_page:
        named = [one for one in routes if one.full_rule == form.action]
    elif not templates.project.index.of_template(templates.files[name], _has_script):
        views = {(one.file.file, one.call.function) for one in templates.calls_of(templates.rendering(name))}
        named = [one for one in routes if (one.file, one.function) in views]
    else:
        named = []
    if len(named) != 1 or named[0].methods != ("GET",) or named[0].note or named[0].why_not:
        return None
    path = named[0].full_rule
    return None if any(_may_take(one, path) for one in routes if "POST" in one.methods) else named[0]


def _has_script(text: str) -> bool:
    """Whether a script is there, which might send its forms elsewhere."""
    return "<script" in text


def _may_take(route: Route, path: str) -> bool:
    """Whether a route has the same rule, or one that holds its addresses as well."""
    if route.full_rule.rstrip("/") == path.rstrip("/") or "<" in path:
        return True
    try:
        return Rule.parse(route.full_rule).read(path) is not None
    except RuleError:
        return True


def _of(place: Place, route: Route) -> Problem:
    rule = route.full_rule
    sentence = f"This form sends a POST to {rule}, which takes GET only."
    where = f"{route.function} in {route.file}:{route.line}"
    why = f"{where} has the rule {rule} with GET only, so a POST is answered with 405 METHOD NOT ALLOWED."
    at = Place(route.file, route.line)
    take = fix(f"Let {rule} take POST", "add_method", at, endpoint=route.endpoint, rule=rule, method="POST")
    return found("method-not-allowed", sentence, why, place, take)
