"""The way out of a project: it goes only when what was typed in it is written.

Where a text was changed in two places, or the disk does not take it, this is said instead; who asks for the
same once more lets go what can't be written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

if TYPE_CHECKING:
    from playground.gui.panels.pages import Pages

LAST_WRITES_MS = 3000
ASKED = "⚠ One text was changed in two places. Say which one stays, then {}."
STUCK = "⚠ {} {} once more to let it go."


class Leaving:
    """Asked before a window or a project closes; ``say`` shows a message across the window."""

    def __init__(self, pages: Callable[[], Pages | None], say: Callable[[str], None]) -> None:
        self._pages, self._say = pages, say
        self._told: tuple[str, str] = ("", "")  # what could not be written, and what was asked for then
        self._waiting = False

    def may(self, wanted: str) -> bool:
        """Whether nothing is lost by it, or the person was told so; ``wanted`` says what they want to do."""
        pages = self._pages()
        if pages is None:
            return True
        if self._waiting:  # asked for again while the last of it is written
            return False
        self._write_what_is_typed(pages)
        if pages.wait_for_answer():
            self._say(ASKED.format(wanted))
            return False
        return not self._is_held_by(pages.stuck, wanted)

    def settle(self) -> None:
        """Something was written: what can't be written later is told anew."""
        pages = self._pages()
        if pages is not None and not pages.stuck:
            self._told = ("", "")

    def _is_held_by(self, stuck: str, wanted: str) -> bool:
        known, self._told = self._told, (stuck, wanted)
        if not stuck or known == self._told:
            return False
        self._say(STUCK.format(stuck, wanted.capitalize()))
        return True

    def _write_what_is_typed(self, pages: Pages) -> None:
        """In the window's own time, if the disk takes it within its time."""
        deadline = QDeadlineTimer(LAST_WRITES_MS)
        self._waiting = True
        pages.flush()
        while pages.pending and not deadline.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        self._waiting = False
