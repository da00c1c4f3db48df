"""Measures what is shown: whether every word, button and field has the room that it needs.

Words may be shortened on purpose: then they end in "…" and their tool tip has them in full. What lies in a
scroll area may be out of sight, for one can get there; nothing else may.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyleOptionFrame,
    QTabBar,
    QWidget,
)
from window_driver import Driver

LINE_MARGINS = 4
"""Pixels that Qt leaves on both sides of the text of a line, together."""


def too_small(widget: QWidget) -> bool:
    """Whether the words of a button or label have less room than they need."""
    if isinstance(widget, QLabel):
        if not widget.text() or (widget.text().endswith("…") and widget.toolTip()):
            return False
        if widget.wordWrap():
            return widget.height() < widget.heightForWidth(widget.width())
        return (
            widget.width() < widget.sizeHint().width() or widget.height() < widget.minimumSizeHint().height()
        )
    if isinstance(widget, QAbstractButton) and widget.text():
        hint = widget.minimumSizeHint()
        return widget.width() < hint.width() or widget.height() < hint.height()
    if isinstance(widget, QComboBox) and not widget.isEditable():
        return widget.height() < widget.minimumSizeHint().height() or hides_its_choice(widget)
    if isinstance(widget, QLineEdit) and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
        return widget.height() < widget.fontMetrics().height() + 6 or hides_its_text(widget)
    return False


def hides_its_text(line: QLineEdit) -> bool:
    """Whether a line whose width is fixed, for what is short, shows only a part of its text."""
    if line.minimumWidth() != line.maximumWidth():
        return False
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line).width()
    return line.fontMetrics().horizontalAdvance(line.text()) + LINE_MARGINS > room


def hides_its_choice(box: QComboBox) -> bool:
    """Whether a list that drops down shows only the beginning of what is chosen, and no tool tip says it."""
    words = box.fontMetrics().horizontalAdvance(box.currentText())
    return words > box.width() and not box.toolTip()


def sticks_out(widget: QWidget) -> bool:
    """Whether a field reaches over the edge of the row that holds it."""
    parent = widget.parentWidget()
    held = isinstance(widget, QAbstractButton | QComboBox | QLineEdit) and parent is not None
    return held and not isinstance(parent, QTabBar) and not parent.rect().contains(widget.geometry())


def out_of_sight(widget: QWidget) -> bool:
    """Whether what is to be read or pressed lies beyond an edge, where no scrolling leads."""
    if not isinstance(widget, QAbstractButton | QComboBox | QLineEdit | QLabel) or widget.size().isEmpty():
        return False
    around = widget.parentWidget()
    while around is not None and not around.isWindow():
        place = QRect(widget.mapTo(around, QPoint()), widget.size())
        if isinstance(around.parentWidget(), QAbstractScrollArea | QTabBar) or isinstance(around, QTabBar):
            return False  # one scrolls to it
        if not around.rect().contains(place):
            return True
        around = around.parentWidget()
    return around is not None and not around.rect().contains(
        QRect(widget.mapTo(around, QPoint()), widget.size())
    )


def squeezed(widget: QWidget) -> bool:
    """Whether a panel has less room than its contents can do with, so that they lie over each other."""
    layout = widget.layout()
    if (
        layout is None
        or widget.objectName().startswith("qt_")
        or widget.size().isEmpty()
        or isinstance(widget, QMainWindow | QSplitter)
    ):
        return False
    if isinstance(widget, QStackedWidget) or widget.findChildren(QStackedWidget):
        return False  # it asks for the room of the pages that are not in front, too
    least = layout.totalMinimumSize()
    return widget.width() < least.width() or widget.height() < least.height()


CHECKS = (too_small, sticks_out, out_of_sight, squeezed)


def cut_off(root: QWidget) -> list[str]:
    """Everything visible that has too little room, in words."""
    shown = [widget for widget in root.findChildren(QWidget) if widget.isVisible()]
    return [f"{check.__name__}: {told(widget)}" for widget in shown for check in CHECKS if check(widget)]


def told(widget: QWidget) -> str:
    """Which one it is, what it says, and the room that it has and needs."""
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""
    needs = widget.minimumSizeHint().toTuple()
    return f"{type(widget).__name__} {widget.objectName()} {words!r:.60} {widget.size().toTuple()} of {needs}"


def stays_cut_off(root: QWidget, seconds: float = 3.0) -> list[str]:
    """What is cut off for good: layouts settle by posted events."""
    application = QApplication.instance()
    assert application is not None
    deadline = time.monotonic() + seconds
    while found := cut_off(root):
        if time.monotonic() > deadline:
            return found
        application.processEvents()
    return []


def starting(driver: Driver) -> bool:
    """Whether the browser engine is still on its way."""
    labels = driver.window.findChildren(QLabel)
    return any(label.isVisible() and label.text().startswith("Starting the preview") for label in labels)
