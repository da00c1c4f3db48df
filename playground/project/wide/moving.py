"""A view moved to another blueprint or another file.

What is moved is the text itself, with its decorators and the comments above it; only the owner's name in the
decorators that make its rules becomes another one. Within its file the view stays where it is, unless its
new owner is made further down: then it goes below that one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain

from playground.core.routes import Owner, Route
from playground.project.editing.adding import put, room_for, scope_body
from playground.project.editing.drafts import routes_of_same_owner
from playground.project.editing.removing import without_view
from playground.project.editing.results import read_result
from playground.project.python.scopes import outer_nodes, uses_of
from playground.project.python.source import Replacement
from playground.project.python.syntax import FUNCTIONS, View
from playground.project.reading.modules import LocalRoute, ModuleReading, OwnerDef
from playground.project.wide.journeys import Journey
from playground.project.wide.moved_views import (
    Moved,
    check_moved,
    check_others,
    margin_at,
    owners_named,
    refused,
    start_of,
    text_moved,
)
from playground.project.wide.wide_edits import WideEdit


def view_moved(wide: WideEdit, route: Route, at: int, owner: Owner, file: str) -> Moved:
    """The view that makes a route, with all its rules, as one of ``owner`` in ``file``.

    ``at`` says which of its file's routes it is. Raises ProblemError (``owner``) where it can't be moved.
    """
    here = wide.reading(route.file)
    local = here.routes[at]
    view = here.view(local)
    if view is None or not local.owner.isidentifier() or not route.editable:
        raise refused(
            "This route can't be moved by the form.", f"{route.why_not} Move it in the code.".lstrip()
        )
    mates = [one for one in here.routes if (one.line, one.function) == (local.line, local.function)]
    if others := [one.owner for one in mates if one.owner != local.owner]:
        raise refused(
            f"{local.function} also answers rules of {others[0]}.",
            "Give those rules a function of their own first.",
        )
    if file == route.file:
        return Moved({file: _in_its_file(here, local, mates, owner)})
    return Journey(wide, here, mates, owner, file).made()


def _in_its_file(reading: ModuleReading, local: LocalRoute, mates: list[LocalRoute], owner: Owner) -> bytes:
    """The decorators name the other owner, which has to be there by then, and to take routes still."""
    made = reading.owner_here(owner.variable, local.scope)
    if made is not None and made.line > local.line and made.scope == local.scope:
        return _moved_down(reading, local, mates, made)
    if made is None or made.line > local.line:
        raise refused(
            f"{owner.name} is not there yet where {local.function} is written.",
            "Move the function below the line that makes it, in the code.",
        )
    for one in reading.registrations:
        if reading.owner_here(one.child, one.scope) is made and one.line < local.line:
            raise refused(
                f"{owner.name} is registered above {local.function}, so it takes no routes there.",
                "Move the registration below the function, in the code.",
            )
    source = reading.source
    data = source.replaced(
        Replacement(*source.span(node), owner.variable) for node in owners_named(reading, mates)
    )
    check_others(reading, read_result(reading, data), mates, mates)
    return data


def _moved_down(reading: ModuleReading, local: LocalRoute, mates: list[LocalRoute], made: OwnerDef) -> bytes:
    """The view's text behind what its new owner has, where nothing in between says otherwise."""
    source, view = reading.source, reading.view(local)
    assert view is not None
    start = start_of(reading, local)
    room = room_for(
        reading, made, made.variable, made.scope, routes_of_same_owner(reading, made.variable, made.scope)
    )
    if room.margin != margin_at(reading, start):
        raise refused(
            f"{local.function} is written inside another statement, and {made.variable} is made elsewhere.",
            "Take it out of that block first, in the code.",
        )
    _check_between(reading, local, view, source.line_of(room.at))
    text = text_moved(reading, view, mates, start, made.variable)
    data = source.replaced([without_view(reading, local, start), put(source, room, text)])
    after = read_result(reading, data)
    check_others(reading, after, mates, mates)
    check_moved(reading, view, local, after, made.variable)
    return data


def _check_between(reading: ModuleReading, local: LocalRoute, view: View, last: int) -> None:
    """Refuse where a statement that is passed uses the function, or gives its decorators other meanings."""
    first = (view.end_lineno or 0) + 1
    for use in uses_of(local.function, list(reading.saying(local.function))):
        line = getattr(use.node, "lineno", 0)
        if use.scope == use.at == local.scope and first <= line <= last:
            raise refused(
                f"{local.function} is used in line {line}, above where it would be then.",
                "Move the function below the line that makes its owner, in the code.",
            )
    needed = {one.id for node in outer_nodes(view) for one in ast.walk(node) if isinstance(one, ast.Name)}
    passed = [one for one in scope_body(reading, local.scope, last) if first <= one.lineno <= last]
    for name in needed.intersection(_bound(passed)):
        raise refused(
            f"{name} means something else further down, and {local.function} needs it as it is here.",
            "Give one of the two another name first.",
        )


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """All names that the statements give a meaning to."""
    for node in chain.from_iterable(map(ast.walk, statements)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
