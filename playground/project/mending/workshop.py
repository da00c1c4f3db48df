"""What every mend works with: the project as it was last read, and a few ways to change it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from playground.core.fixes import Mend
from playground.core.pieces import FAILURES, parse_quietly
from playground.core.problems import Place, refuse
from playground.core.proposals import Proposal
from playground.core.routes import Route, RouteDraft
from playground.project.index import Index, Picture
from playground.project.planning import Plan, read_source
from playground.project.python.source import Replacement, Source
from playground.project.wide.following import RouteChanger

STALE = "What was to be mended is not there any more.", "Look again: it may be mended already."


class Workshop:
    """The open project for one mend; writes nothing."""

    def __init__(self, folder: Path, index: Index, picture: Picture) -> None:
        self.folder, self.index, self.picture = folder, index, picture

    def source(self, file: str) -> Source:
        """A file as it is on the disk. Raises ProblemError for what is not there or no text."""
        return read_source(self.folder, file)

    def route(self, mend: Mend) -> Route:
        """The route that a mend names by ``endpoint``, with ``rule`` (the full one) where it has several."""
        endpoint, rule = mend.word("endpoint"), mend.word("rule")
        found = [one for one in self.picture.routes if one.endpoint == endpoint and one.in_source]
        exact = [one for one in found if one.full_rule == rule]
        if not (exact or found) or (rule and not exact):
            raise refuse(*STALE)
        return (exact or found)[0]

    def changed(self, route: Route, draft: RouteDraft, label: str) -> Proposal:
        """A route as the draft has it, with all that says its old names."""
        plan = RouteChanger(self.folder, self.index, self.picture).change(route, draft)
        return proposal_of(plan, label)

    def replaced(self, mend: Mend, old: str, new: str, label: str) -> Proposal:
        """One piece of the mend's file, first found from its line on, replaced by another."""
        source = self.source(mend.file)
        lines = source.line_starts
        start = lines[min((mend.line or 1), len(lines)) - 1]
        at = source.text.find(old, start)
        if at < 0 or not old:
            raise refuse(*STALE, place=Place(mend.file, mend.line))
        return self.edited(source, [Replacement(at, at + len(old), new)], label)

    def edited(self, source: Source, replacements: Iterable[Replacement], label: str) -> Proposal:
        """A file with pieces of it replaced; all else stays byte for byte.

        Refused where a Python file that parsed would not parse after it.
        """
        after = source.replaced(replacements)
        if source.file.endswith(".py") and _parses(source) and not _parses(Source(source.file, after)):
            raise refuse("The change would leave a file that Python can't read.", "Change it by hand.")
        return Proposal(label, {source.file: source.data}, {source.file: after})


def proposal_of(plan: Plan, label: str = "") -> Proposal:
    """What a plan would write, to be looked at first."""
    return Proposal(label or plan.label, plan.before, plan.after, plan.notes)


def _parses(source: Source) -> bool:
    try:
        parse_quietly(source.text)
    except FAILURES:
        return False
    return True
