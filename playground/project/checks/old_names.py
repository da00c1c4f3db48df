"""Code of older tutorials: what Flask, its relatives and Python had once, and have no more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playground.core import outdated
from playground.core.fixes import Fix
from playground.core.problems import Problem
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.functions import FUNCTIONS_OF, Decorator
from playground.project.checks.saying import fix, found
from playground.project.python.syntax import dotted

_old = partial(found, "old-tutorial")
_WRITE = re.compile(r"Write from ([\w.]+) import (\w+|\{0\})")
_FIRST = ("before_first_request", "before_app_first_request")
_EXTENSION = re.compile(r"flask\.ext\.(\w+)$")


@dataclass(frozen=True)
class Imported:
    """``from module import name``, or ``import module`` where there is no name.

    None under a condition or where it may fail, as in a ``try``.
    """

    module: str
    name: str
    local: str
    line: int
    column: int


def _imports(body: list[ast.stmt]) -> tuple[Imported, ...]:
    return tuple(_all_imports(body))


def _all_imports(body: list[ast.AST] | list[ast.stmt]) -> Iterator[Imported]:
    for node in body:
        if isinstance(node, ast.ImportFrom) and not node.level:
            for one in node.names:
                local = one.asname or one.name
                yield Imported(node.module or "", one.name, local, node.lineno, node.col_offset)
        elif isinstance(node, ast.Import):
            for one in node.names:
                yield Imported(one.name, "", one.asname or "", node.lineno, node.col_offset)
        elif not isinstance(node, ast.expr) and not _may_be_left_out(node):
            yield from _all_imports(list(ast.iter_child_nodes(node)))


def _may_be_left_out(node: ast.AST) -> bool:
    """Whether what stands inside is meant for some versions only, or may fail."""
    if isinstance(node, (ast.With, ast.AsyncWith)):
        calls = [one.context_expr for one in node.items if isinstance(one.context_expr, ast.Call)]
        return any(dotted(one.func).rpartition(".")[2] == "suppress" for one in calls)
    return isinstance(node, (ast.If, ast.Try, ast.TryStar))


IMPORTS = Extractor("imports", _imports, ("import",))


def old_imports(project: CheckedProject) -> tuple[Problem, ...]:
    """Imports of names that their module has no more."""
    return tuple(problem for file in project.files.values() for problem in file.kept(_old_in))


def _old_in(file: CheckedFile) -> tuple[Problem, ...]:
    problems = []
    for above, one in file.facts(IMPORTS):
        said = outdated.moved(one.module, one.name) if one.name else None
        if said is not None:
            problems.append(_moved(file, above, one, said))
        elif extension := _EXTENSION.match(one.module):
            problems.append(_extension(file, above, one, extension[1]))
    return tuple(problems)


def _moved(file: CheckedFile, above: int, one: Imported, said: tuple[str, str]) -> Problem:
    place = file.place(above + one.line, one.column)
    now = _WRITE.match(outdated.MOVED[one.module, one.name])
    told = Fix(said[1] if len(said[1]) <= 40 else "Write it as Flask has it today")
    if now is not None:
        target = now[2].replace("{0}", one.name)
        label = f"Import {target} from {now[1]}"
        words = {"module": now[1], "name": one.name, "called": target}
        told = fix(
            label if len(label) <= 40 else f"Import {target} instead", "import_from_elsewhere", place, **words
        )
    return _old(said[0], f"Line {place.line} imports it, as older tutorials do. {said[1]}", place, told)


def _extension(file: CheckedFile, above: int, one: Imported, name: str) -> Problem:
    place = file.place(above + one.line, one.column)
    why = f"Line {place.line} imports {one.module}. Each extension is a package of its own now: flask_{name}."
    new = fix(f"Write flask_{name}", "replace", place, old=one.module, new=f"flask_{name}")
    return _old("Flask no longer has flask.ext.", why, place, new)


def first_requests(project: CheckedProject) -> tuple[Problem, ...]:
    """``@app.before_first_request``, which Flask 2.3 took away."""
    return tuple(
        _first(file, above + one.line, one, name)
        for file in project.files.values()
        for above, name, scope, one in file.kept(_firsts)
        if project.owners_of(file, one.name.rpartition(".")[0], scope)
    )


def _firsts(file: CheckedFile) -> tuple[tuple[int, str, str, Decorator], ...]:
    return tuple(
        (above, function.name, function.scope, one)
        for above, function in file.facts(FUNCTIONS_OF)
        for one in function.decorators
        if one.name.rpartition(".")[2] in _FIRST and "." in one.name and not one.called
    )


def _first(file: CheckedFile, line: int, one: Decorator, function: str) -> Problem:
    place = file.place(line, one.column)
    owner, _, name = one.name.rpartition(".")
    why = f"Line {line} hands {function} to {name}, which is gone. It can run when the app starts."
    start = fix(f"Call {function} when the app starts", "run_at_start", place, function=function, app=owner)
    fixes = (start,) if name == _FIRST[0] else (Fix("Call it where the app is made"),)
    return _old(f"Flask no longer has {name}.", why, place, *fixes)


PROJECT_CHECKS = (old_imports, first_requests)
