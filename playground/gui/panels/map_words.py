"""What the route map says of a request: the words at the end of its way, and one sentence of why."""

from __future__ import annotations

from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.gui.panels.map_layout import MapNode

_LONGEST = 80


def outcome(match: Match) -> tuple[str, str]:
    """The words at the end of the way, and their colour."""
    if match.outcome == "match":
        values = ", ".join(f"{name} = {value}" for name, value in match.values)
        return _short(f"✓ {values}" if values else "✓ matched"), "get"
    if match.outcome == "redirect":
        return _short(f"→ redirects to {match.location}"), "put"
    if match.outcome == "method_not_allowed":
        return f"✗ 405 no {match.method}", "error"
    if match.outcome == "error":
        return "✗ 500 a converter failed", "error"
    return "✗ 404 no route", "error"


def why(match: Match, explanation: Explanation | None, last: MapNode | None) -> str:
    """One sentence about what became of a request: the router's own reason where that is known.

    ``last`` is the last node of its way. Empty where there is nothing to explain.
    """
    near = explanation.near[0] if explanation is not None and explanation.near else None
    if match.outcome == "not_found" and near is not None and near.matched.strip("/"):
        return f"The nearest is {near.rule}: {near.reason}."
    if explanation is not None and explanation.why:
        return explanation.why[0]
    if match.outcome == "not_found":
        return _no_route(match, last)
    if match.outcome == "method_not_allowed":
        allowed = ", ".join(match.allowed) or "other methods"
        return f"{match.path} is known, but not for {match.method}: only {allowed}. Flask answers 405."
    if match.outcome == "error":
        return f"A converter of the app raised an error at {match.path}, so Flask answers 500."
    return ""


def _no_route(match: Match, last: MapNode | None) -> str:
    if last is None:
        return f"{match.method} {match.path}: there is no route yet, so Flask answers 404."
    where = "from the root" if last.kind == "root" else f"after {last.path}"
    if last.kind == "pill" or last.path.strip("/") == match.path.strip("/"):
        where = f"at {match.path} itself"
    return f"{match.method} {match.path}: no route goes on {where}, so Flask answers 404."


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
