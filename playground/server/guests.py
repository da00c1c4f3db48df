"""Counts who comes over the network, and how each was answered: the server's side of the roster."""

from __future__ import annotations

import threading
from collections import OrderedDict

from playground.core.roster import Guest, Roster, device_of
from playground.server.note import Note

MOST = 1000
"""Guests that are known at most: who has been silent for longest is forgotten. The sums are of all."""
LONGEST_PATH = 200
"""Characters of a path that are kept."""
FAILED = 500


class _Tally:
    """What is known of one guest."""

    __slots__ = ("agent", "failed", "method", "path", "requests", "status", "when")

    def __init__(self) -> None:
        self.requests = self.failed = self.status = 0
        self.agent = self.method = self.path = ""
        self.when = 0.0

    def guest(self, address: str) -> Guest:
        device = device_of(self.agent)
        last = (self.method, self.path, self.status, self.when)
        return Guest(address, device, self.requests, self.failed, *last)


class Guests:
    """The guests since sharing began. From any thread; none of it while the project's code runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()
        self._requests = self._failed = self._refused = 0

    def begin(self) -> None:
        """Sharing begins: nobody has come yet."""
        with self._lock:
            self._tallies.clear()
            self._requests = self._failed = self._refused = 0

    def refuse(self) -> None:
        """A request was not let in."""
        with self._lock:
            self._refused += 1

    def add(self, note: Note) -> None:
        """A request of the network is about to be answered."""
        has_failed = note.status >= FAILED
        note.counted_failed = has_failed
        with self._lock:
            tally = self._tallies.pop(note.client, None) or _Tally()
            self._tallies[note.client] = tally
            tally.requests += 1
            tally.failed += has_failed
            tally.method, tally.path = note.method[:20], note.path.partition("?")[0][:LONGEST_PATH]
            tally.status, tally.when = note.status, note.started
            tally.agent = str(note.headers.get("USER_AGENT", ""))[:300] or tally.agent
            self._requests += 1
            self._failed += has_failed
            if len(self._tallies) > MOST:
                self._tallies.popitem(last=False)

    def settle(self, note: Note) -> None:
        """It came to its end: it may have failed after it was counted, while its body was made."""
        if note.status < FAILED or note.counted_failed:
            return
        note.counted_failed = True
        with self._lock:
            self._failed += 1
            tally = self._tallies.get(note.client)
            if tally is not None:
                tally.failed += 1
                if tally.when == note.started:
                    tally.status = note.status

    def roster(self) -> Roster:
        """Who has come up to now, who asked most first; of as many, who came last."""
        with self._lock:
            guests = [tally.guest(address) for address, tally in self._tallies.items()]
            sums = self._requests, self._failed, self._refused
        guests.sort(key=lambda guest: (-guest.requests, -guest.last_when))
        return Roster(tuple(guests), *sums)
