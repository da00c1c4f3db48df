"""Which folders may run: pure functions on what ``trusted.json`` holds.

A mapping of folders, as full paths without links, to whether they are trusted. The nearest of a folder and
the folders around it decides, so that trust holds for all that lies inside, except where it was taken back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

Trusted = Mapping[str, bool]


def is_trusted(trusted: Trusted, folder: Path) -> bool:
    """Whether what lies in a folder may run. A link has the trust of what it leads to."""
    real = _real(folder)
    if _key(real) in trusted:
        return trusted[_key(real)]
    around = (parent for parent in real.parents if not _is_wide(parent))
    return next((trusted[_key(parent)] for parent in around if _key(parent) in trusted), False)


def with_trust(trusted: Trusted, folder: Path) -> dict[str, bool]:
    """The same with a folder trusted."""
    return {**trusted, _key(_real(folder)): True}


def without_trust(trusted: Trusted, folder: Path) -> dict[str, bool]:
    """The same with trust taken back from a folder and all that lies inside it."""
    real = _real(folder)
    rest = {
        path: said for path, said in trusted.items() if path != _key(real) and _key(real) not in _around(path)
    }
    return {**rest, _key(real): False} if is_trusted(rest, real) else rest


def folder_around(folder: Path) -> Path | None:
    """The folder that can be trusted with all of the projects in it; None where that would be too much."""
    parent = _real(folder).parent
    return None if _is_wide(parent) else parent


def _is_wide(folder: Path) -> bool:
    """The person's home and what lies around it hold more than projects: their trust is theirs alone."""
    home = _real(Path(os.path.expanduser("~")))  # noqa: PTH111  (pathlib's fails where there is none)
    return folder == home or folder in home.parents or folder == Path(folder.anchor)


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _key(real: Path) -> str:
    return os.path.normcase(real)


def _around(path: str) -> set[str]:
    return {_key(parent) for parent in Path(path).parents}
