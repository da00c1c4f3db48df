"""Where one types into the Shell: Enter runs what is finished, Up and Down go through what was run before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from playground.core.completing import Completion
from playground.core.shell import is_unfinished, without_prompts
from playground.core.shell_history import History
from playground.gui.panels.shell_output import is_copy
from playground.gui.widgets import editing
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.completion import Completer

Find = Callable[[str, int, bool], Completion | None]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
)


class ShellInput(CodeEditor):
    """An editor of a few lines. ``entered`` carries what is to be run; ``stop_wanted`` when Ctrl+C is
    pressed and nothing is selected.
    """

    entered = Signal(str)
    stop_wanted = Signal()

    def __init__(self, find: Find, over: QWidget, parent: QWidget | None = None) -> None:
        """``over`` is what the list of completions lies on."""
        super().__init__(parent, language="python", grow=True, max_lines=6, numbers=False)
        self.setObjectName("shell.input")
        self.setAccessibleName("Python to run inside the app")
        self.history = History()
        self._completer = Completer(self, over, find, "shell.completion")

    def show_text(self, text: str) -> None:
        """Have this text, with the cursor at its end."""
        self.set_text(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    # Keys -------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter and Ctrl+C are the Shell's while one types here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if (control and event.key() in _ENTER) or is_copy(event):
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, without the ground of the current line: a prompt stands before it."""
        QPlainTextEdit.paintEvent(self, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self._enter(event)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & _MODIFIERS:
            self._recall(event)
        elif event.key() == Qt.Key.Key_Tab and self._completes():
            self._completer.ask()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not self.text().strip():
            self._leave(forward=event.key() == Qt.Key.Key_Tab)
        elif is_copy(event) and not self.textCursor().hasSelection():
            self.stop_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent) -> None:
        """Run what is finished, or Ctrl says so; else a new line."""
        modifiers = event.modifiers() & _MODIFIERS
        runs = modifiers == Qt.KeyboardModifier.ControlModifier
        if not modifiers:
            behind = self.text()[self._place() :].strip()
            runs = not behind and not is_unfinished(self.text())
        if not runs:
            cursor = self.textCursor()
            editing.new_line(cursor, "python")
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        elif self.text().strip():
            self.entered.emit(self.text())

    def _place(self) -> int:
        """Where the cursor is, in characters of Python."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.textCursor().position(), QTextCursor.MoveMode.KeepAnchor)
        return len(cursor.selectedText())

    def _completes(self) -> bool:
        """Whether something stands before the cursor that could go on."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return bool(before.strip()) and not before[-1].isspace() and not cursor.hasSelection()

    def _recall(self, event: QKeyEvent) -> None:
        """From the first line up to what was run before, from the last line down again."""
        number = self.textCursor().blockNumber()
        up = event.key() == Qt.Key.Key_Up
        if number != (0 if up else self.blockCount() - 1):
            super().keyPressEvent(event)
            return
        found = self.history.older(self.text()) if up else self.history.newer(self.text())
        if found is not None:
            self.show_text(found)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste code; what was copied from a session comes without its prompts."""
        if not source.hasText():
            return
        text = without_prompts(source.text())
        whole = text.rstrip("\n")
        self.insertPlainText(text if is_unfinished(whole) else whole)
        self.ensureCursorVisible()
