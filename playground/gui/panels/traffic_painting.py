"""Paints the rows of the traffic: badges for method and status, what is no route in grey, a line below.

While a server is under load, its threads and the window share the processor, and each row that arrives moves
all others. So what rows have in common is made once, and as little as can be is done for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QLine, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from playground.core.trips import Line
from playground.gui.icons import pixmap
from playground.gui.panels.traffic_model import Column, TrafficModel
from playground.gui.panels.traffic_rows import status_words
from playground.gui.rule_text import short_method
from playground.gui.theme import method_colours, theme
from playground.gui.widgets.badge import badge_font
from playground.gui.widgets.status_badge import status_token

ROW = 27
"""Height of a row in pixels of the design."""
PADDING = 8
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class RowLook:
    """Where one row is painted, and how it stands out."""

    top: int
    chosen: bool = False
    hovered: bool = False


class Span(NamedTuple):
    """Where a column's words begin, and the room that they have."""

    left: int
    width: int


class Badge(NamedTuple):
    """What a badge says, in the colour of a token, or of a method where there is none."""

    words: str
    token: str
    method: str = ""


Rows = list[tuple[Line, RowLook]]


class Ink:
    """A font and what is known of its letters; texts are cut with "…" where there is no room for them."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetrics(font)
        self.cut = lru_cache(_REMEMBERED)(self._cut)

    def _cut(self, words: str, room: int) -> str:
        return self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(room, 0))

    def baseline(self, height: int) -> int:
        """How far below the top of a row its letters stand."""
        return (height + self.metrics.ascent() - self.metrics.descent()) // 2


class Badges:
    """Badges as pictures, each made once for a theme and a zoom."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio
        self.height = theme().px(15)
        self._made = lru_cache(64)(self._make)

    def paint(self, painter: QPainter, left: int, top: int, badge: Badge) -> int:
        """Paint one, as wide as its words; returns how wide that is."""
        picture, width = self._made(badge)
        painter.drawPixmap(left, top, picture)
        return width

    def _make(self, badge: Badge) -> tuple[QPixmap, int]:
        colour, token = theme().colour, badge.token
        ink, ground = (colour(token), colour(f"{token}_tint")) if token else method_colours(badge.method)
        font, height = badge_font(), self.height
        width = QFontMetrics(font).horizontalAdvance(badge.words) + theme().px(10)
        picture = QPixmap(round(width * self._ratio), round(height * self._ratio))
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        rect = QRectF(0, 0, width, height)
        painter.drawRoundedRect(rect, theme().px(4), theme().px(4))
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge.words)
        painter.end()
        return picture, width


class RowPainter:
    """Paints rows for a theme and a zoom; made anew for another one."""

    def __init__(self, model: TrafficModel, ratio: float) -> None:
        colour, px = theme().colour, theme().px
        self._model = model
        self.height = px(ROW)
        self._padding = px(PADDING)
        self._bar = px(3)
        self._words, self._code = Ink(theme().ui()), Ink(theme().mono())
        self._text, self._muted = colour("text"), colour("muted")
        self._line, self._accent = colour("line"), colour("accent")
        self._panel, self._sunken, self._tint = colour("panel"), colour("sunken"), colour("accent_tint")
        self._chevron = pixmap("chevron-right", "accent", px(14))
        self._badges = Badges(ratio)

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        columns: Iterable[tuple[Column, int, int]],
        rows: Iterable[tuple[Line, RowLook]],
        *,
        focused: bool,
    ) -> None:
        """Paint rows; ``columns`` are those shown, each with its left edge and its width."""
        rows, columns = list(rows), list(columns)
        self._paint_grounds(painter, area, [look for _, look in rows], focused=focused)
        for column, left, width in columns:
            padding = 0 if column == Column.OPEN else self._padding
            self._paint_column(painter, column, Span(left + padding, width - padding - 4), rows)

    def _paint_grounds(self, painter: QPainter, area: QRect, looks: list[RowLook], *, focused: bool) -> None:
        painter.fillRect(area, self._panel)
        for look in looks:
            if look.chosen or look.hovered:
                ground = self._tint if look.chosen else self._sunken
                painter.fillRect(0, look.top, area.width(), self.height, ground)
            if look.chosen and focused:
                painter.fillRect(0, look.top, self._bar, self.height, self._accent)
        painter.setPen(self._line)
        below = (look.top + self.height - 1 for look in looks)
        painter.drawLines([QLine(0, y, area.width(), y) for y in below])

    def _paint_column(self, painter: QPainter, column: Column, span: Span, rows: Rows) -> None:
        match column:
            case Column.REQUEST:
                self._paint_requests(painter, span, rows)
            case Column.ROUTE:
                self._paint_routes(painter, span, rows)
            case Column.STATUS:
                for line, look in rows:
                    badge = Badge(status_words(line.status), status_token(line.status))
                    self._paint_badge(painter, span.left, look.top, badge)
            case Column.OPEN:
                self._paint_chevrons(painter, span, rows)
            case _:
                texts = ((look.top, self._model.words(line, column)) for line, look in rows)
                self._write(painter, self._words, self._muted, span, texts)

    def _write(
        self, painter: QPainter, ink: Ink, colour: QColor, span: Span, texts: Iterable[tuple[int, str]]
    ) -> None:
        """Texts below each other: each with the top of its row."""
        painter.setFont(ink.font)
        painter.setPen(colour)
        down = ink.baseline(self.height)
        for top, words in texts:
            painter.drawText(span.left, top + down, ink.cut(words, span.width))

    def _paint_requests(self, painter: QPainter, span: Span, rows: Rows) -> None:
        gap, texts = theme().px(7), list[tuple[int, int, str]]()
        for line, look in rows:
            badge = Badge(short_method(line.method), "", line.method)
            wide = self._paint_badge(painter, span.left, look.top, badge) + gap
            texts.append((span.left + wide, look.top, self._code.cut(line.path, span.width - wide)))
        painter.setFont(self._code.font)
        painter.setPen(self._text)
        down = self._code.baseline(self.height)
        for x, top, words in texts:
            painter.drawText(x, top + down, words)

    def _paint_routes(self, painter: QPainter, span: Span, rows: Rows) -> None:
        said = [(look.top, *self._model.route(line)) for line, look in rows]
        named = ((top, words) for top, words, is_route in said if is_route)
        others = ((top, words) for top, words, is_route in said if not is_route)
        self._write(painter, self._code, self._text, span, named)
        self._write(painter, self._words, self._muted, span, others)

    def _paint_chevrons(self, painter: QPainter, span: Span, rows: Rows) -> None:
        side = theme().px(14)
        for _, look in rows:
            if look.chosen or look.hovered:
                place = QRect(span.left, look.top + (self.height - side) // 2, side, side)
                painter.drawPixmap(place, self._chevron)

    def _paint_badge(self, painter: QPainter, left: int, top: int, badge: Badge) -> int:
        """A badge in the middle of its row; returns how wide it is."""
        return self._badges.paint(painter, left, top + (self.height - self._badges.height) // 2, badge)
