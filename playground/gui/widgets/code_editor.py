"""The editor for code and templates: line numbers, colours, marks, search, and keys that a beginner expects.

A QPlainTextEdit, because its size does not matter to it. Lines are counted as the margin shows them, columns
from 0 in characters of Python.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QDynamicPropertyChangeEvent,
    QEvent,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from playground.gui.theme import mark, theme
from playground.gui.widgets import editing
from playground.gui.widgets.code_margin import LINE_GAP, Gutter, Line, install_layout
from playground.gui.widgets.highlight import MAX_HIGHLIGHTED, Highlighter, to_utf16, utf16_offsets
from playground.gui.widgets.search_bar import SearchBar, matches

_SHOWN_MATCHES = 1000
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something wrong at a line (as shown in the margin), and a column if it is known.

    ``warns`` where it runs all the same.
    """

    line: int
    column: int | None
    message: str
    warns: bool = False


class CodeEditor(QPlainTextEdit):
    """Edits one text. ``edited`` is emitted when the person changed it, never by ``set_text``.

    Without ``numbers`` it has no margin. With ``grow`` the height follows the text, up to ``max_lines``; a
    form can then hold it like a field.
    """

    edited = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        language: str = "text",
        grow: bool = False,
        max_lines: int = 24,
        numbers: bool = True,
    ) -> None:
        super().__init__(parent)
        self._numbers = numbers
        self._grow, self._max_lines = grow, max_lines
        self._first_line = 1
        self._marks: tuple[Mark, ...] = ()
        self._found: list[int] = []
        self._quiet = False
        self._known = ""  # the text as the last ``edited`` or ``set_text`` left it
        self._tab_leaves = False
        self._language = language
        self._layout = install_layout(self)
        self._highlighter = Highlighter(self.document(), language)
        self._gutter = Gutter(self, self._lines_in_view)
        self._search: SearchBar | None = None  # made when it is first opened: a page has several editors
        self._set_up()

    def _set_up(self) -> None:
        mark(self, flat=True)
        self._gutter.setVisible(self._numbers)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName("Code")
        self.textChanged.connect(self._changed)
        self.blockCountChanged.connect(self._lay_out)
        self.updateRequest.connect(self._gutter.follow)
        self.cursorPositionChanged.connect(self._decorate)
        self.horizontalScrollBar().rangeChanged.connect(self._fit)
        theme().changed.connect(self._restyle)
        self._restyle()

    # --- what the panels use

    def text(self) -> str:
        """The text, with ``\\n`` between lines; unlike ``toPlainText`` it keeps no-break spaces."""
        return self.document().toRawText().replace("\u2029", "\n")

    def set_text(self, text: str, keep_undo: bool = False) -> None:
        """Show a text without emitting ``edited``; only what differs is replaced, cursor and scroll stay.

        A text that is shown already changes nothing. With another one the undo history begins anew, so that
        Ctrl+Z never brings back the text of another file; ``keep_undo`` is for the same file changed
        elsewhere, and makes that change one step of the history.
        """
        if self._known == text:
            return
        scroll = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self._quiet = True
        try:
            self.document().setUndoRedoEnabled(keep_undo)
            self._highlighter.setDocument(None)
            editing.replace_difference(self, self._known, text)
            self._choose_highlighting(len(text))
        finally:
            self.document().setUndoRedoEnabled(True)
            self._known = self.text()
            self._quiet = False
        self.verticalScrollBar().setValue(scroll[0])
        self.horizontalScrollBar().setValue(scroll[1])
        self._after_change()

    def set_language(self, language: str) -> None:
        """Colour and indent as ``python``, ``jinja``, any language that Pygments knows, or ``text``."""
        self._language = language
        self._choose_highlighting(self.document().characterCount())

    def set_first_line(self, number: int) -> None:
        """The number that the margin shows for the first line."""
        if number != self._first_line:
            self._first_line = number
            self._lay_out()
            self._decorate()

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Underline what is wrong, sign its lines in the margin; the messages show as tool tips."""
        if marks != self._marks:
            self._marks = marks
            self._decorate()
            self._gutter.update()

    def set_read_only(self, read_only: bool) -> None:
        """Whether the text can only be read; it can still be selected, copied and searched."""
        self.setReadOnly(read_only)
        if read_only:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def go_to(self, line: int, column: int = 0) -> None:
        """Put the cursor there and scroll to it; beyond the end means at the end."""
        self.setTextCursor(self._cursor_at(line, column))
        self.centerCursor()
        self.setFocus()

    def cursor_place(self) -> tuple[int, int]:
        """Line as shown in the margin and column (from 0) of the cursor."""
        cursor = self.textCursor()
        return cursor.blockNumber() + self._first_line, cursor.positionInBlock()

    def find_text(self, text: str = "") -> None:
        """Open the search bar (Ctrl+F)."""
        if self._search is None:
            self._search = SearchBar(self)
            self._search.changed.connect(self._look_for)
            self._search.stepped.connect(self._step)
            self._search.closed.connect(self._search_closed)
        self._search.open_bar(text or self.textCursor().selectedText().split("\u2029")[0])

    # --- keys and events

    def event(self, event: QEvent) -> bool:
        """Tool tips of marks; and which keys belong to the editor before they belong to the window.

        One that becomes a field has another frame.
        """
        if isinstance(event, QDynamicPropertyChangeEvent) and event.propertyName() == b"field":
            self._fit()
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tip(event)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Find) or editing.is_comment_key(event):
                event.accept()
                return True
            if event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                event.ignore()  # X11 would take it for "delete to the end of the line"; ours finds anything
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys that differ from a plain text field."""
        leaves = self._tab_leaves
        if event.key() not in _MODIFIERS:  # Shift goes down before Shift+Tab
            self._tab_leaves = event.key() == Qt.Key.Key_Escape
        if event.key() == Qt.Key.Key_Escape and self._search and self._search.isVisible():
            self._search.close_bar()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_text()
        elif event.key() == Qt.Key.Key_F3 and self._found:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and (leaves or self.isReadOnly()):
            self._leave(forward=event.key() == Qt.Key.Key_Tab)
        elif self.isReadOnly() or not editing.handle_key(self, event, self._language):
            super().keyPressEvent(event)

    def _leave(self, forward: bool) -> None:
        """Give the keyboard to the next control, which an editable text does not do by itself."""
        self.setTabChangesFocus(True)
        self.focusNextPrevChild(forward)
        self.setTabChangesFocus(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """While all lines are in view, the page around a growing editor scrolls instead."""
        if self._grow and self.verticalScrollBar().maximum() == 0 and not event.angleDelta().x():
            event.ignore()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margin and the search bar in their places."""
        super().resizeEvent(event)
        self._place_gutter()
        if self._search is not None:
            self._search.place()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the current line."""
        super().focusInEvent(event)
        self._decorate()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no current line in an editor that does not have the keyboard."""
        super().focusOutEvent(event)
        self._decorate()

    def sizeHint(self) -> QSize:
        """Wide enough for code; the height is the layout's business unless the editor grows."""
        return QSize(theme().px(480), theme().px(240))

    # --- inside

    def line_height(self) -> float:
        """Pixels from one line to the next."""
        return self._layout.line_height(self.font())

    def gutter_width(self) -> int:
        """Pixels of the margin, for the largest number in it; hardly any where numbers are not wanted."""
        if not self._numbers:
            return theme().px(4)
        digits = len(str(self._first_line + self.blockCount() - 1))
        return round(QFontMetricsF(self.font()).horizontalAdvance("9") * max(2, digits)) + theme().px(24)

    def _lines_in_view(self, clip: QRect) -> list[Line]:
        """The lines that show within ``clip``, for the margin."""
        shown: list[Line] = []
        worst_last = sorted(self._marks, key=lambda found: not found.warns)
        marked = {found.line: found.warns for found in worst_last}
        current = self.textCursor().block() if self.hasFocus() else None
        block = self.firstVisibleBlock()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > clip.bottom():
                break
            number = self._number_of(block)
            shown.append(Line(number, area, number in marked, block == current, marked.get(number, False)))
            block = block.next()
        return shown

    def _number_of(self, block: QTextBlock) -> int:
        return block.blockNumber() + self._first_line

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the current line, then the text."""
        if self.hasFocus() and not self.isReadOnly():
            painter = QPainter(self.viewport())
            area = self.blockBoundingGeometry(self.textCursor().block()).translated(self.contentOffset())
            colour = theme().colour("hover")
            colour.setAlphaF(0.45)
            painter.fillRect(QRectF(0, area.top(), self.viewport().width(), area.height()), colour)
            painter.end()
        super().paintEvent(event)

    def _choose_highlighting(self, length: int) -> None:
        """Colours, unless the text is too long for them."""
        wanted = self._language if length <= MAX_HIGHLIGHTED else "text"
        self._highlighter.set_language(wanted)
        if self._highlighter.document() is not self.document():
            self._highlighter.attach(self.document())

    def _cursor_at(self, line: int, column: int) -> QTextCursor:
        number = max(0, min(line - self._first_line, self.blockCount() - 1))
        block = self.document().findBlockByNumber(number)
        text = block.text()
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + to_utf16(min(column, len(text)), utf16_offsets(text)))
        return cursor

    @Slot()
    def _changed(self) -> None:
        """Qt tells of new colours as well; only another text is an edit."""
        if self._quiet or (now := self.text()) == self._known:
            return
        self._known = now
        self._after_change()
        self.edited.emit()

    def _after_change(self) -> None:
        if self._looked_for:
            self._look_for(self._looked_for)
        else:
            self._decorate()

    @Slot()
    def _restyle(self) -> None:
        self.setFont(theme().mono())
        self.setTabStopDistance(QFontMetricsF(self.font()).horizontalAdvance(" ") * 4)
        self._layout.gap = theme().px(LINE_GAP)
        self._layout.documentSizeChanged.emit(self._layout.documentSize())
        self._lay_out()
        self._decorate()

    @Slot()
    def _lay_out(self) -> None:
        self.setViewportMargins(self.gutter_width(), theme().px(4), 0, 0)
        self._place_gutter()
        self._fit()

    def _place_gutter(self) -> None:
        area = self.contentsRect()
        self._gutter.setGeometry(area.left(), area.top(), self.gutter_width(), area.height())
        self._gutter.update()

    @Slot()
    def _fit(self) -> None:
        """The height of a growing editor."""
        if not self._grow:
            return
        lines = min(self.blockCount(), self._max_lines)
        all_shown = self.blockCount() <= self._max_lines
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if all_shown else policy.ScrollBarAsNeeded)
        bar = self.horizontalScrollBar()
        extra = bar.sizeHint().height() if bar.maximum() > 0 else 0
        frame = theme().px(16 if self.property("field") else 8)
        height = round(lines * self.line_height() + 2 * self.document().documentMargin()) + frame + extra
        if height != self.height():
            self.setFixedHeight(height)

    @Slot()
    def _decorate(self) -> None:
        """Marks and matches, as selections that are not the person's."""
        shown = [self._wave(found) for found in self._marks]
        wanted = len(self._looked_for)
        here = self.textCursor().selectionStart()
        for start in self._found[:_SHOWN_MATCHES]:
            shown.append(self._match(start, wanted, start == here))
        self.setExtraSelections(shown)
        self._gutter.update()
        self.viewport().update()

    def _wave(self, found: Mark) -> QTextEdit.ExtraSelection:
        cursor = self._cursor_at(found.line, found.column or 0)
        text = cursor.block().text()
        if found.column is None or cursor.atBlockEnd():
            cursor = self._cursor_at(found.line, len(text) - len(text.lstrip()))
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor)
            if not cursor.hasSelection():
                cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(theme().colour("put" if found.warns else "error"))
        return _selection(cursor, form)

    def _match(self, start: int, length: int, current: bool) -> QTextEdit.ExtraSelection:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        form = QTextCharFormat()
        form.setBackground(theme().colour("accent" if current else "parameter_tint"))
        if current:
            form.setForeground(theme().colour("on_accent"))
        return _selection(cursor, form)

    @Slot(str)
    def _look_for(self, wanted: str) -> None:
        text = self.text()
        wide = utf16_offsets(text)
        self._found = [to_utf16(at, wide) for at in matches(text, wanted)]
        self._tell_count()
        self._decorate()

    @Slot(int)
    def _step(self, direction: int) -> None:
        """Select the next match in that direction, round the end."""
        if not self._found:
            return
        here = self.textCursor().selectionStart()
        if direction > 0:
            start = next(
                (at for at in self._found if at > here or (at == here and not self._at_match())),
                self._found[0],
            )
        else:
            start = next((at for at in reversed(self._found) if at < here), self._found[-1])
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(start + len(self._looked_for), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._tell_count()

    def _at_match(self) -> bool:
        cursor = self.textCursor()
        return cursor.hasSelection() and cursor.selectionStart() in self._found

    def _tell_count(self) -> None:
        here = self.textCursor().selectionStart()
        current = self._found.index(here) + 1 if self._at_match() else 0
        if self._search is not None:
            self._search.show_count(current, len(self._found))

    @property
    def _looked_for(self) -> str:
        return self._search.text() if self._search is not None else ""

    @Slot()
    def _search_closed(self) -> None:
        self._found = []
        self._decorate()
        self.setFocus()

    def _tip(self, event: QHelpEvent) -> None:
        local = self.viewport().mapFrom(self, event.pos())
        line = self._number_of(self.cursorForPosition(QPoint(max(local.x(), 0), local.y())).block())
        messages = "\n".join(found.message for found in self._marks if found.line == line)
        if messages:
            QToolTip.showText(event.globalPos(), messages, self)
        else:
            QToolTip.hideText()


def _selection(cursor: QTextCursor, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    selection.cursor = cursor
    selection.format = form
    return selection
