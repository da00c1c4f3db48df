"""Two views of one endpoint: functions of one name, or a decorator that hides the names of what it wraps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby, pairwise

from playground.core.names import suggest_function_name
from playground.core.problems import Problem
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError
from playground.project.checks.checked import CheckedFile, CheckedProject
from playground.project.checks.circles import imported_sometime
from playground.project.checks.functions import Decorator, Known, SeenView, views_of, wrapper_of
from playground.project.checks.saying import fix, found

_twice = partial(found, "duplicate-endpoint")


def duplicate_endpoints(project: CheckedProject) -> tuple[Problem, ...]:
    """Two different functions under one endpoint: Flask refuses the second."""
    apps = {owner.name: (owner.app, owner.kind) for owner in project.picture.owners if owner.registered}
    seen: dict[tuple[str, str], list[tuple[SeenView, Route]]] = {}
    for file in project.files.values():
        for view, route in file.kept(_plain):
            if route.owner in apps:
                seen.setdefault((apps[route.owner][0], route.endpoint), []).append((view, route))
    twice = {key: pairs for key, pairs in seen.items() if len({_where(one) for one, _ in pairs}) > 1}
    if any(_files(pairs) > 1 for pairs in twice.values()):  # a file that nobody imports adds no route
        reached = imported_sometime(project)
        twice = {key: [one for one in pairs if one[0].file.file in reached] for key, pairs in twice.items()}
        twice = {key: pairs for key, pairs in twice.items() if len({_where(one) for one, _ in pairs}) > 1}
    taken = {route.function for route in project.picture.routes}
    return (*(_of_names(pairs, taken) for pairs in twice.values()), *_hidden(project))


def _files(pairs: list[tuple[SeenView, Route]]) -> int:
    return len({view.file.file for view, _ in pairs})


def _plain(file: CheckedFile) -> tuple[tuple[SeenView, Route], ...]:
    """Views that are made always: not under a condition, not in a loop."""
    return tuple(
        (view, route)
        for view in views_of(file)
        for route in view.routes
        if not route.note and not route.why_not
    )


def _where(view: SeenView) -> tuple[str, int]:
    return (view.file.file, view.line)


def _of_names(pairs: Iterable[tuple[SeenView, Route]], taken: set[str]) -> Problem:
    ordered = sorted(pairs, key=lambda pair: _where(pair[0]))
    apart = (pair for pair in pairwise(ordered) if _where(pair[0][0]) != _where(pair[1][0]))
    (first, _), (second, route) = next(apart)
    name = second.function.name
    decorator = next(one for one in second.function.decorators if one.routes)
    place = second.file.place(second.above + decorator.line, decorator.column)
    one, other = f"{first.file.file}:{first.line}", f"{second.file.file}:{second.line}"
    why = f"{one} and {other} both make the endpoint {route.endpoint}. Flask takes each only once."
    if name != first.function.name:
        new = name if name not in taken - {name} and name != route.endpoint else _free_name(route, taken)
        named = fix(f"Give the second one the endpoint {new}", "endpoint_as", place, new=new)
        return _twice(f"Two view functions have the endpoint {route.endpoint}.", why, place, named)
    new = _free_name(route, taken)
    rename = fix(
        f"Call the second one {new}",
        "name_function",
        place,
        function=name,
        new=new,
        **{"def": str(second.line)},
    )
    return _twice(f"Two view functions are called {name}.", why, place, rename)


def _free_name(route: Route, taken: set[str]) -> str:
    try:
        return suggest_function_name(Rule.parse(route.full_rule), route.methods, taken)
    except RuleError:
        return next(name for number in range(2, 100) if (name := f"{route.function}_{number}") not in taken)


# Decorators without functools.wraps


def _hidden(project: CheckedProject) -> Iterator[Problem]:
    """Views whose decorators give them all the same name."""
    wrapped = sorted(_wrapped(project), key=_by_owner)
    for _, group in groupby(wrapped, key=_by_owner):
        views = list(group)
        if len({_where(one) for one, *_ in views}) > 1:
            yield _of_wrapper(*views[0][:3], views[1][0])


_Wrapped = tuple[SeenView, Known, Decorator, str]


def _by_owner(one: _Wrapped) -> tuple[str, str]:
    return one[3], one[1].function.inner


def _wrapped(project: CheckedProject) -> Iterator[_Wrapped]:
    for file in project.files.values():
        for view, decorator, owner in file.kept(_outermost):
            known = wrapper_of(project, file, decorator)
            if known is not None and not known.function.wrapped:
                yield view, known, decorator, owner


def _outermost(file: CheckedFile) -> tuple[tuple[SeenView, Decorator, str], ...]:
    """What gives a view its last name: the decorator below the one that makes its route."""
    pairs = []
    for view, route in _plain(file):
        decorators = view.function.decorators
        at = next(at for at, one in enumerate(decorators) if one.routes)
        below = [one for one in decorators[at + 1 :] if not one.routes]
        if below and not any("endpoint" in one.keywords for one in decorators):
            pairs.append((view, below[0], route.owner))
    return tuple(pairs)


def _of_wrapper(first: SeenView, known: Known, decorator: Decorator, second: SeenView) -> Problem:
    made, inner = known.function, known.function.inner
    routing = next(one for one in second.function.decorators if one.routes)
    place = second.file.place(second.above + routing.line, routing.column)
    inside = known.file.place(known.above + made.inner_line, made.inner_column)
    sentence = f"@{decorator.name} gives all its views one name."
    why = (
        f"{first.function.name} and {second.function.name} are both called {inner} behind it, "
        f"and so is their endpoint. See {inside}."
    )
    wrapped = made.parameters[0].name if made.parameters else ""
    keep = fix("Keep the names with functools.wraps", "keep_name", inside, function=inner, wrapped=wrapped)
    return _twice(sentence, why, place, keep)


PROJECT_CHECKS = (duplicate_endpoints,)
