"""A parameter under another name: in the rules, the function, its callers and all that builds its address."""

from __future__ import annotations

import ast
import re
from itertools import chain

from playground.core.names import check_function_name
from playground.core.problems import refuse
from playground.core.proposals import Rename
from playground.project.editing import parameters as renaming
from playground.project.editing.drafts import names_in, read_rule
from playground.project.python.syntax import View, keywords, literal, rule_of
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.wide.endpoint_changes import EndpointChange, EndpointFollower
from playground.project.wide.name_changes import Binding, NameChange
from playground.project.wide.renamed_routes import call_of, routed
from playground.project.wide.wide_edits import WideEdit

_OF_URL_FOR = frozenset({"endpoint", "_anchor", "_external", "_method", "_scheme"})


def _with_parameter(rule: str, old: str, new: str) -> str:
    """A rule in which a parameter has another name."""
    return re.sub(rf"(<(?:[^<>]*:)?\s*){re.escape(old)}(\s*>)", rf"\g<1>{new}\g<2>", rule)


class ParameterRenamer:
    """Carries out the rename of a parameter on a ``WideEdit``."""

    def __init__(self, wide: WideEdit) -> None:
        self._wide, self._picture = wide, wide.picture

    def rename(self, wanted: Rename) -> None:
        """Note all that it replaces."""
        reading, local = routed(self._wide, wanted)
        old, new = wanted.old, wanted.new
        check_function_name(new)
        view = reading.view(local)
        if view is None:
            raise refuse(
                f"The parameters of {local.function} can't be renamed here.", local.why_not, field="rule"
            )
        assert wanted.route is not None
        if old in names_in(wanted.route.prefix):
            raise refuse(
                f"{old} comes from the prefix of {wanted.route.owner}, which all its routes share.",
                "Rename it in the code.",
                field="rule",
            )
        if old not in names_in(local.rule) and old not in local.parameters:
            raise refuse(
                f"{local.function} has no parameter called {old}.", "Look at its name again.", field="rule"
            )
        if new in _OF_URL_FOR:
            raise refuse(f"url_for keeps the name {new} for itself.", "Choose another name.", field="rule")
        mates = [one for one in reading.routes if (one.line, one.function) == (local.line, local.function)]
        for mate in mates:
            read_rule(_with_parameter(mate.rule, old, new), reading, wanted.route.prefix)
            self._rename_in_rule(reading, mate, old, new)
        for piece in renaming.renamed(reading.source, view, old, new) if old in local.parameters else ():
            self._wide.replace(reading.source, piece.start, piece.text, old)
        self._view_arguments(reading, view, old, new)
        binding = Binding(reading.file, local.scope, local.function)
        calls = NameChange(self._wide, local.function, local.function)
        calls.find(binding)
        for other, call in calls.calls:
            for keyword in call.keywords:
                if keyword.arg == old:
                    self._wide.replace(other.source, other.source.span(keyword)[0], new, old)
        lines = {one.line for one in mates if old in names_in(one.rule)}
        endpoints = {
            route.endpoint
            for route in self._picture.routes
            if route.file == reading.file and route.line in lines
        }
        EndpointFollower(
            self._wide, EndpointChange(arguments={one: {old: new} for one in endpoints})
        ).follow()

    def _rename_in_rule(self, reading: ModuleReading, local: LocalRoute, old: str, new: str) -> None:
        call = call_of(reading, local)
        node = rule_of(call)
        names = names_in(local.rule)
        if new in names and old in names:
            raise refuse(
                f"{local.rule} has a parameter called {new} already.", "Choose another name.", field="rule"
            )
        if node is not None and old in names:
            self._in_rule_literal(reading, node, old, new)
        defaults = keywords(call).get("defaults")
        for key in defaults.keys if isinstance(defaults, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value == old:
                self._wide.rename_literal(reading.source, key, new)

    def _in_rule_literal(self, reading: ModuleReading, node: ast.expr, old: str, new: str) -> None:
        start, end = reading.source.span(node)
        found = re.search(rf"<(?:[^<>]*:)?\s*({re.escape(old)})\s*>", reading.source.text[start:end])
        rule = literal(node)
        if found is None or rule is None:
            raise refuse(
                "The rule is worked out by Python when the app starts.",
                "Rename the parameter in its code.",
                field="rule",
            )
        means = ((rule, _with_parameter(rule, old, new)),)
        self._wide.replace(reading.source, start + found.start(1), new, old, means)

    def _view_arguments(self, reading: ModuleReading, view: View, old: str, new: str) -> None:
        """``request.view_args["old"]`` in the view itself."""
        for node in chain.from_iterable(map(ast.walk, view.body)):
            value = node.value if isinstance(node, ast.Subscript) else None
            key = node.slice if isinstance(node, ast.Subscript) else None
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "pop"}
            ):
                value, key = node.func.value, node.args[0] if node.args else None
            named = isinstance(value, ast.Attribute) and value.attr == "view_args"
            if named and isinstance(key, ast.Constant) and key.value == old:
                self._wide.rename_literal(reading.source, key, new)
