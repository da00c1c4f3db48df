"""Where Python renders templates and with what, and whether all of that is known for sure.

A template may be given names by much that can't be read: an extension, a context processor that works them
out, a call whose template is a variable. Where there is such a thing, nothing is said.
"""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.template_says import Says, says
from playground.project.checks.walking import all_functions, every_node, own_nodes
from playground.project.index import Index
from playground.project.python.syntax import dotted, keywords, literal

_RENDER = frozenset(("render_template", "stream_template"))
_FROM_FLASK = frozenset(("flask", "flask.templating"))
_NAMERS = ("context_processor", "app_context_processor")
_GLOBALS = ("template_global", "app_template_global", "add_template_global", "add_app_template_global")
_OTHER_WAYS = (
    *("get_template", "select_template", "get_or_select_template", "get_template_attribute"),
    *("render_template_string", "stream_template_string", "from_string", "update_template_context"),
    *("jinja_env", "jinja_environment", "add_template_global", "template_context_processors"),
)
_OTHER_LOADERS = (
    *("jinja_loader", "jinja_environment", "jinja_options", "create_global_jinja_loader", "DictLoader"),
    *("ChoiceLoader", "PackageLoader", "FileSystemLoader", "PrefixLoader", "FunctionLoader"),
)
_FOLDER_WORKED_OUT = re.compile(r"\b(?:template_folder|static_folder|root_path)\s*=\s*(?![\"'\s])")


@dataclass(frozen=True)
class Given:
    """One value that a call passes: ``source`` is ``request`` where the visitor's data is passed as it is."""

    name: str
    source: str = ""


@dataclass(frozen=True)
class Rendered:
    """One call that renders a template; ``name`` is empty where that is no literal.

    The place is that of the literal. ``known`` are the names that the function around it has: its parameters,
    and what it assigns.
    """

    callee: str
    name: str
    line: int
    column: int
    given: tuple[Given, ...]
    unpacks: bool
    function: str
    known: frozenset[str]


@dataclass(frozen=True)
class Added:
    """A name that every template is given; empty where it is worked out."""

    name: str


def _calls(body: list[ast.stmt]) -> tuple[Rendered, ...]:
    found: list[Rendered] = []
    seen: set[int] = set()
    for view, *_ in all_functions(body):
        known = frozenset(_names_in(view))
        for node in own_nodes(view.body):
            if isinstance(node, ast.Call) and _last(node) in _RENDER:
                seen.add(id(node))
                found.append(_rendered(node, view.name, known))
    for statement in body:
        for node in every_node(statement):
            if isinstance(node, ast.Call) and _last(node) in _RENDER and id(node) not in seen:
                found.append(_rendered(node, "", frozenset()))
    return tuple(found)


def _last(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _names_in(view: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    given = view.args
    yield from (one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs))
    for node in own_nodes(view.body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _rendered(call: ast.Call, function: str, known: frozenset[str]) -> Rendered:
    given = keywords(call)
    first = call.args[0] if call.args else given.get("template_name_or_list")
    name = literal(first) if first is not None else None
    is_name = isinstance(name, str)
    place = first if first is not None else call
    unpacks = any(one.arg is None for one in call.keywords) or len(call.args) > 1
    return Rendered(
        dotted(call.func),
        str(name) if is_name else "",
        place.lineno,
        place.col_offset,
        tuple(Given(one, _source(value)) for one, value in given.items()),
        unpacks,
        function,
        known,
    )


def _source(value: ast.expr) -> str:
    """``request`` for what a visitor sent, passed on as it came."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get":
        value = value.func.value
    elif isinstance(value, ast.Subscript):
        value = value.value
    return "request" if dotted(value) in ("request.args", "request.form", "request.values") else ""


CALLS = Extractor("template calls", _calls, tuple(_RENDER))


def _added(body: list[ast.stmt]) -> tuple[Added, ...]:
    found: list[Added] = []
    for view, *_ in all_functions(body):
        for decorator in view.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            word = dotted(call.func if call is not None else decorator).rpartition(".")[2]
            if word in _GLOBALS:
                given = [literal(one) for one in (call.args if call is not None else ())]
                found.append(Added(str(given[0]) if given and given[0] else view.name))
            elif word in _NAMERS:
                found += map(Added, _returned_names(view))
    for statement in body:
        for node in every_node(statement):
            if isinstance(node, ast.Call) and _last(node) in _NAMERS and node.args:
                found.append(Added(""))
    return tuple(found)


def _returned_names(view: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The keys of the dicts that a function returns; an empty one where they are worked out."""
    for node in own_nodes(view.body):
        if not isinstance(node, ast.Return):
            continue
        value = node.value
        if isinstance(value, ast.Dict):
            for key in value.keys:
                name = literal(key) if key is not None else None
                yield name if isinstance(name, str) else ""
        elif isinstance(value, ast.Call) and dotted(value.func) == "dict" and not value.args:
            yield from (one.arg or "" for one in value.keywords)
        else:
            yield ""


ADDED = Extractor("names for every template", _added, (*_NAMERS, *_GLOBALS))


@dataclass(frozen=True)
class Call:
    """A call and the file that it is in."""

    file: CheckedFile
    above: int
    call: Rendered

    @property
    def line(self) -> int:
        """Its line in the file."""
        return self.above + self.call.line

    @property
    def written(self) -> str:
        """The template's name with its quotes, as the line has it; empty where it is put together."""
        line = self.file.line(self.line)
        return next((said for quote in "'\"" if (said := f"{quote}{self.call.name}{quote}") in line), "")

    def __str__(self) -> str:
        return f"{self.file.file}:{self.line}"


class Templates:
    """All templates of a project, and all that renders them."""

    def __init__(self, project: CheckedProject) -> None:
        self.project = project
        self.files = project.index.template_files()
        self.calls = tuple(_all_calls(project))
        self._says: dict[str, Says] = {}

    def says(self, name: str) -> Says:
        """What a template says."""
        if name not in self._says:
            found = self.project.index.of_template(self.files[name], says)
            self._says[name] = found if found is not None else Says(readable=False)
        return self._says[name]

    def text(self, name: str) -> str:
        """A template's text."""
        return self.project.index.of_template(self.files[name], str) or ""

    def line(self, file: str, number: int) -> str:
        """One line of a template's file; empty where there is none any more."""
        lines = (self.project.index.of_template(file, str) or "").split("\n")
        return lines[number - 1] if number <= len(lines) else ""

    @cached_property
    def all_named(self) -> bool:
        """Whether it is known which templates are rendered, and from where they come."""
        project = self.project
        texts = [one.reading.source.text for one in project.files.values()]
        return (
            project.whole
            and not project.says(*_OTHER_LOADERS)
            and not any(_FOLDER_WORKED_OUT.search(text) for text in texts)
        )

    @cached_property
    def has_extensions(self) -> bool:
        """Whether a package may bring templates, endpoints and variables of its own."""
        return any(_is_extension(self.project, full) for full in _imported(self.project))

    def rendering(self, name: str) -> frozenset[str]:
        """The template, its children, and those that include one of these."""
        found, waiting = {name}, [name]
        while waiting:
            for other in self._holders.get(waiting.pop(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """The templates that each is a part of."""
        holders: dict[str, list[str]] = {}
        for name in self.files:
            for part in self.says(name).parts:
                holders.setdefault(part, []).append(name)
        return holders

    def calls_of(self, names: frozenset[str]) -> tuple[Call, ...]:
        """The calls that render one of these."""
        return tuple(one for name in sorted(names) for one in self._calls_by_name.get(name, ()))

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Call]]:
        by_name: dict[str, list[Call]] = {}
        for one in self.calls:
            by_name.setdefault(one.call.name, []).append(one)
        return by_name

    def given_to_all(self) -> frozenset[str] | None:
        """The names that every template is given; None where they can't be told, or not every call can."""
        project = self.project
        added = [one.name for _, _, one in project.all_facts(ADDED)]
        unsure = (
            not self.all_named
            or self.has_extensions
            or project.says(*_OTHER_WAYS)
            or "" in added
            or any(not one.call.name for one in self.calls)
            or any(self.says(name).unsure for name in self.files)
        )
        return None if unsure else frozenset(added)


def read_templates(index: Index, until: float = math.inf) -> bool:
    """Read all templates that changed; False where it was ``until`` (``perf_counter``) before the last."""
    for file in index.template_files().values():
        if time.perf_counter() > until and not index.knows_of_template(file, says):
            return False
        index.of_template(file, says)
    return True


def _all_calls(project: CheckedProject) -> Iterator[Call]:
    for file, above, call in project.all_facts(CALLS):
        full = file.imported(call.callee)
        if full.rpartition(".")[0] in _FROM_FLASK:
            yield Call(file, above, call)
        elif full or call.callee in _RENDER:  # a function of the project, or of another package
            yield Call(file, above, Rendered(call.callee, "", call.line, 0, (), True, "", frozenset()))


def _imported(project: CheckedProject) -> set[str]:
    return {full for file in project.files.values() for full in file.reading.imports.values()}


def _is_extension(project: CheckedProject, full: str) -> bool:
    top = full.partition(".")[0]
    if "flask" not in top.lower() or top == "flask":
        return False
    return not any(
        file == f"{top}.py" or file.startswith(f"{top}/") or f"/{top}/" in file or file.endswith(f"/{top}.py")
        for file in project.index.all_python_files
    )
