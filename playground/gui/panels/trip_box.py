"""Under an answer: what Flask did to make it, in a few rows, and one thing to try next.

Where there is little room only its heading is there, and opens it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.core.problems import Place
from playground.core.tips import Tip
from playground.core.trips import Trip
from playground.gui.icons import set_icon
from playground.gui.panels.trip_words import trip_rows
from playground.gui.theme import mark, theme
from playground.gui.widgets.span_table import SpanTable
from playground.gui.widgets.spans import Span, as_html, sentence_spans

LEAST, LOW, ROOMY = 240, 380, 500
"""Heights of the answer's panel (pixels of the design) from which on heading, rows and tip are shown."""

SHARE = 0.4
"""Of that height, what the rows may take by themselves."""


class TripBox(QWidget):
    """The steps of one trip. ``place_opened`` carries the ``Place`` of a row that was chosen.

    ``xray_wanted`` when a row without a place was: all of it is in the X-ray.
    """

    place_opened = Signal(object)
    xray_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: list[Place | None] = []
        self._tip: Tip | None = None
        self._room = float(LOW)
        self._chosen: bool | None = None  # by the person: open or not, whatever the room
        mark(self, surface="panel", edge="top")
        self._head = QToolButton()
        self._head.setObjectName("response.trip.show")
        self._head.setCheckable(True)
        self._head.setText("WHAT FLASK DID")
        self._head.setProperty("section", True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.clicked.connect(self._choose)
        self._rows = SpanTable(("", "", ""), (0.3, 0, 0.25))
        self._rows.setObjectName("response.trip")
        self._rows.setAccessibleName("What Flask did")
        self._rows.chosen.connect(self._row_chosen)
        self._words = QLabel(wordWrap=True)
        self._words.setObjectName("response.tip")
        self._words.setAccessibleName("What to try next")
        mark(self._words, role="note")
        row = QHBoxLayout()
        row.addWidget(self._head)
        row.addStretch(1)
        row.addWidget(self._more())
        self._column = QVBoxLayout(self)
        self._column.addLayout(row)
        self._column.addWidget(self._rows)
        self._column.addWidget(self._words)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    def _more(self) -> QPushButton:
        more = QPushButton("X-ray")
        more.setObjectName("response.xray")
        more.setAccessibleName("X-ray of this request")
        more.setToolTip("All that happened to this request, step by step")
        more.setProperty("link", True)
        more.clicked.connect(self.xray_wanted)
        return more

    def show_trip(self, trip: Trip | None, tip: Tip | None = None) -> None:
        """Show a trip; nothing where none was recorded."""
        rows = trip_rows(trip) if trip is not None else []
        self._places = [place for _, place in rows]
        self._rows.show_rows([row for row, _ in rows])
        self._tip = tip
        self._paint_tip()
        self._arrange()

    def set_room(self, height: float) -> None:
        """How high (in pixels of the design) the panel is that this box is at the bottom of."""
        if height != self._room:
            self._room = height
            self._arrange()

    def _choose(self, on: bool) -> None:
        self._chosen = on
        self._arrange()

    def _arrange(self) -> None:
        self.setVisible(bool(self._places) and self._room >= LEAST)
        fits = self._room >= LOW and self._rows.height() <= SHARE * self._room * theme().zoom
        is_open = fits if self._chosen is None else self._chosen
        self._head.setChecked(is_open)
        self._head.setAccessibleName("Hide what Flask did" if is_open else "Show what Flask did")
        self._head.setToolTip("Fold it away" if is_open else "Show the steps")
        set_icon(self._head, "chevron-down" if is_open else "chevron-right", "muted")
        self._rows.setVisible(is_open)
        self._words.setVisible(is_open and self._room >= ROOMY and self._tip is not None)

    def _row_chosen(self, row: int) -> None:
        place = self._places[row]
        if place is not None:
            self.place_opened.emit(place)
        else:
            self.xray_wanted.emit()

    def _paint_tip(self) -> None:
        if self._tip is not None:
            lead = Span(f"Try {self._tip.path}. ", bold=True)
            self._words.setText(as_html((lead, *sentence_spans(self._tip.why))))

    def _follow_theme(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(12), px(8), px(12), px(10))
        self._column.setSpacing(px(6))
        self._paint_tip()
