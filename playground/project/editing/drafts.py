"""Drafts of routes checked against the file that they are to go into, before anything is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable
from itertools import chain
from typing import Protocol

from playground.core import converters
from playground.core.names import check_function_name
from playground.core.problems import Place, ProblemError, refuse
from playground.core.routes import METHODS
from playground.core.rules import Param, Rule, RuleError
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.reading.whole import owner_of

_PARAM = re.compile(r"<(?:[^<>]*:)?\s*([^\W\d]\w*)\s*>")


class Ruled(Protocol):
    """Anything that has a rule, methods and a function: a Route or a LocalRoute."""

    @property
    def rule(self) -> str: ...
    @property
    def methods(self) -> tuple[str, ...]: ...
    @property
    def function(self) -> str: ...


def read_rule(text: str, reading: ModuleReading, prefix: str) -> Rule:
    """The rule of a draft; converters that the file knows are let pass. Raises ProblemError (``rule``)."""
    try:
        return Rule.parse(text, blueprint_prefix=prefix, custom=custom_converters(reading))
    except RuleError as error:
        raise ProblemError(error.problem) from error


def custom_converters(reading: ModuleReading) -> frozenset[str]:
    """Converters that the app has registered itself, as far as this file shows: by name or by use."""
    used = (converters.custom_converters(route.rule) for route in reading.routes)
    return frozenset(reading.converters).union(*used) - set(converters.CONVERTERS)


def names_in(rule: str) -> tuple[str, ...]:
    """The names of a rule's parameters, also of one that does not parse."""
    return tuple(_PARAM.findall(rule))


def converters_in(rule: str, reading: ModuleReading) -> dict[str, str]:
    """The converter of each parameter of a rule."""
    try:
        params = Rule.parse(rule, blueprint_prefix="/", custom=custom_converters(reading)).params
    except RuleError:
        return {}
    return {param.name: param.converter for param in params}


def check_methods(methods: Collection[str]) -> None:
    """Raises ProblemError (``methods``) for none or an unknown one."""
    if not methods:
        raise refuse("The route answers no method.", "Choose at least one, such as GET.", field="methods")
    for method in methods:
        if method not in METHODS:
            raise refuse(
                f"There is no method called {method}.",
                f"Choose from {', '.join(METHODS)}.",
                field="methods",
            )


def shape(rule: str) -> str:
    """A rule as the router sees it: the names of its parameters don't count."""
    try:
        pieces = Rule.parse(rule, blueprint_prefix="/", custom=converters.custom_converters(rule)).pieces
    except RuleError:
        return rule
    return "".join(
        f"<{piece.converter}{piece.args}>" if isinstance(piece, Param) else piece for piece in pieces
    )


def refuse_clash(rule: str, methods: Iterable[str], others: Iterable[Ruled]) -> None:
    """Raises ProblemError (``rule``) if one of an owner's other routes answers the same rule and method."""
    wanted, form = set(methods), shape(rule)
    for other in others:
        same = wanted & set(other.methods)
        alike = other.rule.partition("<")[0] == rule.partition("<")[0]  # spares parsing a thousand rules
        if same and alike and shape(other.rule) == form:
            raise refuse(
                f"{other.function} answers {sorted(same)[0]} {other.rule or '(the prefix itself)'} already.",
                "Change the path or the methods of one of the two; Flask would only ever ask the first.",
                field="rule",
            )


def check_free_name(name: str, reading: ModuleReading, scope: str, taken_endpoints: Collection[str]) -> None:
    """Raises ProblemError (``function``) for a name that is no good or that is taken in the scope."""
    check_function_name(name)
    if name in reading.bound.get(scope, ()) or name in reading.module_names:
        place = _defined_at(name, reading)
        raise refuse(
            f"There is something called {name} in {reading.file} already.",
            "Choose another name for the function.",
            field="function",
            place=place,
        )
    if name in taken_endpoints:
        raise refuse(
            f"There is a route called {name} already.",
            "Choose another name: Flask needs them all to differ.",
            field="function",
        )


def _defined_at(name: str, reading: ModuleReading) -> Place | None:
    for node in chain.from_iterable(map(ast.walk, reading.saying(name))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name == name:
            return Place(reading.file, node.lineno, node.col_offset)
    return None


def routes_of_same_owner(reading: ModuleReading, variable: str, scope: str) -> list[LocalRoute]:
    """The routes of this file that belong to the owner that ``variable`` means in ``scope``."""
    made = reading.owner_here(variable, scope)
    return [
        route
        for route in reading.routes
        if (owner_of(route, reading) is made if made is not None else route.owner == variable)
    ]
