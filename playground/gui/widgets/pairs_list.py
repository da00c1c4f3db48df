"""Names and values to be read, however many: only the rows in sight cost anything."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from playground.core.exchanges import Pairs
from playground.gui.theme import theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
LONGEST_TIP = 2000
"""Characters of a value that its tool tip shows."""


class _Pairs(QAbstractTableModel):
    """The pairs for Qt."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pairs: Pairs = ()

    def show(self, pairs: Pairs) -> None:
        self.beginResetModel()
        self.pairs = pairs
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.pairs)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.pairs[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.pairs[index.row()][index.column()][:LONGEST_TIP]
        if role == Qt.ItemDataRole.FontRole:
            return theme().mono()
        return None


class PairsList(QTableView):
    """Two columns, as high as its rows, at most ``most`` of them: it lies on a page that scrolls."""

    def __init__(self, name: str, words: str, most: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._most = most
        self._model = _Pairs(self)
        self.setModel(self._model)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.hide()
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    @property
    def pairs(self) -> Pairs:
        """What is shown."""
        return self._model.pairs

    def show_pairs(self, pairs: Pairs) -> None:
        """Show these."""
        self._model.show(pairs)
        self._fit()

    def _fit(self) -> None:
        row = self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(row * min(len(self.pairs), self._most) + 2)

    @Slot()
    def _follow_theme(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().px(27))
        self.setColumnWidth(0, theme().px(150))
        self._fit()
