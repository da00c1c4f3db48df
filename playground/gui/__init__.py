"""The window: the job bridge, actions, panels and the look. The only place that knows Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.gui.window import Window

FIRST_PAINT_MS = 300
"""A window that is not shown at all (minimized, say) is not waited for any longer."""


def open_window(folder: Path | None, app: str = "") -> Window:
    """Open the complete window, on a project or on the welcome page; its server starts by itself.

    ``app`` is where the app of the folder is, as ``flask --app`` has it; empty to find it.
    A QApplication must exist. Closing the window stops all that it started.
    """
    from playground.gui.widgets.page_view import prepare
    from playground.gui.window import Window
    from playground.session.session import Session

    prepare()
    session = Session()
    if folder is not None and app:
        session.name_app(folder, app)
    window = Window(session)
    window.show()
    window.activateWindow()
    _let_it_paint(window)
    window.prepare(folder)
    return window


def _let_it_paint(window: Window) -> None:
    """Wait for the window to be on the screen: what the lanes import now would compete with its painting."""
    from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

    deadline = QDeadlineTimer(FIRST_PAINT_MS)
    handle = window.windowHandle()
    while handle is not None and not handle.isExposed() and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
    QCoreApplication.processEvents()
