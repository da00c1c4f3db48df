"""An editable table of names and values with tick boxes: query, headers and form of a request.

Unticked rows stay in the table and are left out of the request. The last row is always empty and
waits for the next pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from playground.core.exchanges import Pairs
from playground.gui.icons import icon
from playground.gui.theme import theme

NAME, VALUE, REMOVE = range(3)


class PairRow(NamedTuple):
    """One row: whether it is ticked, and what it says."""

    on: bool
    name: str
    value: str


class PairsTable(QTableWidget):
    """The table. ``changed`` comes when a person changed a row, not when ``set_pairs`` did."""

    changed = Signal()

    def __init__(
        self, name_title: str = "Name", suggestions: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(0, 3, parent)
        self._suggestions = suggestions
        self.setHorizontalHeaderLabels([name_title, "Value", ""])
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(REMOVE, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(24)
        header.setHighlightSections(False)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(self.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setTabKeyNavigation(False)  # Tab leaves the table; the arrows go through its cells
        self.setItemDelegate(_PairDelegate(self))
        self.itemChanged.connect(self._item_changed)
        self.cellClicked.connect(self._cell_clicked)
        theme().changed.connect(self._follow_theme)
        self._append(PairRow(True, "", ""))
        self._follow_theme()

    def sizeHint(self) -> QSize:
        return QSize(320, theme().px(30) * (min(self.rowCount(), 5) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme().px(30) * 2)

    @property
    def suggestions(self) -> Sequence[str]:
        """Names offered while a name is typed."""
        return self._suggestions

    def rows(self) -> tuple[PairRow, ...]:
        """All rows that say something, ticked or not, including what is being typed right now."""
        self.commit()
        return tuple(row for row in map(self._row, range(self.rowCount())) if row.name or row.value)

    def pairs(self) -> Pairs:
        """The pairs that go into the request: ticked, with a name."""
        return tuple((row.name, row.value) for row in self.rows() if row.on and row.name)

    def set_rows(self, rows: Iterable[PairRow]) -> None:
        """Show exactly these rows; emits nothing."""
        self.blockSignals(True)
        self.setRowCount(0)
        for row in (*rows, PairRow(True, "", "")):
            self._append(row)
        self.blockSignals(False)
        self.viewport().update()

    def set_pairs(self, pairs: Pairs) -> None:
        """Show these pairs as the ticked rows; unticked rows stay where they are. Emits nothing."""
        if pairs == self.pairs():
            return
        coming = iter(pairs)
        rows: list[PairRow] = []
        for old in self.rows():
            if not old.on:
                rows.append(old)
            elif (pair := next(coming, None)) is not None:
                rows.append(PairRow(True, *pair))
        rows.extend(PairRow(True, *pair) for pair in coming)
        self.set_rows(rows)

    def commit(self) -> None:
        """Take over what is being typed in a cell."""
        editor = self.indexWidget(self.currentIndex())
        if editor is not None and self.state() == QAbstractItemView.State.EditingState:
            self.commitData(editor)

    def remove_rows(self, numbers: Iterable[int]) -> None:
        """Remove rows by number; the empty last row stays."""
        gone = [number for number in numbers if number < self.rowCount() - 1]
        for number in sorted(set(gone), reverse=True):
            self.removeRow(number)
        if gone:
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace remove the chosen rows; Space ticks; Enter edits."""
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # the Enter that ended the typing comes by here as well
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_rows(index.row() for index in self.selectedIndexes())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.editItem(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _row(self, number: int) -> PairRow:
        name, value = self.item(number, NAME), self.item(number, VALUE)
        if name is None or value is None:  # while the row is being built
            return PairRow(True, "", "")
        on = name.data(Qt.ItemDataRole.CheckStateRole) is None or name.checkState() == Qt.CheckState.Checked
        return PairRow(on, name.text().strip(), value.text())

    def _append(self, row: PairRow) -> None:
        number = self.rowCount()
        self.insertRow(number)
        name = QTableWidgetItem(row.name)
        name.setFlags(name.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        if row.name or row.value:  # there is nothing to tick in the empty row
            name.setCheckState(Qt.CheckState.Checked if row.on else Qt.CheckState.Unchecked)
        remove = QTableWidgetItem()
        remove.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for column, item in ((NAME, name), (VALUE, QTableWidgetItem(row.value)), (REMOVE, remove)):
            item.setFont(theme().mono())
            self.setItem(number, column, item)
        self._show_remove(number)

    def _show_remove(self, number: int) -> None:
        """Every row but the empty last one can be removed."""
        item = self.item(number, REMOVE)
        row = self._row(number)
        if item is not None and (row.name or row.value):
            item.setIcon(icon("close", "muted"))
            item.setToolTip("Remove this row")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Remove {row.name}")

    def _item_changed(self, item: QTableWidgetItem) -> None:
        if item.column() == REMOVE or self.item(item.row(), VALUE) is None:
            return
        self.blockSignals(True)
        self._show_remove(item.row())
        name = self.item(item.row(), NAME)
        if name is not None and name.data(Qt.ItemDataRole.CheckStateRole) is None:
            name.setCheckState(Qt.CheckState.Checked)
        last = self._row(self.rowCount() - 1)
        if last.name or last.value:
            self._append(PairRow(True, "", ""))
        self.blockSignals(False)
        self.changed.emit()

    def _cell_clicked(self, row: int, column: int) -> None:
        if column == REMOVE:
            self.remove_rows([row])

    def _follow_theme(self) -> None:
        keeper = theme()
        self.verticalHeader().setDefaultSectionSize(keeper.px(28))
        self.setColumnWidth(NAME, keeper.px(150))
        self.setColumnWidth(REMOVE, keeper.px(30))
        self.set_rows(self.rows())


class _PairDelegate(QStyledItemDelegate):
    """Edits cells in a plain line edit, with names suggested; draws the line under each row."""

    def __init__(self, table: PairsTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFont(theme().mono())
        editor.setProperty("role", "cell")
        editor.setAccessibleName("Name" if index.column() == NAME else "Value")
        if index.column() == NAME and self._table.suggestions:
            completer = QCompleter(list(self._table.suggestions), editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            editor.setCompleter(completer)
        return editor
