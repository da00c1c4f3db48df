"""How well a few typed letters fit a title: for finding routes, templates and actions by half a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_STARTS = frozenset(" /<:_-.")


def score(wanted: str, title: str) -> int | None:
    """Higher fits better; None where the letters do not occur in this order. Case does not matter.

    A whole match beats a beginning, that beats a word's beginning, that any place, that scattered letters.
    Several words may fit in any order.
    """
    low = title.lower()
    total = 0
    for word in wanted.lower().split():
        fit = _word_score(word, low)
        if fit is None:
            return None
        total += fit
    return total - len(title) // 8


def _word_score(word: str, low: str) -> int | None:
    at = low.find(word)
    if at == 0:
        return 1000 if len(word) == len(low) else 800
    while at > 0:
        if low[at - 1] in _STARTS:
            return 600 - min(at, 100)
        following = low.find(word, at + 1)
        if following < 0:
            return 400 - min(at, 100)
        at = following
    return _scattered(word, low)


def _scattered(word: str, low: str) -> int | None:
    at, gaps = -1, 0
    for char in word:
        found = low.find(char, at + 1)
        if found < 0:
            return None
        gaps += found - at - 1
        at = found
    return 200 - min(gaps, 150)


def best(wanted: str, items: Iterable[T], title: Callable[[T], str], limit: int | None = None) -> list[T]:
    """The items that fit, best first, in their own order where alike; all where nothing is wanted."""
    if not wanted.strip():
        return list(items)[:limit]
    scored = [(fit, item) for item in items if (fit := score(wanted, title(item))) is not None]
    scored.sort(key=lambda pair: -pair[0])
    return [item for _, item in scored[:limit]]
