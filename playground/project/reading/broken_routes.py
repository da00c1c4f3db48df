"""The routes of functions that do not parse, as far as the lines of their decorators can be recognised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from playground.core.answers import Answer, AnswerKind
from playground.core.pieces import FAILURES
from playground.core.problems import Problem
from playground.project.python.source import Source
from playground.project.python.syntax import dotted, keywords, literal, method_list, rule_of
from playground.project.reading.modules import LocalRoute, ModuleReading

_DECORATOR = re.compile(r"^[ \t]*@([^\n]+)$", re.MULTILINE)
_LOOSE = re.compile(
    r"([^\W\d][\w.]*)\.(route|get|post|put|patch|delete)\s*\(\s*(?:rule\s*=\s*)?[rRuU]?([\"'])([^\"'\n]*)"
)
_FUNCTION = re.compile(r"\bdef\s+([^\W\d]\w*)")


def with_broken_routes(reading: ModuleReading, problem: Problem) -> ModuleReading:
    """The reading of a file with faults, the routes of the statements at fault among its routes."""
    source = reading.source
    routes = [_marked(route, source) for route in reading.routes]
    for start, end in source.faults:
        found = list(_recognised(reading, start, end))
        reading.bound.setdefault("", set()).update(one.function for one in found if one.function)
        routes += found
    return replace(reading, routes=_sorted(routes), problem=problem)


def _sorted(routes: list[LocalRoute]) -> list[LocalRoute]:
    return sorted(routes, key=lambda route: route.region.start)


# What was known before --------------------------------------------------------------------------


def hold_imports(reading: ModuleReading, before: ModuleReading) -> None:
    """Note imports that a line at fault had, and still names."""
    texts = [reading.source.text[start:end] for start, end in reading.source.faults]
    for (scope, name), target in before.imports.items():
        if any("import" in text and _says(text, name) for text in texts):
            reading.imports[scope, name] = target
            reading.bound.setdefault(scope, set()).add(name)


def held_on_to(reading: ModuleReading, before: ModuleReading) -> ModuleReading:
    """The reading with the apps, blueprints and routes that its statements at fault had and still name."""
    owners = {(one.scope, one.variable) for one in reading.owners}
    gone = [one for one in before.owners if (one.scope, one.variable) not in owners]
    held = [(one, _fault_with(reading, one.variable)) for one in gone]
    line_of = reading.source.line_of
    reading.owners += [replace(one, line=line_of(fault[0])) for one, fault in held if fault]
    there = {(route.scope, route.owner, route.function, route.rule) for route in reading.routes}
    routes = list(reading.routes)
    for route in before.routes:
        if (route.scope, route.owner, route.function, route.rule) in there:
            continue
        fault = _fault_with(reading, route.function) or _fault_with(reading, f'"{route.rule}"')
        if fault:
            routes = [one for one in routes if one.region.start != fault[0] or one.rule == route.rule]
            routes.append(_held(reading, route, fault))
    return replace(reading, routes=_sorted(routes))


def _held(reading: ModuleReading, route: LocalRoute, fault: tuple[int, int]) -> LocalRoute:
    source = reading.source
    start, end = source.line_start(fault[0]), source.line_end(max(fault[0], fault[1] - 1))
    line = source.line_of(start)
    return replace(
        route,
        region=source.region(start, end),
        line=line,
        end_line=source.line_of(end),
        answer=Answer(AnswerKind.PYTHON, source.text[start:end]),
        why_not=why_broken(line, source.file),
        decorator=-1,
    )


def _fault_with(reading: ModuleReading, name: str) -> tuple[int, int] | None:
    """The statement at fault in which a name occurs."""
    text = reading.source.text
    return next((one for one in reading.source.faults if _says(text[one[0] : one[1]], name)), None)


def _says(text: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def why_broken(line: int, file: str) -> str:
    """Why the form can't own a route whose code does not parse."""
    return (
        f"Python does not understand its code (line {line} of {file}), so the form can't own it. Mend that."
    )


def _marked(route: LocalRoute, source: Source) -> LocalRoute:
    """The route, not editable where a statement at fault is inside of it."""
    for start, end in source.faults:
        if route.region.start <= source.byte(start) and source.byte(end) <= route.region.end:
            why_not = why_broken(source.line_of(start), source.file)
            return replace(route, why_not=why_not, answer=Answer(AnswerKind.PYTHON, route.region.text))
    return route


def _recognised(reading: ModuleReading, start: int, end: int) -> Iterator[LocalRoute]:
    """The routes that the decorators of one statement at fault make."""
    source = reading.source
    text = source.text[start:end]
    function = _FUNCTION.search(text)
    name = function[1] if function else ""
    first, last = source.line_start(start), source.line_end(max(start, end - 1))
    scope = _scope_at(reading, source.line_of(start))
    for decorator in _DECORATOR.finditer(text):
        if function and decorator.start() > function.start():
            break
        found = _read(decorator[1])
        if found is None:
            continue
        owner, rule, methods, endpoint = found
        yield LocalRoute(
            scope=scope,
            owner=owner,
            rule=rule,
            methods=methods,
            endpoint=endpoint or name,
            function=name,
            region=source.region(first, last),
            line=source.line_of(first),
            end_line=source.line_of(last),
            answer=Answer(AnswerKind.PYTHON, text),
            why_not=why_broken(source.line_of(first), source.file),
        )


def _read(code: str) -> tuple[str, str, tuple[str, ...], str] | None:
    """Owner, rule, methods and endpoint of a decorator, read by Python or else by its look."""
    try:
        call = ast.parse(code.strip(), mode="eval").body
    except FAILURES:
        loose = _LOOSE.match(code)
        return (loose[1], loose[4], _methods(loose[2], None), "") if loose else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    owner, rule, given = dotted(call.func.value), literal(rule_of(call)), keywords(call)
    if not owner or rule is None or not _LOOSE.match(f'{owner}.{call.func.attr}(""'):
        return None
    return owner, rule, _methods(call.func.attr, given.get("methods")), literal(given.get("endpoint")) or ""


def _methods(attribute: str, written: ast.expr | None) -> tuple[str, ...]:
    if attribute != "route":
        return (attribute.upper(),)
    return (method_list(written) if written is not None else None) or ("GET",)


def _scope_at(reading: ModuleReading, line: int) -> str:
    """The function around a line."""
    scope, body = "", reading.statements_at(line)
    while True:
        around = [one for one in body if one.lineno <= line <= (one.end_lineno or 0) and hasattr(one, "body")]
        if not around:
            return scope
        node = around[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            scope = f"{scope}.{node.name}" if scope else node.name
        body = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]
