"""The first look at a file's statements: the names that they bind, and what is said of them at once.

Classes, constants and other names of the same thing are noted here, because statements further up may
already use them inside of functions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from playground.project.python.syntax import (
    FUNCTIONS,
    View,
    arguments,
    blocks,
    dotted,
    keywords,
    literal,
    stored,
    targets,
)
from playground.project.python.values import Named, Value, value_of
from playground.project.reading.modules import ClassFacts, ModuleReading

_ROWS = (ast.Tuple, ast.List)


def inner(scope: str, name: str) -> str:
    """The scope of what is called so in a scope."""
    return f"{scope}.{name}" if scope else name


def _dots(*parts: str | None) -> str:
    return ".".join(filter(None, parts))


class Naming:
    """Notes names in a reading.

    ``special`` is set by all that other statements may depend on in ways that their text does not show.
    """

    def __init__(self, found: ModuleReading, body: Sequence[ast.stmt] = ()) -> None:
        self.source = found.source
        self.found = found
        self.body = body
        self.special = False
        self._functions: dict[str, View] | None = None

    def function(self, name: str) -> View | None:
        """The first function of this name at the top of the file."""
        if self._functions is None:
            named = (one for one in reversed(self.body) if isinstance(one, FUNCTIONS))
            self._functions = {one.name: one for one in named}
        return self._functions.get(name)

    def names(self, body: list[ast.stmt], scope: str) -> None:
        """Note every name that the statements bind, and whence the imported ones come."""
        bound = self.found.bound.setdefault(scope, set())
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound.update(self._import(node, scope))
            elif isinstance(node, FUNCTIONS):
                bound.add(node.name)
                self._parameters(node, scope)
                self.names(node.body, inner(scope, node.name))
            elif isinstance(node, ast.ClassDef):
                bound.add(node.name)
                self._class(node, scope)
            else:
                self._bound_by(node, scope)

    def _parameters(self, node: View, scope: str) -> None:
        inside = inner(scope, node.name)
        self.found.parameters[inside] = arguments(node)
        self.found.bound.setdefault(inside, set()).update(arguments(node))
        for one in node.decorator_list:  # @app.endpoint("name")
            named = isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.args
            if named and isinstance(one, ast.Call) and dotted(one.func).endswith(".endpoint"):
                self.special = True
                self.found.endpoints[literal(one.args[0]) or ""] = node.name

    def _class(self, node: ast.ClassDef, scope: str) -> None:
        self.special = True
        inside = inner(scope, node.name)
        self.names(node.body, inside)
        functions = tuple(one.name for one in node.body if isinstance(one, FUNCTIONS))
        methods = self.found.constants.get((inside, "methods"))
        self.found.classes[node.name] = ClassFacts(tuple(map(dotted, node.bases)), functions, methods)

    def _bound_by(self, node: ast.stmt, scope: str) -> None:
        bound = self.found.bound[scope]
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            bound.update(stored(node))
            self._constant(node, scope)
        for part in targets(node):
            bound.update(stored(part))
        for walrus in (getattr(node, "test", None), getattr(node, "value", None)):
            if isinstance(walrus, ast.NamedExpr):
                bound.add(walrus.target.id)
        bound.update(one.name for one in getattr(node, "handlers", ()) if one.name)
        for block in blocks(node):
            self.names(block, scope)

    def _constant(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: str) -> None:
        """What a name stands for, as long as it is assigned to once."""
        if isinstance(node, ast.AugAssign):
            self._keep(dotted(node.target), None, scope)
            return
        first, *others = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target, value in paired(first, node.value):
            self._keep(_name_of(target), value_of(value, {}), scope)
        for other in others:
            self._keep(dotted(other), Named(dotted(first)) if dotted(first) else None, scope)

    def _keep(self, name: str, value: Value, scope: str) -> None:
        key, known = (scope, name), self.found.constants
        if key in known:
            known[key] = None
        elif name and value is not None and value != Named(name):
            known[key] = value
        if isinstance(value, Named) and name and value != Named(name):
            self.found.aliases[key] = value.name

    def _import(self, node: ast.Import | ast.ImportFrom, scope: str) -> Iterator[str]:
        for one in node.names:
            if isinstance(node, ast.Import):
                local = one.asname or one.name.partition(".")[0]
                target = one.name if one.asname else local
            else:
                local, target = one.asname or one.name, _dots(self._package(node), one.name)
                if one.name == "*":
                    self.special = True
                    self.found.imports["", target] = target
                    continue
            self.found.imports[scope, local] = target
            yield local

    def _package(self, node: ast.ImportFrom) -> str:
        """The absolute name of the module that a from-import names, as seen from the project's folder."""
        if not node.level:
            return node.module or ""
        parts = self.source.file.split("/")[: -node.level]
        return _dots(*parts, node.module)


def paired(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What is assigned to what: item by item where both sides are written out."""
    if isinstance(target, _ROWS) and isinstance(value, _ROWS) and len(target.elts) == len(value.elts):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def _name_of(target: ast.expr) -> str:
    if isinstance(target, ast.Subscript):
        name, key = dotted(target.value), literal(target.slice)
        return f"{name}[{key}]" if name and key else ""
    return dotted(target)


def given_name(call: ast.Call, names: dict[str, Value]) -> Value:
    """The name that ``as_view`` and its like are given."""
    return value_of(call.args[0] if call.args else keywords(call).get("name"), names)
