"""What happens when the playground itself makes a mistake: it is told once and quietly, and nothing is lost.

However many mistakes follow, there is one dialog, which counts them; it takes neither the focus nor the
work. What is typed is on its way to the files before it opens. What a project does wrong never comes here:
that is an outcome, or a problem told with its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from playground.core.mishaps import Mishap, is_of_project, mishap_of
from playground.core.problems import refuse
from playground.gui.actions import Action
from playground.gui.features import Feature
from playground.gui.jobs import PostBox
from playground.gui.panels.start_banner import StartBanner, StartNews
from playground.session.diary import Diary

if TYPE_CHECKING:
    from playground.gui.care_dialog import CareDialog
    from playground.gui.panels.workbench import Workbench
    from playground.gui.window import Window

MOST_KINDS = 20
"""Mistakes that are told apart; further ones are only counted."""


class Care(Feature):
    """Tells of mistakes, of how this start went, and where the log is."""

    _arrived = Signal(object)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._diary: Diary | None = None
        self._news = StartNews()
        self._normally: Callable[[], None] | None = None
        self._bench: Workbench | None = None
        self._dialog: CareDialog | None = None
        self._counts: dict[Mishap, int] = {}
        self._others = 0
        self._telling = False
        self._banner = StartBanner()
        self._box = PostBox[Mishap](self._arrived.emit)
        self._arrived.connect(self.tell)

    @staticmethod
    def of(window: Window) -> Care:
        """That of a window."""
        return next(one for one in window.features.all if isinstance(one, Care))

    def rows(self) -> list[Action]:
        return [Action("help.log", "Show the log", self.show_log, "", "file", group="Help")]

    def banners(self) -> list[QWidget]:
        return [self._banner]

    def begin(self) -> None:
        self.workspace.jobs.unexpected.connect(self._unexpected)
        self.workspace.opened.connect(self._opened)
        self._banner.project_wanted.connect(lambda folder: self.workspace.open(Path(folder)))
        self._banner.normal_wanted.connect(self._begin_normally)
        self._banner.log_wanted.connect(self.show_log)

    def meet(self, bench: Workbench) -> None:
        self._bench = bench

    # How this start went ----------------------------------------------------------------------

    def begin_with(self, news: StartNews, diary: Diary, normally: Callable[[], None]) -> None:
        """What the command that opens the window knows; ``normally`` lets the next start be as usual."""
        self._diary, self._normally, self._news = diary, normally, news
        self._banner.show_news(news)

    def _begin_normally(self) -> None:
        if self._normally is not None:
            self.workspace.project(self._normally, lambda _: self._is_normal_again())

    def _is_normal_again(self) -> None:
        self._banner.is_normal_again()
        self.window.status.say("The next start will be as usual.")

    def _opened(self, is_open: bool) -> None:
        """The welcome page tells by itself what could not be read of ours."""
        note = self.workspace.session.home.note
        if is_open and note:
            self.workspace.session.home.note = ""
            self._news = replace(self._news, note=note)
            self._banner.show_news(self._news)

    # Mistakes ---------------------------------------------------------------------------------

    def post(self, mishap: Mishap) -> None:
        """A mistake, from any thread."""
        self._box.post(mishap)

    @Slot(object)
    def _unexpected(self, error: BaseException) -> None:
        """What a job or a callback raised."""
        project = self.workspace.snapshot.project
        if project is not None and is_of_project(error, project.folder):
            words = f"Code of your project raised {type(error).__name__} where it was only looked at."
            self.workspace.refused.emit(refuse(words, original=str(error)).problem)
        else:
            self.tell(mishap_of(error))

    @Slot(object)
    def tell(self, mishap: Mishap) -> None:
        """Tell of a mistake, on the GUI thread; what is typed goes to the files first."""
        if self._telling:  # by what is done about the first
            self._others += 1
            return
        self._telling = True
        try:
            is_new = self._count(mishap)
            if is_new:
                self._log(mishap)
            kept = self._keep_what_is_typed() if is_new else ""
            self._show(kept, is_new)
        finally:
            self._telling = False

    def _count(self, mishap: Mishap) -> bool:
        """Whether it is one that was not told yet."""
        if mishap not in self._counts and len(self._counts) >= MOST_KINDS:
            self._others += 1
            return False
        self._counts[mishap] = self._counts.get(mishap, 0) + 1
        return self._counts[mishap] == 1

    def _keep_what_is_typed(self) -> str:
        """Write it now; returns what can't be, in words."""
        if self._bench is None:
            return ""
        try:
            self._bench.pages.flush()
            return self._bench.pages.stuck
        except Exception as error:  # noqa: BLE001  (it may be what is broken: told with the first)
            self._count(mishap_of(error))
            return ""

    def _show(self, stuck: str, is_new: bool) -> None:
        if self._dialog is None:
            from playground.gui.care_dialog import CareDialog

            self._dialog = CareDialog(self.window)
            self._dialog.log_wanted.connect(self.show_log)
        if is_new or self._dialog.isVisible():
            self._dialog.show_mishaps(self._counts, self._others, stuck)
        if is_new:
            self._dialog.show_quietly()

    # The log ----------------------------------------------------------------------------------

    @property
    def diary(self) -> Diary:
        """The log; a window that was not opened by the command has one, too."""
        if self._diary is None:
            self._diary = Diary(self.workspace.session.home.folder)
        return self._diary

    def _log(self, mishap: Mishap) -> None:
        place = f" in {mishap.where}" if mishap.where else ""
        self.diary.note(f"Unexpected {mishap.kind}{place}\n{mishap.account}", logging.ERROR)

    def show_log(self) -> None:
        """Open the log with whatever shows text on this system; where nothing does, say where it is."""
        file = self.diary.file
        if not file.is_file():
            self.window.banner.say("There is no log: nothing was written to it, or nothing can be.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            self.window.banner.say(
                f"The log is {file}", "Copy the path", lambda: self.window.commands.copy(str(file))
            )
