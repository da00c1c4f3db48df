"""The Debian package: the same folder, where the system keeps programs, and what its menu and centre need."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bundle import texts


@dataclass(frozen=True, slots=True)
class Facts:
    """What a package says of its contents: version, date, the oldest C library, libraries."""

    version: str
    date: str
    glibc: str
    carried: frozenset[str]


def make(folder: Path, root: Path, work: Path, out: Path, facts: Facts) -> Path:
    """Make the package of a folder; returns its path in `out`."""
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    program = tree / "usr" / "lib" / texts.NAME
    program.parent.mkdir(parents=True)
    shutil.copytree(folder, program, symlinks=True, copy_function=_linked)
    for name in ("share", "install.sh", "uninstall.sh"):
        _drop(program / name)
    shutil.copytree(folder / "share", tree / "usr" / "share")
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "playground").symlink_to(f"../lib/{texts.NAME}/playground")
    _write_papers(tree, root, facts)
    architecture = _said("dpkg", "--print-architecture")
    _write_control(tree, root, facts, architecture)
    package = out / f"{texts.NAME}_{facts.version}_{architecture}.deb"
    package.unlink(missing_ok=True)
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(tree), str(package)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(tree)
    return package


def _linked(source: str, target: str) -> str:
    """A second name for the same bytes: the folder is large."""
    Path(target).hardlink_to(source)
    return target


def _drop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_papers(tree: Path, root: Path, facts: Facts) -> None:
    papers = tree / "usr" / "share" / "doc" / texts.NAME
    papers.mkdir(parents=True)
    mit = (root / "LICENSE").read_text(encoding="utf-8")
    (papers / "copyright").write_text(texts.copyright_file(mit), encoding="utf-8")
    entry = f"{texts.NAME} ({facts.version}) stable; urgency=low\n\n  * This version.\n\n"
    entry += f" -- The Route Playground authors <route-playground@localhost>  {_rfc_date(facts.date)}\n"
    (papers / "changelog.gz").write_bytes(gzip.compress(entry.encode(), mtime=0))


def _rfc_date(date: str) -> str:
    from datetime import datetime

    return datetime.fromisoformat(date).strftime("%a, %d %b %Y 00:00:00 +0000")


def _write_control(tree: Path, root: Path, facts: Facts, architecture: str) -> None:
    table = (root / "assets" / "system-libraries.txt").read_text(encoding="utf-8")
    depends, recommends = texts.dependencies(table, set(facts.carried), facts.glibc)
    size = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    (tree / "DEBIAN").mkdir()
    words = texts.control(facts.version, architecture, size, depends, recommends)
    (tree / "DEBIAN" / "control").write_text(words, encoding="utf-8")
    for path in [tree, *tree.rglob("*")]:  # whoever builds may have a umask of their own
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
