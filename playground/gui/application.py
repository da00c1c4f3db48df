"""Starting the application: what must be set before a QApplication exists, and its loop."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from playground import __version__
from playground.core.heap import heap
from playground.gui.icons import app_icon
from playground.gui.widgets.page_view import prepare


def make_application() -> QApplication:
    """The application object, ready for windows; the one that exists already where there is one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    prepare()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Route Playground")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("route-playground")
    app.setWindowIcon(app_icon())
    return app


def run_window(folder: Path | None, app_name: str = "", *, safe: bool = False) -> int:
    """Open the window and stay until it is closed; returns the exit status.

    ``app_name`` is where the app is, as ``flask --app`` has it; ``safe`` is for a start without a project and
    without the preview.

    Raises:
        ProblemError: the window could show nothing here.
    """
    from playground.gui import open_window
    from playground.gui.starting import Start
    from playground.gui.window import Window

    heap.keep_here()  # and look only once all is there: nothing that is made while starting is garbage
    start = Start()
    app = make_application()
    folder = start.begin(folder, safe=safe)
    sys.stdin = io.StringIO()  # input() in an app would wait for ever for whoever started us
    window = open_window(folder, app_name)
    assert isinstance(window, Window)
    start.follow(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    _outlive_signals(lambda *_: None)  # not ignored: programs that views start would inherit that
    listen = QTimer(window, interval=250)  # lets Python see Ctrl+C while Qt waits
    listen.timeout.connect(lambda: None)
    listen.start()
    status = app.exec()
    start.end()
    _outlive_signals(signal.SIG_IGN)  # as Python ends it gives up our handlers, not this
    return status


def _outlive_signals(handler: Callable[..., None] | signal.Handlers) -> None:
    """A view that sets an alarm must not end the window; nobody else sends these."""
    for name in ("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGUSR1", "SIGUSR2"):
        number = getattr(signal, name, None)  # Windows has none of them
        if number is not None:
            signal.signal(number, handler)
