"""Tabs that count: a number beside a title, which changes without anything being laid out anew.

To change the text of a tab has Qt lay out the tabs, what they hold, and all around them: some 20 ms in a full
window, too long while requests arrive. Here the number is painted into room that is kept for it, and only one
with more digits asks for more room.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStyleOptionTab, QTabBar, QTabWidget, QWidget

GAP = "  "
"""Between a title and its number."""


class _Bar(QTabBar):
    """Each tab's number is its data, so it moves along with it."""

    def number(self, index: int) -> str:
        """The number of a tab as it is written; empty where it has none."""
        return str(self.tabData(index) or "")

    def titled(self, index: int) -> str:
        """The title with the number."""
        number = self.number(index)
        return f"{self.tabText(index)}{GAP}{number}" if number else self.tabText(index)

    def set_number(self, index: int, number: str) -> None:
        before = self.number(index)
        if number == before:
            return
        self.setTabData(index, number)
        self.setAccessibleTabName(index, self.titled(index))
        if len(number) != len(before):
            self.setTabText(index, self.tabText(index))  # has Qt ask for sizes again
        else:
            self.update(self.tabRect(index))

    def tabSizeHint(self, index: int) -> QSize:
        size = super().tabSizeHint(index)
        number = self.number(index)
        if number:
            widest = "".join("0" if sign.isdigit() else sign for sign in number)
            size.setWidth(size.width() + self.fontMetrics().horizontalAdvance(GAP + widest))
        return size

    def initStyleOption(self, option: QStyleOptionTab, index: int) -> None:
        super().initStyleOption(option, index)
        if self.number(index):
            option.text = self.titled(index)


class CountedTabs(QTabWidget):
    """A tab widget some of whose tabs have a number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = _Bar()
        self.setTabBar(self._bar)

    def set_number(self, page: QWidget, number: int) -> None:
        """Say how many there are of what a page shows."""
        index = self.indexOf(page)
        if index >= 0:
            self._bar.set_number(index, f"{number:,}")

    def tabText(self, index: int) -> str:
        """The title of a tab, with its number."""
        return self._bar.titled(index)
