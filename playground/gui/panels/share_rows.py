"""The columns of the list of guests, and the painting of its rows.

While a class asks all the time, the window has few turns: what rows have in common is made once.
"""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QLine, QRect
from PySide6.QtGui import QPainter

from playground.core.roster import Guest
from playground.gui.panels.traffic_painting import Badge, Badges, Ink, Span
from playground.gui.panels.traffic_rows import status_words
from playground.gui.rule_text import short_method
from playground.gui.theme import theme
from playground.gui.widgets.status_badge import status_token

ROW, PADDING = 28, 8
"""Height of a row and the room beside a cell's words, in pixels of the design."""


class Column(IntEnum):
    """The columns from left to right."""

    WHO = 0
    REQUESTS = 1
    LAST = 2
    STATUS = 3


def who(guest: Guest) -> str:
    """``192.168.1.31 · phone``, or the address alone where nothing tells what it is."""
    return f"{guest.address} · {guest.device}" if guest.device else guest.address


Rows = list[tuple[Guest, int]]
"""Guests that are in sight, each with the top of its row."""


class GuestPainter:
    """Paints rows, column by column: what rows have in common is asked for once. Made anew for a new look."""

    def __init__(self, ratio: float) -> None:
        colour, px = theme().colour, theme().px
        self.height = px(ROW)
        self._words, self._code, self._badges = Ink(theme().ui()), Ink(theme().mono()), Badges(ratio)
        self._text, self._muted, self._line = colour("text"), colour("muted"), colour("line")
        self._panel, self._tint, self._accent = colour("panel"), colour("accent_tint"), colour("accent")
        self._bar, self._pad, self._gap = px(3), px(PADDING), px(7)
        self._above = (self.height - self._badges.height) // 2

    def ground(self, painter: QPainter, area: QRect, rows: Rows, on: str) -> None:
        """What is behind the words; ``on`` is the address of the guest that the keyboard is on."""
        painter.fillRect(area, self._panel)
        for guest, top in rows:
            if guest.address == on:
                painter.fillRect(0, top, area.width(), self.height, self._tint)
                painter.fillRect(0, top, self._bar, self.height, self._accent)
        painter.setPen(self._line)
        below = (top + self.height - 1 for _, top in rows)
        painter.drawLines([QLine(0, y, area.width(), y) for y in below])

    def column(self, painter: QPainter, column: Column, span: Span, rows: Rows, gone: set[str]) -> None:
        """One column; the words of those in ``gone`` are grey."""
        left, room = span.left + self._pad, span.width - self._pad
        match column:
            case Column.WHO:
                texts = [(guest, left, top, self._words.cut(who(guest), room)) for guest, top in rows]
                self._write(painter, self._words, texts, gone)
            case Column.REQUESTS:
                texts = [(guest, left, top, self._code.cut(_sum(guest), room)) for guest, top in rows]
                self._write(painter, self._code, texts, gone)
            case Column.LAST:
                self._lasts(painter, Span(left, room), rows, gone)
            case Column.STATUS:
                for guest, top in rows:
                    badge = Badge(status_words(guest.last_status), status_token(guest.last_status))
                    self._badges.paint(painter, left, top + self._above, badge)

    def _lasts(self, painter: QPainter, span: Span, rows: Rows, gone: set[str]) -> None:
        texts = []
        for guest, top in rows:
            badge = Badge(short_method(guest.last_method), "", guest.last_method)
            wide = self._badges.paint(painter, span.left, top + self._above, badge) + self._gap
            path = self._code.cut(guest.last_path, span.width - wide)
            texts.append((guest, span.left + wide, top, path))
        self._write(painter, self._code, texts, gone)

    def _write(
        self, painter: QPainter, ink: Ink, texts: list[tuple[Guest, int, int, str]], gone: set[str]
    ) -> None:
        """Texts, each with its guest, where it begins, and the top of its row."""
        painter.setFont(ink.font)
        down = ink.baseline(self.height)
        for are_gone, colour in ((False, self._text), (True, self._muted)):
            painter.setPen(colour)
            for guest, x, top, words in texts:
                if (guest.address in gone) is are_gone:
                    painter.drawText(x, top + down, words)


def _sum(guest: Guest) -> str:
    return f"{guest.requests:,} ⚠{guest.failed:,}" if guest.failed else f"{guest.requests:,}"
