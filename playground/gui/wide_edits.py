"""Edits that reach over several files: asked for in a line, shown as a whole, written as one step.

Rename, move and clean up: what each of them needs to know is asked in the ask bar, the session works out what
it would write, the proposal's view shows it, and only then is it written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from playground.core.changes import Change
from playground.core.fixes import Mend
from playground.core.problems import Problem
from playground.core.proposals import CleanUp, Move, Proposal, Rename, RenameKind, Wanted
from playground.core.routes import Owner, Route
from playground.gui.widgets.ask_bar import AskBar
from playground.gui.workspace import Workspace

if TYPE_CHECKING:
    from playground.core.diffs import FileDiff
    from playground.gui.panels.proposal import ProposalView
    from playground.gui.panels.workbench import Workbench

Refused = Callable[[Problem], None]


class WideEdits(QObject):
    """The actions that begin with a proposal. ``done`` with the label of what was written, ``mended`` with
    the ``Change`` of a mend.
    """

    done = Signal(str)
    mended = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        workbench: Callable[[], Workbench],
        ask: AskBar,
        stack: QStackedWidget,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._work, self._workbench, self._ask, self._stack = workspace, workbench, ask, stack
        self._view: ProposalView | None = None  # built when something is first proposed
        self._wanted: Wanted | None = None
        self._proposal: Proposal | None = None
        self._then: Callable[[Change], None] = lambda _: None
        self._before: QWidget | None = None  # where the focus was
        workspace.changed.connect(self._follow)
        workspace.leaving.connect(self._forget)

    @property
    def route(self) -> Route | None:
        """The route of the page in front."""
        from playground.gui.panels.route_page import RoutePage

        page = self._workbench().pages.current_page() if self._work.snapshot.project else None
        return page.route if isinstance(page, RoutePage) else None

    @property
    def template(self) -> str:
        """The name of the template of the page in front; empty where it shows something else."""
        from playground.gui.panels.template_page import TemplatePage

        page = self._workbench().pages.current_page() if self._work.snapshot.project else None
        return page.name if isinstance(page, TemplatePage) else ""

    # What is asked ----------------------------------------------------------------------------

    def rename(self) -> None:
        """Rename what the page in front shows."""
        if self.template:
            self.rename_template(self.template)
        elif self.route is not None:
            self.rename_route(self.route)

    def rename_template(self, name: str) -> None:
        """Ask for a template's new name; every use of the old one follows."""
        self._ask.ask(
            f"New name of {name}",
            name,
            "Show the changes",
            lambda new: self._propose(
                Rename("template", name, new), lambda _: self._workbench().open_template(new)
            ),
        )

    def rename_blueprint(self, owner: Owner) -> None:
        """Ask for a blueprint's new name; every endpoint that begins with it follows."""
        self._ask.ask(
            f"New name of the blueprint {owner.name}",
            owner.name,
            "Show the changes",
            lambda new: self._propose(Rename("blueprint", owner.name, new)),
        )

    def rename_route(self, route: Route) -> None:
        """Ask which of a route's names is to be another one, and for that one."""
        names: list[tuple[RenameKind, str]] = [("function", route.function), ("endpoint", route.endpoint)]
        names += [("parameter", name) for name in route.parameters]
        self._ask.ask(
            f"Rename of {route.full_rule} the",
            "",
            "Show the changes",
            lambda new: self._propose(Rename(*names[self._ask.choice], new, route), self._open_changed),
            [(f"{kind} {name}", name.rpartition(".")[2]) for kind, name in names],
        )

    def move_route(self) -> None:
        """Ask where the route of the page in front is to go: to another owner, or to another file."""
        route, project = self.route, self._work.snapshot.project
        if route is None or project is None:
            return
        owners = [owner for owner in project.owners if owner.file] or [
            Owner(route.owner, "", file=route.file)
        ]
        others = [owner for owner in owners if owner.name != route.owner]
        owners = [*others, *(owner for owner in owners if owner.name == route.owner)]

        def answered(file: str) -> None:
            owner = owners[self._ask.choice]
            self._propose(Move(route, owner.name, "" if file == owner.file else file), self._open_changed)

        self._ask.ask(
            f"Move {route.full_rule} to",
            "",
            "Show the changes",
            answered,
            [(f"{owner.name}, in the file", owner.file) for owner in owners],
        )

    def clean_up(self) -> None:
        """Propose to take out the imports that nothing uses, in all files."""
        self._propose(CleanUp(), refused=self._work.refused.emit)

    def mend(self, mend: Mend) -> None:
        """Propose what mends a problem."""
        self._propose(mend, self.mended.emit, refused=self._work.refused.emit)

    # What is shown ----------------------------------------------------------------------------

    def _propose(
        self,
        wanted: Wanted,
        then: Callable[[Change], None] | None = None,
        *,
        refused: Refused | None = None,
    ) -> None:
        """Work out what it would write, after what is typed is in the files, and show it."""
        from playground.core.diffs import file_diffs

        self._workbench().pages.flush()
        session = self._work.session

        def work() -> tuple[Proposal, Sequence[FileDiff]]:
            proposal = session.propose(wanted)
            return proposal, file_diffs(proposal)

        def proposed(result: tuple[Proposal, Sequence[FileDiff]]) -> None:
            self._ask.dismiss()
            self._wanted, self._proposal = wanted, result[0]
            self._then = then or (lambda _: None)
            self._show(*result)

        self._work.project(work, proposed, refused or self._ask.refuse)

    def _show(self, proposal: Proposal, diffs: Sequence[FileDiff]) -> None:
        view = self._the_view()
        view.show_proposal(proposal, diffs)
        if self._stack.currentWidget() is not view:
            self._before = QApplication.focusWidget()
            self._stack.setCurrentWidget(view)
            view.take_focus()

    def _the_view(self) -> ProposalView:
        if self._view is None:
            from playground.gui.panels.proposal import ProposalView

            self._view = ProposalView()
            self._view.accepted.connect(self._apply)
            self._view.cancelled.connect(self._leave)
            self._stack.addWidget(self._view)
        return self._view

    def _follow(self, change: Change) -> None:
        """A file of the proposal was changed meanwhile: it is worked out anew."""
        if self._wanted is None or self._proposal is None or change.origin in ("live", "server"):
            return
        if not set(self._proposal.before).isdisjoint(change.files):
            self._propose(self._wanted, self._then, refused=self._the_view().refuse)

    # What becomes of it -----------------------------------------------------------------------

    def _apply(self) -> None:
        proposal, then = self._proposal, self._then
        if proposal is None:
            return
        session = self._work.session

        def applied(change: Change) -> None:
            self._leave()
            then(change)
            self.done.emit(change.label)

        self._work.project(lambda: session.apply_proposal(proposal), applied, self._the_view().refuse)

    def _open_changed(self, change: Change) -> None:
        """The route's page, wherever the route has gone."""
        project = self._work.snapshot.project
        routes = project.routes if project else ()
        route = next((one for one in routes if one.key == change.key), None)
        if route is not None:
            self._workbench().open_route(route)

    def _leave(self) -> None:
        """Back to the pages, as they were."""
        self._forget()
        self._stack.setCurrentWidget(self._workbench())
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()

    def _forget(self) -> None:
        self._wanted = self._proposal = None
