"""Step through a request: the line that is on, the values by then, and the whole trip below.

Shows one trip, and the lines that were recorded of it under X-ray. Left and Right go a line back and on, Home
and End to the first and the last, wherever the keyboard is in the panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from playground.core.stepping import Stepping
from playground.core.trips import Stage, Trip
from playground.gui.panels.stepper_head import StepHead
from playground.gui.panels.stepper_pane import CodePane, Indented
from playground.gui.panels.stepper_stops import Stops
from playground.gui.panels.stepper_words import trip_row, value_row
from playground.gui.theme import mark
from playground.gui.widgets.span_table import SpanTable

HOW = "The lines of this request were not recorded. Switch on X-ray and send it again."
NOTHING = "Choose a request to see what Flask did with it."
NO_LINES = "None of the project's own code ran for this request."
"""Of a trip that was recorded, but has no lines."""


class Stepper(QWidget):
    """The panel. ``place_opened`` carries a Place; ``record_wanted`` asks to record the request again."""

    place_opened = Signal(object)
    record_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trip: Trip | None = None
        self._stops: Stops | None = None
        self._starts: dict[int, int] = {}
        self._number = 0
        self._head = StepHead()
        self._pane = CodePane()
        self._values = _table("xray.values", "Values here", ("Name", "Type", "Value"), (0.34, 0.3, 0))
        self._steps = _table("xray.trip", "The whole trip", ("", "", ""), (0.42, 0, 0.24))
        self._values_title = Indented(_label("Values here", "section"), 14, 4)
        self._steps_title = Indented(_label("The whole trip", "section"), 14, 4)
        self._no_values = Indented(_label("No variables yet.", "muted"), 0, 4)
        self._put_together()
        self._connect()
        self.show_nothing()

    def _put_together(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        values = (self._values_title, self._no_values, self._values)
        for widget in (self._pane, *values, self._steps_title, self._steps):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(scroll, 1)

    def _connect(self) -> None:
        self._head.wanted.connect(self.go_to)
        self._pane.place_opened.connect(self.place_opened)
        self._pane.record_wanted.connect(self.record_wanted)
        self._steps.itemClicked.connect(lambda item: self._go_to_step(item.row()))
        self._steps.itemDoubleClicked.connect(lambda item: self._open_step(item.row()))
        head = self._head
        for widget in (self._pane.code, self._values, self._steps, head.slider, head.back, head.forward):
            widget.installEventFilter(self)

    # -- what is shown ---------------------------------------------------------------------------------

    def show_trip(self, trip: Trip, stepping: Stepping | None) -> None:
        """Show a trip, from its view's first line where lines were recorded."""
        self._trip = trip
        self._stops = Stops(stepping) if stepping is not None and stepping.moments else None
        self._starts = self._stops.starts(trip) if self._stops is not None else {}
        note, how = _said(stepping)
        self._pane.begin(self._stops is not None, note, how, stepping is None)
        self._show_steps()
        self._show_controls()
        if self._stops is not None:
            self.go_to(self._first_stop())

    def show_nothing(self) -> None:
        """No request is chosen."""
        self._trip = self._stops = None
        self._starts = {}
        self._steps.show_rows(())
        self._pane.begin(False, "", NOTHING, False)
        self._show_controls()

    def _first_stop(self) -> int:
        """Where to begin: at the view, else at what ran first."""
        trip, starts = self._trip, self._starts
        assert trip is not None
        views = [start for step, start in starts.items() if trip.steps[step].stage is Stage.VIEW]
        return views[0] if views else 0

    def _show_controls(self) -> None:
        count = len(self._stops) if self._stops is not None else 0
        self._head.show_count(count)
        for widget in (self._values_title, self._values, self._no_values):
            widget.setVisible(count > 0)
        self._steps_title.setVisible(self._trip is not None)
        self._steps.setVisible(self._trip is not None)

    def _show_steps(self) -> None:
        trip = self._trip
        assert trip is not None
        stops, rows = self._stops, []
        for at, step in enumerate(trip.steps):
            lines = stops.lines_of(at, self._starts) if stops is not None else 0
            rows.append(trip_row(at + 1, step, trip, lines))
        self._steps.setCurrentCell(-1, -1)  # no step of this trip is on yet
        self._steps.show_rows(rows)

    # -- stepping --------------------------------------------------------------------------------------

    @Slot(int)
    def go_to(self, number: int) -> None:
        """Go to a stop, counted from 0; beyond the ends means to the end."""
        stops = self._stops
        if stops is None or self._trip is None:
            return
        self._number = number = max(0, min(number, len(stops) - 1))
        stop = stops.all[number]
        moment = stops.moments[stop.at]
        parts = (f"{self._trip.method} {self._trip.path}", moment.function, moment.file)
        title = " · ".join(part for part in parts if part)
        self._pane.show_at(stops.region(stop), title, stops.line_of(stop), stops.notes(number))
        self._head.show_at(number)
        rows = [value_row(*each) for each in stops.values(stop)]
        self._values.show_rows(rows)
        self._values.setVisible(bool(rows))
        self._no_values.setVisible(not rows)
        step = stops.step_at(number, self._starts)
        self._steps.setCurrentCell(-1 if step is None else step, 0)

    @Slot(int)
    def _go_to_step(self, step: int) -> None:
        """To the first line of a step; one without lines does not become the one that is on."""
        self.go_to(self._starts.get(step, self._number))

    @Slot(int)
    def _open_step(self, step: int) -> None:
        place = self._trip.steps[step].place if self._trip is not None and step >= 0 else None
        if place is not None:
            self.place_opened.emit(place)

    # -- keys ------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that step, before a table or the code takes them for its own."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if self._step_by(event):
                return True
            if watched is self._steps and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open_step(self._steps.currentRow())
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._step_by(event):
            super().keyPressEvent(event)

    def _step_by(self, event: QKeyEvent) -> bool:
        if self._stops is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        targets = {
            Qt.Key.Key_Left: self._number - 1,
            Qt.Key.Key_Right: self._number + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._stops) - 1,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is not None:
            self.go_to(target)
        return target is not None


def _said(stepping: Stepping | None) -> tuple[str, str]:
    """What there is to say of a recording, and what to do or know where it has no lines."""
    if stepping is None:
        return "", HOW
    note = stepping.note
    if stepping.left_out:
        note = f"{note} {stepping.left_out:,} more moments are not kept.".strip()
    return note, "" if note or stepping.moments else NO_LINES


def _table(name: str, words: str, titles: tuple[str, ...], shares: tuple[float, ...]) -> SpanTable:
    table = SpanTable(titles, shares)
    table.setObjectName(name)
    table.setAccessibleName(words)
    return table


def _label(words: str, role: str) -> QLabel:
    label = QLabel(words)
    mark(label, role=role)
    return label
