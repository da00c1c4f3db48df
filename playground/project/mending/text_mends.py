"""Mends that replace, add or move text of one file."""

from __future__ import annotations

from playground.core.fixes import Mend
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal
from playground.project.mending.workshop import STALE, Workshop
from playground.project.python.source import Replacement


def replace(workshop: Workshop, mend: Mend) -> Proposal:
    """``old`` becomes ``new`` where it first stands in ``file`` from ``line`` on; ``label`` says why."""
    label = mend.word("label") or f"change {mend.file}"
    return workshop.replaced(mend, mend.word("old"), mend.word("new"), label)


def replace_at(workshop: Workshop, mend: Mend) -> Proposal:
    """``old`` becomes ``new`` where it stands at ``line`` and ``column``, and nowhere else."""
    source, old = workshop.source(mend.file), mend.word("old")
    line = mend.line or 1
    if line > len(source.line_starts):
        raise refuse(*STALE, place=Place(mend.file, mend.line))
    start = source.offset(line, int(mend.word("column") or 0))
    if not source.text.startswith(old, start):
        raise refuse(*STALE, place=Place(mend.file, mend.line))
    new = Replacement(start, start + len(old), mend.word("new"))
    return workshop.edited(source, [new], mend.word("label"))


MENDS = {"replace": replace, "replace_at": replace_at}
