"""Blueprints that no app registers, or under a prefix that is no path."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playground.core.problems import Place, Problem
from playground.core.routes import Owner
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.saying import fix, found
from playground.project.checks.walking import every_node
from playground.project.python.syntax import dotted, keywords, literal, stored

_blueprint = partial(found, "blueprint-not-registered")


@dataclass(frozen=True)
class Registering:
    """A call of ``register_blueprint`` or ``Blueprint`` as written; ``guarded``: only in a file that is run.

    ``statement`` is the line of the whole statement; ``prefix`` the literal prefix, at its own place.
    """

    name: str
    child: str
    guarded: bool
    statement: int
    column: int
    prefix: str = ""
    prefix_line: int = 0
    prefix_column: int = 0


def _registering(body: list[ast.stmt]) -> tuple[Registering, ...]:
    return tuple(
        _call(node, statement, guarded=guarded)
        for statement, guarded in _statements(body)
        for node in every_node(statement)
        if isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2] in ("register_blueprint", "Blueprint")
    )


def _statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool]]:
    for node in body:
        if isinstance(node, ast.If) and is_main_guard(node.test):
            made = {name for one in node.body for name in stored(one)}
            yield from ((one, not _is_of(one, made)) for one in node.body)
        else:
            yield node, False


def _is_of(statement: ast.stmt, made: set[str]) -> bool:
    """Whether it calls something of these: an app that is made there as well."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and dotted(call.func).partition(".")[0] in made


def is_main_guard(test: ast.expr) -> bool:
    """Whether it is ``__name__ == "__main__"``."""
    return isinstance(test, ast.Compare) and "__name__" in (
        dotted(test.left),
        *map(dotted, test.comparators),
    )


def _call(node: ast.Call, statement: ast.stmt, *, guarded: bool) -> Registering:
    name = dotted(node.func).rpartition(".")[2]
    prefix = keywords(node).get("url_prefix")
    text = literal(prefix) or ""
    child = dotted(node.args[0]) if node.args and name == "register_blueprint" else ""
    line, column = (prefix.lineno, prefix.col_offset) if prefix is not None else (0, 0)
    return Registering(name, child, guarded, statement.lineno, statement.col_offset, text, line, column)


REGISTERING = Extractor("registering", _registering, ("register_blueprint", "Blueprint"))


def blueprints_not_registered(project: CheckedProject) -> tuple[Problem, ...]:
    """Blueprints with routes that no app knows: each of their addresses is answered with 404."""
    apps = [one for one in project.picture.owners if one.kind == "app" and one.file in project.files]
    if not apps or not project.whole or not _all_known(project):
        return ()
    used = {route.owner for route in project.picture.routes if route.in_source}
    return (
        *(
            _never(one, apps[0])
            for one in project.picture.owners
            if one.kind == "blueprint" and not one.registered and one.name in used
            if one.file in project.files and not _is_child(project, one)
        ),
        *_guarded(project),
    )


def _all_known(project: CheckedProject) -> bool:
    """Whether each registration names a blueprint that is known: else it may be any."""
    return all(
        project.names.owners(file.reading, one.scope, one.child)
        for file in project.files.values()
        for one in file.reading.registrations
    )


def _is_child(project: CheckedProject, owner: Owner) -> bool:
    """Whether another blueprint has it, which nobody registers: that one is the matter."""
    return any(
        (made.file, made.variable) == (owner.file, owner.variable)
        for file in project.files.values()
        for one in file.reading.registrations
        for made in project.names.owners(file.reading, one.scope, one.child)
    )


def _never(owner: Owner, app: Owner) -> Problem:
    place = found_place(owner)
    sentence = f"The blueprint {owner.name} is written, but no app registers it."
    why = (
        f"{owner.file} makes {owner.variable}, and no line calls register_blueprint({owner.variable}). "
        "So all its addresses are answered with 404."
    )
    register = fix(
        f"Register it in {app.file}",
        "register_blueprint",
        place,
        variable=owner.variable,
        app=app.variable,
        to=app.file,
    )
    return _blueprint(sentence, why, place, register)


def found_place(owner: Owner) -> Place:
    """Where an app or blueprint is made."""
    return Place(owner.file, owner.line)


def _guarded(project: CheckedProject) -> Iterator[Problem]:
    for file in project.files.values():
        calls = [(above, one) for above, one in file.facts(REGISTERING) if one.child]
        free = {one.child for _, one in calls if not one.guarded}
        for above, one in calls:
            if one.guarded and one.child not in free:
                yield _only_as_script(file, above, one)


def _only_as_script(file: CheckedFile, above: int, one: Registering) -> Problem:
    place = file.place(above + one.statement, one.column)
    sentence = f"{one.child} is registered only when {file.file} itself is run."
    why = (
        f'Line {place.line} stands under if __name__ == "__main__". '
        f"flask run and servers import {file.file}, so they never come there."
    )
    return _blueprint(sentence, why, place, fix("Move it above the if", "above_guard", place))


def prefixes_without_slash(project: CheckedProject) -> tuple[Problem, ...]:
    """Prefixes that do not begin with a slash: Flask refuses them when the blueprint is registered."""
    wrong = {
        owner.prefix
        for owner in project.picture.owners
        if owner.registered and owner.prefix and not owner.prefix.startswith("/")
    }
    if not wrong:
        return ()
    return tuple(
        _no_slash(file, above, one)
        for file, above, one in project.all_facts(REGISTERING)
        if one.prefix in wrong
    )


def _no_slash(file: CheckedFile, above: int, one: Registering) -> Problem:
    place = file.place(above + one.prefix_line, one.prefix_column)
    sentence = f"The prefix {one.prefix} has to start with a slash."
    why = (
        f"An address is the prefix and the rule, as in /{one.prefix}/…, and each address starts with a slash."
    )
    add = fix(f"Write /{one.prefix}", "literal", place, old=one.prefix, new=f"/{one.prefix}")
    return _blueprint(sentence, why, place, add)


PROJECT_CHECKS = (blueprints_not_registered, prefixes_without_slash)
