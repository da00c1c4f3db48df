"""What the side bar lists, as a Qt model: sections, owners with their routes, templates, files.

Qt asks the model of a tree about each of its rows whenever it lays them out, and 10,000 answers given in
Python hold up the window at each key typed. So the rows of routes, templates and files are mere numbers in
Qt's own model, which answers by itself; what a row says is looked up when it is painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from playground.core.changes import ProjectState
from playground.core.versions import WORDS, Versions
from playground.gui.panels.side_bar_groups import (
    Group,
    Row,
    RowKind,
    file_of,
    key_of,
    outline,
    row_of,
    sections_of,
    words_of,
)

Index = QModelIndex | QPersistentModelIndex
IN_A_STEP = 500
"""So many routes are looked at in one step of ``warm``: a few milliseconds."""


class Role(IntEnum):
    """The data roles of ours: ``ROW`` gives the ``Row`` itself, ``GROUP`` what a section or owner holds,
    ``MARK`` the letter that says how its file differs from the last commit.
    """

    ROW = Qt.ItemDataRole.UserRole + 20
    GROUP = Qt.ItemDataRole.UserRole + 21
    MARK = Qt.ItemDataRole.UserRole + 22


class SideBarModel(QStandardItemModel):
    """The tree of the side bar; ``show_project`` and ``filter`` reset it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.versions = Versions()
        self._sections: list[Group] = []
        self._known: dict[object, str] = {}  # the words of all that was listed before, by its looks
        self._words: tuple[str, ...] = ()

    def show_project(self, state: ProjectState | None) -> None:
        """List another state of the project; None lists nothing."""
        self.clear()
        self._replace(sections_of(state))
        self._fill()

    def take_over(self, state: ProjectState | None) -> bool:
        """Take over a state that shows the same rows; False, and nothing done, where it does not.

        Most changes only move routes in their file: laying the tree out anew would hold up the window.
        """
        fresh = sections_of(state)
        if outline(fresh) != outline(self._sections):
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
                if isinstance(member, Group):
                    index = self._index_in(member, key, place, position)
                    if index.isValid():
                        return index
                elif key_of(member) == key:
                    return self.index(position, 0, self.index(place, 0))
        return QModelIndex()

    def _index_in(self, owner: Group, key: tuple[str, ...], section: int, position: int) -> QModelIndex:
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
        group: Group | None = super().data(index, Role.GROUP)
        if group is not None:
            return group.row
        above: Group = super().data(index.parent(), Role.GROUP)
        return row_of(above.shown[index.row()])

    def groups(self) -> list[QModelIndex]:
        """The visible rows that hold others: sections first, each followed by its owners."""
        found = []
        for place, section in enumerate(self._sections):
            above = self.index(place, 0)
            owners = [n for n, one in enumerate(section.shown) if isinstance(one, Group) and one.shown]
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
        mark = self.versions.of(file_of(row))
        if role == Role.MARK:
            return mark
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.spoken or row.text}{', ' if mark else ''}{WORDS.get(mark, '')}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.tooltip}\n{WORDS.get(mark, '')}".strip() or None
        return None

    # What is shown ----------------------------------------------------------------------------

    def _groups(self) -> Iterator[Group]:
        """All sections, each followed by its owners."""
        for section in self._sections:
            yield section
            yield from (member for member in section.members if isinstance(member, Group))

    def _replace(self, sections: list[Group]) -> None:
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
                if isinstance(member, Group):
                    member.shown = self._matching(member)
            section.shown = self._matching(section)

    def _matching(self, group: Group) -> list[Any]:
        """The members that stay: owners with a route that does, never a note."""
        if not self._words:
            return group.members
        if group.members and isinstance(group.members[0], Group | Row):
            return [one for one in group.members if isinstance(one, Group) and one.shown]
        self._add_words(group, len(group.looks))
        found = list(zip(group.words, group.members, strict=True))
        for word in self._words:
            found = [pair for pair in found if word in pair[0]]
        return [member for _, member in found]

    def _add_words(self, group: Group, end: int) -> None:
        """Make the words of a group's members up to that one."""
        begin, known = len(group.words), self._known
        pairs = zip(group.looks[begin:end], group.members[begin:end], strict=True)
        group.words += [known.get(look) or words_of(member) for look, member in pairs]

    def _fill(self) -> None:
        """Give Qt as many rows as are visible."""
        self.setColumnCount(1)
        self.invisibleRootItem().appendRows([self._item(section) for section in self._sections])

    def _item(self, group: Group) -> QStandardItem:
        item = QStandardItem()
        item.setFlags(_FLAGS[group.row.kind])
        item.setData(group, Role.GROUP)
        if group.shown and isinstance(group.shown[0], Group):
            item.appendRows([self._item(member) for member in group.shown])
        elif group.shown and isinstance(group.shown[0], Row):
            item.appendRows([_note_item() for _ in group.shown])
        else:
            item.setColumnCount(1)
            item.setRowCount(len(group.shown))
        return item

    def _hold(self, item: QStandardItem, group: Group) -> None:
        """Let an item and those in it stand for the same rows of another state."""
        item.setData(group, Role.GROUP)
        for place, member in enumerate(group.shown):
            if isinstance(member, Group):
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
