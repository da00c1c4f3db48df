"""Templates that Jinja can't read, and filters that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from playground.core.plain_words.saying import WORDS, ended, told
from playground.core.plain_words.tags import corrected
from playground.core.problems import Place, Problem
from playground.project.checks.saying import found, shortened
from playground.project.checks.template_calls import Templates

_wrong = partial(found, "template-syntax")
_PAGES = (".html", ".htm", ".jinja", ".jinja2", ".j2")
_OTHER_ENGINE = re.compile(r"\{\{[{#/^>!&]")
"""How Mustache, Handlebars and their relatives begin a tag."""
_OWN_TAGS = ("add_extension", "jinja_options", "jinja2.ext", "jinja_environment")
_OWN_FILTERS = (
    "template_filter",
    "jinja_env",
    "jinja_environment",
    "jinja_options",
    "filters",
    "Environment",
)


def templates_not_read(templates: Templates) -> tuple[Problem, ...]:
    """The first mistake of each template, as Jinja tells it."""
    other_tags = templates.has_extensions or templates.project.says(*_OWN_TAGS)
    problems = [*_unreadable(templates, other_tags=other_tags)]
    if not templates.has_extensions and not templates.project.says(*_OWN_FILTERS):
        problems += _filters(templates)
    return tuple(problems)


def _unreadable(templates: Templates, *, other_tags: bool) -> Iterator[Problem]:
    named = _named(templates)
    for info in templates.project.picture.templates:
        problem = info.problem
        if problem is not None and info.name not in named and _is_for_others(templates, info.file):
            continue
        if problem is not None and other_tags and "unknown tag" in problem.original:
            continue  # an extension of Jinja may have it
        if problem is not None and problem.original and problem.place and problem.place.line:
            line = templates.line(info.file, problem.place.line)
            text = templates.project.index.of_template(info.file, str) or ""
            before = text.splitlines()[: problem.place.line - 1]
            said, fixes = corrected(problem.original, line, problem.place, before)
            is_known = not said.startswith("Jinja can't read")
            sentence = said if is_known or len(problem.sentence.split()) > WORDS else problem.sentence
            why = f"The line says: {shortened(line)}. {problem.hint}".rstrip()
            ways = fixes if is_known else (told("Look at that line"),)
            yield replace(_wrong(ended(sentence), why, problem.place, *ways), stops=True)


def _named(templates: Templates) -> frozenset[str]:
    """The templates that Python or another template asks for."""
    parts = (one.name for name in templates.files for one in templates.says(name).named)
    return frozenset((*(one.call.name for one in templates.calls), *parts))


def _is_for_others(templates: Templates, file: str) -> bool:
    """Whether it looks like what another program reads: its kind, or tags that Jinja does not have."""
    text = templates.project.index.of_template(file, str) or ""
    if not templates.project.picture.owners and not templates.calls:  # nothing here is made with Flask
        return True
    return not file.lower().endswith(_PAGES) or _OTHER_ENGINE.search(text) is not None


def _filters(templates: Templates) -> Iterator[Problem]:
    for name, file in templates.files.items():
        for use in templates.says(name).filters[:1]:
            place = Place(file, use.line, use.column)
            line = templates.line(file, use.line)
            sentence, fixes = corrected(f"No filter named '{use.name}'.", line, place)
            yield _wrong(sentence, f"The line says: {shortened(line)}.", place, *fixes)
