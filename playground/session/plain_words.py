"""What goes wrong, in plain words: what the source shows before any request, and what a request showed."""

from __future__ import annotations

from playground.core.problems import Problem
from playground.session.shared import Shared


class PlainWords(Shared):
    """Problems with their reasons and the edits that mend them."""

    def check_source(self) -> tuple[Problem, ...]:
        """Look for what the source shows, and publish it as the snapshot's findings. On the project lane.

        Nothing of the project is run, so a restricted folder is checked, too.
        """
        project = self._project
        found = project.findings() if project is not None else ()
        if found != self._snapshot.findings and project is self._project:
            self._publish(findings=found)
        return found
