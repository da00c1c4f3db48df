"""What is proposed before it is written: renames, moves and clean-ups that reach over the whole project."""

from __future__ import annotations

from pathlib import Path

from playground.core.proposals import CleanUp, Move, Proposal, Rename
from playground.project.index import Index, Picture
from playground.project.wide.cleaning import Cleaner
from playground.project.wide.following import RouteChanger
from playground.project.wide.renames import Renamer
from playground.project.wide.wide_edits import WideEdit


class Proposer:
    """Works out proposals for the project that ``index`` and ``picture`` describe; writes nothing."""

    def __init__(self, folder: Path, index: Index, picture: Picture) -> None:
        self._folder, self._index, self._picture = folder, index, picture

    def propose(self, wanted: Rename | Move | CleanUp) -> Proposal:
        """Raises ProblemError where it can't be done."""
        wide = WideEdit(self._folder, self._index, self._picture)
        if isinstance(wanted, Rename):
            return Renamer(wide).propose(wanted)
        if isinstance(wanted, Move):
            return RouteChanger(self._folder, self._index, self._picture).move(wanted)
        return Cleaner(wide).propose(wanted)
