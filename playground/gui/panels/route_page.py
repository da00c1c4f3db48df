"""A route's page: its form above, the code of its view below, each in step with the other.

A change in the form of an existing route is written as soon as it is valid; what is typed in the code after a
short pause, even while it does not parse. A new route is written when *Add* is pressed. The halves write by
themselves; the page says which route it is, follows it through the project, and asks where both changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from playground.core.bodies import body_of
from playground.core.changes import Change, ProjectState
from playground.core.problems import Problem
from playground.core.routes import Route, RouteDraft
from playground.core.rules import Rule, RuleError
from playground.gui.late_writer import LateWriter
from playground.gui.panels.route_adding import RouteAdding
from playground.gui.panels.route_code import RouteCode
from playground.gui.panels.route_fields import RouteFields
from playground.gui.panels.route_form import RouteForm
from playground.gui.panels.route_note import RouteNote
from playground.gui.panels.route_places import Whereabouts
from playground.gui.panels.route_question import RouteQuestion
from playground.gui.panels.route_uses import RouteUses
from playground.gui.workspace import Workspace

PAUSE_MS = 250


class RoutePage(QWidget):
    """One route, or a new one while ``route`` is None; ``begin`` says which.

    ``titled`` when the page's title changed; ``shown`` with the route whenever it was read anew; ``closing``
    when the page has nothing to show any more; ``typed`` when ``pending`` may have changed;
    ``tried`` with the path that the values to try make; ``opened`` with a place that was asked for.
    """

    titled = Signal()
    typed = Signal()
    shown = Signal(object)
    closing = Signal()
    tried = Signal(str)
    opened = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.route: Route | None = None
        self._form_wanted = True
        self._places = Whereabouts()
        self._late = LateWriter(self._write, PAUSE_MS, self)
        self._late.changed.connect(self.typed)
        # Each part is made inside of what holds it: Qt styles all of a part anew when it gets another parent.
        self._question = RouteQuestion(self)
        self._question.turned.connect(self.typed)
        self._scroll = QScrollArea(self)
        self._body = QWidget(self._scroll.viewport())
        self.form = RouteForm(self._body)
        self._fields = RouteFields(self.form, workspace, self._late, self._question)
        self._note = RouteNote(self._body)
        self._uses = RouteUses(self._body)
        self._adding = RouteAdding(self.form, workspace, self._body)
        self._code = RouteCode(workspace, self._late, self._question, self._body)
        self.code = self._code.editor
        self._lay_out()
        self._connect()

    def begin(self, route: Route | None) -> None:
        """Show a route, or an empty form for a new one, and follow the project from now on."""
        self._workspace.changed.connect(self._follow)
        self._workspace.checked.connect(self._checked)
        project = self._workspace.snapshot.project
        if project is not None:
            self.form.show_project(project)
            self._places.remember(project.routes, route)
        if route is None:
            self._code.hide()
            self._adding.begin()
        else:
            self._show(route)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._note, self.form, self._uses, self._adding, self._code):
            column.addWidget(part)
        column.addStretch(1)
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setMinimumHeight(24)  # a question above it may need the room
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its controls take the focus and scroll into view
        scroll.setWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._question)
        outer.addWidget(scroll, 1)
        self.setFocusProxy(self.form.rule)

    def _connect(self) -> None:
        self.form.tried.connect(self._try)
        self.form.edited.connect(lambda: self._typed("form"))
        self.code.edited.connect(lambda: self._typed("code"))
        self._adding.added.connect(self._show)
        self._adding.cancelled.connect(self.closing)
        self._fields.written.connect(self._form_written)
        self._fields.refused.connect(self._refused)
        self._code.refused.connect(self._refused)
        self._code.duplicated.connect(self.duplicate)
        self._code.deleted.connect(self.delete)
        self.form.told.connect(self._bring_into_view)
        self._uses.told.connect(self._bring_into_view)
        self._note.opened.connect(self.opened)
        self._uses.opened.connect(self.opened)
        self._question.mine.connect(self._keep_mine)
        self._question.theirs.connect(self._take_theirs)
        self._question.both.connect(self._keep_both)

    # What is shown ----------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the tab says."""
        return self.route.full_rule if self.route is not None else "New route"

    def _show(self, route: Route) -> None:
        """Show a route as it was just read, leaving alone what the person is typing."""
        before, self.route = self.route, route
        self._adding.hide()
        self.form.answer.body = body_of(route.region.text) if route.region else ""
        self._fields.show_route(route)
        self._code.show_route(route, before)
        self._describe(route)

    def _describe(self, route: Route) -> None:
        """Say where it is written, and tell the others which route it is."""
        self._note.show_route(route)
        if not self.code.hasFocus():  # who types in it may make the form disappear, but not the code move
            self._place_form(route)
        self._code.say_where(route, alone=not self._form_wanted)
        self.titled.emit()
        self.shown.emit(route)

    def show_form(self, wanted: bool) -> None:
        """Whether the form stands above the code, as it does for a new route; else the code has all room."""
        self._form_wanted = wanted
        if self.route is not None:
            self._place_form(self.route)
            self._code.say_where(self.route, alone=not wanted)

    def _place_form(self, route: Route) -> None:
        shown = route.editable and self._form_wanted
        self.form.setVisible(shown)
        self.setFocusProxy(self.form.rule if shown else self.code)

    def _bring_into_view(self, said: QWidget) -> None:
        """What is said may be below what is in sight; where one types stays in sight too."""
        if self.code.hasFocus():
            return

        def scroll() -> None:
            for widget in (said, self.focusWidget()):
                if widget is not None and self._body.isAncestorOf(widget):
                    self._scroll.ensureWidgetVisible(widget, 0, 0)

        QTimer.singleShot(0, self, scroll)  # once it has its place

    # Following the project --------------------------------------------------------------------

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
        if change.origin == "undo":
            self._uses.forget()
        found = self._places.find(self.route, self._code.region, project.routes)
        if self.route.file in project.broken and not self._is_whole(found):
            self._show_broken(self.route.file)
            return
        if found is not None:
            self._question.drop("gone")
            self._show(found)
            self._fields.followed()
            self._late.go_on()  # what is still to be written goes into another thing now
        elif self._code.typed_away or self._late.waiting:
            self._code.typed_away = True
            self.form.set_editable(False)
            self._code.say("This code is no route now. Type its decorator again, or undo.", "error")
            self._late.go_on()
        else:
            self.closing.emit()
        self._places.remember(project.routes, self.route)

    def _follow_live(self, routes: Sequence[Route]) -> None:
        """Another app runs: it may know this code by another endpoint, or not at all."""
        route = self.route
        found = self._places.find(route, self._code.region, routes) if route is not None else None
        if route is None or found is None or found == route:
            return
        if (found.region, RouteDraft.of(found)) == (route.region, RouteDraft.of(route)):
            self.route = found  # the same words: what is shown of them stays as it was typed
            self._describe(found)
        else:
            self._show(found)
        self._places.remember(routes, self.route)

    def _checked(self) -> None:
        """The source was looked through: what it shows is marked where the file can be read."""
        project = self._workspace.snapshot.project
        if project is not None and self.route is not None and self.route.file not in project.broken:
            self._code.show_findings(self.route)

    def _is_whole(self, found: Route | None) -> bool:
        """Whether the route can be read though its file can't as a whole, and nothing waits to be written."""
        return found is not None and found.editable and not (self._code.typed_away or self._late.waiting)

    def _show_broken(self, file: str) -> None:
        snapshot = self._workspace.snapshot
        project = snapshot.project
        problems = project.problems if project else ()
        self.form.set_editable(False)
        here = [one for one in problems if one.place and one.place.file == file]
        self._code.show_broken(here, serving=snapshot.live.loaded)

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
            self._adding.check()
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
        if self._question.busy(where):
            return  # one question at a time, and it may be about all of it
        if where == "code":
            self._code.write()
        elif self.route is not None:
            self._fields.write(self.route)

    def _form_written(self, change: Change, project: ProjectState | None) -> None:
        routes = project.routes if project else ()
        self.route = next((route for route in routes if route.key == change.key), self.route)
        self._fields.know(RouteDraft.of(self.route) if self.route is not None else None)
        self._uses.add(change.notes)

    def _refused(self, problem: Problem, about: object = None) -> None:
        """Say why, and keep what was typed; where it was about what is another thing by now, try again."""
        where = self._late.refused(problem)
        self._code.narrow(about, self.route)
        if about not in (None, self.route, self._code.region):
            self._late.go_on()
        elif where and self._code.typed_away:
            self._question.ask_gone(self.code.text())
        if where == "code":
            self._code.say(f"⚠ {problem.sentence} {problem.hint}", "error")
        else:
            self.form.show_problem(problem)

    # Changed here and elsewhere ---------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether the person has yet to say which text stays; closing now would lose one of them."""
        return self._question.asking

    def _keep_mine(self) -> None:
        """What is typed takes the place of what the question showed, and of nothing newer."""
        asked = self._question.asked
        if asked.about == "gone":
            self._code.put_back(self._refused)
        elif asked.about == "form":
            self._fields.know(asked.draft)
        else:
            self._code.shown = asked.code
        self._late.go_on()

    def _take_theirs(self) -> None:
        asked = self._question.asked
        if asked.about == "gone":
            self._late.forget("form", "code")
            self.closing.emit()
        elif asked.about == "form" and asked.draft is not None:
            self._fields.take(asked.draft, asked.fields)
        else:
            self._code.take(asked.code)
            if self.route is not None:
                self._show(self.route)

    def _keep_both(self) -> None:
        self._code.take_both(self._question.asked.code)
        self._keep_mine()

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
