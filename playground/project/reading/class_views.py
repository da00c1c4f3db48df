"""Which methods a class-based view answers, as Flask works it out: through bases, in any file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playground.project.python.syntax import sort_methods
from playground.project.python.values import Value, methods_in
from playground.project.reading.modules import ClassFacts

HANDLERS = frozenset({"get", "post", "head", "options", "delete", "put", "trace", "patch"})
"""The functions of a ``MethodView`` that answer a request."""

BY_FUNCTION = frozenset(
    {
        "flask.views.MethodView",
        "flask_restful.Resource",
        "flask_restx.Resource",
        "flask_restplus.Resource",
    }
)
"""Classes whose own functions say which methods there are."""

_DEEPEST = 7


@dataclass(frozen=True)
class ClassPlace:
    """A class where it is written; ``settle`` looks its names up, ``base`` finds one of its bases.

    A base is another such place, or the full name of a class outside of the project.
    """

    facts: ClassFacts
    settle: Callable[[Value], Value]
    base: Callable[[str], ClassPlace | str] = field(compare=False)


def methods_of(place: ClassPlace) -> tuple[str, ...] | None:
    """The methods of the class, in the form's order; None where it names none (it answers GET)."""
    found = _methods(place, 0)
    return sort_methods(sorted(found)) if found else None


def _methods(place: ClassPlace, depth: int) -> set[str]:
    written = methods_in(place.settle(place.facts.methods))
    if written is not None:
        return set(written)
    bases = [place.base(name) for name in place.facts.bases if name] if depth < _DEEPEST else []
    inherited = [_methods(one, depth + 1) for one in bases if isinstance(one, ClassPlace)]
    if _is_by_function(place, 0):
        return set().union(*inherited, (name.upper() for name in _functions(place, 0) & HANDLERS))
    return next(filter(None, inherited), set())


def _is_by_function(place: ClassPlace, depth: int) -> bool:
    """Whether it is a ``MethodView``; a base from outside the project is one if it looks like it."""
    bases = [place.base(name) for name in place.facts.bases if name] if depth < _DEEPEST else []
    outside = [one for one in bases if isinstance(one, str)]
    if any(one in BY_FUNCTION for one in outside):
        return True
    if any(_is_by_function(one, depth + 1) for one in bases if isinstance(one, ClassPlace)):
        return True
    strange = any(one and not one.startswith("flask.") for one in outside)
    return strange and "dispatch_request" not in place.facts.functions


def _functions(place: ClassPlace, depth: int) -> set[str]:
    """The functions of the class and of all that it is derived from."""
    bases = [place.base(name) for name in place.facts.bases if name] if depth < _DEEPEST else []
    above = [_functions(one, depth + 1) for one in bases if isinstance(one, ClassPlace)]
    return set().union(place.facts.functions, *above)
