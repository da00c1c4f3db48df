"""What the window looks like, as a person chose it: contrast and zoom, with a second choice for a projector.

Each choice is kept at once, in the person's own settings: what is chosen while presenting never changes how
the window looks at the desk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from playground.gui.actions import Action
from playground.gui.theme import CONTRASTS, ZOOM_MAX, ZOOM_MIN, theme

if TYPE_CHECKING:
    from playground.gui.window import Window

STEP = 0.1
PROJECTED = 1.5
"""The zoom with which the first presentation begins."""
SOON_MS = 40
"""A slider that is drawn asks for a zoom more often than all of the window can be drawn anew."""


class Looks(QObject):
    """The choices of one window. ``chosen`` when another zoom was asked for, before it is shown."""

    chosen = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._work = window.workspace
        home = self._work.session.home
        self._desk = (theme().contrast, theme().zoom)
        self._projector = (
            _one_of(home.get("present_contrast"), theme().contrast),
            _within(home.get("present_zoom"), PROJECTED),
        )
        self.presenting = False
        self.zoom = theme().zoom
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._zoom)
        theme().changed.connect(self._follow)

    def rows(self) -> list[Action]:
        """The actions for the menu, the keys and find-anything."""
        return [
            Action("view.contrast", "High contrast", self.toggle_contrast, "", "contrast", group="View"),
            Action("view.larger", "Larger", self.larger, "Ctrl+= Ctrl++", "zoom-in", group="View"),
            Action("view.smaller", "Smaller", self.smaller, "Ctrl+-", "zoom-out", group="View"),
            Action("view.normal", "Normal size", self.normal, "Ctrl+0", "fit", group="View"),
        ]

    def present(self) -> None:
        """Take the look for the projector."""
        self._desk = (theme().contrast, theme().zoom)
        self._take(presenting=True)

    def return_to_desk(self) -> None:
        """Take the look of before."""
        if self._soon.isActive():
            self._zoom()
        self._projector = (theme().contrast, self.zoom)
        self._take(presenting=False)

    def _take(self, *, presenting: bool) -> None:
        self._soon.stop()
        self.presenting = presenting
        contrast, self.zoom = self._projector if presenting else self._desk
        theme().set_look(contrast, self.zoom)
        self.chosen.emit()

    def larger(self) -> None:
        """One step larger."""
        self.set_zoom(self.zoom + STEP)

    def smaller(self) -> None:
        """One step smaller."""
        self.set_zoom(self.zoom - STEP)

    def normal(self) -> None:
        """The size of the design."""
        self.set_zoom(1.0)

    def set_zoom(self, zoom: float) -> None:
        """Scale everything to 0.8 to 3.0."""
        self.zoom = _within(zoom, 1.0)
        self._zoom()

    def set_zoom_soon(self, zoom: float) -> None:
        """The same for a slider or a wheel, once it was still for a moment."""
        self.zoom = _within(zoom, 1.0)
        self.chosen.emit()
        self._soon.start()

    def _zoom(self) -> None:
        self._soon.stop()
        self.chosen.emit()
        theme().set_zoom(self.zoom)
        self._keep("zoom", self.zoom)

    def _follow(self) -> None:
        """Whoever changed it: what is shown is what was chosen, but for a slider that is being drawn."""
        if not self._soon.isActive():
            self.zoom = theme().zoom
            self.chosen.emit()

    def toggle_contrast(self) -> None:
        """High contrast, or the colours of the design."""
        theme().set_contrast("normal" if theme().is_high else "high")
        self._keep("contrast", theme().contrast)

    def _keep(self, key: str, value: object) -> None:
        home, kept = self._work.session.home, f"present_{key}" if self.presenting else key
        self._work.project(lambda: home.set(kept, value))


def _within(zoom: object, default: float) -> float:
    """A zoom that there is; ``default`` where the settings hold something else."""
    if not isinstance(zoom, int | float):
        return default
    return round(min(ZOOM_MAX, max(ZOOM_MIN, zoom)), 2)


def _one_of(contrast: object, default: str) -> str:
    return contrast if isinstance(contrast, str) and contrast in CONTRASTS else default
