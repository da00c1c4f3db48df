"""A few words that point at a control: beside it, never over where one types, and they take no focus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.gui.theme import theme
from playground.gui.widgets.named import named_label

WIDTH = 290
TIP = 9
"""How far the tip stands out, in pixels of the design."""
GAP = 3
"""Between the tip and the control."""


def placed(target: QRect, size: QSize, area: QRect, avoid: Sequence[QRect], gap: int) -> QRect | None:
    """Where a box of that size goes beside a control: below, above, right or left, the first that fits.

    All of it lies within ``area`` and touches nothing of ``avoid``; None where no side will do.
    """
    if not area.contains(target.center()):
        return None
    lefts = [target.left(), target.right() - size.width() + 1]
    across = [min(max(left, area.left()), area.right() - size.width() + 1) for left in lefts]
    down = min(max(target.top(), area.top()), area.bottom() - size.height() + 1)
    corners = (
        *(QPoint(left, target.bottom() + 1 + gap) for left in across),
        *(QPoint(left, target.top() - gap - size.height()) for left in across),
        QPoint(target.right() + 1 + gap, down),
        QPoint(target.left() - gap - size.width(), down),
    )
    boxes = (QRect(corner, size) for corner in corners)
    fits = (box for box in boxes if area.contains(box) and not any(box.intersects(one) for one in avoid))
    return next(fits, None)


class Hint(QFrame):
    """Floats over its window; ``dismissed`` when the person has read it."""

    dismissed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hint")
        self._target = QRect()
        self._title = named_label("hint.title", "What to do next", "strong", selectable=False)
        self._words = named_label("hint.text", "How", "", selectable=False)
        self._number = named_label("hint.number", "Which hint", "small", selectable=False)
        self._close = QPushButton("Got it")
        self._close.setObjectName("hint.close")
        self._close.setAccessibleName("Got it: do not show this hint again")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self._close.clicked.connect(self.dismissed)
        row = QHBoxLayout()
        row.addWidget(self._number, 1)
        row.addWidget(self._close)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._title)
        self._column.addWidget(self._words)
        self._column.addLayout(row)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    def say(self, title: str, words: str, number: str) -> None:
        """What it says from now on; it is shown by ``point``."""
        self._title.setText(title)
        self._words.setText(words)
        self._number.setText(number)
        self.setAccessibleName(f"Hint: {title}. {words}")
        self._measure()

    def point(self, target: QRect, area: QRect, avoid: Sequence[QRect]) -> None:
        """Stand beside a control, all in the window's pixels; be away where there is no room for that."""
        tip = theme().px(TIP)
        box = placed(target, self.size(), area, avoid, theme().px(GAP) - tip)
        # the tip is part of the box, so that its side may reach to the control
        if box is None or box.intersects(target.adjusted(2 + tip, 2 + tip, -2 - tip, -2 - tip)):
            self.hide()
            return
        self._target = target.translated(-box.topLeft())
        self.setGeometry(box)
        was_away = not self.isVisible()
        self.show()
        self.raise_()
        self.update()
        if was_away:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _measure(self) -> None:
        width = theme().px(WIDTH)
        self._column.activate()
        self.resize(width, self._column.totalHeightForWidth(width))

    @Slot()
    def _follow_theme(self) -> None:
        px, tip = theme().px, theme().px(TIP)
        self._column.setContentsMargins(tip + px(14), tip + px(10), tip + px(12), tip + px(10))
        self._column.setSpacing(px(5))
        self._measure()

    # Drawing ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        keeper = theme()
        tip = keeper.px(TIP)
        body = self.rect().adjusted(tip, tip, -tip, -tip)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(keeper.colour("panel"))
            painter.setPen(QPen(keeper.colour("accent"), keeper.px(2)))
            painter.drawRoundedRect(body, keeper.px(8), keeper.px(8))
            painter.setBrush(keeper.colour("accent"))
            painter.drawPolygon(self._tip(body))

    def _tip(self, body: QRect) -> QPolygonF:
        """A triangle on the side of the control, as near to its middle as the side reaches."""
        reach, half = theme().px(TIP) - 2, theme().px(TIP)
        middle = self._target.center()
        x = min(max(middle.x(), body.left() + 2 * half), body.right() - 2 * half)
        y = min(max(middle.y(), body.top() + 2 * half), body.bottom() - 2 * half)
        if self._target.bottom() <= body.top():
            points = ((x - half, body.top()), (x + half, body.top()), (x, body.top() - reach))
        elif self._target.top() >= body.bottom():
            points = ((x - half, body.bottom()), (x + half, body.bottom()), (x, body.bottom() + reach))
        elif self._target.right() <= body.left():
            points = ((body.left(), y - half), (body.left(), y + half), (body.left() - reach, y))
        else:
            points = ((body.right(), y - half), (body.right(), y + half), (body.right() + reach, y))
        return QPolygonF([QPointF(*one) for one in points])
