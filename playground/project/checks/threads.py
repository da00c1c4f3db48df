"""``app.run`` with its debugger or reloader in a thread: both want the main thread."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.core.problems import Problem
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.saying import fix, found
from playground.project.checks.walking import all_functions, every_node
from playground.project.python.syntax import dotted, keywords


@dataclass(frozen=True)
class Threaded:
    """``Thread(target=...)``: the name of the target, or what a lambda calls with ``debug=True``.

    The place is that of the value ``True`` in ``debug=True``; line 0 where it is not seen here.
    """

    thread: str
    target: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class DebugRun:
    """A function that calls ``run`` with ``debug=True`` and leaves the reloader on."""

    function: str
    name: str
    line: int
    column: int


def _threaded(body: list[ast.stmt]) -> tuple[Threaded, ...]:
    return tuple(
        _thread(node)
        for top in body
        for node in every_node(top)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Thread"
    )


def _thread(call: ast.Call) -> Threaded:
    given, name = keywords(call), dotted(call.func)
    target, extra = given.get("target"), given.get("kwargs")
    if isinstance(target, ast.Lambda) and isinstance(target.body, ast.Call):
        on = _debugging(keywords(target.body))
        return Threaded(name, dotted(target.body.func), *_at(on))
    written: Mapping[Any, ast.expr] = {}
    if isinstance(extra, ast.Dict):
        pairs = zip(extra.keys, extra.values, strict=True)
        written = {key.value: value for key, value in pairs if isinstance(key, ast.Constant)}
    elif isinstance(extra, ast.Call) and dotted(extra.func) == "dict":
        written = keywords(extra)
    return Threaded(name, dotted(target) if target is not None else "", *_at(_debugging(written)))


def _debugging(given: Mapping[Any, ast.expr]) -> ast.expr | None:
    """The ``True`` of ``debug=True``, unless the reloader is switched off."""
    value = given.get("use_reloader", given.get("debug"))
    return value if isinstance(value, ast.Constant) and value.value is True else None


def _at(node: ast.expr | None) -> tuple[int, int]:
    return (node.lineno, node.col_offset) if node is not None else (0, 0)


THREADED = Extractor("threads", _threaded, ("Thread",))


def _debug_runs(body: list[ast.stmt]) -> tuple[DebugRun, ...]:
    return tuple(
        DebugRun(view.name, dotted(node.func), *_at(on))
        for view, scope, _ in all_functions(body)
        if not scope
        for node in every_node(view)
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".run")
        if (on := _debugging(keywords(node))) is not None
    )


DEBUG_RUNS = Extractor("debug runs", _debug_runs, ("debug", "use_reloader"))


def run_in_a_thread(project: CheckedProject) -> tuple[Problem, ...]:
    """``app.run(debug=True)`` as what a thread does."""
    return tuple(
        _of(file, line, column)
        for file in project.files.values()
        for name, line, column in file.kept(_threads)
        if any(one.kind == "app" for one in project.owners_of(file, name))
    )


def _threads(file: CheckedFile) -> tuple[tuple[str, int, int], ...]:
    threads = list(file.facts(THREADED))
    if not threads:
        return ()
    runs = {one.function: (above, one) for above, one in file.facts(DEBUG_RUNS)}
    pairs = []
    for above, thread in threads:
        if file.imported(thread.thread) != "threading.Thread":
            continue
        owner, _, method = thread.target.rpartition(".")
        if method == "run" and owner and thread.line:
            pairs.append((owner, above + thread.line, thread.column))
        elif thread.target in runs:
            over, one = runs[thread.target]
            pairs.append((one.name.rpartition(".")[0], over + one.line, one.column))
    return tuple(pairs)


def _of(file: CheckedFile, line: int, column: int) -> Problem:
    place = file.place(line, column)
    sentence = "debug=True starts a reloader, which works only in the main thread."
    why = f"Line {line} runs the app in a thread, where Python refuses the reloader's signals."
    off = fix("Switch debug off in the thread", "expression", place, new="False")
    return found("in-a-thread", sentence, why, place, off)


PROJECT_CHECKS = (run_in_a_thread,)
