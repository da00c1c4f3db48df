"""X-ray: whether requests are recorded line by line, and what was recorded of one. From any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.session.shared import Shared

if TYPE_CHECKING:
    from playground.core.stepping import Stepping


class SteppingThrough(Shared):
    """What a person switches on to step through a request; it stays on when the project is loaded again."""

    @property
    def xray(self) -> bool:
        """Whether requests are recorded line by line."""
        return self._xray

    def set_xray(self, on: bool) -> None:
        """Record the lines of each request that begins from now on, or of none."""
        with self._lock:
            self._xray = on
            if self._live is not None:
                self._live.set_xray(on)

    def stepping(self, number: int) -> Stepping | None:
        """The lines of the trip of that number; None where none are kept."""
        live = self._live
        return live.tracing.stepping(number) if live is not None else None
