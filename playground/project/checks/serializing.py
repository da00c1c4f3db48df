"""Values that JSON can't hold, given to ``jsonify`` or returned by a view in a dictionary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from playground.core.problems import Problem
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.functions import FUNCTIONS_OF, views_of
from playground.project.checks.saying import fix, found, shortened
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import View, dotted, keywords

_LAZY = frozenset({"map", "filter", "range", "zip", "reversed", "enumerate"})


@dataclass(frozen=True)
class Unheld:
    """A value that JSON can't hold: ``kind`` is ``set``, ``bytes``, ``lazy`` or the name of a class.

    ``maker`` is ``jsonify`` or ``json.dumps`` as written, empty where the view itself returns it;
    ``function`` the line of the ``def`` around it.
    """

    kind: str
    maker: str
    function: int
    scope: str
    text: str
    line: int
    column: int


def _unheld(body: list[ast.stmt]) -> tuple[Unheld, ...]:
    return tuple(
        Unheld(kind, maker, view.lineno, f"{scope}.{view.name}".lstrip("."), ast.unparse(node), *_at(node))
        for view, scope, _ in all_functions(body)
        for node, kind, maker in _in_view(view)
    )


def _at(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


UNHELD = Extractor("not for JSON", _unheld)


def _in_view(view: View) -> Iterator[tuple[ast.expr, str, str]]:
    stored = {one.id for one in own_nodes(view.body) if isinstance(one, ast.Name) and _is_store(one)}
    for node in own_nodes(view.body):
        if isinstance(node, ast.Return) and isinstance(node.value, (ast.Dict, ast.List)):
            yield from ((one, kind, "") for one, kind in _parts(node.value, stored))
        elif isinstance(node, ast.Call) and not keywords(node).keys() & {"default", "cls"}:
            maker = dotted(node.func)
            if maker.rpartition(".")[2] in ("jsonify", "dumps"):
                values = [*node.args, *keywords(node).values()]
                yield from ((one, kind, maker) for part in values for one, kind in _parts(part, stored))


def _is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _parts(node: ast.expr, stored: set[str]) -> Iterator[tuple[ast.expr, str]]:
    """The values of dictionaries and lists, further down as well, that surely are not for JSON."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _parts(value, stored)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for one in node.elts:
            yield from _parts(one, stored)
    elif isinstance(node, (ast.Set, ast.SetComp)):
        yield node, "set"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        yield node, "bytes"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in stored:
        name = node.func.id
        kind = "set" if name in ("set", "frozenset") else "lazy" if name in _LAZY else name
        yield node, kind


@dataclass(frozen=True)
class PlainClass:
    """A class at the top of a file that is no more than its own functions, so that JSON can't hold it."""

    name: str


def _classes(body: list[ast.stmt]) -> tuple[PlainClass, ...]:
    return tuple(
        PlainClass(node.name)
        for node in body
        if isinstance(node, ast.ClassDef)
        and not (node.bases or node.keywords or node.decorator_list)
        and not any(getattr(one, "name", "") in ("__html__", "__new__", "__slots__") for one in node.body)
    )


CLASSES = Extractor("plain classes", _classes)


def not_serializable(project: CheckedProject) -> tuple[Problem, ...]:
    """Views whose JSON can't be written."""
    if project.says("JSONProvider", "json_encoder", "JSONEncoder", "json.provider", "json_provider"):
        return ()
    return tuple(problem for file in project.files.values() for problem in file.kept(_in_file))


def _in_file(file: CheckedFile) -> tuple[Problem, ...]:
    values = list(file.facts(UNHELD))
    if not values:
        return ()
    classes = {one.name for _, one in file.facts(CLASSES)}
    own = {one.name for _, one in file.facts(FUNCTIONS_OF)} | file.reading.module_names
    views = {view.line: view for view in views_of(file)}
    problems = []
    for above, one in values:
        view = views.get(above + one.function)
        plain = view is not None and view.function.decorated_plainly()
        made = _is_maker(file, one) if one.maker else plain
        known = one.kind in classes or (one.kind in ("set", "bytes", "lazy") and _name_of(one) not in own)
        if made and known:
            problems.append(_of(file, above, one))
    return tuple(problems)


def _name_of(one: Unheld) -> str:
    return one.text.partition("(")[0]


def _is_maker(file: CheckedFile, one: Unheld) -> bool:
    return file.imported(one.maker, one.scope) in ("flask.jsonify", "json.dumps", "flask.json.dumps")


def _of(file: CheckedFile, above: int, one: Unheld) -> Problem:
    place, said = file.place(above + one.line, one.column), shortened(one.text)
    if one.kind == "set":
        sentence, label, form = "JSON has no sets, so this answer fails.", "Make it a list", "list({})"
    elif one.kind == "bytes":
        sentence, label, form = "JSON has no bytes, so this answer fails.", "Make it a text", "{}.decode()"
    elif one.kind == "lazy":
        name = _name_of(one)
        sentence, label, form = f"JSON can't hold what {name} gives.", "Make it a list", "list({})"
    else:
        sentence = f"JSON can't hold an object of the class {one.kind}."
        label, form = "Send its attributes", "vars({})"
    why = (
        f"Line {place.line} gives {said}. JSON has texts, numbers, lists, dictionaries, true, false and null."
    )
    return found("not-serializable", sentence, why, place, fix(label, "expression", place, new=form))


PROJECT_CHECKS = (not_serializable,)
