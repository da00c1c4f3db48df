"""The two parts of the side bar that hear keys: the box that filters, and the tree of rows.

They only translate what was pressed; ``side_bar`` decides what it means.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QToolButton, QTreeView, QWidget

from playground.gui.icons import pixmap, set_icon
from playground.gui.panels.side_bar_groups import RowKind
from playground.gui.panels.side_bar_model import SideBarModel
from playground.gui.panels.side_bar_rows import SideBarRows, section_rect
from playground.gui.theme import mark, theme

_FIND = QKeySequence("Ctrl+K")
_DUPLICATE = QKeySequence("Ctrl+D")
_NEW = {"routes": "New route", "templates": "New template", "files": "New file"}


class FindBox(QLineEdit):
    """The box at the top: filters while one types; Ctrl+K in it asks for the big search."""

    find_requested = Signal()
    leave_down = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("routes.filter")
        self.setAccessibleName("Find anything: filter routes, templates and files")
        self.setPlaceholderText("Find anything")
        self._glass = QLabel(self)
        self._hint = QLabel("Ctrl K", self)
        mark(self._hint, role="muted", mono=True)
        for label in (self._glass, self._hint):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._place)
        theme().changed.connect(self._restyle)
        self._restyle()

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+K before the window's shortcut does, so that it is answered once."""
        if event.type() == QEvent.Type.ShortcutOverride and _pressed(event, _FIND):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _pressed(event, _FIND):
            self.find_requested.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.leave_down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _restyle(self) -> None:
        px = theme().px
        self.setTextMargins(px(17), 0, 0, 0)
        self._glass.setPixmap(pixmap("search", "muted", px(14)))
        self._hint.setFont(theme().mono())
        self._place()

    def _place(self) -> None:
        """Put the glass at the left and the hint at the right, where there is room for it."""
        px = theme().px
        self._glass.adjustSize()
        self._hint.adjustSize()
        self._glass.move(px(10), (self.height() - self._glass.height()) // 2)
        self._hint.move(
            self.width() - self._hint.width() - px(10), (self.height() - self._hint.height()) // 2
        )
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._hint.setVisible(not self.text() and words + px(50) < self._hint.x() + px(10))


class SideTree(QTreeView):
    """The tree itself; the + buttons of the sections float at the right of their rows."""

    menu_wanted = Signal(QModelIndex, QPoint)
    key_wanted = Signal(QModelIndex, int)

    def __init__(self, model: SideBarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("routes.tree")
        self.setAccessibleName("Routes, templates and files")
        self.buttons: dict[str, QToolButton] = {}
        self._model = model
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(False)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setItemDelegate(SideBarRows(self))
        self.setModel(model)
        for name, title in _NEW.items():
            self.buttons[name] = self._make_button(name, title)
        self._place_buttons()

    def _make_button(self, name: str, title: str) -> QToolButton:
        button = QToolButton(self.viewport())
        button.setObjectName(f"{name}.new")
        button.setAccessibleName(title)
        button.setToolTip(f"{title} (Ctrl+N)" if name == "routes" else title)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        set_icon(button, "plus", "muted")
        return button

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._place_buttons()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._place_buttons()

    def _place_buttons(self) -> None:
        side = theme().px(22)
        for name, button in self.buttons.items():
            index = self._model.index_of(("section", name))
            row = self.visualRect(index) if index.isValid() else QRect()
            top = section_rect(row).center().y() - side // 2
            is_cut = top < self.viewport().height() < top + side  # it comes whole when one scrolls to it
            button.setVisible(not row.isEmpty() and not is_cut)
            button.setGeometry(self.viewport().width() - side - theme().px(7), top, side, side)
            button.setIconSize(QSize(theme().px(12), theme().px(12)))

    def event(self, event: QEvent) -> bool:
        """Take the keys that act on a row before the window's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = (Qt.Key.Key_F2, Qt.Key.Key_Delete)
            if event.key() in mine or _pressed(event, _DUPLICATE):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, key = self.currentIndex(), event.key()
        acts = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete)
        folds = (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if index.isValid() and (key in acts or _pressed(event, _DUPLICATE)):
            self.key_wanted.emit(index, key)
        elif index.isValid() and key in folds:
            self._fold(index, key == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _fold(self, index: QModelIndex, right: bool) -> None:
        """Right opens a group; Left closes it, or goes to the group of a row."""
        if self._is_group(index):
            self.setExpanded(index, right)
        elif not right and self._is_group(index.parent()):
            self.setCurrentIndex(index.parent())

    def _is_group(self, index: QModelIndex) -> bool:
        row = self._model.row_at(index)
        return row is not None and row.kind is RowKind.OWNER

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        place = event.globalPos()
        if not by_mouse:
            place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        self.menu_wanted.emit(index, place)

    def settle(self) -> None:
        """Lay the rows out now, so that scrolling can be restored."""
        self.executeDelayedItemsLayout()


def _pressed(event: QEvent, keys: QKeySequence) -> bool:
    return isinstance(event, QKeyEvent) and QKeySequence(event.keyCombination()) == keys
