"""A new route put where a person would put it: after its owner's last one, in the file's own style."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from playground.core.names import suggest_function_name
from playground.core.problems import Place, refuse
from playground.core.routes import Owner, RouteDraft
from playground.core.rules import Rule
from playground.project.editing.answer_writing import Names, Shape, render
from playground.project.editing.answers import check_answer
from playground.project.editing.drafts import (
    check_free_name,
    check_methods,
    names_in,
    read_rule,
    refuse_clash,
    routes_of_same_owner,
)
from playground.project.editing.imports import add_imports
from playground.project.python.literals import quote
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import FUNCTIONS, first_line, sort_methods
from playground.project.reading.answer_reading import indent
from playground.project.reading.module_reading import SHORTCUTS
from playground.project.reading.modules import LocalRoute, ModuleReading, OwnerDef

_MANY = 1000
_LINES = 2000
"""More characters than a few lines have."""


@dataclass(frozen=True)
class Room:
    """A place for a function: behind the line that ends at ``at``, in a block indented by ``margin``."""

    at: int
    margin: str
    blank: int


def route_added(
    reading: ModuleReading,
    owner: Owner,
    draft: RouteDraft,
    variable: str | None,
    endpoints: Collection[str],
) -> tuple[bytes, str]:
    """The file with the route in it, and the name of its function. Raises ProblemError by field."""
    source = reading.source
    made = _definition(reading, owner)
    scope, name = (made.scope, made.variable) if made else ("", variable or owner.variable)
    if made is None and name not in reading.module_names:
        raise refuse(
            f"{source.file} does not know {owner.name}.",
            f"Choose {owner.file}, or import {owner.variable} there.",
            field="owner",
        )
    rule = read_rule(draft.rule, reading, owner.prefix)
    methods = sort_methods(draft.methods)
    check_methods(methods)
    mates = routes_of_same_owner(reading, name, scope)
    refuse_clash(draft.rule, methods, mates)
    function = _function_name(draft, rule, reading, scope, {*endpoints, *(one.endpoint for one in mates)})
    parameters = (*names_in(owner.prefix), *(param.name for param in rule.params))
    seen = reading.names(scope) | {function}
    check_answer(draft.answer, parameters, seen)
    names = Names(reading, scope, parameters)
    style = Shape({param.name: param.converter for param in rule.params}, parameters, indent_unit(reading))
    room = room_for(reading, made, name, scope, mates)
    doc = [docstring_text(draft.doc, room.margin + style.unit)] if draft.doc.strip() else []
    body = "\n".join([*doc, render(draft.answer, style, names)])
    head = f"{decorator(name, rule.text, methods)}\ndef {function}({', '.join(parameters)}):\n"
    added = put(source, room, indent(head + indent(body, style.unit), room.margin))
    return source.replaced([*add_imports(reading, names.needed), added]), function


def _definition(reading: ModuleReading, owner: Owner) -> OwnerDef | None:
    """Where this file makes the owner, None for one that it imports."""
    if owner.file != reading.file:
        return None
    same = [one for one in reading.owners if one.variable == owner.variable and one.kind == owner.kind]
    return next((one for one in same if one.line == owner.line), same[0] if same else None)


def _function_name(
    draft: RouteDraft, rule: Rule, reading: ModuleReading, scope: str, endpoints: Collection[str]
) -> str:
    if not draft.function:
        taken = {*reading.names(scope), *endpoints}
        return suggest_function_name(rule, draft.methods, taken)
    check_free_name(draft.function, reading, scope, endpoints)
    return draft.function


def decorator(variable: str, rule: str, methods: Sequence[str]) -> str:
    """``@app.get("/")``, or ``@app.route("/", methods=[...])`` where there is no shortcut."""
    if len(methods) == 1 and methods[0] in SHORTCUTS:
        return f"@{variable}.{methods[0].lower()}({quote(rule)})"
    listed = ", ".join(quote(method) for method in methods)
    return f"@{variable}.route({quote(rule)}, methods=[{listed}])"


def docstring_text(doc: str, margin: str = "") -> str:
    """A docstring, its quotes included, with ``margin`` in front of all its lines but the first."""
    lines = inspect.cleandoc(doc).replace("\\", "\\\\").replace('"""', '\\"\\"\\"').split("\n")
    if len(lines) == 1:
        last = re.sub(r'"$', '\\\\"', lines[0])
        return f'"""{last}"""'
    inside = "\n".join(margin + line if line else "" for line in lines[1:])
    return f'"""{lines[0]}\n{inside}\n{margin}"""'


def indent_unit(reading: ModuleReading) -> str:
    """What the file indents by: the first block's indentation, four spaces where there is none."""
    source = reading.source
    inner_ones = chain.from_iterable(map(ast.walk, reading.statements()))
    for node in chain(islice(reading.statements(), _MANY), inner_ones):
        body = getattr(node, "body", None)
        if isinstance(node, ast.stmt) and isinstance(body, list) and body[0].lineno > node.lineno:
            outer, inner = margin_of(source, node), margin_of(source, body[0])
            if inner.startswith(outer) and len(inner) > len(outer):
                return inner[len(outer) :]
    return "    "


def margin_of(source: Source, node: ast.stmt) -> str:
    """The white space in front of a statement's line."""
    start = source.offset(node.lineno, node.col_offset)
    before = source.text[source.line_start(start) : start]
    return before[: len(before) - len(before.lstrip())]


def room_for(
    reading: ModuleReading, made: OwnerDef | None, name: str, scope: str, mates: Sequence[LocalRoute]
) -> Room:
    """Where a new route of the owner goes."""
    source = reading.source
    limit = _limit(reading, scope_body(reading, scope), made)
    above = [one for one in mates if one.scope == scope and one.decorator >= 0 and one.line < limit]
    line = above[-1].line if above else made.line if made else 0
    body = scope_body(reading, scope, line)
    holders = [node for node in body if first_line(node) <= line <= (node.end_lineno or 0)]
    if not holders:
        last = _last_import(body)
    elif above:
        last = holders[-1]
    else:
        last = with_settings(source, body, holders[-1], name)
    if last is None:
        raise refuse(
            f"There is no clear place for a route in {source.file}.",
            "Write it in the code, where it belongs.",
            place=Place(source.file, line or None),
        )
    if scope and not above:
        last = _before_return(body, last, limit)
    margin = margin_of(source, body[0])
    return Room(end_with_comments(source, last, margin), margin, blank_lines(reading, scope))


def scope_body(reading: ModuleReading, scope: str, line: int = 0) -> list[ast.stmt]:
    """The statements of the function that a scope names.

    Of a module, which may be long, those that are no plain functions, and those that hold ``line``.
    """
    if not scope:
        others = list(reading.others())
        here = [node for node in reading.statements_at(line) if node not in others] if line else []
        return sorted([*others, *here], key=lambda node: (node.lineno, node.col_offset))
    top, *inner = scope.split(".")
    saying = list(reading.saying(top))
    node = next(one for one in chain(saying, *map(ast.walk, saying)) if _is_called(one, top))
    for name in inner:
        node = next(one for one in ast.walk(node) if one is not node and _is_called(one, name))
    assert isinstance(node, FUNCTIONS)
    return node.body


def _is_called(node: ast.AST, name: str) -> bool:
    return isinstance(node, FUNCTIONS) and node.name == name


def _limit(reading: ModuleReading, body: Sequence[ast.stmt], made: OwnerDef | None) -> int:
    """The line before which routes have to be: of the main guard, of ``app.run()``, of a registration."""
    lines = [
        one for one in reading.run_calls if any(node.lineno <= one <= (node.end_lineno or 0) for node in body)
    ]
    lines += [node.lineno for node in body if isinstance(node, ast.If) and _says_main(node.test)]
    for one in reading.registrations:
        if made is not None and reading.owner_here(one.child, one.scope) is made and one.scope == made.scope:
            lines.append(one.line)
    return min((line for line in lines if made is None or line > made.line), default=1 << 60)


def _says_main(test: ast.expr) -> bool:
    return any(isinstance(one, ast.Constant) and one.value == "__main__" for one in ast.walk(test))


def with_settings(source: Source, body: Sequence[ast.stmt], made: ast.stmt, name: str) -> ast.stmt:
    """The statement that makes the owner, or the last of the settings on the lines right below it."""
    last = made
    for node in body[body.index(made) + 1 :]:
        near = node.lineno == (last.end_lineno or 0) + 1
        wanted = f"{name}." if isinstance(node, ast.Assign) else f"{name}.config."
        if not near or not source.segment(node).startswith(wanted):
            break
        last = node
    return last


def _before_return(body: Sequence[ast.stmt], made: ast.stmt, limit: int) -> ast.stmt:
    """In a factory that has no routes yet, they go right above its return, or above the limit."""
    ends = (at for at, node in enumerate(body) if isinstance(node, ast.Return) or node.lineno >= limit)
    at = next(ends, 0)
    return body[at - 1] if at and body[at - 1].lineno >= made.lineno else made


def _last_import(body: Sequence[ast.stmt]) -> ast.stmt | None:
    return next((one for one in reversed(body) if isinstance(one, (ast.Import, ast.ImportFrom))), None)


def end_with_comments(source: Source, node: ast.stmt, margin: str) -> int:
    """The end of a statement's last line, comments that belong into its block included."""
    end = source.line_end(source.span(node)[1])
    deeper = re.compile(r"(?:\n[ \t\f]*)*\n" + re.escape(margin) + r"[ \t]+#[^\n]*")
    while hasattr(node, "body") and (found := deeper.match(source.text, end)):
        end = found.end()
    return end


def blank_lines(reading: ModuleReading, scope: str) -> int:
    """How many blank lines the file puts above a route in this scope."""
    gaps: Counter[int] = Counter()
    for route in reading.routes:
        if route.scope == scope and route.decorator >= 0:
            start = reading.source.char(route.region.start)
            above = reading.source.text[max(0, start - _LINES) : start].rstrip(" \t\f")
            blank = len(above) - len(above.rstrip("\n")) - 1
            if (
                above.strip()
                and 0 <= blank <= 3
                and not above.rstrip().rpartition("\n")[2].lstrip().startswith("#")
            ):
                gaps[blank] += 1
    return gaps.most_common(1)[0][0] if gaps else 1 if scope else 2


def put(source: Source, room: Room, code: str) -> Replacement:
    """The function set into its room, with blank lines on both sides as the file has them."""
    after = source.text[room.at :]
    rest = after.lstrip()
    there = after[: len(after) - len(rest)].count("\n") - 1
    # Blank lines that are there are left as they are: so the file is its old self when the route goes again.
    more = room.blank if rest and not there else 0
    return Replacement(room.at, room.at, "\n" * (room.blank + 1) + code + "\n" * more)
