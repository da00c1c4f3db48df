"""Templates that Python or another template names, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from posixpath import dirname, splitext

from playground.core.fixes import Fix
from playground.core.plain_words.saying import (
    label,
    listed,
    nearest_file,
    shown,
    starts_inside,
    there_are,
    told,
    within,
)
from playground.core.problems import Place, Problem
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Templates

_not_there = partial(found, "template-not-found")
MOST = 40
"""Letters of a file's name that a sentence shows."""


def templates_not_found(templates: Templates) -> tuple[Problem, ...]:
    """Each name once, where it is said first."""
    if not templates.all_named:
        return ()
    first: dict[str, Problem] = {}
    for name, place, written, by in _said(templates):
        is_ours = "/" not in name or not templates.has_extensions
        if name not in templates.files and name not in first and is_ours and _is_plain(name):
            first[name] = _problem(templates, name, place, written, by)
    return tuple(first.values())


def _is_plain(name: str) -> bool:
    return bool(name) and not name.startswith(("/", ".")) and ".." not in name and "\\" not in name


def _said(templates: Templates) -> Iterator[tuple[str, Place, str, str]]:
    """Every template that is named: where, as it is written, and by what."""
    for one in templates.calls:
        if one.call.name:
            place = one.file.place(one.line, one.call.column)
            yield one.call.name, place, one.written, one.file.file
    for name in templates.files:
        for named in templates.says(name).named:
            if not named.optional:
                place = Place(templates.files[name], named.line, named.column)
                yield named.name, place, named.written, name


def _problem(templates: Templates, name: str, place: Place, written: str, by: str) -> Problem:
    inside = within(name, templates.files)
    elsewhere = "" if inside else _elsewhere(templates, name)
    near = inside or nearest_file(name, templates.files)
    there = shown(name, MOST)
    if inside:
        sentence = starts_inside(name, inside)
    elif elsewhere:
        folder = dirname(elsewhere)[: -len(dirname(name)) or None].rstrip("/")
        sentence = (
            f"{there} lies in {shown(folder, MOST)}/, not in templates/."
            if folder
            else (f"{there} lies beside the app, not in templates/.")
        )
    elif near.lower() == name.lower():
        sentence = f"There is no template {there}; {shown(near, MOST)} differs in upper and lower case."
    elif near:
        sentence = f"There is no template {there}; the nearest is {shown(near, MOST)}."
    else:
        sentence = f"There is no template {there}."
    fixes = _fixes(name, near, elsewhere, place, written, is_inside=bool(inside))
    return _not_there(sentence, _why(templates, by), place, *fixes)


def _elsewhere(templates: Templates, name: str) -> str:
    """A file of that name where Flask does not look, below the folder that ``templates/`` would lie in."""
    index = templates.project.index
    for root in index.template_folders:
        beside = dirname(root)
        for folder in ("template", "Templates", "Template", "templats", "temlates", "tempaltes", "html", ""):
            file = "/".join(part for part in (beside, folder, name) if part)
            if index.has(file):
                return file
    return ""


def _why(templates: Templates, by: str) -> str:
    folders = listed(f"{one}/" for one in templates.project.index.template_folders)
    known = there_are(list(templates.files)) or " No template is there yet."
    return f"{by} names it. Flask looks in {folders}, and upper and lower case count.{known}"


def _fixes(
    name: str, near: str, elsewhere: str, place: Place, written: str, *, is_inside: bool
) -> Iterator[Fix]:
    if elsewhere:
        folder = elsewhere[: -len(name)].rstrip("/")
        new = "/".join(part for part in (dirname(folder), "templates") if part)
        if folder and folder != "templates":
            words = {"old": folder, "new": new, "written": written}
            yield fix(label(f"Rename {folder}/ to {new}/"), "move_templates", place, **words)
        elif not folder:
            words = {"old": elsewhere, "new": f"templates/{name}", "written": written}
            yield fix(label(f"Move {name} to templates/"), "move_template", place, **words)
        return
    if near and written:
        words = {"old": written, "new": _requoted(written, near)}
        yield fix(label(f"Write {near}"), "replace", place, **words)
    if is_inside:
        return
    if splitext(name)[1]:
        yield fix(label(f"Make {name}"), "make_named_template", place, name=name, written=written or name)
    elif not near:
        yield told("Write its whole name, with .html")


def _requoted(written: str, name: str) -> str:
    return f"{written[0]}{name}{written[-1]}"
