"""The latest requests that reached the server: bounded by their number and by what they hold."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator

from playground.server.note import Note

KEPT = 5000
"""Requests at most."""
BYTES = 48 * 1024 * 1024
"""Bytes at most, of all of them together."""
EACH = 3000
"""Bytes that any note takes, with the text of its headers; counted, not weighed."""
SMALL = 1024
"""Bytes of a body that are counted with those."""


class Ring:
    """Notes in the order in which they were answered; the oldest make room for the newest. From any thread.

    The lock is never taken while the project's code runs, so no view can be interrupted that holds it.
    """

    def __init__(self, kept: int = KEPT, most_bytes: int = BYTES) -> None:
        self._kept = min(kept, most_bytes // EACH // 2)
        self._most = most_bytes - self._kept * EACH  # beyond what any note takes
        self._notes: deque[Note] = deque()
        self._lock = threading.Lock()
        self._count = 0
        self._extra = 0
        self._awaited = False
        self._on_new: Callable[[], None] | None = None

    @property
    def count(self) -> int:
        """How many there ever were."""
        return self._count

    @property
    def held(self) -> int:
        """Bytes that those that are kept hold, about."""
        return self._extra + EACH * len(self._notes)

    def call_on_new(self, callback: Callable[[], None] | None) -> None:
        """Have it called with the next one, on that one's thread, and not again until ``after`` is asked."""
        with self._lock:
            self._on_new, self._awaited = callback, callback is not None

    def add(self, note: Note) -> None:
        """Keep one more, which gets its number."""
        with self._lock:
            self._count = note.number = self._count + 1
            note.ring = self
            self._notes.append(note)
            self._extra += note.extra
            if len(self._notes) > self._kept:
                self._let_go()
            if self._extra > self._most:
                self._make_room()
            tell = self._on_new if self._awaited else None
            if tell is not None:
                self._awaited = False
        if tell is not None:
            tell()

    def settle(self, note: Note) -> None:
        """It has come to its end: from now on it counts with all that it holds."""
        more = len(note.body) + len(note.request_data)
        if note.printed is not None:
            more += note.printed.size
        if more > SMALL:
            with self._lock:
                if note.ring is self:
                    note.extra += more
                    self._extra += more
                    self._make_room()

    def _make_room(self) -> None:
        while self._extra > self._most and len(self._notes) > 1:
            self._let_go()

    def _let_go(self) -> None:
        gone = self._notes.popleft()
        gone.ring = None
        self._extra -= gone.extra

    def clear(self) -> None:
        """Forget them; numbers go on."""
        with self._lock:
            while self._notes:
                self._let_go()

    def after(self, number: int, most: int | None = None) -> list[Note]:
        """Those with a higher number, oldest first; only the first ``most`` of them.

        Without the lock: under load the window would wait for it longer than for all else. They are copied
        in one step of Python's, and what is added after that is told of.
        """
        self._awaited = self._on_new is not None
        notes = list(self._notes)
        first = bisect_right(notes, number, key=lambda note: note.number)
        return notes[first : None if most is None else first + most]

    def newest_first(self) -> Iterator[Note]:
        """All that are kept now."""
        with self._lock:
            return reversed(list(self._notes))

    def get(self, number: int) -> Note | None:
        """The one of that number, while it is kept."""
        with self._lock:
            place = len(self._notes) - 1 - (self._count - number)
            return self._notes[place] if 0 <= place < len(self._notes) else None
