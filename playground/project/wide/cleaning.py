"""Imports that are certainly used by nobody, taken out when asked for; what else seems unused is only told.

Certainly means: the name stands nowhere else in its file, not even in a comment or a text, no other file
takes it from there, and the import itself does nothing that somebody may count on.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

from playground.core.alike import meaning
from playground.core.problems import ProblemError, refuse
from playground.core.proposals import CleanUp, Proposal
from playground.project.editing.results import not_lossless, read_result
from playground.project.python.source import Replacement, parse
from playground.project.reading.module_files import ModuleFiles
from playground.project.reading.modules import ModuleReading
from playground.project.wide.name_changes import Binding, NameChange, package_of
from playground.project.wide.wide_edits import WideEdit

_LOOKS_UP = re.compile(r"\b(?:globals|locals|vars|eval|exec|__import__|import_module|getattr)\b")
_PURE = frozenset({"flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click"})
_SIDE_EFFECTS = frozenset({"__future__", "antigravity", "readline", "rlcompleter", "this"})

Statement = ast.Import | ast.ImportFrom


class Cleaner:
    """Works out what can go."""

    def __init__(self, wide: WideEdit) -> None:
        self._wide = wide
        self._modules = ModuleFiles(wide.index.all_python_files)

    def propose(self, wanted: CleanUp) -> Proposal:
        """Raises ProblemError where nothing is unused."""
        after: dict[str, bytes | None] = {}
        for file in wanted.files or self._wide.index.all_python_files:
            if not file.endswith(".py"):
                continue
            try:
                reading = self._wide.reading(file)
            except ProblemError:
                self._wide.note("can't be read now, so nothing in it was changed", file)
                continue
            data = self._cleaned(reading)
            if data != reading.source.data:
                after[file] = data
        self._tell_of_blueprints()
        self._tell_of_templates()
        if not after and not self._wide.notes:
            raise refuse("Nothing here is unused.", "There is nothing to clean up.")
        before = {file: self._wide.data(file) for file in after}
        return Proposal("clean up", before, after, self._wide.notes)

    # Imports ----------------------------------------------------------------------------------

    def _cleaned(self, reading: ModuleReading) -> bytes:
        name = reading.file.rpartition("/")[2]
        if name == "__init__.py" or _LOOKS_UP.search(reading.source.text):
            return reading.source.data
        gone: list[tuple[Statement, list[ast.alias]]] = []
        for statement in reading.others():
            if isinstance(statement, (ast.Import, ast.ImportFrom)) and _is_plain(reading, statement):
                unused = [alias for alias in statement.names if self._is_unused(reading, statement, alias)]
                if removed := self._may_go(reading, statement, unused):
                    gone.append((statement, removed))
        pieces = [piece for statement, unused in gone for piece in _without(reading, statement, unused)]
        data = reading.source.replaced(pieces)
        _prove(reading, gone, data)
        return data

    def _is_unused(self, reading: ModuleReading, statement: Statement, alias: ast.alias) -> bool:
        name = alias.asname or alias.name.partition(".")[0]
        if alias.name in ("*", alias.asname):  # "as" itself says: for others to take
            return False
        source = reading.source
        start, end = source.span(alias)
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        elsewhere = (found for found in word.finditer(source.text) if not start <= found.start() < end)
        module = source.span(statement)[0], source.span(statement.names[0])[0]
        if any(not module[0] <= found.start() < module[1] for found in elsewhere):
            return False
        return not any(NameChange(self._wide, name, name).importers(Binding(reading.file, "", name)))

    def _may_go(
        self, reading: ModuleReading, statement: Statement, unused: Sequence[ast.alias]
    ) -> list[ast.alias]:
        """Those of the unused names whose import does nothing that somebody may count on; others are told."""
        stays = isinstance(statement, ast.ImportFrom) and len(unused) < len(statement.names)
        kept = [alias for alias in unused if not self._is_harmless(reading, statement, alias, stays=stays)]
        if kept:
            names = ", ".join(alias.asname or alias.name for alias in kept)
            what = f"imports {names} and doesn't use it; the import may be there for what it does"
            self._wide.note(what, reading.file, statement.lineno)
        return [alias for alias in unused if alias not in kept]

    def _is_harmless(
        self, reading: ModuleReading, statement: Statement, alias: ast.alias, *, stays: bool
    ) -> bool:
        """``stays``: the module is still imported, for other names."""
        module = package_of(reading.file, statement) if isinstance(statement, ast.ImportFrom) else ""
        target = f"{module}.{alias.name}" if module else alias.name
        found = self._modules.find(target)
        if found is not None and found[1] != target:  # a module of the project, or something in one
            return bool(module and found[1]) and stays
        top = target.partition(".")[0]
        return stays or ((top in sys.stdlib_module_names or top in _PURE) and top not in _SIDE_EFFECTS)

    # Only told --------------------------------------------------------------------------------

    def _tell_of_blueprints(self) -> None:
        picture = self._wide.picture
        used = {route.owner for route in picture.routes}
        for owner in picture.owners:
            if owner.kind == "blueprint" and not owner.registered and owner.name not in used:
                self._wide.note(
                    f"the blueprint {owner.name} has no routes and is not registered", owner.file, owner.line
                )

    def _tell_of_templates(self) -> None:
        infos = self._wide.picture.templates
        named = {name for info in infos for name in (info.extends, *info.includes)}
        for info in infos:
            if info.used_by or info.name in named:
                continue
            word = re.compile(re.escape(info.name.rpartition("/")[2]).encode())
            if not any(self._wide.python(word)) and not any(self._wide.templates(word)):
                self._wide.note("no view and no other template names this template", info.file)


def _is_plain(reading: ModuleReading, statement: Statement) -> bool:
    """Whether it has its lines for itself, and no comment on them that would go too."""
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return False
    source = reading.source
    start, end = source.span(statement)
    lines = source.text[source.line_start(start) : source.line_end(end)]
    return lines.strip() == source.text[start:end] and "#" not in lines and "\\" not in lines


def _without(
    reading: ModuleReading, statement: Statement, unused: Sequence[ast.alias]
) -> Iterator[Replacement]:
    """The names taken out of an import, or the whole of it."""
    source, names = reading.source, statement.names
    if len(unused) == len(names):
        start, end = source.span(statement)
        yield Replacement(source.line_start(start), min(source.line_end(end) + 1, len(source.text)), "")
        return
    for is_unused, run in groupby(range(len(names)), key=lambda at: names[at] in unused):
        ats = list(run)
        if is_unused and ats[-1] + 1 < len(names):
            yield Replacement(source.span(names[ats[0]])[0], source.span(names[ats[-1] + 1])[0], "")
        elif is_unused:
            yield Replacement(source.span(names[ats[0] - 1])[1], source.span(names[ats[-1]])[1], "")


def _prove(reading: ModuleReading, gone: list[tuple[Statement, list[ast.alias]]], data: bytes) -> None:
    """Raises ProblemError unless the file is as before but for those names."""
    if not gone:
        return
    expected = parse(reading.source.program, reading.file)
    places = {statement.lineno: {alias.name for alias in unused} for statement, unused in gone}
    for statement in list(expected.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and statement.lineno in places:
            kept = [one for one in statement.names if one.name not in places[statement.lineno]]
            if kept:
                statement.names = kept
            else:
                expected.body.remove(statement)
    after = read_result(reading, data).source
    if meaning(parse(after.program, reading.file)) != meaning(expected):
        raise not_lossless(reading.file)
