"""What catches a mistake that nobody else does, for the whole process: Python's hooks and Qt's messages.

Installed by the command that opens the window, and only there: a test has hooks of its own. What is caught is
made into text on the thread that it happened on, and posted to whoever tells of it. What comes from a
project (its own threads, its destructors) is none of ours: it goes where it would go without us, which is
the project's own log.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from playground.core.mishaps import Mishap, is_of_project, is_ours, mishap_of
from playground.session.diary import Diary

CANNOT_OPEN = "The window can't be opened: {}"
NO_PLATFORM = "no display answers, or a library that Qt needs is missing."
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_MOST_MESSAGES = 200
"""Of Qt's, in the log of one process."""


class Guard:
    """Hooks from ``stand`` until ``leave``. ``folder`` says which project is open."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self.folder: Callable[[], str] = str
        self._tell: Callable[[Mishap], None] | None = None
        self._early: list[Mishap] = []
        self._messages = 0
        self._has_window = False
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._theirs: Callable[[threading.ExceptHookArgs], object] | None = None
        self._here = threading.local()

    def stand(self) -> None:
        """From now on nothing goes by unheard."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._raised
        threading.excepthook = self._raised_in_thread
        sys.unraisablehook = self._unraisable
        qInstallMessageHandler(self._qt_says)

    def tell(self, to: Callable[[Mishap], None]) -> None:
        """The window is there: hand over what happens, on whichever thread it happens, and what has."""
        self._has_window, self._tell = True, to
        early, self._early = self._early, []
        for mishap in early:
            to(mishap)

    def hold(self) -> None:
        """An app was loaded, which may have put hooks of its own in the place of ours; take that back.

        A hook that an app sets often calls the one that was there before: then nothing more happens.
        """
        if sys.excepthook != self._raised:
            sys.excepthook = self._raised
        if threading.excepthook != self._raised_in_thread:
            self._theirs, threading.excepthook = threading.excepthook, self._raised_in_thread

    def leave(self) -> None:
        """Python ends, or a test: the hooks are as they were."""
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        self._tell = None

    # The hooks --------------------------------------------------------------------------------

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception) or is_of_project(error, self.folder()):
            self._before[0](kind, error, trace)
        else:
            self._caught(error)

    def _raised_in_thread(self, args: threading.ExceptHookArgs) -> None:
        """A thread in which none of our code runs is one that the app has begun, or its libraries."""
        error = args.exc_value
        theirs = error is None or not is_ours(error.__traceback__) or is_of_project(error, self.folder())
        if theirs or not isinstance(error, Exception):
            self._hand_on(args)
        else:
            self._caught(error)

    def _hand_on(self, args: threading.ExceptHookArgs) -> None:
        """To the hook of the app where it has one; else, or when that one calls us, to where it would go."""
        if self._theirs is None or getattr(self._here, "handed", False):
            self._before[1](args)
            return
        self._here.handed = True
        try:
            self._theirs(args)
        finally:
            self._here.handed = False

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        error = args.exc_value
        theirs = error is None or not is_ours(error.__traceback__) or is_of_project(error, self.folder())
        if theirs or not isinstance(error, Exception):
            self._before[2](args)
        else:
            self._caught(error)

    def _caught(self, error: BaseException) -> None:
        mishap = mishap_of(error)
        if self._tell is not None:
            self._tell(mishap)
        else:  # it may be what keeps the window from opening
            self._early.append(mishap)
            self._diary.note(f"While starting: {mishap.kind}\n{mishap.account}", logging.ERROR)
            self._before[0](type(error), error, error.__traceback__)

    def _qt_says(self, kind: QtMsgType, _: QMessageLogContext, message: str) -> None:
        """To the terminal as ever, into the log in moderation; before it ends the process, why."""
        if kind is QtMsgType.QtFatalMsg:
            self._end(message)
        elif self._messages < _MOST_MESSAGES and _LEVELS[kind] >= logging.WARNING:
            self._messages += 1
            self._diary.note(f"Qt: {message}", _LEVELS[kind])
        if self._has_window or os.environ.get("QT_DEBUG_PLUGINS"):  # what comes before is told in a sentence
            _say(message)

    def _end(self, message: str) -> None:
        """Qt goes on to abort, with a page of its own words: where there is no window yet, say why and go."""
        self._diary.note(f"Qt ends the process: {message}", logging.CRITICAL)
        if self._has_window:
            self._diary.last_words(" ".join(message.split()))
            return
        reason = NO_PLATFORM if "platform plugin" in message else " ".join(message.split())
        _say(CANNOT_OPEN.format(reason))
        os._exit(1)


def _say(words: str) -> None:
    """To whoever started us, past everything that an app may have put in the way of it."""
    try:
        os.write(2, f"{words}\n".encode(errors="replace"))
    except OSError:  # nobody listens
        return
