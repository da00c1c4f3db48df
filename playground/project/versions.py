"""Which files of the folder differ from the last commit, as git tells it.

git is only asked, and only in folders that are trusted: what a repository has in its settings may run
programs. Without git, or without a repository, there is nothing to tell.
"""

from __future__ import annotations

import logging
import os
import subprocess
from pathlib import Path

from playground.core.versions import Versions

LIMIT = 5.0
"""Seconds after which git is not waited for any longer."""
_ASKED = (
    "git",
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=",
    "status",
    "--porcelain=v1",
    "-z",
    "--no-renames",
    "--ignore-submodules=all",
    "--untracked-files=normal",
    "--",
    ".",
)
_CONFLICTS = {"DD", "AU", "UD", "UA", "DU", "AA", "UU"}

log = logging.getLogger(__name__)


def changed_files(folder: Path, limit: float = LIMIT) -> Versions:
    """The files of the folder that differ from the last commit; none where that can't be told."""
    root = repository_of(folder)
    if root is None:
        return Versions()
    try:
        asked = subprocess.run(
            _ASKED,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:  # there is no git, or it takes too long here
        log.info("git was not asked: %s", error)
        return Versions()
    if asked.returncode:
        log.info("git does not tell: %s", asked.stderr.decode(errors="replace").strip())
        return Versions()
    return Versions(_marks(asked.stdout, folder.relative_to(root).as_posix()), str(_kept_in(root)))


def repository_of(folder: Path) -> Path | None:
    """The folder that git keeps versions of, ``folder`` or one around it."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)


def _kept_in(root: Path) -> Path:
    """Where git keeps what it knows; in a work tree of its own ``.git`` is a file that says where."""
    kept = root / ".git"
    try:
        return root / kept.read_text(errors="surrogateescape").removeprefix("gitdir:").strip()
    except OSError:  # a folder, as nearly always
        return kept


def _environment() -> dict[str, str]:
    """Git by itself: it takes no locks, asks nothing, and is not told of another repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _marks(told: bytes, inside: str) -> dict[str, str]:
    """What git wrote, by files relative to the folder that is ``inside`` of the repository."""
    prefix = "" if inside == "." else f"{inside}/"
    marks = {}
    for entry in told.decode(errors="surrogateescape").split("\0"):
        state, file = entry[:2], entry[3:]
        if file and file.startswith(prefix) and file != prefix:
            marks[file.removeprefix(prefix)] = _mark(state)
        elif file and prefix.startswith(file):
            marks["./"] = _mark(state)  # the folder is new as a whole
    return marks


def _mark(state: str) -> str:
    """One letter for git's two: of what is to be committed, and of what is on the disk."""
    if state in _CONFLICTS:
        return "!"
    if state == "??":
        return "U"
    if "D" in state:
        return "D"
    return "A" if state[0] == "A" or state[1] == "A" else "M"
