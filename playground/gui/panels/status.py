"""The line at the bottom: whether all is saved, what the project holds, versions, and the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar, QWidget

from playground.core.changes import ProjectState, Snapshot
from playground.core.versions import Versions
from playground.gui.icons import set_icon
from playground.gui.panels.limit_button import LimitButton
from playground.gui.theme import theme

if TYPE_CHECKING:
    from playground.gui.widgets.code_editor import CodeEditor

MESSAGE_MS = 4000
MOST_NAMES = 20
MOST_ADDED = 5
VERSIONS = 640
"""Pixels of the design that the window has at least where versions are shown."""


class Status(QStatusBar):
    """Shows a snapshot and the page in front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._saved = self._label("status.saved", "Whether all is saved")
        self._counts = self._label("status.counts", "What the project holds")
        self._cursor = self._label("status.cursor", "Line and column")
        self._versions = self._label("status.versions", "Versions")
        self._keys = self._label("status.keys", "Help")
        self._keys.setText("F1 shortcuts")
        self.restricted = QPushButton("Restricted")
        self.restricted.setObjectName("status.restricted")
        self.restricted.setAccessibleName("Restricted: nothing in this folder is run. Ask about trust")
        self.restricted.setToolTip("Nothing in this folder is run until you trust it")
        self.restricted.setProperty("flat", True)
        set_icon(self.restricted, "shield", "accent")
        self.addWidget(self.restricted)
        self.addWidget(self._saved)
        self._changed = self._label("status.git", "Files that differ from the last commit")
        self.addWidget(self._counts)
        self.addWidget(self._changed)
        self.limit = LimitButton()
        for widget in (self.limit, self._versions, self._cursor, self._keys):
            self.addPermanentWidget(widget)
        self._editor: CodeEditor | None = None
        theme().changed.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window the versions give way: the About box has them, too."""
        self._versions.setVisible(self.width() >= theme().px(VERSIONS))

    @staticmethod
    def _label(name: str, words: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setAccessibleName(words)
        return label

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """What the project holds now."""
        project = snapshot.project
        self._counts.setText(_counts(project) if project else "")
        self._counts.setToolTip(_counted(project) if project else "")
        self._counts.setAccessibleDescription(self._counts.toolTip())
        self._saved.setVisible(project is not None)
        self.restricted.setVisible(project is not None and snapshot.restricted)
        self._keys.setVisible(project is None)
        self.limit.setVisible(project is not None)
        if project is None:
            self.show_page(None, True)

    def show_page(self, editor: CodeEditor | None, saved: bool, stuck: str = "") -> None:
        """Where the cursor is in the editor in front, and whether what is typed is written.

        ``stuck`` says what the disk does not take, or what has yet to be answered.
        """
        dot = theme().tokens.get if saved and not stuck else theme().tokens.put
        sign, words = ("⚠", "not saved") if stuck else ("●", "saved") if saved else ("○", "saving…")
        self._saved.setText(f'<span style="color:{dot}">{sign}</span> {words}')
        self._saved.setToolTip(stuck)
        if self._editor is not None and editor is not self._editor:
            self._editor.cursorPositionChanged.disconnect(self._show_cursor)
            self._editor.destroyed.disconnect(self._forget)
            self._editor = None
        if editor is not None and self._editor is None:
            self._editor = editor
            editor.cursorPositionChanged.connect(self._show_cursor)
            editor.destroyed.connect(self._forget)
        self._show_cursor()

    def show_changed(self, versions: Versions) -> None:
        """How many files differ from the last commit, and which."""
        self._changed.setText(str(versions))
        self._changed.setVisible(bool(versions.marks))
        names = [f"{mark}  {file}" for file, mark in sorted(versions.marks.items())]
        more = [f"and {len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
        self._changed.setToolTip("\n".join(names[:MOST_NAMES] + more))

    def show_versions(self, versions: str) -> None:
        """What the app runs on."""
        self._versions.setText(versions)

    def say(self, words: str) -> None:
        """A message that goes away by itself."""
        self.showMessage(words, MESSAGE_MS)

    def _forget(self) -> None:
        self._editor = None

    def _show_cursor(self) -> None:
        cursor = self._editor.textCursor() if self._editor is not None else None
        self._cursor.setText(
            f"Ln {cursor.blockNumber() + 1}, Col {cursor.positionInBlock() + 1}" if cursor else ""
        )


def _counts(project: ProjectState) -> str:
    blueprints = sum(owner.kind == "blueprint" for owner in project.owners)
    parts = [_many(_written(project), "route")]
    if blueprints:
        parts.append(_many(blueprints, "blueprint"))
    parts.append(_many(len(project.templates), "template"))
    return " · ".join(parts)


def _written(project: ProjectState) -> int:
    return sum(route.in_source for route in project.routes)


def _counted(project: ProjectState) -> str:
    """What is counted as a route, and what is not."""
    added = [route.full_rule for route in project.routes if not route.in_source]
    words = "Counted are the routes that the source declares"
    if not added:
        return f"{words}."
    names = ", ".join(added[:MOST_ADDED]) + (" …" if len(added) > MOST_ADDED else "")
    return f"{words}; not counted, but in the running app too: {names}."


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
