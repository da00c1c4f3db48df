"""A template's page: its editor, with a line above that says what it extends and which routes use it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from playground.core.changes import Change, TemplateInfo
from playground.core.completing import Completion, TemplateFacts
from playground.core.completing_words import complete
from playground.core.problems import Problem
from playground.gui.panels.template_variables import TemplateVariables
from playground.gui.panels.text_page import TextPage
from playground.gui.theme import mark, theme
from playground.gui.widgets.completion import Completer
from playground.gui.workspace import Workspace

LOOK_MS = 200
"""How often the page in front asks whether a template was rendered; a number is all that takes."""


class TemplatePage(TextPage):
    """One template. ``rendered`` when what the server answers with it may have changed.

    While it is in front it knows what the template is given: as a list, and to complete what is typed.
    """

    rendered = Signal()

    def __init__(self, workspace: Workspace, info: TemplateInfo, parent: QWidget | None = None) -> None:
        self.name = info.name
        super().__init__(workspace, info.file, "template.editor", parent)
        self.editor.set_language("jinja")  # whatever its ending: Flask renders it
        self._head = QLabel()
        self._head.setObjectName("template.uses")
        self._head.setAccessibleName("What this template extends and who uses it")
        self._head.setWordWrap(True)
        self._head.setContentsMargins(14, 8, 14, 8)
        mark(self._head, role="muted", surface="panel", edge="bottom")
        self.column.insertWidget(0, self._head)
        self._describe(info)
        self.variables = TemplateVariables()
        self.column.addWidget(self.variables)
        theme().changed.connect(self._make_room)
        self._facts = TemplateFacts(info.name)
        self._renderings = -1  # none of them is known yet
        self._asking_facts = self._facts_stale = False
        self._completer = Completer(self.editor, self, self._complete, "template.completion")
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_for_renderings)

    @property
    def info(self) -> TemplateInfo | None:
        """What is known of this template now; None where it is gone."""
        project = self._workspace.snapshot.project
        templates = project.templates if project else ()
        return next((template for template in templates if template.name == self.name), None)

    def _describe(self, info: TemplateInfo) -> None:
        project = self._workspace.snapshot.project
        rules = {route.endpoint: route.full_rule for route in (project.routes if project else ())}
        parts = []
        if info.extends:
            parts.append(f"extends {info.extends}")
        if info.includes:
            parts.append(f"includes {', '.join(info.includes)}")
        used = [rules.get(endpoint, endpoint) for endpoint in info.used_by]
        parts.append(f"used by {', '.join(used)}" if used else "no route uses it by name")
        if info.variables:
            parts.append(f"variables: {', '.join(info.variables)}")
        self._head.setText("  ·  ".join(parts))

    def _follow(self, change: Change) -> None:
        super()._follow(change)
        info = self.info
        if info is not None:
            self._describe(info)
        self._facts_stale = True
        if self.isVisible():
            self._ask_for_facts()
        if change.origin == "live":
            self.rendered.emit()

    # What is known of it -----------------------------------------------------------------------

    def _complete(self, text: str, cursor: int, asked: bool) -> Completion | None:
        return complete(text, cursor, self._facts, asked=asked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._facts_stale = True
        self._ask_for_facts()
        self._look.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """Of the same height there is less room when all is enlarged."""
        self.variables.make_room(self.height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()
        self._completer.close()

    @Slot()
    def _look_for_renderings(self) -> None:
        if self._workspace.session.templates_rendered != self._renderings:
            self._ask_for_facts()

    def _ask_for_facts(self) -> None:
        """On the project's lane: all facts after a change, else what was given alone; one at a time."""
        if self._asking_facts:
            return
        self._asking_facts = True
        session, facts, is_stale = self._workspace.session, self._facts, self._facts_stale
        self._facts_stale = False
        renderings = session.templates_rendered

        def work() -> TemplateFacts:
            return session.template_facts(facts.template) if is_stale else session.template_given(facts)

        def known(found: TemplateFacts) -> None:
            self._know(found, renderings)

        self._workspace.project(work, known, self._unknown)

    def _know(self, facts: TemplateFacts, renderings: int) -> None:
        self._asking_facts = False
        self._facts, self._renderings = facts, renderings
        self.variables.show_facts(facts)
        if self._facts_stale and self.isVisible():
            self._ask_for_facts()

    def _unknown(self, problem: Problem) -> None:
        """The project is closed, or can't be read just now: the note line says what is wrong with it."""
        self._asking_facts = False
