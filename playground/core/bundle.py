"""Whether this is the program that is started by double click, and where a portable one keeps its data.

A bundle carries its own Python. A file named `portable` beside the program makes it keep settings, trust and
new projects in the folder `data` next to it: it can live on a stick, or on a shared drive of a school.
"""

from __future__ import annotations

import sys
from pathlib import Path

MARKER, DATA = "portable", "data"
LEFT_OUT = frozenset({"tkinter", "turtle", "turtledemo", "idlelib", "lib2to3", "test", "nis"})
"""Modules of Python that a bundle does not have: its own windows, its editor, its tests, what is past."""


def is_bundle() -> bool:
    """Whether this Python came with the program, so that nothing can be installed into it."""
    return bool(getattr(sys, "frozen", False))


def portable_home() -> Path | None:
    """The folder that a portable program keeps everything in; None for any other."""
    return portable_home_of(Path(sys.executable)) if is_bundle() else None


def portable_home_of(program: Path) -> Path | None:
    """The same, for a program by its path; in macOS, beside the application and not inside."""
    application = next((path for path in program.parents if path.suffix == ".app"), None)
    beside = application.parent if application is not None else program.parent
    return beside / DATA if (beside / MARKER).exists() else None
