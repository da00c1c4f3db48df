"""Which app of a folder a person chose, kept outside the folder; and the port that the folder asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from playground.session.home import Home

APPS_KEY = "apps"
DEFAULT_PORT = 5000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


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


def wanted_port(variables: Mapping[str, str]) -> tuple[int, str]:
    """The port to try first where none was named, and what has to be said of that.

    ``variables`` are those that the folder's files set; ``FLASK_RUN_HOST`` is never followed: a server that
    others reach has to be asked for.
    """
    said = {**os.environ, **variables}
    notes = []
    port, wish = DEFAULT_PORT, said.get("FLASK_RUN_PORT", "").strip()
    if wish.isascii() and wish.isdigit() and int(wish) <= 65535:
        port = int(wish)
    elif wish:
        notes.append(f"FLASK_RUN_PORT says {wish}, which is no port, so {port} is tried first.")
    host = said.get("FLASK_RUN_HOST", "").strip()
    if host and host not in _LOOPBACK:
        notes.append(f"FLASK_RUN_HOST ({host}) is not followed: only this computer reaches the server.")
    return port, " ".join(notes)
