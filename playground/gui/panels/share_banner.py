"""What is asked before the app is shared, in the window and not over it: what it means, and yes or not now.

The same strip says quietly that a project asks for the network by itself, and why sharing did not come about.
"""

from __future__ import annotations

import html

import shiboken6
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.problems import Problem
from playground.gui.icons import pixmap
from playground.gui.theme import mark, theme

QUESTION = (
    "<b>Share with this network?</b> Anyone on this network can then send requests to your app while it "
    "runs. The shell, the X-ray and your files stay on this machine. It ends when you stop it, stop the "
    "server or close the project."
)
ASKS = "<b>This project asks for the network</b> ({}). Only this machine reaches it until you share it."


class ShareBanner(QFrame):
    """Hidden unless there is something to ask or to say. ``accepted`` when it is to be shared; ``offered``
    when the person wants to hear more.
    """

    accepted = Signal()
    offered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share.banner")
        self.setAccessibleName("Share with this network")
        mark(self, surface="tint", edge="bottom")
        self._before: QWidget | None = None  # where the focus was
        self._icon = QLabel()
        self._words = self._label("share.text", "What sharing means")
        self._problem = self._label("share.problem", "Why it is not shared")
        mark(self._problem, role="error")
        self._accept = self._button("share.accept", "Share", self._accepted)
        mark(self._accept, primary=True)
        self._offer = self._button("share.offer", "Share…", self.offered.emit)
        self._refuse = self._button("share.refuse", "Not now", self.dismiss)
        self._lay_out()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    @staticmethod
    def _label(name: str, words: str) -> QLabel:
        label = QLabel(wordWrap=True)
        label.setObjectName(name)
        label.setAccessibleName(words)
        return label

    @staticmethod
    def _button(name: str, words: str, pressed: object) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.clicked.connect(pressed)
        return button

    def _lay_out(self) -> None:
        self._row, self._says = QHBoxLayout(self), QVBoxLayout()
        self._says.addWidget(self._words)
        self._says.addWidget(self._problem)
        self._row.addWidget(self._icon)
        self._row.addLayout(self._says, 1)
        for button in (self._offer, self._accept, self._refuse):
            self._row.addWidget(button)

    # What is shown ----------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask whether to share; Enter says yes, Escape not now."""
        self._show(QUESTION, offers=False)
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._before = focused
        self._accept.setFocus(Qt.FocusReason.OtherFocusReason)

    def hint(self, wish: str) -> None:
        """Say that the project asks for the network, by these words of it."""
        if self.isHidden():
            self._show(ASKS.format(html.escape(wish, quote=False)), offers=True)

    def refuse(self, problem: Problem) -> None:
        """Say why it is not shared; it can be tried again."""
        self._show(QUESTION, offers=False)
        words = f"⚠ {problem.sentence} {problem.hint}".strip()
        self._problem.setText(words)
        self._problem.show()
        self._words.hide()
        self._accept.setText("Try again")
        self._accept.setAccessibleName("Try again to share")
        self._announce(words)

    def _show(self, words: str, *, offers: bool) -> None:
        self._words.setText(words)
        self._words.show()
        self._problem.hide()
        self._accept.setText("Share")
        self._accept.setAccessibleName("Share")
        self._accept.setEnabled(True)
        self._offer.setVisible(offers)
        self._accept.setVisible(not offers)
        self.show()
        self._announce(words)

    def _announce(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _accepted(self) -> None:
        self._accept.setEnabled(False)  # once is enough
        self.accepted.emit()

    @Slot()
    def dismiss(self) -> None:
        """Hide, and give the focus back to where it was."""
        focused, before = QApplication.focusWidget(), self._before
        self._before = None
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        if had_focus and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._accept.hasFocus():
            self._accept.click()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._icon.setPixmap(pixmap("share", "accent", px(18)))
        self._row.setContentsMargins(px(14), px(7), px(10), px(7))
        self._row.setSpacing(px(10))
        self._says.setSpacing(px(4))
