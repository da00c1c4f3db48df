"""Where a Python file says endpoints, blueprints and templates by name, in literals or at run time.

Which call means what is told by its name, as Flask and its users write it; nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from playground.project.python.syntax import FUNCTIONS, keywords, literal
from playground.project.reading.modules import ModuleReading

_RENDERERS = frozenset(
    """
    render_template stream_template get_template select_template get_or_select_template
    get_template_attribute
    """.split()  # noqa: SIM905  (a list of quoted words is hard to read)
)
_FIRST_WORD = ("template_name_or_list", "template_name", "name")
_BY_NAME = {"view_functions": "endpoint", "blueprints": "blueprint"}  # dictionaries of the app
_COMPARED = {"endpoint": "endpoint", "blueprint": "blueprint"}  # attributes of the request
_LOGIN_VIEWS = frozenset({"login_view", "refresh_view"})  # of Flask-Login: endpoints


@dataclass(frozen=True)
class Said:
    """A literal that names something: ``about`` is ``endpoint``, ``blueprint`` or ``template``.

    ``functions`` are those around it, the outermost first; ``call`` is the ``url_for`` that it stands in.
    """

    about: str
    node: ast.Constant
    functions: tuple[str, ...] = ()
    call: ast.Call | None = None

    @property
    def name(self) -> str:
        return str(self.node.value)


@dataclass(frozen=True)
class Unsure:
    """A name that is worked out while the program runs; ``call`` is where."""

    about: str
    call: ast.Call


def names_said(reading: ModuleReading, statements: Iterable[ast.stmt]) -> Iterator[Said | Unsure]:
    """All names that the statements of a file say; functions may be imported under other names."""
    finder = _Finder({local: full.rpartition(".")[2] for (_, local), full in reading.imports.items()})
    for statement in statements:
        yield from finder.within(statement, ())


class _Finder:
    """``known_as`` is what imported names are called where they come from."""

    def __init__(self, known_as: Mapping[str, str]) -> None:
        self._known_as = known_as

    def within(self, node: ast.AST, functions: tuple[str, ...]) -> Iterator[Said | Unsure]:
        """What a node says; ``functions`` are those around it."""
        if isinstance(node, ast.Call):
            yield from self._call(node, functions)
        elif isinstance(node, ast.Subscript):
            yield from _listed(_BY_NAME.get(self._last(node.value), ""), [node.slice], functions)
        elif isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            about = next((_COMPARED[_attribute(one)] for one in parts if _attribute(one) in _COMPARED), "")
            yield from _listed(about, parts, functions)
        elif isinstance(node, ast.Match):
            cases = (one for case in node.cases for one in ast.walk(case.pattern))
            found = [one for one in cases if isinstance(one, ast.Constant)]
            yield from _listed(_COMPARED.get(_attribute(node.subject), ""), found, functions)
        elif isinstance(node, ast.Assign) and any(_attribute(one) in _LOGIN_VIEWS for one in node.targets):
            yield from _listed("endpoint", [node.value], functions)
        inner = (*functions, node.name) if isinstance(node, FUNCTIONS) else functions
        body = set(map(id, node.body)) if isinstance(node, FUNCTIONS) else set()
        for child in ast.iter_child_nodes(node):
            yield from self.within(child, inner if id(child) in body else functions)

    def _call(self, call: ast.Call, functions: tuple[str, ...]) -> Iterator[Said | Unsure]:
        called = self._last(call.func)
        if called == "url_for":
            yield from _sure("endpoint", _first(call, ("endpoint",)), call, functions)
        elif called in _RENDERERS:
            yield from _sure("template", _first(call, _FIRST_WORD), call, functions)
        elif called in {"get", "pop"} and isinstance(call.func, ast.Attribute) and call.args:
            yield from _listed(_BY_NAME.get(self._last(call.func.value), ""), call.args[:1], functions)

    def _last(self, node: ast.AST) -> str:
        """The last name of ``flask.url_for``, whatever stands before it or instead of it."""
        if isinstance(node, ast.Name):
            return self._known_as.get(node.id, node.id)
        return _attribute(node)


def _attribute(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _first(call: ast.Call, words: tuple[str, ...]) -> ast.expr | None:
    """The first argument, by place or by name."""
    given = keywords(call)
    named = next((given[word] for word in words if word in given), None)
    return call.args[0] if call.args else named


def _sure(
    about: str, node: ast.expr | None, call: ast.Call, functions: tuple[str, ...]
) -> Iterator[Said | Unsure]:
    if node is None:
        return
    found = list(_chosen(node))
    if any(literal(one) is None for one in found):
        yield Unsure(about, call)
    for one in found:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield Said(about, one, functions, call)


def _chosen(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may come to: either side of a choice, each part of a list."""
    if isinstance(node, ast.IfExp):
        yield from _chosen(node.body)
        yield from _chosen(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from _chosen(one)
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for one in node.elts:
            yield from _chosen(one)
    else:
        yield node


def _listed(about: str, nodes: Iterable[ast.expr], functions: tuple[str, ...]) -> Iterator[Said]:
    for node in nodes if about else ():
        for one in _chosen(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield Said(about, one, functions)
