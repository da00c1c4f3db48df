"""The commands that need a window: Qt is imported here alone, when one of them runs."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

from playground.cli.fencing import end_surely, leave_behind_threads_of_the_app
from playground.cli.health.screen import INSTEAD, lacking, trouble
from playground.cli.words import holds
from playground.core.app_place import folder_of_file, opened_by
from playground.core.problems import refuse


def run_open(arguments: argparse.Namespace) -> int:
    """Open the window, on a folder if one is named."""
    if wrong := trouble():  # with which Qt would end the process, with a page of its own words
        raise refuse(wrong, INSTEAD)
    if library := lacking():  # the same
        raise refuse(
            f"To open a window here, Qt needs {library}, which this system lacks.",
            "playground doctor says what to type to get it.",
        )
    _load_qt()
    from playground.gui.application import run_window

    folder, app = _opened_by(arguments)
    status = run_window(folder, app, safe=arguments.safe)
    leave_behind_threads_of_the_app(status)
    end_surely(status)
    return status


def _opened_by(arguments: argparse.Namespace) -> tuple[Path | None, str]:
    """What to open, and its app if one was named; refuses one that is not there before there is a window."""
    from playground.session.choosing import check_named_app, forget_what_files_say

    folder, app = arguments.folder, arguments.app
    if folder is not None and holds(folder.is_file):  # app.py of a project, by double click
        folder = folder_of_file(folder)
    if arguments.from_flask is not None:
        folder, app = as_flask_said(arguments.from_flask, app)
        forget_what_files_say(folder)
    if app:
        folder = folder or Path()
        check_named_app(folder, app)
    return folder, app


def as_flask_said(said: str, typed: str) -> tuple[Path, str]:
    """The folder of the app that flask was told; its name where the window would not find it by itself."""
    here = Path.cwd()
    try:
        folder, app = opened_by(said, here) if said else (here, "")
    except (OSError, ValueError) as error:
        raise refuse(f"No file can be called {said[:200]!r}.", "Name the app as in shop.web:app.") from error
    return folder, app if typed or folder != here else ""


def run_tour(arguments: argparse.Namespace) -> int:
    """Do the main job in the window, with pictures."""
    _load_qt()
    from playground.gui.tour import run_tour

    return run_tour(arguments.out, brief=arguments.brief)


def _load_qt() -> None:
    """The first import of Qt: where it can't be had, a sentence says why and what to do."""
    try:
        importlib.import_module("playground.gui.application")
    except ImportError as error:
        if "PySide6" not in f"{error.name} {error}" and ".so" not in str(error):
            raise
        raise refuse(
            f"The window needs Qt (PySide6), which can't be loaded here: {error}.",
            "playground doctor says what is missing and how to get it.",
        ) from error
