"""The Python that runs this, and the packages that the playground needs: there, and new enough?"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from playground import __version__
from playground.cli.health.findings import Finding, bad, good
from playground.core.bundle import is_bundle

DISTRIBUTION = "flask-route-playground"
OLDEST = (3, 11)
QT_THAT_CRASHES = "6.12.0"
"""Of PySide6, on Python 3.10 and 3.11: it drops references to None until Python ends."""

IMPORTED = {
    "flask": "flask",
    "pyside6": "PySide6.QtWidgets",
    "requests": "requests",
    "waitress": "waitress",
    "libcst": "libcst",
    "watchfiles": "watchfiles",
    "pygments": "pygments",
    "platformdirs": "platformdirs",
    "python-dotenv": "dotenv",
    "segno": "segno",
    "ifaddr": "ifaddr",
}
"""The module of each package that shows whether it can be imported at all."""
OF_FLASK = ("flask", "werkzeug", "jinja2", "click")


def python(
    version: tuple[int, ...] = sys.version_info[:3], bits: int = sys.maxsize.bit_length() + 1
) -> Iterator[Finding]:
    """Whether this Python will do."""
    shown = ".".join(map(str, version[:3]))
    if tuple(version[:2]) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        yield bad("Python", f"{shown} is too old.", f"Install Python {oldest} or later from python.org.")
    elif bits < 64:
        yield bad("Python", f"{shown} has {bits} bits, and Qt needs 64.", "Install the 64-bit Python.")
    else:
        yield good("Python", f"{shown} ({platform.system()} {platform.machine()}), {sys.executable}")


def playground() -> Iterator[Finding]:
    """Which version of the playground this is, and where its own files are."""
    from playground.core.assets import asset

    try:
        starters = asset("starters")
    except FileNotFoundError as error:
        yield bad("Route Playground", f"{__version__} lacks its own files: {error}.", "Install it again.")
        return
    lacking = [name for name in ("starters", "icons", "style.qss") if not asset(name).exists()]
    if lacking:
        yield bad("Route Playground", f"{__version__} lacks {', '.join(lacking)}.", "Install it again.")
    else:
        yield good("Route Playground", f"{__version__}, with its files in {starters.parent}")


def packages(
    version: tuple[int, ...] = sys.version_info[:3], required: Sequence[str] | None = None
) -> Iterator[Finding]:
    """Each package that is needed: whether it is there, and new enough."""
    for line in _required() if required is None else required:
        name, wanted = _parsed(line)
        found = _version(name)
        install = how_to_get(_quoted(line))
        if not found:
            yield bad(name, "is not installed.", install)
        elif name == "pyside6" and found == QT_THAT_CRASHES and tuple(version[:2]) < (3, 12):
            yield bad(name, f"{found} crashes on Python {version[0]}.{version[1]}.", install)
        elif not all(_holds(found, sign, bound) for sign, bound in wanted):
            yield bad(name, f"{found} is not {_words(wanted)}.", install)
        else:
            yield good(name, found)


def flask() -> Iterator[Finding]:
    """What your apps run on."""
    found = [f"{name} {_version(name)}" for name in OF_FLASK if _version(name)]
    if found:
        yield good("your apps run on", ", ".join(found))


def imports(said: dict[str, str]) -> Iterator[Finding]:
    """What was said when each package was imported; those that could be are not spoken of."""
    for name, words in said.items():
        if words and _version(name):
            of_library = "See the system's libraries below."
            todo = of_library if ".so" in words else how_to_get(name, again=True)
            yield bad(name, f"can't be imported: {words}", todo)


def how_to_get(requirement: str, *, again: bool = False) -> str:
    """What to type for a package; a bundle has its own, and nothing can be installed into it."""
    if is_bundle():
        return "Install or unpack the playground again: a file of it is missing or damaged."
    return f"{sys.executable} -m pip install {'--force-reinstall ' * again}{requirement}"


def _required() -> list[str]:
    """What the installed playground says that it needs; a bundle brings all of it and says nothing."""
    try:
        said = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return [] if is_bundle() else list(IMPORTED)
    return [line.replace(" ", "") for line in said if "extra ==" not in line and "extra==" not in line]


def _parsed(line: str) -> tuple[str, list[tuple[str, str]]]:
    head = line.partition(";")[0]
    name = re.split(r"[^\w.-]", head, maxsplit=1)[0]
    return name.lower(), re.findall(r"(>=|!=|==|<=|<|>)([\w.]+)", head)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _holds(found: str, sign: str, bound: str) -> bool:
    ours, theirs = _numbers(found), _numbers(bound)
    return {
        ">=": ours >= theirs,
        "<=": ours <= theirs,
        ">": ours > theirs,
        "<": ours < theirs,
        "==": ours == theirs,
        "!=": ours != theirs,
    }[sign]


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, without zeros at their end: 3.1.0 is 3.1."""
    numbers = [int(number) for number in re.findall(r"\d+", re.split(r"[a-z+-]", version)[0])]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _words(wanted: Iterable[tuple[str, str]]) -> str:
    said = {
        ">=": "at least {}",
        "<": "below {}",
        "<=": "at most {}",
        ">": "above {}",
        "==": "{}",
        "!=": "other than {}",
    }
    return " and ".join(said[sign].format(bound) for sign, bound in wanted)


def _quoted(line: str) -> str:
    head = line.partition(";")[0]
    return f'"{head}"' if set(head) & set("<>!") else head
