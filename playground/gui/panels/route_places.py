"""Where the route of a page is after the project was read anew: pure functions of what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.core.routes import Region, Route


@dataclass(slots=True)
class Whereabouts:
    """What a page remembers of the last reading, to find its route in the next one.

    ``nth`` counts the rules on the same function, of which the page shows one.
    """

    routes: Sequence[Route] = ()
    nth: int = 0

    def remember(self, routes: Sequence[Route], shown: Route | None) -> None:
        """Keep which routes there are."""
        self.routes = routes
        if shown is None or shown.region is None:
            return
        same = [one.key for one in routes if one.function == shown.function and _begins_with(one, shown)]
        if shown.key in same:
            self.nth = same.index(shown.key)

    def find(self, route: Route, region: Region | None, routes: Sequence[Route]) -> Route | None:
        """A route in a new reading: by its key; else the one that has come where it was, or under its name.

        A route that was there before never takes the place of another.
        """
        same = (one for one in routes if one.endpoint == route.endpoint and _is_same(one, route))
        found = next(same, None)
        if found is not None:
            return found
        known = {(one.file, one.key) for one in self.routes}
        come = [one for one in routes if (one.file, one.key) not in known]
        here = [one for one in come if region and one.region and _overlap(one.region, region)]
        if here:
            return here[min(self.nth, len(here) - 1)]
        return next((one for one in come if one.function == route.function), None)


def _is_same(one: Route, other: Route) -> bool:
    return (one.file, one.key) == (other.file, other.key)


def _begins_with(one: Route, other: Route) -> bool:
    """Whether both are rules of one function."""
    here, there = one.region, other.region
    return here is not None and there is not None and (one.file, here.start) == (other.file, there.start)


def rebased(new: Region, old: Region | None, before: Region | None) -> Region:
    """The piece of the file that an editor shows: the view, and what was typed around it in the editor.

    ``old`` is what it showed, ``before`` the view as it was read then. Where ``old`` has text around the view
    (a new line, a helper function), the person goes on typing in it, so it stays in the editor.
    """
    if old is None or old.file != new.file:
        return new
    inner = new.text if new.text in old.text else before.text if before else ""
    if not inner or inner not in old.text:
        return new
    above, _, below = old.text.partition(inner)
    start = max(0, new.start - len(above.encode()))
    text = above + new.text + below
    return Region(new.file, start, start + len(text.encode()), text)


def _overlap(one: Region, other: Region) -> bool:
    return one.file == other.file and one.start < other.end and other.start < one.end
