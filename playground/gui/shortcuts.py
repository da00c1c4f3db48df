"""The sheet of all shortcuts (F1), made from the action table so that it can't be out of date."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.gui.actions import Action, native_keys
from playground.gui.theme import mark, theme

EDITOR_KEYS = (
    ("Ctrl+F", "Find in this text"),
    ("Ctrl+/", "Comment or uncomment lines"),
    ("Tab", "Indent; Shift+Tab goes back"),
    ("Esc, Tab", "Leave the editor"),
)
"""What the text editors do with keys of their own."""

_COLUMNS = 2


class ShortcutSheet(QDialog):
    """All keys by group; any row without a key is left out."""

    def __init__(self, rows: Iterable[Action], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            if row.keys:
                groups.setdefault(row.group or "Everywhere", []).append((native_keys(row.keys[0]), row.title))
        groups["In a text editor"] = [
            (", ".join(native_keys(part) for part in keys.split(", ")), title) for keys, title in EDITOR_KEYS
        ]
        inside = QWidget()
        self._columns = QHBoxLayout(inside)
        self._columns.setContentsMargins(*[theme().px(24)] * 4)
        self._columns.setSpacing(theme().px(40))
        for column in _balanced(list(groups.items())):
            self._columns.addLayout(self._column(column))
        self._scrolled(inside)

    def _scrolled(self, inside: QWidget) -> None:
        """As large as all of it, or as the screen has room for; the rest is scrolled to."""
        scroll = QScrollArea()
        scroll.setObjectName("shortcuts.list")
        scroll.setAccessibleName("All shortcuts")
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        bar = scroll.verticalScrollBar().sizeHint().width()
        self.resize((inside.sizeHint() + QSize(bar, 0)).boundedTo(self.screen().availableSize() * 0.9))

    def _column(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme().px(6))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme().px(16))
        grid.setVerticalSpacing(theme().px(5))
        grid.setColumnStretch(1, 1)
        for name, rows in groups:
            grid.addWidget(_label(name, role="section"), grid.rowCount(), 0, 1, 2)
            for keys, title in rows:
                number = grid.rowCount()
                grid.addWidget(_label(keys, role="code"), number, 0)
                grid.addWidget(_label(title), number, 1)
            grid.setRowMinimumHeight(grid.rowCount(), theme().px(12))
        column.addLayout(grid)
        column.addStretch()
        return column


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        mark(label, role=role)
    return label


def _balanced(
    groups: list[tuple[str, list[tuple[str, str]]]],
) -> list[list[tuple[str, list[tuple[str, str]]]]]:
    """The groups in their order, spread over columns of about the same length."""
    columns: list[list[tuple[str, list[tuple[str, str]]]]] = [[] for _ in range(_COLUMNS)]
    total = sum(len(rows) + 2 for _, rows in groups)
    so_far = 0
    for group in groups:
        columns[min(_COLUMNS - 1, so_far * _COLUMNS // total)].append(group)
        so_far += len(group[1]) + 2
    return [column for column in columns if column]
