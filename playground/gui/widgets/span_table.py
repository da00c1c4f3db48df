"""A table to be read: as high as its rows, whose words wrap, with methods as badges.

It lies on a page that scrolls, so it never scrolls by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from playground.gui.theme import theme
from playground.gui.widgets.badge import badge_size, paint_methods
from playground.gui.widgets.spans import Spans, centred, laid_out, natural_width, plain

Index = QModelIndex | QPersistentModelIndex
_CELL = Qt.ItemDataRole.UserRole
PAD = 8
"""Pixels of the design at each side of a cell's words."""
GAP = 5
LEAST = 27


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says: the badges of ``methods``, then words."""

    spans: Spans
    methods: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of it for those who hear it."""
        return f"{' '.join(self.methods)} {plain(self.spans)}".strip()


class SpanTable(QTableWidget):
    """Rows of cells. ``chosen`` carries the number of the row that was clicked or entered.

    ``shares`` bound each column: how much of the width it takes at most; the one with 0 has the rest.
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], shares: Sequence[float]) -> None:
        super().__init__()
        self._shares: tuple[float, ...] = ()
        self._cells: list[Sequence[Cell]] = []
        self.set_columns(titles, shares)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setVisible(any(titles))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setItemDelegate(_CellPainter(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.itemClicked.connect(lambda item: self.chosen.emit(item.row()))
        theme().changed.connect(self._fit)

    def set_columns(self, titles: Sequence[str], shares: Sequence[float]) -> None:
        """Have these columns; the rows have to be shown anew."""
        self._shares, self._cells = tuple(shares), []
        self.setRowCount(0)
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels(list(titles))

    def show_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Show these."""
        self._cells = list(rows)
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                item = QTableWidgetItem(cell.words)
                item.setData(_CELL, cell)
                self.setItem(at, column, item)
        self._fit()

    def cell(self, row: int, column: int) -> Cell:
        """One cell."""
        return self._cells[row][column]

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), self.height())

    def _fit(self) -> None:
        """Columns as wide as their words, within their share; rows as high; and all of them in view."""
        width = self.viewport().width()
        used = 0
        for column, share in enumerate(self._shares):
            if share:
                wide = min(self._natural(column), int(width * share))
                self.setColumnWidth(column, wide)
                used += wide
        self.setColumnWidth(self._shares.index(0), max(width - used, theme().px(60)))
        height = 0
        for row, cells in enumerate(self._cells):
            high = max(cell_height(cell, self.columnWidth(at)) for at, cell in enumerate(cells))
            self.setRowHeight(row, high)
            height += high
        header = self.horizontalHeader()
        self.setFixedHeight(height + (header.sizeHint().height() if not header.isHidden() else 0) + 2)

    def _natural(self, column: int) -> int:
        item = self.horizontalHeaderItem(column)
        title = self.horizontalHeader().fontMetrics().horizontalAdvance(item.text() if item else "")
        widths = [natural_width(row[column].spans) + _badges(row[column]) for row in self._cells]
        return max([title, *widths]) + 2 * theme().px(PAD) + theme().px(6)

    # Keys -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.chosen.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class _CellPainter(QStyledItemDelegate):
    """Paints a cell, and the line under its row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = cast("Cell | None", index.data(_CELL))
        if cell is None:
            return
        painter.save()
        self._paint_ground(painter, option, index)
        room = option.rect.adjusted(theme().px(PAD), 0, -theme().px(PAD), 0)
        if cell.methods:
            paint_methods(painter, room, room.left(), cell.methods)
            room.setLeft(room.left() + _badges(cell))
        layout, height = laid_out(cell.spans, room.width())
        layout.draw(painter, centred(room, height))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The tint of the row that is chosen; around the one with the keyboard a frame."""
        table, rect = cast(SpanTable, self.parent()), option.rect
        is_current = index.row() == table.currentRow()
        painter.fillRect(rect, theme().colour("accent_tint" if is_current else "panel"))
        framed = is_current and table.hasFocus()
        painter.setPen(theme().colour("accent" if framed else "line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if framed:
            painter.drawLine(rect.topLeft(), rect.topRight())
            if index.column() == 0:
                painter.drawLine(rect.topLeft(), rect.bottomLeft())
            if index.column() == table.columnCount() - 1:
                painter.drawLine(rect.topRight(), rect.bottomRight())


def _badges(cell: Cell) -> int:
    """The width of the badges before the words."""
    if not cell.methods:
        return 0
    more = theme().px(22) if len(cell.methods) > 1 else 0
    return badge_size().width() + theme().px(8) + more


def cell_height(cell: Cell, width: int) -> int:
    """How high a cell of that width has to be."""
    room = width - 2 * theme().px(PAD) - _badges(cell)
    _, height = laid_out(cell.spans, room)
    return max(theme().px(LEAST), height + 2 * theme().px(GAP))
