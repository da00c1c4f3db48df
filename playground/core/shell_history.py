"""What was run in the Shell before, and the way back through it with the arrow keys."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 1000
"""Entries that are kept."""
LONGEST = 20_000
"""Characters of one entry; what is longer was pasted, and is not kept."""


def added(entries: Iterable[str], source: str) -> tuple[str, ...]:
    """The entries, oldest first, with one more; one that was there already moves to the end."""
    entry = source.strip("\n")
    if not entry.strip() or len(entry) > LONGEST:
        return tuple(entries)[-MOST:]
    return (*(one for one in entries if one != entry), entry)[-MOST:]


class History:
    """Goes back and forth through the entries that begin with what was typed."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.entries = tuple(entries)[-MOST:]
        self._typed = ""
        self._at = len(self.entries)

    def know(self, entries: Iterable[str]) -> None:
        """Have these before those of this session."""
        known = tuple(entries)
        self.entries = (*(one for one in known if one not in self.entries), *self.entries)[-MOST:]
        self._at = len(self.entries)

    def add(self, source: str) -> None:
        """It was run: it is the newest, and the way back begins anew."""
        self.entries = added(self.entries, source)
        self._typed, self._at = "", len(self.entries)

    def older(self, text: str) -> str | None:
        """The entry before the one that is shown; None where there is none. ``text`` is what is shown."""
        if not self._is_shown(text):
            self._typed, self._at = text, len(self.entries)
        return self._first(range(self._at - 1, -1, -1))

    def newer(self, text: str) -> str | None:
        """The entry after the one that is shown, at last what was typed; None where that is shown."""
        if not self._is_shown(text):
            return None
        found = self._first(range(self._at + 1, len(self.entries)))
        if found is None:
            self._at, found = len(self.entries), self._typed
        return found

    def _is_shown(self, text: str) -> bool:
        return self._at < len(self.entries) and self.entries[self._at] == text

    def _first(self, places: range) -> str | None:
        for place in places:
            if self.entries[place].startswith(self._typed):
                self._at = place
                return self.entries[place]
        return None
