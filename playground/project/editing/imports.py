"""Adding names to a file's imports, where and how a person would."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence

from playground.project.python.source import Replacement, Source
from playground.project.reading.modules import ModuleReading


def add_imports(reading: ModuleReading, needed: Sequence[tuple[str, str]]) -> list[Replacement]:
    """What to replace so that every ``(module, name)`` is imported; none of them is yet."""
    replacements: list[Replacement] = []
    lines: list[str] = []
    for module in dict.fromkeys(module for module, _ in needed):
        names = [name for one, name in needed if one == module]
        statement = _import_of(reading, module)
        if statement is None:
            lines.append(f"from {module} import {', '.join(sorted(names))}")
        else:
            replacements += _add_names(reading.source, statement, names)
    return replacements + (add_import_lines(reading, lines) if lines else [])


def add_import_lines(reading: ModuleReading, lines: Sequence[str]) -> list[Replacement]:
    """What to replace so that whole import statements are added at the top of the file."""
    source, text = reading.source, "\n".join(lines)
    head = _head(reading)
    imports = [one for one in head if isinstance(one, (ast.Import, ast.ImportFrom))]
    if imports:
        end = source.line_end(source.span(imports[-1])[1])
        return [Replacement(end, end, "\n" + text)]
    if head and isinstance(head[0], ast.Expr) and isinstance(head[0].value, ast.Constant):
        end = source.line_end(source.span(head[0])[1])
        return [Replacement(end, end, "\n\n" + text)]
    top = next(reading.statements(), None)
    start = source.line_start(_first_offset(source, top)) if top is not None else len(source.text)
    return [Replacement(start, start, text + "\n\n\n")]


def _first_offset(source: Source, node: ast.stmt) -> int:
    return min(source.span(one)[0] for one in (node, *getattr(node, "decorator_list", ())))


def _head(reading: ModuleReading) -> list[ast.stmt]:
    """The statements above the first function, class, app or blueprint."""
    made = {owner.line for owner in reading.owners if not owner.scope}
    head: list[ast.stmt] = []
    for node in reading.statements():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.lineno in made:
            break
        head.append(node)
    return head


def _import_of(reading: ModuleReading, module: str) -> ast.ImportFrom | None:
    """The file's own ``from module import ...`` at its top level."""
    for node in reading.others():
        if not isinstance(node, ast.ImportFrom) or node.module != module or node.level:
            continue
        if all(one.name != "*" for one in node.names):
            return node
    return None


def _add_names(source: Source, statement: ast.ImportFrom, names: Sequence[str]) -> list[Replacement]:
    """The names put among those of the statement: in their order if it was sorted, else behind the last."""
    there = [one.name for one in statement.names]
    places: dict[int, list[str]] = {}
    for name in sorted(names):
        places.setdefault(_place(there, name), []).append(name)
    replacements: list[Replacement] = []
    for at, added in places.items():
        replacements += _insert(source, statement, at, added)
    return replacements


def _place(there: Sequence[str], name: str) -> int:
    if there == sorted(there):
        return bisect_left(there, name)
    lower = [one.lower() for one in there]
    return bisect_left(lower, name.lower()) if lower == sorted(lower) else len(there)


def _insert(source: Source, statement: ast.ImportFrom, at: int, added: Sequence[str]) -> list[Replacement]:
    aliases = statement.names
    bracketed = "(" in source.text[source.span(statement)[0] : source.span(aliases[0])[0]]
    margin = _own_line(source, aliases) if bracketed else None
    between = ", " if margin is None else ",\n" + margin
    if at < len(aliases):
        start = source.span(aliases[at])[0]
        return [Replacement(start, start, "".join(name + between for name in added))]
    end = source.span(aliases[-1])[1]
    rest = source.text[end : source.line_end(end)]
    if margin is None or ")" in rest or not rest.lstrip().startswith(","):
        return [Replacement(end, end, "".join(between + name for name in added))]
    end += len(rest)
    return [Replacement(end, end, "".join(f"\n{margin}{name}," for name in added))]


def _own_line(source: Source, aliases: Sequence[ast.alias]) -> str | None:
    """The indentation of names that each have a line of their own, None where they share one."""
    last = source.span(aliases[-1])[0]
    before = source.text[source.line_start(last) : last]
    lines = {one.lineno for one in aliases}
    one_each = len(lines) == len(aliases) and (len(aliases) > 1 or not before.strip())
    return before if one_each and not before.strip() else None
