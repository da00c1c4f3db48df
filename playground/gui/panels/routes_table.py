"""The routes of the running app as ``flask routes`` lists them: a table to sort, to filter and to copy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.routes_table import Order, RouteRow, RoutesTable, fitting
from playground.gui.icons import set_icon
from playground.gui.theme import mark, method_colours, theme
from playground.gui.widgets.clearable_box import ClearableBox
from playground.gui.widgets.whole_rows import choose_whole_rows

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_TITLES = ("#", "Methods", "Rule", "Endpoint", "Domain", "Where")
NUMBER, METHODS, RULE, ENDPOINT, DOMAIN, WHERE = range(6)
_BY_COLUMN = {NUMBER: Order.MATCH, METHODS: Order.METHODS, RULE: Order.RULE, ENDPOINT: Order.ENDPOINT}
ORDERS = {
    Order.ENDPOINT: ("By endpoint", "As flask routes sorts them by itself"),
    Order.METHODS: ("By methods", "As flask routes --sort methods"),
    Order.RULE: ("By rule", "As flask routes --sort rule"),
    Order.MATCH: (
        "In match order",
        "The order in which Werkzeug tries rules where a path fits several: fixed text before parameters, "
        "int and float before other parameters, path last. (flask routes --sort match shows the order of the "
        "app's map, which is another one.)",
    ),
    Order.MAP: ("As in the map", "As flask routes --sort match: the order of the app's map"),
}
_MONO = (RULE, ENDPOINT, WHERE)
_LEAST = {NUMBER: 34}
_PAD = 20


class _Model(QAbstractTableModel):
    """The rows that are shown, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.table = RoutesTable()
        self.rows: tuple[RouteRow, ...] = ()

    def show(self, table: RoutesTable, rows: tuple[RouteRow, ...]) -> None:
        self.beginResetModel()
        self.table, self.rows = table, rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.table.domain_title if section == DOMAIN else _TITLES[section]
        if role == Qt.ItemDataRole.ToolTipRole and section in _BY_COLUMN:
            return ORDERS[_BY_COLUMN[section]][1]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return words(row, column)
        if role == Qt.ItemDataRole.FontRole and column in _MONO:
            return theme().mono()
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        return None

    @staticmethod
    def _colour(row: RouteRow, column: int) -> object:
        if column == METHODS and row.methods:
            return method_colours(row.methods[0])[0]
        return theme().colour("muted") if column in (NUMBER, WHERE) else None


def words(row: RouteRow, column: int) -> str:
    """What a column says of a row."""
    said = {
        NUMBER: str(row.in_match + 1),
        METHODS: row.methods_text,
        RULE: row.rule,
        ENDPOINT: row.endpoint,
        DOMAIN: row.domain,
        WHERE: row.source,
    }
    return said[column]


def _tip(row: RouteRow, column: int) -> str:
    if column == NUMBER:
        return f"Number {row.in_match + 1} of the rules that Werkzeug tries, where a path fits several"
    if column == WHERE and row.file:
        return f"{row.source}: Enter opens it"
    return words(row, column)


class _Table(QTableView):
    """The rows; ``opened`` carries the number of one."""

    opened = Signal(int)

    def __init__(self, model: _Model) -> None:
        super().__init__()
        self.setObjectName("routes_table.table")
        self.setAccessibleName("Routes of the running app")
        self.setModel(model)
        choose_whole_rows(self)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def fit(self, rows: Sequence[RouteRow]) -> None:
        """Each column as wide as what it says needs, the last one what is left."""
        self.verticalHeader().setDefaultSectionSize(theme().px(25))
        for column in range(WHERE):
            metrics = QFontMetricsF(theme().mono() if column in _MONO else self.font())
            texts = [words(row, column) for row in rows]
            longest = max(sorted(set(texts), key=len)[-20:], key=metrics.horizontalAdvance, default="")
            wide = round(metrics.horizontalAdvance(longest)) + theme().px(_PAD)
            self.setColumnWidth(column, max(theme().px(_LEAST.get(column, 70)), min(wide, theme().px(420))))


class RoutesPanel(QWidget):
    """The table with its controls. ``opened`` carries a ``RouteRow``, ``copied`` a text for the clipboard."""

    opened = Signal(object)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="panel")
        self._table = RoutesTable()
        self._why_not = ""
        self._model = _Model()
        self._model.setParent(self)
        self.view = _Table(self._model)
        self._build()
        self._filter.textChanged.connect(self._show)
        self._sort.currentIndexChanged.connect(self._show)
        self._copy.clicked.connect(lambda: self.copied.emit(self.text()))
        self.view.opened.connect(lambda row: self.opened.emit(self._model.rows[row]))
        self.view.horizontalHeader().sectionClicked.connect(self._sort_by_column)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _build(self) -> None:
        self._filter = ClearableBox("routes_table.filter", "Filter the routes", "Filter…")
        self._filter.setToolTip("Routes in which all of these words stand: rule, endpoint, method, file")
        self._sort = QComboBox()
        self._sort.setObjectName("routes_table.sort")
        self._sort.setAccessibleName("Sort the routes")
        for order, (title, tip) in ORDERS.items():
            self._sort.addItem(title, order)
            self._sort.setItemData(self._sort.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self._copy = QToolButton()
        self._copy.setObjectName("routes_table.copy")
        self._copy.setAccessibleName("Copy as flask routes prints them")
        self._copy.setToolTip("Copy what is listed as text, as flask routes prints it")
        set_icon(self._copy, "copy", "muted")
        self._count = QLabel()
        self._count.setObjectName("routes_table.count")
        self._count.setAccessibleName("How many routes are listed")
        mark(self._count, role="small")
        self._head = QHBoxLayout()
        for control in (self._filter, self._sort, self._copy, self._count):
            self._head.addWidget(control)
        self._head.addStretch()
        self._empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._empty.setObjectName("routes_table.empty")
        mark(self._empty, role="muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._stack, 1)

    # In ---------------------------------------------------------------------------------------

    def show_table(self, table: RoutesTable) -> None:
        """Show the routes of an app."""
        if table != self._table:
            self._table = table
            self.view.setColumnHidden(DOMAIN, not table.domain_title)
            self.view.fit(table.rows)
        self._show()

    def show_why_not(self, words: str) -> None:
        """No app is loaded, because of this; empty where one is."""
        if words != self._why_not:
            self._why_not = words
            self._show()

    def enter(self) -> None:
        """Go to the filter."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    # Out --------------------------------------------------------------------------------------

    @property
    def order(self) -> Order:
        """How they are sorted."""
        return Order(self._sort.currentData())

    def text(self) -> str:
        """What is listed, as ``flask routes`` prints it."""
        return self._table.text(self._model.rows)

    @Slot(int)
    def _sort_by_column(self, column: int) -> None:
        if column in _BY_COLUMN:
            self._sort.setCurrentIndex(list(ORDERS).index(_BY_COLUMN[column]))

    @Slot()
    def _show(self) -> None:
        rows = () if self._why_not else fitting(self._table.sorted(self.order), self._filter.text())
        self._model.show(self._table, rows)
        self._sort.setToolTip(ORDERS[self.order][1])
        total = 0 if self._why_not else len(self._table.rows)
        self._count.setText(f"{len(rows):,} of {total:,}" if len(rows) != total else f"{total:,}")
        self._copy.setEnabled(bool(rows))
        self._empty.setText(self._why_empty(total))
        self._stack.setCurrentIndex(1 if rows else 0)

    def _why_empty(self, total: int) -> str:
        what = "Here are the routes that the running app has, as flask routes lists them."
        if self._why_not:
            return f"{what}\n{self._why_not}"
        if total:
            return "No route has these words. Press Escape in the filter to see all."
        return f"{what}\nIt has none yet. Ctrl+N makes one."

    @Slot()
    def _restyle(self) -> None:
        px = theme().px
        self._head.setContentsMargins(px(8), px(4), px(8), px(4))
        self._head.setSpacing(px(6))
        self._filter.setFixedWidth(px(180))
        self._sort.setFixedWidth(px(150))
        self.view.fit(self._table.rows)
