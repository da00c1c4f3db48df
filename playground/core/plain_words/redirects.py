"""Rule 31: a redirect to an address that goes by the page it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playground.core.exchanges import RequestSpec
from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, rewrite, shown, told, ways
from playground.core.plain_words.source import View
from playground.core.problems import Place, Problem


def problems(facts: Facts) -> Iterator[Problem]:
    """Where the browser is sent by a ``Location`` without a slash in front."""
    trip = facts.trip
    goal = next((value for key, value in trip.response_headers if key.lower() == "location"), "")
    if trip.status not in (301, 302, 303, 307, 308) or not goal or goal.startswith(("/", "?", "#")):
        return
    if urlsplit(goal).scheme:
        return
    there = urljoin(urlsplit(trip.path).path or "/", goal)
    place = _place(facts, goal)
    yield Problem(
        f"The redirect to {shown(goal, 30)} leads to {shown(there, 40)} from here.",
        place=place or facts.place,
        original=f"Location: {goal}",
        rule_id="relative-redirect",
        why="An address without / in front goes by the page that sends it. "
        "url_for gives the whole path of a view.",
        fixes=ways(_url_for(facts, goal, place), _absolute(facts, goal, place)) or (told("Use url_for"),),
    )


def _written(goal: str) -> tuple[str, ...]:
    return (f'"{goal}"', f"'{goal}'")


def _place(facts: Facts, goal: str) -> Place | None:
    view = View.of(facts)
    for number, line in enumerate(view.lines):
        if view.route is not None and any(one in line for one in _written(goal)):
            return Place(view.route.file, view.route.line + number)
    return None


def _url_for(facts: Facts, goal: str, place: Place | None) -> Fix | None:
    endpoint = next((one for one in facts.endpoints if goal in (one, one.rpartition(".")[2])), "")
    plain = endpoint and all("<" not in rule for rule in facts.endpoints[endpoint])
    line = next((one for one in View.of(facts).lines if any(text in one for text in _written(goal))), "")
    old = next((one for one in _written(goal) if one in line), "")
    if not plain or place is None or not old or "url_for" not in facts.text(place.file):
        return None
    return rewrite(label(f"Use url_for({endpoint})"), place, old, f"url_for({old[0]}{endpoint}{old[0]})")


def _absolute(facts: Facts, goal: str, place: Place | None) -> Fix | None:
    line = next((one for one in View.of(facts).lines if any(text in one for text in _written(goal))), "")
    old = next((one for one in _written(goal) if one in line), "")
    path = f"/{goal}"
    if place is None or not old or path not in [rule for rules in facts.endpoints.values() for rule in rules]:
        return (
            Fix(f"Ask for {shown(path, 25)}", request=RequestSpec(url=path))
            if _is_rule(facts, path)
            else None
        )
    return rewrite(label(f"Write {path}"), place, old, f"{old[0]}{path}{old[0]}")


def _is_rule(facts: Facts, path: str) -> bool:
    return any(path in rules for rules in facts.endpoints.values())
