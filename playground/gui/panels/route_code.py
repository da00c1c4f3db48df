"""The lower half of a route's page: the code of its view, written into its file as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from playground.core.changes import Change
from playground.core.merging import merge_both, merge_text
from playground.core.problems import Problem
from playground.core.routes import Region, Route
from playground.gui.late_writer import LateWriter
from playground.gui.panels.problem_marks import between, marks_of
from playground.gui.panels.route_places import rebased
from playground.gui.panels.route_question import RouteQuestion, put_back
from playground.gui.theme import mark
from playground.gui.widgets.code_editor import CodeEditor, Mark
from playground.gui.workspace import Workspace

CODE = "code"
"""The place to type in that this half is, for the writer and the question."""


class RouteCode(QWidget):
    """The editor, and above it where the code is written.

    ``region`` is the piece of the file that the editor stands for, ``shown`` what it holds but for what was
    typed since. ``typed_away`` while that is no route any more. ``refused`` with the problem and the region
    that was to be written.
    """

    refused = Signal(object, object)
    duplicated = Signal()
    deleted = Signal()

    def __init__(
        self, workspace: Workspace, late: LateWriter, question: RouteQuestion, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._workspace, self._late, self._question = workspace, late, question
        self.region: Region | None = None
        self.shown = ""
        self.typed_away = False
        self.editor = CodeEditor(grow=True, max_lines=400)
        self.editor.set_language("python")
        self.editor.setObjectName("route.code")
        self.editor.setAccessibleName("Code of the view")
        mark(self.editor, surface="sunken")
        mark(self, surface="sunken", edge="top")
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        self._deeds: list[QPushButton] = []
        self._note = QLabel()
        self._note.setProperty("role", "muted")
        self._note.setObjectName("route.code.note")
        self._note.setWordWrap(True)
        head.addWidget(self._note, 1)
        for text, name, signal in (
            ("Duplicate", "route.duplicate", self.duplicated),
            ("Delete", "route.delete", self.deleted),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.setAccessibleName(f"{text} this route")
            button.setProperty("flat", True)
            button.clicked.connect(signal)
            head.addWidget(button)
            self._deeds.append(button)
        column.addLayout(head)
        column.addWidget(self.editor)

    # What is shown ----------------------------------------------------------------------------

    def show_route(self, route: Route, before: Route | None) -> None:
        """Show a route as it was just read, leaving alone what is typed; ``before`` is how it was shown."""
        region = route.region
        if region is not None and (self.editor.hasFocus() or self._late.holds(CODE)):
            region = rebased(region, self.region, before.region if before else None)
        self.region, self.typed_away = region, False
        self.setVisible(region is not None)
        if not self._late.holds(CODE) and region is not None:
            self._show_text(route, region)
        self.show_findings(route)

    def show_findings(self, route: Route) -> None:
        """Mark what the source shows to be wrong in the lines of this route."""
        found = self._workspace.snapshot.findings
        self.editor.set_marks(marks_of(between(found, route.file, route.line, route.end_line)))

    def _show_text(self, route: Route, region: Region) -> None:
        above = region.text.partition(route.region.text)[0] if route.region else ""
        self.editor.set_first_line(max(1, route.line - above.count("\n")))
        if self.editor.text() != region.text:
            self.editor.set_text(region.text)
        self.shown = region.text
        self._question.drop(CODE)

    def say_where(self, route: Route, *, alone: bool = False) -> None:
        """Say where it is written; ``alone`` where nothing but the code is shown of the route."""
        for deed in self._deeds:
            deed.setVisible(not alone)
        # The line sets it apart from what stands above; where it is alone, that is the window's own edge.
        mark(self, edge="none" if alone and route.editable else "top")
        why = " · edit here or above, both stay in step" if route.editable and not alone else ""
        self.say(f"{route.file} · {lines_of(route)}{why}", "muted")

    def say(self, words: str, role: str) -> None:
        """Say something above the code."""
        self._note.setText(words)
        mark(self._note, role=role)

    def show_broken(self, problems: Sequence[Problem], *, serving: bool) -> None:
        """Mark the first thing that keeps the file from being read; ``serving``: an older version runs."""
        if not problems or problems[0].place is None:
            return
        problem, place = problems[0], problems[0].place
        if place.line is not None:
            self.editor.set_marks((Mark(place.line, place.column, problem.sentence),))
        still = " The last version that worked is still served." if serving else f" {problem.hint}"
        self.say(f"⚠ {place}: {problem.sentence}{still.rstrip()}", "error")

    # What is written --------------------------------------------------------------------------

    def write(self) -> None:
        """Write what is typed, merged with what another program made of it; ask where both say different."""
        region, text = self.region, self.editor.text()
        if region is not None and region.text != self.shown:
            merged = merge_text(self.shown, text, region.text)
            if merged is None:
                self._question.ask_code(text, region.text)
                return
            text, self.shown = merged, region.text
            self.editor.set_text(merged, keep_undo=True)
        self._question.drop(CODE)
        if region is None or region.text == text:
            self._late.forget(CODE)
            return
        session = self._workspace.session
        self._late.begun(CODE)
        self._workspace.project(
            lambda: session.write_region(region, text),
            self._written,
            lambda why: self.refused.emit(why, region),
        )

    def _written(self, result: tuple[Change, Region]) -> None:
        self.region = result[1]
        self.shown = result[1].text
        self.typed_away = True  # until it is read as a route again
        self._late.written()

    def narrow(self, about: object, route: Route | None) -> None:
        """What was refused for a region is tried again with just the view, where that is known."""
        narrow = route.region if route is not None else None
        if isinstance(about, Region) and about == self.region and narrow not in (None, about):
            self.region = narrow

    # Changed here and elsewhere ---------------------------------------------------------------

    def take(self, theirs: str) -> None:
        """The text of the file; what was typed is one step back in the editor's own history."""
        self._late.forget(CODE)
        self.editor.set_text(theirs, keep_undo=True)

    def take_both(self, theirs: str) -> None:
        """One text below the other."""
        self.editor.set_text(merge_both(self.shown, self.editor.text(), theirs), keep_undo=True)

    def put_back(self, refused: Callable[[Problem], None]) -> None:
        """Write the code of a route that is gone at the end of its file."""
        region, code = self.region, self.editor.text()
        if region is None:
            return
        session = self._workspace.session
        self._late.forget(CODE)
        self._late.begun(CODE)
        self._workspace.project(
            lambda: put_back(session, region, code), lambda _: self._late.written(), refused
        )


def lines_of(route: Route) -> str:
    """The lines that a route takes up in its file, in words."""
    if route.end_line <= route.line:
        return f"line {route.line}"
    return f"lines {route.line}–{route.end_line}"
