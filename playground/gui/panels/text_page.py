"""A file of the project in an editor: saved after a short pause, read again when another program writes."""

from __future__ import annotations

from pathlib import PurePosixPath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from playground.core.changes import Change, FileText
from playground.core.merging import merge_both, merge_text
from playground.core.problems import Problem
from playground.gui.late_writer import LateWriter
from playground.gui.panels.problem_marks import marks_of, words_of
from playground.gui.theme import mark
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.conflict_bar import ConflictBar
from playground.gui.widgets.lexing import language_of
from playground.gui.workspace import Workspace

PAUSE_MS = 200
TEXT = "text"
"""The one place of this page to type in."""
CHANGED = "This file was {} elsewhere while you were typing. Which one stays?"


class TextPage(QWidget):
    """One file. ``titled`` when the title changed, ``closing`` when the file is gone, ``typed`` when
    ``pending`` may have changed.
    """

    titled = Signal()
    typed = Signal()
    closing = Signal()

    def __init__(self, workspace: Workspace, file: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.file = file
        self._token: str | None = None
        self._base = ""  # the text that the token stands for: what was typed since is the difference
        self._their = FileText(file, "", "")  # what the question is about: the file as it was changed
        self._place: tuple[int, int] | None = None  # where to go once the text is there
        self._late = LateWriter(self._write, PAUSE_MS, self)
        self._late.changed.connect(self.titled)
        self._late.changed.connect(self.typed)
        self.editor = CodeEditor()
        self.editor.set_language(language_of(file))
        self.editor.setObjectName(name)
        self.editor.setAccessibleName(f"Text of {file}")
        self.editor.setProperty("flat", True)
        self.editor.setEnabled(False)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._conflict = ConflictBar()
        self._conflict.turned.connect(self.typed)
        self._conflict.mine.connect(self._keep_mine)
        self._conflict.theirs.connect(self._take_theirs)
        self._conflict.both.connect(self._keep_both)
        self.column.addWidget(self._conflict)
        self.column.addWidget(self.editor, 1)
        self.column.addWidget(self._note_line())
        self.setFocusProxy(self.editor)
        self.editor.edited.connect(lambda: self._late.typed(TEXT))
        workspace.changed.connect(self._follow)
        workspace.checked.connect(self.show_problems)
        self._read()

    @property
    def saved(self) -> bool:
        """Whether the disk has all that was typed."""
        return not self._late.holds(TEXT)

    @property
    def title(self) -> str:
        """What the tab says: the file's name, with a dot while something is not saved."""
        return PurePosixPath(self.file).name + ("" if self.saved else " ●")

    def go_to(self, line: int, column: int = 0) -> None:
        """Put the cursor there, as soon as the text has been read."""
        self._place = None if self._token is not None else (line, column)
        if self._token is not None:
            self.editor.go_to(line, column)

    def _note_line(self) -> QWidget:
        self._note = QLabel()
        self._note.setObjectName(f"{self.editor.objectName().split('.')[0]}.problem")
        self._note.setAccessibleName("What is wrong in this file")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(14, 6, 14, 6)
        mark(self._note, role="error")
        self._note.hide()
        return self._note

    # Reading ----------------------------------------------------------------------------------

    def _read(self) -> None:
        session, file = self._workspace.session, self.file
        self._workspace.project(lambda: session.read_text(file), self._show, self._unreadable)

    def _show(self, read: FileText) -> None:
        self.editor.setEnabled(True)
        text = read.text
        if not self.saved:
            if read.token == self._token:
                self._ask_no_more()
                return
            merged = merge_text(self._base, self.editor.text(), read.text)
            if merged is None:
                self._ask(CHANGED.format("changed"), read)
                return
            text = merged
            self._late.typed(TEXT)
        self._token, self._base = read.token, read.text
        self._conflict.hide()
        if self.editor.text() != text:
            self.editor.set_text(text, keep_undo=not self.saved)
        self.show_problems()
        if self._place is not None:
            self.go_to(*self._place)

    def _unreadable(self, problem: Problem) -> None:
        """It can't be read, or is gone: then the page closes, unless it holds what was typed just now."""
        project = self._workspace.snapshot.project
        there = project is not None and self.file in (
            *project.files,
            *project.broken,
            *(info.file for info in project.templates),
        )
        if there or self._token is None:
            self.editor.setEnabled(False)
            self._say(f"⚠ {problem.sentence} {problem.hint}")
        elif self.saved:
            self.closing.emit()
        else:
            self._ask(CHANGED.format("removed"), FileText(self.file, "", ""))

    def _follow(self, change: Change) -> None:
        """Something changed: the problems of this file, its text, or whether it is there at all."""
        project = self._workspace.snapshot.project
        if project is None:
            return
        if change.origin != "live" and self.file in change.files and not self._late.writing:
            self._read()
        self.show_problems()

    def show_problems(self) -> None:
        """Mark what is known to be wrong in this file at its line."""
        found = [
            p for p in self._workspace.snapshot.problems if p.place is not None and p.place.file == self.file
        ]
        self.editor.set_marks(marks_of(found))
        self._say(words_of(found), "warning" if found and all(one.warns for one in found) else "error")

    def _say(self, words: str, role: str = "error") -> None:
        mark(self._note, role=role)
        self._note.setText(words.strip())
        self._note.setVisible(bool(words.strip()))

    # Writing ----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Write what is typed now, without waiting for the pause."""
        self._late.flush()

    @property
    def pending(self) -> bool:
        """Whether something typed is still to be written."""
        return self._late.pending

    @property
    def stuck(self) -> bool:
        """Whether something typed can't be written, because of the disk."""
        return self._late.stuck

    @property
    def unwritten(self) -> bool:
        """Whether something typed is neither in the file nor on its way to it."""
        return self.asking or self.stuck or (self._late.waiting and not self.pending)

    def _write(self, place: str) -> None:
        if self.asking:
            self._read()  # and ask about what is there and typed by now
            return
        session, file, text, token = self._workspace.session, self.file, self.editor.text(), self._token
        self._late.begun(place)
        self._workspace.project(lambda: session.write_text(file, text, token), self._written, self._refused)

    def _written(self, result: tuple[Change, FileText]) -> None:
        self._token, self._base = result[1].token, result[1].text
        self._late.written()

    def _refused(self, problem: Problem) -> None:
        self._say(f"⚠ {problem.sentence} {problem.hint}")
        self._late.refused(problem)
        self._read()

    # Changed here and elsewhere ---------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether the person has yet to say which text stays; closing now would lose one of them."""
        return self._conflict.asking

    def _ask(self, words: str, their: FileText) -> None:
        self._their = their
        self._conflict.ask(words, self.editor.text(), their.text, both=bool(their.token))

    def _ask_no_more(self) -> None:
        """The file is again what it was before: what is typed can be written."""
        if self.asking:
            self._conflict.hide()
            self._late.go_on()

    def _keep_mine(self) -> None:
        """What is typed takes the place of what the question showed, and of nothing newer."""
        self._token, self._base = self._their.token or None, self._their.text
        self._late.typed(TEXT)
        self._late.flush()

    def _keep_both(self) -> None:
        both = merge_both(self._base, self.editor.text(), self._their.text)
        self.editor.set_text(both, keep_undo=True)
        self._keep_mine()

    def _take_theirs(self) -> None:
        """The file's text; what was typed is one step back in the editor's own history."""
        self._late.forget(TEXT)
        if self._their.token:
            self.editor.set_text(self._their.text, keep_undo=True)
        self._read()
