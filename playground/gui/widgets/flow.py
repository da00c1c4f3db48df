"""A layout that sets its items in lines, as words are set, so that rows of buttons fit narrow windows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right, then on the next line; ``spacing`` pixels apart both ways.

    With ``last_at_end`` the last item stands at the right end of its line.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = 6, *, last_at_end: bool = False) -> None:
        super().__init__(parent)
        self._last_at_end = last_at_end
        self._host = parent
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        taken = self._items.pop(index) if 0 <= index < len(self._items) else None
        self.invalidate()
        return taken

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._set(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        height = self._set(rect, move=True)
        if self._host is not None:  # a row of a form takes no notice of a height that goes by the width
            self._host.setMinimumHeight(height)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _set(self, rect: QRect, *, move: bool) -> int:
        """Place the items (or only measure); returns the height that they take."""
        line: list[QLayoutItem] = []
        x, y, height = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if line and x + size.width() > rect.right() + 1:
                self._place(line, rect, y, height, move=move)
                x, y, height, line = rect.x(), y + height + self.spacing(), 0, []
            line.append(item)
            x += size.width() + self.spacing()
            height = max(height, size.height())
        self._place(line, rect, y, height, move=move)
        return y + height - rect.y()

    def _place(self, line: list[QLayoutItem], rect: QRect, y: int, height: int, *, move: bool) -> None:
        if not move:
            return
        x = rect.x()
        for item in line:
            size = item.sizeHint().boundedTo(QSize(rect.width(), height))
            if self._last_at_end and item is self._items[-1]:
                x = rect.right() + 1 - size.width()
            item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))
            x += size.width() + self.spacing()
