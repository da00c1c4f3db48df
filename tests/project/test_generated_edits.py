"""Edits of generated projects: each does what it says, in the bytes and in the app's map, and nothing else.

Every example is a project in some style and a few edits of it. Flask says what the map holds before and
after; the bytes are judged without the reading of the program. A refusal is an answer, but a rare one.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import byte_judge
import oracle
import pytest
from generated import CONVERTERS, Made, projects
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError
from playground.core.proposals import Rename
from playground.core.routes import NewBlueprint, Owner, Route, RouteDraft
from playground.project.folder import Project

QUICK, LONG = 50, 10_000
MOST_REFUSED = 0.25
_TEXT = st.text(st.sampled_from("ab <>&{}'\"\\\n\té%/#"), max_size=12)
_WORDS = st.sampled_from(
    ["", "Hello", "<b>x</b>", "it's", 'a "quote"', "two\nlines", "back\\slash", "{brace}"]
)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)
_METHODS = st.lists(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]), min_size=1, max_size=3, unique=True
).map(tuple)


@dataclass
class Tally:
    """How often each kind of edit was made, and what the refusals said."""

    made: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)

    def rate(self, kind: str) -> float:
        no = sum(count for (one, _), count in self.refused.items() if one == kind)
        return no / max(1, no + self.made[kind])

    def report(self) -> str:
        kinds = sorted({*self.made, *(kind for kind, _ in self.refused)})
        rates = [f"{kind}: {self.made[kind]} made, {self.rate(kind):.1%} refused" for kind in kinds]
        return "\n".join(
            [*rates, *(f"{n:6} {kind}: {said}" for (kind, said), n in self.refused.most_common(60))]
        )


class Editor:
    """One project, the edits that are made in it, and what they are judged by."""

    def __init__(self, draw: Callable[..., object], folder: Path, made: Made, tally: Tally) -> None:
        oracle.write(folder, made.files)
        self.draw, self.folder, self.tally = draw, folder, tally
        self.project = Project(folder, clock=count(step=100).__next__)  # no two edits are typed in one go
        self.project.scan()
        self.rows = oracle.rows(folder)
        self.files = oracle.contents(folder)
        self.versions = [self.files]
        self.serial = 0

    @property
    def routes(self) -> list[Route]:
        return [route for route in self.project.state.routes if route.in_source]

    # One edit

    def edit(self) -> None:
        """Make one edit of some kind, and judge it."""
        kind = self.draw(st.sampled_from(sorted(_EDITS)))
        try:
            judge = _EDITS[kind](self)
        except ProblemError as error:
            self.refused(kind, error)
            return
        if judge is None:
            return
        self.tally.made[kind] += 1
        after = oracle.contents(self.folder)
        for name, data in after.items():
            if name.endswith(".py"):
                compile(data, name, "exec", dont_inherit=True)
        before, old_rows, self.files, self.rows = self.files, self.rows, after, oracle.rows(self.folder)
        if after != before:
            self.versions.append(after)
        judge(before, after, old_rows, self.rows)

    def refused(self, kind: str, error: ProblemError) -> None:
        assert oracle.contents(self.folder) == self.files, "something was written and then refused"
        assert error.problem.sentence.endswith((".", "!", "?")) or ":" in error.problem.sentence
        said = re.sub(r"\w*\d\w*|/\S*|“.*”", "…", error.problem.sentence)
        self.tally.refused[kind, f"{said} [{error.problem.hint}]"[:160]] += 1

    def undo_all(self) -> None:
        """Every step back and forth gives the bytes that were there."""
        for version in reversed(self.versions[:-1]):
            self.project.undo()
            assert oracle.contents(self.folder) == version
        for version in self.versions[1:]:
            self.project.redo()
            assert oracle.contents(self.folder) == version

    # Draws

    def number(self) -> int:
        self.serial += 1
        return self.serial

    def rule(self) -> str:
        shape = self.draw(st.sampled_from(["", "/", "/<{}one>", "/<{}one>/x/<{}two>", "/<{}one>-<{}two>"]))
        given = [self.draw(st.sampled_from(CONVERTERS)) for _ in range(shape.count("{}"))]
        return f"/new{self.number()}{shape.format(*given)}"

    def answer(self, rule: str = "") -> Answer:
        kind = self.draw(st.sampled_from(AnswerKind))
        status = self.draw(st.sampled_from([None, None, 200, 201, 404]))
        headers = self.draw(st.sampled_from([(), (), (("X-New", "1"),), (("X-A", "a"), ("X-B", "b"))]))
        value = self.draw(_WORDS | _TEXT)
        if kind is AnswerKind.TEXT:
            names = re.findall(r"(\w+)>", rule)
            slot = "{" + names[0] + "}" if names and self.draw(st.booleans()) else ""
            return Answer(kind, value + slot, status, headers)
        if kind is AnswerKind.JSON:
            return Answer(kind, json.dumps(self.draw(_DATA)), status, headers)
        if kind is AnswerKind.TEMPLATE:
            given = self.draw(st.sampled_from([(), (("n", "1"),), (("n", "[1, 2]"), ("m", "'x'"))]))
            names = [info.name for info in self.project.state.templates]
            return Answer(kind, self.draw(st.sampled_from(names)), status, headers, given)
        if kind is AnswerKind.REDIRECT:
            return self._redirect()
        if kind is AnswerKind.FILE:
            return Answer(kind, "static/file.txt", status, headers)
        if kind is AnswerKind.ERROR:
            return Answer(kind, self.draw(_WORDS), self.draw(st.sampled_from([None, 404, 410, 500])))
        return Answer(kind, self.draw(st.sampled_from(_CODE)))

    def _redirect(self) -> Answer:
        status = self.draw(st.sampled_from([None, 301, 303]))
        if self.draw(st.booleans()):
            return Answer(
                AnswerKind.REDIRECT, "static", status, variables=(("filename", "'x'"),), by_endpoint=True
            )
        return Answer(AnswerKind.REDIRECT, "/elsewhere?a=1", status)

    def route(self, fit: Callable[[Route], bool]) -> Route | None:
        fitting = [route for route in self.routes if fit(route)]
        return self.draw(st.sampled_from(fitting)) if fitting else None


_CODE = [
    'return "Hi"',
    "# why\nreturn jsonify(ok=True)",
    "value = 1\n\nif value:\n    return 'yes'\nreturn 'no', 404",
    "text = '''\na\n  b\n'''\nreturn text",
    "pass",
    "def inner():\n    return 1\n\nreturn str(inner())",
    "return render_template('page.html', n=1)  # so",
]
Files = dict[str, bytes]
Rows = Counter[oracle.Row]
Judge = Callable[[Files, Files, Rows, Rows], None]


def _only(before: Files, after: Files, *names: str) -> None:
    """Files that are not named are what they were."""
    for name in {*before, *after} - set(names):
        assert before.get(name) == after.get(name), f"{name} was touched"


def _changed(old: Rows, new: Rows) -> tuple[list[oracle.Row], list[oracle.Row]]:
    return sorted((old - new).elements()), sorted((new - old).elements())


def _methods(draft: RouteDraft) -> tuple[str, ...]:
    return tuple(sorted(draft.methods))


def _row(route: Route) -> oracle.Row:
    return route.full_rule, tuple(sorted(set(route.methods) - {"HEAD", "OPTIONS"})), route.endpoint


def _in_map(route: Route, rows: Rows) -> bool:
    return _row(route) in rows


def _joined(prefix: str, rule: str) -> str:
    return "/".join((prefix.rstrip("/"), rule.lstrip("/"))) if prefix else rule


# The kinds of edits


def _add(editor: Editor) -> Judge:
    owner = editor.draw(st.sampled_from(editor.project.state.owners))
    draft = _draft(editor, owner.name)
    editor.project.add_route(draft)
    return lambda before, after, old, new: _judge_added(before, after, old, new, draft, owner)


def _draft(editor: Editor, owner: str) -> RouteDraft:
    rule = editor.rule()
    function = editor.draw(st.sampled_from(["", f"fresh_{editor.number()}"]))
    doc = editor.draw(st.sampled_from(["", "", "New.", 'Two\n\nlines "quoted"', 'Ends in a quote"', "a\\b"]))
    return RouteDraft(rule, editor.draw(_METHODS), function, doc, owner, editor.answer(rule))


def _judge_added(before: Files, after: Files, old: Rows, new: Rows, draft: RouteDraft, owner: Owner) -> None:
    gone, come = _changed(old, new)
    assert not gone
    if owner.registered:
        assert [(rule, methods) for rule, methods, _ in come] == [
            (_joined(owner.prefix, draft.rule), _methods(draft))
        ]
        assert not draft.function or come[0][2].rpartition(".")[2] == draft.function
    _only(before, after, owner.file)
    _added_nothing_else(before[owner.file], after[owner.file], draft.rule)


def _added_nothing_else(before: bytes, after: bytes, rule: str, comments: Collection[bytes] = ()) -> None:
    fresh = [
        node
        for node in ast.walk(ast.parse(byte_judge.text_of(after)))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and any(_says(one, rule) for one in node.decorator_list)
    ]
    assert len(fresh) == 1
    without = byte_judge.without(after, fresh[0], comments)
    assert any(not byte_judge.untouched(before, rest, []) for rest in without), (
        "more than a function has come"
    )
    assert not byte_judge.newlines(after) - (byte_judge.newlines(before) or {b"\n"})


def _says(decorator: ast.expr, rule: str) -> bool:
    return any(isinstance(one, ast.Constant) and one.value == rule for one in ast.walk(decorator))


def _add_with_blueprint(editor: Editor) -> Judge:
    number = editor.number()
    prefix = editor.draw(st.sampled_from(["", f"/area{number}"]))
    blueprint = NewBlueprint(f"area{number}", prefix, f"area{number}.py")
    draft = replace(_draft(editor, "app"), new_blueprint=blueprint)
    editor.project.add_route(draft)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        gone, come = _changed(old, new)
        assert not gone
        assert [(rule, methods) for rule, methods, _ in come] == [
            (_joined(prefix, draft.rule), _methods(draft))
        ]
        assert come[0][2].startswith(f"area{number}.")
        changed = [name for name in after if before.get(name) != after[name]]
        assert len(changed) == 2 and f"area{number}.py" in changed
        app = next(name for name in changed if name in before)
        call = re.compile(rb"(?:\r\n|\r|\n)?[^\r\n]*register_blueprint\(area%d_bp\)" % number)
        assert len(call.findall(after[app])) == 1
        assert not byte_judge.untouched(before[app], call.sub(b"", after[app]), [])

    return judge


def _change(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    if route is None:
        return None
    draft = RouteDraft.of(route)
    parts = editor.draw(
        st.lists(
            st.sampled_from(["rule", "methods", "function", "doc", "answer", "status"]),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    for part in parts:
        draft = _changed_part(editor, route, draft, part)
    siblings = [one for one in editor.routes if one.region == route.region]
    editor.project.change_route(route, draft)
    return lambda before, after, old, new: _judge_changed(before, after, old, new, route, draft, siblings)


def _changed_part(editor: Editor, route: Route, draft: RouteDraft, part: str) -> RouteDraft:
    if part == "rule":
        names = re.findall(r"<[^<>]*>", route.rule)
        kept = "".join(f"/{one}" for one in names) if editor.draw(st.booleans()) else ""
        return replace(draft, rule=f"{editor.rule()}{kept}" if kept else editor.rule())
    if part == "methods":
        return replace(draft, methods=editor.draw(_METHODS))
    if part == "function":
        return replace(draft, function=f"changed_{editor.number()}")
    if part == "doc":
        return replace(draft, doc=editor.draw(st.sampled_from(["", "Changed.", "Two\n\nlines", 'A "quote"'])))
    if part == "answer":
        return replace(draft, answer=editor.answer(draft.rule))
    if draft.answer.kind is AnswerKind.PYTHON:
        return replace(draft, answer=replace(draft.answer, value=f"# changed\n{draft.answer.value}"))
    status = {AnswerKind.REDIRECT: 308, AnswerKind.ERROR: 418}.get(draft.answer.kind, 202)
    return replace(draft, answer=replace(draft.answer, status=status))


def _judge_changed(
    before: Files, after: Files, old: Rows, new: Rows, route: Route, draft: RouteDraft, siblings: list[Route]
) -> None:
    _only(before, after, route.file)
    lines = [range(route.line - 1, route.end_line)]
    wrong = byte_judge.untouched(before[route.file], after[route.file], lines)
    assert not wrong, wrong
    expected = Counter(old)
    for one in siblings:
        if not _in_map(one, old):
            continue
        rule, methods, endpoint = _row(one)
        expected[rule, methods, endpoint] -= 1
        if one.rule == route.rule:
            rule, methods = _joined(one.prefix, draft.rule), _methods(draft)
        else:
            rule = _renamed_too(rule, route, draft, new)
        named = endpoint.rpartition(".")[2] == route.function
        if named and "endpoint=" not in (route.region.text if route.region else ""):
            endpoint = endpoint.removesuffix(route.function) + draft.function
        expected[rule, methods, endpoint] += 1
    assert new == +expected


def _renamed_too(rule: str, route: Route, draft: RouteDraft, rows: Rows) -> str:
    """Another rule of the view, in which a parameter has its new name too."""
    names = [re.findall(r"(\w+)>", one) for one in (route.rule, draft.rule)]
    renamed = rule
    if len(names[0]) == len(names[1]):
        for old, new in zip(*names, strict=True):
            renamed = re.sub(rf"\b{old}>", f"{new}>", renamed)
    return renamed if any(row[0] == renamed for row in rows) else rule


def _remove(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    if route is None:
        return None
    editor.project.remove_route(route)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        _only(before, after, route.file)
        gone, come = _changed(old, new)
        assert not come
        assert gone == ([_row(route)] if _in_map(route, old) else [])
        _removed_nothing_else(before[route.file], after[route.file], route)

    return judge


def _removed_nothing_else(before: bytes, after: bytes, route: Route) -> None:
    if route.sibling_rules:
        wrong = byte_judge.untouched(before, after, [range(route.line - 1, route.end_line)])
        assert not wrong, wrong
        return
    view = next(
        one
        for one in byte_judge.statements_called(before, route.function)
        if byte_judge.span(one).start == route.line - 1
    )
    kept = list(byte_judge.without(before, view))
    filled = re.compile(rb"[ \t]*pass(?:\r\n|\r|\n)?")
    assert after in kept or any(filled.sub(b"", after) == filled.sub(b"", rest) for rest in kept)


def _duplicate(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    if route is None:
        return None
    known = {one.rule for one in editor.routes}
    editor.project.duplicate_route(route)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        _only(before, after, route.file)
        gone, come = _changed(old, new)
        assert not gone
        if _in_map(route, old):
            assert len(come) == 1 and come[0][1] == _row(route)[1]
        lines = before[route.file].splitlines()[route.line - 1 : route.end_line]
        comments = {line.strip() for line in lines if line.strip().startswith(b"#")}  # between decorators
        (rule,) = {one.rule for one in editor.routes} - known
        _added_nothing_else(before[route.file], after[route.file], rule, comments)

    return judge


def _move(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    owners = [one for one in editor.project.state.owners if route is not None and one.name != route.owner]
    if route is None or not owners:
        return None
    owner = editor.draw(st.sampled_from(owners))
    mates = [one for one in editor.routes if one.region == route.region]
    editor.project.change_route(route, replace(RouteDraft.of(route), owner=owner.name))

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        _only(before, after, route.file, owner.file)
        gone, come = _changed(old, new)
        assert gone == sorted(_row(one) for one in mates if _in_map(one, old))
        if owner.registered and come:
            moved = [(_joined(owner.prefix, one.rule), _row(one)[1]) for one in mates]
            assert [(rule, methods) for rule, methods, _ in come] == sorted(moved)
        _moved_whole(before[route.file], after[owner.file], route)

    return judge


def _move_to_a_new_blueprint(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    if route is None:
        return None
    number = editor.number()
    blueprint = NewBlueprint(f"area{number}", f"/area{number}", f"area{number}.py")
    mates = [one for one in editor.routes if one.region == route.region]
    editor.project.change_route(route, replace(RouteDraft.of(route), new_blueprint=blueprint))

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        gone, come = _changed(old, new)
        assert gone == sorted(_row(one) for one in mates if _in_map(one, old))
        moved = [(_joined(blueprint.prefix, one.rule), _row(one)[1]) for one in mates]
        assert [(rule, methods) for rule, methods, _ in come] == sorted(moved)
        _moved_whole(before[route.file], after[blueprint.file], route)

    return judge


def _moved_whole(before: bytes, after: bytes, route: Route) -> None:
    """The view is what it was, but for the decorators that make it a route."""
    was = [_without_routes(one) for one in byte_judge.statements_called(before, route.function)]
    now = [_without_routes(one) for one in byte_judge.statements_called(after, route.function)]
    assert any(one in was for one in now), "the view itself has changed"
    here = range(route.line - 1, route.end_line)
    kept = [text for _, text in byte_judge.comments(after)]
    lost = [text for line, text in byte_judge.comments(before) if line in here and text not in kept]
    assert not lost, f"a comment is gone: {lost[0]}"


def _without_routes(view: ast.stmt) -> str:
    assert isinstance(view, (ast.FunctionDef, ast.AsyncFunctionDef))
    calls = [one for one in view.decorator_list if isinstance(one, ast.Call)]
    made = [one for one in calls if isinstance(one.func, ast.Attribute)]
    others = [ast.dump(one) for one in view.decorator_list if one not in made]
    body = [ast.dump(one) for one in view.body]
    return repr(
        (type(view).__name__, others, ast.dump(view.args), body, view.returns and ast.dump(view.returns))
    )


def _write_region(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.region is not None)
    if route is None or route.region is None:
        return None
    region = route.region
    text = region.text + editor.draw(st.sampled_from(["  # typed", "\n# typed below", "\n", "  # é"[:-1]]))
    if region.text.rstrip().endswith("\\") or '"""' in text.rpartition("\n")[2]:
        return None
    editor.project.write_region(region, text)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        _only(before, after, route.file)
        assert old == new
        data = before[route.file]
        assert after[route.file].startswith(data[: region.end])
        assert after[route.file].endswith(data[region.end :])

    return judge


def _new_template(editor: Editor) -> Judge:
    name = f"fresh{editor.number()}.html"
    editor.project.new_template(name)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        _only(before, after, f"templates/{name}")
        assert old == new

    return judge


def _rename_template(editor: Editor) -> Judge:
    names = [info.name for info in editor.project.state.templates]
    old_name, new_name = editor.draw(st.sampled_from(names)), f"renamed{editor.number()}.html"
    editor.project.rename_template(old_name, new_name)

    def judge(before: Files, after: Files, old: Rows, new: Rows) -> None:
        assert old == new
        for name in {*before, *after}:
            origin = f"templates/{old_name}" if name == f"templates/{new_name}" else name
            if name == f"templates/{old_name}":
                assert name not in after
                continue
            quotes = [(mark + old_name + mark).encode() for mark in "'\""]
            there = before[origin]
            for one in quotes:
                there = there.replace(one, one.replace(old_name.encode(), new_name.encode()))
            assert there == after[name]

    return judge


# Renames as they are proposed: all that says the old name says the new one, and the map follows


def _rename_function(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable)
    if route is None:
        return None
    new = f"renamed{editor.number()}"
    mates = [one for one in editor.routes if one.region == route.region]
    _propose(editor, Rename("function", route.function, new, route))
    named = {
        one.endpoint: _last_changed(one.endpoint, new)
        for one in mates
        if one.endpoint.rpartition(".")[2] == route.function and not _says_endpoint(one)
    }
    return _judge_renamed(route.function, new, lambda row: (row[0], row[1], named.get(row[2], row[2])))


def _rename_endpoint(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable and _in_map(one, editor.rows))
    if route is None:
        return None
    old, new = route.endpoint, f"renamed{editor.number()}"
    _propose(editor, Rename("endpoint", old, new, route))
    full = _last_changed(old, new)
    last = old.rpartition(".")[2]
    return _judge_renamed(last, new, lambda row: (row[0], row[1], full if row[2] == old else row[2]))


def _rename_parameter(editor: Editor) -> Judge | None:
    route = editor.route(lambda one: one.editable and bool(_parameters_of(one)))
    if route is None:
        return None
    old, new = editor.draw(st.sampled_from(_parameters_of(route))), f"renamed{editor.number()}"
    mates = [one for one in editor.routes if one.region == route.region]
    _propose(editor, Rename("parameter", old, new, route))
    rules = {one.full_rule: _joined(one.prefix, re.sub(rf"\b{old}>", f"{new}>", one.rule)) for one in mates}
    mine = {_row(one) for one in mates}
    return _judge_renamed(old, new, lambda row: (rules[row[0]], row[1], row[2]) if row in mine else row)


def _rename_blueprint(editor: Editor) -> Judge | None:
    owners = [one for one in editor.project.state.owners if one.kind == "blueprint"]
    if not owners:
        return None
    old, new = editor.draw(st.sampled_from(owners)).name, f"renamed{editor.number()}"
    _propose(editor, Rename("blueprint", old, new))
    full = _last_changed(old, new)

    def after(row: oracle.Row) -> oracle.Row:
        return row[0], row[1], full + row[2][len(old) :] if row[2].startswith(old + ".") else row[2]

    return _judge_renamed(old.rpartition(".")[2], new, after)


def _propose(editor: Editor, wanted: Rename) -> None:
    """Nothing is written by proposing; one step is written by applying."""
    proposal = editor.project.propose(wanted)
    assert oracle.contents(editor.folder) == editor.files
    editor.project.apply_proposal(proposal)


def _judge_renamed(old: str, new: str, row_after: Callable[[oracle.Row], oracle.Row]) -> Judge:
    """The new name, which is said nowhere else, put back to the old one gives the bytes as they were."""
    made_explicit = re.compile(rb", endpoint=([\"'])%s\1" % new.encode())

    def judge(before: Files, after: Files, old_rows: Rows, new_rows: Rows) -> None:
        assert before.keys() == after.keys()
        for name, data in after.items():
            was = old.encode(byte_judge.encoding_of(before[name]).removesuffix("-sig"))
            back = [one.replace(new.encode(), was) for one in (data, made_explicit.sub(b"", data))]
            assert before[name] in back, f"{name} has more than a new name"
        assert new_rows == Counter(row_after(row) for row in old_rows.elements())

    return judge


def _says_endpoint(route: Route) -> bool:
    return route.region is not None and "endpoint=" in route.region.text


def _parameters_of(route: Route) -> list[str]:
    return [one for one in re.findall(r"(\w+)>", route.rule) if one in route.parameters]


def _last_changed(endpoint: str, new: str) -> str:
    return f"{endpoint.rpartition('.')[0]}.{new}" if "." in endpoint else new


_EDITS: dict[str, Callable[[Editor], Judge | None]] = {
    "add": _add,
    "add with a blueprint": _add_with_blueprint,
    "change": _change,
    "duplicate": _duplicate,
    "move": _move,
    "move to a new blueprint": _move_to_a_new_blueprint,
    "new template": _new_template,
    "remove": _remove,
    "rename blueprint": _rename_blueprint,
    "rename endpoint": _rename_endpoint,
    "rename function": _rename_function,
    "rename parameter": _rename_parameter,
    "rename template": _rename_template,
    "write region": _write_region,
}


def _run(folder: Path, examples: int, real: int) -> Tally:
    """Examples one after the other in one folder; of some, ``flask routes`` has to say the same."""
    tally = Tally()
    asked: Iterator[bool] = iter(number % (examples // real) == 0 for number in range(100 * examples))

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(projects(), st.data())
    def examine(made: Made, data: st.DataObject) -> None:
        editor = Editor(data.draw, folder, made, tally)
        for _ in range(data.draw(st.integers(1, 3))):
            editor.edit()
        editor.undo_all()
        if next(asked):
            assert oracle.flask_routes(folder) == editor.rows

    examine()
    return tally


def test_an_edit_of_a_generated_project_does_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    _run(tmp_path, QUICK, 2)


@pytest.mark.long
def test_ten_thousand_edits_of_generated_projects(tmp_path: Path) -> None:
    tally = _run(tmp_path, LONG, 300)
    moves = {"move", "move to a new blueprint"}  # most views of a factory, or that need what is around, can't
    assert all(tally.rate(kind) < MOST_REFUSED for kind in {*tally.made} - moves), tally.report()
