"""How the starts of the window went, so that one which fails twice is followed by one that can't.

A start leaves a file in the user's data folder, which goes once the window has stood for some seconds, or was
closed as it should. A file whose process is gone is a start that failed. After ``ENOUGH`` of them a start is
a safe one: without a project and without the preview. It stays so until the person says that the next one
is to be as usual; a start that is as usual and stands lets one failure be forgotten, too.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playground.core.problems import Problem, refuse
from playground.project.files import write_problem
from playground.session.gone import is_gone

ENOUGH = 2
STOOD_SECONDS = 5.0
"""So long a window has to stand for its start to have gone well."""
HANGS_SECONDS = 60.0
"""A start that still has not stood after that has failed, though its process may hang around."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a start is to be.

    ``safe``: without project and preview; ``failed`` how many starts before came to nothing; ``last`` the
    folder of the project that was wanted last, or empty; ``problem`` why nothing can be kept, if so.
    """

    safe: bool = False
    failed: int = 0
    last: str = ""
    problem: Problem | None = None


class Starts:
    """The account of one start in a data folder."""

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home / "starts"
        self._mine: Path | None = None
        self._failed: list[Path] = []
        self.safe = False

    def begin(self, project: Path | None, *, safe: bool = False) -> Beginning:
        """A start begins; ``project`` is the folder that it is to open, ``safe`` that it is asked for."""
        self._failed = self._find_failed()
        self.safe = safe or len(self._failed) >= ENOUGH
        last = str(project.absolute()) if project is not None else self._last_project()
        problem = self._leave_mark(last)
        return Beginning(self.safe, len(self._failed), last, problem)

    def stood(self) -> None:
        """The window has stood for some seconds: this start went well."""
        self.ended()
        if not self.safe:
            self._forget()

    def ended(self) -> None:
        """The window was closed as it should."""
        mine, self._mine = self._mine, None
        if mine is not None:
            with suppress(OSError):
                mine.unlink(missing_ok=True)

    def begin_normally(self) -> None:
        """Let the next start be as usual.

        Raises:
            ProblemError: the disk does not let the account of failed starts go.
        """
        self._forget()
        left = [path for path in self._failed if path.exists()]
        if left:
            raise refuse(
                "The account of the failed starts can't be removed: the next start will be a safe one, too.",
                f"Remove {left[0].parent}.",
                field="disk",
            )

    def _find_failed(self) -> list[Path]:
        try:
            found = [(path.stat().st_mtime, path) for path in self._folder.glob("start-*-*.json")]
        except OSError:  # another window's, which has stood since
            return []
        now = time.time()
        return [path for when, path in sorted(found) if is_gone(path) or now - when > HANGS_SECONDS]

    def _last_project(self) -> str:
        for path in reversed(self._failed):
            with suppress(OSError, ValueError, RecursionError):
                kept = json.loads(path.read_bytes())
                project = kept.get("project") if isinstance(kept, dict) else None
                if isinstance(project, str) and project:
                    return project
        return ""

    def _leave_mark(self, project: str) -> Problem | None:
        path = self._folder / f"start-{os.getpid():x}-{secrets.token_hex(4)}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._mine = path
            path.write_text(json.dumps({"project": project}), encoding="utf-8")
        except OSError as error:
            return write_problem(str(self._home), error).problem
        return None

    def _forget(self) -> None:
        for path in self._failed:
            with suppress(OSError):
                path.unlink(missing_ok=True)
