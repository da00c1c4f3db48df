"""What is not in front keeps up with the zoom.

A page that lies behind another one tells nobody that it needs less room than before: Qt remembers what it
asked for last, and a pane that was zoomed to 300 % once would never again give way. So after each zoom all
pages are asked anew, and words that are broken into lines are measured anew: seen rarely, a label kept the
height that it had before.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from playground.gui.theme import theme


class FreshSizes(QObject):
    """Watches over every stack of pages within ``root``."""

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self._root = root
        self._soon = QTimer(self, singleShot=True, interval=0)  # once each widget has followed the theme
        self._soon.timeout.connect(self._renew)
        theme().changed.connect(self._soon.start)

    @Slot()
    def _renew(self) -> None:
        for label in self._root.window().findChildren(QLabel):
            if label.wordWrap():
                label.setIndent(label.indent())  # makes it forget its sizes
        for stack in reversed(self._root.findChildren(QStackedWidget)):  # those within others first
            for place in range(stack.count()):
                page = stack.widget(place)
                if page is not None and page.isHidden():
                    _ask_anew(page)
            stack.updateGeometry()


def _ask_anew(page: QWidget) -> None:
    """Forget what each widget on a page asked for, from the innermost outwards."""
    for widget in (*reversed(page.findChildren(QWidget)), page):
        layout = widget.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
        widget.updateGeometry()
