"""A view on its way to another file: its text as it stands, and all that it needs there.

Where the code needs a name that it can't have in the other file, the move is refused and nothing is written.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from itertools import chain

from playground.core.problems import ProblemError
from playground.core.routes import Owner
from playground.project.editing.adding import put, room_for
from playground.project.editing.drafts import check_free_name, refuse_clash, routes_of_same_owner
from playground.project.editing.imports import add_import_lines, add_imports
from playground.project.editing.removing import view_removed
from playground.project.editing.results import read_result
from playground.project.python.scopes import uses_of
from playground.project.python.source import Replacement
from playground.project.reading.module_files import ModuleFiles
from playground.project.reading.modules import LocalRoute, ModuleReading, module_name
from playground.project.wide.moved_views import (
    Moved,
    check_moved,
    check_others,
    margin_at,
    owners_named,
    refused,
    start_of,
    text_moved,
)
from playground.project.wide.name_changes import Binding, NameChange, package_of
from playground.project.wide.wide_edits import WideEdit


class Journey:
    """A view on its way from one file to another."""

    def __init__(
        self, wide: WideEdit, here: ModuleReading, mates: list[LocalRoute], owner: Owner, file: str
    ) -> None:
        self._wide, self._here, self._there = wide, here, wide.reading(file)
        self._mates, self._local, self._owner = mates, mates[0], owner
        view = here.view(mates[0])
        assert view is not None
        self._view = view
        self._modules = ModuleFiles({*wide.index.all_python_files, file})

    def made(self) -> Moved:
        here, there, local = self._here, self._there, self._local
        start = start_of(here, local)
        self._check_apart(start)
        variable = self._variable()
        check_free_name(local.function, there, "", ())
        self._check_not_used()
        needed = list(self._needed())
        text = text_moved(here, self._view, self._mates, start, variable)
        without = view_removed(here, local, start)
        data = self._arrived(text, variable, needed)
        self._prove(without, data, variable)
        return Moved({here.file: without, there.file: data}, tuple(sorted(self._no_longer_used(without))))

    def _check_apart(self, start: int) -> None:
        """What is written inside something else means what is around it."""
        local, file = self._local, self._here.file
        if local.scope:
            raise refused(
                f"{local.function} is written inside {local.scope}, which its code may need, "
                "so it can't go to another file as it stands.",
                f"Take it out first: make a blueprint at the top of {file}, write {local.function} below it "
                f"with current_app for the app, and register the blueprint in {local.scope}.",
            )
        if margin_at(self._here, start):
            raise refused(
                f"{local.function} is written inside another statement of {file}.",
                "Take it out of that block first, in the code: elsewhere its condition would be lost.",
            )

    def _variable(self) -> str:
        """What the owner is called in the file that the view goes to."""
        there, owner = self._there, self._owner
        for one in there.owners:
            if (one.variable, one.line, one.file) == (
                owner.variable,
                owner.line,
                owner.file,
            ) and not one.scope:
                return one.variable
        for (scope, name), full in there.imports.items():
            if not scope and self._modules.find(full) == (owner.file, owner.variable):
                return name
        made_in = f" It is made in {owner.file}." if owner.file != there.file else ""
        raise refused(
            f"{there.file} does not know {owner.name}.{made_in}",
            f"Import {owner.variable} there first, in the code, or choose another file.",
        )

    def _check_not_used(self) -> None:
        """Other code that uses the function by its name would not find it."""
        name, source = self._local.function, self._here.source
        for use in uses_of(name, list(self._here.saying(name))):
            if not use.scope and use.node is not self._view and not self._inside(use.node):
                raise refused(
                    f"{name} is also used in line {getattr(use.node, 'lineno', 1)} of {source.file}.",
                    "Move it in the code, and import it there.",
                )
        users = NameChange(self._wide, name, name).importers(Binding(self._here.file, "", name))
        for reading, line in users:
            raise refused(
                f"{reading.file} imports {name} from {source.file} (line {line}).",
                "Move it in the code, and import it from where it is then.",
            )

    def _inside(self, node: ast.AST) -> bool:
        line = getattr(node, "lineno", 0)
        return self._local.line <= line <= (self._view.end_lineno or 0)

    # What it needs ----------------------------------------------------------------------------

    def _needed(self) -> Iterator[tuple[str, str]]:
        """What is to be imported in the other file: module and name, or a whole line and nothing."""
        decorators = {id(node) for node in owners_named(self._here, self._mates)}
        names = dict.fromkeys(
            node.id
            for node in ast.walk(self._view)
            if isinstance(node, ast.Name) and id(node) not in decorators
        )
        for node in ast.walk(self._view):
            if isinstance(node, ast.Global):
                raise refused(
                    f"{self._local.function} changes {node.names[0]}, a variable of {self._here.file}.",
                    "Move both in the code.",
                )
        for name in names:
            if self._is_of_the_module(name, decorators):
                yield from self._import_of(name)

    def _is_of_the_module(self, name: str, decorators: set[int]) -> bool:
        """Whether the view means something of its file, or of Python, by a name."""
        uses = uses_of(name, [self._view])
        return name != self._local.function and any(
            not one.scope and id(one.node) not in decorators for one in uses
        )

    def _import_of(self, name: str) -> Iterator[tuple[str, str]]:
        here, there = self._here, self._there
        if name not in here.bound[""]:
            starred = any(full.endswith(".*") for full in here.imports.values())
            if name in there.bound[""] or (starred and not hasattr(builtins, name)):
                raise self._means_else(name)
            if name in ("__file__", "__name__", "__package__"):
                raise refused(
                    f"{self._local.function} asks for {name}, which differs there.", "Move it in the code."
                )
            return
        full = here.imports.get(("", name))
        target = full or f"{module_name(here.file)}.{name}"
        if name in there.bound[""]:
            if not self._same_there(name, target):
                raise self._means_else(name)
            return
        if full is None:
            yield self._from_here(name)
        else:
            yield self._as_here(name)

    def _same_there(self, name: str, target: str) -> bool:
        known = self._there.imports.get(("", name))
        if known is None:  # the other file makes it itself
            return self._modules.find(target) == (self._there.file, name)
        found = self._modules.find(target)
        return known == target or (found is not None and self._modules.find(known) == found)

    def _means_else(self, name: str) -> ProblemError:
        return refused(
            f"{name} means something else in {self._there.file}, and {self._local.function} needs it.",
            "Give one of the two another name first.",
        )

    def _from_here(self, name: str) -> tuple[str, str]:
        """An import of what stays in the file that the view leaves."""
        if self._there.file in self._reached_from(self._here.file):
            raise refused(
                f"{self._local.function} needs {name}, which stays in {self._here.file}, "
                f"and that file imports {self._there.file}: each would wait for the other.",
                f"Move {name} to a file that both can import first.",
            )
        return self._module_from(self._here.file), name

    def _reached_from(self, file: str) -> set[str]:
        """The project's files that a file imports, and those that these import."""
        reached: set[str] = set()
        todo = [file]
        while todo:
            one = todo.pop()
            known = self._wide.reading(one) if self._wide.index.reading(one) is not None else None
            for full in known.imports.values() if known is not None else ():
                found = self._modules.find(full.removesuffix(".*"))
                if found is not None and found[0] not in reached:
                    reached.add(found[0])
                    todo.append(found[0])
        return reached

    def _module_from(self, file: str) -> str:
        """How the other file is to name a module of the project: relative where such imports are used."""
        nodes = chain(self._here.others(), self._there.others())
        relative = any(isinstance(node, ast.ImportFrom) and node.level for node in nodes)
        if not relative:
            return module_name(file)
        target = module_name(file).split(".")
        around = self._there.file.split("/")[:-1]
        common = 0
        while common < min(len(around), len(target)) and around[common] == target[common]:
            common += 1
        return "." * (len(around) - common + 1) + ".".join(target[common:])

    def _as_here(self, name: str) -> tuple[str, str]:
        """The import that the view's own file has of a name, for the other file."""
        for node in chain.from_iterable(map(ast.walk, self._here.others())):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            for alias in node.names:
                if (alias.asname or alias.name.partition(".")[0]) != name:
                    continue
                said = alias.name + (f" as {alias.asname}" if alias.asname else "")
                if isinstance(node, ast.Import):
                    return f"import {said}", ""
                module = node.module or ""
                if node.level:
                    module = self._relative(node)
                return module, said
        raise refused(f"Where {name} comes from can't be told.", "Move it in the code.")

    def _relative(self, node: ast.ImportFrom) -> str:
        package = package_of(self._here.file, node).split(".")
        around = self._there.file.split("/")[:-1]
        common = 0
        while common < min(len(around), len(package)) and around[common] == package[common]:
            common += 1
        if not common and around != self._here.file.split("/")[:-1]:
            raise refused("The two files are in different packages.", "Move it in the code.")
        return "." * (len(around) - common + 1) + ".".join(package[common:])

    # The text ---------------------------------------------------------------------------------

    def _arrived(self, text: str, variable: str, needed: list[tuple[str, str]]) -> bytes:
        there, owner = self._there, self._owner
        made = there.owner_here(variable)
        mates = routes_of_same_owner(there, variable, "")
        for one in self._mates:
            refuse_clash(one.rule, one.methods, mates)
        room = room_for(there, made, variable, "", mates)
        if room.margin:
            raise refused(
                f"There is no clear place for a route of {owner.name} in {there.file}.",
                "Move it in the code.",
            )
        lines = [
            f"from {module} import {name}" if name else module
            for module, name in needed
            if _as_line(module, name)
        ]
        plain = [(module, name) for module, name in needed if not _as_line(module, name)]
        imports = [*add_imports(there, plain), *(add_import_lines(there, lines) if lines else ())]
        return there.source.replaced(_together([*imports, put(there.source, room, text)]))

    def _prove(self, without: bytes, data: bytes, variable: str) -> None:
        here, there = self._here, self._there
        after = read_result(there, data)
        check_others(here, read_result(here, without), self._mates, [])
        check_others(there, after, [], self._mates)
        check_moved(there, self._view, self._local, after, variable)

    def _no_longer_used(self, without: bytes) -> Iterator[str]:
        """The names that the file imports and that only the view used."""
        left = read_result(self._here, without)
        for (scope, name), full in self._here.imports.items():
            if (
                not scope
                and not full.endswith(".*")
                and any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(self._view))
            ):
                uses = uses_of(name, list(left.saying(name)))
                if all(isinstance(use.node, ast.alias) for use in uses):
                    yield name


def _as_line(module: str, name: str) -> bool:
    """Whether an import has to be a line of its own: ``import x``, ``as``, and what is relative."""
    return not name or " as " in name or module.startswith(".")


def _together(replacements: list[Replacement]) -> list[Replacement]:
    """Insertions at one place as one, in their order."""
    found: dict[tuple[int, int], str] = {}
    for one in replacements:
        found[one.start, one.end] = found.get((one.start, one.end), "") + one.text
    return [Replacement(start, end, text) for (start, end), text in found.items()]
