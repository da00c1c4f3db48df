"""One start of the window, from the command to its end: what watches over it, what is told of those before.

Everything here has to bear a data folder in which nothing can be kept.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from playground import __version__
from playground.core.problems import Problem, refuse
from playground.gui.care import Care
from playground.gui.guard import Guard
from playground.gui.panels.start_banner import StartNews
from playground.gui.window import Window
from playground.session.diary import Diary
from playground.session.home import Home
from playground.session.starts import STOOD_SECONDS, Beginning, Starts

NO_HOME = "The system knows no home folder of yours."
PREVIEW_OFF = "Shown as plain text, without styles and scripts: this is a safe start, so the preview is off."


class Start:
    """``begin`` once there is an application, ``follow`` its window, ``end`` when it is closed."""

    def __init__(self) -> None:
        self._home = Home()
        self._diary, self._starts = Diary(self._home.folder), Starts(self._home.folder)
        self._guard = Guard(self._diary)
        self._news = StartNews()
        self._guard.stand()

    def begin(self, folder: Path | None, *, safe: bool) -> Path | None:
        """Write down that the window starts; returns the folder that it is to open, if any.

        Raises:
            ProblemError: there are no fonts, so that not even this could be read in the window.
        """
        _need_fonts()
        beginning = self._starts.begin(folder, safe=safe)
        if self._home.is_for_now:
            beginning = replace(beginning, problem=Problem(NO_HOME))
        crashes = self._diary.watch_for_crashes()
        crash = crashes[-1].kind if crashes else ""
        self._news = StartNews(beginning, crash, asked=safe)
        if beginning.safe:
            from playground.gui.widgets import page_view

            page_view.do_without_engine(PREVIEW_OFF)
        return _to_open(beginning, folder)

    def follow(self, window: Window) -> None:
        """Tell in the window what there is to tell; once it has stood for a while, this start went well."""
        care = Care.of(window)
        care.begin_with(self._news, self._diary, self._starts.begin_normally)
        self._guard.folder = partial(_folder_of, window)
        self._guard.tell(care.post)
        window.workspace.changed.connect(lambda _: self._guard.hold())
        stood = QTimer(window, singleShot=True, interval=round(STOOD_SECONDS * 1000))
        stood.timeout.connect(lambda: window.workspace.project(self._starts.stood))
        window.prepared.connect(stood.start)
        window.prepared.connect(lambda: window.workspace.project(partial(self._diary.note, self._words())))

    def _words(self) -> str:
        beginning = self._news.beginning
        safe = f", safe, after {beginning.failed} that failed" if beginning.safe else ""
        return f"Start of {__version__} on Python {sys.version.split()[0]}, {sys.platform}{safe}"

    def end(self) -> None:
        """The window is closed."""
        self._guard.leave()
        self._starts.ended()
        self._diary.note("End")
        self._diary.end()


def _to_open(beginning: Beginning, folder: Path | None) -> Path | None:
    return None if beginning.safe else folder


def _folder_of(window: Window) -> str:
    project = window.workspace.snapshot.project
    return project.folder if project is not None else ""


def _need_fonts() -> None:
    """Without any font Qt draws boxes, and dies where it looks for one more closely."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and not QFontMetrics(app.font()).inFont("a"):
        raise refuse(
            "There are no fonts on this system, so the window could not show a single word.",
            "Install some: on Debian and Ubuntu, apt install fonts-noto-core fonts-dejavu-core.",
        )
