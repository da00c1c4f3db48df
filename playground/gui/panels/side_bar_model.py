"""What the side bar lists, as a Qt model: sections, owners with their routes, templates, files.

Qt asks the model of a tree about each of its rows whenever it lays them out, and 10,000 answers given in
Python hold up the window at each key typed. So the rows of routes, templates and files are mere numbers in
Qt's own model, which answers by itself; what a row says is looked up when it is painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.routes import Owner, Route
from playground.core.versions import WORDS, Versions
from playground.gui.panels.route_note import reasons

Index = QModelIndex | QPersistentModelIndex
IN_A_STEP = 500
"""So many routes are looked at in one step of ``warm``: a few milliseconds."""


class RowKind(StrEnum):
    """The kinds of row."""

    SECTION = "section"
    OWNER = "owner"
    ROUTE = "route"
    TEMPLATE = "template"
    FILE = "file"
    NOTE = "note"


class Role(IntEnum):
    """The data roles of ours: ``ROW`` gives the ``Row`` itself, ``GROUP`` what a section or owner holds,
    ``MARK`` the letter that says how its file differs from the last commit.
    """

    ROW = Qt.ItemDataRole.UserRole + 20
    GROUP = Qt.ItemDataRole.UserRole + 21
    MARK = Qt.ItemDataRole.UserRole + 22


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``key`` finds it again after a change.

    ``value`` is the Route, Owner or TemplateInfo shown, the file's name, or None.
    """

    kind: RowKind
    text: str
    key: tuple[str, ...]
    value: Any = None
    spoken: str = ""
    tooltip: str = ""


@dataclass(slots=True, eq=False)
class _Group:
    """A section or an owner; its members are groups, notes (``Row``), routes, templates, or names of files.

    ``shown`` is what the filter leaves of them. ``looks`` is, for each, all that it is listed and found by.
    ``words`` is what the filter looks at, one text for each; it is made when it is needed.
    """

    row: Row
    members: list[Any] = field(default_factory=list)
    looks: list[object] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)


SECTIONS = (("routes", "Routes"), ("templates", "Templates"), ("files", "Files"))
TEACHING = {
    "routes": ("No routes yet.", "Press + or Ctrl+N."),
    "templates": ("None yet. Press +.",),
    "files": ("None yet. Press +.",),
}


class SideBarModel(QStandardItemModel):
    """The tree of the side bar; ``show_project`` and ``filter`` reset it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.versions = Versions()
        self._sections: list[_Group] = []
        self._known: dict[object, str] = {}  # the words of all that was listed before, by its looks
        self._words: tuple[str, ...] = ()

    def show_project(self, state: ProjectState | None) -> None:
        """List another state of the project; None lists nothing."""
        self.clear()
        self._replace(_sections(state))
        self._fill()

    def take_over(self, state: ProjectState | None) -> bool:
        """Take over a state that shows the same rows; False, and nothing done, where it does not.

        Most changes only move routes in their file: laying the tree out anew would hold up the window.
        """
        fresh = _sections(state)
        if _outline(fresh) != _outline(self._sections):
            return False
        self._replace(fresh)
        for place, section in enumerate(self._sections):
            self._hold(self.item(place), section)
        return True

    def filter(self, text: str) -> None:
        """Show only the rows that hold all words of the text, whatever their case."""
        words = tuple(text.lower().split())
        if words == self._words:
            return
        self._words = words
        self.clear()
        self._pick()
        self._fill()

    def warm(self) -> Iterator[None]:
        """Make the words that the filter looks at before it is asked, in steps."""
        for group in self._groups():
            while len(group.words) < len(group.looks):
                self._add_words(group, len(group.words) + IN_A_STEP)
                yield

    @property
    def filtered(self) -> bool:
        """Whether a filter is on."""
        return bool(self._words)

    def index_of(self, key: tuple[str, ...]) -> QModelIndex:
        """The index of a visible row, or an invalid one."""
        for place, section in enumerate(self._sections):
            if section.row.key == key:
                return self.index(place, 0)
            for position, member in enumerate(section.shown):
                if isinstance(member, _Group):
                    index = self._index_in(member, key, place, position)
                    if index.isValid():
                        return index
                elif _key(member) == key:
                    return self.index(position, 0, self.index(place, 0))
        return QModelIndex()

    def _index_in(self, owner: _Group, key: tuple[str, ...], section: int, position: int) -> QModelIndex:
        """The index of an owner's row, or of one of its routes."""
        if owner.row.key == key:
            return self.index(position, 0, self.index(section, 0))
        if key[:1] != ("route",):
            return QModelIndex()
        _, endpoint, rule = key
        found = (n for n, one in enumerate(owner.shown) if one.endpoint == endpoint and one.rule == rule)
        row = next(found, None)
        if row is None:
            return QModelIndex()
        return self.index(row, 0, self.index(position, 0, self.index(section, 0)))

    def first_match(self) -> QModelIndex:
        """The first row that can be opened, from the top."""
        for group in self.groups():
            first = self.index(0, 0, group)
            row = self.row_at(first)
            if row is not None and row.kind in (RowKind.ROUTE, RowKind.TEMPLATE, RowKind.FILE):
                return first
        return QModelIndex()

    def row_at(self, index: Index) -> Row | None:
        """The row behind an index."""
        if not index.isValid():
            return None
        group: _Group | None = super().data(index, Role.GROUP)
        if group is not None:
            return group.row
        above: _Group = super().data(index.parent(), Role.GROUP)
        return _row(above.shown[index.row()])

    def groups(self) -> list[QModelIndex]:
        """The visible rows that hold others: sections first, each followed by its owners."""
        found = []
        for place, section in enumerate(self._sections):
            above = self.index(place, 0)
            owners = [n for n, one in enumerate(section.shown) if isinstance(one, _Group) and one.shown]
            found += [above] if section.shown else []
            found += [self.index(position, 0, above) for position in owners]
        return found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == Role.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        mark = self.versions.of(_file_of(row))
        if role == Role.MARK:
            return mark
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.spoken or row.text}{', ' if mark else ''}{WORDS.get(mark, '')}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.tooltip}\n{WORDS.get(mark, '')}".strip() or None
        return None

    # What is shown ----------------------------------------------------------------------------

    def _groups(self) -> Iterator[_Group]:
        """All sections, each followed by its owners."""
        for section in self._sections:
            yield section
            yield from (member for member in section.members if isinstance(member, _Group))

    def _replace(self, sections: list[_Group]) -> None:
        """Take other sections; words that were made for the same are kept."""
        for group in self._groups():
            self._known.update(zip(group.looks, group.words, strict=False))
        self._sections = sections
        if len(self._known) > 2 * sum(len(group.looks) for group in self._groups()) + IN_A_STEP:
            kept = {look for group in self._groups() for look in group.looks}
            self._known = {look: words for look, words in self._known.items() if look in kept}
        self._pick()

    def _pick(self) -> None:
        """Decide what is visible under the filter."""
        for section in self._sections:
            for member in section.members:
                if isinstance(member, _Group):
                    member.shown = self._matching(member)
            section.shown = self._matching(section)

    def _matching(self, group: _Group) -> list[Any]:
        """The members that stay: owners with a route that does, never a note."""
        if not self._words:
            return group.members
        if group.members and isinstance(group.members[0], _Group | Row):
            return [one for one in group.members if isinstance(one, _Group) and one.shown]
        self._add_words(group, len(group.looks))
        found = list(zip(group.words, group.members, strict=True))
        for word in self._words:
            found = [pair for pair in found if word in pair[0]]
        return [member for _, member in found]

    def _add_words(self, group: _Group, end: int) -> None:
        """Make the words of a group's members up to that one."""
        begin, known = len(group.words), self._known
        pairs = zip(group.looks[begin:end], group.members[begin:end], strict=True)
        group.words += [known.get(look) or _words(member) for look, member in pairs]

    def _fill(self) -> None:
        """Give Qt as many rows as are visible."""
        self.setColumnCount(1)
        self.invisibleRootItem().appendRows([self._item(section) for section in self._sections])

    def _item(self, group: _Group) -> QStandardItem:
        item = QStandardItem()
        item.setFlags(_FLAGS[group.row.kind])
        item.setData(group, Role.GROUP)
        if group.shown and isinstance(group.shown[0], _Group):
            item.appendRows([self._item(member) for member in group.shown])
        elif group.shown and isinstance(group.shown[0], Row):
            item.appendRows([_note_item() for _ in group.shown])
        else:
            item.setColumnCount(1)
            item.setRowCount(len(group.shown))
        return item

    def _hold(self, item: QStandardItem, group: _Group) -> None:
        """Let an item and those in it stand for the same rows of another state."""
        item.setData(group, Role.GROUP)
        for place, member in enumerate(group.shown):
            if isinstance(member, _Group):
                self._hold(item.child(place), member)


_ENABLED = Qt.ItemFlag.ItemIsEnabled
_FLAGS = {
    RowKind.SECTION: Qt.ItemFlag.NoItemFlags,  # arrow keys pass over it; its + is a button of its own
    RowKind.OWNER: _ENABLED | Qt.ItemFlag.ItemIsSelectable,
}


def _note_item() -> QStandardItem:
    item = QStandardItem()
    item.setFlags(Qt.ItemFlag.ItemNeverHasChildren)
    return item


def _outline(sections: list[_Group]) -> list[object]:
    """All that decides which rows there are."""
    return [(section.row.key, section.looks, _outline_of_members(section)) for section in sections]


def _outline_of_members(section: _Group) -> list[object]:
    return [(m.row.key, m.looks) if isinstance(m, _Group) else _key(m) for m in section.members]


def _sections(state: ProjectState | None) -> list[_Group]:
    if state is None:
        return []
    shown = {template.file for template in state.templates}
    contents: dict[str, list[Any]] = {
        "routes": _owners(state),
        "templates": list(state.templates),
        "files": [file for file in state.files if file not in shown],
    }
    return [_section(name, title, contents[name]) for name, title in SECTIONS]


def _section(name: str, title: str, members: list[Any]) -> _Group:
    notes = [] if members else [_note(name, line) for line in TEACHING[name]]
    group = _Group(Row(RowKind.SECTION, title, ("section", name), name), members or notes)
    if members and name != "routes":
        group.looks = [_key(member) for member in members]
    return group


def _note(section: str, line: str) -> Row:
    return Row(RowKind.NOTE, line, ("note", section, line), tooltip=" ".join(TEACHING[section]))


_ADDED = Row(
    RowKind.OWNER,
    "added by Flask and extensions",
    ("owner", ""),
    Owner("added by Flask and extensions", "", "added"),
    tooltip="Routes that no line of the source declares; they are there once the app runs.",
)
_LOOKS = attrgetter("prefix", "rule", "methods", "function", "endpoint", "owner")


def _owners(state: ProjectState) -> list[_Group]:
    """One group for each owner; the app's own is left out while it is empty."""
    groups: dict[str, _Group] = {}
    for owner in state.owners:
        groups[owner.name] = _Group(_owner_row(owner))
    added = _Group(_ADDED)
    for route in state.routes:
        if not route.in_source:
            added.members.append(route)
            continue
        if route.owner not in groups:
            groups[route.owner] = _Group(_owner_row(Owner(route.owner, route.owner, prefix=route.prefix)))
        groups[route.owner].members.append(route)
    if added.members:
        groups[""] = added
    for group in groups.values():
        group.looks = list(map(_LOOKS, group.members))
    return [group for group in groups.values() if group.members or group.row.value.kind == "blueprint"]


def _row(member: Any) -> Row:
    """What a member of a group says."""
    if isinstance(member, Row):
        return member
    if isinstance(member, _Group):
        return member.row
    if isinstance(member, Route):
        return _route_row(member)
    return _template_row(member) if isinstance(member, TemplateInfo) else _file_row(member)


def _key(member: Any) -> tuple[str, ...]:
    """What finds a note, a template or a file again."""
    if isinstance(member, Row):
        return member.key
    return ("template", member.name) if isinstance(member, TemplateInfo) else ("file", member)


def _words(member: Any) -> str:
    """What the filter looks at."""
    if isinstance(member, Route):
        methods = " ".join(member.methods) or "GET"
        words = f"{methods} {member.full_rule} {member.function} {member.endpoint} {member.owner}"
    else:
        words = f"{member.name} template" if isinstance(member, TemplateInfo) else member
    return words.lower()


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
    spoken = f"{methods} {route.full_rule}, {route.function or route.endpoint}"
    where = f"\n{route.function} · {route.file}:{route.line}" if route.file else ""
    tooltip = f"{methods} {route.full_rule}{where}"
    if not route.in_source:
        spoken += ", not written as a route"
    elif not route.editable:
        spoken += ", code only"
    why = reasons(route)
    if why:
        spoken += f": {why}"
        tooltip += f"\n{why}"
    return Row(RowKind.ROUTE, route.full_rule, ("route", *route.key), route, spoken, tooltip)


def _template_row(template: TemplateInfo) -> Row:
    tooltip = template.file
    spoken = f"Template {template.name}"
    if template.problem is not None:
        tooltip += f"\n{template.problem.sentence}"
        spoken += f", has an error: {template.problem.sentence}"
    return Row(RowKind.TEMPLATE, template.name, ("template", template.name), template, spoken, tooltip)


def _file_of(row: Row) -> str:
    """The file that a row stands for; none for a route, which may be as it was though its file changed."""
    value = row.value
    if isinstance(value, TemplateInfo):
        return value.file
    return value if row.kind is RowKind.FILE else ""


def _file_row(file: str) -> Row:
    return Row(RowKind.FILE, file, ("file", file), file, f"File {file}", file)
