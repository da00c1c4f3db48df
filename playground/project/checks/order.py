"""Routes that come too late: below ``app.run()``, inside a view, behind their blueprint's registration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playground.core.problems import Place, Problem
from playground.project.checks.blueprints import is_main_guard
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.functions import FUNCTIONS_OF, Function, SeenView, views_of
from playground.project.checks.saying import fix, found
from playground.project.python.syntax import dotted

_late = partial(found, "late-setup")


@dataclass(frozen=True)
class TopCall:
    """A call at the top of a file, or right under ``if __name__ == "__main__"``, and where that begins."""

    name: str
    first: str
    guarded: bool
    line: int
    column: int
    end: int


def _top_calls(body: list[ast.stmt]) -> tuple[TopCall, ...]:
    calls = []
    for node in body:
        guarded = isinstance(node, ast.If) and is_main_guard(node.test)
        inside = node.body if isinstance(node, ast.If) and guarded else [node]
        for one in inside:
            call = one.value if isinstance(one, ast.Expr) else None
            if isinstance(call, ast.Call):
                first = dotted(call.args[0]) if call.args else ""
                where = (node.lineno, node.col_offset, node.end_lineno or node.lineno)
                calls.append(TopCall(dotted(call.func), first, guarded, *where))
    return tuple(calls)


TOP_CALLS = Extractor("top calls", _top_calls)


def routes_below_run(project: CheckedProject) -> tuple[Problem, ...]:
    """Routes below ``app.run()``, which comes back only when the server is stopped."""
    return tuple(
        _below_run(file, run)
        for file in project.files.values()
        for run in file.kept(_runs)
        if any(one.kind == "app" for one in project.owners_of(file, run[2].rpartition(".")[0]))
    )


_Run = tuple[int, int, str, tuple[int, str]]


def _runs(file: CheckedFile) -> tuple[_Run, ...]:
    runs = [(above, one) for above, one in file.facts(TOP_CALLS) if one.name.endswith(".run")]
    if not runs:
        return ()
    above, run = runs[0]
    below = [view for view in views_of(file) if view.line > above + run.end and not view.function.scope]
    first = [(view.line, view.function.name) for view in below[:1]]
    return tuple((above + run.line, run.column, run.name, one) for one in first)


def _below_run(file: CheckedFile, run: _Run) -> Problem:
    line, column, name, below = run
    place = file.place(line, column)
    sentence = f"Routes stand below {name}(), which ends only with the server."
    why = (
        f"python {file.file} stops at line {line} as long as the server runs, "
        f"so {below[1]} in line {below[0]} is not there."
    )
    return _late(sentence, why, place, fix("Move it to the end of the file", "move_to_end", place))


def routes_in_views(project: CheckedProject) -> tuple[Problem, ...]:
    """Routes that a view makes while it answers: Flask takes none after its first request."""
    return tuple(
        _in_view(file, above, function, outer)
        for file in project.files.values()
        for above, function, outer in file.kept(_nested)
        if project.owners_of(file, _owner_of(function), function.scope)
    )


def _owner_of(function: Function) -> str:
    return next(one for one in function.decorators if one.routes).name.rpartition(".")[0]


def _nested(file: CheckedFile) -> tuple[tuple[int, Function, str], ...]:
    views = {
        (view.function.scope + "." + view.function.name).lstrip("."): view.function.name
        for view in views_of(file)
    }
    return tuple(
        (above, one, views[one.scope])
        for above, one in file.facts(FUNCTIONS_OF)
        if one.scope in views and any(decorator.routes for decorator in one.decorators)
    )


def _in_view(file: CheckedFile, above: int, function: Function, outer: str) -> Problem:
    decorator = next(one for one in function.decorators if one.routes)
    place = file.place(above + decorator.line, decorator.column)
    sentence = f"{outer} makes the route of {function.name} only while it answers."
    why = f"Line {place.line} runs when {outer} is asked, and Flask takes no routes after its first request."
    out = fix(f"Move {function.name} out of {outer}", "move_out", place, function=function.name)
    return _late(sentence, why, place, out)


def routes_behind_registration(project: CheckedProject) -> tuple[Problem, ...]:
    """Routes of a blueprint that stand below its registration: Flask refuses them."""
    return tuple(problem for file in project.files.values() for problem in _behind(file))


def _behind(file: CheckedFile) -> Iterator[Problem]:
    for at, child in file.kept(_registered):
        made = file.reading.owner_here(child)
        late = [
            view
            for view in (views_of(file) if made is not None and made.kind == "blueprint" else ())
            if view.line > (at.line or 0) and not view.function.scope and _owner_of(view.function) == child
        ]
        if late:
            yield _behind_it(file, at, child, late[0])


def _registered(file: CheckedFile) -> tuple[tuple[Place, str], ...]:
    return tuple(
        (file.place(above + one.line, one.column), one.first)
        for above, one in file.facts(TOP_CALLS)
        if one.name.endswith(".register_blueprint") and not one.guarded and one.first
    )


def _behind_it(file: CheckedFile, at: Place, child: str, late: SeenView) -> Problem:
    name = late.function.name
    decorator = next(one for one in late.function.decorators if one.routes)
    place = file.place(late.above + decorator.line, decorator.column)
    sentence = f"{name} comes after its blueprint {child} is registered."
    why = f"Line {at.line} registers {child} with the routes that it has by then, and Flask takes no more."
    return _late(sentence, why, place, fix(f"Register {child} at the end", "move_to_end", at))


PROJECT_CHECKS = (routes_below_run, routes_in_views, routes_behind_registration)
