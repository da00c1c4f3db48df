"""The list that comes up under the cursor of an editor, with what can stand there.

It never has the keyboard: it watches the editor's keys and takes those that are its own only while it is
shown. What can be completed is a pure function of text and cursor, which is asked as one types.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from playground.core.completing import Candidate, Completion
from playground.gui.theme import mark, theme
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.highlight import to_utf16, utf16_offsets

Find = Callable[[str, int, bool], Completion | None]
"""What can stand at a cursor of a text; the last says whether the person asked for it."""

SHOWN = 8
"""Rows in view at once."""
WIDEST = 460
_PAD, _ROW = 8, 24
_CANDIDATE = Qt.ItemDataRole.UserRole
_TAKE = frozenset((Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab))
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -SHOWN,
    Qt.Key.Key_PageDown: SHOWN,
}
_OPENS = frozenset("._|'\"")


class CompletionList(QListWidget):
    """The candidates; for the mouse and for those who hear them."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("What can stand here")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setItemDelegate(_Row(self))
        mark(self, floating=True)
        self.hide()

    def show_candidates(self, candidates: tuple[Candidate, ...]) -> None:
        """Have these, the first one chosen."""
        self.clear()
        for one in candidates:
            item = QListWidgetItem(f"{one.name}  {_beside(one)}".rstrip())
            item.setData(_CANDIDATE, one)
            self.addItem(item)
        self.setCurrentRow(0)
        self.scrollToTop()

    @property
    def chosen(self) -> Candidate | None:
        """The one that Enter takes."""
        item = self.currentItem()
        return cast(Candidate, item.data(_CANDIDATE)) if item is not None else None

    def step(self, by: int) -> None:
        """Choose another one; past an end the one at the other end, by pages the one at the end."""
        last = self.count() - 1
        to = self.currentRow() + by
        if abs(by) == 1:
            to %= last + 1
        self.setCurrentRow(max(0, min(to, last)))

    def natural_size(self) -> QSize:
        """As wide as the widest of the first rows needs, as high as the rows in view."""
        metrics = QFontMetricsF(theme().mono())
        texts = [self.item(row).text() for row in range(min(self.count(), 40))]
        wide = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        bar = theme().px(12) if self.count() > SHOWN else 0
        high = min(self.count(), SHOWN) * theme().px(_ROW) + 2 * self.frameWidth() + 2
        return QSize(min(round(wide) + theme().px(2 * _PAD + 16) + bar, theme().px(WIDEST)), high)


class Completer(QObject):
    """Completes in one editor. ``over`` is the widget that the list lies on, in whose bounds it stays."""

    def __init__(self, editor: CodeEditor, over: QWidget, find: Find, name: str) -> None:
        super().__init__(editor)
        self._editor, self._find = editor, find
        self.list = CompletionList(over, name)
        self._completion: Completion | None = None
        self._typed = False  # the key that is just being taken in may bring the list up
        self._taking = False
        editor.installEventFilter(self)
        editor.viewport().installEventFilter(self)
        editor.edited.connect(self._edited)
        editor.verticalScrollBar().valueChanged.connect(self._stay)
        editor.horizontalScrollBar().valueChanged.connect(self._stay)
        self.list.itemClicked.connect(self._clicked)
        theme().changed.connect(self.close)

    @property
    def open(self) -> bool:
        """Whether the list is shown."""
        return not self.list.isHidden()

    @Slot()
    def close(self) -> None:
        """Take the list away."""
        self._completion = None
        self.list.hide()

    def ask(self) -> None:
        """Show what can stand at the cursor, as Ctrl+Space does."""
        self._ask(asked=True)

    # Keys -------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()
            return True
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._pressed(event)
        if kind in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress) and self.open:
            self.close()
        elif kind == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._stay)  # once the text has its new room
        return super().eventFilter(watched, event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        """Whether the key is for the list."""
        if _asks(event):
            return not self._editor.isReadOnly()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        key = event.key()
        return self.open and plain and (key in _TAKE or key in _STEPS or key == Qt.Key.Key_Escape)

    def _pressed(self, event: QKeyEvent) -> bool:
        """Do what the key means to the list; False leaves it to the editor."""
        if not self._is_mine(event):
            self._typed = _opens(event)
            if self.open and event.key() in (
                Qt.Key.Key_Left,
                Qt.Key.Key_Right,
                Qt.Key.Key_Home,
                Qt.Key.Key_End,
            ):
                self.close()
            return False
        key = Qt.Key(event.key())
        if _asks(event):
            self._ask(asked=True)
        elif key in _STEPS:
            self.list.step(_STEPS[key])
        elif key == Qt.Key.Key_Escape:
            self.close()
        else:
            return self._take()
        return True

    @Slot()
    def _edited(self) -> None:
        """The text is another one: what fits now?"""
        if self._taking:
            return
        if self._typed or self.open:
            self._ask(asked=False)
        self._typed = False

    @Slot(QListWidgetItem)
    def _clicked(self, _: QListWidgetItem) -> None:
        self._take()

    # The list ---------------------------------------------------------------------------------

    def _ask(self, *, asked: bool) -> None:
        editor = self._editor
        text, cursor = editor.text(), editor.textCursor()
        if cursor.hasSelection() or not editor.hasFocus():
            self.close()
            return
        wide = utf16_offsets(text)
        self._completion = self._find(text, _from_utf16(cursor.position(), wide), asked)
        if self._completion is None:
            self.close()
            return
        self.list.show_candidates(self._completion.candidates)
        self._place(to_utf16(self._completion.start, wide))
        self.list.show()
        self.list.raise_()

    @Slot()
    def _stay(self) -> None:
        """Go along with the text that moved; away where the word is out of sight."""
        if self._completion is None or not self.open:
            return
        if self._editor.viewport().rect().intersects(self._editor.cursorRect()):
            self._place(to_utf16(self._completion.start, utf16_offsets(self._editor.text())))
        else:
            self.close()

    def _place(self, start: int) -> None:
        """Under the word that is completed, or above it where there is no room."""
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(start)
        over = cast(QWidget, self.list.parent())
        line = self._editor.cursorRect(cursor)
        corner = self._editor.viewport().mapTo(over, line.topLeft())
        size = self.list.natural_size()
        width = min(size.width(), over.width())
        below, above = over.height() - corner.y() - line.height(), corner.y()
        height = min(size.height(), max(below, above))
        y = corner.y() + line.height() if height <= below else corner.y() - height
        x = max(0, min(corner.x() - theme().px(_PAD), over.width() - width))
        self.list.setGeometry(QRect(QPoint(x, y), QSize(width, height)))

    def _take(self) -> bool:
        """Write what is chosen, as one step to undo; False where it is there already."""
        chosen, completion = self.list.chosen, self._completion
        self.close()
        if chosen is None or completion is None:
            return False
        text = self._editor.text()
        if text[completion.start : completion.end] == chosen.text:
            return False
        wide = utf16_offsets(text)
        cursor = self._editor.textCursor()
        self._taking = True
        cursor.beginEditBlock()
        cursor.setPosition(to_utf16(completion.start, wide))
        cursor.setPosition(to_utf16(completion.end, wide), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(chosen.text)
        cursor.endEditBlock()
        self._editor.setTextCursor(cursor)
        self._taking = False
        return True


def _asks(event: QKeyEvent) -> bool:
    """Ctrl+Space."""
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return control and event.key() == Qt.Key.Key_Space


def _opens(event: QKeyEvent) -> bool:
    """Whether a key writes something that may begin what can be completed."""
    text = event.text()
    return len(text) == 1 and (text.isalnum() or text in _OPENS)


def _from_utf16(position: int, wide: list[int] | None) -> int:
    """A place as Qt counts it, in characters of Python."""
    if wide is None:
        return position
    return position - bisect_left([at + number for number, at in enumerate(wide)], position)


def _beside(one: Candidate) -> str:
    """What stands beside a name: what is known of it, else what it is."""
    return one.detail or one.kind


class _Row(QStyledItemDelegate):
    """A candidate: its name, then what is known of it in a quieter colour."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme().px(80), theme().px(_ROW))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        one = cast("Candidate | None", index.data(_CANDIDATE))
        if one is None:
            return
        owner = cast(QListWidget, self.parent())
        room = option.rect.adjusted(theme().px(_PAD), 0, -theme().px(_PAD), 0)
        is_chosen = index.row() == owner.currentRow()
        painter.save()
        painter.setFont(theme().mono())
        if is_chosen:
            painter.fillRect(option.rect, theme().colour("accent_tint"))
            painter.fillRect(
                QRect(option.rect.topLeft(), QSize(theme().px(2), option.rect.height())),
                theme().colour("accent"),
            )
        metrics = painter.fontMetrics()
        centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme().colour("text"))
        painter.drawText(
            room, centre, metrics.elidedText(one.name, Qt.TextElideMode.ElideRight, room.width())
        )
        room.setLeft(room.left() + metrics.horizontalAdvance(one.name) + theme().px(12))
        if room.width() > theme().px(20):
            painter.setPen(theme().colour("muted"))
            words = metrics.elidedText(_beside(one), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, centre, words)
        painter.restore()
