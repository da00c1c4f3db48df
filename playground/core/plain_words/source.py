"""The source of a view function, as far as the rules have to read it: with the lines of its own file."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

from playground.core.pieces import FAILURES, parse_quietly
from playground.core.plain_words.facts import Facts
from playground.core.problems import Place
from playground.core.routes import Route

Function = ast.FunctionDef | ast.AsyncFunctionDef


class View:
    """One view function as written; ``function`` is None where its source can't be read."""

    def __init__(self, route: Route | None) -> None:
        self.route = route
        self.text = textwrap.dedent(route.region.text) if route and route.region else ""
        self.lines = self.text.split("\n")
        self.indent = _indent(route.region.text) - _indent(self.text) if route and route.region else 0
        self._tree = _parsed(self.text)
        named = route.function if route is not None else ""
        functions = (node for node in ast.walk(self._tree) if isinstance(node, Function))
        self.function = next((node for node in functions if node.name == named), None)

    @classmethod
    def of(cls, facts: Facts) -> View:
        """The view that answered."""
        return cls(facts.route)

    def place(self, node: ast.AST | None = None) -> Place | None:
        """Where a node of the function stands in its file; the function itself without one."""
        if self.route is None or self.function is None:
            return None
        return Place(self.route.file, self.route.line + getattr(node or self.function, "lineno", 1) - 1)

    def segment(self, node: ast.AST) -> str:
        """A node as it is written; empty where it is not one line, as only such are replaced."""
        written = ast.get_source_segment(self.text, node) or ""
        return written if "\n" not in written else ""

    def nodes(self) -> Iterator[ast.AST]:
        """All nodes of the body, without those of functions inside."""
        waiting: list[ast.AST] = list(self.function.body) if self.function is not None else []
        while waiting:
            node = waiting.pop(0)
            yield node
            if not isinstance(node, (*Function.__args__, ast.ClassDef, ast.Lambda)):
                waiting[:0] = ast.iter_child_nodes(node)

    def returns(self) -> list[ast.Return]:
        """The return statements, from top to bottom."""
        return [node for node in self.nodes() if isinstance(node, ast.Return)]

    def reads(self) -> set[str]:
        """The parts of ``request`` that it names: ``form``, ``args``, ``json``, ``get_json`` and others."""
        return set(re.findall(r"\brequest\.(\w+)", self.text))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _parsed(text: str) -> ast.Module:
    try:
        return parse_quietly(text)
    except FAILURES:
        return ast.Module([], [])


def line_of(facts: Facts, place: Place | None) -> str:
    """A line of a file as it is now; empty where there is none."""
    if place is None or place.line is None:
        return ""
    lines = facts.text(place.file).splitlines()
    return lines[place.line - 1] if 0 < place.line <= len(lines) else ""
