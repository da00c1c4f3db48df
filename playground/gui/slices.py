"""Long work of the GUI thread, done in slices between its events, so that no key waits for all of it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal


class Slices(QObject):
    """Goes through ``steps``, one at a time, whenever there is nothing else to do.

    Whoever needs the outcome calls ``finish``, which does what is left at once. ``done`` follows the
    last step.
    """

    done = Signal()

    def __init__(self, steps: Iterator[None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._step)

    def begin(self, steps: Iterator[None] | None = None) -> None:
        """Go on from here, step by step; or go through other steps, and leave the rest of these."""
        if steps is not None:
            self._steps = steps
        self._idle.start()

    @property
    def under_way(self) -> bool:
        """Whether there are steps to come."""
        return self._idle.isActive()

    def finish(self) -> None:
        """Do what is left."""
        self._idle.stop()
        for _ in self._steps:
            pass
        self.done.emit()

    def _step(self) -> None:
        """One slice; an error in it is the last one's, and is told like any other of a slot."""
        try:
            next(self._steps)
        except StopIteration:
            self._idle.stop()
            self.done.emit()
        except BaseException:
            self._idle.stop()
            raise
