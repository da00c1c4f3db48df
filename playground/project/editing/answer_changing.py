"""Another answer for a view: as little of its body written again as the change means.

The least edit is tried first (a literal, a status, one entry of a dict), then the whole statement; the
first whose result reads as the answer that was asked for is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError, refuse
from playground.project.editing.adding import indent_unit, margin_of
from playground.project.editing.answer_pieces import changed_pieces
from playground.project.editing.answer_task import AnswerTask, guard_comments
from playground.project.editing.answer_writing import (
    Names,
    python_body,
    render,
)
from playground.project.editing.answers import check_answer, same_answer
from playground.project.editing.drafts import converters_in
from playground.project.editing.imports import add_imports
from playground.project.editing.results import read_result
from playground.project.python.source import Replacement, Source
from playground.project.reading.answer_reading import (
    body_of,
    body_start,
    body_text,
    docstring,
    header_end,
    indent,
    read_answer,
    string_lines,
)
from playground.project.reading.modules import ModuleReading, surroundings


def answer_replaced(reading: ModuleReading, at: int, new: Answer) -> ModuleReading:
    """The file with another answer in the ``at``-th route's view. Raises ProblemError by field."""
    route = reading.routes[at]
    view = reading.view(route)
    assert view is not None
    written = read_answer(view, surroundings(reading, view, route.scope))
    converters = converters_in(route.rule, reading)
    task = AnswerTask(reading, view, route.scope, converters, written, new)
    check_answer(new, task.parameters, reading.names(route.scope))
    refusal: ProblemError | None = None
    for least in _candidates(task):
        names = task.names()
        try:
            replacements = list(least(task, names))
            data = reading.source.replaced([*replacements, *_imports(task, names)])
            result = read_result(reading, data)
            if _reads_as(result, at, task):
                return result
        except ProblemError as error:
            refusal = refusal or error
    raise refusal or refuse(
        "This answer can't be written here without losing something.",
        "Change it in the code below; nothing was written.",
        field="answer",
    )


def _imports(task: AnswerTask, names: Names) -> list[Replacement]:
    return add_imports(task.reading, names.needed) if names.needed else []


def _reads_as(result: ModuleReading, at: int, task: AnswerTask) -> bool:
    """Whether the answer is the one asked for; code may well be such that the form has words for it."""
    route = result.routes[at]
    found = route.answer
    if task.new.kind is AnswerKind.PYTHON and (view := result.view(route)) is not None:
        found = Answer(AnswerKind.PYTHON, body_text(view, result.source))
    return same_answer(found, task.new, task.known)


def _candidates(task: AnswerTask) -> Sequence[Callable[[AnswerTask, Names], Iterable[Replacement]]]:
    if task.old.kind is AnswerKind.PYTHON and task.new.kind is AnswerKind.PYTHON:
        return [_code_lines]
    if task.old.kind is AnswerKind.PYTHON:
        return [_body]
    if task.old.kind is task.new.kind:
        return [changed_pieces, _statement]
    return [_statement]


# The whole body or statement


def _statement(task: AnswerTask, names: Names) -> Iterator[Replacement]:
    """The return statement written anew."""
    assert task.written.statement is not None
    source = task.source
    start, end = source.span(task.written.statement)
    guard_comments(source, start, end)
    yield _rendered(task, names, start, end)


def _body(task: AnswerTask, names: Names) -> Iterator[Replacement]:
    """All that is below the docstring written anew."""
    source, body = task.source, body_of(task.view)
    if not body:
        doc = docstring(task.view)
        assert doc is not None
        at = source.line_end(source.span(doc)[1])
        margin = margin_of(source, task.view.body[0])
        yield Replacement(at, at, "\n" + indent(render(task.new, task.shape(), names), margin))
        return
    start = body_start(task.view, source)
    start += len(source.text[start:]) - len(source.text[start:].lstrip(" \t\f"))
    yield _rendered(task, names, start, source.line_end(source.span(body[-1])[1]))


def _rendered(task: AnswerTask, names: Names, start: int, end: int) -> Replacement:
    """The new answer from ``start``, which is behind the indentation or in the line of the ``def``."""
    source = task.source
    code = render(task.new, task.shape(), names)
    before = source.text[source.line_start(start) : start]
    if not before.strip():
        return Replacement(start, end, indent(code, before).removeprefix(before))
    if "\n" not in code:
        return Replacement(start, end, code)
    doc = docstring(task.view)
    if doc is not None and doc.lineno > source.line_of(header_end(task.view, source)):
        return Replacement(
            source.span(doc)[1], end, "\n" + indent(code, margin_of(source, task.view.body[0]))
        )
    margin = margin_of(source, task.view) + indent_unit(task.reading)
    return Replacement(header_end(task.view, source), end, "\n" + indent(code, margin))


def _code_lines(task: AnswerTask, names: Names) -> Iterator[Replacement]:
    """Only the lines of Python that differ, so that all others stay to the byte."""
    source, body = task.source, body_of(task.view)
    new = python_body(task.new.value, task.shape(), names)
    start = body_start(task.view, source) if body else 0
    if not body or source.text[source.line_start(start) : start].strip():
        yield from _body(task, names)
        return
    first = task.old.value.split("\n")
    margin = margin_of(source, body[0])
    second, fixed = new.split("\n"), string_lines(new)
    moved = [line if at in fixed or not line.strip() else margin + line for at, line in enumerate(second)]
    top = source.line_of(start) - 1
    ends = [source.line_end(source.line_starts[top + at]) for at in range(len(first))]
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        begin = source.line_starts[top + a] if a < len(first) else ends[-1]
        text = "\n".join(moved[c:d])
        if a == len(first):
            yield Replacement(begin, begin, "\n" + text)
        elif a == b:
            yield Replacement(begin, begin, text + "\n")
        elif c == d:
            yield _without_lines(source, begin, ends[b - 1], last=b == len(first))
        else:
            yield Replacement(begin, ends[b - 1], text)


def _without_lines(source: Source, begin: int, end: int, *, last: bool) -> Replacement:
    """Lines taken out with the newline behind them; the last ones with the newline in front."""
    return Replacement(begin - 1, end, "") if last else Replacement(begin, end + 1, "")
