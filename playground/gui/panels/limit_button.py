"""How long a view may take, in the line at the bottom: it says the limit, and its menu sets another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

CHOICES: tuple[float | None, ...] = (5, 10, 30, 60, 300, None)
HOVER = (
    "A view that takes longer is stopped and answered with 504.\n"
    "An answer that keeps sending (a stream) may take as long as it likes."
)


def words(limit: float | None) -> str:
    """``30 s``, ``2.5 s``, ``5 min``, ``None``."""
    if limit is None:
        return "None"
    return f"{limit / 60:g} min" if limit >= 60 and limit % 60 == 0 else f"{limit:g} s"


class LimitButton(QPushButton):
    """``chosen`` carries the limit of an entry in seconds, or None; ``other`` asks for one of their own."""

    chosen = Signal(object)
    other = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("server.limit")
        self.setProperty("flat", True)
        self.setToolTip(HOVER)
        self._limit: float | None = None
        menu = QMenu(self)
        menu.setObjectName("server.limit.menu")
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def show_limit(self, limit: float | None) -> None:
        """Say what holds now."""
        self._limit = limit
        self.setText("No limit" if limit is None else f"Limit {words(limit)}")
        self.setAccessibleName(f"Time limit of a view: {words(limit).lower()}")

    def _fill(self) -> None:
        """The usual limits, and the one that holds among them."""
        menu = self.menu()
        menu.clear()
        own = () if self._limit in CHOICES else (self._limit,)
        for limit in (*CHOICES[:-1], *own, None):
            action = menu.addAction(words(limit), partial(self.chosen.emit, limit))
            action.setCheckable(True)
            action.setChecked(limit == self._limit)
        menu.addSeparator()
        menu.addAction("Other…", self.other.emit)
