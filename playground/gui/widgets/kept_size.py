"""Sizes that are fixed, and follow the zoom all the same."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from playground.gui.theme import theme


def keep_size(widget: QWidget, *, width: int = 0, height: int = 0) -> None:
    """Hold a widget at so many pixels, as counted at 100 %; 0 leaves a side alone."""
    _KeptSize(widget, width, height)


class _KeptSize(QObject):
    """Lives as long as its widget."""

    def __init__(self, widget: QWidget, width: int, height: int) -> None:
        super().__init__(widget)
        self._widget, self._width, self._height = widget, width, height
        theme().changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        if self._width:
            self._widget.setFixedWidth(theme().px(self._width))
        if self._height:
            self._widget.setFixedHeight(theme().px(self._height))
