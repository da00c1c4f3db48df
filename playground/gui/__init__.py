"""The window: the job bridge, actions, panels and the look. The only place that knows Qt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow


def open_window(folder: Path | None) -> QMainWindow:
    """Open the complete window, on a project or on the welcome page; its server starts by itself.

    A QApplication must exist. Closing the window stops all that it started.
    """
    from playground.gui.widgets.page_view import prepare
    from playground.gui.window import Window
    from playground.session.session import Session

    prepare()
    window = Window(Session())
    window.show()
    window.activateWindow()
    if folder is not None:
        window.workspace.open(Path(folder))
    return window
