"""What a person who is new here was shown already: three hints, each once.

Kept in the user's settings. Who has had a project open before there was any of this knows the way and is
shown nothing, and so is one whose settings say something that we did not write.
"""

from __future__ import annotations

from contextlib import suppress

from playground.core.problems import ProblemError
from playground.session.shared import Shared

KEY = "hints_seen"
NEW_ROUTE, SEND, EDIT = STEPS = ("new_route", "send", "edit")
"""The hints in their order: make a route, send it a request, change it while it runs."""


class FirstSteps(Shared):
    """All of it on the project lane."""

    def hints_due(self) -> tuple[str, ...]:
        """The hints that are still to be shown, in their order."""
        seen = self.home.get(KEY)
        if seen is None:
            seen = list(STEPS) if self.home.recent() else []
            self._keep_seen(seen)
        if not isinstance(seen, list):
            return ()
        return tuple(step for step in STEPS if step not in seen)

    def hints_seen(self, *steps: str) -> None:
        """These go away for ever: they were followed, or were not wanted."""
        seen = self.home.get(KEY)
        before = seen if isinstance(seen, list) else []
        self._keep_seen([step for step in STEPS if step in before or step in steps])

    def _keep_seen(self, seen: list[str]) -> None:
        with suppress(ProblemError):  # a disk that takes nothing is told of elsewhere
            self.home.set(KEY, seen)
