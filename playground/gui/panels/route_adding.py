"""The row below the form of a new route: written when *Add* is pressed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from playground.core.changes import Change
from playground.core.problems import Problem, ProblemError
from playground.core.routes import RouteDraft
from playground.gui.panels.route_form import RouteForm
from playground.gui.workspace import Workspace

WORDS = "Add writes it to the source; you can undo it with Ctrl+Z."


class RouteAdding(QWidget):
    """Makes a route of what a form says. ``added`` with the route, ``cancelled`` when it is not to be."""

    added = Signal(object)
    cancelled = Signal()

    def __init__(self, form: RouteForm, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._form, self._workspace = form, workspace
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 14)
        words = QLabel(WORDS)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        cancel = self._button("Cancel", "route.cancel", "Close without adding")
        cancel.clicked.connect(self.cancelled)
        self._add = self._button("Add", "route.add", "Add the route")
        self._add.setProperty("primary", True)
        self._add.clicked.connect(self._write)
        row.addWidget(words, 1)
        row.addWidget(cancel)
        row.addWidget(self._add)

    @staticmethod
    def _button(text: str, name: str, words: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(words)
        return button

    def begin(self) -> None:
        """An empty form, with the cursor behind the path's slash."""
        project = self._workspace.snapshot.project
        owners = project.owners if project else ()
        owner = next((owner.name for owner in owners if owner.kind == "app"), "app")
        self._form.show_draft(RouteDraft("/", owner=owner))
        self._form.rule.setSelection(1, 0)

    def check(self) -> None:
        """Say what is wrong while one types, once there is something to judge."""
        try:
            self._form.draft()
        except ProblemError as error:
            if error.problem.field != "owner":
                self._form.show_problem(error.problem)
            return
        self._form.clear_problems()

    def _write(self) -> None:
        try:
            draft = self._form.draft()
        except ProblemError as error:
            self._form.show_problem(error.problem)
            return
        session = self._workspace.session
        self._add.setEnabled(False)
        self._workspace.project(lambda: session.add_route(draft), self._written, self._refused)

    def _written(self, change: Change) -> None:
        self._add.setEnabled(True)
        project = self._workspace.snapshot.project
        routes = project.routes if project else ()
        route = next((route for route in routes if route.key == change.key), None)
        if route is not None:
            self._form.rule.setFocus()  # the button that was pressed goes away
            self.added.emit(route)

    def _refused(self, problem: Problem) -> None:
        self._add.setEnabled(True)
        self._form.show_problem(problem)
