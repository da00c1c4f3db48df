"""The list of requests: it follows what arrives while one looks at the newest, and stays put otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QTableView, QWidget

from playground.core.trips import Line
from playground.gui.panels.traffic_model import Column, TrafficModel
from playground.gui.panels.traffic_painting import ROW, RowLook, RowPainter
from playground.gui.theme import theme
from playground.gui.widgets.whole_rows import choose_whole_rows, share_out_columns

_LEAST = {
    Column.REQUEST: 150,
    Column.STATUS: 56,
    Column.ROUTE: 84,
    Column.TOOK: 64,
    Column.TIME: 74,
    Column.FROM: 88,
    Column.OPEN: 26,
}
"""Pixels of the design below which a column is of no use; the most telling first, the first to go last."""
_MORE = {Column.ROUTE: 56, Column.FROM: 44, Column.TIME: 12, Column.TOOK: 12, Column.STATUS: 10}
"""What a column may have more where there is room; what is left then is the request's."""

Index = QModelIndex | QPersistentModelIndex


class TrafficTable(QTableView):
    """The rows. ``chosen`` follows the selection, ``opened`` carries the number of a trip."""

    chosen = Signal()
    opened = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, model: TrafficModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._hovered = -1
        self._columns: list[tuple[Column, int, int]] = []  # those shown: their left edge and width
        self._painter: RowPainter | None = None
        self._kept: int | None = None  # the trip that is chosen, while the rows are replaced
        self._was_at_top = True
        self.setObjectName("traffic.table")
        self.setAccessibleName("Requests, the newest first")
        self.setModel(model)
        choose_whole_rows(self)
        share_out_columns(self)
        self.setMouseTracking(True)
        model.rowsAboutToBeInserted.connect(self._note_place)
        model.rowsInserted.connect(self._keep_place)
        model.modelAboutToBeReset.connect(self._note_chosen)
        model.modelReset.connect(self._choose_again)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.clicked.connect(self._clicked)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        theme().changed.connect(self._restyle)
        self._restyle()

    # What is chosen ---------------------------------------------------------------------------

    @property
    def line(self) -> Line | None:
        """The line that is chosen."""
        rows = self.selectionModel().selectedRows()
        return self._model.line(rows[0].row()) if rows else None

    def choose(self, row: int) -> None:
        """Choose a row, as a click does."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(row, Column.REQUEST), flags)

    @Slot()
    def enter(self) -> None:
        """Go into the list: to the row that is chosen, or to the first in sight."""
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def _open(self, row: int) -> None:
        line = self._model.line(row)
        if line is not None:
            self.opened.emit(line.number)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == Column.OPEN:
            self._open(index.row())

    # Rows that come and go --------------------------------------------------------------------

    @property
    def at_top(self) -> bool:
        """Whether the newest is in sight."""
        return self.verticalScrollBar().value() == 0

    @Slot()
    def _note_place(self) -> None:
        self._was_at_top = self.at_top

    @Slot(QModelIndex, int, int)
    def _keep_place(self, _: QModelIndex, first: int, last: int) -> None:
        """Rows came in at the top: who looks further down goes on seeing the same ones."""
        if not self._was_at_top:
            self.updateGeometries()
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (last - first + 1) * self.verticalHeader().defaultSectionSize())

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """With the row that is chosen goes the choice; Qt would go on to a neighbour that nobody chose."""
        if start <= self.currentIndex().row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)

    @Slot()
    def _note_chosen(self) -> None:
        line = self.line
        self._kept = line.number if line is not None else None

    @Slot()
    def _choose_again(self) -> None:
        row = self._model.row_of(self._kept) if self._kept is not None else -1
        if row >= 0:
            self.choose(row)
        else:
            self.scrollToTop()
        self._hovered = -1
        self.chosen.emit()

    # Mouse and keys ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line is not None:
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by Tab is on a row at once."""
        super().focusInEvent(event)
        by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_keys and self.line is None and self._model.rowCount():
            self.choose(max(self.rowAt(0), 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.selectionModel().clear()
            self.chosen.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.line is None:
            return
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    # Painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """All rows in sight at once: cell by cell, as Qt does it, takes five times as long."""
        if self._painter is None:
            self._painter = RowPainter(self._model, self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        self._painter.paint(
            painter, area, self._columns, self._rows_in(area.height()), focused=self.hasFocus()
        )
        painter.end()

    def _rows_in(self, height: int) -> Iterator[tuple[Line, RowLook]]:
        """The rows that are in sight, with how each looks."""
        each = self.verticalHeader().defaultSectionSize()
        selected = self.selectionModel().selectedRows()
        chosen = selected[0].row() if selected else -1
        row, off = divmod(self.verticalOffset(), each)
        for top in range(-off, height, each):
            line = self._model.line(row)
            if line is not None:
                yield line, RowLook(top, row == chosen, row == self._hovered)
            row += 1

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    @Slot()
    def _restyle(self) -> None:
        self._painter = None
        self.horizontalHeader().setFixedHeight(theme().px(25))
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW))
        self._share_room()

    def _share_room(self) -> None:
        """The most telling columns have theirs first; what no room is left for is not shown."""
        left = self.viewport().width()
        widths: dict[Column, int] = {}
        for column, least in _LEAST.items():
            wanted = theme().px(least)
            if column == Column.REQUEST or wanted <= left:
                widths[column] = wanted
                left -= wanted
        for column, more in _MORE.items():
            if column in widths:
                given = max(0, min(theme().px(more), left // 2))
                widths[column] += given
                left -= given
        widths[Column.REQUEST] += left
        self._columns, x = [], 0
        for column in Column:
            width = widths.get(column, 0)
            self.setColumnHidden(column, column not in widths)
            self.setColumnWidth(column, width)
            if width:
                self._columns.append((column, x, width))
            x += width
