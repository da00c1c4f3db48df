"""Variables that a template uses and that no call gives it: said only where all calls are known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from playground.core.fixes import Fix
from playground.core.plain_words.saying import label, listed, nearest, shown, told
from playground.core.problems import Place, Problem
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Call, Templates
from playground.project.checks.template_says import Use

_undefined = partial(found, "undefined-variable")


def variables_not_given(templates: Templates) -> tuple[Problem, ...]:
    """What each template uses, but neither it nor what it is part of is given or makes."""
    if not any(templates.says(name).uses for name in templates.files):
        return ()
    always = templates.given_to_all()
    if always is None:
        return ()
    return tuple(problem for name in templates.files for problem in _of_template(templates, name, always))


def _of_template(templates: Templates, name: str, always: frozenset[str]) -> Iterator[Problem]:
    said = templates.says(name)
    if not said.readable or not said.uses:
        return
    rendering = templates.rendering(name)
    calls = templates.calls_of(rendering)
    chain = [templates.says(one) for one in rendering]
    if not calls or any(one.call.unpacks for one in calls) or not all(one.readable for one in chain):
        return
    given = tuple(dict.fromkeys(one.name for each in calls for one in each.call.given))
    known = always.union(given, *(one.assigned for one in chain))
    for use in said.uses:
        reached = not use.under or any(names <= known for names in use.under)
        if not use.guarded and reached and use.name not in known:
            yield _problem(templates, name, use, calls, given)


def _problem(
    templates: Templates, name: str, use: Use, calls: tuple[Call, ...], given: tuple[str, ...]
) -> Problem:
    place = Place(templates.files[name], use.line, use.column)
    near = nearest(use.name, given, 0.6)
    missing = shown(use.name, 30)
    if near:
        sentence = f"{missing} isn't passed to {shown(name, 30)}; {shown(near, 30)} is."
    else:
        sentence = f"{missing} isn't passed to {shown(name, 30)}."
    where = listed((str(one) for one in calls), 3)
    passed = f"with {listed(given, 8)}" if given else "with no variable"
    why = (
        f"It is rendered in {where} {passed}. Where a variable is missing, the page stays blank; "
        "an attribute or a loop of it is an error."
    )
    fixes = tuple(_fixes(use, near, place, calls))
    return _undefined(sentence, why, place, *(fixes or (told(label(f"Pass {use.name} to render_template")),)))


def _fixes(use: Use, near: str, place: Place, calls: tuple[Call, ...]) -> Iterator[Fix]:
    if near:
        yield fix(label(f"Write {near}"), "rename_variable", place, old=use.name, new=near)
    one = calls[0]
    if len(calls) == 1 and use.name in one.call.known and one.written:
        where = one.file.place(one.line, one.call.column)
        words = {"old": one.written, "new": f"{one.written}, {use.name}={use.name}"}
        yield fix(label(f"Pass {use.name}={use.name}"), "replace", where, **words)
