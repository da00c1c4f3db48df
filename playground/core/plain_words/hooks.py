"""Rule 8 for hooks: an ``after_request`` that does not give the response back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.pieces import FAILURES, parse_quietly
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, mend, shown, told, ways
from playground.core.problems import Place, Problem
from playground.core.trips import Stage, Step


def problems(facts: Facts) -> Iterator[Problem]:
    """Flask went on with the None that the last hook returned."""
    error, hook = facts.error, facts.step(Stage.AFTER)
    if (
        error is None
        or hook is None
        or error.own_frame is not None
        or "'NoneType' object" not in error.message
    ):
        return
    yield Problem(
        f"{shown(hook.name, 30)} returned None; an after_request hook has to return the response.",
        place=hook.place,
        original=f"{error.type}: {error.message}",
        rule_id="missing-return",
        why="What a hook of after_request returns is sent in place of the response that it was given.",
        fixes=ways(_return_it(facts, hook)) or (told("Return the response"),),
    )


def _return_it(facts: Facts, hook: Step) -> Fix | None:
    """The hook's own parameter is returned at its end."""
    node = _function(facts, hook.place, hook.name)
    if node is None or hook.place is None or len(node.args.args) != 1:
        return None
    last, name = node.body[-1], node.args.args[0].arg
    if isinstance(last, ast.Return):
        return None
    words = {"label": f"return {name}", "column": str(last.col_offset), "def": str(node.lineno)}
    words |= {"function": node.name, "text": f"return {name}"}
    return mend(label(f"Add return {name}"), "return_at_end", hook.place.file, last.lineno, **words)


def _function(facts: Facts, place: Place | None, name: str) -> ast.FunctionDef | None:
    if place is None or place.line is None:
        return None
    try:
        tree = parse_quietly(facts.text(place.file))
    except FAILURES:
        return None
    found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == name]
    return next((one for one in found if one.lineno <= place.line <= (one.end_lineno or place.line)), None)
