"""Where the apps and blueprints of a module say that their templates lie."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from playground.project.reading.modules import ModuleReading


def template_roots(reading: ModuleReading) -> tuple[str, ...]:
    """The template folders that the apps and blueprints made in a module name as text."""
    here = posixpath.dirname(reading.file)
    found = []
    for node in _parts_that_say(reading, ("Flask", "template_folder")):
        if isinstance(node, ast.Call) and (name := _template_folder(node)):
            root = posixpath.normpath(posixpath.join(_package(node, here), name))
            if not root.startswith(("..", "/")) and root != ".":
                found.append(root)
    return tuple(dict.fromkeys(found))


def _parts_that_say(reading: ModuleReading, words: tuple[str, ...]) -> Iterator[ast.AST]:
    """All nodes of the statements whose text holds one of the words; a long file has many others."""
    found = {id(node): node for word in words for node in reading.holding(word)}
    for statement in sorted(found.values(), key=lambda node: (node.lineno, node.col_offset)):
        yield from ast.walk(statement)


def _package(call: ast.Call, here: str) -> str:
    """The folder that paths are meant from: of the package that the call names, else of the file."""
    first = call.args[0] if call.args else None
    named = first.value if isinstance(first, ast.Constant) else ""
    folder = named.replace(".", "/") if isinstance(named, str) else ""
    inside = f"/{here}/".partition(f"/{folder}/") if folder else ("", "", "")
    return f"{inside[0]}/{folder}".strip("/") if inside[1] else here


def _template_folder(call: ast.Call) -> str:
    """Where a call says the templates lie: of an app, a blueprint, or a class made of them."""
    for keyword in call.keywords:
        if keyword.arg == "template_folder":
            value = keyword.value
            return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return "templates" if called == "Flask" and _is_told(call) else ""


def _is_told(call: ast.Call) -> bool:
    """Whether an app says which package it is of; a name that is handed on may be any."""
    first = call.args[0] if call.args else None
    return not isinstance(first, ast.Name) or first.id in ("__name__", "__package__")
