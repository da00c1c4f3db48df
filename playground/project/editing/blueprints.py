"""A new blueprint: the file that makes it, and the lines in the app's file that import and register it."""

from __future__ import annotations

import ast
import keyword
import re

from playground.core.problems import refuse
from playground.core.routes import NewBlueprint, Owner
from playground.core.rules import Rule, RuleError
from playground.project.editing.adding import margin_of, scope_body, with_settings
from playground.project.editing.imports import add_import_lines
from playground.project.python.literals import quote
from playground.project.python.source import Replacement, Source
from playground.project.reading.module_reading import read_tolerantly
from playground.project.reading.modules import ModuleReading, OwnerDef, hidden_module, module_name

VARIABLE = "bp"
"""What a blueprint is called in the file that makes it."""


def check_blueprint(new: NewBlueprint) -> None:
    """Raises ProblemError (``owner``, ``prefix`` or ``file``) for what can't become a blueprint."""
    if not new.name.isidentifier() or keyword.iskeyword(new.name):
        raise refuse(
            f"{new.name or 'An empty name'} can't be a blueprint's name.",
            "Use letters, digits and _, such as users.",
            field="owner",
        )
    if new.prefix and (not new.prefix.startswith("/") or re.search(r"[\s?#]", new.prefix)):
        raise refuse(
            f"The prefix {new.prefix} is no beginning of a path.",
            "Start it with a slash, such as /users, without spaces.",
            field="prefix",
        )
    _check_prefix(new.prefix)
    parts = new.file.removesuffix(".py").split("/")
    named = all(one.isidentifier() and not keyword.iskeyword(one) for one in parts)
    if not new.file.endswith(".py") or not named:
        raise refuse(
            f"{new.file or 'An empty name'} can't be imported as a Python file.",
            "Use a name such as users.py: letters, digits and _ before .py.",
            field="file",
        )
    if hidden := hidden_module(new.file):
        raise refuse(
            f"{new.file} would hide {hidden}, a module that Python or Flask needs.",
            f"Choose another file, such as {hidden}_pages.py.",
            field="file",
        )


def _check_prefix(prefix: str) -> None:
    try:
        Rule.parse(prefix or "/")
    except RuleError as error:
        said = error.problem
        raise refuse(
            f"The prefix {prefix} is no beginning of a path: {said.sentence}", said.hint, field="prefix"
        ) from error


def blueprint_module(new: NewBlueprint) -> bytes:
    """The file of a new blueprint, without routes yet."""
    prefix = f", url_prefix={quote(new.prefix.rstrip('/'))}" if new.prefix.rstrip("/") else ""
    made = f"{VARIABLE} = Blueprint({quote(new.name)}, __name__{prefix})"
    return f"from flask import Blueprint\n\n{made}\n".encode()


def blueprint_registered(source: Source, app: Owner, new: NewBlueprint) -> bytes:
    """The app's file with the new blueprint imported at its top and registered where the app is made."""
    return registered(source, app, new.file, VARIABLE, f"{new.name}_{VARIABLE}")


def registered(source: Source, app: Owner, file: str, variable: str, local: str) -> bytes:
    """The app's file with a blueprint of another file imported as ``local``, and registered."""
    reading = read_tolerantly(source)
    source = reading.source  # its nodes are those of the reading
    made = next((one for one in reading.apps if one.variable == app.variable), None)
    if made is None:
        raise refuse(
            f"{source.file} does not make the app {app.variable}.",
            "Register the blueprint in the code, where the app is.",
            field="owner",
        )
    if local in reading.module_names:
        raise refuse(
            f"There is something called {local} in {source.file} already.",
            "Choose another name for the blueprint.",
            field="owner",
        )
    called = variable if local == variable else f"{variable} as {local}"
    line = f"from {_module_to_import(reading, file)} import {called}"
    body = scope_body(reading, made.scope, made.line)
    last = _last_registration(reading, made, body)
    at = source.line_end(source.span(last)[1])
    call = f"\n{margin_of(source, last)}{made.variable}.register_blueprint({local})"
    return source.replaced([*add_import_lines(reading, [line]), Replacement(at, at, call)])


def _last_registration(reading: ModuleReading, made: OwnerDef, body: list[ast.stmt]) -> ast.stmt:
    """The statement below which the new registration goes: the last one, or the one that makes the app."""
    lines = [
        one.line for one in reading.registrations if (one.scope, one.parent) == (made.scope, made.variable)
    ]
    same = [one for one in body if any(one.lineno <= line <= (one.end_lineno or 0) for line in lines)]
    if same:
        return same[-1]
    making = next(one for one in body if one.lineno <= made.line <= (one.end_lineno or 0))
    return with_settings(reading.source, body, making, made.variable)


def _module_to_import(reading: ModuleReading, file: str) -> str:
    """The new file's module as the app's file has to name it."""
    here, there = reading.file.rpartition("/")[0], file.rpartition("/")[0]
    beside = module_name(file).rpartition(".")[2]
    package = reading.file.endswith("__init__.py") or _imports_relatively(reading.source.tree)
    if package and (there == here or there.startswith(f"{here}/" if here else "")):
        return "." + module_name(file)[len(module_name(here + "/__init__.py") if here else "") :].lstrip(".")
    if here and here == there and not any(one.startswith(f"{here}.") for one in reading.imports.values()):
        return beside
    return module_name(file)


def _imports_relatively(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
