"""The process's variables while a project is open: those that its ``.env`` files ask for, and no trace later.

``flask`` sets them in a process of its own. Here they are set before each import, together with whatever the
import itself sets (``load_dotenv()`` at the top of a file, say), and all of it is taken back before the next
import and when the project closes: what a line that is gone now has set must not live on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager


def nothing() -> Mapping[str, str]:
    """The variables of a project that asks for none."""
    return {}


class Variables:
    """Those of one project; ``wanted`` says which they are when it is asked."""

    def __init__(self) -> None:
        self.wanted: Callable[[], Mapping[str, str]] = nothing
        self._before: dict[str, str | None] = {}  # how it was without the project

    @contextmanager
    def during_import(self) -> Iterator[None]:
        """As a fresh process would have them; as they were, where the import fails."""
        now, kept = dict(os.environ), dict(self._before)
        self.take_back()
        fresh = dict(os.environ)
        try:
            os.environ.update(self.wanted())
            yield
        except BaseException:
            _put_back(_changed(now, os.environ))
            self._before = kept
            raise
        self._before = _changed(fresh, os.environ)

    def take_back(self) -> None:
        """The process has its own variables again."""
        before, self._before = self._before, {}
        _put_back(before)


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str | None]:
    """What the variables that differ now were before, None for those that were not there."""
    return {key: before.get(key) for key in {*before, *now} if before.get(key) != now.get(key)}


def _put_back(before: Mapping[str, str | None]) -> None:
    for key, value in before.items():
        if value is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = value
