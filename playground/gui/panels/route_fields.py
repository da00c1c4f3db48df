"""The upper half of a route's page: the form of an existing route, written as soon as it is valid."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.core.changes import Change, ProjectState
from playground.core.merging import clashing_fields, merge_drafts, taking
from playground.core.problems import ProblemError
from playground.core.routes import Route, RouteDraft
from playground.gui.late_writer import LateWriter
from playground.gui.panels.route_form import RouteForm
from playground.gui.panels.route_question import RouteQuestion
from playground.gui.workspace import Workspace

FORM = "form"
"""The place to type in that this half is, for the writer and the question."""


class RouteFields(QObject):
    """Keeps a form in step with the source of its route.

    ``written`` with the change and the project after it; ``refused`` with the problem and the route that was
    to be changed.
    """

    written = Signal(object, object)
    refused = Signal(object, object)

    def __init__(
        self,
        form: RouteForm,
        workspace: Workspace,
        late: LateWriter,
        question: RouteQuestion,
    ) -> None:
        super().__init__(form)
        self._form, self._workspace, self._late, self._question = form, workspace, late, question
        self._shown: RouteDraft | None = None  # what the form says, but for what was typed since
        self._known: RouteDraft | None = None  # what the source said when the form was last in step with it
        self._own = False  # the change that is announced next came from these fields, as they are

    def show_route(self, route: Route) -> None:
        """The route in the form, unless somebody is typing in it."""
        if not self._late.holds(FORM):
            self._show(route)
        self._form.set_editable(route.editable)

    def _show(self, route: Route) -> None:
        """Fields that led to just this route stay as they were typed."""
        if self._own:
            self._form.clear_problems()
        else:
            self._form.show_draft(RouteDraft.of(route))
            self._known = RouteDraft.of(route)
        self._question.drop(FORM)
        try:
            self._shown = self._form.draft()
        except ProblemError:  # the route has something for which the form has no words
            self._shown = None

    def followed(self) -> None:
        """The change that these fields began has been shown."""
        self._own = False

    # What is written --------------------------------------------------------------------------

    def write(self, route: Route) -> None:
        """Write what differs, or say at its field what is wrong; ask where it was changed elsewhere too."""
        try:
            draft = self._form.draft(named=True)
        except ProblemError as error:
            self._form.show_problem(error.problem)
            return
        self._form.clear_problems()
        now = RouteDraft.of(route)
        if self._clashes(draft, now):
            return
        wanted = merge_drafts(self._shown, draft, now) if self._shown else draft
        if wanted == now:
            self._late.forget(FORM)
            return
        session = self._workspace.session

        def written(result: tuple[Change, ProjectState | None]) -> None:
            self._own, self._shown = wanted == draft, draft
            self._late.written()
            self.written.emit(*result)

        self._late.begun(FORM)
        self._workspace.project(
            lambda: (session.change_route(route, wanted), session.snapshot.project),
            written,
            lambda why: self.refused.emit(why, route),
        )

    def know(self, draft: RouteDraft | None) -> None:
        """The source says this now, and what is typed is meant to take its place."""
        self._known = draft

    # Changed here and elsewhere ---------------------------------------------------------------

    def _clashes(self, draft: RouteDraft, now: RouteDraft) -> bool:
        """Whether a field was changed here and elsewhere in different ways; then that is asked about."""
        shown, known = self._shown, self._known
        fields = clashing_fields(shown, draft, known, now) if shown and known else ()
        if fields:
            self._question.ask_form(draft, now, fields)
        else:
            self._question.drop(FORM)
        return bool(fields)

    def take(self, theirs: RouteDraft, fields: tuple[str, ...]) -> None:
        """These fields as the source has them; all of them where what is typed is no route."""
        try:
            taken = taking(self._form.draft(), theirs, fields)
        except ProblemError:
            taken = theirs
        self._form.show_draft(taken)
        self._known = theirs
        self._late.go_on()
