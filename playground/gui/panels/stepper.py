"""Step through a request: the line that is on, the values by then, and the whole trip below.

Shows one trip, and the lines that were recorded of it under X-ray. Left and Right go a line back and on, Home
and End to the first and the last, wherever the keyboard is in the panel.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.problems import Place
from playground.core.stepping import Stepping
from playground.core.trips import Trip
from playground.gui.icons import set_icon
from playground.gui.panels.stepper_code import StepCode
from playground.gui.panels.stepper_stops import Region, Stops
from playground.gui.panels.stepper_words import trip_row, value_row
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.lexing import language_of
from playground.gui.widgets.span_table import SpanTable

MOST_ROWS = 14
"""Rows of code that are in view at once; the code scrolls where it has more."""
MANY = 12
"""Stops from which on there is a slider."""
HOW = "Switch on X-ray and send it again."
NOTHING = "Choose a request to see what Flask did with it."
NOT_YET = "The lines of this request were not recorded."
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
        self._region: Region | None = None
        self._build_head()
        self._build_code()
        self._values = _table("xray.values", "Values here", ("Name", "Type", "Value"), (0.34, 0.3, 0))
        self._steps = _table("xray.trip", "The whole trip", ("", "", ""), (0.42, 0, 0.24))
        self._values_title = _section("Values here")
        self._steps_title = _section("The whole trip")
        self._no_values = QLabel("No variables yet.")
        mark(self._no_values, role="muted")
        self._put_together()
        self._steps.itemClicked.connect(lambda item: self._go_to_step(item.row()))
        self._steps.itemDoubleClicked.connect(lambda item: self._open_step(item.row()))
        for widget in (self._code, self._values, self._steps, self._slider, self._back, self._forward):
            widget.installEventFilter(self)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.show_nothing()

    # -- building --------------------------------------------------------------------------------------

    def _build_head(self) -> None:
        title = QLabel("Step through a request")
        mark(title, role="strong")
        self._back = _arrow("xray.back", "One line back", "chevron-left")
        self._forward = _arrow("xray.forward", "One line on", "chevron-right")
        self._position = QLabel()
        self._position.setObjectName("xray.position")
        self._position.setAccessibleName("The line that is on")
        mark(self._position, role="muted")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("xray.slider")
        self._slider.setAccessibleName("The line that is on, of all of them")
        self._back.clicked.connect(lambda: self.go_to(self._number - 1))
        self._forward.clicked.connect(lambda: self.go_to(self._number + 1))
        self._slider.valueChanged.connect(self.go_to)
        self._arrows = QWidget()
        row = QHBoxLayout(self._arrows)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._back, self._position, self._forward):
            row.addWidget(widget)
        line = QWidget()
        flow = FlowLayout(line, last_at_end=True)
        flow.addWidget(title)
        flow.addWidget(self._arrows)
        self._head = QWidget()
        mark(self._head, surface="panel", edge="bottom")
        self._head_row = QVBoxLayout(self._head)
        self._head_row.addWidget(line)
        self._head_row.addWidget(self._slider)

    def _build_code(self) -> None:
        self._heading = QLabel()
        self._heading.setObjectName("xray.heading")
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        mark(self._heading, role="muted", mono=True)
        self._code = StepCode()
        self._code.setObjectName("xray.code")
        self._code.line_opened.connect(self._open_line)
        self._effect = _words("xray.effect", "What this line came to")
        self._note = _words("xray.note", "What was recorded")
        self._how = _words("xray.how", "How to record the lines")
        self._record = QPushButton("Record it with X-ray")
        self._record.setObjectName("xray.record")
        self._record.setAccessibleName("Record it with X-ray")
        self._record.clicked.connect(self.record_wanted)
        self._code_ground = QWidget()
        mark(self._code_ground, surface="sunken")
        self._code_column = QVBoxLayout(self._code_ground)
        for widget in (self._heading, self._code, self._effect, self._note, self._how):
            self._code_column.addWidget(widget)
        self._record_row = QHBoxLayout()
        self._record_row.addWidget(self._record)
        self._record_row.addStretch(1)
        self._code_column.addLayout(self._record_row)

    def _put_together(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (
            self._code_ground,
            self._values_title,
            self._no_values,
            self._values,
            self._steps_title,
            self._steps,
        ):
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

    # -- what is shown ---------------------------------------------------------------------------------

    def show_trip(self, trip: Trip, stepping: Stepping | None) -> None:
        """Show a trip, from its view's first line where lines were recorded."""
        self._trip, self._region = trip, None
        has_lines = stepping is not None and bool(stepping.moments)
        self._stops = Stops(stepping) if stepping is not None and has_lines else None
        self._starts = self._stops.starts(trip) if self._stops is not None else {}
        self._show_steps()
        self._say(stepping)
        self._show_controls()
        if self._stops is not None:
            self.go_to(self._first_stop())

    def show_nothing(self) -> None:
        """No request is chosen."""
        self._trip = self._stops = self._region = None
        self._starts = {}
        self._steps.show_rows(())
        self._how.setText(NOTHING)
        self._how.show()
        self._note.hide()
        self._show_controls()

    def _first_stop(self) -> int:
        """Where to begin: at the view, else at what ran first."""
        trip, starts = self._trip, self._starts
        assert trip is not None
        views = [start for step, start in starts.items() if trip.steps[step].stage == "view"]
        return views[0] if views else 0

    def _say(self, stepping: Stepping | None) -> None:
        """What there is to say of the recording, or how to make one."""
        note = stepping.note if stepping is not None else ""
        if stepping is not None and stepping.left_out:
            note = f"{note} {stepping.left_out:,} more moments are not kept.".strip()
        self._note.setText(note)
        self._note.setVisible(bool(note))
        missing = NOT_YET if stepping is None else "" if note else NO_LINES
        self._how.setText(f"{missing} {HOW}" if stepping is None else missing)
        self._how.setVisible(self._stops is None and bool(missing))

    def _show_controls(self) -> None:
        count = len(self._stops) if self._stops is not None else 0
        stepped = count > 0
        shown: tuple[QWidget, ...] = (self._arrows, self._heading, self._code, self._values)
        for widget in (*shown, self._values_title, self._no_values):
            widget.setVisible(stepped)
        self._slider.setVisible(count > MANY)
        self._slider.setRange(0, max(0, count - 1))
        self._effect.hide()
        self._record.setVisible(self._trip is not None and not stepped)
        self._steps_title.setVisible(self._trip is not None)
        self._steps.setVisible(self._trip is not None)

    def _show_steps(self) -> None:
        trip = self._trip
        assert trip is not None
        stops, rows = self._stops, []
        for at, step in enumerate(trip.steps):
            lines = stops.lines_in(stops.all[self._starts[at]]) if stops and at in self._starts else 0
            rows.append(trip_row(at + 1, step, trip, lines))
        self._steps.show_rows(rows)

    # -- stepping --------------------------------------------------------------------------------------

    @Slot(int)
    def go_to(self, number: int) -> None:
        """Go to a stop, counted from 0; beyond the ends means to the end."""
        stops = self._stops
        if stops is None:
            return
        self._number = number = max(0, min(number, len(stops) - 1))
        stop = stops.all[number]
        self._show_region(stops.region(stop))
        self._code.show_at(stops.line_of(stop), stops.notes(number))
        self._position.setText(f"line {number + 1:,} of {len(stops):,}")
        self._back.setEnabled(number > 0)
        self._forward.setEnabled(number < len(stops) - 1)
        self._slider.blockSignals(True)
        self._slider.setValue(number)
        self._slider.blockSignals(False)
        rows = [value_row(*each) for each in stops.values(stop)]
        self._values.show_rows(rows)
        self._values.setVisible(bool(rows))
        self._no_values.setVisible(not rows)
        step = stops.step_at(number, self._starts)
        self._steps.setCurrentCell(-1 if step is None else step, 0)
        self._show_effect()

    def _show_region(self, region: Region) -> None:
        if region == self._region or self._trip is None or self._stops is None:
            return
        self._region = region
        moment = self._stops.moments[self._stops.all[self._number].at]
        parts = (f"{self._trip.method} {self._trip.path}", moment.function, moment.file)
        self._heading.setToolTip(" · ".join(part for part in parts if part))
        self._code.show_code(region.lines, region.first, language_of(region.file))
        self._fit_code()

    def _show_effect(self) -> None:
        """Say below what has no room beside its line."""
        cut = self._stops is not None and self._code.is_note_cut()
        self._effect.setText(self._code.current_note)
        self._effect.setVisible(cut)

    def _fit_code(self) -> None:
        """The code as high as its lines, and what it is of in one line."""
        words, room = self._heading.toolTip(), self._heading.contentsRect().width()
        end = Qt.TextElideMode.ElideMiddle
        self._heading.setText(self._heading.fontMetrics().elidedText(words, end, room))
        self._code.setFixedHeight(self._code.height_of(min(MOST_ROWS, self._code.row_count)))

    @Slot(int)
    def _go_to_step(self, step: int) -> None:
        if step in self._starts:
            self.go_to(self._starts[step])
        elif self._stops is not None:
            self.go_to(self._number)  # the row that is marked is the one that is on

    # -- opening ---------------------------------------------------------------------------------------

    @Slot(int)
    def _open_step(self, step: int) -> None:
        place = self._trip.steps[step].place if self._trip is not None else None
        if place is not None:
            self.place_opened.emit(place)

    @Slot(int)
    def _open_line(self, line: int) -> None:
        if self._region is not None:
            self.place_opened.emit(Place(self._region.file, line))

    # -- keys and room ---------------------------------------------------------------------------------

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_code()
        self._show_effect()

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._head_row.setContentsMargins(px(12), px(9), px(8), px(9))
        self._code_column.setContentsMargins(0, px(9), 0, px(9))
        for label in (self._heading, self._effect, self._note, self._how):
            label.setContentsMargins(px(14), px(3), px(12), px(3))
        self._code_column.setSpacing(px(2))
        self._record_row.setContentsMargins(px(14), px(5), px(12), px(5))
        for title in (self._values_title, self._steps_title, self._no_values):
            title.setContentsMargins(px(12), px(14), px(12), px(4))
        self._no_values.setContentsMargins(px(12), 0, px(12), px(4))
        self._fit_code()
        if self._stops is not None:
            self.go_to(self._number)


def _table(name: str, words: str, titles: tuple[str, ...], shares: tuple[float, ...]) -> SpanTable:
    table = SpanTable(titles, shares)
    table.setObjectName(name)
    table.setAccessibleName(words)
    return table


def _section(words: str) -> QLabel:
    label = QLabel(words)
    mark(label, role="section")
    return label


def _words(name: str, accessible: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setObjectName(name)
    label.setAccessibleName(accessible)
    label.setTextFormat(Qt.TextFormat.PlainText)
    mark(label, role="muted")
    return label


def _arrow(name: str, words: str, picture: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setToolTip(words)
    mark(button, framed=True)
    set_icon(button, picture)
    return button
