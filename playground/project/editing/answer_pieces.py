"""The least edits that make an answer another one: literals, arguments, entries and numbers that differ."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from playground.core.alike import meaning
from playground.core.answers import AnswerKind
from playground.project.editing.adding import indent_unit
from playground.project.editing.answer_task import AnswerTask, guard_comments
from playground.project.editing.answer_writing import (
    Names,
    expression_text,
    headers_text,
    tail_text,
    value_text,
)
from playground.project.editing.brackets import end_in
from playground.project.python.literals import quote, read_data, write_python
from playground.project.python.source import Replacement
from playground.project.python.syntax import keywords, literal


def changed_pieces(task: AnswerTask, names: Names) -> Iterator[Replacement]:
    """The literals, arguments and numbers that differ."""
    changes = list(_changed_value(task, names))
    if task.new.kind is not AnswerKind.ERROR:
        changes += _changed_tail(task)
    for one in changes:
        guard_comments(task.source, one.start, one.end)
    yield from changes


def _changed_value(task: AnswerTask, names: Names) -> Iterator[Replacement]:
    value = task.written.value
    if isinstance(value, ast.Call):
        yield from _changed_call(task, value, names)
    elif value is not None and task.old.value != task.new.value:
        if isinstance(value, (ast.Dict, ast.List)):
            yield from _changed_data(task, value, names)
        else:
            yield Replacement(*task.source.span(value), value_text(task.new, task.shape(), names))


def _changed_call(task: AnswerTask, call: ast.Call, names: Names) -> Iterator[Replacement]:
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


def _target(task: AnswerTask, names: Names) -> str:
    """What stands in the parentheses of ``redirect``."""
    if not task.new.by_endpoint:
        return quote(task.new.value)
    given = [f", {name}={expression_text(value, names)}" for name, value in task.new.variables]
    return f"{names.spell('flask', 'url_for')}({quote(task.new.value)}{''.join(given)})"


def _like(written: str, text: str) -> str:
    return quote(text, "'" if written.endswith("'") else '"')


def _changed_variables(task: AnswerTask, call: ast.Call, names: Names) -> Iterator[Replacement]:
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
        end = end_in(source, call, (call.keywords or call.args)[-1])
        yield Replacement(end, end, added)


def _changed_code(task: AnswerTask, call: ast.Call) -> Replacement:
    """The status in ``redirect("/", code=301)``."""
    source, status = task.source, task.new.status
    node = call.args[1] if len(call.args) == 2 else keywords(call).get("code")
    if node is not None and status is not None:
        return Replacement(*source.span(node), str(status))
    end = end_in(source, call, call.args[0])
    if node is None:
        return Replacement(end, end, f", code={status}")
    return Replacement(end, source.span(node)[1], "")


def _changed_description(task: AnswerTask, call: ast.Call) -> Iterator[Replacement]:
    source, text = task.source, task.new.value
    if text == task.old.value:
        return
    node = call.args[1] if len(call.args) == 2 else keywords(call).get("description")
    end = end_in(source, call, call.args[0])
    if node is None:
        yield Replacement(end, end, f", {quote(text)}")
    elif text:
        yield Replacement(*source.span(node), _like(source.segment(node), text))
    else:
        yield Replacement(end, source.span(node)[1], "")


def _changed_jsonify(task: AnswerTask, call: ast.Call) -> Iterator[Replacement]:
    source = task.source
    new = read_data(task.new.value, task.known)
    if call.args:
        yield from _data_difference(task, call.args[0], new)
        return
    start, end = source.span(call.keywords[0])[0], source.span(call.keywords[-1])[1]
    yield Replacement(start, end, _data_text(task, new, start))


def _changed_data(task: AnswerTask, value: ast.expr, names: Names) -> Iterator[Replacement]:
    """Data that is returned as it is; anything but a dict or a list has to go through ``jsonify``."""
    new = read_data(task.new.value, task.known)
    if isinstance(new, (ast.Dict, ast.List)):
        yield from _data_difference(task, value, new)
        return
    yield Replacement(*task.source.span(value), value_text(task.new, task.shape(), names))


def _data_difference(task: AnswerTask, old: ast.expr, new: ast.expr) -> Iterator[Replacement]:
    """The entries of dicts and lists that differ; where entries went or moved, what is around them."""
    if meaning(old) == meaning(new):
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


def _entries(node: ast.Dict) -> list[tuple[object, ast.expr]]:
    return [(meaning(key), value) for key, value in _nodes(node)]


def _entry(task: AnswerTask, key: ast.expr, value: ast.expr, around: ast.Dict) -> str:
    start = task.source.span(around.values[0])[0]
    return f"{write_python(key)}: {_data_text(task, value, start)}"


def _data_text(task: AnswerTask, node: ast.expr, start: int) -> str:
    """Data as source, its further lines indented as the line on which it begins."""
    line = task.source.line_start(start)
    before = task.source.text[line:start]
    margin = before[: len(before) - len(before.lstrip())]
    return write_python(node, indent_unit(task.reading)).replace("\n", "\n" + margin)


def _appended(
    task: AnswerTask, around: ast.expr, last: ast.expr, added: Sequence[str]
) -> Iterator[Replacement]:
    """New entries behind the last one, on lines of their own where the others have such."""
    if not added:
        return
    source = task.source
    end = end_in(source, around, last)
    start = source.line_start(source.span(last)[0])
    before = source.text[start : source.span(last)[0]]
    own_lines = source.line_of(source.span(around)[0]) != source.line_of(end)
    between = ",\n" + before[: len(before) - len(before.lstrip())] if own_lines else ", "
    yield Replacement(end, end, "".join(between + entry for entry in added))


def _changed_tail(task: AnswerTask) -> list[Replacement]:
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
