"""Mends of templates: where they lie, which there are, and the names that they use.

Each is for a line that says something; where that is not there any more, it is refused.
"""

from __future__ import annotations

import dataclasses
from itertools import pairwise

from playground.core.fixes import Mend
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal
from playground.project.mending import request_mends
from playground.project.mending.workshop import STALE, Workshop
from playground.project.python.source import Replacement
from playground.project.wide.template_uses import Token, tokens


def _look(workshop: Workshop, mend: Mend) -> None:
    """Refuse where the line does not say ``written`` any more, in whichever quotes."""
    source, line = workshop.source(mend.file), mend.line or 1
    name = mend.word("written").strip("'\"")
    if line > len(source.line_starts):
        raise refuse(*STALE, place=Place(mend.file, mend.line))
    start = source.line_starts[line - 1]
    if not name or name not in source.text[start : source.line_end(start)]:
        raise refuse(*STALE, place=Place(mend.file, mend.line))


def move_templates(workshop: Workshop, mend: Mend) -> Proposal:
    """The folder ``old`` is called ``new``; the line says the template ``written``."""
    _look(workshop, mend)
    return request_mends.move_folder(workshop, dataclasses.replace(mend, file=mend.word("old")))


def move_template(workshop: Workshop, mend: Mend) -> Proposal:
    """The file ``old`` goes to ``new``; the line says the template ``written``."""
    _look(workshop, mend)
    return request_mends.move_file(workshop, dataclasses.replace(mend, file=mend.word("old")))


def make_named_template(workshop: Workshop, mend: Mend) -> Proposal:
    """A template called ``name`` with a small page in it; the line says it as ``written``."""
    _look(workshop, mend)
    return request_mends.make_template(workshop, mend)


def rename_variable(workshop: Workshop, mend: Mend) -> Proposal:
    """The variable ``old`` is called ``new`` wherever the template uses it."""
    source = workshop.source(mend.file)
    old, new = mend.word("old"), mend.word("new")
    uses = list(_uses(tokens(source.text) or [], old))
    if not uses:
        raise refuse(*STALE, place=Place(mend.file, mend.line))
    replaced = [Replacement(one.start, one.start + len(old), new) for one in uses]
    return workshop.edited(source, replaced, f"write {new} for {old}")


def _uses(found: list[Token], name: str) -> list[Token]:
    """The tokens that are the variable: no attribute, no argument's name, no filter."""
    code = [Token("", "", 0), *(one for one in found if one.kind != "whitespace"), Token("", "", 0)]
    uses = []
    for (before, one), (_, after) in zip(pairwise(code), pairwise(code[1:]), strict=False):
        if one.kind == "name" and one.value == name and before.value not in (".", "|") and after.value != "=":
            uses.append(one)
    return uses


MENDS = {
    "move_templates": move_templates,
    "move_template": move_template,
    "make_named_template": make_named_template,
    "rename_variable": rename_variable,
}
