"""What a person types is written after a short pause: what waits, what is on its way, what came of it.

A page has one or more places to type in (``form``, ``code``). One is written at a time, in the order in which
they were typed in, since each changes what the next one is written into.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.problems import Problem

AGAIN_MS = 1000
"""Until what the disk did not take is tried again: it may be writable by now, or have room."""


class LateWriter(QObject):
    """``changed`` when ``pending`` may have changed.

    ``write`` is called with a place whose pause is over. It calls ``begun``, and ``written`` or ``refused``
    when that is decided; or ``forget`` where there is nothing to write; or none, and it is asked again
    when something changes.
    """

    changed = Signal()

    def __init__(self, write: Callable[[str], None], pause_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._write = write
        self._waiting: list[str] = []
        self._writing = ""
        self._refused_by_disk = False
        self._pause = QTimer(self, singleShot=True, interval=pause_ms)
        self._pause.timeout.connect(self._write_all)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.go_on)

    @property
    def writing(self) -> str:
        """The place whose text is on its way to the disk; empty while none is."""
        return self._writing

    @property
    def waiting(self) -> bool:
        """Whether something was typed that is not on its way yet, be it that it can't be written."""
        return bool(self._waiting)

    @property
    def stuck(self) -> bool:
        """Whether the disk does not take what was typed; it is tried again and again."""
        return self._refused_by_disk and (self.waiting or bool(self._writing))

    @property
    def pending(self) -> bool:
        """Whether something typed is still to be written."""
        return bool(self._writing) or self._pause.isActive()

    def holds(self, place: str) -> bool:
        """Whether something was typed there that the disk does not have yet."""
        return place in self._waiting or self._writing == place

    def waits(self, place: str) -> bool:
        """Whether something was typed there that is not on its way yet."""
        return place in self._waiting

    def typed(self, place: str) -> None:
        """Something was typed; what was typed elsewhere before is written first."""
        if self._waiting and place not in self._waiting:
            self.flush()
        if place not in self._waiting:
            self._waiting.append(place)
        self._pause.start()
        self.changed.emit()

    def go_on(self) -> None:
        """Try to write what waits once more: what it is written into may be another thing by now."""
        if self._waiting and not self._writing:
            self._pause.start()

    def flush(self) -> None:
        """Write what is typed now, without waiting for the pause."""
        if self._pause.isActive():
            self._pause.stop()
            self._write_all()

    def begun(self, place: str) -> None:
        """The text of a place is on its way to the disk."""
        self._waiting = [one for one in self._waiting if one != place]
        self._writing = place

    def forget(self, *places: str) -> None:
        """Nothing of these places is to be written any more."""
        self._waiting = [one for one in self._waiting if one not in places]
        if not self._waiting:
            self._pause.stop()
        self.changed.emit()

    def written(self) -> None:
        """What was on its way has arrived."""
        self._writing, self._refused_by_disk = "", False
        self.go_on()
        self.changed.emit()

    def refused(self, problem: Problem) -> str:
        """What was on its way did not arrive: it waits again; returns its place."""
        place, self._writing = self._writing, ""
        self._refused_by_disk = problem.field == "disk"
        if self._refused_by_disk:
            self._again.start()
        if place and place not in self._waiting:
            self._waiting.insert(0, place)
        self.changed.emit()
        return place

    def _write_all(self) -> None:
        if self._writing:
            self._pause.start()
            return
        for place in tuple(self._waiting):  # one at a time; the next follows when this one is written
            if not self._writing:
                self._write(place)
