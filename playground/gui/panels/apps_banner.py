"""Where a folder holds several apps: which one is shown, and the way to another."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from playground.core.changes import LiveState, ProjectState, Snapshot
from playground.gui.icons import set_icon
from playground.gui.theme import mark


class AppsBanner(QFrame):
    """Hidden unless nobody has said which of several apps it is, or that one does not load.

    In a restricted folder no app is shown yet: the question of trust comes first.

    ``choose`` asks for the list of them.
    """

    choose = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("apps.banner")
        self.setAccessibleName("Several apps in this folder")
        mark(self, surface="tint", edge="bottom")
        self._closed = ""  # the folder for which a person closed it
        self._folder = ""
        self._words = QLabel(wordWrap=True)
        self._words.setObjectName("apps.text")
        self._words.setAccessibleName("Which app is shown")
        button = QPushButton("Choose…")
        button.setObjectName("apps.choose")
        button.setAccessibleName("Choose the app")
        button.clicked.connect(self.choose)
        close = QToolButton()
        close.setObjectName("apps.close")
        close.setAccessibleName("Close the message; this app stays")
        close.setToolTip("Close the message. “Choose the app…” is also in the menu.")
        set_icon(close, "close")
        close.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.addWidget(self._words, 1)
        row.addWidget(button)
        row.addWidget(close)
        self.hide()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the project: said until somebody chose, or closed it."""
        project = snapshot.project
        self._folder = project.folder if project else ""
        if project is None:
            self._closed = ""
        unasked = snapshot.restricted or self._closed == self._folder
        if project is None or unasked or not _is_open_question(project, snapshot.live):
            self.hide()
            return
        words = f"This folder has {len(project.app_candidates)} apps; {project.app_target} is shown."
        if self.isHidden() or words != self._words.text():
            self._words.setText(words)
            self.show()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _close(self) -> None:
        self._closed = self._folder
        self.hide()


def _is_open_question(project: ProjectState, live: LiveState) -> bool:
    does_not_load = live.problem is not None and not live.loaded
    return len(project.app_candidates) > 1 and (does_not_load or not project.app_said)
