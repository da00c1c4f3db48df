"""A blueprint under another name, with the endpoints of all its routes."""

from __future__ import annotations

import ast
from itertools import chain

from playground.core.problems import refuse
from playground.core.proposals import Rename
from playground.project.python.syntax import dotted, keywords, literal
from playground.project.reading.modules import ModuleReading
from playground.project.wide.endpoint_changes import EndpointChange, EndpointFollower
from playground.project.wide.renamed_routes import last_changed
from playground.project.wide.wide_edits import WideEdit


class BlueprintRenamer:
    """Carries out the rename of a blueprint on a ``WideEdit``."""

    def __init__(self, wide: WideEdit) -> None:
        self._wide, self._picture = wide, wide.picture

    def rename(self, wanted: Rename) -> None:
        """Note all that it replaces."""
        owner = next(
            (one for one in self._picture.owners if one.name == wanted.old and one.kind == "blueprint"), None
        )
        if owner is None:
            raise refuse(
                f"There is no blueprint called {wanted.old}.", "Look at its name again.", field="owner"
            )
        above, _, old = wanted.old.rpartition(".")
        new = wanted.new.removeprefix(above + ".") if above else wanted.new
        if not new.isidentifier():
            raise refuse(
                f"{wanted.new or 'An empty name'} can't be a blueprint's name.",
                "Use letters, digits and _, such as users.",
                field="owner",
            )
        full = f"{above}.{new}" if above else new
        if any(one.name == full for one in self._picture.owners):
            raise refuse(
                f"There is already a blueprint called {full}.", "Choose another name.", field="owner"
            )
        reading = self._wide.reading(owner.file)
        made = next(
            one for one in reading.blueprints if (one.variable, one.line) == (owner.variable, owner.line)
        )
        if made.name == old:
            node = _made_with(reading, made.line, made.variable)
            shared = [
                one.name for one in self._picture.owners if (one.file, one.line) == (owner.file, owner.line)
            ]
            blueprints = {one: last_changed(one, new) for one in shared if one.rpartition(".")[2] == old}
        else:  # the registration gives it another name than it was made with
            reading, node = self._registered_as(old)
            blueprints = {wanted.old: full}
        if not isinstance(node, ast.Constant) or node.value != old:
            raise refuse(
                f"The name {old} is worked out by Python when the app starts.",
                "Rename it in its code.",
                field="owner",
            )
        self._wide.rename_literal(reading.source, node, new)
        EndpointFollower(self._wide, EndpointChange(blueprints=blueprints)).follow()

    def _registered_as(self, name: str) -> tuple[ModuleReading, ast.expr | None]:
        for reading in self._wide.python("register_blueprint"):
            for registration in reading.registrations:
                if registration.name == name:
                    for node in chain.from_iterable(map(ast.walk, reading.statements_at(registration.line))):
                        if isinstance(node, ast.Call) and literal(keywords(node).get("name")) == name:
                            return reading, keywords(node)["name"]
        raise refuse(f"Where {name} gets its name can't be told.", "Rename it in its code.", field="owner")


def _made_with(reading: ModuleReading, line: int, variable: str) -> ast.expr | None:
    """The name that a blueprint is made with."""
    for node in chain.from_iterable(map(ast.walk, reading.statements_at(line))):
        if (
            isinstance(node, (ast.Assign, ast.AnnAssign))
            and isinstance(node.value, ast.Call)
            and node.value.lineno >= line
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if variable in map(dotted, targets):
                return node.value.args[0] if node.value.args else keywords(node.value).get("name")
    return None
