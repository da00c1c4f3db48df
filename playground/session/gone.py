"""Whether the process is gone that left a file behind; its number stands in the file's name.

A file is called ``what-PROCESS-token.end``, the process in hexadecimal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playground.project.files import is_running


def is_gone(path: Path) -> bool:
    """Whether no process keeps the file any more; False where that can't be told.

    One that has our own number can't be ours: this is asked before we leave any.
    """
    try:
        process = int(path.stem.split("-")[1], 16)
    except (ValueError, IndexError):
        return False
    if process == os.getpid():
        return True
    if sys.platform == "win32":
        return _can_be_moved(path)
    return not is_running(process)


def _can_be_moved(path: Path) -> bool:
    """Windows lets nobody move a file that is open."""
    try:
        path.rename(path.with_suffix(".moved")).rename(path)
    except OSError:
        return False
    return True
