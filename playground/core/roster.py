"""Who of the network is here: the guests of a shared app, and how they were answered.

A guest is an address: two browsers on one phone are one guest, and so are all phones behind one router that
hides theirs. What a guest holds in its hand is guessed from what its browser says of itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

CONNECTED = 5 * 60.0
"""Seconds since its last request for which a guest counts as connected."""

_PROGRAM = re.compile(
    r"axios|curl|go-http|httpie|insomnia|java/|node|okhttp|postman|powershell|python|routeplayground|ruby|wget"
)
_TABLET = re.compile(r"ipad|tablet|kindle|silk|nexus (?:7|9|10)\b")
_PHONE = re.compile(r"iphone|ipod|windows phone|\bmobi")
_LAPTOP = re.compile(r"windows nt|macintosh|x11|cros|linux")


@dataclass(frozen=True, slots=True)
class Guest:
    """One address of the network, since sharing began.

    ``device`` is ``phone``, ``tablet``, ``laptop``, ``program``, or empty where nothing tells. ``requests``
    are those that were answered, ``failed`` those of them at which the app failed (status 500 and above: 404
    and the like are answers). ``last_`` is the latest; ``last_when`` is in seconds since the epoch.
    """

    address: str
    device: str
    requests: int
    failed: int
    last_method: str
    last_path: str
    last_status: int
    last_when: float

    def is_connected(self, now: float) -> bool:
        """Whether it asked within the last five minutes; ``now`` in seconds since the epoch."""
        return now - self.last_when <= CONNECTED


@dataclass(frozen=True, slots=True)
class Roster:
    """The guests since sharing began, who asked most first, and the sums over all of them.

    ``refused`` are requests whose Host is not one of this machine's, from wherever they came: they never
    reached the app, and count nowhere else.
    """

    guests: tuple[Guest, ...] = ()
    requests: int = 0
    failed: int = 0
    refused: int = 0

    def connected(self, now: float) -> int:
        """How many guests asked for something in the last minutes; ``now`` in seconds since the epoch."""
        return sum(1 for guest in self.guests if guest.is_connected(now))


@lru_cache(maxsize=1024)
def device_of(agent: str) -> str:
    """What a ``User-Agent`` speaks for: ``phone``, ``tablet``, ``laptop``, ``program``, or empty."""
    told = agent.lower()
    if _PROGRAM.search(told):
        return "program"
    if not told.startswith("mozilla/"):
        return ""
    if _TABLET.search(told) or ("android" in told and "mobi" not in told):
        return "tablet"
    if _PHONE.search(told):
        return "phone"
    return "laptop" if _LAPTOP.search(told) else ""
