"""What is said across the window while a folder is restricted: what that means, and how to trust it."""

from __future__ import annotations

from pathlib import Path

import shiboken6
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.changes import Snapshot
from playground.gui.icons import pixmap, set_icon
from playground.gui.theme import mark, theme

WORDS = (
    "<b>Restricted:</b> this folder was not made here, so nothing in it is run. You can read and edit "
    "all of it; there is no server, no page and no answer until you trust it."
)
MEANING = (
    "A project that runs can do all that you can do: read your files, change them, send them on. So trust it "
    "only if you know who wrote it. Trust holds for all that lies inside the folder. It is kept in your user "
    "data and not in the project, and “Stop trusting this folder” in the menu takes it back."
)


class TrustBanner(QFrame):
    """Hidden unless a restricted folder is open.

    ``accepted`` carries the folder that was shown, and whether the folder around it is to be trusted too.
    """

    accepted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trust.banner")
        self.setAccessibleName("This folder is restricted")
        mark(self, surface="tint", edge="bottom")
        self._folder = ""
        self._shield = QLabel()
        self._words = self._label("trust.text", "What restricted means", WORDS)
        self._meaning = self._label("trust.meaning", "What trust means", MEANING)
        self._accept = self._button("trust.accept", "Trust this folder")
        mark(self._accept, primary=True)
        self._accept.clicked.connect(lambda: self.accepted.emit(self._folder, False))
        self._around = self._button("trust.around", "Trust also the folder around it")
        self._around.clicked.connect(lambda: self.accepted.emit(self._folder, True))
        self._more = self._button("trust.more", "More")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._show_more)
        self._lay_out()
        self._show_more(False)
        self._before: QWidget | None = None  # where the focus was before it came here
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    @staticmethod
    def _label(name: str, words: str, text: str) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setObjectName(name)
        label.setAccessibleName(words)
        return label

    @staticmethod
    def _button(name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus where one types
        return button

    def _lay_out(self) -> None:
        close = QToolButton()
        close.setObjectName("trust.close")
        close.setAccessibleName("Close the message; the folder stays restricted")
        close.setToolTip("Close the message. The folder stays restricted; Start brings the message back.")
        set_icon(close, "close")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self._go)
        self._row, self._below = QHBoxLayout(), QHBoxLayout()
        self._row.addWidget(self._shield)
        self._row.addWidget(self._words, 1)
        for widget in (self._accept, self._more, close):
            self._row.addWidget(widget)
        self._below.addWidget(self._meaning, 1)
        self._below.addWidget(self._around)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addLayout(self._below)

    # What is shown ----------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the project: said once for each folder that is restricted, gone once it is trusted."""
        folder = snapshot.project.folder if snapshot.project and snapshot.restricted else ""
        if folder == self._folder:
            return
        self._folder = folder
        self._more.setChecked(False)
        self._around.hide()
        if folder:
            self.show()
            self._announce()
        else:
            self._go()

    def offer_around(self, folder: str) -> None:
        """Offer to trust the folder around it, whose path this is; empty where that would be too much."""
        self._around.setText(f"Trust also the folder around it, {Path(folder).name}")
        self._around.setAccessibleName(self._around.text())
        self._around.setToolTip(f"Trust all that lies in {folder}")
        self._has_around = bool(folder)
        self._show_more(self._more.isChecked())

    def ask(self) -> None:
        """Something was asked for that needs trust: bring the question to the person."""
        if self._folder:
            self.show()
            self._accept.setFocus(Qt.FocusReason.OtherFocusReason)
            self._announce()

    def remind(self) -> None:
        """The same without taking the focus from where somebody types."""
        if self._folder:
            self.show()
            self._announce()

    @Slot()
    def _go(self) -> None:
        """Hide, and give the focus back to where it was."""
        focused, before = QApplication.focusWidget(), self._before
        self.hide()
        had_focus = focused is not None and self.isAncestorOf(focused)
        if had_focus and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and (old is None or not self.isAncestorOf(old)):
            self._before = old

    def _announce(self) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, WORDS))

    _has_around = False

    @Slot(bool)
    def _show_more(self, more: bool) -> None:
        self._meaning.setVisible(more)
        self._around.setVisible(more and self._has_around)
        self._more.setText("Less" if more else "More")
        self._more.setAccessibleName("Say less of it" if more else "Learn more")

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._shield.setPixmap(pixmap("shield", "accent", px(18)))
        self._column.setContentsMargins(px(14), px(7), px(8), px(7))
        self._column.setSpacing(px(6))
        for row in (self._row, self._below):
            row.setSpacing(px(10))
        self._below.setContentsMargins(px(28), 0, px(6), 0)
