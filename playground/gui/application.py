"""Starting the application: what must be set before a QApplication exists, and its loop."""

from __future__ import annotations

import gc
import io
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from playground import __version__
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


def run_window(folder: Path | None) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    from playground.gui import open_window
    from playground.gui.window import Window

    gc.disable()  # nothing that is made while starting is garbage, and looking for it takes a while
    app = make_application()
    sys.stdin = io.StringIO()  # input() in an app would wait for ever for whoever started us
    window = open_window(folder)
    assert isinstance(window, Window)
    window.prepared.connect(_look_for_garbage)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    _outlive_signals()
    listen = QTimer(window, interval=250)  # lets Python see Ctrl+C while Qt waits
    listen.timeout.connect(lambda: None)
    listen.start()
    return app.exec()


def _outlive_signals() -> None:
    """A view that sets an alarm must not end the window; nobody else sends these."""
    for name in ("SIGALRM", "SIGVTALRM", "SIGPROF", "SIGUSR1", "SIGUSR2"):
        number = getattr(signal, name, None)  # Windows has none of them
        if number is not None:
            signal.signal(number, lambda *_: None)


def _look_for_garbage() -> None:
    """From now on; what is there stays: later looks pass over it, which keeps them short."""
    gc.freeze()
    gc.enable()
