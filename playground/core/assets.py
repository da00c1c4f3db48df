"""Finding what is not code (icons, starters) wherever the playground runs from.

The same folder is ``assets/`` in a checkout and ``playground/_assets`` in a wheel; a bundle made by
PyInstaller unpacks either of them below its own root.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parents[1]
    candidates = [package / "_assets", package.parent / "assets"]
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        candidates += [Path(bundle) / "playground" / "_assets", Path(bundle) / "assets"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the assets are in none of {', '.join(map(str, candidates))}")


def asset(*parts: str) -> Path:
    """The path of an asset: ``asset("icons", "plus.svg")``. It need not exist."""
    return _root().joinpath(*parts)
