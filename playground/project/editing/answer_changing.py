"""Another answer for a view: as little of its body written again as the change means.

The least edit is tried first (a literal, a status, one entry of a dict), then the whole statement; the
first whose result reads as the answer that was asked for is taken.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError, refuse
from playground.project.editing.adding import indent_unit, margin_of
from playground.project.editing.answer_writing import (
    Names,
    Shape,
    expression_text,
    headers_text,
    python_body,
    render,
    tail_text,
    value_text,
)
from playground.project.editing.answers import check_answer, same_answer
from playground.project.editing.drafts import converters_in
from playground.project.editing.imports import add_imports
from playground.project.editing.results import read_result
from playground.project.python.literals import quote, read_data, write_python
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import View, keywords, literal
from playground.project.reading.answer_reading import (
    Written,
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


@dataclass(frozen=True)
class _Task:
    """One view, the answer it has and the one it is to have."""

    reading: ModuleReading
    view: View
    scope: str
    converters: dict[str, str]
    written: Written
    new: Answer

    @property
    def source(self) -> Source:
        return self.reading.source

    @property
    def old(self) -> Answer:
        return self.written.answer

    @property
    def parameters(self) -> tuple[str, ...]:
        return surroundings(self.reading, self.view, self.scope).parameters

    @property
    def known(self) -> set[str]:
        return {*self.parameters, *self.reading.names(self.scope)}

    def names(self) -> Names:
        return Names(self.reading, self.scope, self.parameters)

    def shape(self) -> Shape:
        value = self.written.value
        mark = '"'
        if self.old.kind is self.new.kind and isinstance(value, (ast.Constant, ast.JoinedStr)):
            mark = "'" if self.source.segment(value).endswith("'") else '"'
        unit = indent_unit(self.reading)
        return Shape(self.converters, self.parameters, unit, mark, _raw_names(value))


def _raw_names(value: ast.expr | None) -> frozenset[str]:
    """The parameters that stand in an f-string without ``escape``."""
    parts = value.values if isinstance(value, ast.JoinedStr) else []
    slots = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
    return frozenset(slot.id for slot in slots if isinstance(slot, ast.Name))


def answer_replaced(reading: ModuleReading, at: int, new: Answer) -> ModuleReading:
    """The file with another answer in the ``at``-th route's view. Raises ProblemError by field."""
    route = reading.routes[at]
    view = reading.view(route)
    assert view is not None
    written = read_answer(view, surroundings(reading, view, route.scope))
    converters = converters_in(route.rule, reading)
    task = _Task(reading, view, route.scope, converters, written, new)
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


def _imports(task: _Task, names: Names) -> list[Replacement]:
    return add_imports(task.reading, names.needed) if names.needed else []


def _reads_as(result: ModuleReading, at: int, task: _Task) -> bool:
    """Whether the answer is the one asked for; code may well be such that the form has words for it."""
    route = result.routes[at]
    found = route.answer
    if task.new.kind is AnswerKind.PYTHON and (view := result.view(route)) is not None:
        found = Answer(AnswerKind.PYTHON, body_text(view, result.source))
    return same_answer(found, task.new, task.known)


def _candidates(task: _Task) -> Sequence[Callable[[_Task, Names], Iterable[Replacement]]]:
    if task.old.kind is AnswerKind.PYTHON and task.new.kind is AnswerKind.PYTHON:
        return [_code_lines]
    if task.old.kind is AnswerKind.PYTHON:
        return [_body]
    if task.old.kind is task.new.kind:
        return [_pieces, _statement]
    return [_statement]


def guard_comments(source: Source, start: int, end: int) -> None:
    """Raises ProblemError if a comment is in what would be replaced."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({source.text[start:end]}\n)").readline))
        lost = next((one.string for one in tokens if one.type == tokenize.COMMENT), None)
    except (tokenize.TokenError, IndentationError):
        lost = "#" if "#" in source.text[start:end] else None
    if lost:
        raise refuse(
            f"There is a comment in what this would replace: {lost}",
            "Change it in the code below, so that the comment is not lost.",
            field="answer",
        )


# The whole body or statement


def _statement(task: _Task, names: Names) -> Iterator[Replacement]:
    """The return statement written anew."""
    assert task.written.statement is not None
    source = task.source
    start, end = source.span(task.written.statement)
    guard_comments(source, start, end)
    yield _rendered(task, names, start, end)


def _body(task: _Task, names: Names) -> Iterator[Replacement]:
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


def _rendered(task: _Task, names: Names, start: int, end: int) -> Replacement:
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


def _code_lines(task: _Task, names: Names) -> Iterator[Replacement]:
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


# Pieces


def _pieces(task: _Task, names: Names) -> Iterator[Replacement]:
    """The literals, arguments and numbers that differ."""
    changes = list(_changed_value(task, names))
    if task.new.kind is not AnswerKind.ERROR:
        changes += _changed_tail(task)
    for one in changes:
        guard_comments(task.source, one.start, one.end)
    yield from changes


def _changed_value(task: _Task, names: Names) -> Iterator[Replacement]:
    value = task.written.value
    if isinstance(value, ast.Call):
        yield from _changed_call(task, value, names)
    elif value is not None and task.old.value != task.new.value:
        if isinstance(value, (ast.Dict, ast.List)):
            yield from _changed_data(task, value, names)
        else:
            yield Replacement(*task.source.span(value), value_text(task.new, task.shape(), names))


def _changed_call(task: _Task, call: ast.Call, names: Names) -> Iterator[Replacement]:
    source, new, old = task.source, task.new, task.old
    if new.kind is AnswerKind.JSON:
        if old.value != new.value:
            yield from _changed_jsonify(task, call)
        return
    if new.kind is AnswerKind.ERROR:
        yield Replacement(*source.span(call.args[0]), str(new.effective_status))
        yield from _changed_description(task, call)
        return
    if new.by_endpoint != old.by_endpoint:
        yield Replacement(*source.span(call.args[0]), _target(task, names))
    else:
        inner = call.args[0] if old.by_endpoint else call
        assert isinstance(inner, ast.Call)
        if old.value != new.value:
            yield Replacement(*source.span(inner.args[0]), _like(source.segment(inner.args[0]), new.value))
        if old.variables != new.variables:
            yield from _changed_variables(task, inner, names)
    if new.kind is AnswerKind.REDIRECT and old.status != new.status:
        yield _changed_code(task, call)


def _target(task: _Task, names: Names) -> str:
    """What stands in the parentheses of ``redirect``."""
    if not task.new.by_endpoint:
        return quote(task.new.value)
    given = [f", {name}={expression_text(value, names)}" for name, value in task.new.variables]
    return f"{names.spell('flask', 'url_for')}({quote(task.new.value)}{''.join(given)})"


def _like(written: str, text: str) -> str:
    return quote(text, "'" if written.endswith("'") else '"')


def _changed_variables(task: _Task, call: ast.Call, names: Names) -> Iterator[Replacement]:
    source, new = task.source, dict(task.new.variables)
    old = dict(task.old.variables)
    if list(new)[: len(old)] != list(old):
        end = source.span(call.keywords[-1])[1] if call.keywords else source.span(call.args[-1])[1]
        start = source.span(call.args[-1])[1]
        given = "".join(f", {name}={expression_text(value, names)}" for name, value in new.items())
        yield Replacement(start, end, given)
        return
    for one in call.keywords:
        if one.arg in new and new[one.arg] != old[one.arg]:
            yield Replacement(*source.span(one.value), expression_text(new[one.arg], names))
    added = "".join(f", {name}={expression_text(new[name], names)}" for name in list(new)[len(old) :])
    if added:
        end = source.span((call.keywords or call.args)[-1])[1]
        yield Replacement(end, end, added)


def _changed_code(task: _Task, call: ast.Call) -> Replacement:
    """The status in ``redirect("/", code=301)``."""
    source, status = task.source, task.new.status
    node = call.args[1] if len(call.args) == 2 else keywords(call).get("code")
    if node is not None and status is not None:
        return Replacement(*source.span(node), str(status))
    end = source.span(call.args[0])[1]
    if node is None:
        return Replacement(end, end, f", code={status}")
    return Replacement(end, source.span(node)[1], "")


def _changed_description(task: _Task, call: ast.Call) -> Iterator[Replacement]:
    source, text = task.source, task.new.value
    if text == task.old.value:
        return
    node = call.args[1] if len(call.args) == 2 else keywords(call).get("description")
    end = source.span(call.args[0])[1]
    if node is None:
        yield Replacement(end, end, f", {quote(text)}")
    elif text:
        yield Replacement(*source.span(node), _like(source.segment(node), text))
    else:
        yield Replacement(end, source.span(node)[1], "")


def _changed_jsonify(task: _Task, call: ast.Call) -> Iterator[Replacement]:
    source = task.source
    new = read_data(task.new.value, task.known)
    if call.args:
        yield from _data_difference(task, call.args[0], new)
        return
    start, end = source.span(call.keywords[0])[0], source.span(call.keywords[-1])[1]
    yield Replacement(start, end, _data_text(task, new, start))


def _changed_data(task: _Task, value: ast.expr, names: Names) -> Iterator[Replacement]:
    """Data that is returned as it is; anything but a dict or a list has to go through ``jsonify``."""
    new = read_data(task.new.value, task.known)
    if isinstance(new, (ast.Dict, ast.List)):
        yield from _data_difference(task, value, new)
        return
    yield Replacement(*task.source.span(value), value_text(task.new, task.shape(), names))


def _data_difference(task: _Task, old: ast.expr, new: ast.expr) -> Iterator[Replacement]:
    """The entries of dicts and lists that differ; where entries went or moved, what is around them."""
    if ast.dump(old) == ast.dump(new):
        return
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        olds, news = _entries(old), _entries(new)
        if [key for key, _ in news[: len(olds)]] == [key for key, _ in olds] and olds:
            for (_, one), (_, other) in zip(olds, news, strict=False):
                yield from _data_difference(task, one, other)
            added = [_entry(task, key, value, old) for key, value in _nodes(new)[len(olds) :]]
            yield from _appended(task, old, olds[-1][1], added)
            return
    elif isinstance(old, ast.List) and isinstance(new, ast.List) and 0 < len(old.elts) <= len(new.elts):
        for one, other in zip(old.elts, new.elts, strict=False):
            yield from _data_difference(task, one, other)
        added = [_data_text(task, one, task.source.span(old.elts[0])[0]) for one in new.elts[len(old.elts) :]]
        yield from _appended(task, old, old.elts[-1], added)
        return
    start, end = task.source.span(old)
    text = literal(new) if literal(old) is not None else None
    if text is not None and "\n" not in text:
        yield Replacement(start, end, _like(task.source.text[start:end], text))
    else:
        yield Replacement(start, end, _data_text(task, new, start))


def _nodes(node: ast.Dict) -> list[tuple[ast.expr, ast.expr]]:
    return [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]


def _entries(node: ast.Dict) -> list[tuple[str, ast.expr]]:
    return [(ast.dump(key), value) for key, value in _nodes(node)]


def _entry(task: _Task, key: ast.expr, value: ast.expr, around: ast.Dict) -> str:
    start = task.source.span(around.values[0])[0]
    return f"{write_python(key)}: {_data_text(task, value, start)}"


def _data_text(task: _Task, node: ast.expr, start: int) -> str:
    """Data as source, its further lines indented as the line on which it begins."""
    line = task.source.line_start(start)
    before = task.source.text[line:start]
    margin = before[: len(before) - len(before.lstrip())]
    return write_python(node, indent_unit(task.reading)).replace("\n", "\n" + margin)


def _appended(task: _Task, around: ast.expr, last: ast.expr, added: Sequence[str]) -> Iterator[Replacement]:
    """New entries behind the last one, on lines of their own where the others have such."""
    if not added:
        return
    source = task.source
    end = source.span(last)[1]
    start = source.line_start(source.span(last)[0])
    before = source.text[start : source.span(last)[0]]
    own_lines = source.line_of(source.span(around)[0]) != source.line_of(end)
    between = ",\n" + before[: len(before) - len(before.lstrip())] if own_lines else ", "
    yield Replacement(end, end, "".join(between + entry for entry in added))


def _changed_tail(task: _Task) -> list[Replacement]:
    """Status and headers behind the value."""
    old, new, written, source = task.old, task.new, task.written, task.source
    plain = new.kind is not AnswerKind.REDIRECT
    had, wanted = (old.status, new.status) if plain else (None, None)
    if had == wanted and old.headers == new.headers:
        return []
    changes = []
    if (written.status is None) == (wanted is None) and (written.headers is None) == (not new.headers):
        if written.status is not None and had != wanted:
            changes.append(Replacement(*source.span(written.status), str(wanted)))
        if written.headers is not None and old.headers != new.headers:
            changes.append(Replacement(*source.span(written.headers), headers_text(new.headers)))
        return changes
    assert written.value is not None
    start = source.span(written.value)[1]
    last = written.headers or written.status
    first = written.status or written.headers
    if first is not None:
        start = source.text.rindex(",", start, source.span(first)[0])
    end = source.span(last)[1] if last is not None else start
    kept = written.headers if old.headers == new.headers else None
    tail = tail_text(new)
    if kept is not None and new.headers:
        tail = tail.removesuffix(headers_text(new.headers)) + source.segment(kept)
    return [Replacement(start, end, tail)]
