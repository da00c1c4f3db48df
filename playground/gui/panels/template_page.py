"""A template's page: its editor, with a line above that says what it extends and which routes use it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from playground.core.changes import Change, TemplateInfo
from playground.gui.panels.text_page import TextPage
from playground.gui.theme import mark
from playground.gui.workspace import Workspace


class TemplatePage(TextPage):
    """One template. ``rendered`` when what the server answers with it may have changed."""

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
        if change.origin == "live":
            self.rendered.emit()
