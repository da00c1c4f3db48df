"""Taking a route out of its file, so that the file is as if it had never been there."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import chain

from playground.core.problems import refuse
from playground.project.python.source import Replacement
from playground.project.reading.modules import LocalRoute, ModuleReading


def route_removed(reading: ModuleReading, route: LocalRoute) -> bytes:
    """The file without the route; a view with other rules loses only the decorator for this one."""
    source = reading.source
    if route.decorator < 0:
        raise refuse(
            "This route can't be taken out by a button.",
            f"{route.why_not} Delete it there.".lstrip(),
        )
    if route.sibling_rules:
        return source.replaced([_without_decorator(reading, route)])
    return source.replaced([without_view(reading, route, source.char(route.region.start))])


def view_removed(reading: ModuleReading, route: LocalRoute, start: int) -> bytes:
    """The file without a view and all its rules; what is taken out begins at ``start``."""
    return reading.source.replaced([without_view(reading, route, start)])


def _without_decorator(reading: ModuleReading, route: LocalRoute) -> Replacement:
    source, call = reading.source, reading.call(route)
    assert call is not None
    start, end = source.span(call)
    start, end = source.line_start(start), source.line_end(end)
    return Replacement(start, min(end + 1, len(source.text)), "")


def without_view(reading: ModuleReading, route: LocalRoute, start: int) -> Replacement:
    """Taking out the function with the blank lines above it; those below stay as they were."""
    source = reading.source
    text = source.text
    view = reading.view(route)
    end = source.line_end(source.span(view)[1]) if view is not None else start
    above = text[:start].rstrip()
    filler = "" if not _leaves_empty(reading, route) else _margin(text, start) + "pass"
    if filler:
        return Replacement(start, end, filler)
    if above:
        return Replacement(source.line_end(len(above) - 1), end, "")
    below = text[end:]
    return Replacement(start, end + len(below) - len(below.lstrip("\n")), "")


def _margin(text: str, start: int) -> str:
    line = text[start:].partition("\n")[0]
    return line[: len(line) - len(line.lstrip())]


def _leaves_empty(reading: ModuleReading, route: LocalRoute) -> bool:
    """Whether the route is all that there is in the block around it."""
    view, around = reading.view(route), reading.statements_at(route.line)
    return any(view in block and len(block) == 1 for block in _blocks(around))


def _blocks(statements: Sequence[ast.stmt]) -> list[list[object]]:
    found: list[list[object]] = []
    for node in chain.from_iterable(map(ast.walk, statements)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                found.append(block)
    return found
