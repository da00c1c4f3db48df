"""The status of an answer on the tint of its colour."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from playground.gui.theme import theme


def status_token(status: int) -> str:
    """The colour of a status: nothing there and errors of the app are red, other refusals amber."""
    if status == 404 or status >= 500 or not status:
        return "delete"
    return {2: "get", 3: "post", 4: "put"}.get(status // 100, "other")


class StatusBadge(QLabel):
    """``200 OK``, or a word where there is no status."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._token = "other"
        theme().changed.connect(self._paint)
        self._paint()

    def show_status(self, text: str, token: str) -> None:
        """Show these words in the colour of that token; grey where it is empty."""
        self.setText(text)
        self._token = token or "other"
        self._paint()

    @Slot()
    def _paint(self) -> None:
        tokens, px = theme().tokens, theme().px
        self.setFont(theme().mono())
        self.setStyleSheet(
            f"color: {getattr(tokens, self._token)}; background: {getattr(tokens, self._token + '_tint')};"
            f"border-radius: {px(5)}px; padding: {px(6)}px {px(10)}px; font-weight: bold;"
            f"font-family: '{theme().mono().family()}'; font-size: {px(12)}px;"
        )
