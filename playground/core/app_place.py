"""Where an app that somebody named lies: the words of ``flask --app``, and the folder that is its project.

``flask`` imports a file from the folder around its outermost package, wherever one stands. That folder is the
project to open, unless one stands in it or in a package of it already.
"""

from __future__ import annotations

import os
import re
from pathlib import Path


def split(said: str) -> tuple[str, str]:
    """The file or module, and what is to be taken from it; a colon before a slash is a drive of Windows."""
    path, *name = re.split(r":(?![\\/])", said, maxsplit=1)
    return path, name[0] if name else ""


def folder_of_file(file: Path) -> Path:
    """The folder from which a file is imported: the one around the outermost package that holds it."""
    folder = Path(os.path.realpath(file)).parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder


def opened_by(said: str, here: Path) -> tuple[Path, str]:
    """The folder to open for ``flask --app``, and the same words as seen from there.

    ``here`` is where one stands. Raises ``OSError`` or ``ValueError`` for a name that no file can have.
    """
    path, name = split(said.strip())
    path, here = path.strip(), Path(os.path.realpath(here))
    file = Path(os.path.realpath(here / path))
    beside = not path or (file.suffix != ".py" and not file.is_dir() and "/" not in path.replace("\\", "/"))
    root = here if beside else folder_of_file(file)
    if here.is_relative_to(root) or root == here / "src":
        return here, said.strip()
    inside = file.relative_to(root).as_posix()
    return root, f"{inside}:{name}" if name else inside
