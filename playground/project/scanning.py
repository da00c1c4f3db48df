"""Which files of the folder are the project's: what to list, what to read, and what to leave alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SKIPPED_FOLDERS = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__"})
MOST_FILES = 20_000

_EDITABLE_SUFFIXES = frozenset(
    """
    .py .html .htm .jinja .jinja2 .j2 .css .js .mjs .ts .json .txt .md .rst .toml .cfg .ini .env .yaml .yml
    .xml .svg .csv .sql .http .sh .bat
    """.split()  # noqa: SIM905  (a list of quoted words is hard to read)
)
_EDITABLE_NAMES = frozenset(
    {".env", ".flaskenv", ".gitignore", "Procfile", "Dockerfile", "Makefile", "LICENSE"}
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One file as the folder lists it: ``/`` between the parts of its name, size in bytes."""

    file: str
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of the project in order of their names; ``complete`` is False when there were too many."""

    files: dict[str, Seen]
    complete: bool = True


def walk(folder: Path) -> Listing:
    """List the folder's files; raises ``OSError`` when the folder itself can't be read.

    Version control, virtual environments, caches and hidden folders are left out, and a folder
    that a symbolic link leads back to is visited once.
    """
    found: dict[str, Seen] = {}
    visited: set[tuple[int, int]] = set()
    waiting = [(folder, "")]
    while waiting:
        path, prefix = waiting.pop()
        if not _first_visit(path, visited):
            continue
        for entry in _entries(path, is_root=not prefix):
            if not entry.name.isprintable():  # bytes that are no text, or a newline: not a name to show
                continue
            if _is_folder(entry):
                if _is_project_folder(entry):
                    waiting.append((Path(entry.path), f"{prefix}{entry.name}/"))
            elif seen := _seen(entry, prefix):
                found[seen.file] = seen
                if len(found) >= MOST_FILES:
                    return Listing(_in_order(found), complete=False)
    return Listing(_in_order(found))


def _first_visit(path: Path, visited: set[tuple[int, int]]) -> bool:
    stat = path.stat()
    # Windows without inode numbers says 0: fall back on the real path's hash there.
    identity = (stat.st_dev, stat.st_ino or hash(path.resolve()))
    if identity in visited:
        return False
    visited.add(identity)
    return True


def _entries(path: Path, is_root: bool) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except OSError:
        if is_root:
            raise
        return []  # a folder inside that we may not read holds nothing that we could show


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_project_folder(entry: os.DirEntry[str]) -> bool:
    hidden = entry.name.startswith(".") or entry.name in SKIPPED_FOLDERS
    return not hidden and not (Path(entry.path) / "pyvenv.cfg").exists()


def _seen(entry: os.DirEntry[str], prefix: str) -> Seen | None:
    try:
        stat = entry.stat()
    except OSError:  # gone since it was listed, or a link to nowhere
        return None
    return Seen(prefix + entry.name, stat.st_mtime_ns, stat.st_size) if entry.is_file() else None


def _in_order(found: dict[str, Seen]) -> dict[str, Seen]:
    """The files of a folder before those of the folders in it, each in alphabetical order."""
    return dict(sorted(found.items(), key=lambda item: (item[0].count("/"), item[0].lower(), item[0])))


def look_at(folder: Path, file: str) -> Seen | None:
    """One file as ``walk`` would list it, or None when it is not there."""
    try:
        stat = folder.joinpath(*file.split("/")).stat()
    except OSError:
        return None
    return Seen(file, stat.st_mtime_ns, stat.st_size)


def is_python(file: str) -> bool:
    """Whether it is a Python file."""
    return file.endswith(".py")


def is_editable(file: str) -> bool:
    """Whether it is a text file that people edit, going by its name."""
    name = file.rpartition("/")[2]
    return name in _EDITABLE_NAMES or Path(name).suffix.lower() in _EDITABLE_SUFFIXES
