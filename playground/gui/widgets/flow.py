"""A layout that sets its items in lines, as words are set, so that rows of buttons fit narrow windows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right, then on the next line; ``spacing`` pixels apart both ways.

    With ``last_at_end`` the last item stands at the right end, of the first line where there is room.
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
        y = rect.y()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item in line)
            if move:
                self._place(line, QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """The items that are shown, line by line."""
        shown = [item for item in self._items if not item.isEmpty()]
        last = shown.pop() if self._last_at_end and len(shown) > 1 else None
        at_first = last is not None and self._wide([shown[0], last]) <= width
        lines: list[list[QLayoutItem]] = []
        for item in shown:
            beside = [last] if last is not None and at_first and len(lines) == 1 else []
            if lines and self._wide([*lines[-1], item, *beside]) <= width:
                lines[-1].append(item)
            else:
                lines.append([item])
        if last is not None and at_first:
            lines[0].append(last)
        elif last is not None and self._wide([*lines[-1], last]) <= width:
            lines[-1].append(last)
        elif last is not None:
            lines.append([last])
        return lines

    def _wide(self, items: list[QLayoutItem]) -> int:
        return sum(item.sizeHint().width() for item in items) + self.spacing() * (len(items) - 1)

    def _place(self, line: list[QLayoutItem], rect: QRect) -> None:
        x = rect.x()
        for item in line:
            size = item.sizeHint().boundedTo(rect.size())
            if self._last_at_end and item is self._items[-1]:
                x = rect.right() + 1 - size.width()
            item.setGeometry(QRect(QPoint(x, rect.y() + (rect.height() - size.height()) // 2), size))
            x += size.width() + self.spacing()
