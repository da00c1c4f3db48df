"""The packages of the project's own virtual environment, for the project's imports, while it is open.

They stand behind ours on ``sys.path``, so that Flask and Werkzeug stay the ones that serve, and only where
the environment was made for this version of Python: others would break in ways that nobody understands.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

from playground.core.bundle import is_bundle
from playground.core.problems import Problem
from playground.server.imports import forget_finders

NAMES = (".venv", "venv")
"""What the folder of a virtual environment is called, in the order in which they are looked for."""

_resting: dict[str, dict[str, ModuleType]] = {}
"""By environment, closed packages that hold code in C: many such can be loaded but once in a process."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment: where it is, the Python that it was made for (``3.11``), its packages."""

    path: Path
    version: str
    site: Path | None

    @property
    def name(self) -> str:
        """What its folder is called."""
        return self.path.name

    @property
    def fits(self) -> bool:
        """Whether its packages can be used here."""
        return self.site is not None and self.version == running()

    @property
    def python(self) -> str:
        """Its Python as one would type it in the project's folder."""
        inside = "Scripts\\python" if (self.path / "Scripts").is_dir() else "bin/python"
        return f"{self.name}\\{inside}" if "\\" in inside else f"{self.name}/{inside}"


def running() -> str:
    """The version of this Python: ``3.11``."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def environment_of(folder: Path) -> Environment | None:
    """The project's virtual environment: the first that fits, else the first; None where it has none."""
    found = [one for name in NAMES if (one := _environment(folder / name)) is not None]
    return next((one for one in found if one.fits), found[0] if found else None)


def _environment(path: Path) -> Environment | None:
    try:
        lines = (path / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    said = {key.strip().lower(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    version = ".".join((said.get("version_info") or said.get("version") or "").split(".")[:2])
    sites = [path / "Lib" / "site-packages", *sorted((path / "lib").glob("python3*/site-packages"))]
    sites = [site for site in sites if site.is_dir()]
    if not version and sites:
        version = sites[-1].parent.name.removeprefix("python")
    site = next((site for site in sites if site.parent.name.lower() in ("lib", f"python{version}")), None)
    return Environment(path, version, site)


def misfit(environment: Environment | None) -> Problem | None:
    """Why the packages of an environment are not used; None where they are."""
    if environment is None or environment.fits:
        return None
    if environment.site is None:
        sentence = f"The folder {environment.name} is no whole virtual environment: it has no packages."
    else:
        sentence = (
            f"The packages in {environment.name} are for Python {environment.version}, and this is Python "
            f"{running()}: they are not used."
        )
    return Problem(sentence, f"Make {environment.name} anew with Python {running()} to have them used.")


def install(environment: Environment | None, distribution: str) -> str:
    """The command that installs a package where the project would find it."""
    if environment is not None and environment.fits:
        if environment.site is not None and not (environment.site / "pip").is_dir():
            return f"uv pip install --python {environment.name} {distribution}"
        return f"{environment.python} -m pip install {distribution}"
    if is_bundle():
        return _install_beside(environment, distribution)
    return f"{shlex.quote(sys.executable)} -m pip install {distribution}"


def _install_beside(environment: Environment | None, distribution: str) -> str:
    """The same where nothing can be installed into this Python: into an environment of the project's own."""
    clear = " --clear" if environment is not None and environment.name == NAMES[0] else ""
    if os.name == "nt":  # there, an environment needs a Python that was installed
        return f"py -{running()} -m venv{clear} .venv && .venv\\Scripts\\python -m pip install {distribution}"
    python = shlex.quote(sys.executable)
    return f"{python} -m venv{clear} .venv && .venv/bin/python -m pip install {distribution}"


class Packages:
    """What one open project has from its environment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.environment: Environment | None = None
        self._added: list[str] = []
        self._stamp: tuple[int, ...] = ()

    def add(self) -> None:
        """Have them found, as they are now; again and again is as good as once."""
        self._stamp = self._now()
        self.environment = environment_of(self._folder)
        fitting = self.environment is not None and self.environment.fits
        wanted = list(_paths(self.environment.site)) if self.environment and fitting else []
        known = {os.path.realpath(entry) for entry in sys.path if entry}
        for entry in wanted:
            if entry not in known:
                known.add(entry)
                sys.path.append(entry)
                self._added.append(entry)
        for name, module in _resting.pop(self._key, {}).items():
            sys.modules.setdefault(name, module)

    def have_changed(self) -> bool:
        """Whether something was installed, or taken away, since they were last added."""
        return self._stamp != self._now()

    def _now(self) -> tuple[int, ...]:
        """When the folders that packages are installed into were last changed."""
        environment = environment_of(self._folder)
        theirs = environment.site if environment is not None and environment.fits else None
        ours = [entry for entry in sys.path if entry.endswith("-packages")]
        sites = {os.path.realpath(site) for site in (*ours, *([str(theirs)] if theirs else []))}
        return tuple(Path(site).stat().st_mtime_ns for site in sorted(sites) if Path(site).is_dir())

    @property
    def _key(self) -> str:
        return str(self.environment.path) if self.environment is not None else ""

    def remove(self) -> None:
        """Take their places and their modules out of the process."""
        added, self._added = self._added, []
        if not added:
            return
        sys.path[:] = [entry for entry in sys.path if entry not in added]
        forget_finders(lambda entry: _lies_in(entry, added))
        gone = {name: module for name, module in sys.modules.copy().items() if _is_from(module, added)}
        for name in gone:
            sys.modules.pop(name, None)
        in_c = {name.partition(".")[0] for name, module in gone.items() if _is_in_c(module)}
        resting = {name: module for name, module in gone.items() if name.partition(".")[0] in in_c}
        if resting:
            _resting[self._key] = resting


def _paths(site: Path | None) -> Iterator[str]:
    """The folder of the packages, and those that its .pth files name; what these would run is left out."""
    if site is None:
        return
    yield os.path.realpath(site)
    for file in sorted(site.glob("*.pth")):
        try:
            lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        except OSError:  # as Python does, when it starts
            continue
        for line in lines:
            entry = line.strip()
            if entry and not entry.startswith(("#", "import ", "import\t")) and "\0" not in entry:
                path = os.path.realpath(site / entry)
                if Path(path).is_dir():
                    yield path


def _lies_in(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _is_from(module: ModuleType, folders: list[str]) -> bool:
    said = vars(module) if isinstance(module, ModuleType) else {}  # asking some for an attribute imports it
    file, portions = said.get("__file__"), said.get("__path__")
    if isinstance(file, str):
        return _lies_in(os.path.realpath(file), folders)
    if portions is None or isinstance(portions, str):
        return False
    return any(_lies_in(os.path.realpath(one), folders) for one in portions)  # no __init__.py


def _is_in_c(module: ModuleType) -> bool:
    return str(vars(module).get("__file__", "")).endswith(tuple(EXTENSION_SUFFIXES))
