"""A route copied: the text of its view as it stands, with another rule and another name, right below it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from itertools import count

from playground.core.alike import meaning
from playground.core.problems import refuse
from playground.project.editing.adding import Room, blank_lines, end_with_comments, put
from playground.project.editing.changing import literal_like
from playground.project.editing.parameters import name_span
from playground.project.editing.results import not_lossless, read_result, refuse_uncompilable
from playground.project.python.literals import quote
from playground.project.python.source import Replacement
from playground.project.python.syntax import View, keywords, rule_of
from playground.project.reading.modules import LocalRoute, ModuleReading


def numbered(name: str, between: str = "_") -> Iterator[str]:
    """The name, then the name with 2, 3 and so on after it."""
    yield name
    yield from (f"{name}{between}{number}" for number in count(2))


def route_copied(reading: ModuleReading, at: int, rule: str, taken: Collection[str]) -> tuple[bytes, str]:
    """The file with a copy of its ``at``-th route, and the name of the copy, which is none of ``taken``."""
    local, source = reading.routes[at], reading.source
    view = reading.view(local)
    if view is None:
        raise refuse("This route can't be copied by the form.", local.why_not or "Copy it in its code.")
    names = reading.names(local.scope)
    function = next(
        one for one in numbered(f"{local.function}_copy") if one not in taken and one not in names
    )
    start = source.char(local.region.start)
    text = _text(reading, view, start, list(_changes(reading, local, view, rule, function)))
    line = source.text[start : source.line_end(start)]
    margin = line[: len(line) - len(line.lstrip())]
    room = Room(end_with_comments(source, view, margin), margin, blank_lines(reading, local.scope))
    data = source.replaced([put(source, room, text)])
    _check(reading, at, read_result(reading, data), rule, function)
    return data, function


def _text(reading: ModuleReading, view: View, start: int, changes: list[Replacement]) -> str:
    source = reading.source
    text = source.text[start : source.line_end(source.span(view)[1])]
    for one in sorted(changes, key=lambda one: -one.start):
        text = text[: one.start - start] + one.text + text[one.end - start :]
    return text


def _changes(
    reading: ModuleReading, local: LocalRoute, view: View, rule: str, function: str
) -> Iterator[Replacement]:
    """What differs in the copy: its rule and names; decorators for other rules of the view are not in it."""
    source, call = reading.source, reading.call(local)
    node = rule_of(call) if call is not None else None
    assert call is not None and node is not None
    start, end = source.span(node)
    yield Replacement(start, end, literal_like(source.text[start:end], rule))
    yield Replacement(*name_span(source, view), function)
    endpoint = keywords(call).get("endpoint")
    if endpoint is not None:
        written = source.segment(endpoint)
        yield Replacement(*source.span(endpoint), quote(function, "'" if written.endswith("'") else '"'))
    for decorator in _others(reading, local, view):
        start, end = source.span(decorator)
        yield Replacement(source.line_start(start), source.line_end(end) + 1, "")


def _others(reading: ModuleReading, local: LocalRoute, view: View) -> Iterator[ast.expr]:
    """The decorators that give the view its other rules."""
    for one in reading.routes:
        same = (one.line, one.function) == (local.line, local.function)
        if same and one.decorator not in (local.decorator, -1):
            yield view.decorator_list[one.decorator]


def _check(before: ModuleReading, at: int, after: ModuleReading, rule: str, function: str) -> None:
    """Refuse a result that is not the file with the copy."""
    local = before.routes[at]
    copies = [one for one in after.routes if one.function == function]
    others = [_form(one) for one in after.routes if one.function != function]
    if len(copies) != 1 or others != [_form(one) for one in before.routes]:
        raise not_lossless(before.file)
    copy = copies[0]
    if (copy.rule, copy.methods, copy.owner) != (rule, local.methods, local.owner):
        raise not_lossless(before.file)
    if _meaning(after, copy) != _meaning(before, local):
        raise not_lossless(before.file)
    refuse_uncompilable(before, after)


def _form(route: LocalRoute) -> tuple[object, ...]:
    return (route.scope, route.owner, route.rule, route.methods, route.endpoint, route.function, route.doc)


def _meaning(reading: ModuleReading, route: LocalRoute) -> object:
    """What a view does, whatever it is called and by which rule it is reached."""
    view = reading.view(route)
    assert view is not None
    rules = {one.decorator for one in reading.routes if (one.line, one.function) == (route.line, view.name)}
    tools = [meaning(one) for at, one in enumerate(view.decorator_list) if at not in rules]
    returns = meaning(view.returns) if view.returns is not None else ""
    return type(view), tools, meaning(view.args), returns, [meaning(one) for one in view.body]
