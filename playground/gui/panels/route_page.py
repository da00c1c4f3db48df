"""A route's page: its form above, the code of its view below, each in step with the other.

A change in the form of an existing route is written as soon as it is valid; what is typed in the code after a
short pause, even while it does not parse. A new route is written when *Add* is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from playground.core.bodies import body_of
from playground.core.changes import Change, ProjectState
from playground.core.merging import clashing_fields, merge_both, merge_drafts, merge_text, taking
from playground.core.problems import Problem, ProblemError
from playground.core.routes import Region, Route, RouteDraft
from playground.core.rules import Rule, RuleError
from playground.gui.late_writer import LateWriter
from playground.gui.panels.route_form import RouteForm
from playground.gui.panels.route_note import RouteNote
from playground.gui.panels.route_places import Whereabouts, rebased
from playground.gui.panels.route_question import RouteQuestion, put_back
from playground.gui.theme import mark
from playground.gui.widgets.code_editor import CodeEditor, Mark
from playground.gui.workspace import Workspace

PAUSE_MS = 250


class RoutePage(QWidget):
    """One route, or a new one while ``route`` is None; ``begin`` says which.

    ``titled`` when the page's title changed; ``shown`` with the route whenever it was read anew; ``closing``
    when the page has nothing to show any more; ``typed`` when ``pending`` may have changed;
    ``tried`` with the path that the values to try make.
    """

    titled = Signal()
    typed = Signal()
    shown = Signal(object)
    closing = Signal()
    tried = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.route: Route | None = None
        self._region: Region | None = None
        self._shown_draft: RouteDraft | None = None  # what the form says, but for what was typed since
        self._known: RouteDraft | None = None  # what the source said when the form was last in step with it
        self._shown_code = ""  # what the code editor holds, but for what was typed since
        self._own = False  # the change that is announced next came from the fields of this form, as they are
        self._typed_away = False  # what was typed in the code is no route any more; the page stays open
        self._places = Whereabouts()
        self._late = LateWriter(self._write, PAUSE_MS, self)
        self._late.changed.connect(self.typed)
        # Each part is made inside of what holds it: Qt styles all of a part anew when it gets another parent.
        self._scroll = QScrollArea(self)
        self._body = QWidget(self._scroll.viewport())
        self.form = RouteForm(self._body)
        self.note = RouteNote(self._body)
        self.code = CodeEditor(grow=True, max_lines=400)
        self.code.set_language("python")
        self.code.setObjectName("route.code")
        self.code.setAccessibleName("Code of the view")
        mark(self.code, surface="sunken")
        self._lay_out()
        self.form.tried.connect(self._try)
        self.form.edited.connect(lambda: self._typed("form"))
        self.code.edited.connect(lambda: self._typed("code"))
        self._conflict.mine.connect(self._keep_mine)
        self._conflict.theirs.connect(self._take_theirs)
        self._conflict.both.connect(self._keep_both)

    def begin(self, route: Route | None) -> None:
        """Show a route, or an empty form for a new one, and follow the project from now on."""
        self._workspace.changed.connect(self._follow)
        project = self._workspace.snapshot.project
        if project is not None:
            self.form.show_project(project)
            self._places.remember(project.routes, route)
        if route is None:
            self._begin_new()
        else:
            self._show(route)

    # Building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.note)
        column.addWidget(self.form)
        column.addWidget(self._add_row())
        column.addWidget(self._code_box())
        column.addStretch(1)
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls take the focus and scroll into view
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._conflict = RouteQuestion(self)
        outer.addWidget(self._conflict)
        outer.addWidget(scroll, 1)
        self.setFocusProxy(self.form.rule)

    def _add_row(self) -> QWidget:
        self._adding = QWidget(self._body)
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
        self._code_part = QWidget(self._body)
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
        region = route.region
        if region is not None and (self.code.hasFocus() or self._late.holds("code")):
            region = rebased(region, self._region, self.route.region if self.route else None)
        self.route, self._region, self._typed_away = route, region, False
        self._adding.hide()
        self._code_part.setVisible(region is not None)
        self.form.answer.body = body_of(route.region.text) if route.region else ""
        if not self._late.holds("form"):
            self._show_form(route)
        self.form.set_editable(route.editable)
        if not self._late.holds("code") and region is not None:
            self._show_code(route, region)
        self.code.set_marks(())
        self._describe(route)

    def _describe(self, route: Route) -> None:
        """Say where it is written, and tell the others which route it is."""
        self.note.show_route(route)
        if not self.code.hasFocus():  # who types in it may make the form disappear, but not the code move
            self.form.setVisible(route.editable)
            self.setFocusProxy(self.form.rule if route.editable else self.code)
        why = " · edit here or above, both stay in step" if route.editable else ""
        self._say(f"{route.file} · lines {route.line}–{route.end_line}{why}", "muted")
        self.titled.emit()
        self.shown.emit(route)

    def _show_form(self, route: Route) -> None:
        """The route in the form; fields that led to just this route stay as they were typed."""
        if self._own:
            self.form.clear_problems()
        else:
            self.form.show_draft(RouteDraft.of(route))
            self._known = RouteDraft.of(route)
        self._conflict.drop("form")
        try:
            self._shown_draft = self.form.draft()
        except ProblemError:  # the route has something for which the form has no words
            self._shown_draft = None

    def _show_code(self, route: Route, region: Region) -> None:
        above = region.text.partition(route.region.text)[0] if route.region else ""
        self.code.set_first_line(max(1, route.line - above.count("\n")))
        if self.code.text() != region.text:
            self.code.set_text(region.text)
        self._shown_code = region.text
        self._conflict.drop("code")

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
        if self.route is None or change.origin == "server":
            return
        if change.origin == "live":
            self._follow_live(project.routes)
            return
        if self.route.file in project.broken:
            self._show_broken()
            return
        found = self._places.find(self.route, self._region, project.routes)
        if found is not None:
            self._conflict.drop("gone")
            self._show(found)
            self._own = False
            self._late.go_on()  # what is still to be written goes into another thing now
        elif self._typed_away or self._late.waiting:
            self._typed_away = True
            self.form.set_editable(False)
            self._say("This code is no route now. Type its decorator again, or undo.", "error")
            self._late.go_on()
        else:
            self.closing.emit()
        self._places.remember(project.routes, self.route)

    def _follow_live(self, routes: Sequence[Route]) -> None:
        """Another app runs: it may know this code by another endpoint, or not at all."""
        route = self.route
        found = self._places.find(route, self._region, routes) if route is not None else None
        if route is None or found is None or found == route:
            return
        if (found.region, RouteDraft.of(found)) == (route.region, RouteDraft.of(route)):
            self.route = found  # the same words: what is shown of them stays as it was typed
            self._describe(found)
        else:
            self._show(found)
        self._places.remember(routes, self.route)

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
        self._late.typed(where)

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
        """Whether something typed is neither in the file nor on its way to it; a form may stay unfinished."""
        return self.asking or self.stuck or (self._late.waits("code") and not self.pending)

    def _write(self, where: str) -> None:
        if self._conflict.busy(where):
            return  # one question at a time, and it may be about all of it
        (self._write_form if where == "form" else self._write_code)()

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
        now = RouteDraft.of(route)
        if self._form_clashes(draft, now):
            return
        wanted = merge_drafts(self._shown_draft, draft, now) if self._shown_draft else draft
        if wanted == now:
            self._late.forget("form")
            return
        session = self._workspace.session

        def written(result: tuple[Change, ProjectState | None]) -> None:
            self._own, self._shown_draft = wanted == draft, draft
            self._form_written(*result)

        self._late.begun("form")
        self._workspace.project(
            lambda: (session.change_route(route, wanted), session.snapshot.project),
            written,
            lambda why: self._refused(why, route),
        )

    def _form_written(self, change: Change, project: ProjectState | None) -> None:
        self._late.written()
        routes = project.routes if project else ()
        self.route = next((route for route in routes if route.key == change.key), self.route)
        self._known = RouteDraft.of(self.route) if self.route is not None else None

    def _write_code(self) -> None:
        region, text = self._region, self.code.text()
        if region is not None and region.text != self._shown_code:
            merged = merge_text(self._shown_code, text, region.text)
            if merged is None:
                self._conflict.ask_code(text, region.text)
                return
            text, self._shown_code = merged, region.text
            self.code.set_text(merged, keep_undo=True)
        self._conflict.drop("code")
        if region is None or region.text == text:
            self._late.forget("code")
            return
        session = self._workspace.session
        self._late.begun("code")
        self._workspace.project(
            lambda: session.write_region(region, text),
            self._code_written,
            lambda why: self._refused(why, region),
        )

    def _code_written(self, result: tuple[Change, Region]) -> None:
        self._region = result[1]
        self._shown_code = result[1].text
        self._typed_away = True  # until it is read as a route again
        self._late.written()

    def _refused(self, problem: Problem, about: Route | Region | None = None) -> None:
        """Say why, and keep what was typed; where it was about what is another thing by now, try again."""
        where = self._late.refused(problem)
        narrow = self.route.region if self.route is not None else None
        if isinstance(about, Region) and about == self._region and narrow not in (None, about):
            self._region = narrow
        if about not in (None, self.route, self._region):
            self._late.go_on()
        elif where and self._typed_away:
            self._conflict.ask_gone(self.code.text())
        if where == "code":
            self._say(f"⚠ {problem.sentence} {problem.hint}", "error")
        else:
            self.form.show_problem(problem)

    # Changed here and elsewhere ---------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether the person has yet to say which text stays; closing now would lose one of them."""
        return self._conflict.asking

    def _form_clashes(self, draft: RouteDraft, now: RouteDraft) -> bool:
        """Whether a field was changed here and elsewhere in different ways; then that is asked about."""
        shown, known = self._shown_draft, self._known
        fields = clashing_fields(shown, draft, known, now) if shown and known else ()
        if fields:
            self._conflict.ask_form(draft, now, fields)
        else:
            self._conflict.drop("form")
        return bool(fields)

    def _keep_mine(self) -> None:
        """What is typed takes the place of what the question showed, and of nothing newer."""
        asked = self._conflict.asked
        if asked.about == "gone":
            self._put_back()
        elif asked.about == "form":
            self._known = asked.draft
        else:
            self._shown_code = asked.code
        self._late.go_on()

    def _take_theirs(self) -> None:
        asked = self._conflict.asked
        if asked.about == "gone":
            self._late.forget("form", "code")
            self.closing.emit()
        elif asked.about == "form" and asked.draft is not None:
            self.form.show_draft(self._taking(asked.draft, asked.fields))
            self._known = asked.draft
            self._late.go_on()
        else:
            self._late.forget("code")
            self.code.set_text(asked.code, keep_undo=True)
            if self.route is not None:
                self._show(self.route)

    def _taking(self, theirs: RouteDraft, fields: tuple[str, ...]) -> RouteDraft:
        """What is typed, but for these fields; all of theirs where what is typed is no route."""
        try:
            return taking(self.form.draft(), theirs, fields)
        except ProblemError:
            return theirs

    def _keep_both(self) -> None:
        asked = self._conflict.asked
        self.code.set_text(merge_both(self._shown_code, self.code.text(), asked.code), keep_undo=True)
        self._keep_mine()

    def _put_back(self) -> None:
        region, code = self._region, self.code.text()
        if region is None:
            return
        session = self._workspace.session
        self._late.forget("code")
        self._late.begun("code")
        self._workspace.project(
            lambda: put_back(session, region, code), lambda _: self._late.written(), self._refused
        )

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
            self.form.rule.setFocus()  # the button that was pressed goes away
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
            self.flush()
            self._late.forget("form", "code")
            self._workspace.project(lambda: self._workspace.session.remove_route(route), None, self._refused)
