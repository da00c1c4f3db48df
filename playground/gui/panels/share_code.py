"""The QR code of an address as a card: dark on white in every theme, so that phones read it.

Each module is a whole number of the screen's own pixels, and around the code lies the quiet zone that readers
look for.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.tokens import LIGHT

QUIET = 4
"""Modules of white at each side, as the standard wants it."""
CORNER = 12
"""Pixels of the design by which the card's corners are rounded, where no dark module lies."""
LEAST = 90
"""The code's side in the screen's pixels, however little room there is."""
CODE, MOST_CODE, BESIDE = 0.5, 0.66, 0.45
"""The code's share of the height, and at most of the width, with the words below it or beside it."""
LOW = 330
"""Below this height (pixels of the design) the words stand beside the code."""
ADDRESS, HINT, LEAST_TEXT = 35, 17, 11
"""Sizes of the address and of the line under it, in pixels of the design, and what both have at least."""
HINT_WORDS = "Scan it or type it. Same network only."

Matrix = tuple[tuple[bool, ...], ...]


class ShareCode(QWidget):
    """A white card with the code in its middle; empty until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("share.code")
        self._matrix: Matrix = ()
        self.setAccessibleName("QR code")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_code(self, url: str, matrix: Matrix) -> None:
        """Show the code of an address; ``matrix`` holds its modules row by row, True is dark."""
        self._matrix = matrix
        self.setAccessibleName(f"QR code of {url}" if url else "QR code")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(LEAST), theme().px(LEAST))

    @property
    def modules(self) -> int:
        """How many modules are in a row, the quiet zone included."""
        return len(self._matrix) + 2 * QUIET if self._matrix else 0

    def module_pixels(self) -> int:
        """How many of the screen's pixels a module has at this size; at least one."""
        side = min(self.width(), self.height()) * self.devicePixelRatioF()
        return max(1, int(side // self.modules)) if self.modules else 1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # from here on in the screen's own pixels
        self._paint_card(painter, ratio)
        self._paint_modules(painter, ratio)
        painter.end()

    def _paint_card(self, painter: QPainter, ratio: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().colour("line"))
        painter.setBrush(QColor(LIGHT.panel))
        corner = theme().px(CORNER) * ratio
        whole = QRectF(0, 0, self.width() * ratio, self.height() * ratio)
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_modules(self, painter: QPainter, ratio: float) -> None:
        """Runs of dark modules, so that no hair line is seen between two."""
        if not self._matrix:
            return
        size, count = self.module_pixels(), len(self._matrix)
        left = (round(self.width() * ratio) - count * size) // 2
        top = (round(self.height() * ratio) - count * size) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        dark = QColor(LIGHT.text)
        for y, row in enumerate(self._matrix):
            start = 0
            while start < count:
                end = start
                while end < count and row[end] == row[start]:
                    end += 1
                if row[start]:
                    place = QRect(left + start * size, top + y * size, (end - start) * size, size)
                    painter.fillRect(place, dark)
                start = end


class CodeSide(QWidget):
    """The code, and under it the address for those who type. ``copy`` carries the address that is shown,
    ``chosen`` another one of several.
    """

    copy = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._url = ""
        self._urls: tuple[str, ...] = ()
        self.code = ShareCode()
        self._address = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._address.setObjectName("share.address")
        self._address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = QToolButton()
        self._copy.setObjectName("share.copy")
        self._copy.setAccessibleName("Copy the address")
        self._copy.setToolTip("Copy the address")
        set_icon(self._copy, "copy", "muted")
        self._copy.clicked.connect(lambda: self.copy.emit(self._url))
        self._hint = QLabel(HINT_WORDS, alignment=Qt.AlignmentFlag.AlignCenter)
        self._hint.setObjectName("share.hint")
        mark(self._hint, role="muted")
        self._choice = QComboBox()
        self._choice.setObjectName("share.choice")
        self._choice.setAccessibleName("Which of this machine's addresses is shown")
        self._choice.setToolTip("This machine has several addresses. If one does not answer, try the next.")
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._choice.activated.connect(self._choose)
        self._lay_out()
        theme().changed.connect(self.fit)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._row.addWidget(self._address)
        self._row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._words = QVBoxLayout()
        self._words.addStretch(1)
        self._words.addLayout(self._row)
        self._words.addWidget(self._hint)
        self._words.addWidget(self._choice, 0, Qt.AlignmentFlag.AlignHCenter)
        self._words.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._both.addStretch(1)
        self._both.addWidget(self.code, 0, Qt.AlignmentFlag.AlignCenter)
        self._both.addLayout(self._words)
        self._both.addStretch(1)

    # What is shown ----------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The address that is shown."""
        return self._url

    def show_addresses(self, urls: Sequence[str], url: str) -> None:
        """Show ``url``, one of ``urls``, under which others reach the app; its code follows."""
        if url != self._url:
            self._url = url
            self.code.show_code(url, ())  # that of another address would lead astray
            self._address.setText(url.removeprefix("http://"))
            self._address.setAccessibleName(f"The address to open: {url}")
        if tuple(urls) != self._urls:
            self._urls = tuple(urls)
            self._choice.clear()
            self._choice.addItems([one.removeprefix("http://") for one in urls])
        self._choice.setCurrentIndex(self._urls.index(url) if url in self._urls else -1)
        self._choice.setVisible(len(urls) > 1)
        self.fit()

    def show_code(self, url: str, matrix: Matrix) -> None:
        """The code of an address is made; that of one which is not shown any more is not looked at."""
        if url == self._url:
            self.code.show_code(url, matrix)

    def _choose(self, number: int) -> None:
        self.chosen.emit(self._urls[number])

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """The code as large as can be, and the words as large as the width and what is left allow."""
        width, height, px = self.width(), self.height(), theme().px
        margin, gap = px(12), min(px(24), height // 20)
        beside = height < px(LOW) and width > height
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._both.setDirection(way)
        self._both.setContentsMargins(margin, gap // 2, margin, gap // 2)
        self._both.setSpacing(gap)
        self._words.setSpacing(gap // 2)
        self._row.setSpacing(px(6))
        side = min(height - 2 * gap, int(width * BESIDE)) if beside else 0
        words = self._fit_words(width - 2 * margin - side - (gap if beside else 0), height)
        if not beside:
            side = min(int(width * MOST_CODE), int(height * CODE), height - words - 3 * gap)
        side = max(side, LEAST)
        if self.code.size() != QSize(side, side):
            self.code.setFixedSize(side, side)

    def _fit_words(self, width: int, height: int) -> int:
        """As large as they fit into that width; returns how high all of them are."""
        px = theme().px
        copy = 2 * (self._copy.sizeHint().width() + px(6))
        self._address.setFont(self._as_large_as_fits(width - copy, height))
        hint = theme().ui()
        hint.setPixelSize(max(px(LEAST_TEXT), min(px(HINT), height // 16)))
        self._hint.setFont(hint)
        self._hint.setVisible(QFontMetrics(hint).horizontalAdvance(HINT_WORDS) <= width)
        shown = [self._address, *(one for one in (self._hint, self._choice) if not one.isHidden())]
        return sum(one.sizeHint().height() + self._words.spacing() for one in shown)

    def _as_large_as_fits(self, width: int, height: int) -> QFont:
        """The font of the address."""
        font = theme().mono(ADDRESS)
        font.setBold(True)
        size = min(font.pixelSize(), max(height // 7, 1))
        font.setPixelSize(size)
        wide = QFontMetrics(font).horizontalAdvance(self._address.text()) + 4
        if wide > width > 0:
            size = size * width // wide
        font.setPixelSize(max(LEAST_TEXT, size))
        return font
