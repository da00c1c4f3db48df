"""Reading one Python file from its tree alone: nothing of it is run, no other file is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace

from playground.core.answers import Answer, AnswerKind
from playground.core.heap import heap
from playground.core.pieces import FAILURES, pieces
from playground.core.routes import METHODS
from playground.project.answer_reading import body_text, recognise
from playground.project.modules import (
    ClassFacts,
    LocalRoute,
    ModuleReading,
    Outline,
    OwnerDef,
    Registration,
    surroundings,
)
from playground.project.rereading import bound_by, reread
from playground.project.source import Source
from playground.project.syntax import (
    FUNCTIONS,
    View,
    arguments,
    blocks,
    dotted,
    first_line,
    grouped,
    keywords,
    literal,
    method_list,
    rule_of,
    stored,
    targets,
)

SHORTCUTS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""The methods that have a decorator of their own: ``@app.get``."""


def read_module(source: Source) -> ModuleReading:
    """Read one file. Raises ProblemError where it does not parse.

    The last readings of a few files are kept: what an edit leaves is read when it is checked, again when it
    is found on the disk, and once more when the next edit begins; and most of the next one is as it was.
    """
    known = _recent.get(source.file)
    if known is None or known.source.data != source.data:
        fresh = Source(source.file, source.data)
        again = reread(known, fresh, Reader) if known is not None else None
        known = again if again is not None else _read_afresh(fresh)
    _recent.pop(source.file, None)
    _recent[source.file] = known  # the last one to be forgotten; where reading fails the old one stays
    while len(_recent) > _MOST_RECENT:
        _recent.pop(next(iter(_recent)), None)
    return known


_LONG = 100_000
_MOST_RECENT = 6
_recent: dict[str, ModuleReading] = {}


def _read_afresh(source: Source) -> ModuleReading:
    """The tree of a long file is not looked through for garbage while it is there."""
    with heap.at_rest() if len(source.data) > _LONG else nullcontext():
        return _read_whole(source)


def _read_whole(source: Source) -> ModuleReading:
    groups = list(_groups(source))
    reader = Reader(ModuleReading(source.file, source), [node for nodes in groups for node in nodes])
    special = []
    for nodes in groups:
        reader.special = False
        reader.names(nodes, "")
        special.append(reader.special)
    routes = []
    for at, nodes in enumerate(groups):
        reader.special, before = special[at], len(reader.found.routes)
        reader.walk(nodes, "")
        special[at] = reader.special
        routes.append(len(reader.found.routes) - before)
    starts = [source.line_starts[first_line(nodes[0]) - 1] for nodes in groups]
    binds = [None if odd else bound_by(nodes) for nodes, odd in zip(groups, special, strict=True)]
    reader.found.outline = Outline([0, *starts[1:]], binds or [None], routes or [0])
    return reader.found


def _groups(source: Source) -> Iterator[list[ast.stmt]]:
    """The statements of the file, those that share a line together."""
    try:
        body = [node for piece in pieces(source.text, keep_lines=True) for node in piece.tree.body]
    except FAILURES:
        body = source.tree.body  # it raises what Python says of the whole
    yield from grouped(body)


def _inner(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _dots(*parts: str | None) -> str:
    return ".".join(filter(None, parts))


class Reader:
    """Goes through the statements twice: first for names, then for what they are used for.

    ``special`` is set by all that other statements may depend on in ways that their text does not show.
    """

    def __init__(self, found: ModuleReading, body: Sequence[ast.stmt] = ()) -> None:
        self.source = found.source
        self.found = found
        self.body = body
        self.special = False

    # Names

    def names(self, body: list[ast.stmt], scope: str) -> None:
        """Note every name that the statements bind, and whence the imported ones come."""
        bound = self.found.bound.setdefault(scope, set())
        for node in body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound.update(self._import(node, scope))
            elif isinstance(node, FUNCTIONS):
                bound.add(node.name)
                inside = _inner(scope, node.name)
                self.found.parameters[inside] = arguments(node)
                self.found.bound.setdefault(inside, set()).update(arguments(node))
                self.names(node.body, inside)
            elif isinstance(node, ast.ClassDef):
                bound.add(node.name)
                self.special = True
                functions = tuple(one.name for one in node.body if isinstance(one, FUNCTIONS))
                self.found.classes[node.name] = ClassFacts(tuple(map(dotted, node.bases)), functions)
            else:
                self._bound_by(node, scope)

    def _bound_by(self, node: ast.stmt, scope: str) -> None:
        bound = self.found.bound[scope]
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            bound.update(stored(node))
        for part in targets(node):
            bound.update(stored(part))
        bound.update(one.name for one in getattr(node, "handlers", ()) if one.name)
        for block in blocks(node):
            self.names(block, scope)
        if isinstance(node, ast.Assign) and scope == "" and isinstance(node.targets[0], ast.Name):
            value = node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                self.found.constants[node.targets[0].id] = value.value

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

    # Uses

    def walk(self, body: list[ast.stmt], scope: str) -> None:
        """Note owners, registrations and routes of the statements, functions inside functions included."""
        for node in body:
            if isinstance(node, FUNCTIONS):
                self._function(node, scope)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self._assignment(node, scope)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                self._call(node, node.value, scope)
            elif isinstance(node, ast.Return) and node.value is not None:
                self._return(node.value, scope)
            elif not isinstance(node, ast.ClassDef):
                self._block(node, scope)

    def _block(self, node: ast.stmt, scope: str) -> None:
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
            self._registration_loop(node, node.target.id, scope)
        for block in blocks(node):
            self.walk(block, scope)

    def _function(self, view: View, scope: str) -> None:
        calls = [
            one
            for one in view.decorator_list
            if isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr in ("route", *map(str.lower, SHORTCUTS))
            and dotted(one.func.value)
        ]
        self.special |= bool(calls and scope)
        if calls:
            routes = [self._route(view, call, scope) for call in calls]
            rules = [route.rule for route in routes]
            for at, route in enumerate(routes):
                siblings = tuple(rules[:at] + rules[at + 1 :])
                self.found.routes.append(replace(route, sibling_rules=siblings))
        self.walk(view.body, _inner(scope, view.name))

    def _route(self, view: View, call: ast.Call, scope: str) -> LocalRoute:
        assert isinstance(call.func, ast.Attribute)
        start = self.source.line_start(min(self.source.span(one)[0] for one in view.decorator_list))
        end = self.source.line_end(self.source.span(view)[1])
        given = keywords(call)
        rule_node = rule_of(call)
        rule = literal(rule_node)
        endpoint = literal(given.get("endpoint"))
        methods = self._methods(call.func.attr, given.get("methods"))
        return LocalRoute(
            scope=scope,
            owner=dotted(call.func.value),
            rule=self.source.segment(rule_node) if rule is None and rule_node is not None else rule or "",
            methods=methods or ("GET",),
            endpoint=endpoint if endpoint is not None else view.name,
            function=view.name,
            region=self.source.region(start, end),
            line=self.source.line_of(start),
            end_line=self.source.line_of(end),
            doc=ast.get_docstring(view) or "",
            answer=recognise(view, surroundings(self.found, view, scope)),
            why_not=_why_not(rule, methods, "endpoint" in given and endpoint is None),
            parameters=arguments(view),
            decorator=view.decorator_list.index(call),
        )

    def _methods(self, attribute: str, node: ast.expr | None) -> tuple[str, ...] | None:
        if attribute != "route":
            return (attribute.upper(),)
        return ("GET",) if node is None else method_list(node)

    def _assignment(self, node: ast.Assign | ast.AnnAssign, scope: str) -> None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        self._converter(target)
        if not isinstance(target, ast.Name) or not isinstance(node.value, ast.Call):
            return
        called = dotted(node.value.func)
        kind = self._kind(called, scope)
        if kind:
            self.special = True
            self.found.owners.append(self._owner(node.value, kind, target.id, scope))
        elif called:
            self.found.made_by[scope, target.id] = called

    def _kind(self, called: str, scope: str) -> str:
        full = self.found.imported(called, scope)
        if full in ("flask.Flask", "flask.app.Flask"):
            return "app"
        if full in ("flask.Blueprint", "flask.blueprints.Blueprint"):
            return "blueprint"
        made = self.found.classes.get(called)
        bases = made.bases if made else ()
        return next(filter(None, (self._kind(base, scope) for base in bases if base != called)), "")

    def _owner(self, call: ast.Call, kind: str, variable: str, scope: str) -> OwnerDef:
        given = keywords(call)
        name = self._constant(call.args[0] if call.args else given.get("name"))
        prefix = self._constant(given.get("url_prefix")) if kind == "blueprint" else None
        said = name if kind == "blueprint" and name else variable
        return OwnerDef(self.source.file, scope, variable, kind, said, prefix, call.lineno)

    def _constant(self, node: ast.expr | None) -> str | None:
        if isinstance(node, ast.Name):
            return self.found.constants.get(node.id)
        return literal(node)

    def _converter(self, target: ast.expr) -> None:
        if isinstance(target, ast.Subscript) and dotted(target.value).endswith("url_map.converters"):
            name = literal(target.slice)
            if name:
                self.special = True
                self.found.converters.add(name)

    def _call(self, node: ast.Expr, call: ast.Call, scope: str) -> None:
        parent, _, method = dotted(call.func).rpartition(".")
        if not parent:
            return
        if method == "register_blueprint" and call.args:
            self._registration(node, call, parent, dotted(call.args[0]), scope)
        elif method == "add_url_rule":
            self._url_rule(node, call, parent, scope)
        elif method == "run" and self._is_app(parent, scope):
            self.special = True
            self.found.run_calls.append(node.lineno)

    def _is_app(self, name: str, scope: str) -> bool:
        return self.found.owner_here(name, scope) is not None or (scope, name) in self.found.made_by

    def _registration(self, node: ast.stmt, call: ast.Call, parent: str, child: str, scope: str) -> None:
        given = keywords(call)
        prefix, name = self._constant(given.get("url_prefix")), self._constant(given.get("name"))
        if child:
            self.special = True
            self.found.registrations.append(Registration(scope, parent, child, prefix, name, node.lineno))

    def _registration_loop(self, node: ast.For, variable: str, scope: str) -> None:
        """``for bp in (a, b): app.register_blueprint(bp)``, with each blueprint in its turn."""
        items = node.iter.elts if isinstance(node.iter, (ast.Tuple, ast.List)) else []
        for one in node.body:
            call = one.value if isinstance(one, ast.Expr) else None
            if not isinstance(call, ast.Call) or not call.args or dotted(call.args[0]) != variable:
                continue
            parent, _, method = dotted(call.func).rpartition(".")
            if method == "register_blueprint":
                for item in items:
                    self._registration(node, call, parent, dotted(item), scope)

    def _return(self, value: ast.expr, scope: str) -> None:
        """A function that returns an app which it made is a factory."""
        if isinstance(value, ast.Name) and self.found.owner_here(value.id, scope):
            self.special = True
            self.found.factories[scope] = value.id

    def _url_rule(self, node: ast.Expr, call: ast.Call, owner: str, scope: str) -> None:
        self.special = True
        given = {**dict(zip(("rule", "endpoint", "view_func"), call.args, strict=False)), **keywords(call)}
        view_func = given.get("view_func")
        as_view = isinstance(view_func, ast.Call) and isinstance(view_func.func, ast.Attribute)
        named = literal(given.get("endpoint"))
        if isinstance(view_func, ast.Call) and as_view and view_func.args:
            function = dotted(view_func.func).rpartition(".")[0] or "as_view"
            named = named or literal(view_func.args[0])
        else:
            function = dotted(view_func) if view_func is not None else ""
        rule_node = given.get("rule")
        rule = literal(rule_node)
        span = self.source.span(node)
        start, end = self.source.line_start(span[0]), self.source.line_end(span[1])
        view = self._view_called(function)
        self.found.routes.append(
            LocalRoute(
                scope=scope,
                owner=owner,
                rule=self.source.segment(rule_node) if rule is None and rule_node is not None else rule or "",
                methods=self._url_rule_methods(given.get("methods"), function),
                endpoint=named or function.rpartition(".")[2],
                function=function,
                region=self.source.region(start, end),
                line=self.source.line_of(start),
                end_line=self.source.line_of(end),
                doc=(ast.get_docstring(view) or "") if view else "",
                answer=Answer(AnswerKind.PYTHON, body_text(view, self.source) if view else ""),
                why_not="This route is added with add_url_rule, so it can be changed in its code only.",
                parameters=arguments(view) if view else (),
            )
        )

    def _view_called(self, function: str) -> View | None:
        found = (one for one in self.body if isinstance(one, FUNCTIONS) and one.name == function)
        return next(found, None)

    def _url_rule_methods(self, node: ast.expr | None, function: str) -> tuple[str, ...]:
        written = method_list(node) if node is not None else None
        made = self.found.classes.get(function)
        if written is None and made is not None:
            defined = {name.upper() for name in made.functions}
            written = tuple(one for one in METHODS if one in defined)
        return written or ("GET",)


def _why_not(rule: str | None, methods: tuple[str, ...] | None, strange_endpoint: bool) -> str:
    if rule is not None and methods is not None and not strange_endpoint:
        return ""
    what = "rule is" if rule is None else "methods are" if methods is None else "endpoint is"
    return f"Its {what} worked out by Python when the app starts, so it can be changed in its code only."
