"""What a move within a file and one to another file have in common: the view's text, and the proof of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from playground.core.problems import ProblemError, refuse
from playground.project.editing.results import not_lossless, refuse_uncompilable
from playground.project.python.syntax import View
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.wide.wide_edits import differences


@dataclass(frozen=True)
class Moved:
    """What the two files hold after a move; the same file twice where the view stays in its file."""

    contents: Mapping[str, bytes]
    unused: tuple[str, ...] = ()


def refused(sentence: str, hint: str) -> ProblemError:
    """The refusal of a move, at the field that chooses the owner."""
    return refuse(sentence, hint, field="owner")


def owners_named(reading: ModuleReading, mates: Iterable[LocalRoute]) -> Iterator[ast.expr]:
    """The names before the dot in the decorators of a view that make its rules."""
    for mate in mates:
        call = reading.call(mate)
        assert call is not None and isinstance(call.func, ast.Attribute)
        yield call.func.value


def start_of(reading: ModuleReading, local: LocalRoute) -> int:
    """Where the view begins, with the comments right above it that stand as deep as it does."""
    source = reading.source
    start = source.char(local.region.start)
    margin = margin_at(reading, start)
    while start:
        above = source.line_start(start - 1)
        if not source.text[above : start - 1].startswith(f"{margin}#"):
            break
        start = above
    return start


def margin_at(reading: ModuleReading, start: int) -> str:
    """The white space that a line begins with."""
    line = reading.source.text[start : reading.source.line_end(start)]
    return line[: len(line) - len(line.lstrip())]


def text_moved(
    reading: ModuleReading, view: View, mates: Iterable[LocalRoute], start: int, variable: str
) -> str:
    """The view's text from ``start`` on, with the other owner's variable in its decorators."""
    source = reading.source
    text = source.text[start : source.line_end(source.span(view)[1])]
    for node in sorted(owners_named(reading, mates), key=lambda one: -source.span(one)[0]):
        first, last = source.span(node)
        text = text[: first - start] + variable + text[last - start :]
    return text


def check_moved(
    before: ModuleReading, view: View, local: LocalRoute, after: ModuleReading, variable: str
) -> None:
    """Refuse a result in which more of the view is new than the name of its owner."""
    arrived = next((one for one in after.routes if one.function == local.function), None)
    moved = after.view(arrived) if arrived is not None else None
    expected = {(local.owner, variable)} if variable != local.owner else set()
    if moved is None or set(differences(view, moved)) - expected:
        raise not_lossless(before.file)


def check_others(
    before: ModuleReading, after: ModuleReading, gone: list[LocalRoute], come: list[LocalRoute]
) -> None:
    """Refuse a result in which any other route is not as it was, or the view's own are not there."""
    others = [_form(one) for one in before.routes if one not in gone]
    functions = {one.function for one in come}
    found = [_form(one) for one in after.routes if one.function not in functions]
    mine = [(one.rule, one.methods, one.endpoint) for one in after.routes if one.function in functions]
    if found != [one for one in others if one[0] not in functions] or mine != [
        (one.rule, one.methods, one.endpoint) for one in come
    ]:
        raise not_lossless(before.file)
    refuse_uncompilable(before, after)


def _form(route: LocalRoute) -> tuple[object, ...]:
    return (route.function, route.scope, route.owner, route.rule, route.methods, route.endpoint)
