"""The side bar: everything in the project, found by typing, opened by a click or Enter.

A pure view: it lists a ``ProjectState`` and says by signals what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.routes import Owner, Route
from playground.core.versions import Versions
from playground.gui.panels.side_bar_groups import Row, RowKind
from playground.gui.panels.side_bar_model import SideBarModel
from playground.gui.panels.side_bar_rows import ROW_HEIGHT
from playground.gui.panels.side_tree import FindBox, SideTree
from playground.gui.slices import Slices
from playground.gui.theme import mark, theme


class SideBar(QWidget):
    """Search box and tree. ``show_project`` lists a state; each signal names what was asked for."""

    route_opened = Signal(object)
    template_opened = Signal(str)
    file_opened = Signal(str)
    new_route = Signal()
    new_template = Signal()
    new_file = Signal()
    duplicate_route = Signal(object)
    delete_route = Signal(object)
    rename_template = Signal(str)
    rename_route = Signal(object)
    rename_blueprint = Signal(object)
    delete_template = Signal(str)
    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        mark(self, surface="panel")
        self._model = SideBarModel(self)
        self._shown: ProjectState | None = None
        self._collapsed: set[tuple[str, ...]] = set()
        self._selected: tuple[str, ...] = ()
        self._warming = Slices(iter(()), self)
        self.filter = FindBox(self)
        self.tree = SideTree(self._model, self)
        self._nothing = QLabel(self)
        self._nothing.setWordWrap(True)
        self._nothing.setObjectName("routes.nothing")
        mark(self._nothing, role="muted")
        self._nothing.hide()
        self._head = QVBoxLayout()
        self._head.addWidget(self.filter)
        self._head.addWidget(self._nothing)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.tree, 1)
        self._connect()
        self._restyle()

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.filter.find_requested.connect(self.find_requested)
        self.filter.leave_down.connect(self._into_tree)
        self.filter.returnPressed.connect(self._open_first)
        self.tree.clicked.connect(self._clicked)
        self.tree.key_wanted.connect(self._key)
        self.tree.menu_wanted.connect(self._menu)
        self.tree.expanded.connect(self._remember_fold)
        self.tree.collapsed.connect(self._remember_fold)
        self.tree.selectionModel().currentChanged.connect(self._remember_current)
        self.tree.buttons["routes"].clicked.connect(self.new_route)
        self.tree.buttons["templates"].clicked.connect(self.new_template)
        self.tree.buttons["files"].clicked.connect(self.new_file)
        theme().changed.connect(self._restyle)

    # In -------------------------------------------------------------------------------------------

    def show_project(self, state: ProjectState | None) -> None:
        """List this state; what was selected, folded and scrolled to stays so."""
        if state is not None and state is self._shown:
            return
        self._shown = state
        if self._model.take_over(state):
            self.tree.viewport().update()
        else:
            self._keep_view(lambda: self._model.show_project(state))
        self._warming.begin(self._model.warm())

    def show_versions(self, versions: Versions) -> None:
        """Mark the rows whose files differ from the last commit."""
        if versions != self._model.versions:
            self._model.versions = versions
            self.tree.viewport().update()

    def select_route(self, key: tuple[str, str] | None) -> None:
        """Mark the route with this key (endpoint, rule) as the one that is open; None marks none."""
        self._select(("route", *key) if key else ())

    def select_template(self, name: str) -> None:
        """Mark a template as the one that is open."""
        self._select(("template", name))

    def select_file(self, file: str) -> None:
        """Mark a file as the one that is open."""
        self._select(("file", file))

    def sizeHint(self) -> QSize:
        return QSize(theme().px(250), theme().px(500))

    def _select(self, key: tuple[str, ...]) -> None:
        self._selected = key
        index = self._model.index_of(key)
        if index.isValid():
            self.tree.setExpanded(index.parent(), True)
            self.tree.setCurrentIndex(index)
        else:
            self.tree.setCurrentIndex(QModelIndex())
            self._selected = key

    # The tree's state -----------------------------------------------------------------------------

    def _keep_view(self, reset: Callable[[], None]) -> None:
        """Run what resets the model, then put back folds, selection and scroll position."""
        bar = self.tree.verticalScrollBar()
        scrolled, focused = bar.value(), self.tree.hasFocus()
        reset()
        self.tree.setAutoScroll(False)
        for index in self._model.groups():
            row = self._model.row_at(index)
            folded = row is not None and row.key in self._collapsed and not self._model.filtered
            if not folded:
                self.tree.expand(index)
        index = self._model.index_of(self._selected)
        if index.isValid():
            self.tree.setCurrentIndex(index)
        self.tree.settle()
        self.tree.setAutoScroll(True)
        bar.setValue(scrolled)
        if focused:
            self.tree.setFocus()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._keep_view(lambda: self._model.filter(text))
        missed = self._model.filtered and not self._model.first_match().isValid()
        self._nothing.setVisible(missed)
        if missed:
            self._nothing.setText(f"Nothing here is called “{text.strip()}”. Ctrl+K looks further.")

    @Slot(QModelIndex)
    def _remember_fold(self, index: QModelIndex) -> None:
        row = self._model.row_at(index)
        if row is None or self._model.filtered:
            return
        if self.tree.isExpanded(index):
            self._collapsed.discard(row.key)
        else:
            self._collapsed.add(row.key)

    @Slot(QModelIndex, QModelIndex)
    def _remember_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self._model.row_at(current)
        if row is not None:
            self._selected = row.key

    # Out ------------------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        row = self._model.row_at(index)
        if row is not None:
            self._open(row)

    def _open(self, row: Row) -> None:
        if row.kind is RowKind.ROUTE:
            self.route_opened.emit(row.value)
        elif row.kind is RowKind.TEMPLATE:
            self.template_opened.emit(row.text)
        elif row.kind is RowKind.FILE:
            self.file_opened.emit(row.text)
        elif row.kind is RowKind.OWNER:
            index = self._model.index_of(row.key)
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    @Slot()
    def _open_first(self) -> None:
        index = self._model.first_match()
        row = self._model.row_at(index)
        if row is not None and self._model.filtered:
            self.tree.setCurrentIndex(index)
            self._open(row)

    @Slot()
    def _into_tree(self) -> None:
        if not self.tree.currentIndex().isValid():
            self.tree.setCurrentIndex(self._model.first_match())
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QModelIndex, int)
    def _key(self, index: QModelIndex, key: int) -> None:
        row = self._model.row_at(index)
        if row is None:
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(row)
        elif key == Qt.Key.Key_Delete:
            self._delete(row)
        elif key == Qt.Key.Key_F2:
            self._rename(row)
        elif key == Qt.Key.Key_D and row.kind is RowKind.ROUTE:
            self.duplicate_route.emit(row.value)

    def _rename(self, row: Row) -> None:
        if isinstance(row.value, Route):
            self.rename_route.emit(row.value)
        elif isinstance(row.value, TemplateInfo):
            self.rename_template.emit(row.value.name)
        elif _is_blueprint(row):
            self.rename_blueprint.emit(row.value)

    def _delete(self, row: Row) -> None:
        if isinstance(row.value, Route):
            self.delete_route.emit(row.value)
        elif isinstance(row.value, TemplateInfo):
            self.delete_template.emit(row.value.name)

    @Slot(QModelIndex, QPoint)
    def _menu(self, index: QModelIndex, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("sidebar.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self._model.row_at(index)
        if row is not None:
            self._fill_menu(menu, row)
        for title, signal in (
            ("New route", self.new_route),
            ("New template", self.new_template),
            ("New file", self.new_file),
        ):
            menu.addAction(title).triggered.connect(signal)
        menu.popup(place)

    def _fill_menu(self, menu: QMenu, row: Row) -> None:
        def offer(title: str, key: str, run: Callable[[], None]) -> None:
            action = QAction(title, menu)
            action.setShortcut(key)
            action.triggered.connect(run)
            menu.addAction(action)

        value = row.value
        if row.kind in (RowKind.ROUTE, RowKind.TEMPLATE, RowKind.FILE):
            offer("Open", "Return", lambda: self._open(row))
        if row.kind is RowKind.ROUTE:
            offer("Duplicate", "Ctrl+D", lambda: self.duplicate_route.emit(value))
        if row.kind in (RowKind.ROUTE, RowKind.TEMPLATE) or _is_blueprint(row):
            offer("Rename…", "F2", lambda: self._rename(row))
        if row.kind in (RowKind.ROUTE, RowKind.TEMPLATE):
            offer("Delete", "Del", lambda: self._delete(row))
        menu.addSeparator()

    def _restyle(self) -> None:
        px = theme().px
        self._column.setContentsMargins(0, px(10), 0, 0)
        self._column.setSpacing(px(5))
        self._head.setContentsMargins(px(12), 0, px(12), 0)
        self.setMinimumWidth(min(px(180), 320))
        self.tree.scheduleDelayedItemsLayout()
        self.tree.verticalScrollBar().setSingleStep(px(ROW_HEIGHT))
        self.tree.viewport().update()


def _is_blueprint(row: Row) -> bool:
    return isinstance(row.value, Owner) and row.value.kind == "blueprint"
