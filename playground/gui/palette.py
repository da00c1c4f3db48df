"""Find anything (Ctrl+K): one field over the window that filters routes, templates, files and actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.routes import METHODS
from playground.gui import fuzzy
from playground.gui.theme import mark, method_colours, theme

_SHOWN = 200
_ROWS = 9
_Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """One thing to find: ``badge`` is a method or a word for its kind, ``run`` opens or does it."""

    title: str
    detail: str
    badge: str
    run: Callable[[], object]


class FindAnything(QFrame):
    """The field and its list, floating at the top of a window; Enter runs what is chosen, Escape closes."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._entries: Sequence[Entry] = ()
        self._came_from: QWidget | None = None
        self.setObjectName("find")
        mark(self, surface="panel", floating=True)
        self._field = QLineEdit(self)
        self._field.setObjectName("find.input")
        self._model = _Found(self)
        self._list = QListView(self)
        self._list.setObjectName("find.list")
        self._list.setAccessibleName("What was found")
        self._list.setModel(self._model)
        self._list.setItemDelegate(_EntryDelegate(self))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._nothing = QLabel("Nothing is called that. Try fewer letters.", self)
        mark(self._nothing, role="muted")
        self._box = QVBoxLayout(self)
        for part in (self._field, self._list, self._nothing):
            self._box.addWidget(part)
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        window.installEventFilter(self)
        self._list.clicked.connect(self._run_index)
        self.hide()

    def open(self, entries: Sequence[Entry], question: str = "") -> None:
        """Show these entries with an empty field; ``question`` says what they are."""
        focused = self._window.focusWidget()
        self._came_from = focused if focused is not self._field else self._came_from
        self._entries = entries
        self._field.setAccessibleName(question or "Find anything")
        self._field.setPlaceholderText(question or "Find a route, a template, a file or an action")
        self._field.clear()
        self._filter("")
        self._place()
        self.show()
        self.raise_()
        self._field.setFocus()

    def dismiss(self) -> None:
        """Close, and give the keyboard back to where it was."""
        back, self._came_from = self._came_from, None
        self.hide()
        if back is not None:
            back.setFocus()

    def found(self) -> tuple[Entry, ...]:
        """What the list shows now, best first."""
        return tuple(self._model.entries)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys in the field, the field losing the keyboard, and the window's size."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        elif watched is self._field and isinstance(event, QFocusEvent) and event.lostFocus():
            self._left_alone(event.reason())
        return super().eventFilter(watched, event)

    def _left_alone(self, reason: Qt.FocusReason) -> None:
        """The keyboard went elsewhere: close, unless it was to another window."""
        if reason != Qt.FocusReason.ActiveWindowFocusReason:
            self._came_from = None
            self.hide()

    def _key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _ROWS - 1,
            Qt.Key.Key_PageUp: 1 - _ROWS,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run_index(self._list.currentIndex())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        """Choose another row; single steps go round the end."""
        count = len(self._model.entries)
        if count:
            row = self._list.currentIndex().row() + step
            row = row % count if abs(step) == 1 else max(0, min(row, count - 1))
            self._list.setCurrentIndex(self._model.index(row))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._model.show_entries(fuzzy.best(text, self._entries, _searched, _SHOWN))
        self._list.setCurrentIndex(self._model.index(0))
        self._list.setVisible(bool(self._model.entries))
        self._nothing.setHidden(bool(self._model.entries))
        self._place()

    @Slot(QModelIndex)
    def _run_index(self, index: QModelIndex) -> None:
        entry = index.data(_ENTRY)
        if isinstance(entry, Entry):
            self.dismiss()
            entry.run()

    def _place(self) -> None:
        px = theme().px
        self._box.setContentsMargins(px(8), px(8), px(8), px(8))
        self._box.setSpacing(px(6))
        width = min(px(560), self._window.width() - px(24))
        rows = min(_ROWS, len(self._model.entries))
        self._list.setFixedHeight(rows * _row_height() + px(4))
        self.setFixedWidth(max(width, px(200)))
        self.adjustSize()
        self.move((self._window.width() - self.width()) // 2, px(52))


def _searched(entry: Entry) -> str:
    return f"{entry.title} {entry.badge} {entry.detail}"


def _row_height() -> int:
    return theme().px(30)


class _Found(QAbstractListModel):
    """The entries that fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show_entries(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (entry.badge, entry.title, entry.detail) if part)
        return entry if role == _ENTRY else None


class _EntryDelegate(QStyledItemDelegate):
    """Draws badge, title and detail in one line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(theme().px(200), _row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: Entry = index.data(_ENTRY)
        area: QRect = option.rect
        keeper, px = theme(), theme().px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = index.row() == self._current_row()
        if current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(keeper.colour("accent_tint"))
            painter.drawRoundedRect(area, px(4), px(4))
        area = area.adjusted(px(8), 0, -px(8), 0)
        area.setLeft(self._paint_badge(painter, area, entry.badge) + px(10))
        title_font = keeper.mono() if entry.title.startswith("/") else keeper.ui(bold=current)
        area.setLeft(_paint_words(painter, area, entry.title, title_font) + px(10))
        _paint_words(painter, area, entry.detail, keeper.ui(12), token="muted", right=True)
        painter.restore()

    def _current_row(self) -> int:
        finder = self.parent()
        return finder._list.currentIndex().row() if isinstance(finder, FindAnything) else -1

    def _paint_badge(self, painter: QPainter, area: QRect, badge: str) -> int:
        """Where the badge ends; all badges are as wide as the widest usual one, so that titles line up."""
        px = theme().px
        place = QRect(area.left(), area.center().y() - px(8), px(64), px(17))
        if badge in METHODS:
            ink, ground = method_colours(badge)
            font = theme().mono(10)
            font.setBold(True)
        else:
            ink, ground, font = theme().colour("muted"), theme().colour("sunken"), theme().ui(11)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, px(3), px(3))
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, badge)
        return place.right()


def _paint_words(
    painter: QPainter, area: QRect, words: str, font: QFont, *, token: str = "text", right: bool = False
) -> int:
    """Draw one line, shortened where it does not fit; where it ends."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, area.width()))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(theme().colour(token))
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return area.left() + metrics.horizontalAdvance(shown)
