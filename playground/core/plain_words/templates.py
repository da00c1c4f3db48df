"""Rules 10 to 12: a template that is not there, that lacks a variable, or that Jinja can't read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, splitext

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import (
    label,
    listed,
    mend,
    nearest,
    nearest_file,
    rewrite,
    shown,
    shown_line,
    starts_inside,
    there_are,
    told,
    ways,
    within,
)
from playground.core.plain_words.source import View, line_of
from playground.core.plain_words.tags import corrected
from playground.core.problems import Place, Problem
from playground.core.trips import Raised, Stage

_NO_TEMPLATE = ("TemplateNotFound", "TemplatesNotFound")


def problems(facts: Facts) -> Iterator[Problem]:
    """What became of the template."""
    error = facts.error
    if error is None:
        return
    if error.type in _NO_TEMPLATE:
        yield _not_there(facts, error)
    elif error.type in ("TemplateSyntaxError", "TemplateAssertionError"):
        yield _unreadable(facts, error)
    elif error.type == "UndefinedError":
        yield _undefined(facts, error)


def _original(error: Raised) -> str:
    return f"{error.type}: {error.message}"


# -- not there -----------------------------------------------------------------------------------------


def _not_there(facts: Facts, error: Raised) -> Problem:
    name = error.fact("template") or error.message.partition(",")[0].strip()
    parent = next((one for one in facts.templates if name in (one.extends, *one.includes)), None)
    where = _named_at(facts, name, parent.file if parent else "") or facts.place
    known = {one.name: one.file for one in facts.templates}
    wrong = _elsewhere(facts, name)
    inside = within(name, known)
    near = inside or nearest_file(name, known)
    if inside:
        sentence = starts_inside(name, inside)
    elif wrong:
        sentence = (
            f"{shown(name, 40)} lies in {shown(dirname(wrong) or 'the project', 40)}, not in templates."
        )
    elif near and near.lower() == name.lower():
        sentence = (
            f"There is no template {shown(name, 40)}; upper and lower case differ from {shown(near, 40)}."
        )
    elif near:
        sentence = f"There is no template {shown(name, 40)}; the nearest is {shown(near, 40)}."
    else:
        sentence = f"There is no template {shown(name, 40)}."
    return Problem(
        sentence,
        place=where,
        original=_original(error),
        rule_id="template-not-found",
        why=_searched(facts, name, parent.name if parent else ""),
        fixes=ways(
            _move(name, wrong),
            _named_right(facts, name, near, where) if not wrong else None,
            mend(label(f"Make {name}"), "make_template", "", name=name)
            if not wrong and not inside and splitext(name)[1]
            else None,
        )
        or (told("Write its whole name, with .html"),),
    )


def _named_at(facts: Facts, name: str, file: str) -> Place | None:
    """The line that names the template: of the parent's file, else of the project's own frame."""
    for number, line in enumerate(facts.text(file).splitlines() if file else (), start=1):
        if f"'{name}'" in line or f'"{name}"' in line:
            return Place(file, number)
    return None


def _elsewhere(facts: Facts, name: str) -> str:
    """A file of that name that lies where Flask does not look: in template/, or beside the app."""
    known = {one.file for one in facts.templates}
    files = [one for one in facts.files if one == name or one.endswith(f"/{name}")]
    return next((one for one in files if one not in known), "")


def _searched(facts: Facts, name: str, parent: str) -> str:
    folders = list(
        dict.fromkeys(
            one.file[: len(one.file) - len(one.name)].rstrip("/")
            for one in facts.templates
            if one.file.endswith(one.name)
        )
    )
    looked = (
        f"Flask looked in {listed(f'{one}/' for one in folders)}."
        if folders
        else ("Flask looks in the folder templates/ beside the app, and there is none with a template in it.")
    )
    by = f" {parent} names it." if parent else ""
    return f"{looked}{by}{there_are([one.name for one in facts.templates])}"


def _move(name: str, wrong: str) -> Fix | None:
    if not wrong:
        return None
    here = wrong[: len(wrong) - len(name)].rstrip("/")
    folder = basename(here)
    if folder and folder != "templates":
        new = f"{dirname(here)}/templates".lstrip("/")
        return mend(label(f"Rename {folder}/ to templates/"), "move_folder", here, new=new)
    return mend(label(f"Move {name} to templates/"), "move_file", wrong, new=f"templates/{name}")


def _named_right(facts: Facts, name: str, near: str, where: Place | None) -> Fix | None:
    line = line_of(facts, where)
    if not near or where is None:
        return None
    for quote in ("'", '"'):
        if f"{quote}{name}{quote}" in line:
            return rewrite(label(f"Write {near}"), where, f"{quote}{name}{quote}", f"{quote}{near}{quote}")
    return None


# -- a variable ----------------------------------------------------------------------------------------


def _undefined(facts: Facts, error: Raised) -> Problem:
    place = _template_place(facts, error) or facts.place
    bare = re.match(r"'([\w.]+)' is undefined", error.message)
    lacking = re.match(r"'(.+?)' has no (?:attribute|element) '?(\w+)'?", error.message)
    if bare is not None:
        return _not_passed(facts, error, bare[1], place)
    if lacking is not None:
        return _no_attribute(facts, error, lacking[1], lacking[2], place)
    return Problem(
        "The template uses something that is not there.",
        place=place,
        original=_original(error),
        rule_id="undefined-variable",
        why=f"Jinja says: {error.message}.",
        fixes=(told("Pass it to render_template"),),
    )


def _template_place(facts: Facts, error: Raised) -> Place | None:
    """The template's own line: that of its frame, which Jinja puts into the traceback."""
    files = {one.file for one in facts.templates}
    frame = next((one for one in reversed(error.frames) if one.file in files), None)
    return Place(frame.file, frame.line) if frame is not None else None


def _passed(facts: Facts) -> tuple[str, ...]:
    step = facts.step(Stage.TEMPLATE)
    return tuple(value.name for value in step.values) if step is not None else ()


def _not_passed(facts: Facts, error: Raised, name: str, place: Place | None) -> Problem:
    passed = _passed(facts)
    near = nearest(name, passed, 0.6)
    step = facts.step(Stage.TEMPLATE)
    template = step.name if step is not None else place.file if place else "The template"
    sentence = (
        f"{shown(template, 40)} uses {shown(name, 30)}; it was given {shown(near, 30)}."
        if near
        else f"{shown(template, 40)} uses {shown(name, 30)}, which it was not given."
    )
    return Problem(
        sentence,
        place=place,
        original=_original(error),
        rule_id="undefined-variable",
        why=f"It was given {listed(passed, 8) or 'nothing'}. A name alone would print nothing; an attribute, "
        "a call or a loop of it fails.",
        fixes=ways(
            _rename_use(facts, name, near, place),
            _pass_it(facts, name),
            _if_there(facts, name, place) if not near else None,
        )
        or (told(f"Pass {shown(name, 20)} to render_template"),),
    )


def _rename_use(facts: Facts, name: str, near: str, place: Place | None) -> Fix | None:
    found = re.search(rf"\b{re.escape(name)}\b", line_of(facts, place)) if near else None
    return rewrite(label(f"Write {near}"), place, name, near) if found and place is not None else None


def _pass_it(facts: Facts, name: str) -> Fix | None:
    """The view hands on a variable of its own that has this name."""
    view = View.of(facts)
    function = view.function
    if function is None or view.route is None or "." in name:
        return None
    own = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    own |= set(re.findall(r"^\s+(\w+)\s*=[^=]", view.text, re.MULTILINE))
    calls = [number for number, line in enumerate(view.lines) if "render_template(" in line]
    if name not in own or len(calls) != 1:
        return None
    line = view.lines[calls[0]]
    found = re.search(r"render_template\(\s*(['\"])[^'\"]+\1", line)
    if found is None:
        return None
    place = Place(view.route.file, view.route.line + calls[0])
    return rewrite(label(f"Pass {name}={name}"), place, found[0], f"{found[0]}, {name}={name}")


def _if_there(facts: Facts, name: str, place: Place | None) -> Fix | None:
    """What the template prints becomes empty where the variable is missing."""
    found = re.search(rf"\{{\{{-?\s*({re.escape(name)}\b[\w.]*)\s*-?\}}\}}", line_of(facts, place))
    if found is None or place is None:
        return None
    return rewrite(
        label(f"Show it only if {name} is there"),
        place,
        found[0],
        f"{{% if {name} %}}{found[0]}{{% endif %}}",
    )


def _no_attribute(facts: Facts, error: Raised, owner: str, name: str, place: Place | None) -> Problem:
    line = line_of(facts, place)
    return Problem(
        f"The template asks for {shown(name, 30)}, which {_thing(owner)} does not have.",
        place=place,
        original=_original(error),
        rule_id="undefined-variable",
        why=f"The line says: {shown_line(line)}." if line else f"Jinja says: {error.message}.",
        fixes=ways(_default(line, name, place)) or (told(f"Look at what has {shown(name, 20)}"),),
    )


def _thing(owner: str) -> str:
    word = owner.removesuffix(" object").rpartition(".")[2]
    return {"dict": "the dict", "list": "the list", "str": "the text", "None": "None"}.get(
        word, f"the {shown(word, 30)}"
    )


def _default(line: str, name: str, place: Place | None) -> Fix | None:
    found = re.search(rf"\{{\{{-?\s*([\w.]*\.{re.escape(name)})\.[^{{}}]*\}}\}}", line)
    if found is None or place is None:
        return None
    return rewrite(
        "Show it only if it is there", place, found[0], f"{{% if {found[1]} %}}{found[0]}{{% endif %}}"
    )


# -- syntax ---------------------------------------------------------------------------------------------


def _unreadable(facts: Facts, error: Raised) -> Problem:
    name, number = error.fact("template"), error.fact("line")
    file = next((one.file for one in facts.templates if one.name == name), "")
    place = Place(file, int(number) if number.isdigit() else None) if file else facts.place
    before = facts.text(file).splitlines()[: place.line - 1] if place and file and place.line else []
    sentence, fixes = corrected(error.message, line_of(facts, place), place, before)
    if sentence.startswith("Jinja can't read"):
        same = [one for one in facts.findings if str(one.place) == str(place)]
        sentence = next((one.sentence for one in same if one.rule_id == "template-syntax"), sentence)
    return Problem(
        sentence,
        place=place,
        original=_original(error),
        rule_id="template-syntax",
        why=f"Line {number or '?'} of {name or 'the template'} says: {shown_line(line_of(facts, place))}.",
        fixes=fixes,
    )
