"""Where the app is, going by the source alone: found as the ``flask`` command finds it, and further.

``flask`` looks at what it was told, then at ``wsgi.py`` and ``app.py``, and gives up. Here any other file
whose source says that it makes an app comes next. Nothing is imported; a target is a file of the folder, with
``:name`` or ``:factory()`` behind it where Flask would not find the app in the file by itself.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from playground.core.app_place import split
from playground.core.problems import Place, Problem
from playground.project.python.syntax import FUNCTIONS
from playground.project.reading.modules import ModuleReading, module_name

APP_NAMES = ("app", "application")
FACTORIES = ("create_app", "make_app")
FLASK_ORDER = ("wsgi/__init__.py", "wsgi.py", "app/__init__.py", "app.py")
_STARTERS = ("run.py", "main.py", "server.py", "manage.py")
_TOOLS = frozenset({"bin", "docs", "scripts", "tools"})
_LONGEST_SHOWN = 200
_DEEPEST = 8  # imports that lead to imports: further than anyone goes


@dataclass(frozen=True, slots=True)
class Found:
    """Where the app is taken from, and all that it could be taken from; ``said`` where somebody named it."""

    target: str | None = None
    candidates: tuple[str, ...] = ()
    said: bool = False


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one file has for Flask: ``names`` of apps at its top level, ``makers`` that return one.

    ``own`` is False where all of it is made in ``origins``, other files; ``needs`` where a maker can't be
    called without arguments.
    """

    names: tuple[str, ...] = ()
    makers: tuple[str, ...] = ()
    own: bool = False
    needs: bool = False
    origins: frozenset[str] = frozenset()


def nearness(file: str) -> tuple[int, int, str]:
    """Files of the app itself before tools, examples and tests, outer ones before inner ones."""
    parts = file.lower().split("/")
    aside = 2 if "examples" in parts else 3
    return (aside if is_aside(file) else int(not _TOOLS.isdisjoint(parts[:-1])), len(parts), file)


def is_aside(file: str) -> bool:
    """Whether a file is one of the tests or examples rather than of the app."""
    parts = file.lower().split("/")
    return any(
        part in {"tests", "test", "examples", "conftest.py"} or part.startswith("test_") for part in parts
    )


def find(readings: Mapping[str, ModuleReading], unread: Collection[str], named: str | None = None) -> Found:
    """The app of a folder. ``unread`` are files that do not parse; ``named`` is what was said to take."""
    finder = _Finder(readings)
    facts = {file: found for file in readings if (found := finder.facts(file)) is not None}
    target = named or _as_flask_looks(finder, facts, unread) or _nearest(facts)
    candidates = _candidates(facts, target)
    return Found(target, candidates, named is not None)


def _as_flask_looks(finder: _Finder, facts: Mapping[str, _Facts], unread: Collection[str]) -> str | None:
    for file in FLASK_ORDER:
        if file in facts:
            return _targets(file, facts[file])[0]
        if file in unread or finder.may_hold(file):
            return file
    return None


def _nearest(facts: Mapping[str, _Facts]) -> str | None:
    """The nearest file that makes an app by itself; who calls it goes first where it wants arguments."""
    made = sorted((file for file in facts if facts[file].own), key=nearness)
    for file in made[:1]:
        callers = (
            other
            for other, found in facts.items()
            if file in found.origins and found.names and not is_aside(other)
        )
        if facts[file].needs and (caller := min(callers, key=_starting, default=None)):
            file = caller  # noqa: PLW2901  the one that knows the arguments
        return _targets(file, facts[file])[0]
    return None


def _starting(file: str) -> tuple[bool, tuple[int, int, str]]:
    return (file not in _STARTERS, nearness(file))


def _candidates(facts: Mapping[str, _Facts], target: str | None) -> tuple[str, ...]:
    """All places where an app is made, the target first; each app once."""
    chosen = file_of(target or "")
    covered = facts[chosen].origins if chosen in facts else frozenset()
    files = sorted((file for file in facts if facts[file].own and file not in covered), key=nearness)
    if not all(map(is_aside, files)):
        files = [file for file in files if not is_aside(file)]
    found = [
        name
        for file in files
        for name in _targets(file, facts[file])
        if file != chosen or not _is_said(name, target or "", facts[file])
    ]
    return (target, *found) if target else tuple(found)


def _is_said(candidate: str, target: str, facts: _Facts) -> bool:
    """Whether both mean the same app of one file, whatever its factory is called with."""
    name = target.partition(":")[2]
    if not facts.names or name == candidate.partition(":")[2]:
        return True
    return ":" not in candidate and name == _taken(facts)


def file_of(target: str) -> str:
    """The file of a target, also of one that is a dotted name."""
    path, _ = split(target)
    return path if path.endswith(".py") or not path else f"{path.replace('.', '/')}.py"


def _targets(file: str, facts: _Facts) -> list[str]:
    """What to write for each app of a file; alone where Flask takes it by itself, in Flask's order."""
    taken = _taken(facts)
    if taken:
        return [file, *(f"{file}:{name}" for name in facts.names if name != taken)]
    if facts.names:
        return [f"{file}:{name}" for name in facts.names]
    if any(name in facts.makers for name in FACTORIES):
        return [file]
    return [f"{file}:{name}()" for name in facts.makers]


def _taken(facts: _Facts) -> str:
    """The app that Flask takes by itself, or nothing."""
    by_name = next((name for name in APP_NAMES if name in facts.names), "")
    return by_name or (facts.names[0] if len(facts.names) == 1 else "")


class _Finder:
    def __init__(self, readings: Mapping[str, ModuleReading]) -> None:
        self._readings = readings
        self._modules: dict[str, str] | None = None

    def facts(self, file: str) -> _Facts | None:
        """What a file has for Flask, None for nothing."""
        reading = self._readings[file]
        made = [app.variable for app in reading.apps if not app.scope]
        makers = _makers(reading)
        got = self._got(reading)
        if not (made or makers or got):
            return None
        names = (*made, *(name for name in got if name not in FACTORIES))
        origins = frozenset(origin for origin in got.values() if origin != file)
        return _Facts(
            tuple(dict.fromkeys(names)),
            (*makers, *(name for name in got if name in FACTORIES)),
            bool(made or makers),
            not names and any(_needs_arguments(reading, maker) for maker in makers[:1]),
            origins,
        )

    def _got(self, reading: ModuleReading) -> dict[str, str]:
        """The top-level names that hold an app, or a factory, of another place, with the file of that."""
        found: dict[str, str] = {}
        for (scope, name), called in reading.made_by.items():
            if not scope and (origin := self._maker(reading, called, 0)):
                found[name] = origin
        for (scope, name), source in reading.imports.items():
            if not scope and (origin := self._imported(source, 0)):
                found[name] = origin
        return found

    def _maker(self, reading: ModuleReading, called: str, depth: int) -> str:
        """The file of the factory that is called, or nothing."""
        if called in _makers(reading):
            return reading.file
        source = reading.imported(called) if depth < _DEEPEST else ""
        other, name = self._module(source)
        return self._maker(other, name, depth + 1) if other is not None and name else ""

    def _imported(self, source: str, depth: int) -> str:
        """The file that makes the app, or the well-known factory, that a dotted name stands for."""
        other, name = self._module(source)
        if other is None or not name or depth > _DEEPEST:
            return ""
        if any(app.variable == name and not app.scope for app in other.apps):
            return other.file
        if name in FACTORIES and name in _makers(other):
            return other.file
        if ("", name) in other.made_by:
            return self._maker(other, other.made_by["", name], depth + 1)
        return self._imported(other.imports.get(("", name), ""), depth + 1)

    def _module(self, source: str) -> tuple[ModuleReading | None, str]:
        """The file that a dotted name lives in, and what is left of the name there."""
        above, _, name = source.rpartition(".")
        if not above:
            return None, ""
        if self._modules is None:
            self._modules = {module_name(file): file for file in self._readings}
        file = self._modules.get(above) or self._modules.get(f"src.{above}")
        return (self._readings[file], name) if file else (None, "")

    def may_hold(self, file: str) -> bool:
        """Whether a file may hold an app although its source does not say so outright."""
        reading = self._readings.get(file)
        if reading is None:
            return False
        stars = any(not scope and name.endswith(".*") for scope, name in reading.imports)
        return stars or any(name in reading.module_names for name in (*APP_NAMES, *FACTORIES))


def _makers(reading: ModuleReading) -> tuple[str, ...]:
    """The functions of a file that return an app, those that Flask knows by name first."""
    known = [name for name in FACTORIES if name in reading.parameters]
    others = [
        name
        for name, returned in reading.factories.items()
        if name and "." not in name and name not in known and _is_app(reading, returned, name)
    ]
    return (*known, *others)


def _is_app(reading: ModuleReading, returned: str, maker: str) -> bool:
    """Whether a function returns an app, not a blueprint; those of ``conftest.py`` are for pytest to call."""
    owner = reading.owner_here(returned, maker)
    is_app = owner is None or owner.kind == "app" or owner.kind.startswith("?")
    return is_app and not reading.file.endswith("conftest.py")


def _needs_arguments(reading: ModuleReading, maker: str) -> bool:
    text = reading.source.text
    start = text.find(f"def {maker}")
    return start >= 0 and _has_required(text[start : start + 2000])


@lru_cache(maxsize=256)
def _has_required(text: str) -> bool:
    """Whether the function that begins the text has a parameter without a default."""
    head = re.match(r"def \w+\((.*?)\)\s*(->[^\n]*)?:", text, re.DOTALL)
    try:
        made = ast.parse(f"{head[0]} pass").body[0] if head else None
    except SyntaxError:  # a default with a parenthesis and a colon in it
        return False
    if not isinstance(made, FUNCTIONS):
        return False
    given = made.args
    plain = len(given.posonlyargs) + len(given.args) - len(given.defaults)
    return plain > 0 or any(default is None for default in given.kw_defaults)


# What flask is told ---------------------------------------------------------------------------------


def resolve(folder: Path, said: str) -> str | None:
    """The target that ``flask --app`` would understand by some words; None where there is no such file.

    As there, a file and the module of its name are the same, and a package comes before a file. A module that
    is not in the folder is looked for in ``src``, whence it would be installed.
    """
    path, name = split(said)
    found = _file_of(folder, path.strip())
    return None if found is None else f"{found}:{name.strip()}" if name.strip() else found


def not_here(said: str, where: str | None) -> Problem:
    """FLASK_APP names what the folder does not have; ``where`` is the file that says so."""
    place = Place(where) if where and not where.startswith("..") else None
    shown = said if len(said) <= _LONGEST_SHOWN else said[:_LONGEST_SHOWN] + "…"
    return Problem(
        f"FLASK_APP says {shown}, and there is no such file or module in this folder.",
        f"Correct it in {where}." if where else "Correct it where the playground was started.",
        place=place,
        original=f"Could not import {said!r}.",
    )


def _file_of(folder: Path, path: str) -> str | None:
    if not path or "\0" in path:
        return None
    stem = os.path.realpath(folder / path).removesuffix(".py")
    if Path(stem).name == "__init__":
        stem = str(Path(stem).parent)
    root = os.path.realpath(folder)
    if stem == root or path in (folder.name, f"{folder.name}/__init__.py"):
        inside: Iterable[str] = ("",) if stem == root else (*_relative(root, stem), "")
    else:
        inside = _relative(root, stem)
    return next((file for one in inside for file in _files(Path(root), one)), None)


def _relative(root: str, stem: str) -> tuple[str, ...]:
    if not stem.startswith(root + os.sep):
        return ()
    name = stem[len(root) + 1 :].replace(os.sep, "/")
    return (name, f"src/{name}")


def _is_file(path: Path) -> bool:
    """As ``Path.is_file``, which raises for a name that no file can have, such as a very long one."""
    return os.path.isfile(path)  # noqa: PTH113  (see above)


def _files(root: Path, stem: str) -> Iterator[str]:
    """The files that a stem can mean: a package, a file, a dotted name."""
    for name in (f"{stem}/__init__.py".lstrip("/"), f"{stem}.py"):
        if stem + name != ".py" and _is_file(root / name):
            yield name
    above, _, last = stem.rpartition("/")
    if "." not in last:
        return
    top = f"{above}/".lstrip("/")
    for name in _files(root, top + last.replace(".", "/")):
        package = root / top / last.partition(".")[0] / "__init__.py"
        yield name if _is_file(package) else f"{top}{last}"
