"""Forms whose fields are called otherwise than the view that gets them looks for.

Only forms that are whole in one template and are sent to a view that is surely known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playground.core.plain_words.saying import label, listed, nearest, shown
from playground.core.problems import Place, Problem
from playground.core.routes import Route
from playground.project.checks.checked import Extractor
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Templates
from playground.project.checks.template_fields import Field, Form, forms
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import dotted, literal

_METHOD = re.compile(r"\smethod\s*=\s*[\"']?\w*[\"']?", re.IGNORECASE)
_other_name = partial(found, "missing-form-key")
_other_drawer = partial(found, "wrong-drawer")


@dataclass(frozen=True)
class Looked:
    """What a function surely looks for: ``request.form["key"]``; ``function`` is the line of its ``def``."""

    name: str
    function: int
    drawer: str
    key: str
    line: int
    column: int


def _looked(body: list[ast.stmt]) -> tuple[Looked, ...]:
    found_ones = []
    for view, *_ in all_functions(body):
        for node in own_nodes(view.body):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                drawer, key = dotted(node.value), literal(node.slice)
                if drawer in ("request.form", "request.args") and isinstance(key, str):
                    word = drawer.removeprefix("request.")
                    found_ones.append(Looked(view.name, view.lineno, word, key, node.lineno, node.col_offset))
    return tuple(found_ones)


LOOKED = Extractor("keys looked for", _looked, ("request",))


def forms_not_understood(templates: Templates) -> tuple[Problem, ...]:
    """What views look for in vain."""
    if not templates.project.whole:
        return ()
    looked: dict[tuple[str, str], list[tuple[Place, Looked]]] = {}
    for file, above, one in templates.project.all_facts(LOOKED):
        place = file.place(above + one.line, one.column)
        looked.setdefault((file.file, one.name), []).append((place, one))
    return tuple(_all(templates, looked)) if looked else ()


def _all(
    templates: Templates, looked: dict[tuple[str, str], list[tuple[Place, Looked]]]
) -> Iterator[Problem]:
    sent = list(_sent(templates))
    for name, form, route in sent:
        keys = looked.get((route.file, route.function), [])
        if form.plain:
            yield from _of_form(templates, name, form, keys)
        others = [one for _, one, to in sent if to is route]
        if form.method == "GET" and all(one.method == "GET" for one in others):
            yield from _of_method(templates, name, form, route, keys)


def _sent(templates: Templates) -> Iterator[tuple[str, Form, Route]]:
    """Each form of which it is known to which route it is sent."""
    for name, file in templates.files.items():
        for form in templates.project.index.of_template(file, forms) or ():
            route = _target(templates, name, form)
            if route is not None:
                yield name, form, route


def _target(templates: Templates, name: str, form: Form) -> Route | None:
    """The route that a form is sent to, where there is but one that it can be."""
    routes = templates.project.picture.routes
    if form.endpoint:
        named = [one for one in routes if one.endpoint == form.endpoint]
    elif form.own_page:
        views = {(one.file.file, one.call.function) for one in templates.calls_of(templates.rendering(name))}
        named = [one for one in routes if (one.file, one.function) in views]
    else:
        named = [one for one in routes if one.full_rule == form.action]
    takes = [one for one in named if form.method in one.methods]
    return takes[0] if len(takes) == 1 and len(named) == 1 else None


def _of_form(
    templates: Templates, name: str, form: Form, looked: list[tuple[Place, Looked]]
) -> Iterator[Problem]:
    drawer = "form" if form.method == "POST" else "args"
    names = [one.name for one in form.fields if one.name]
    known = {one.key for _, one in looked}
    for _, one in looked:
        if one.drawer == drawer and one.key not in names:
            near = nearest(one.key, [each for each in names if each not in known], 0.6)
            field = next((each for each in form.fields if each.name == near), None) if near else None
            nameless = next((each for each in form.fields if not each.name and each.ident == one.key), None)
            if field is not None or nameless is not None:
                yield _of_field(templates, name, one, field or nameless, names)  # type: ignore[arg-type]  # one of them is there


def _of_method(
    templates: Templates, name: str, form: Form, route: Route, looked: list[tuple[Place, Looked]]
) -> Iterator[Problem]:
    """A form that is sent by GET, as one without a method is, to a view that waits for a POST."""
    names = {one.name for one in form.fields}
    keys = [one.key for _, one in looked if one.drawer == "form" and one.key in names]
    if not keys or "POST" not in route.methods:
        return
    place = Place(templates.files[name], form.line, form.column)
    sentence = (
        f"This form is sent by GET; {shown(route.function, 30)} looks for {shown(keys[0], 30)} in a POST."
    )
    why = (
        f'A form without method="post" puts its fields into the address, where request.args has them. '
        f"{route.function} looks into request.form."
    )
    method = _METHOD.search(form.written)
    new = (
        form.written.replace(method[0], ' method="post"')
        if method is not None
        else f'{form.written[:5]} method="post"{form.written[5:]}'
    )
    send = fix("Send it by POST", "replace", place, old=form.written, new=new)
    yield _other_drawer(sentence, why, place, send)


def _of_field(templates: Templates, name: str, one: Looked, field: Field, names: list[str]) -> Problem:
    place = Place(templates.files[name], field.line, field.column)
    if field.name:
        sentence = (
            f"{shown(one.name, 30)} looks for {shown(one.key, 30)}; the form sends {shown(field.name, 30)}."
        )
        new = field.written.replace(field.name_written, field.name_written.replace(field.name, one.key))
        text = label(f"Call the field {one.key}")
    else:
        sentence = f"The field {shown(one.key, 30)} has no name, so the form does not send it."
        new = f'{field.written[: len(field.tag) + 1]} name="{one.key}"{field.written[len(field.tag) + 1 :]}'
        text = label(f"Give it the name {one.key}")
    sends = f"The form sends {listed(names, 6)}" if names else "The form sends nothing"
    why = f"{sends}: a browser sends each field under its name. A missing key is answered with 400."
    return _other_name(sentence, why, place, fix(text, "replace", place, old=field.written, new=new))
