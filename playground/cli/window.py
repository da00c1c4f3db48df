"""The commands that need a window: Qt is imported here alone, when one of them runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.cli.fencing import end_surely, leave_behind_threads_of_the_app
from playground.cli.words import holds
from playground.core.app_place import folder_of_file
from playground.core.problems import refuse


def run_open(arguments: argparse.Namespace) -> int:
    """Open the window, on a folder if one is named."""
    if not _has_display():
        raise refuse(
            "There is no display to open the window on.",
            "Use serve, add and the other commands; playground --help lists them.",
        )
    with _qt():
        from playground.gui.application import run_window

    folder: Path | None = arguments.folder
    if folder is not None and holds(folder.is_file):  # app.py of a project, by double click
        folder = folder_of_file(folder)
    if arguments.from_flask:
        from playground.session.choosing import forget_what_files_say

        forget_what_files_say(folder or Path())
    if arguments.app:
        from playground.session.choosing import check_named_app

        folder = folder or Path()
        check_named_app(folder, arguments.app)
    status = run_window(folder, arguments.app)
    leave_behind_threads_of_the_app(status)
    end_surely(status)
    return status


def run_tour(arguments: argparse.Namespace) -> int:
    """Do the main job in the window, with pictures."""
    with _qt():
        from playground.gui.tour import run_tour

    return run_tour(arguments.out)


@contextmanager
def _qt() -> Iterator[None]:
    """Around the first import of Qt: where it can't be had, a sentence says why and what to do."""
    try:
        yield
    except ImportError as error:
        if "PySide6" not in str(error.name or "") + str(error) and ".so" not in str(error):
            raise
        raise refuse(
            f"The window needs Qt (PySide6), which can't be loaded here: {error}.",
            "playground doctor says what is missing and how to get it.",
        ) from error


def _has_display() -> bool:
    """Whether Qt has something to draw on; without, it would end the process with a page of its own words."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in named)
