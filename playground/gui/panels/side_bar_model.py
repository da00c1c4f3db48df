"""What the side bar lists, as a Qt model: sections, owners with their routes, templates, files.

The whole tree is made once per change of the project; filtering only picks which of its rows are
visible, in plain Python lists, so that 10,000 routes follow each key typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.routes import Owner, Route

Index = QModelIndex | QPersistentModelIndex


class RowKind(StrEnum):
    """The kinds of row."""

    SECTION = "section"
    OWNER = "owner"
    ROUTE = "route"
    TEMPLATE = "template"
    FILE = "file"
    NOTE = "note"


class Role(IntEnum):
    """The data roles of ours; ``ROW`` gives the ``Row`` itself."""

    ROW = Qt.ItemDataRole.UserRole + 20


@dataclass(slots=True, eq=False)
class Row:
    """One row. ``key`` finds it again after a change; ``words`` is what the filter looks at.

    ``value`` is the Route, Owner or TemplateInfo shown, the file's name, or None.
    """

    kind: RowKind
    text: str
    key: tuple[str, ...]
    value: Any = None
    spoken: str = ""
    tooltip: str = ""
    words: str = ""
    parent: Row | None = None
    children: list[Row] = field(default_factory=list)
    visible: list[Row] = field(default_factory=list)
    position: int = 0
    number: int = 0

    def add(self, child: Row) -> Row:
        """Append a child and return it."""
        child.parent = self
        self.children.append(child)
        return child


SECTIONS = (("routes", "Routes"), ("templates", "Templates"), ("files", "Files"))
TEACHING = {
    "routes": ("No routes yet.", "Press + or Ctrl+N."),
    "templates": ("None yet. Press +.",),
    "files": ("None yet. Press +.",),
}


class SideBarModel(QAbstractItemModel):
    """The tree of the side bar; ``show_project`` and ``filter`` reset it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Row(RowKind.NOTE, "", ())
        self._rows: list[Row] = []
        self._flags: list[Qt.ItemFlag] = []  # beside the rows: Qt asks twice for each row it lays out
        self._by_key: dict[tuple[str, ...], Row] = {}
        self._words: tuple[str, ...] = ()

    def show_project(self, state: ProjectState | None) -> None:
        """List another state of the project; None lists nothing."""
        self.beginResetModel()
        self._root = _tree(state)
        self._rows = list(_walk(self._root))
        self._flags = [_FLAGS[row.kind] for row in self._rows]
        self._by_key = {}
        for number, row in enumerate(self._rows):
            row.number = number
            self._by_key.setdefault(row.key, row)
        self._pick()
        self.endResetModel()

    def take_over(self, state: ProjectState | None) -> bool:
        """Take over a state that shows the same rows; False, and nothing done, where it does not.

        Most changes only move routes in their file: laying the tree out anew would hold up the window.
        """
        fresh = list(_walk(_tree(state)))
        if [(row.key, row.text, row.words) for row in fresh] != [
            (row.key, row.text, row.words) for row in self._rows
        ]:
            return False
        for row, new in zip(self._rows, fresh, strict=True):
            row.value, row.spoken, row.tooltip = new.value, new.spoken, new.tooltip
        return True

    def filter(self, text: str) -> None:
        """Show only the rows that hold all words of the text, whatever their case."""
        words = tuple(text.lower().split())
        if words == self._words:
            return
        self.beginResetModel()
        self._words = words
        self._pick()
        self.endResetModel()

    @property
    def filtered(self) -> bool:
        """Whether a filter is on."""
        return bool(self._words)

    def index_of(self, key: tuple[str, ...]) -> QModelIndex:
        """The index of a visible row, or an invalid one."""
        row = self._by_key.get(key)
        return self._index(row) if row is not None and self._is_visible(row) else QModelIndex()

    def first_match(self) -> QModelIndex:
        """The first row that can be opened, from the top."""
        for row in _walk_visible(self._root):
            if row.kind in (RowKind.ROUTE, RowKind.TEMPLATE, RowKind.FILE):
                return self._index(row)
        return QModelIndex()

    def row_at(self, index: Index) -> Row | None:
        """The row behind an index."""
        return self._rows[index.internalId()] if index.isValid() else None

    def groups(self) -> list[QModelIndex]:
        """The visible rows that hold others: sections first, each followed by its owners."""
        sections = self._root.visible
        rows = [row for section in sections for row in (section, *section.visible)]
        return [self._index(row) for row in rows if row.visible]

    def _pick(self) -> None:
        """Decide what is visible under the filter, top to bottom."""
        for section in self._root.children:
            for group in section.children:
                matching = group.children
                for word in self._words:
                    matching = [row for row in matching if word in row.words]
                _set_visible(group, matching)
            _set_visible(section, [row for row in section.children if self._stays(row)])
        _set_visible(self._root, self._root.children)

    def _stays(self, row: Row) -> bool:
        if not self._words:
            return True
        if row.kind is RowKind.OWNER:
            return bool(row.visible)
        return row.kind is not RowKind.NOTE and all(word in row.words for word in self._words)

    def _is_visible(self, row: Row) -> bool:
        parent = row.parent
        if parent is None:
            return True
        shown = row.position < len(parent.visible) and parent.visible[row.position] is row
        return shown and self._is_visible(parent)

    def _index(self, row: Row) -> QModelIndex:
        return self.createIndex(row.position, 0, row.number)

    # Qt's side -----------------------------------------------------------------------------------

    def index(self, row: int, column: int = 0, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008  (Qt's own default)
        siblings = (self._rows[parent.internalId()] if parent.isValid() else self._root).visible
        if column == 0 and 0 <= row < len(siblings):
            return self.createIndex(row, 0, siblings[row].number)
        return QModelIndex()

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # PySide types the parent of a QObject
        if not child.isValid():
            return QModelIndex()
        above = self._rows[child.internalId()].parent
        return QModelIndex() if above is None or above is self._root else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return len((self._rows[parent.internalId()] if parent.isValid() else self._root).visible)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008  (Qt's own default)
        return self.rowCount(parent) > 0

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return self._flags[index.internalId()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken or row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tooltip or None
        return None


_ENABLED = Qt.ItemFlag.ItemIsEnabled
_LEAF = _ENABLED | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_FLAGS = {
    RowKind.SECTION: Qt.ItemFlag.NoItemFlags,  # arrow keys pass over it; its + is a button of its own
    RowKind.NOTE: Qt.ItemFlag.ItemNeverHasChildren,
    RowKind.OWNER: _ENABLED | Qt.ItemFlag.ItemIsSelectable,
    RowKind.ROUTE: _LEAF,
    RowKind.TEMPLATE: _LEAF,
    RowKind.FILE: _LEAF,
}


def _tree(state: ProjectState | None) -> Row:
    root = Row(RowKind.NOTE, "", ())
    if state is None:
        return root
    contents = {
        "routes": _owner_rows(state),
        "templates": [_template_row(template) for template in state.templates],
        "files": _file_rows(state),
    }
    for name, title in SECTIONS:
        section = root.add(Row(RowKind.SECTION, title, ("section", name), name))
        notes = [] if contents[name] else [_note(name, line) for line in TEACHING[name]]
        for row in contents[name] + notes:
            section.add(row)
    return root


def _note(section: str, line: str) -> Row:
    return Row(RowKind.NOTE, line, ("note", section, line), tooltip=" ".join(TEACHING[section]))


def _owner_rows(state: ProjectState) -> list[Row]:
    """One row for each owner; the app's own group is left out while it is empty."""
    groups: dict[str, Row] = {}
    for owner in state.owners:
        groups[owner.name] = _owner_row(owner)
    for route in state.routes:
        if route.owner not in groups:
            groups[route.owner] = _owner_row(Owner(route.owner, route.owner, prefix=route.prefix))
        groups[route.owner].add(_route_row(route))
    return [row for row in groups.values() if row.children or row.value.kind == "blueprint"]


def _owner_row(owner: Owner) -> Row:
    detail = "" if owner.kind == "app" else f", blueprint in {owner.file}"
    prefix = f", prefix {owner.prefix}" if owner.prefix else ""
    unregistered = "" if owner.registered else ", not registered"
    tooltip = f"{owner.name}: {owner.file}" if owner.file else owner.name
    if not owner.registered:
        tooltip = f"No line registers the blueprint {owner.name} on an app, so its routes do not answer yet."
    spoken = f"{owner.name}{prefix}{detail}{unregistered}"
    return Row(RowKind.OWNER, owner.name, ("owner", owner.name), owner, spoken, tooltip)


def _route_row(route: Route) -> Row:
    methods = " ".join(route.methods) or "GET"
    spoken = f"{methods} {route.full_rule}, {route.function}"
    tooltip = f"{methods} {route.full_rule}\n{route.function} · {route.file}:{route.line}"
    if not route.editable:
        why = route.why_not or "The form can't own this route."
        spoken += f", code only: {why}"
        tooltip += f"\n{why}"
    words = f"{methods} {route.full_rule} {route.function} {route.endpoint} {route.owner}".lower()
    return Row(RowKind.ROUTE, route.full_rule, ("route", *route.key), route, spoken, tooltip, words)


def _template_row(template: TemplateInfo) -> Row:
    tooltip = template.file
    spoken = f"Template {template.name}"
    if template.problem is not None:
        tooltip += f"\n{template.problem.sentence}"
        spoken += f", has an error: {template.problem.sentence}"
    words = f"{template.name} template".lower()
    return Row(RowKind.TEMPLATE, template.name, ("template", template.name), template, spoken, tooltip, words)


def _file_rows(state: ProjectState) -> list[Row]:
    shown = {template.file for template in state.templates}
    return [
        Row(RowKind.FILE, file, ("file", file), file, f"File {file}", file, file.lower())
        for file in state.files
        if file not in shown
    ]


def _set_visible(row: Row, visible: list[Row]) -> None:
    row.visible = visible
    for position, child in enumerate(visible):
        child.position = position


def _walk(row: Row) -> Iterable[Row]:
    for child in row.children:
        yield child
        yield from _walk(child)


def _walk_visible(row: Row) -> Iterable[Row]:
    for child in row.visible:
        yield child
        yield from _walk_visible(child)
