"""Paints the rows of the traffic: badges for method and status, what is no route in grey, a line below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from playground.core.trips import Line
from playground.gui.icons import pixmap
from playground.gui.panels.traffic_model import LINE, Column, TrafficModel
from playground.gui.panels.traffic_rows import status_token
from playground.gui.rule_text import short_method
from playground.gui.theme import method_colours, theme
from playground.gui.widgets.badge import badge_font

ROW = 27
"""Height of a row in pixels of the design."""
MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
PADDING = 8
Index = QModelIndex | QPersistentModelIndex


class TrafficDelegate(QStyledItemDelegate):
    """Paints one cell; which row is chosen shows in all of its cells."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self.hovered = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme().px(60), theme().px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, option, index, chosen)
        rect = option.rect.adjusted(theme().px(PADDING), 0, -theme().px(4), 0)
        column = Column(index.column())
        if column == Column.REQUEST:
            _paint_request(painter, rect, line)
        elif column == Column.STATUS:
            _paint_status(painter, rect, str(index.data()), line.status)
        elif column == Column.OPEN:
            if chosen or index.row() == self.hovered:
                _paint_chevron(painter, option.rect)
        else:
            self._paint_words(painter, rect, str(index.data()), line, column)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, chosen: bool
    ) -> None:
        colour, rect = theme().colour, option.rect
        hovered = index.row() == self.hovered
        painter.fillRect(rect, colour("accent_tint" if chosen else "sunken" if hovered else "panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour("line"))
        if chosen and index.column() == self._table.columnAt(0) and self._table.hasFocus():
            painter.fillRect(QRect(rect.left(), rect.top(), theme().px(3), rect.height()), colour("accent"))

    def _paint_words(self, painter: QPainter, rect: QRect, words: str, line: Line, column: Column) -> None:
        model = self._table.model()
        is_route = column == Column.ROUTE and isinstance(model, TrafficModel) and model.route(line)[1]
        write(
            painter,
            rect,
            words,
            "text" if is_route else "muted",
            theme().mono() if is_route else theme().ui(),
        )


def write(painter: QPainter, rect: QRect, words: str, token: str, font: QFont) -> None:
    """One line of text, cut with "…" where there is no room for it."""
    painter.setFont(font)
    painter.setPen(theme().colour(token))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
    painter.drawText(rect, MIDDLE, shown)


def paint_small_badge(painter: QPainter, row: QRect, words: str, token: str | None, method: str = "") -> int:
    """A badge as wide as its words at the left of a row; returns where it ends."""
    ink, ground = (
        method_colours(method) if token is None else (theme().colour(token), theme().colour(f"{token}_tint"))
    )
    painter.setFont(badge_font())
    height = theme().px(15)
    width = painter.fontMetrics().horizontalAdvance(words) + theme().px(10)
    badge = QRectF(row.left(), row.top() + (row.height() - height) / 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(badge, theme().px(4), theme().px(4))
    painter.setPen(ink)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
    return row.left() + width


def _paint_request(painter: QPainter, rect: QRect, line: Line) -> None:
    end = paint_small_badge(painter, rect, short_method(line.method), None, line.method)
    path = QRect(rect)
    path.setLeft(end + theme().px(7))
    write(painter, path, line.path, "text", theme().mono())


def _paint_status(painter: QPainter, rect: QRect, words: str, status: int) -> None:
    paint_small_badge(painter, rect, words, status_token(status))


def _paint_chevron(painter: QPainter, cell: QRect) -> None:
    side = theme().px(14)
    place = QRect(cell.center().x() - side // 2, cell.center().y() - side // 2, side, side)
    painter.drawPixmap(place, pixmap("chevron-right", "accent", side))
