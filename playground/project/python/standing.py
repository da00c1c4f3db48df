"""What a line of a file stands in, as far as that keeps Python from reaching it when the file is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from playground.core.problems import ProblemError
from playground.project.python.source import parse
from playground.project.python.syntax import FUNCTIONS, first_line

_CONDITIONS = (ast.If, ast.Try, ast.While, ast.For, ast.AsyncFor, ast.Match)


class Standing:
    """One file's statements, for questions about several of its lines."""

    def __init__(self, text: str, file: str) -> None:
        try:
            self._tree: ast.Module | None = parse(text, file)
        except ProblemError:  # nothing of it was reached: the problem says so, not we
            self._tree = None

    def keeps_out(self, line: int) -> str:
        """Why the statement that begins on a line was not reached; empty where nothing shows it."""
        around = list(_around(self._tree.body, line)) if self._tree is not None else []
        if any(_is_main_guard(node) for node in around):
            return (
                'It stands below if __name__ == "__main__", which only running the file as a script reaches.'
            )
        for node in around:
            if isinstance(node, _CONDITIONS):
                return f"It stands in a condition that was not met when the app started (line {node.lineno})."
        for node in around:
            if isinstance(node, FUNCTIONS):
                return f"It stands in the function {node.name}, which was not called when the app started."
        return ""


def _around(body: list[ast.stmt], line: int) -> Iterator[ast.stmt]:
    """The statements around the one that begins on a line, the outermost first."""
    for node in body:
        if first_line(node) < line <= (node.end_lineno or 0):
            yield node
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, (ast.ExceptHandler, ast.match_case)):
                    yield from _around(inner.body, line)
                elif isinstance(inner, ast.stmt):
                    yield from _around([inner], line)
            return


def _is_main_guard(node: ast.stmt) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, *test.comparators]
    is_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return is_name and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
