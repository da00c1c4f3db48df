"""What the playground is made of, by what is installed here: each part's name, version and licence.

Read from the metadata of the packages, which a bundle brings along; where there is none, the parts are those
that are named here, with what they say of themselves or nothing.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from playground import __version__

OURS = "flask-route-playground"
KNOWN = (
    "flask",
    "pyside6",
    "requests",
    "waitress",
    "libcst",
    "watchfiles",
    "pygments",
    "platformdirs",
    "python-dotenv",
    "segno",
    "ifaddr",
)
"""What we ask for by ourselves, for where our own metadata is not at hand."""

SERVED_BY = ("flask", "werkzeug", "waitress")
"""What serves a project, told first and in reports."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST = 60
_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Part:
    """One package: its name as it writes itself, its version, and its licence (``BSD-3-Clause``)."""

    name: str
    version: str
    licence: str


def parts() -> tuple[Part, ...]:
    """Python and every package that the playground stands on, those that serve a project first."""
    found = {_normal(one.name): one for one in _walk()}
    first = [found.pop(name) for name in SERVED_BY if name in found]
    rest = sorted(found.values(), key=lambda part: part.name.lower())
    return (Part("Python", platform.python_version(), "PSF-2.0"), *first, *rest)


def versions_in_words(*more: str) -> str:
    """What a report begins with: our version, then Python, what serves, ``more`` and the system."""
    served = (distribution_or_none(name) for name in SERVED_BY)
    told = [f"{one.name} {one.version}" for one in served if one is not None]
    parts_of_it = [f"Python {platform.python_version()}", *told, *more]
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    bundle = ", from the bundle" if getattr(sys, "frozen", False) else ""
    return f"Route Playground {__version__}{bundle}\n{', '.join(parts_of_it)}\n{system}"


def distribution_or_none(name: str) -> Distribution | None:
    """What is installed under a name."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _walk() -> Iterator[Part]:
    """What we ask for, and what that asks for; each once."""
    ours = distribution_or_none(OURS)
    waiting = _wanted(ours) if ours is not None else list(KNOWN)
    seen = {_normal(OURS)}
    while waiting:
        name = waiting.pop()
        if _normal(name) in seen:
            continue
        seen.add(_normal(name))
        found = distribution_or_none(name)
        if found is not None:  # one for another system is not here
            waiting.extend(_wanted(found))
            yield Part(found.name, found.version, licence_of(found))


def _wanted(of: Distribution) -> list[str]:
    named = [one for one in of.requires or () if "extra ==" not in one]
    return [found[0] for one in named if (found := _NAME.match(one))]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(of: Distribution) -> str:
    """By the expression that a package gives, else the short name it gives, else its classifiers."""
    told = of.metadata
    for field in ("License-Expression", "License"):
        words = (told[field] or "").strip() if field in told else ""
        if words and len(words) <= _LONGEST and "\n" not in words:
            return words
    classified = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith(_CLASSIFIER)
    ]
    return ", ".join(classified)
