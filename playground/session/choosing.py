"""Which app of a folder a person chose, kept outside the folder; and the port that the folder asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from playground.core.problems import refuse
from playground.session.home import Home

APPS_KEY = "apps"
DEFAULT_PORT = 5000


def kept_app(home: Home, folder: Path) -> str:
    """What was chosen in a folder before, or nothing."""
    kept = home.get(APPS_KEY, {})
    chosen = kept.get(str(folder), "") if isinstance(kept, dict) else ""
    return chosen if isinstance(chosen, str) else ""


def keep_app(home: Home, folder: Path, target: str) -> None:
    """Remember a choice, or forget it where it is empty; raises ``ProblemError`` where it can't be kept."""
    kept = home.get(APPS_KEY, {})
    others = {
        path: chosen
        for path, chosen in (kept.items() if isinstance(kept, dict) else ())
        if path != str(folder) and Path(path).is_dir()
    }
    home.set(APPS_KEY, {**others, str(folder): target} if target else others)


def check_named_app(folder: Path, target: str) -> None:
    """Refuse what ``flask --app`` could not mean in a folder, before a window opens for it."""
    from playground.core.app_place import split
    from playground.project.app_finding import resolve

    if folder.is_dir() and resolve(folder.resolve(), target) is None:
        raise refuse(
            f"There is no {split(target)[0]} in {folder.resolve()}.",
            "Name a file or a module of it, as in app.py, shop:create_app or pkg.web:app.",
            field="app",
        )


def forget_what_files_say(folder: Path) -> None:
    """Take out of this process what ``flask`` put there from the folder's .env and .flaskenv.

    We read these files ourselves, and go by them as they are then; a variable of the process would hide what
    is written into them later.
    """
    from playground.project.environment import read

    for name, value in read(folder.resolve(), {}).variables.items():
        if os.environ.get(name) == value:
            del os.environ[name]


def wanted_port(variables: Mapping[str, str]) -> tuple[int, str]:
    """The port to try first where none was named, and what has to be said of that.

    ``variables`` are those that the folder's files set.
    """
    wish = {**os.environ, **variables}.get("FLASK_RUN_PORT", "").strip()
    if wish.isascii() and wish.isdigit() and int(wish) <= 65535:
        return int(wish), ""
    if wish:
        return (
            DEFAULT_PORT,
            f"FLASK_RUN_PORT says {wish}, which is no port, so {DEFAULT_PORT} is tried first.",
        )
    return DEFAULT_PORT, ""
