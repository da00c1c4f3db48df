"""New projects: a starter's ordinary Flask folder, copied as it is."""

from __future__ import annotations

from pathlib import Path

from playground.core.assets import asset
from playground.core.problems import refuse
from playground.core.starters import STARTERS
from playground.project.files import remove_empty, replace_all, reversed_folders, write_problem


def create(folder: Path, starter: str) -> None:
    """Make a project in ``folder``, which is made as well; refuses one that holds something."""
    if starter not in {known.name for known in STARTERS}:
        names = ", ".join(known.name for known in STARTERS)
        raise refuse(f"There is no starter called “{starter}”.", f"Choose one of: {names}.", field="starter")
    if folder.exists() and not folder.is_dir():
        raise refuse(f"{folder} is a file, not a folder.", "Choose another name.", field="folder")
    made: list[Path] = []
    try:
        if _holds_something(folder):
            raise refuse(
                f"{folder} is not empty.",
                "Choose a new or an empty folder, so that nothing is lost.",
                field="folder",
            )
        made = _make(folder)
        contents = _contents(asset("starters", starter))
        replace_all(folder, dict.fromkeys(contents), contents)
    except BaseException as error:
        remove_empty(reversed_folders(made))
        if isinstance(error, OSError):
            raise write_problem(str(folder), error) from error
        raise


def _holds_something(folder: Path) -> bool:
    """Whether there is anything in it that a person put there (a fresh ``.git`` is not)."""
    return folder.exists() and any(entry.name not in {".git", ".DS_Store"} for entry in folder.iterdir())


def _make(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir()
            made.append(path)
    except OSError:
        remove_empty(reversed_folders(made))
        raise
    return made


def _contents(source: Path) -> dict[str, bytes]:
    return {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
