"""The second look at a file's statements: what apps, blueprints and routes they make.

Everything is noted as written; what it means where names lead to other files is worked out in ``reading``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from playground.project.python.syntax import (
    FUNCTIONS,
    View,
    arguments,
    blocks,
    dotted,
    first_line,
    keywords,
    literal,
    method_list,
    rule_of,
)
from playground.project.python.values import Named, Value, items_of, settled
from playground.project.reading.answer_reading import recognise
from playground.project.reading.making import Making
from playground.project.reading.modules import (
    Call,
    LocalRoute,
    Loose,
    ModuleReading,
    Registration,
    scopes,
    surroundings,
)
from playground.project.reading.naming import inner, paired
from playground.project.reading.url_rules import Written, url_rule, view_of

SHORTCUTS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""The methods that have a decorator of their own: ``@app.get``."""

_MOST_TURNS = 2000
"""So many turns of loops are followed in one file."""

_ROUTING = ("route", *map(str.lower, SHORTCUTS))
_ADDING = frozenset({*_ROUTING, "add_url_rule", "add_resource", "register_blueprint", "add_namespace", "add"})
_GUARDED = (
    'It is there only when the file itself is run (if __name__ == "__main__"), not under flask run, '
    "so it can be changed in its code only."
)
_LOOPED = "It is made in a loop, once for each turn, so it can be changed in its code only."
_IN_CLASS = "It is made inside a class, so it can be changed in its code only."
_ODD_DECORATOR = "Its decorator is not written in the usual way, so it can be changed in its code only."
_WORKED_OUT = "Its {} worked out by Python when the app starts, so it can be changed in its code only."


class Reader(Making):
    """Goes through the statements twice: first for names, then for what they are used for."""

    def __init__(self, found: ModuleReading, body: Sequence[ast.stmt] = ()) -> None:
        super().__init__(found, body)
        self.turns = _MOST_TURNS  # that may still be taken
        self.why_not = ""  # of all that stands in the block
        self.test: ast.expr | None = None  # the condition under which the block is run

    def walk(self, body: list[ast.stmt], scope: str) -> None:
        """Note owners, registrations and routes of the statements, functions inside functions included."""
        for node in body:
            if isinstance(node, FUNCTIONS):
                self._function(node, scope)
            elif isinstance(node, ast.ClassDef):
                self._class_body(node, scope)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                self._assignment(node, scope)
            elif isinstance(node, ast.Expr):
                self._expression(node, node.value, scope)
            elif isinstance(node, ast.Return) and node.value is not None:
                self.note_returned(node.value, scope)
            else:
                self._block(node, scope)

    # Blocks

    def _block(self, node: ast.stmt, scope: str) -> None:
        test = getattr(node, "test", None)
        if isinstance(test, ast.NamedExpr):
            self.note_made(test.target, test.value, scope)
        if isinstance(node, ast.For) and self._turns(node.target, node.iter, scope, node):
            return
        parts = list(blocks(node))
        if isinstance(node, ast.If):
            self._within(parts[0], scope, _GUARDED if _is_main_guard(node.test) else "", node.test)
            parts = parts[1:]
        for block in parts:
            self.walk(block, scope)

    def _within(self, body: list[ast.stmt], scope: str, why_not: str, test: ast.expr | None = None) -> None:
        before = self.why_not, self.test
        self.why_not, self.test = self.why_not or why_not, test or self.test
        self.walk(body, scope)
        self.why_not, self.test = before

    @property
    def note(self) -> str:
        """The condition under which a route is there, in words."""
        if self.test is None:
            return ""
        said = self.source.segment(self.test)
        return f"Only if {said}." if len(said) < 100 and "\n" not in said else "Only under a condition."

    def _turns(self, target: ast.expr, items: ast.expr, scope: str, node: ast.For) -> bool:
        """A loop over what is written down, turn by turn; False where it is as any other block."""
        if not any(isinstance(one, ast.Attribute) and one.attr in _ADDING for one in ast.walk(node)):
            return False
        met = items_of(settled(self.value(items), self.known_in(scope)))
        if not met:
            return False
        self._each(target, met, lambda: self._within(node.body, scope, _LOOPED))
        return True

    def _each(self, target: ast.expr, met: Sequence[Value], walk: Callable[[], None]) -> None:
        self.special = True
        before = self.loop
        for item in met:
            if not self.turns:
                break
            self.turns -= 1
            self.loop = {**before, **_bound_to(target, item)}
            walk()
        self.loop = before

    def _class_body(self, node: ast.ClassDef, scope: str) -> None:
        self.special = True
        for call in node.decorator_list:
            called = call.func if isinstance(call, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("route", "resource"):
                assert isinstance(call, ast.Call)
                self._resource(node, call, node.name, call.args, scope)
        self._within(node.body, inner(scope, node.name), _IN_CLASS)

    # Decorated functions

    def _function(self, view: View, scope: str) -> None:
        calls = [one for one in view.decorator_list if self._is_route(one, scope)]
        self.special |= bool(calls and (scope or self.why_not))
        routes = [self._route(view, call, scope) for call in calls if isinstance(call, ast.Call)]
        rules = [route.rule for route in routes]
        for at, route in enumerate(routes):
            siblings = tuple(rules[:at] + rules[at + 1 :])
            self.found.routes.append(replace(route, sibling_rules=siblings) if siblings else route)
        before, self.why_not = self.why_not, "" if self.why_not == _LOOPED else self.why_not
        self.walk(view.body, inner(scope, view.name))
        self.why_not = before

    def _is_route(self, node: ast.expr, scope: str) -> bool:
        if not isinstance(node, ast.Call):
            return False
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in _ROUTING and bool(dotted(node.func.value))
        return bool(self._alias(node, scope))

    def _alias(self, call: ast.Call, scope: str) -> str:
        """``app.route`` where ``route = app.route`` is what the decorator calls."""
        name = call.func.id if isinstance(call.func, ast.Name) and self.found.aliases else ""
        for one in scopes(scope) if name else ():
            full = self.found.aliases.get((one, name), "")
            if full:
                self.special = True
                return full if full.rpartition(".")[2] in _ROUTING and "." in full else ""
        return ""

    def _route(self, view: View, call: ast.Call, scope: str) -> LocalRoute:
        owner, _, attribute = (self._alias(call, scope) or dotted(call.func)).rpartition(".")
        start = self.source.line_starts[first_line(view) - 1]
        end = self.source.line_end(self.source.span(view)[1])
        given = keywords(call)
        rule_node = rule_of(call)
        rule = literal(rule_node)
        endpoint = literal(given.get("endpoint"))
        methods = _methods(attribute, given.get("methods"))
        odd = "" if isinstance(call.func, ast.Attribute) else _ODD_DECORATOR
        why_not = _why_not(rule, methods, "endpoint" in given and endpoint is None)
        return LocalRoute(
            scope=scope,
            owner=owner,
            rule=self.source.segment(rule_node) if rule is None and rule_node is not None else rule or "",
            methods=methods or ("GET",),
            endpoint=endpoint if endpoint is not None else view.name,
            function=view.name,
            region=self.source.region(start, end),
            line=self.source.line_of(start),
            end_line=self.source.line_of(end),
            doc=ast.get_docstring(view) or "",
            answer=recognise(view, surroundings(self.found, view, scope)),
            why_not=self.why_not or odd or why_not,
            parameters=arguments(view),
            decorator=view.decorator_list.index(call),
            loose=self._loose(rule_node, given, rule, methods, endpoint),
            note=self._note(given),
        )

    def _loose(
        self,
        rule_node: ast.expr | None,
        given: Any,
        rule: str | None,
        methods: tuple[str, ...] | None,
        endpoint: str | None,
    ) -> Loose | None:
        """What of a decorated route is no literal."""
        loose = Loose(
            self.value(rule_node) if rule is None else None,
            self.value(given.get("endpoint")) if endpoint is None else None,
            self.value(given.get("methods")) if methods is None else None,
        )
        return loose if loose != Loose() else None

    def _note(self, given: Any) -> str:
        """Under what condition a route is there."""
        places = [
            f"Only on the {name} {literal(given[name]) or ast.unparse(given[name])}."
            for name in ("subdomain", "host")
            if name in given
        ]
        return " ".join(filter(None, (*places, self.note)))

    # Assignments and calls

    def _assignment(self, node: ast.Assign | ast.AnnAssign, scope: str) -> None:
        first = node.targets[0] if isinstance(node, ast.Assign) else node.target
        for target, value in paired(first, node.value):
            self.note_converter(target)
            if value is not None:
                self.note_made(target, value, scope)
        if isinstance(node.value, ast.Call):
            self._call(node, node.value, scope)

    def _expression(self, node: ast.Expr, value: ast.expr, scope: str) -> None:
        if isinstance(value, ast.Call):
            self._call(node, value, scope)
        elif isinstance(value, ast.NamedExpr):
            self.note_made(value.target, value.value, scope)
        elif isinstance(value, (ast.ListComp, ast.SetComp)) and isinstance(value.elt, ast.Call):
            call, loop = value.elt, value.generators[0]
            met = items_of(settled(self.value(loop.iter), self.known_in(scope)))
            self._each(loop.target, met or (), lambda: self._call(node, call, scope))

    def _call(self, node: ast.stmt, call: ast.Call, scope: str) -> None:
        parent, _, method = dotted(call.func).rpartition(".")
        given = keywords(call)
        if isinstance(call.func, ast.Call):
            self._called_decorator(node, call, call.func, scope)
        elif method == "register_blueprint" and parent:
            child = self.value(call.args[0] if call.args else given.get("blueprint"))
            self._registration(call, self.loop.get(parent, Named(parent)), child, scope, "url_prefix")
        elif method in ("init_app", "add_namespace") and parent and call.args:
            self._registered_extension(call, self.loop.get(parent, Named(parent)), method, scope)
        elif method == "add_url_rule" and parent:
            self._added(url_rule(self._written(node, scope), call, parent))
        elif method == "add_resource" and parent and call.args:
            self._resource(node, call, dotted(call.args[0]), call.args[1:], scope)
        elif method == "add" and parent.endswith(".url_map") and call.args:
            rule = call.args[0]
            if isinstance(rule, ast.Call) and dotted(rule.func).rpartition(".")[2] == "Rule":
                self._added(url_rule(self._written(node, scope), rule, parent.removesuffix(".url_map")))
        elif method == "run" and parent and self._is_app(parent, scope):
            self.special = True
            self.found.run_calls.append(node.lineno)
        self._argument_names(call, scope)

    def _argument_names(self, call: ast.Call, scope: str) -> None:
        """Keep a call that hands on names: an app, perhaps."""
        name = dotted(call.func)
        if name and (call.args or call.keywords):
            given = tuple(map(self.value, call.args))
            by_name = tuple((one, self.value(node)) for one, node in keywords(call).items())
            if any(isinstance(one, Named) for one in (*given, *(value for _, value in by_name))):
                self.found.calls.setdefault(scope, []).append(Call(scope, name, given, by_name))

    def _is_app(self, name: str, scope: str) -> bool:
        return self.found.owner_here(name, scope) is not None or (scope, name) in self.found.made_by

    def _registration(self, call: ast.Call, parent: Value, child: Value, scope: str, prefix: str) -> None:
        given = keywords(call)
        if isinstance(child, Named) and isinstance(parent, Named):
            self.special = True
            at, name = self.value(given.get(prefix)), self.value(given.get("name"))
            found = Registration(scope, parent.name, child.name, at, name, call.lineno)
            self.found.registrations.append(found)

    def _registered_extension(self, call: ast.Call, parent: Value, method: str, scope: str) -> None:
        other = self.value(call.args[0])
        if method == "init_app":
            self._registration(call, other, parent, scope, "prefix")
        else:
            self._registration(call, parent, other, scope, "path")

    # Routes that are no decorated functions

    def _written(self, node: ast.stmt, scope: str) -> Written:
        return Written(self, node, scope)

    def _added(self, route: LocalRoute) -> None:
        self.special = True
        self.found.routes.append(route)

    def _called_decorator(self, node: ast.stmt, call: ast.Call, made: ast.Call, scope: str) -> None:
        """``app.route("/")(view)``."""
        if not call.args or not isinstance(made.func, ast.Attribute) or not self._is_route(made, scope):
            return
        written = self._written(node, scope)
        methods = _methods(made.func.attr, keywords(made).get("methods"))
        route = url_rule(written, made, dotted(made.func.value), call.args[0])
        explicit = made.func.attr != "route"
        self._added(replace(route, methods=methods or ("GET",)) if explicit else route)

    def _resource(
        self, node: ast.stmt, call: ast.Call, name: str, rules: Sequence[ast.expr], scope: str
    ) -> None:
        """Rules that lead to a class of an extension."""
        owner = dotted(call.func).rpartition(".")[0]
        if not name or not owner:
            return
        written = self._written(node, scope)
        for rule in rules:
            if not isinstance(rule, ast.Starred):
                self._added(written.route(owner, rule, view_of(ast.Name(name)), keywords(call), "resource"))


def _is_main_guard(test: ast.expr) -> bool:
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    return {"__name__", "__main__"} <= {dotted(one) or literal(one) for one in sides}


def _bound_to(target: ast.expr, item: Value) -> dict[str, Value]:
    """The names that one turn of a loop binds."""
    if isinstance(target, (ast.Tuple, ast.List)):
        items = (
            item if isinstance(item, tuple) and len(item) == len(target.elts) else (None,) * len(target.elts)
        )
        found: dict[str, Value] = {}
        for one, part in zip(target.elts, items, strict=True):
            found.update(_bound_to(one, part))
        return found
    return {dotted(target): item} if dotted(target) else {}


def _methods(attribute: str, node: ast.expr | None) -> tuple[str, ...] | None:
    if attribute != "route":
        return (attribute.upper(),)
    return ("GET",) if node is None else method_list(node)


def _why_not(rule: str | None, methods: tuple[str, ...] | None, strange_endpoint: bool) -> str:
    if rule is not None and methods is not None and not strange_endpoint:
        return ""
    what = "rule is" if rule is None else "methods are" if methods is None else "endpoint is"
    return _WORKED_OUT.format(what)
