"""Laying out what is Python: the standard library and what pip would have installed, with their bytecode.

Bytecode is marked as never to be checked against its source, so that a folder that cannot be written, or was
copied with other times, starts as fast as any.
"""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib import metadata
from pathlib import Path, PurePosixPath
from py_compile import PycInvalidationMode

from bundle import contents


def lay_out(root: Path, stage: Path) -> None:
    """Make `stage` anew from the checkout in `root` and the environment that this runs in."""
    shutil.rmtree(stage, ignore_errors=True)
    copy_stdlib(Path(sysconfig.get_path("stdlib")), stage / contents.STDLIB)
    packages = stage / contents.PACKAGES
    packages.mkdir(parents=True)
    for name in runtime_distributions():
        copy_distribution(name, packages)
    add_playground(root, packages, stage / "wheel")
    for folder in (stage / contents.STDLIB, packages):
        compile_all(folder)


def copy_stdlib(source: Path, target: Path) -> None:
    """The standard library without what `contents` leaves out."""
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        inside = path.relative_to(source)
        if contents.is_stdlib_kept(PurePosixPath(inside.as_posix())):
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / inside)


def runtime_distributions() -> list[str]:
    """What the playground needs on this system, by name, and what that needs, without itself."""
    needs: dict[str, list[str]] = {}
    left = ["flask-route-playground"]
    while left:
        name = left.pop()
        if name not in needs:
            needs[name] = _needs(name)
            left += needs[name]
    found = contents.distributions_below("flask-route-playground", needs)
    return [name for name in found if name != "flask-route-playground"]


def _needs(name: str) -> list[str]:
    from packaging.requirements import Requirement

    asked = [Requirement(line) for line in metadata.requires(name) or []]
    return [need.name.lower() for need in asked if need.marker is None or need.marker.evaluate({"extra": ""})]


def copy_distribution(name: str, target: Path) -> None:
    """The files of an installed distribution, its metadata among them."""
    for file in metadata.files(name) or []:
        path = PurePosixPath(file.as_posix())
        source = Path(str(file.locate()))
        if contents.is_package_file_kept(path) and source.is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / path)


def add_playground(root: Path, packages: Path, wheels: Path) -> None:
    """Ourselves, as a wheel of this checkout has us."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=root, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    shutil.rmtree(wheels)


def compile_all(folder: Path) -> None:
    """Bytecode beside each source."""
    mode = PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(folder, quiet=1, stripdir=str(folder), invalidation_mode=mode, force=True):
        raise SystemExit(f"Some files in {folder} do not compile: see above.")


def version(root: Path) -> str:
    """Ours, as the source says it."""
    text = (root / "playground" / "__init__.py").read_text(encoding="utf-8")
    return next(
        line.partition('"')[2].rpartition('"')[0] for line in text.splitlines() if "__version__" in line
    )
