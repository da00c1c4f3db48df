"""Debug pages: whether a failing view shows this machine what happened, and who said so.

It is as the project's source says (``FLASK_DEBUG`` in ``.env`` or ``.flaskenv``, ``app.run(debug=True)``,
``app.debug``) until a person says otherwise; that is kept for the project in the user's own data.
"""

from __future__ import annotations

from typing import Any

from playground.session.shared import Shared

DEBUG_KEY = "debug_pages"
"""Where it is kept: by folder, what was said."""


class DebugPagesSwitch(Shared):
    """What a person switches, and what they are told."""

    @property
    def debug_pages(self) -> bool:
        """Whether they are on, for requests of this machine alone; not before an app is live. Any thread."""
        live = self._live
        return live is not None and live.debugging.on

    def set_debug_pages(self, on: bool, *, keep: bool = True) -> bool:
        """Have them, or not, from the next request on; kept for this project. On the project lane.

        What the source says by itself is not kept: then it is as the source says, also when that changes.

        Raises:
            ProblemError: it can't be kept; it holds as long as the project is open.
        """
        if not keep:
            self._debug = on
        with self._lock:
            live, project = self._live, self._project
            chosen = None if live is not None and live.debugging.says is on and keep else on
            if live is not None:
                live.debugging.chosen = chosen
        if keep and project is not None:
            kept = _kept(self.home.get(DEBUG_KEY))
            others = {name: said for name, said in kept.items() if name != str(project.folder)}
            self.home.set(DEBUG_KEY, others if chosen is None else {**others, str(project.folder): chosen})
        return on

    def _debug_choice(self, folder: object) -> bool | None:
        """What was said of a project; None for nothing."""
        if self._debug is not None:
            return self._debug
        return _kept(self.home.get(DEBUG_KEY)).get(str(folder))


def _kept(said: Any) -> dict[str, bool]:
    """What was kept, also where somebody changed the file."""
    named = said.items() if isinstance(said, dict) else ()
    return {name: on for name, on in named if isinstance(on, bool)}
