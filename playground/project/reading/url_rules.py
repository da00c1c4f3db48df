"""Routes that are added by calls: ``add_url_rule``, and what extensions do in its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from playground.core.answers import Answer, AnswerKind
from playground.project.python.source import Source
from playground.project.python.syntax import (
    View,
    arguments,
    dotted,
    first_line,
    keywords,
    literal,
    method_list,
)
from playground.project.python.values import Named, Value
from playground.project.reading.answer_reading import body_text
from playground.project.reading.extensions import default_endpoint, why_resource
from playground.project.reading.modules import LocalRoute, Loose, ModuleReading

_MORE = re.compile(r"[ \t]*;[ \t]*[^\s#]")

WHY_NOT = "This route is added with add_url_rule, so it can be changed in its code only."


class Around(Protocol):
    """What is known where a call stands."""

    source: Source
    found: ModuleReading
    loop: dict[str, Value]
    why_not: str

    @property
    def note(self) -> str:
        """The condition under which it is run."""

    def function(self, name: str) -> View | None:
        """The function of this name at the top of the file."""

    def value(self, node: ast.expr | None) -> Value:
        """What an expression says."""


@dataclass(frozen=True)
class GivenView:
    """A view as a call is given it: its name as written, the expression, and what makes a view of a class."""

    name: str
    node: ast.expr | None = None
    as_view: ast.Call | None = None


def class_of_view(node: ast.expr | None) -> ast.Call | None:
    """The call of ``Class.as_view("name")``, decorators that are called around it taken off."""
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
            return node if dotted(node.func) else None
        node = node.args[0] if node.args else None
    return None


def view_of(node: ast.expr | None) -> GivenView:
    """What a view function is: a name, a lambda, a class, or one of these with calls around it."""
    made = class_of_view(node)
    if made is not None:
        return GivenView(dotted(made.func).rpartition(".")[0], node, made)
    if isinstance(node, ast.Lambda):
        return GivenView("<lambda>", node)
    inside = node
    while isinstance(inside, ast.Call):
        around, inside = inside, inside.args[0] if inside.args else None
        if not dotted(inside or around):
            return GivenView(dotted(around.func), node)
    return GivenView(dotted(inside) if inside is not None else "", node)


@dataclass(frozen=True)
class Written:
    """A statement that adds routes, and where it stands."""

    around: Around
    node: ast.stmt
    scope: str

    def route(
        self, owner: str, rule: ast.expr | None, view: GivenView, given: Mapping[str, ast.expr], kind: str
    ) -> LocalRoute:
        """One rule of a view; ``given`` are the arguments by their names."""
        source, around = self.around.source, self.around
        met = around.loop.get(view.name)
        view = replace(view, name=met.name) if isinstance(met, Named) else view
        start, end = self._place()
        text, function = literal(rule), around.function(view.name)
        written = given.get("methods")
        return LocalRoute(
            scope=self.scope,
            owner=owner,
            rule=source.segment(rule) if text is None and rule is not None else text or "",
            methods=(method_list(written) if written is not None else None) or ("GET",),
            endpoint=self._endpoint(view, given, kind),
            function=view.name,
            region=source.region(start, end),
            line=source.line_of(start),
            end_line=source.line_of(end),
            doc=(ast.get_docstring(function) or "") if function else "",
            answer=Answer(AnswerKind.PYTHON, self._code(function, view)),
            why_not=around.why_not or (why_resource("") if kind == "resource" else WHY_NOT),
            parameters=arguments(function) if function else (),
            loose=Loose(
                around.value(rule) if text is None else None,
                self._said_endpoint(view, given),
                around.value(written),
                view.name,
                kind,
            ),
            note=around.note,
        )

    def _place(self) -> tuple[int, int]:
        """From where to where the statement's lines go; without what else stands on a line of several."""
        source = self.around.source
        begin, stop = source.span(self.node)
        start = min(source.line_start(begin), source.line_starts[first_line(self.node) - 1])
        if _MORE.match(source.text, stop) or source.text[start:begin].rstrip().endswith(";"):
            return begin, stop
        return start, source.line_end(stop)

    def _code(self, function: View | None, view: GivenView) -> str:
        if isinstance(view.node, ast.Lambda):
            return f"return {self.around.source.segment(view.node.body)}"
        return body_text(function, self.around.source) if function else ""

    def _said_endpoint(self, view: GivenView, given: Mapping[str, ast.expr]) -> Value:
        if "endpoint" in given and not _is_none(given["endpoint"]):
            return self.around.value(given["endpoint"])
        if view.as_view is not None:
            call = view.as_view
            return self.around.value(call.args[0] if call.args else keywords(call).get("name"))
        return None

    def _endpoint(self, view: GivenView, given: Mapping[str, ast.expr], kind: str) -> str:
        said = self._said_endpoint(view, given)
        if isinstance(said, str):
            return said
        name = view.name.rpartition(".")[2]
        return default_endpoint("restful", name) if kind == "resource" else name


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def url_rule(written: Written, call: ast.Call, owner: str, view: ast.expr | None = None) -> LocalRoute:
    """The route of ``add_url_rule(rule, endpoint, view_func, ...)``; ``view`` where it stands apart."""
    given = {**dict(zip(("rule", "endpoint", "view_func"), call.args, strict=False)), **keywords(call)}
    function = view if view is not None else given.get("view_func")
    if function is None or _is_none(function):
        named = literal(given.get("endpoint")) or ""
        name = written.around.found.endpoints.get(named, "")
        return written.route(owner, given.get("rule"), GivenView(name), given, "view" if name else "")
    seen = view_of(function)
    return written.route(owner, given.get("rule"), seen, given, "class" if seen.as_view else "view")
