"""Which names of a Python file mean the same thing: what Python's rules of scope say, node by node.

Only one name is asked for at a time, and only the statements in whose text it occurs are looked at, so a file
of ten thousand routes takes no longer than what it says of the name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from playground.project.python.syntax import FUNCTIONS, View

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_CAPTURES = (ast.MatchAs, ast.MatchStar)


@dataclass(frozen=True)
class NameUse:
    """A node that says a name, and the scope (``create_app.inner``, "" for the module) in which it is bound.

    ``at`` is the scope in which the node stands; ``call`` the call whose function it is.
    """

    node: ast.AST
    scope: str
    at: str
    call: ast.Call | None = None


@dataclass(frozen=True)
class _Scope:
    """A function, class, lambda or comprehension: its path, and what it makes of the name."""

    path: str
    is_class: bool
    says: str  # "local", "global", "nonlocal" or "" where it does not bind the name


def uses_of(name: str, statements: Iterable[ast.stmt]) -> Iterator[NameUse]:
    """Every use of a name in top-level statements, where it is bound included."""
    finder = _Finder(name)
    for statement in statements:
        yield from finder.visit(statement, ())


class _Finder:
    def __init__(self, name: str) -> None:
        self._name = name

    def visit(
        self, node: ast.AST, around: tuple[_Scope, ...], call: ast.Call | None = None
    ) -> Iterator[NameUse]:
        if self._says(node):
            yield NameUse(node, self._bound_in(around), around[-1].path if around else "", call)
        if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            yield from self._definition(node, around)
        elif isinstance(node, _COMPREHENSIONS):
            yield from self._comprehension(node, around)
        elif not isinstance(node, ast.arg):  # its annotation is among the outer nodes
            for child in ast.iter_child_nodes(node):
                called = node if isinstance(node, ast.Call) and child is node.func else None
                yield from self.visit(child, around, called)

    def _definition(
        self, node: View | ast.Lambda | ast.ClassDef, around: tuple[_Scope, ...]
    ) -> Iterator[NameUse]:
        """Decorators, defaults, annotations and bases belong to the scope around; the body has its own."""
        body = list(inner_nodes(node))
        for child in outer_nodes(node):
            yield from self.visit(child, around)
        path = ".".join(filter(None, (around[-1].path if around else "", getattr(node, "name", "<lambda>"))))
        scope = _Scope(path, isinstance(node, ast.ClassDef), self._binding(node, body))
        for child in body:
            yield from self.visit(child, (*around, scope))

    def _comprehension(self, node: ast.AST, around: tuple[_Scope, ...]) -> Iterator[NameUse]:
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]  # all four have them
        first = generators[0].iter
        yield from self.visit(first, around)
        bound = any(self._stores(part.target) for part in generators)
        path = ".".join(filter(None, (around[-1].path if around else "", "<comprehension>")))
        inside = (*around, _Scope(path, is_class=False, says="local" if bound else ""))
        for child in ast.iter_child_nodes(node):
            parts = ast.iter_child_nodes(child) if isinstance(child, ast.comprehension) else [child]
            for part in parts:
                if part is not first:
                    yield from self.visit(part, inside)

    # ------------------------------------------------------------------------------------------

    def _says(self, node: ast.AST) -> bool:
        name = self._name
        if isinstance(node, ast.Name):
            return node.id == name
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.ExceptHandler, *_CAPTURES)):
            return node.name == name
        if isinstance(node, ast.alias):
            return (node.asname or node.name.partition(".")[0]) == name
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return name in node.names
        if isinstance(node, ast.MatchMapping):
            return node.rest == name
        return isinstance(node, ast.arg) and node.arg == name

    def _bound_in(self, around: Sequence[_Scope]) -> str:
        for at in range(len(around) - 1, -1, -1):
            scope = around[at]
            if scope.is_class and at != len(around) - 1:
                continue  # what a class binds is not seen from its functions
            if scope.says == "global":
                return ""
            if scope.says == "local":
                return scope.path
        return ""

    def _binding(self, node: ast.AST, body: Sequence[ast.AST]) -> str:
        """What a function or class makes of the name."""
        own = list(chain.from_iterable(map(own_nodes, body)))
        for kind, word in ((ast.Global, "global"), (ast.Nonlocal, "nonlocal")):
            if any(isinstance(one, kind) and self._name in one.names for one in own):
                return word
        return "local" if any(map(self._binds, own)) else ""

    def _binds(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id == self._name and not isinstance(node.ctx, ast.Load)
        return not isinstance(node, (ast.Global, ast.Nonlocal)) and self._says(node)

    def _stores(self, target: ast.AST) -> bool:
        return any(isinstance(one, ast.Name) and one.id == self._name for one in ast.walk(target))


def inner_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in the scope that a function, lambda or class makes: its parameters and its body."""
    if isinstance(node, (*FUNCTIONS, ast.Lambda)):
        given = node.args
        yield from (*given.posonlyargs, *given.args, *given.kwonlyargs)
        yield from filter(None, (given.vararg, given.kwarg))
    body = getattr(node, "body", [])
    yield from body if isinstance(body, list) else [body]


def outer_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What a definition says in the scope around it: decorators, defaults, annotations, bases."""
    inner = set(map(id, inner_nodes(node)))
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.arguments):
            yield from filter(None, (*child.defaults, *child.kw_defaults))
            named = (one for one in ast.iter_child_nodes(child) if isinstance(one, ast.arg))
            yield from (one.annotation for one in named if one.annotation is not None)
        elif id(child) not in inner:
            yield child


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, without what stands in the scope of an inner function, class or lambda.

    Of a comprehension only what ``:=`` binds is its surroundings' own.
    """
    yield node
    if isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
        for child in outer_nodes(node):
            yield from own_nodes(child)
    elif isinstance(node, _COMPREHENSIONS):
        yield from (one.target for one in ast.walk(node) if isinstance(one, ast.NamedExpr))
    elif not isinstance(node, ast.arg):
        for child in ast.iter_child_nodes(node):
            yield from own_nodes(child)
