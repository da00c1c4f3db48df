"""A route's page: its form above, the code of its view below, each in step with the other.

A change in the form of an existing route is written as soon as it is valid; what is typed in the code after a
short pause, even while it does not parse. A new route is written when *Add* is pressed.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from playground.core.bodies import body_of
from playground.core.changes import Change
from playground.core.problems import Problem, ProblemError
from playground.core.routes import Region, Route, RouteDraft
from playground.core.rules import Rule, RuleError
from playground.gui.panels.route_form import RouteForm
from playground.gui.theme import mark
from playground.gui.widgets.code_editor import CodeEditor, Mark
from playground.gui.workspace import Workspace

PAUSE_MS = 250


class RoutePage(QWidget):
    """One route, or a new one while ``key`` is None.

    ``titled`` when the page's title changed; ``shown`` with the route whenever it was read anew; ``closing``
    when the page has nothing to show any more; ``typed`` when ``pending`` may have changed;
    ``tried`` with the path that the values to try make.
    """

    titled = Signal()
    typed = Signal()
    shown = Signal(object)
    closing = Signal()
    tried = Signal(str)

    def __init__(self, workspace: Workspace, route: Route | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.route: Route | None = None
        self._region: Region | None = None
        self._writing = False
        self._dirty = ""  # "form" or "code": where the person typed last what is not written yet
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._write)
        self.form = RouteForm()
        self.code = CodeEditor(grow=True, max_lines=400)
        self.code.set_language("python")
        self.code.setObjectName("route.code")
        self.code.setAccessibleName("Code of the view")
        self._lay_out()
        self.form.tried.connect(self._try)
        self.form.edited.connect(lambda: self._typed("form"))
        self.code.edited.connect(lambda: self._typed("code"))
        workspace.changed.connect(self._follow)
        project = workspace.snapshot.project
        if project is not None:
            self.form.show_project(project)
        if route is None:
            self._begin_new()
        else:
            self._show(route)

    # Building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form)
        column.addWidget(self._add_row())
        column.addWidget(self._code_box())
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setFocusProxy(self.form.rule)

    def _add_row(self) -> QWidget:
        self._adding = QWidget()
        row = QHBoxLayout(self._adding)
        row.setContentsMargins(16, 0, 16, 14)
        self._where = QLabel()
        self._where.setProperty("role", "muted")
        self._where.setWordWrap(True)
        cancel = self._button("Cancel", "route.cancel", "Close without adding")
        cancel.clicked.connect(self.closing)
        self._add = self._button("Add", "route.add", "Add the route")
        self._add.setProperty("primary", True)
        self._add.clicked.connect(self._add_route)
        row.addWidget(self._where, 1)
        row.addWidget(cancel)
        row.addWidget(self._add)
        return self._adding

    def _code_box(self) -> QWidget:
        self._code_part = QWidget()
        mark(self._code_part, surface="sunken", edge="top")
        column = QVBoxLayout(self._code_part)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 12, 0)
        self._code_note = QLabel()
        self._code_note.setProperty("role", "muted")
        self._code_note.setObjectName("route.code.note")
        self._code_note.setWordWrap(True)
        duplicate = self._button("Duplicate", "route.duplicate", "Duplicate this route")
        duplicate.clicked.connect(self.duplicate)
        delete = self._button("Delete", "route.delete", "Delete this route")
        delete.clicked.connect(self.delete)
        for button in (duplicate, delete):
            button.setProperty("flat", True)
        head.addWidget(self._code_note, 1)
        head.addWidget(duplicate)
        head.addWidget(delete)
        column.addLayout(head)
        column.addWidget(self.code)
        return self._code_part

    @staticmethod
    def _button(text: str, name: str, words: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button

    # What is shown ----------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the tab says."""
        return self.route.full_rule if self.route is not None else "New route"

    def _begin_new(self) -> None:
        self._code_part.hide()
        project = self._workspace.snapshot.project
        owners = project.owners if project else ()
        owner = next((owner.name for owner in owners if owner.kind == "app"), "app")
        self.form.show_draft(RouteDraft("/", owner=owner))
        self.form.rule.setSelection(1, 0)
        self._where.setText("Add writes it to the source; you can undo it with Ctrl+Z.")

    def _show(self, route: Route) -> None:
        """Show a route as it was just read, leaving alone what the person is typing."""
        self.route, self._region = route, route.region
        self._adding.hide()
        self._code_part.show()
        self.form.answer.body = body_of(route.region.text) if route.region else ""
        if self._dirty != "form":
            self.form.show_draft(RouteDraft.of(route))
            self.form.set_editable(route.editable)
        if self._dirty != "code":
            self.code.set_first_line(route.line)
            if route.region is not None and self.code.text() != route.region.text:
                self.code.set_text(route.region.text)
        self.code.set_marks(())
        why = f" · {route.why_not}" if not route.editable else " · edit here or above, both stay in step"
        self._say(f"{route.file} · lines {route.line}–{route.end_line}{why}", "muted")
        self.titled.emit()
        self.shown.emit(route)

    def _say(self, words: str, role: str) -> None:
        self._code_note.setText(words)
        if self._code_note.property("role") != role:
            mark(self._code_note, role=role)

    def _follow(self, change: Change) -> None:
        """The project changed: read this route again, wherever the change came from."""
        project = self._workspace.snapshot.project
        if project is None:
            return
        self.form.show_project(project)
        if self.route is None or change.origin in ("live", "server"):
            return
        if self.route.file in project.broken:
            self._show_broken()
            return
        found = self._find(project.routes, change)
        if found is not None:
            self._show(found)
        elif not self._dirty:
            self.closing.emit()

    def _find(self, routes: tuple[Route, ...], change: Change) -> Route | None:
        """This route in a new reading: by its key, by where it stands, or as the change says."""
        assert self.route is not None
        same_key = [
            route for route in routes if route.key == self.route.key and route.file == self.route.file
        ]
        if same_key:
            return same_key[0]
        region = self._region
        same_place = [
            r
            for r in routes
            if region and r.region and r.file == region.file and r.region.start == region.start
        ]
        if same_place and change.origin != "undo":
            return same_place[0]
        same_name = [r for r in routes if r.function == self.route.function and r.file == self.route.file]
        return next(iter(same_name or same_place), None)

    def _show_broken(self) -> None:
        project = self._workspace.snapshot.project
        problems = project.problems if project else ()
        assert self.route is not None
        mine = [p for p in problems if p.place and p.place.file == self.route.file]
        self.form.set_editable(False)
        if mine:
            problem = mine[0]
            assert problem.place is not None
            if problem.place.line is not None:
                self.code.set_marks((Mark(problem.place.line, problem.place.column, problem.sentence),))
            self._say(
                f"⚠ {problem.place}: {problem.sentence} The last version that worked is still served.",
                "error",
            )

    # What is written --------------------------------------------------------------------------

    def _try(self) -> None:
        """The values to try, as the path that the request panel sends."""
        if self.route is None:
            return
        try:
            self.tried.emit(Rule.parse(self.route.full_rule).build(self.form.params.values()))
        except (RuleError, ValueError):
            return  # the table says at the value what is wrong with it

    def _typed(self, where: str) -> None:
        if self.route is None:
            self._check_new()
            return
        if self._dirty and self._dirty != where:
            self.flush()
        self._dirty = where
        self._pause.start()
        self.typed.emit()

    def flush(self) -> None:
        """Write what is typed now, without waiting for the pause."""
        if self._pause.isActive():
            self._pause.stop()
            self._write()

    @property
    def pending(self) -> bool:
        """Whether something typed is still to be written."""
        return self._writing or self._pause.isActive()

    def _write(self) -> None:
        if self._writing:
            self._pause.start()
            return
        if self._dirty == "code":
            self._write_code()
        elif self._dirty == "form":
            self._write_form()

    def _write_form(self) -> None:
        route = self.route
        if route is None:
            return
        try:
            draft = self.form.draft(named=True)
        except ProblemError as error:
            self.form.show_problem(error.problem)
            return
        self.form.clear_problems()
        if draft == RouteDraft.of(route):
            self._dirty = ""
            return
        session = self._workspace.session
        self._writing = True
        self._workspace.project(lambda: session.change_route(route, draft), self._form_written, self._refused)

    def _form_written(self, change: Change) -> None:
        self._written()
        if change.key is not None and self.route is not None:
            project = self._workspace.snapshot.project
            routes = project.routes if project else ()
            self.route = next((route for route in routes if route.key == change.key), self.route)

    def _write_code(self) -> None:
        region, text = self._region, self.code.text()
        if region is None or region.text == text:
            self._dirty = ""
            return
        session = self._workspace.session
        self._writing = True
        self._workspace.project(lambda: session.write_region(region, text), self._code_written, self._refused)

    def _code_written(self, result: tuple[Change, Region]) -> None:
        self._region = result[1]
        self._written()

    def _written(self) -> None:
        self._writing = False
        if not self._pause.isActive():
            self._dirty = ""
        self.typed.emit()

    def _refused(self, problem: Problem) -> None:
        self._writing = False
        if self._dirty == "code":
            self._say(f"⚠ {problem.sentence} {problem.hint}", "error")
        else:
            self.form.show_problem(problem)

    # New routes -------------------------------------------------------------------------------

    def _check_new(self) -> None:
        """Say what is wrong while one types, once there is something to judge."""
        try:
            self.form.draft()
        except ProblemError as error:
            if error.problem.field != "owner":
                self.form.show_problem(error.problem)
            return
        self.form.clear_problems()

    def _add_route(self) -> None:
        try:
            draft = self.form.draft()
        except ProblemError as error:
            self.form.show_problem(error.problem)
            return
        session = self._workspace.session
        self._add.setEnabled(False)
        self._workspace.project(lambda: session.add_route(draft), self._added, self._not_added)

    def _added(self, change: Change) -> None:
        self._add.setEnabled(True)
        project = self._workspace.snapshot.project
        routes = project.routes if project else ()
        added = next((route for route in routes if route.key == change.key), None)
        if added is not None:
            self._show(added)

    def _not_added(self, problem: Problem) -> None:
        self._add.setEnabled(True)
        self.form.show_problem(problem)

    # Actions ----------------------------------------------------------------------------------

    def duplicate(self) -> None:
        """Write a copy of the route."""
        route = self.route
        if route is not None:
            self._workspace.project(
                lambda: self._workspace.session.duplicate_route(route), None, self._refused
            )

    def delete(self) -> None:
        """Take the route out of the source; undo brings it back."""
        route = self.route
        if route is not None:
            self._pause.stop()
            self._dirty = ""
            self._workspace.project(lambda: self._workspace.session.remove_route(route), None, self._refused)
