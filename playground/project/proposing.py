"""What is proposed before it is written: renames, moves and clean-ups that reach over the whole project."""

from __future__ import annotations

from pathlib import Path

from playground.core.problems import refuse
from playground.core.proposals import CleanUp, Move, Proposal, Rename
from playground.project.file_planning import FilePlanner
from playground.project.index import Index, Picture


class Proposer:
    """Works out proposals for the project that ``index`` and ``picture`` describe; writes nothing."""

    def __init__(self, folder: Path, index: Index, picture: Picture) -> None:
        self._folder, self._index, self._picture = folder, index, picture

    def propose(self, wanted: Rename | Move | CleanUp) -> Proposal:
        """Raises ProblemError where it can't be done."""
        if isinstance(wanted, Rename) and wanted.kind == "template":
            plan = FilePlanner(self._folder, self._index).rename_template(wanted.old, wanted.new)
            return Proposal(plan.label, plan.before, plan.after)
        raise refuse("This can't be done yet.")
