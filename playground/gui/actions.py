"""Actions are rows, not code: menus, tool bar, find-anything and the shortcut sheet come from one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from playground.gui import fuzzy
from playground.gui.icons import set_icon


@dataclass(frozen=True)
class Action:
    """One thing a person can do.

    ``id`` reads ``panel.verb``; ``shortcut`` holds its keys as Qt writes them, several apart by spaces
    (``"Ctrl+= Ctrl++"``); ``when`` says whether it is possible now; ``group`` is its heading in the
    shortcut sheet.
    """

    id: str
    title: str
    callback: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    when: Callable[[], bool] | None = None
    group: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys, the one to show first."""
        return tuple(self.shortcut.split())

    @property
    def possible(self) -> bool:
        """Whether it can be done now."""
        return self.when is None or self.when()


def native_keys(keys: str) -> str:
    """Keys as they are written on this system: ``Ctrl+K``, ``⌘K``."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class ActionTable:
    """The rows of one window; each has one QAction, whose keys work in the whole window."""

    def __init__(self, window: QWidget, rows: Iterable[Action] = ()) -> None:
        self._window = window
        self._rows: dict[str, Action] = {}
        self._actions: dict[str, QAction] = {}
        self._keys: dict[str, str] = {}
        for row in rows:
            self.add(row)

    def __iter__(self) -> Iterator[Action]:
        return iter(self._rows.values())

    def __getitem__(self, action_id: str) -> Action:
        return self._rows[action_id]

    def add(self, row: Action) -> QAction:
        """Register a row; an id or a key that is taken is a mistake of ours."""
        if row.id in self._rows:
            raise ValueError(f"two actions are called {row.id}")
        for keys in row.keys:
            normal = QKeySequence(keys).toString()
            if not normal:
                raise ValueError(f"{row.id}: no such key: {keys}")
            if normal in self._keys:
                raise ValueError(f"{keys} belongs to {self._keys[normal]} and to {row.id}")
            self._keys[normal] = row.id
        self._rows[row.id] = row
        self._actions[row.id] = self._make(row)
        return self._actions[row.id]

    def qaction(self, action_id: str) -> QAction:
        """The row as Qt has it, to put into menus and tool bars."""
        return self._actions[action_id]

    def menu(self, *action_ids: str) -> QMenu:
        """A menu of those rows; an empty id is a line between two groups."""
        menu = QMenu(self._window)
        menu.setObjectName("menu")
        menu.setAccessibleName("Everything that can be done")
        for action_id in action_ids:
            if action_id:
                menu.addAction(self._actions[action_id])
            else:
                menu.addSeparator()
        menu.aboutToShow.connect(self.refresh)
        return menu

    def refresh(self) -> None:
        """Ask each row again whether it is possible now; its icon is drawn when it is first to be seen."""
        for row in self:
            action = self._actions[row.id]
            action.setEnabled(row.possible)
            if row.icon:
                set_icon(action, row.icon)

    def find(self, text: str) -> list[Action]:
        """The rows that are possible now and fit a few letters, best first."""
        return fuzzy.best(text, (row for row in self if row.possible), lambda row: row.title)

    def _make(self, row: Action) -> QAction:
        action = QAction(row.title, self._window)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(keys) for keys in row.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if row.keys:
            action.setToolTip(f"{row.title} ({native_keys(row.keys[0])})")
        action.triggered.connect(lambda: row.callback() if row.possible else None)
        self._window.addAction(action)
        return action
