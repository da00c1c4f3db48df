"""What making, renaming and deleting templates and files is going to write; touches nothing itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from playground.core.problems import ProblemError, refuse
from playground.project import templates
from playground.project.files import read_bytes
from playground.project.index import Index, PlainSource
from playground.project.modules import hidden_module
from playground.project.planning import Plan, read_source
from playground.project.scanning import is_editable
from playground.project.source import Replacement, Source

_RENDERERS = frozenset(
    {"render_template", "stream_template", "get_template", "select_template", "get_or_select_template"}
)
_FILE_NAME = re.compile(r"[\w.+-]+(?:/[\w.+-]+)*")


class FilePlanner:
    """Plans changes of the templates and files that ``index`` knows."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._folder, self._index = folder, index

    def new_template(self, name: str, text: str | None) -> Plan:
        """A new template in the app's template folder; a small page where no text is given."""
        file = self._free_template(name)
        if text is None:
            text = templates.fresh_template(name, self._index.base_template())
        return Plan(f"new template {name}", {file: None}, {file: text.encode()})

    def rename_template(self, old: str, new: str) -> Plan:
        """A template under another name, and each use of its name with it."""
        file = self._template(old)
        root = file[: len(file) - len(old)]
        new_file = self._free_template(new, root)
        after: dict[str, bytes | None] = dict(self._renamed_uses(old, new))
        moved = after.pop(file, None) or read_source(self._folder, file).data
        before = {used: read_bytes(self._folder, used) for used in (*after, file)}
        return Plan(
            f"rename template {old} to {new}",
            {**before, new_file: None},
            {**after, new_file: moved, file: None},
        )

    def delete_template(self, name: str, used_by: tuple[str, ...]) -> Plan:
        """The folder without the template; the label says which views still name it."""
        file = self._template(name)
        used = f" (still used by {', '.join(used_by)})" if used_by else ""
        data = read_source(self._folder, file).data
        return Plan(f"delete template {name}{used}", {file: data}, {file: None})

    def new_file(self, name: str, data: bytes) -> Plan:
        """A new file with this content."""
        if wrong := _wrong_file_name(name):
            raise refuse(*wrong, field="file")
        if self._folder.joinpath(*name.split("/")).exists():
            raise refuse(f"There is already a file called {name}.", "Choose another name.", field="file")
        return Plan(f"new file {name}", {name: None}, {name: data})

    # ------------------------------------------------------------------------------------------

    def _template(self, name: str) -> str:
        file = self._index.template_files().get(name)
        if file is None:
            raise refuse(f"There is no template called {name}.", field="template")
        return file

    def _free_template(self, name: str, root: str = "") -> str:
        templates.check_template_name(name, self._index.template_files())
        file = (root or self._index.template_folders[0] + "/") + name
        if self._folder.joinpath(*file.split("/")).exists():
            raise refuse(f"There is already something at {file}.", "Choose another name.", field="template")
        return file

    def _renamed_uses(self, old: str, new: str) -> Iterator[tuple[str, bytes]]:
        for file in (*self._index.python_files, *self._index.template_files().values()):
            data = read_bytes(self._folder, file)
            if data is None or old.encode() not in data:
                continue
            rename = _rename_in_python if file in self._index.python_files else _rename_in_template
            renamed = rename(file, data, old, new)
            if renamed != data:
                yield file, renamed


def _rename_in_template(file: str, data: bytes, old: str, new: str) -> bytes:
    source = PlainSource(file, data)
    try:
        text = templates.rename_references(source.text, old, new)
    except ProblemError:  # no text, so Jinja can't use it either; it is among the problems already
        return data
    return source.replaced([Replacement(0, len(source.text), text)])


def _rename_in_python(file: str, data: bytes, old: str, new: str) -> bytes:
    source = Source(file, data)
    pieces = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called(node) in _RENDERERS:
            pieces += [_named(source, literal, old, new) for literal in _literals(node, old)]
    return source.replaced([piece for piece in pieces if piece is not None])


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _literals(call: ast.Call, old: str) -> Iterator[ast.Constant]:
    """The literals that name the template: the first argument, or those of a list there."""
    given = call.args[:1] + [word.value for word in call.keywords if word.arg == "template_name_or_list"]
    for argument in given:
        for node in argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]:
            if isinstance(node, ast.Constant) and node.value == old:
                yield node


def _named(source: Source, literal: ast.Constant, old: str, new: str) -> Replacement | None:
    """The new name between the quotes that are there; None where the literal is written in pieces."""
    at = source.segment(literal).find(old)
    if at < 0:
        return None
    start = source.span(literal)[0] + at
    return Replacement(start, start + len(old), new)


def _wrong_file_name(name: str) -> tuple[str, str] | None:
    if not name.strip():
        return "A file needs a name.", "For example helpers.py."
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
        return "The name has to stay in the project's folder.", "For example static/style.css."
    if not _FILE_NAME.fullmatch(name) or "/." in name or name.endswith("."):
        return (
            "This name has characters that a file name should not have.",
            "Use letters, digits, -, _ and dots.",
        )
    if name.endswith(".py") and (hidden := hidden_module(name)):
        return (
            f"{name} would hide {hidden}, a module that Python or Flask needs.",
            f"Choose another name, such as my_{hidden}.py.",
        )
    if not is_editable(name):
        return (
            "This would not be a text file that can be edited here.",
            "End its name with .py, .css, .js or .txt.",
        )
    return None
