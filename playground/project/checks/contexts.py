"""What needs a request or the running app, used where neither is there: while the file is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from playground.core.problems import Problem
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.circles import imported_at_start
from playground.project.checks.functions import FUNCTIONS_OF
from playground.project.checks.saying import fix, found, shortened
from playground.project.python.syntax import FUNCTIONS, dotted

_outside = partial(found, "outside-context")
_PROXIES = frozenset({"flask.request", "flask.session", "flask.current_app", "flask.g"})
_CALLS = frozenset({"flask.url_for", "flask.render_template", "flask.flash", "flask.jsonify"})


@dataclass(frozen=True)
class TopUse:
    """A name used by a statement at the top of a file: ``called``, or looked into.

    ``line`` to ``column`` are the statement's; ``target`` is the name that it assigns to, if it is but one.
    """

    name: str
    called: bool
    line: int
    column: int
    target: str
    text: str


def _top_uses(body: list[ast.stmt]) -> tuple[TopUse, ...]:
    return tuple(use for node in _plain(body) for use in _uses_in(node))


def _plain(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that surely run when the file is imported, outside of any context."""
    for node in body:
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)):
            yield node


def _uses_in(node: ast.stmt) -> Iterator[TopUse]:
    target = ""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        target = node.targets[0].id
    for one in _run(node):
        called = isinstance(one, ast.Call)
        inside: ast.AST | None = None
        if isinstance(one, ast.Call):
            inside = one.func
        elif isinstance(one, (ast.Attribute, ast.Subscript)):
            inside = one.value
        if inside is not None and (name := dotted(inside)):
            yield TopUse(name, called, node.lineno, node.col_offset, target, ast.unparse(node))


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are run with a statement: not what is inside of a lambda or a generator."""
    todo = [node]
    while todo:
        one = todo.pop(0)
        yield one
        if not isinstance(one, (*FUNCTIONS, ast.Lambda, ast.GeneratorExp)):
            todo += ast.iter_child_nodes(one)


TOP_USES = Extractor("top uses", _top_uses)


def used_too_early(project: CheckedProject) -> tuple[Problem, ...]:
    """``request`` and its like at the top of a file."""
    if project.says("request_context("):
        return ()
    within = project.says("app_context(")  # files may be imported in one
    early = [(file, *pair) for file in project.files.values() for pair in file.kept(_early)]
    reached = imported_at_start(project) if early else frozenset()
    return tuple(
        problem
        for file, problem, full in early
        if file.file in reached and (not within or full in ("flask.request", "flask.session"))
    )


def _early(file: CheckedFile) -> tuple[tuple[Problem, str], ...]:
    problems: dict[int, tuple[Problem, str]] = {}
    for above, one in file.facts(TOP_USES):
        full = file.imported(one.name)
        if (full in _CALLS and one.called) or (full in _PROXIES and not one.called):
            problems.setdefault(above + one.line, (_of(file, above, one, full), full))
    return tuple(problems.values())


def _of(file: CheckedFile, above: int, one: TopUse, full: str) -> Problem:
    place, name = file.place(above + one.line, one.column), full.rpartition(".")[2]
    sentence = f"{name} is used before there is any request."
    why = f"Line {place.line}, {shortened(one.text)}, runs when {file.file} is imported: nobody asks then."
    users = _users(file, one.target)
    into = f"Move it into {users[0]}" if len(users) == 1 else "Move it into the functions that use it"
    if users:
        return _outside(sentence, why, place, fix(into, "into_functions", place, name=one.target))
    return _outside(sentence, why, place, fix("Take the line out", "remove_statement", place))


def _users(file: CheckedFile, name: str) -> list[str]:
    return [one.name for _, one in file.facts(FUNCTIONS_OF) if name and name in one.reads]


PROJECT_CHECKS = (used_too_early,)
