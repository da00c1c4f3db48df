"""Decorators in the wrong order, and ``@app.route`` that is not called."""

from __future__ import annotations

from playground.core.problems import Problem
from playground.project.checks.checked import CheckedFile, CheckedProject
from playground.project.checks.functions import (
    FUNCTIONS_OF,
    ROUTING,
    Decorator,
    Function,
    SeenView,
    views_of,
    wrapper_of,
)
from playground.project.checks.saying import fix, found

_WRAPPING = frozenset(
    {
        "flask_login.login_required",
        "flask_login.fresh_login_required",
        "flask_jwt_extended.jwt_required",
        "flask_jwt_extended.fresh_jwt_required",
    }
)
_START_PAGES = frozenset({"index", "home", "main", "root", "start"})


def decorators_above(project: CheckedProject) -> tuple[Problem, ...]:
    """Decorators above the one that makes the route: Flask got the function before they were applied."""
    return tuple(
        _above(view, one)
        for file in project.files.values()
        for view, one in file.kept(_higher)
        if _wraps(project, view, one)
    )


def _higher(file: CheckedFile) -> tuple[tuple[SeenView, Decorator], ...]:
    pairs = []
    for view in views_of(file):
        decorators = view.function.decorators
        first = next(at for at, one in enumerate(decorators) if one.routes)
        pairs += [(view, one) for one in decorators[:first] if one.name]
    return tuple(pairs)


def _wraps(project: CheckedProject, view: SeenView, one: Decorator) -> bool:
    """Whether it surely gives back another function, so that the one that Flask has lacks what it does."""
    if view.file.imported(one.name, view.function.scope) in _WRAPPING:
        return True
    return wrapper_of(project, view.file, one) is not None


def _above(view: SeenView, one: Decorator) -> Problem:
    place = view.file.place(view.above + one.line, one.column)
    route = next(other for other in view.function.decorators if other.routes)
    sentence = f"@{one.name} stands above @{route.name}, so it does nothing."
    why = (
        f"Decorators are applied from the bottom up. @{route.name} takes {view.function.name} as it is then, "
        f"and answers without @{one.name}."
    )
    below = fix(f"Move it below @{route.name}", "decorator_below_route", place, function=view.function.name)
    return found("decorator-order", sentence, why, place, below)


def routes_not_called(project: CheckedProject) -> tuple[Problem, ...]:
    """``@app.route`` without parentheses: nothing is registered, and no error is shown."""
    return tuple(
        _not_called(file, above, function, one)
        for file in project.files.values()
        for above, function, one in file.kept(_bare)
        if project.owners_of(file, one.name.rpartition(".")[0], function.scope)
    )


def _bare(file: CheckedFile) -> tuple[tuple[int, Function, Decorator], ...]:
    return tuple(
        (above, function, one)
        for above, function in file.facts(FUNCTIONS_OF)
        for one in function.decorators
        if not one.called and "." in one.name and one.name.rpartition(".")[2] in ROUTING
    )


def _not_called(file: CheckedFile, above: int, function: Function, one: Decorator) -> Problem:
    place = file.place(above + one.line, one.column)
    rule = "/" if function.name in _START_PAGES else f"/{function.name}"
    sentence = f"@{one.name} without parentheses makes no route."
    why = f"@{one.name} has to be called with the address: without it, {function.name} has none."
    call = f'{one.name}("{rule}")'
    return found(
        "decorator-order",
        sentence,
        why,
        place,
        fix(f"Write @{call}", "replace_at", place, old=one.name, new=call),
    )


PROJECT_CHECKS = (decorators_above, routes_not_called)
