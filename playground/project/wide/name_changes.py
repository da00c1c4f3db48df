"""A name of a module under another name: where it is bound, where it is used, and in all that import it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from playground.core.problems import Place, refuse
from playground.project.editing.parameters import name_span
from playground.project.python.scopes import NameUse, uses_of
from playground.project.python.syntax import FUNCTIONS, dotted, literal
from playground.project.reading.module_files import ModuleFiles
from playground.project.reading.modules import ModuleReading
from playground.project.wide.wide_edits import WideEdit


@dataclass(frozen=True)
class Binding:
    """A name in a scope of a file: ``""`` is the module, ``create_app`` a function in it."""

    file: str
    scope: str
    name: str


class NameChange:
    """Replaces all uses of a binding; those in files that import it are followed from file to file."""

    def __init__(self, wide: WideEdit, old: str, new: str) -> None:
        self._wide, self._old, self._new = wide, old, new
        self._modules = ModuleFiles(wide.index.all_python_files)
        self.done: set[Binding] = set()
        self.calls: list[tuple[ModuleReading, ast.Call]] = []

    def refuse_taken(self, binding: Binding) -> None:
        """Raises ProblemError (``function``) where the new name means something already."""
        reading = self._wide.reading(binding.file)
        if (taken := self._taken(reading, binding.scope)) is not None:
            raise self._refused(reading, taken)

    def follow(self, first: Binding) -> None:
        """Rename it wherever it is used. Raises ProblemError (``function``) where the new name is taken."""
        todo = [first]
        while todo:
            binding = todo.pop()
            if binding in self.done:
                continue
            self.refuse_taken(binding)
            self.done.add(binding)
            self._rename_here(self._wide.reading(binding.file), binding.scope)
            todo += self._importers(binding) if not binding.scope else ()

    def find(self, first: Binding) -> None:
        """Only look for the calls of it, under whatever name; nothing is replaced."""
        for use in self._uses(self._wide.reading(first.file), first.scope):
            self._note_call(self._wide.reading(first.file), use)
        for reading in self._wide.python(self._old) if not first.scope else ():
            for node, _ in self._attributes(reading, first):
                self.calls += [(reading, call) for call in _calls(reading, self._old) if call.func is node]
            for alias, use in self._imports(reading, first):
                local = alias.asname or alias.name
                for other in uses_of(local, list(reading.saying(local))):
                    if other.scope == use.scope:
                        self._note_call(reading, other)

    def importers(self, binding: Binding) -> Iterator[tuple[ModuleReading, int]]:
        """Where other files use the binding, by its name or as an attribute of its module."""
        for reading in self._wide.python(self._old):
            if reading.file != binding.file:
                yield from ((reading, node.lineno) for node, _ in self._attributes(reading, binding))
                yield from ((reading, alias.lineno) for alias, _ in self._imports(reading, binding))

    def _note_call(self, reading: ModuleReading, use: NameUse) -> None:
        if use.call is not None:
            self.calls.append((reading, use.call))

    # In one file ------------------------------------------------------------------------------

    def _uses(self, reading: ModuleReading, scope: str) -> Iterator[NameUse]:
        statements = list(reading.saying(self._old))
        return (use for use in uses_of(self._old, statements) if use.scope == scope)

    def _taken(self, reading: ModuleReading, scope: str) -> NameUse | None:
        """Something that already means the new name where the old one is bound, or would come to mean it."""
        for use in uses_of(self._new, list(reading.saying(self._new))):
            if use.scope == scope:
                return use
        captured = {use.at for use in self._uses(reading, scope)}
        for use in uses_of(self._new, list(reading.saying(self._new))):
            if use.scope and any(at == use.scope or at.startswith(use.scope + ".") for at in captured):
                return use  # a local name would be taken for it
        return None

    def _refused(self, reading: ModuleReading, use: NameUse) -> Exception:
        line = getattr(use.node, "lineno", None)
        return refuse(
            f"{self._new} already means something else in {reading.file}"
            + (f", line {line}." if line else "."),
            "Choose another name.",
            field="function",
            place=Place(reading.file, line),
        )

    def _rename_here(self, reading: ModuleReading, scope: str) -> None:
        for use in self._uses(reading, scope):
            if not isinstance(use.node, ast.alias):
                self._replace(reading, use.node)
        if not scope:
            for constant in _exported(reading):
                if constant.value == self._old:
                    self._wide.rename_literal(reading.source, constant, self._new)

    def _replace(self, reading: ModuleReading, node: ast.AST) -> None:
        source = reading.source
        if isinstance(node, FUNCTIONS):
            start = name_span(source, node)[0]
        elif isinstance(node, ast.Name):
            start = source.span(node)[0]
        else:  # class, global, nonlocal, except, case: the name stands somewhere behind the first word
            assert isinstance(node, (ast.stmt, ast.pattern, ast.ExceptHandler))
            begin = source.offset(node.lineno, node.col_offset)
            word = re.compile(rf"(?<!\w){re.escape(self._old)}(?!\w)").search(source.text, begin)
            start = word.start() if word else begin
        self._wide.replace(source, start, self._new, self._old)

    # In the files that import it --------------------------------------------------------------

    def _importers(self, binding: Binding) -> Iterator[Binding]:
        for reading in self._wide.python(self._old):
            for _, end in self._attributes(reading, binding):
                self._wide.replace(reading.source, end - len(self._old), self._new, self._old)
            for alias, use in self._imports(reading, binding):
                start = reading.source.span(alias)[0]
                if alias.asname is not None or self._taken(reading, use.scope) is None:
                    self._wide.replace(reading.source, start, self._new, self._old)
                    if alias.asname is None:
                        yield Binding(reading.file, use.scope, self._old)
                else:  # the new name means something there: it keeps the old one for itself
                    self._keep_as(reading, alias)
            if self._has_star(reading, binding):
                yield Binding(reading.file, "", self._old)

    def _keep_as(self, reading: ModuleReading, alias: ast.alias) -> None:
        start = reading.source.span(alias)[0]
        self._wide.replace(
            reading.source,
            start,
            f"{self._new} as {self._old}",
            self._old,
            ((self._old, self._new), (None, self._old)),
        )

    def _imports(self, reading: ModuleReading, binding: Binding) -> Iterator[tuple[ast.alias, NameUse]]:
        """Where a file imports the binding by name, and what that binds."""
        statements = list(reading.saying(self._old))
        for statement in statements:
            for node in ast.walk(statement):
                if not isinstance(node, ast.ImportFrom):
                    continue
                for alias in node.names:
                    if alias.name == self._old and self._found(reading, node, alias.name) == binding:
                        yield alias, _bound_by(alias, statement)

    def _found(self, reading: ModuleReading, node: ast.ImportFrom, name: str) -> Binding | None:
        full = f"{package_of(reading.file, node)}.{name}"
        found = self._modules.find(full)
        return Binding(found[0], "", found[1]) if found and found[0] != reading.file else None

    def _has_star(self, reading: ModuleReading, binding: Binding) -> bool:
        stars = [
            full for (_, local), full in reading.imports.items() if full == local and full.endswith(".*")
        ]
        return any(
            found is not None and found[0] == binding.file
            for found in (self._modules.find(star.removesuffix(".*")) for star in stars)
        )

    def _attributes(self, reading: ModuleReading, binding: Binding) -> Iterator[tuple[ast.Attribute, int]]:
        """Each ``views.index`` that means the binding, and where it ends."""
        for statement in reading.saying(self._old):
            heads: dict[str, dict[int, str]] = {}
            for node in ast.walk(statement):
                if not isinstance(node, ast.Attribute) or node.attr != self._old:
                    continue
                path = dotted(node.value)
                head = path.partition(".")[0]
                if not path:
                    continue
                if head not in heads:
                    heads[head] = {id(use.node): use.scope for use in uses_of(head, [statement])}
                scope = heads[head].get(id(_root(node)), "")
                full = reading.imports.get((scope, head))
                if full is None:
                    continue
                target = ".".join(filter(None, (full + path[len(head) :], self._old)))
                if (found := self._modules.find(target)) and found == (binding.file, self._old):
                    yield node, reading.source.span(node)[1]


def package_of(file: str, node: ast.ImportFrom) -> str:
    """The absolute name of the module that a from-import names, as seen from the project's folder."""
    if not node.level:
        return node.module or ""
    return ".".join(filter(None, (*file.split("/")[: -node.level], node.module)))


def _bound_by(alias: ast.alias, statement: ast.stmt) -> NameUse:
    local = alias.asname or alias.name
    found = (use for use in uses_of(local, [statement]) if use.node is alias)
    return next(found, NameUse(alias, "", ""))


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _calls(reading: ModuleReading, name: str) -> Iterator[ast.Call]:
    for statement in reading.saying(name):
        yield from (node for node in ast.walk(statement) if isinstance(node, ast.Call))


def _exported(reading: ModuleReading) -> Iterator[ast.Constant]:
    """The names in ``__all__``."""
    for statement in reading.holding("__all__"):
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if any(dotted(one) == "__all__" for one in targets):
                for node in ast.walk(statement.value):
                    if isinstance(node, ast.Constant) and literal(node) is not None:
                        yield node
