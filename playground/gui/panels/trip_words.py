"""What Flask did with a request, in a few rows: the route, the view, its templates, the answer."""

from __future__ import annotations

from collections.abc import Sequence

from playground.core.problems import Place
from playground.core.trips import Stage, Step, Trip, Value
from playground.core.units import human_time
from playground.gui.widgets.span_table import Cell
from playground.gui.widgets.spans import Span, Spans, rule_spans

SHOWN = (Stage.ROUTE, Stage.VIEW, Stage.TEMPLATE, Stage.ERROR, Stage.RESPONSE)
"""The stages that are told here; the X-ray shows all."""
MOST = 7
Row = tuple[Cell, Cell, Cell]


def trip_rows(trip: Trip) -> list[tuple[Row, Place | None]]:
    """Each row as stage, what happened and time, with the place that it is about."""
    told = [step for step in trip.steps if _is_told(step)]
    rows = [(_row(step, trip), step.place) for step in told]
    if trip.raised and (trip.rule or trip.raised[-1].own_frame):  # else it is the router that found nothing
        at = len(rows) - 1 if rows and told[-1].stage is Stage.RESPONSE else len(rows)
        rows.insert(at, _raised_row(trip))
    return [*rows[: MOST - 1], *rows[-1:]] if len(rows) > MOST else rows


def _is_told(step: Step) -> bool:
    """A hook is told where it did more than let the request pass."""
    return step.stage in SHOWN or (step.stage is Stage.BEFORE and bool(step.note))


def _row(step: Step, trip: Trip) -> Row:
    time = human_time(step.seconds) if step.seconds else ""
    return (Cell((Span(step.stage.value, "muted"),)), Cell(_what(step, trip)), Cell((Span(time, "muted"),)))


def _what(step: Step, trip: Trip) -> Spans:
    told = step.note and not (trip.raised and step.note.startswith("raised"))  # that has a row of its own
    note = (Span(f"  {step.note}", "muted"),) if told else ()
    if step.stage is Stage.ROUTE:
        return _route(step, trip)
    if step.stage is Stage.RESPONSE:
        return (Span(step.note or f"{trip.status} {trip.reason}".strip(), code=True),)
    if step.stage is Stage.TEMPLATE:
        return (Span(step.name, code=True), *note)
    place = (Span(f" {step.place}", "muted", code=True),) if step.place else ()
    return (Span(f"{step.name}(", code=True), *_values(step.values), Span(")", code=True), *place, *note)


def _route(step: Step, trip: Trip) -> Spans:
    rule = trip.rule or (step.name if step.name.startswith("/") else "")
    if not trip.rule:
        return (Span(step.note or "no rule matched", "muted"),)
    values = step.values or trip.values
    if not values:
        return rule_spans(rule)
    return (*rule_spans(rule), Span(" → ", code=True), *_values(values, " = "))


def _values(values: Sequence[Value], sign: str = "=") -> Spans:
    spans: list[Span] = []
    for at, value in enumerate(values):
        spans.append(Span(f"{', ' if at else ''}{value.name}{sign}", code=True))
        spans.append(Span(value.text, "string" if value.type == "str" else "post", code=True))
    return tuple(spans)


def _raised_row(trip: Trip) -> tuple[Row, Place | None]:
    """The exception that was the end of it, at the innermost line of the project's own."""
    raised = trip.raised[-1]
    frame = raised.own_frame
    place = Place(frame.file, frame.line) if frame is not None else None
    spans = [Span(raised.type, "error", code=True, bold=True)]
    if raised.message:
        spans.append(Span(f": {raised.message.splitlines()[0][:60]}", code=True))
    if place is not None:
        spans.append(Span(f" {place}", "muted", code=True))
    return (Cell((Span("raised", "muted"),)), Cell(tuple(spans)), Cell(())), place
