"""The command that says what becomes of a method and a path, and why."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator

from playground.cli.fencing import fenced, leave_behind_threads_of_the_app
from playground.cli.opened import opened
from playground.cli.output import say
from playground.core.explanations import Explanation, Near
from playground.core.fixes import Fix, Mend
from playground.core.problems import ProblemError, refuse

_METHOD = re.compile(r"[A-Za-z][A-Za-z-]*")
_TITLES = {
    "match": "matched",
    "not_found": "404, no route matched",
    "method_not_allowed": "405, the method is not taken",
    "redirect": "the browser is sent on",
    "error": "an error while Flask looked for the route",
}


def run_explain(arguments: argparse.Namespace) -> int:
    """Import the app once and ask its router; no view runs."""
    method, path = _method(arguments.method), _path(arguments.path)
    with opened(arguments.folder, trusted=True) as session:
        if arguments.app:
            session.choose_app(arguments.app, keep=False)
        with fenced():
            live = session.go_live()
            told = session.explain(method, path) if live.loaded else None
        if told is None:
            raise ProblemError(live.problem) if live.problem is not None else refuse("No app was loaded.")
        say(json.dumps(_as_json(told), indent=2) if arguments.json else "\n".join(_as_text(told)))
    leave_behind_threads_of_the_app()
    return 0


def _method(text: str) -> str:
    if not _METHOD.fullmatch(text):
        raise refuse(f"{text!r} is not a method.", "Write for example GET or POST.", field="method")
    return text.upper()


def _path(text: str) -> str:
    after_host = re.match(r"[A-Za-z]+://[^/?#]*(/?[^#]*)", text)
    if after_host:
        hint = f"Write what comes after the host: {after_host[1] or '/'}"
        raise refuse(f"{text} is a whole address, not a path.", hint, field="path")
    if not text.startswith("/"):
        raise refuse(f"{text!r} is not a path: a path begins with a slash.", f"Write /{text}", field="path")
    return text


# -- for programs -------------------------------------------------------------------------------------------


def _as_json(told: Explanation) -> dict[str, object]:
    match = told.match
    return {
        "method": match.method,
        "path": match.path,
        "outcome": match.outcome,
        "rule": match.rule,
        "endpoint": match.endpoint,
        "values": dict(match.values),
        "location": match.location,
        "allowed": list(match.allowed),
        "why": list(told.why),
        "near": [_near_row(near) for near in told.near],
        "fixes": [{"label": fix.label, "does": in_words(fix)} for fix in told.fixes],
    }


def _near_row(near: Near) -> dict[str, object]:
    return {
        "rule": near.rule,
        "endpoint": near.endpoint,
        "methods": list(near.methods),
        "matched": near.matched,
        "stopped": near.stopped,
        "stop": str(near.stop),
        "reason": near.reason,
        "parameter": near.parameter,
    }


def in_words(fix: Fix) -> str:
    """What a way out edits, sends or has typed."""
    if fix.mend is not None:
        return _edit(fix.mend)
    if fix.request is not None:
        headers = "".join(f", with {name}: {value}" for name, value in fix.request.headers)
        return f"send {fix.request.method} {fix.request.url}{headers}"
    return fix.command


def _edit(mend: Mend) -> str:
    rule = mend.word("rule")
    if mend.name == "change_rule":
        return f"change the rule {rule} to {mend.word('full')}"
    if mend.name == "add_method":
        return f"let {rule} take {mend.word('method')}"
    if mend.name == "add_route":
        return f"add a route {mend.word('method')} {rule}"
    return "write a page of the app's own for status 404"


# -- for people ---------------------------------------------------------------------------------------------


def _as_text(told: Explanation) -> Iterator[str]:
    match = told.match
    yield f"{match.method} {match.path}: {_TITLES[match.outcome]}"
    if match.rule:
        yield f"  rule      {match.rule}"
        yield f"  endpoint  {match.endpoint}"
    for name, value in match.values:
        yield f"  value     {name} = {value}"
    if match.location:
        yield f"  location  {match.location}"
    if match.allowed:
        yield f"  allowed   {', '.join(match.allowed)}"
    yield from (f"  {sentence}" for sentence in told.why)
    if told.near:
        yield "Other rules:" if match.outcome == "match" else "Nearest rules:"
        yield from _near_lines(told.near)
    if told.fixes:
        yield "What can be done:"
        yield from (f"  {fix.label}: {in_words(fix)}" for fix in told.fixes)


def _near_lines(near: tuple[Near, ...]) -> Iterator[str]:
    """In columns; where the path stopped is marked with ``>``, for there is no colour to do it."""
    methods = max(len(",".join(one.methods)) for one in near)
    rules = max(len(one.rule) for one in near)
    for one in near:
        reached = f"{one.matched} > {one.stopped}" if one.stopped else one.matched
        yield f"  {','.join(one.methods):<{methods}}  {one.rule:<{rules}}  {reached}: {one.reason}"
