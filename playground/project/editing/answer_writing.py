"""An answer as the lines that a person would write in the view, with the imports they need."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from playground.core.answers import Answer, AnswerKind
from playground.core.exchanges import Pairs
from playground.core.problems import refuse
from playground.project.editing.answers import FLASK_NAMES, free_names
from playground.project.python.literals import quote, read_data, write_python
from playground.project.python.source import parse
from playground.project.reading.answer_reading import dedent, split_text
from playground.project.reading.modules import ModuleReading

_NUMBERS = ("int", "float")


@dataclass
class Names:
    """What imported names are called in one file, and which imports are still missing.

    ``taken`` are names that mean something of the view's own: its parameters.
    """

    reading: ModuleReading
    scope: str = ""
    taken: Collection[str] = ()
    needed: list[tuple[str, str]] = field(default_factory=list)

    def spell(self, module: str, name: str) -> str:
        """How code says ``module.name`` here; notes the import where there is none."""
        local = self._imported_as(f"{module}.{name}")
        if local is None:
            if name in self.taken or self.reading.imported(name, self.scope) or self._is_bound(name):
                raise refuse(
                    f"The name {name} means something else here, so Flask's {name} can't be used.",
                    f"Rename that other {name} first.",
                    field="answer",
                )
            if (module, name) not in self.needed:
                self.needed.append((module, name))
        return local or name

    def _imported_as(self, full: str) -> str | None:
        own = [(scope, local) for (scope, local), target in self.reading.imports.items() if target == full]
        for scope, local in own:
            visible = not scope or self.scope == scope or self.scope.startswith(f"{scope}.")
            if visible and local not in self.taken and self.reading.imported(local, self.scope) == full:
                return local
        module, _, name = full.rpartition(".")
        starred = ("", f"{module}.*") in self.reading.imports
        return name if starred and name not in self.taken and not self._is_bound(name) else None

    def _is_bound(self, name: str) -> bool:
        return name in self.reading.names(self.scope)


@dataclass(frozen=True)
class Shape:
    """How the lines are to look: the parameters' converters, the file's indentation and quotes.

    ``raw`` are text parameters that go into an f-string as they are, because the code had them so.
    """

    converters: Mapping[str, str]
    parameters: tuple[str, ...]
    unit: str = "    "
    mark: str = '"'
    raw: frozenset[str] = frozenset()


def render(answer: Answer, shape: Shape, names: Names) -> str:
    """The lines of an answer that ``check_answer`` lets pass, without indentation."""
    if answer.kind is AnswerKind.PYTHON:
        return python_body(answer.value, shape, names)
    if answer.kind is AnswerKind.ERROR:
        return abort_call(answer, shape, names)
    return "return " + value_text(answer, shape, names) + tail_text(answer)


def tail_text(answer: Answer) -> str:
    """What follows the value in a return statement: ``, 201, {"X-Colour": "blue"}``."""
    status = "" if answer.status is None or answer.kind is AnswerKind.REDIRECT else f", {answer.status}"
    return status + (f", {headers_text(answer.headers)}" if answer.headers else "")


def headers_text(headers: Pairs) -> str:
    """Headers as a dict, as a list of pairs where a name is there twice."""
    pairs = [(quote(name), quote(value)) for name, value in headers]
    if len({name.lower() for name, _ in headers}) < len(headers):
        return "[" + ", ".join(f"({name}, {value})" for name, value in pairs) + "]"
    return "{" + ", ".join(f"{name}: {value}" for name, value in pairs) + "}"


def value_text(answer: Answer, shape: Shape, names: Names) -> str:
    """The expression that makes the body of the answer."""
    writers: dict[AnswerKind, Callable[[Answer, Shape, Names], str]] = {
        AnswerKind.TEXT: text_literal,
        AnswerKind.JSON: _jsonify,
        AnswerKind.TEMPLATE: _template,
        AnswerKind.REDIRECT: _redirect,
        AnswerKind.FILE: _file,
    }
    return writers[answer.kind](answer, shape, names)


def text_literal(answer: Answer, shape: Shape, names: Names) -> str:
    """Text as a literal, as an f-string where parameters stand in it."""
    pieces = split_text(answer.value, shape.parameters)
    if len(pieces) == 1:
        return quote(answer.value, shape.mark)
    inside = [
        _slot(piece, shape, names) if at % 2 else piece.replace("{", "{{").replace("}", "}}")
        for at, piece in enumerate(pieces)
    ]
    return quote("".join(inside), shape.mark, formatted=True)


def _slot(name: str, shape: Shape, names: Names) -> str:
    if name in shape.raw or shape.converters.get(name, "string") in _NUMBERS:
        return "{" + name + "}"
    return "{" + f"{names.spell('markupsafe', 'escape')}({name})" + "}"


def _jsonify(answer: Answer, shape: Shape, names: Names) -> str:
    known = {*shape.parameters, *names.reading.names(names.scope)}
    data = write_python(read_data(answer.value, known), shape.unit)
    return f"{names.spell('flask', 'jsonify')}({data})"


def call_arguments(answer: Answer, shape: Shape, names: Names) -> str:
    """The name of a template or endpoint and its variables, as arguments."""
    given = [f"{name}={expression_text(value, names)}" for name, value in answer.variables]
    return ", ".join([quote(answer.value, shape.mark), *given])


def expression_text(expression: str, names: Names) -> str:
    """An expression as typed, with imports noted for what it uses of Flask."""
    import_used(parse(f"({expression}\n)", "it"), names)
    return expression.strip()


def import_used(tree: ast.AST, names: Names) -> None:
    """Note imports for the names of Flask that code uses and that mean nothing here yet."""
    known = {*names.taken, *names.reading.names(names.scope)}
    for name in free_names(tree):
        if name in FLASK_NAMES and name not in known:
            names.spell("flask", name)


def _template(answer: Answer, shape: Shape, names: Names) -> str:
    return f"{names.spell('flask', 'render_template')}({call_arguments(answer, shape, names)})"


def _redirect(answer: Answer, shape: Shape, names: Names) -> str:
    target = quote(answer.value, shape.mark)
    if answer.by_endpoint:
        target = f"{names.spell('flask', 'url_for')}({call_arguments(answer, shape, names)})"
    code = "" if answer.status is None else f", code={answer.status}"
    return f"{names.spell('flask', 'redirect')}({target}{code})"


def _file(answer: Answer, shape: Shape, names: Names) -> str:
    return f"{names.spell('flask', 'send_file')}({quote(answer.value, shape.mark)})"


def abort_call(answer: Answer, shape: Shape, names: Names) -> str:
    """``abort(404, "There is no such page.")``."""
    said = f", {quote(answer.value, shape.mark)}" if answer.value else ""
    return f"{names.spell('flask', 'abort')}({answer.effective_status}{said})"


def python_body(code: str, shape: Shape, names: Names) -> str:
    """Code as typed, moved to the left margin, with imports noted for what it uses of Flask."""
    plain = dedent(code.replace("\r\n", "\n").strip("\n")).rstrip()
    import_used(parse(plain, "the code"), names)
    return plain
