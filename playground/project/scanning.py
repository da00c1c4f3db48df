"""Which files of the folder are the project's: what to list, what to read, and what to leave alone."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from playground.core.problems import Problem
from playground.project.files import TEMP_MARK, is_left_behind

SKIPPED_FOLDERS = frozenset(
    {".git", ".venv", "venv", "node_modules", "bower_components", "__pycache__", "__pypackages__", "htmlcov"}
)
MOST_FILES = 20_000
"""That many are read and shown, in that many folders; no project comes near."""

_MARKS = frozenset({"pyvenv.cfg", "conda-meta", "CACHEDIR.TAG"})
"""What a folder holds that is an environment or a cache, whatever it is called."""

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
    """The files of the project in order of their names; ``complete`` is False when there were too many.

    ``folders`` are those that were looked into and ``closed`` those that may not be, as in ``files``, the
    project's own as an empty string. ``nameless`` are files whose names are no text, as Python writes them.
    ``leftovers`` are temporary files that a killed process of ours could not put in place.
    """

    files: dict[str, Seen]
    complete: bool = True
    folders: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    nameless: tuple[str, ...] = ()
    leftovers: tuple[Path, ...] = ()


def walk(folder: Path) -> Listing:
    """List the folder's files; raises ``OSError`` when the folder itself can't be read.

    Version control, virtual environments, caches and hidden folders are left out. Outer folders come before
    inner ones, and what a link leads to after all that lies here, so that what is left out where there is too
    much is what is furthest away. A folder is visited once, whatever leads to it; one that the project
    lies in is not part of it.
    """
    walker = _Walker(folder)
    complete = walker.walk()
    return Listing(
        _in_order(walker.found),
        complete,
        tuple(walker.folders),
        tuple(walker.closed),
        tuple(walker.nameless),
        tuple(path for path in walker.leftovers if is_left_behind(path)),
    )


class _Walker:
    """One walk through a folder and what it found."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._visited: set[tuple[int, int]] = set()
        self._waiting = deque([(folder, "")])
        self._linked: deque[tuple[Path, str]] = deque()
        self.found: dict[str, Seen] = {}
        self.folders: list[str] = []
        self.closed: list[str] = []
        self.nameless: list[str] = []
        self.leftovers: list[Path] = []

    def walk(self) -> bool:
        """Visit all folders; False when there is too much."""
        while waiting := self._waiting or self._linked:
            self._visit(*waiting.popleft())
            if len(self.found) >= MOST_FILES or len(self.folders) >= MOST_FILES:
                return False
        return True

    def _visit(self, path: Path, prefix: str) -> None:
        try:
            if not self._is_first_visit(path):
                return
            with os.scandir(path) as listed:
                entries = list(listed)
        except OSError:
            if not prefix:
                raise
            self.closed.append(prefix.rstrip("/"))  # what is inside can't be shown
            return
        if prefix and any(entry.name in _MARKS for entry in entries):
            return
        self.folders.append(prefix.rstrip("/"))
        for entry in entries:
            self._take(entry, prefix)

    def _is_first_visit(self, path: Path) -> bool:
        stat = path.stat()
        # Windows without inode numbers says 0: fall back on the real path's hash there.
        identity = (stat.st_dev, stat.st_ino or hash(path.resolve()))
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def _take(self, entry: os.DirEntry[str], prefix: str) -> None:
        if entry.name.startswith(TEMP_MARK):
            self.leftovers.append(Path(entry.path))
        elif _is_folder(entry):
            if not is_skipped(entry.name, prefix) and entry.name.isprintable():
                self._wait_for(entry, prefix)
        elif not entry.name.isprintable():  # bytes that are no text, or a newline: not a name to show
            self.nameless.append(ascii(prefix + entry.name))
        elif (seen := _seen(entry, prefix)) and len(self.found) < MOST_FILES:
            self.found[seen.file] = seen

    def _wait_for(self, entry: os.DirEntry[str], prefix: str) -> None:
        path, inside = Path(entry.path), f"{prefix}{entry.name}/"
        if not entry.is_symlink():
            self._waiting.append((path, inside))
        elif not self._root.is_relative_to(path.resolve()):
            self._linked.append((path, inside))


def folder_problems(listing: Listing) -> tuple[Problem, ...]:
    """What a person should know of what is not listed."""
    found = []
    if not listing.complete:
        sentence = f"This folder holds more than {MOST_FILES:,} files; the rest of them is not shown."
        found.append(Problem(sentence, "Open the folder of the app itself."))
    if listing.closed:
        sentence = f"What is in {_a_few(listing.closed)} is not shown: it can't be read."
        found.append(Problem(sentence, "Check that you may open it."))
    if listing.nameless:
        sentence = f"{_a_few(listing.nameless)} is not shown: the name is not one that can be read as text."
        found.append(Problem(sentence, "Give it another name."))
    return tuple(found)


def _a_few(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def is_skipped(name: str, prefix: str = "") -> bool:
    """Whether a folder is none of the project's, going by its name and what it lies in."""
    copies = prefix.endswith("build/") and name.startswith(("lib", "bdist."))  # what setuptools leaves
    return name.startswith(".") or name in SKIPPED_FOLDERS or name.endswith(".egg-info") or copies


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _seen(entry: os.DirEntry[str], prefix: str) -> Seen | None:
    try:
        stat = entry.stat()
    except OSError:  # gone since it was listed, or a link to nowhere
        return None
    return Seen(prefix + entry.name, _written_ns(stat), stat.st_size) if S_ISREG(stat.st_mode) else None


def _written_ns(stat: os.stat_result) -> int:
    """When a file was last written; a program may put that time back, but not the one of the change."""
    return max(stat.st_mtime_ns, stat.st_ctime_ns)


def _in_order(found: dict[str, Seen]) -> dict[str, Seen]:
    """The files of a folder before those of the folders in it, each in alphabetical order."""
    return {file: found[file] for file in sorted(found, key=place_in_order)}


def place_in_order(file: str) -> tuple[int, str, str]:
    """What to sort files by."""
    return file.count("/"), file.lower(), file


def look_at(folder: Path, file: str) -> Seen | None:
    """One file as ``walk`` would list it, or None when it is not there."""
    try:
        stat = folder.joinpath(*file.split("/")).stat()
    except OSError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    return Seen(file, _written_ns(stat), stat.st_size)


def is_python(file: str) -> bool:
    """Whether it is a Python file."""
    return file.endswith(".py")


def is_editable(file: str) -> bool:
    """Whether it is a text file that people edit, going by its name."""
    name = file.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return name in _EDITABLE_NAMES or (stem != "" and (dot + suffix).lower() in _EDITABLE_SUFFIXES)
