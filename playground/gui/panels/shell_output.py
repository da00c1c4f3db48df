"""What came out of the Shell: text that is added at its end, coloured by what it is, and bounded."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from playground.core.shell import Kind, Piece, legible
from playground.gui.theme import mark, theme

LINES = 5000
CHARACTERS = 400_000
"""Lines and characters that are kept."""
LONGEST = 10_000
"""Characters after which a line is broken: Qt lays out longer ones for seconds."""
FIRST, NEXT = ">>> ", "... "
SIGN = "⚠ "
_COLOURS = {Kind.ERROR: "error", Kind.NOTE: "muted", Kind.VALUE: "string"}
_LONG = re.compile(rf"([^\n]{{{LONGEST}}})(?=[^\n])")
_PLACE = re.compile(r'^\s*File "([^"]+)", line (\d+)')


class ShellOutput(QPlainTextEdit):
    """Read and copied, never typed into. ``place_wanted`` carries file and line of a traceback's line;
    ``stop_wanted`` when Ctrl+C is pressed and nothing is selected.
    """

    place_wanted = Signal(str, int)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shell.output")
        self.setAccessibleName("What came out of the Shell")
        mark(self, flat=True)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setMaximumBlockCount(LINES)
        self._kept: deque[Piece] = deque()
        self._size = 0
        self._last: Kind | None = None  # of what was written last
        self._owes = False  # the end of its line
        theme().changed.connect(self._restyle)
        self._restyle()

    # What is shown ----------------------------------------------------------------------------

    def add(self, pieces: Iterable[Piece]) -> None:
        """Show more; who looks at the end goes on looking at the end."""
        pieces = tuple(pieces)
        if not pieces:
            return
        was_at_end = self._is_at_end
        self._keep(pieces)
        self._write(pieces)
        if was_at_end:
            self.to_end()

    def clear(self) -> None:
        """Forget all of it."""
        self._kept.clear()
        self._size = 0
        self._empty()

    def _empty(self) -> None:
        self._last, self._owes = None, False
        super().clear()

    def to_end(self) -> None:
        """Look at what came last."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _keep(self, pieces: tuple[Piece, ...]) -> None:
        self._kept.extend(pieces)
        self._size += sum(len(piece.text) for piece in pieces)
        while self._size > CHARACTERS and len(self._kept) > 1:
            self._size -= len(self._kept.popleft().text)

    def _write(self, pieces: Iterable[Piece]) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for piece in pieces:
            is_printed = piece.kind is Kind.PRINTED
            if self._owes or (self._last is not None and not (is_printed and self._last is Kind.PRINTED)):
                cursor.insertText("\n")
            self._last, self._owes = piece.kind, False
            if is_printed:
                self._owes = piece.text.endswith("\n")
                cursor.insertText(_broken(piece.text.removesuffix("\n")), self._form("text"))
            else:
                self._write_piece(cursor, piece)
        cursor.endEditBlock()

    def _write_piece(self, cursor: QTextCursor, piece: Piece) -> None:
        if piece.kind is not Kind.SOURCE:
            sign = SIGN if piece.kind is Kind.ERROR else ""
            cursor.insertText(sign + _broken(piece.text), self._form(_COLOURS[piece.kind]))
            return
        for number, line in enumerate(piece.text.rstrip().split("\n")):
            if number:
                cursor.insertText("\n")
            cursor.insertText(NEXT if number else FIRST, self._form("accent"))
            cursor.insertText(_broken(line), self._form("text", bold=True))

    @staticmethod
    def _form(token: str, *, bold: bool = False) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(theme().colour(token))
        if bold:
            form.setFontWeight(600)
        return form

    @Slot()
    def _restyle(self) -> None:
        self.setFont(theme().mono())
        if self._kept:
            self._empty()
            self._write(self._kept)
            self.to_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Who looks at the end goes on looking at the end."""
        was_at_end = self._is_at_end
        super().resizeEvent(event)
        if was_at_end:
            self.to_end()

    @property
    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    # Keys and clicks --------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A line of a traceback goes to its place; elsewhere a word is selected."""
        if not self._go(self.cursorForPosition(event.position().toPoint())):
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the place of a traceback's line, Ctrl+C without a selection stops what runs."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._go(self.textCursor()):
            return
        if is_copy(event) and not self.textCursor().hasSelection():
            self.stop_wanted.emit()
            return
        super().keyPressEvent(event)

    def _go(self, cursor: QTextCursor) -> bool:
        found = _PLACE.match(cursor.block().text())
        if found is None:
            return False
        self.place_wanted.emit(found[1], int(found[2]))
        return True


def is_copy(event: QKeyEvent) -> bool:
    """Ctrl+C, also where the system has another key for copying."""
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return control and event.key() == Qt.Key.Key_C


def _broken(text: str) -> str:
    text = legible(text)
    return _LONG.sub(r"\1\n", text) if len(text) > LONGEST else text
