"""Files that import each other: what happens, line by line, when the app's file is imported first."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from playground.core.problems import Problem
from playground.project.app_finding import FLASK_ORDER, file_of
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.saying import fix, found
from playground.project.python.syntax import FUNCTIONS, blocks, dotted, stored, targets
from playground.project.reading.modules import module_name

_circle = partial(found, "circular-import")
_DEEPEST = 100


@dataclass(frozen=True)
class Event:
    """One thing that happens while a file is imported: names are bound, or another file is imported.

    ``level`` and ``module`` are those of an import; ``names`` what is taken from it, or what is bound.
    ``sure`` is False under a condition or in a ``try``.
    """

    names: tuple[str, ...]
    line: int
    column: int
    module: str = ""
    level: int = 0
    imports: bool = False
    sure: bool = True


def _events(body: list[ast.stmt]) -> tuple[Event, ...]:
    return tuple(_of_block(body, sure=True))


def _of_block(body: Sequence[ast.stmt], *, sure: bool) -> Iterator[Event]:
    for node in body:
        place = (node.lineno, node.col_offset)
        if isinstance(node, ast.ImportFrom):
            names = tuple(one.name for one in node.names)
            yield Event(names, *place, node.module or "", node.level, imports=True, sure=sure)
            yield Event(tuple(one.asname or one.name for one in node.names), *place)
        elif isinstance(node, ast.Import):
            for one in node.names:
                yield Event((), *place, one.name, 0, imports=True, sure=sure)
            yield Event(tuple(one.asname or one.name.partition(".")[0] for one in node.names), *place)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield Event((node.name,), *place)
        else:
            if isinstance(node, ast.If) and dotted(node.test).endswith("TYPE_CHECKING"):
                continue
            names = (*stored(node), *(one for part in targets(node) for one in stored(part)))
            for block in blocks(node):
                yield from _of_block(block, sure=False)
            yield Event(names, *place)


EVENTS = Extractor("import events", _events)


@dataclass
class _Module:
    """A file that is being imported, or has been: what is bound so far."""

    file: CheckedFile
    bound: set[str] = field(default_factory=set)
    at: int = 0
    done: bool = False
    anything: bool = False


class _Import:
    """The import of one file and of all that it leads to, step by step; ``problem`` is the first failure."""

    def __init__(self, project: CheckedProject, *, strict: bool = True) -> None:
        self._project, self._strict = project, strict
        self._modules: dict[str, _Module] = {}
        self._way: list[_Module] = []
        self.problem: Problem | None = None

    @property
    def reached(self) -> Iterable[str]:
        """The files that were imported."""
        return self._modules

    def begin(self, file: CheckedFile) -> None:
        """Import a file as ``flask run`` does: its packages first."""
        if self._load(module_name(file.file)) is None:
            self.run(file)

    def run(self, file: CheckedFile) -> _Module:
        """Go through what happens while a file is imported."""
        module = self._modules[file.file] = _Module(file)
        self._way.append(module)
        for above, event in file.facts(EVENTS) if len(self._way) < _DEEPEST else ():
            if self.problem is not None:
                break
            module.at = above + event.line
            if event.imports:
                self._follow(module, event, above)
            module.bound.update(event.names if not event.imports else ())
        module.done = True
        self._way.pop()
        return module

    def _follow(self, here: _Module, event: Event, above: int) -> None:
        full = _full_name(here.file.file, event)
        other = self._load(full)
        if "*" in event.names:
            here.anything = True
        if other is None or other.done or other.anything or not event.sure:
            return
        for name in event.names:
            if name == "*" or name in other.bound or self._load(f"{full}.{name}") is not None:
                continue
            if self._strict:
                self.problem = self.problem or self._failed(here, other, event, above, name)
            return

    def _load(self, full: str) -> _Module | None:
        """The module of this name and its packages, imported if they are files of the project."""
        parts, module = full.split("."), None
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            path = self._project.names.modules.get(name)
            file = self._project.files.get(path) if path is not None else None
            if file is None:
                module = None
                continue
            module = self._modules.get(file.file) or self.run(file)
        return module

    def _failed(self, here: _Module, other: _Module, event: Event, above: int, name: str) -> Problem:
        circle = self._way[self._way.index(other) :] if other in self._way else [other, here]
        place = here.file.place(above + event.line, event.column)
        way = " → ".join([one.file.file for one in circle] + [other.file.file])
        sentence = f"{other.file.file} and {here.file.file} import each other in a circle."
        why = (
            f"{way}: {other.file.file} waits in line {other.at} for the import, so it has no {name} yet "
            f"when line {place.line} of {here.file.file} asks for it."
        )
        later = fix(
            f"Import it below {name} in {other.file.file}",
            "move_down",
            other.file.place(other.at, 0),
            below=name,
        )
        return _circle(sentence, why, place, later)


def _full_name(file: str, event: Event) -> str:
    if not event.level:
        return event.module
    package = file.split("/")[: -event.level]
    return ".".join([*package, *([event.module] if event.module else [])])


def imported_at_start(project: CheckedProject) -> frozenset[str]:
    """The files that are surely imported when the app's file is, outside of any function."""
    start = _start(project)
    if start is None:
        return frozenset()
    way = _Import(project, strict=False)
    way.begin(start)
    return frozenset(way.reached)


def imported_sometime(project: CheckedProject) -> frozenset[str]:
    """The files that the app's file imports, and those that they do, inside of functions as well."""
    start = _start(project)
    todo, reached = [start] if start is not None else [], set[str]()
    while todo:
        file = todo.pop()
        if file.file not in reached:
            reached.add(file.file)
            todo += _imported_by(project, file)
    return frozenset(reached)


def _imported_by(project: CheckedProject, file: CheckedFile) -> Iterator[CheckedFile]:
    """The files that a file imports, the packages that they lie in included."""
    for target in {*file.reading.imports.values(), module_name(file.file)}:
        parts = target.split(".")
        for end in range(1, len(parts) + 1):
            path = project.names.modules.get(".".join(parts[:end]))
            if path is not None and path in project.files:
                yield project.files[path]


def _start(project: CheckedProject) -> CheckedFile | None:
    target = file_of(project.index.app.target or "")
    package = f"{target.removesuffix('.py')}/__init__.py"
    return project.files.get(target) or project.files.get(package)


def circular_imports(project: CheckedProject) -> tuple[Problem, ...]:
    """The import that fails because a file comes back to itself, going from the app's file."""
    start = _start(project)
    if start is None or not project.whole:
        return ()
    way = _Import(project)
    way.begin(start)
    if way.problem is None or not _binds_later(project, way.problem) or _begins_elsewhere(project, start):
        return ()
    return (way.problem,)


def _begins_elsewhere(project: CheckedProject, start: CheckedFile) -> bool:
    """Whether a file that is run instead imports the app's file without failing.

    Not where Flask itself would take the app's file: then that is the one which is imported first.
    """
    if project.index.app.said or start.file in FLASK_ORDER:
        return False
    inside = imported_sometime(project)
    return any(
        _imports_well(project, file, start) for file in project.files.values() if file.file not in inside
    )


def _imports_well(project: CheckedProject, file: CheckedFile, start: CheckedFile) -> bool:
    if "/" in file.file:
        return False
    way = _Import(project)
    way.begin(file)
    return way.problem is None and start.file in way.reached


def _binds_later(project: CheckedProject, problem: Problem) -> bool:
    """Whether the file that waits does bind the name further down: else it is another matter."""
    mend = problem.fixes[0].mend
    file = project.files[mend.file] if mend is not None else None
    if file is None or mend is None or mend.line is None:
        return False
    return any(
        mend.word("below") in event.names and above + event.line > mend.line
        for above, event in file.facts(EVENTS)
        if not event.imports
    )


PROJECT_CHECKS = (circular_imports,)
