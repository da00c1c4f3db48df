"""Checks of an answer as a form holds it, before a line of source is written."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Collection, Iterator

from playground.core.alike import meaning
from playground.core.answers import Answer, AnswerKind
from playground.core.exchanges import Pairs
from playground.core.names import check_header, check_status
from playground.core.problems import ProblemError, refuse
from playground.project.python.literals import read_data, same_data
from playground.project.python.source import parse
from playground.project.reading.answer_reading import dedent, recognise

__all__ = ["FLASK_NAMES", "check_answer", "free_names", "recognise", "same_answer"]

FLASK_NAMES = frozenset(
    (
        *(
            "Response",
            "abort",
            "current_app",
            "flash",
            "g",
            "jsonify",
            "make_response",
            "redirect",
            "request",
        ),
        *(
            "render_template",
            "render_template_string",
            "send_file",
            "send_from_directory",
            "session",
            "url_for",
        ),
    )
)
"""What code may use without importing it: the import is added."""

_REDIRECTS = (301, 302, 303, 307, 308)
_ERRORS = frozenset(
    (*range(400, 407), *range(408, 419), 421, 422, 423, 424, 428, 429, 431, 451, *range(500, 506))
)


def check_answer(
    answer: Answer,
    params: Collection[str],
    module_names: Collection[str],
    templates: Collection[str] | None = None,
    endpoints: Collection[str] | None = None,
) -> None:
    """Raises ProblemError at the field that is wrong.

    ``params`` are the parameters of the view, ``module_names`` what else its code can see. The names of
    templates and the endpoints are checked where they are given.
    """
    known = {*params, *module_names}
    _check_status(answer)
    if answer.headers and answer.kind in (AnswerKind.ERROR, AnswerKind.PYTHON):
        raise refuse(
            "Headers can't be set for this kind of answer.",
            "Remove them, or set them in the Python code.",
            field="headers",
        )
    for name, value in answer.headers:
        check_header(name, value)
    if answer.kind is AnswerKind.JSON:
        read_data(answer.value, known)
    elif answer.kind is AnswerKind.PYTHON:
        _check_code(answer.value)
    elif answer.kind in (AnswerKind.TEMPLATE, AnswerKind.REDIRECT, AnswerKind.FILE):
        _check_target(answer, templates, endpoints)
    _check_variables(answer, known)


def _check_status(answer: Answer) -> None:
    if answer.status is None:
        return
    status = check_status(str(answer.status))
    if answer.kind is AnswerKind.REDIRECT and status not in _REDIRECTS:
        raise refuse(
            f"A redirect can't have the status {status}.",
            "Choose 302 (for now), 301 (for good), 303, 307 or 308.",
            field="status",
        )
    if answer.kind is AnswerKind.ERROR and status not in _ERRORS:
        raise refuse(
            f"Flask has no error {status} to abort with.",
            "Choose one such as 400, 401, 403, 404 or 500; for any other, answer with text and a status.",
            field="status",
        )
    if answer.kind is AnswerKind.PYTHON:
        raise refuse("The status of Python code is set in the code.", "Return it there.", field="status")


def _check_code(code: str) -> None:
    if not code.strip():
        raise refuse("There is no code to answer with.", 'Write for example return "Hello".', field="answer")
    try:
        tree = parse(dedent(code.replace("\r\n", "\n").strip("\n")), "the code")
    except ProblemError as error:
        said = error.problem
        line = said.place.line if said.place and said.place.line else 1
        raise refuse(
            f"Python does not understand line {line} of this code.",
            "Mend that line.",
            field="answer",
            original=said.original,
        ) from error
    if not tree.body:
        raise refuse(
            "There are only comments, no code to answer with.",
            'Write for example return "Hello".',
            field="answer",
        )


def _check_target(
    answer: Answer, templates: Collection[str] | None, endpoints: Collection[str] | None
) -> None:
    what, example = {
        AnswerKind.TEMPLATE: ("template", "Choose one, such as hello.html."),
        AnswerKind.REDIRECT: ("place to go to", "Choose a route or write an address such as /login."),
        AnswerKind.FILE: ("file", "Write its path, such as static/picture.png."),
    }[answer.kind]
    if not answer.value.strip() or "\n" in answer.value:
        raise refuse(f"The answer names no {what}.", example, field="answer")
    if answer.kind is AnswerKind.TEMPLATE and templates is not None and answer.value not in templates:
        raise refuse(
            f"There is no template called {answer.value}.",
            "Make it first (New template), or choose one that is there.",
            field="answer",
        )
    if answer.by_endpoint and endpoints is not None and answer.value not in endpoints:
        raise refuse(
            f"There is no route called {answer.value}.",
            "Choose one that is there, or write an address such as /login.",
            field="answer",
        )


def _check_variables(answer: Answer, known: Collection[str]) -> None:
    seen: set[str] = set()
    for name, expression in answer.variables:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise refuse(
                f"{name or 'An empty name'} can't be the name of a variable.",
                "Use letters, digits and _, and begin with a letter.",
                field="answer",
            )
        if name in seen:
            raise refuse(f"The variable {name} is there twice.", "Remove one of them.", field="answer")
        seen.add(name)
        _check_expression(name, expression, known)


def _check_expression(name: str, expression: str, known: Collection[str]) -> None:
    example = 'Write text in quotes ("Ada"), a number, or the name of a parameter.'
    try:
        tree = parse(f"({expression}\n)", "it") if expression.strip() else None
    except ProblemError as error:
        said = error.problem.original
        raise refuse(
            f"Python does not understand the value of {name}.", example, field="answer", original=said
        ) from error
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise refuse(f"The variable {name} has no value.", example, field="answer")
    unknown = next((one for one in free_names(tree) if one not in known and one not in FLASK_NAMES), None)
    if unknown:
        raise refuse(
            f"There is no value called {unknown} here.", f'If it is text, write "{unknown}".', field="answer"
        )


def free_names(tree: ast.AST) -> Iterator[str]:
    """The names that code uses without binding them itself, in order, without Python's own."""
    nodes = [one for one in ast.walk(tree) if isinstance(one, ast.Name)]
    own = {one.id for one in nodes if not isinstance(one.ctx, ast.Load)}
    own |= {one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)}
    for one in ast.walk(tree):
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            own.add(one.name)
        elif isinstance(one, ast.alias):
            own.add(one.asname or one.name.partition(".")[0])
        elif isinstance(one, ast.ExceptHandler) and one.name:
            own.add(one.name)
    for name in dict.fromkeys(one.id for one in nodes):
        if name not in own and not hasattr(builtins, name):
            yield name


def same_answer(first: Answer, second: Answer, names: Collection[str]) -> bool:
    """Whether two answers mean the same, however their data and code are spelled."""
    return (
        first.kind is second.kind
        and _same_value(first, second, names)
        and first.effective_status == second.effective_status
        and first.headers == second.headers
        and first.by_endpoint == second.by_endpoint
        and _same_variables(first.variables, second.variables)
    )


def _same_value(first: Answer, second: Answer, names: Collection[str]) -> bool:
    if first.value == second.value:
        return True
    if first.kind is AnswerKind.JSON:
        return same_data(first.value, second.value, names)
    if first.kind is not AnswerKind.PYTHON:
        return False
    return _plain(first.value) == _plain(second.value)


def _plain(code: str) -> list[str]:
    """Lines of code at the left margin, without blank ones at the ends and spaces at the end of each."""
    return [line.rstrip() for line in dedent(code.replace("\r\n", "\n").strip("\n")).rstrip().split("\n")]


def _same_variables(first: Pairs, second: Pairs) -> bool:
    return [(name, _shape(value)) for name, value in first] == [
        (name, _shape(value)) for name, value in second
    ]


def _shape(expression: str) -> object:
    try:
        return meaning(parse(f"({expression}\n)", "it"))
    except ProblemError:
        return expression
