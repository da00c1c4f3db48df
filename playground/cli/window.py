"""The commands that need a window: Qt is imported here alone, when one of them runs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playground.cli.fencing import end_surely, leave_behind_threads_of_the_app
from playground.cli.words import holds
from playground.core.problems import refuse


def run_open(arguments: argparse.Namespace) -> int:
    """Open the window, on a folder if one is named."""
    if not _has_display():
        raise refuse(
            "There is no display to open the window on.",
            "Use serve, add and the other commands; playground --help lists them.",
        )
    from playground.gui.application import run_window

    folder: Path | None = arguments.folder
    if folder is not None and holds(folder.is_file):  # app.py of a project, by double click
        folder = folder.parent
    status = run_window(folder)
    leave_behind_threads_of_the_app(status)
    end_surely(status)
    return status


def run_tour(arguments: argparse.Namespace) -> int:
    """Do the main job in the window, with pictures."""
    from playground.gui.tour import run_tour

    return run_tour(arguments.out)


def _has_display() -> bool:
    """Whether Qt has something to draw on; without, it would end the process with a page of its own words."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in named)
