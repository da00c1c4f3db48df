"""Mends by name: a ``Mend`` that a fix carries becomes the proposal of what it would write."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playground.core.fixes import Mend
from playground.core.problems import refuse
from playground.core.proposals import Proposal
from playground.project.mending import (
    moving_mends,
    naming_mends,
    python_mends,
    request_mends,
    route_mends,
    start_mends,
    template_mends,
    text_mends,
)
from playground.project.mending.workshop import Workshop

MENDS: Mapping[str, Callable[[Workshop, Mend], Proposal]] = {
    **text_mends.MENDS,
    **python_mends.MENDS,
    **naming_mends.MENDS,
    **moving_mends.MENDS,
    **start_mends.MENDS,
    **route_mends.MENDS,
    **request_mends.MENDS,
    **template_mends.MENDS,
}
"""Each mend by its name; what it reads of ``Mend`` is said in its docstring."""


def mended(workshop: Workshop, mend: Mend) -> Proposal:
    """What a mend would write; raises ProblemError where it can't be done any more."""
    known = MENDS.get(mend.name)
    if known is None:
        raise refuse(f"There is no mend called {mend.name}.")
    return known(workshop, mend)
