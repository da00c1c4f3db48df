"""What a visitor sent, printed as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from playground.core.plain_words.saying import shown
from playground.core.problems import Place, Problem
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Call, Templates

_acts = partial(found, "escaping")


def unescaped(templates: Templates) -> tuple[Problem, ...]:
    """``{{ q|safe }}`` where a view passes ``q`` as it came with the request."""
    return tuple(problem for name in templates.files for problem in _of_template(templates, name))


def _of_template(templates: Templates, name: str) -> Iterator[Problem]:
    said = templates.says(name)
    if not said.safe:
        return
    calls = templates.calls_of(templates.rendering(name))
    for one in said.safe:
        sending = [call for call in calls if _sends(call, one.name)]
        if sending and one.name not in said.assigned:
            place = Place(templates.files[name], one.line, one.column)
            why = (
                f"{sending[0]} passes it as it came with the request, and |safe prints it unescaped: "
                "whoever sends a link or a form can put a script of theirs into this page."
            )
            new = one.written.replace(_safe_of(one.written), "")
            take = fix("Take |safe away", "replace", place, old=one.written, new=new)
            yield _acts(
                f"{shown(one.name, 30)} comes from visitors, and |safe lets it act as HTML.", why, place, take
            )


def _sends(call: Call, name: str) -> bool:
    return any(one.name == name and one.source == "request" for one in call.call.given)


def _safe_of(written: str) -> str:
    """``|safe`` with the space around it, as it is written."""
    bar = written.index("|")
    before = written[:bar]
    start = len(before.rstrip())
    return written[start : written.index("safe", bar) + 4]
