"""What making and deleting templates and files is going to write; touches nothing itself."""

from __future__ import annotations

import re
from pathlib import Path

from playground.core.problems import refuse
from playground.project import templates
from playground.project.index import Index
from playground.project.planning import Plan, read_source
from playground.project.reading.modules import hidden_module
from playground.project.scanning import is_editable

_LONGEST_NAME = 255
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

    def _free_template(self, name: str) -> str:
        templates.check_template_name(name, self._index.template_files())
        file = f"{self._index.template_folders[0]}/{name}"
        if self._folder.joinpath(*file.split("/")).exists():
            raise refuse(f"There is already something at {file}.", "Choose another name.", field="template")
        return file


def _wrong_file_name(name: str) -> tuple[str, str] | None:
    if not name.strip():
        return "A file needs a name.", "For example helpers.py."
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
        return "The name has to stay in the project's folder.", "For example static/style.css."
    if any(len(part.encode(errors="replace")) > _LONGEST_NAME for part in name.split("/")):
        return "This name is too long for a file.", f"A name may take {_LONGEST_NAME} bytes."
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
