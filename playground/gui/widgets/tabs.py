"""Tabs of open pages that can be closed, and the order in which the Tab key goes through controls."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme

_SIDE = QTabBar.ButtonPosition.RightSide
_WIDEST = 200
"""Pixels of the design after which a title is shortened; its tool tip says it in full."""


class PageTabs(QTabBar):
    """A tab bar whose close buttons follow zoom and theme and have names.

    Qt's own close buttons keep the size of their first style sheet, and assistive tools see them as nameless.
    The keyboard closes pages by their shortcut, so the buttons take no focus.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabMoved.connect(self._name_buttons)
        theme().changed.connect(self._fit_buttons)

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        button = QToolButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip("Close (Ctrl+W)")
        mark(button, closes=True)
        set_icon(button, "close", "muted")
        button.clicked.connect(self._close)
        self._fit(button)
        self.setTabButton(index, _SIDE, button)
        self._name_buttons()

    def tabRemoved(self, index: int) -> None:
        super().tabRemoved(index)
        self._name_buttons()

    def shortened(self, title: str) -> str:
        """A title as a tab has room for it. (Qt's own eliding takes letters that had room enough.)"""
        return self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, theme().px(_WIDEST))

    @Slot()
    def _close(self) -> None:
        pressed = self.sender()
        for index in range(self.count()):
            if self.tabButton(index, _SIDE) is pressed:
                self.tabCloseRequested.emit(index)
                return

    @Slot()
    def _name_buttons(self) -> None:
        for index in range(self.count()):
            button = self.tabButton(index, _SIDE)
            if button is not None:
                button.setObjectName(f"{self.objectName()}.close.{index}")
                button.setAccessibleName(f"Close page {index + 1}")

    @staticmethod
    def _fit(button: QWidget) -> None:
        button.setFixedSize(theme().px(18), theme().px(18))

    @Slot()
    def _fit_buttons(self) -> None:
        for index in range(self.count()):
            button = self.tabButton(index, _SIDE)
            if button is not None:
                self._fit(button)
        self.setIconSize(self.iconSize())  # has the tabs laid out for the buttons' new size


def in_tab_order(controls: Iterable[QWidget]) -> None:
    """Let Tab go through these controls one after the other; what followed the first follows the last."""
    before: QWidget | None = None
    for control in controls:
        if before is not None:
            QWidget.setTabOrder(before, control)
        before = control


def tab_stops(root: QWidget) -> list[QWidget]:
    """The controls inside of ``root`` that take focus by Tab, hidden ones too, in the order of their making.

    Lists that pop up are windows of their own: an order that goes through them is broken, and Qt crashes.
    """
    return [
        control
        for control in root.findChildren(QWidget)
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus
        and control.focusProxy() is None
        and control.window() is root.window()
    ]
