"""Styles, scripts and pictures whose address leads nowhere, though the file lies in the static folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from posixpath import dirname

from playground.core.plain_words.saying import label, shown
from playground.core.problems import Place, Problem
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Templates
from playground.project.checks.template_says import Reference

_not_found = partial(found, "static-file")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|[#?{]|$", re.IGNORECASE)
_OTHER_FOLDERS = ("static_folder", "static_url_path", "send_from_directory", "send_file", "errorhandler")


def assets_not_found(templates: Templates) -> tuple[Problem, ...]:
    """In templates that some view renders; a page's own address is what a relative one is added to."""
    project = templates.project
    if not templates.all_named or project.says(*_OTHER_FOLDERS):
        return ()
    rules = [route.full_rule for route in project.picture.routes]
    if any("<path:" in rule or route_takes_files(rule) for rule in rules if not rule.startswith("/static/")):
        return ()
    return tuple(problem for name in templates.files for problem in _of_template(templates, name))


def route_takes_files(rule: str) -> bool:
    """Whether a rule of its own may answer with a file: ``/<name>.css``, ``/style.css``."""
    return "." in rule.rpartition("/")[2]


def _of_template(templates: Templates, name: str) -> Iterator[Problem]:
    references = [one for one in templates.says(name).references if not _ELSEWHERE.match(one.value)]
    if not references or not templates.calls_of(templates.rendering(name)):
        return
    for one in references:
        filename = _filename(templates, one.value)
        if filename:
            yield _problem(templates, name, one, filename)


def _filename(templates: Templates, value: str) -> str:
    """The file below static/ that an address means and does not reach; empty where it reaches it, or none."""
    path = value.partition("?")[0].partition("#")[0]
    if path.startswith(("/static/", "static/", "./static/", "../")):
        return ""  # reaches it, or does so from some pages
    bare = path.removeprefix("./").lstrip("/")
    index = templates.project.index
    for root in index.template_folders:
        beside = dirname(root)
        if index.has("/".join(part for part in (beside, "static", bare) if part)):
            return bare
    return ""


def _problem(templates: Templates, name: str, one: Reference, filename: str) -> Problem:
    place = Place(templates.files[name], one.line, one.column)
    sentence = f"{shown(one.value, 40)} is not found; the file lies in static/."
    is_whole = one.value.startswith("/")
    asked = one.value if is_whole else f"A browser adds {one.value} to the address of the page: that"
    why = (
        f"{asked} is not where Flask serves the file. What lies in static/ has an address under /static/, "
        "and url_for writes it."
    )
    quote = '"' if '"' in one.written else "'"
    inner = "'" if quote == '"' else '"'
    call = f"url_for({inner}static{inner}, filename={inner}{filename}{inner})"
    new = f"{one.attribute}={quote}{{{{ {call} }}}}{quote}"
    write = fix(label(f"Write url_for of {filename}"), "replace", place, old=one.written, new=new)
    return _not_found(sentence, why, place, write)
