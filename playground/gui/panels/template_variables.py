"""The variables that a template was last given: names, types, values, and what stands behind their dots."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.completing import Given, Member, TemplateFacts
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme

ROWS = 5
"""Rows in view at once; for more one scrolls."""
NOT_YET = "No request has rendered it yet: ask for a page that shows it, and its variables are here."
ALWAYS = "in every template"
_MEMBERS = 40
LEAST_HEIGHT = 300
"""Pixels of the design; a page that is lower has no room for the list below the editor."""


class TemplateVariables(QWidget):
    """What the last request gave to one template; it folds to a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: TemplateFacts | None = None
        mark(self, surface="panel", edge="top")
        self._fold = QToolButton()
        self._fold.setObjectName("template.variables.fold")
        self._fold.setAccessibleName("Show the variables of this template")
        self._fold.setText("VARIABLES")
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        mark(self._fold, section=True)
        self._fold.toggled.connect(self._show_fold)
        self._fold.clicked.connect(self._said)
        self._is_said = False  # a person has folded or opened it
        self._from = QLabel(NOT_YET)
        self._from.setObjectName("template.variables.from")
        self._from.setAccessibleName("Which request gave these variables")
        self._from.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        mark(self._from, role="muted")
        self.table = VariablesTable()
        head = QHBoxLayout()
        head.setContentsMargins(10, 5, 14, 5)
        head.addWidget(self._fold)
        head.addWidget(self._from, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table)
        self._show_fold()

    def show_facts(self, facts: TemplateFacts) -> None:
        """Show what is known now."""
        known = self._facts
        self._facts = facts
        if known is not None and _shown(known) == _shown(facts):
            return
        self._from.setText(_sentence(facts))
        self._from.setToolTip(self._from.text())
        self.table.show_given(facts.given if facts.request else ())
        self._show_fold()

    def make_room(self, height: int) -> None:
        """Fold by itself on a page of little height (in pixels), unless a person has said otherwise."""
        if not self._is_said:
            self._fold.setChecked(height >= theme().px(LEAST_HEIGHT))

    @Slot()
    def _said(self) -> None:
        self._is_said = True

    @Slot()
    def _show_fold(self) -> None:
        is_open = self._fold.isChecked()
        set_icon(self._fold, "chevron-down" if is_open else "chevron-right", "muted")
        self.table.setVisible(is_open and self.table.topLevelItemCount() > 0)


def _shown(facts: TemplateFacts) -> tuple[object, ...]:
    return (facts.request, facts.part_of, facts.given)


def _sentence(facts: TemplateFacts) -> str:
    if not facts.request:
        return NOT_YET
    whole = f" with {facts.part_of}" if facts.part_of else ""
    nothing = "" if facts.given else "; it gave none of its own"
    return f"from {facts.request}{whole}{nothing}"


class VariablesTable(QTreeWidget):
    """Variable, type and value in a line each; a variable opens to what stands behind its dot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("template.variables")
        self.setAccessibleName("Variables that this template was last given")
        self.setHeaderLabels(["Variable", "Type", "Value in the last render"])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setMaximumSectionSize(theme().px(220))
        self.itemExpanded.connect(lambda _: self._fit())
        self.itemCollapsed.connect(lambda _: self._fit())
        theme().changed.connect(self._restyle)

    def text(self) -> str:
        """All that it says, a line for each variable."""
        rows = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return "\n".join(" ".join(row.text(column) for column in range(3)) for row in rows if row is not None)

    def show_given(self, given: tuple[Given, ...]) -> None:
        """Have these; those that were open stay open."""
        rows = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        opened = {row.text(0) for row in rows if row is not None and row.isExpanded()}
        self.clear()
        for one in given:
            row = self._row(one.name, _type(one), one.text)
            for member in _worth_showing(one):
                row.addChild(_styled(QTreeWidgetItem([member.name, member.type, member.text])))
            self.addTopLevelItem(row)
            row.setExpanded(one.name in opened)
        if given:
            self.addTopLevelItem(self._row("request, session, g, config", "Flask", ALWAYS))
        self._fit()

    @staticmethod
    def _row(name: str, kind: str, text: str) -> QTreeWidgetItem:
        return _styled(QTreeWidgetItem([name, kind, text]))

    @Slot()
    def _restyle(self) -> None:
        rows = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        for row in rows:
            if row is not None:
                _styled(row)
                for at in range(row.childCount()):
                    _styled(cast(QTreeWidgetItem, row.child(at)))
        self.header().setMaximumSectionSize(theme().px(220))
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """As high as its rows, up to a few; less where there is no room."""
        count = min(self._rows_shown(), ROWS)
        row = max(self.sizeHintForRow(0), theme().px(24))
        self.setMaximumHeight(self.header().sizeHint().height() + count * row + 2)
        self.updateGeometry()

    def _rows_shown(self) -> int:
        rows = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        inside = sum(row.childCount() for row in rows if row is not None and row.isExpanded())
        return len(rows) + inside

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), min(self.maximumHeight(), theme().px(72)))


def _type(one: Given) -> str:
    return one.type if one.size < 0 else f"{one.type} · {one.size}"


def _worth_showing(one: Given) -> tuple[Member, ...]:
    """The members whose values are known: attributes and keys, not methods."""
    return tuple(member for member in one.members if member.type)[:_MEMBERS]


def _styled(row: QTreeWidgetItem) -> QTreeWidgetItem:
    """Names and values in the font of code; colours as in the editor."""
    is_ours = row.text(2) == ALWAYS
    row.setFont(0, theme().mono())
    row.setForeground(0, QBrush(theme().colour("parameter")))
    row.setForeground(1, QBrush(theme().colour("muted")))
    if is_ours:
        row.setForeground(2, QBrush(theme().colour("muted")))
    else:
        row.setFont(2, theme().mono())
        said = row.text(2)
        row.setForeground(2, QBrush(theme().colour("string" if said[:1] in "'\"" and said else "text")))
    row.setToolTip(2, row.text(2))
    return row
