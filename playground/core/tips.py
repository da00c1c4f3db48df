"""What to try next: after an answer that went well, a path next to it that Flask answers with 404.

A tip is shown only where the router itself says that it is so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.core import address
from playground.core.explanations import Explanation
from playground.core.rules import Param, Rule
from playground.core.trips import Trip

Explain = Callable[[str, str], Explanation | None]

_BECAUSE = {
    "int": "the `int` parameter accepts digits only, so Flask answers 404 before your function runs.",
    "float": "the `float` parameter accepts numbers like 1.5, so Flask answers 404 without your function.",
    "uuid": "the `uuid` parameter accepts UUIDs only, so Flask answers 404 before your function runs.",
    "any": "the `any` parameter accepts the words of its list only, so Flask answers 404.",
    "string": "a text parameter ends at a slash. A `path` parameter takes slashes, too.",
}
_TRY = {"int": "abc", "float": "abc", "uuid": "abc", "any": "abc", "string": "a/b"}
_SLASH = "the rule ends without a slash, so the path has to end without one."


@dataclass(frozen=True, slots=True)
class Tip:
    """A path to try, and the sentence that says what will come of it and why; code is in backquotes."""

    path: str
    why: str


def tip_for(trip: Trip, explain: Explain) -> Tip | None:
    """What to try after this trip; None where nothing is surely true."""
    if trip.status >= 300 or not trip.rule:
        return None
    for path, because in _candidates(trip):
        found = explain(trip.method, path)
        if found is not None and found.match.outcome == "not_found":
            return Tip(path, f"Nothing will match: {because}")
    return None


def _candidates(trip: Trip) -> Iterator[tuple[str, str]]:
    """Paths like the trip's own with one thing changed."""
    rule = address.read_rule(trip.rule)
    if rule is None:
        return
    texts = {param.name: param.sample for param in rule.params}
    texts |= {value.name: value.text.strip("'\"") for value in trip.values if value.name in texts}
    for param in rule.params:
        if _is_known(param):
            changed = texts | {param.name: _TRY[param.converter]}
            yield _filled(rule, changed), _BECAUSE[param.converter]
    if not rule.params and trip.rule != "/" and not trip.rule.endswith("/"):
        yield f"{trip.rule}/", _SLASH


def _is_known(param: Param) -> bool:
    return not param.opaque and param.converter in _TRY


def _filled(rule: Rule, texts: dict[str, str]) -> str:
    """The rule with these texts in the place of its parameters, whether or not they convert."""
    return "".join(piece if isinstance(piece, str) else texts[piece.name] for piece in rule.pieces)
