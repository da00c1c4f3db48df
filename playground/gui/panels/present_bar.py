"""The bar over what is presented: which route this is and the ones around it, the parts, and the zoom.

It has one line where there is room and two where there is not, so that at 300 % on a small projector each of
its controls can still be read and pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.gui.icons import set_icon
from playground.gui.theme import ZOOM_MAX, ZOOM_MIN, mark, theme
from playground.gui.widgets.badge import paint_methods, paint_rule

ONE_LINE = 900
SLIDER, WORDS = 760, 560
"""Pixels of the design from which on the bar has one line; the zoom has a slider; buttons have words."""


class PresentTitle(QWidget):
    """The route, or the name of another page, in one line; shortened where there is no room, and then told
    in full by its tool tip.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("present.title")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._methods: tuple[str, ...] = ()
        self._words = ""

    def say(self, words: str, methods: tuple[str, ...] = ()) -> None:
        """Show the title of a page, with its methods where it is a route."""
        self._words, self._methods = words, methods
        spoken = f"{' '.join(methods)} {words}".strip()
        self.setAccessibleName(f"Presented: {spoken}")
        self.setToolTip(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(40), theme().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = paint_methods(painter, self.rect(), 0, self._methods) if self._methods else 0
        painter.setFont(theme().mono(14))
        paint_rule(painter, QRect(left, 0, self.width() - left, self.height()), self._words)


class PresentBar(QFrame):
    """Says what was pressed. ``turned`` carries 1 or -1, ``part`` the name of a part, ``zoomed`` a factor."""

    turned = Signal(int)
    part = Signal(str)
    form = Signal(bool)
    larger = Signal()
    smaller = Signal()
    zoomed = Signal(float)
    contrast = Signal()
    start = Signal()
    leave = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("present")
        self.setAccessibleName("Presenting")
        mark(self, surface="panel", edge="bottom")
        self._parts: tuple[str, ...] = ()
        self._build()
        self._rows = QVBoxLayout(self)
        self._above, self._below = QHBoxLayout(), QHBoxLayout()
        self._rows.addLayout(self._above)
        self._rows.addLayout(self._below)
        self._lines = 0
        theme().changed.connect(self._fit)
        self._fit()
        self.hide()

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self._previous = self._tool("previous", "Previous route", "chevron-left", "Page Up")
        self._next = self._tool("next", "Next route", "chevron-right", "Page Down")
        self._previous.clicked.connect(lambda: self.turned.emit(-1))
        self._next.clicked.connect(lambda: self.turned.emit(1))
        self.title = PresentTitle(self)
        self._tabs = QTabBar(self)
        self._tabs.setObjectName("present.parts")
        self._tabs.setAccessibleName("Parts of what is presented")
        self._tabs.setToolTip("The next part: F6")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        mark(self._tabs, plain=True)
        self._tabs.currentChanged.connect(self._part_chosen)
        self._form = self._tool("form", "The form of the route", "edit")
        self._form.setCheckable(True)
        self._form.clicked.connect(self.form)
        self._start = QPushButton("Start", self)
        self._start.setObjectName("present.start")
        self._start.setAccessibleName("Start the server")
        self._start.setToolTip("The server is stopped: start it to get answers")
        set_icon(self._start, "play")
        self._start.clicked.connect(self.start)
        self._start.hide()
        self._contrast = self._tool("contrast", "High contrast", "contrast")
        self._contrast.setCheckable(True)
        self._contrast.clicked.connect(self.contrast)
        self._leave = self._tool("leave", "Stop presenting", "close", "Esc")
        self._leave.clicked.connect(self.leave)
        self._build_zoom()

    def _build_zoom(self) -> None:
        self._smaller = self._tool("zoom.smaller", "Smaller", "zoom-out", "Ctrl+-")
        self._larger = self._tool("zoom.larger", "Larger", "zoom-in", "Ctrl+=")
        self._smaller.clicked.connect(self.smaller)
        self._larger.clicked.connect(self.larger)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("present.zoom")
        self._slider.setAccessibleName("Zoom of everything, in percent")
        self._slider.setRange(round(ZOOM_MIN * 10), round(ZOOM_MAX * 10))
        self._slider.setPageStep(5)
        self._slider.valueChanged.connect(lambda tenths: self.zoomed.emit(tenths / 10))
        self._percent = QLabel(self)
        self._percent.setObjectName("present.zoom.percent")
        self._percent.setAccessibleName("Zoom")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _tool(self, name: str, words: str, picture: str, keys: str = "") -> QToolButton:
        tool = QToolButton(self)
        tool.setObjectName(f"present.{name}")
        tool.setAccessibleName(words)
        tool.setToolTip(f"{words} ({keys})" if keys else words)
        set_icon(tool, picture)
        return tool

    # What is shown ----------------------------------------------------------------------------

    def show_parts(self, parts: Mapping[str, str], shown: str) -> None:
        """The parts that can be shown in turns, and the one that is."""
        self._tabs.blockSignals(True)
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            while self._tabs.count():
                self._tabs.removeTab(0)
            for _ in parts:
                self._tabs.addTab("")
        for place, words in enumerate(parts.values()):
            self._tabs.setTabText(place, words)
        self._tabs.setCurrentIndex(self._parts.index(shown))
        self._tabs.blockSignals(False)

    def show_form(self, possible: bool, shown: bool) -> None:
        """Whether what is in front has a form, and whether it is shown."""
        self._form.setVisible(possible)
        self._form.setChecked(shown)

    def show_zoom(self, zoom: float) -> None:
        """The zoom that is on, or is about to be."""
        self._slider.blockSignals(True)
        self._slider.setValue(round(zoom * 10))
        self._slider.blockSignals(False)
        self._percent.setText(f"{round(zoom * 100)} %")
        self._smaller.setEnabled(zoom > ZOOM_MIN)
        self._larger.setEnabled(zoom < ZOOM_MAX)

    def show_running(self, running: bool) -> None:
        """Whether there is a server to answer."""
        self._start.setVisible(not running)
        self._fit()

    def enter(self) -> None:
        """Give the keyboard to what a stray key of a clicker can do no harm to."""
        self._next.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _part_chosen(self, place: int) -> None:
        if 0 <= place < len(self._parts):
            self.part.emit(self._parts[place])

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px, width = theme().px, self.width() / theme().zoom
        self._slider.setVisible(width >= SLIDER)
        self._slider.setFixedWidth(px(110))
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("300 %") + px(10))
        named = (
            (self._form, "Form"),
            (self._start, "Start"),
            (self._contrast, "Contrast"),
            (self._leave, "Leave"),
        )
        for button, words in named:
            _word(button, words if width >= WORDS else "")
        self._set_in(1 if width >= ONE_LINE else 2)
        self._rows.setContentsMargins(px(8), px(3), px(8), px(3))
        self._rows.setSpacing(px(2))
        for row in (self._above, self._below):
            row.setSpacing(px(4))
        self._contrast.setChecked(theme().is_high)
        self.title.update()

    def _set_in(self, lines: int) -> None:
        """Have all in one line, or the parts in a second one."""
        if lines == self._lines:
            return
        self._lines = lines
        for row in (self._above, self._below):
            while row.count():
                row.takeAt(0)
        zoom: tuple[QWidget, ...] = (self._smaller, self._slider, self._percent, self._larger)
        ways: tuple[QWidget, ...] = (self._previous, self._next)
        parts: tuple[QWidget, ...] = (self._tabs, self._form)
        deeds: tuple[QWidget, ...] = (self._start, self._contrast, self._leave)
        for widget in ways:
            self._above.addWidget(widget)
        self._above.addWidget(self.title, 1)
        for widget in (*parts, *zoom, *deeds) if lines == 1 else zoom:
            self._above.addWidget(widget)
        if lines == 2:
            for widget in parts:
                self._below.addWidget(widget)
            self._below.addStretch(1)
            for widget in deeds:
                self._below.addWidget(widget)
        places = (*ways, *parts, *zoom, *deeds) if lines == 1 else (*ways, *zoom, *parts, *deeds)
        order = [widget for widget in places if widget is not self._percent]
        for one, after in pairwise(order):
            QWidget.setTabOrder(one, after)


def _word(button: QAbstractButton, words: str) -> None:
    """Words beside the picture of a button, or none."""
    button.setText(words)
    if isinstance(button, QToolButton):
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        button.setToolButtonStyle(beside if words else alone)
