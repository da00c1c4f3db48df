"""Rows of a form whose height goes by their width: wrapped words, buttons that flow on to a second line.

``QFormLayout`` asks for the height of all rows together by the width, but then shares it out by the rows'
least heights: a row that wraps is cut off, and another gets its room. So such a row says its height itself.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QWidget

_WHEN = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest, QEvent.Type.FontChange)


def keep_height(widget: QWidget) -> None:
    """From now on the widget is as high as its contents need at the width it has."""
    widget.installEventFilter(_Keeper(widget))


class _Keeper(QObject):
    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _WHEN and self._widget.hasHeightForWidth():
            height = self._widget.heightForWidth(self._widget.width())
            self._widget.setMinimumHeight(height)
            if isinstance(self._widget, QLabel):  # of itself it would rather be narrow and high
                self._widget.setMaximumHeight(height)
        return False
