"""A tab's number changes without anything being laid out anew, and is seen and heard all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.gui.widgets.counted_tabs import CountedTabs


class Layouts(QObject):
    """Counts how often a widget is asked to lay out what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def tabs(qtbot: QtBot) -> Iterator[CountedTabs]:
    around = QWidget()
    qtbot.addWidget(around)
    tabs = CountedTabs()
    QVBoxLayout(around).addWidget(tabs)
    for title in ("Route map", "Traffic", "Problems"):
        tabs.addTab(QLabel(title), title)
    around.resize(600, 200)
    with qtbot.waitExposed(around):
        around.show()
    yield tabs


def test_only_a_number_with_more_digits_is_laid_out(tabs: CountedTabs, qtbot: QtBot) -> None:
    page, seen = tabs.widget(1), Layouts()
    tabs.set_number(page, 1_000)
    for _ in range(5):
        QApplication.processEvents()  # what that brings with it
    width, before = tabs.tabBar().tabRect(1).width(), tabs.tabBar().grab().toImage()
    tabs.installEventFilter(seen)
    tabs.parentWidget().installEventFilter(seen)
    for number in range(1_001, 1_400, 7):
        tabs.set_number(page, number)
        QApplication.processEvents()
    assert seen.count == 0
    assert tabs.tabBar().tabRect(1).width() == width
    assert tabs.tabBar().grab().toImage() != before
    assert tabs.tabText(1) == f"Traffic  {number:,}"
    tabs.set_number(page, 12_345)
    QApplication.processEvents()
    assert seen.count > 0 and tabs.tabBar().tabRect(1).width() > width


def test_a_number_stays_with_its_tab_and_is_told(tabs: CountedTabs) -> None:
    page = tabs.widget(1)
    tabs.set_number(page, 7)
    tabs.insertTab(0, QLabel("Request"), "Request")
    assert [tabs.tabText(at) for at in range(4)] == ["Request", "Route map", "Traffic  7", "Problems"]
    tabs.set_number(page, 8)
    bar = QAccessible.queryAccessibleInterface(tabs.tabBar())
    names = [bar.child(at).text(QAccessible.Text.Name) for at in range(bar.childCount())]
    assert "Traffic  8" in names
    tabs.set_number(QWidget(tabs), 3)
    assert tabs.tabText(2) == "Traffic  8"
