"""Rule 29: a value that JSON can't hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import rewrite, shown, told, ways
from playground.core.plain_words.source import View
from playground.core.problems import Problem

_WORDS = {
    "set": "a set",
    "frozenset": "a set",
    "bytes": "bytes",
    "complex": "a complex number",
    "function": "a function",
}


def problems(facts: Facts) -> Iterator[Problem]:
    """What ``jsonify``, ``json.dumps`` or a returned dict did not take."""
    error = facts.error
    found = (
        re.match(r"Object of type (\w+) is not JSON serializable", error.message)
        if error is not None
        else None
    )
    if error is None or found is None:
        return
    kind, view = found[1], View.of(facts)
    node = _culprit(view, kind)
    yield Problem(
        f"JSON can't hold {_WORDS.get(kind, f'an object of {shown(kind, 30)}')}.",
        place=(view.place(node) if node is not None else None) or facts.place,
        original=f"{error.type}: {error.message}",
        rule_id="not-serializable",
        why=f"{facts.view} answers with a value of the type {kind}. JSON knows texts, numbers, true, false, "
        "null, lists, and dicts of these.",
        fixes=ways(_converted(view, node, kind)) or (told(_advice(kind)),),
    )


def _advice(kind: str) -> str:
    known = {
        "set": "Write list(...) around it",
        "frozenset": "Write list(...) around it",
        "bytes": "Decode it: .decode()",
    }
    return known.get(kind, "Make a dict of what it holds")


def _culprit(view: View, kind: str) -> ast.expr | None:
    """The expression that makes such a value, where it is seen: in a return, or given to a name in one."""
    returned = [node for node in view.returns() if node.value is not None]
    for statement in returned:
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and _makes(node, kind):
                return node
    names = {node.id for statement in returned for node in ast.walk(statement) if isinstance(node, ast.Name)}
    for node in view.nodes():
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(one, ast.Name) and one.id in names for one in targets):
            value = node.value  # type: ignore[attr-defined]  # only an assignment has targets here
            if _makes(value, kind):
                return value  # type: ignore[no-any-return]  # as above
    return None


def _makes(node: ast.expr, kind: str) -> bool:
    if kind == "set":
        return isinstance(node, ast.Set | ast.SetComp) or _calls(node, "set")
    if kind == "bytes":
        return isinstance(node, ast.Constant) and isinstance(node.value, bytes)
    return _calls(node, kind)


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _converted(view: View, node: ast.expr | None, kind: str) -> Fix | None:
    written = view.segment(node) if node is not None else ""
    place = view.place(node) if node is not None else None
    if not written or place is None:
        return None
    if kind in ("set", "frozenset"):
        return rewrite("Make it a list", place, written, f"list({written})")
    if kind == "bytes":
        return rewrite("Make it a text", place, written, f"{written}.decode()")
    return rewrite("Take what it holds", place, written, f"vars({written})")
