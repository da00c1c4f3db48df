"""Mends that replace, add or move text of one file."""

from __future__ import annotations

from playground.core.fixes import Mend
from playground.core.proposals import Proposal
from playground.project.mending.workshop import Workshop


def replace(workshop: Workshop, mend: Mend) -> Proposal:
    """``old`` becomes ``new`` where it first stands in ``file`` from ``line`` on; ``label`` says why."""
    label = mend.word("label") or f"change {mend.file}"
    return workshop.replaced(mend, mend.word("old"), mend.word("new"), label)


MENDS = {"replace": replace}
