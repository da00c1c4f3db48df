"""Whether the open project asks to be reached from the network, so that sharing can be offered."""

from __future__ import annotations

import os

from playground.core.network_wish import run_with_host, wished_host
from playground.core.problems import ProblemError
from playground.session.shared import Shared

_MOST_FILES = 20


class NetworkWish(Shared):
    """What the folder says of it; nothing here follows it."""

    def asks_for_network(self) -> str:
        """The words by which it asks: ``FLASK_RUN_HOST=0.0.0.0``; empty where it does not.

        Read are the variables, and the Python files beside the app. On the project lane.
        """
        host = wished_host({**os.environ, **self._opened.variables()})
        if host:
            return f"FLASK_RUN_HOST={host}"
        said = ((file, run_with_host(self._source(file))) for file in self._files_that_may_run())
        return next((f"{call} in {file}" for file, call in said if call), "")

    def _files_that_may_run(self) -> list[str]:
        state = self._opened.state
        app = (state.app_target or "").partition(":")[0]
        beside = [file for file in state.files if "/" not in file and file.endswith(".py")]
        return list(dict.fromkeys([*([app] if app in state.files else []), *beside]))[:_MOST_FILES]

    def _source(self, file: str) -> str:
        try:
            return self._text(file)
        except ProblemError:  # gone, or no text: it asks for nothing
            return ""
