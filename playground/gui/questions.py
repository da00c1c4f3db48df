"""The port through which the person is asked for what only a dialog of the system can give."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


class Questions:
    """Asks with the system's own dialogs; tests put another object in its place."""

    def folder(self, parent: QWidget, title: str, start: Path) -> Path | None:
        """A folder that exists, or None where the person thought better of it."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(start))
        return Path(chosen) if chosen else None
