"""The rows of the stepper's two tables: the values at a line, and the trip step by step."""

from __future__ import annotations

from playground.core.trips import Stage, Step, Trip, Value
from playground.core.units import human_size, human_time
from playground.gui.widgets.span_table import Cell
from playground.gui.widgets.spans import Span, Spans

Row = tuple[Cell, ...]
CHANGED = "● "
"""The sign of a value that the line changed."""
_NUMBERS = ("int", "float", "complex", "bool", "NoneType")
_KINDS = {
    "application/json": "JSON",
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "form",
    "text/plain": "text",
}


def value_row(value: Value, is_module: bool, is_changed: bool) -> Row:
    """Name, type and value; one that changed has a sign and is bold."""
    name = (Span(CHANGED, "accent"),) if is_changed else ()
    kind = f"{value.type} · module" if is_module else value.type
    token = "string" if value.type == "str" else "post" if value.type in _NUMBERS else "text"
    return (
        Cell((*name, Span(value.name, code=True, bold=is_changed))),
        Cell((Span(kind, "muted"),)),
        Cell((Span(value.text, token, code=True),)),
    )


def trip_row(number: int, step: Step, trip: Trip, lines: int) -> Row:
    """The number and the stage, what it was, and how long it took; ``lines`` of it were recorded."""
    indent = " " * step.depth
    took = human_time(step.seconds) if step.seconds else ""
    return (
        Cell((Span(f"{number} {indent}{step.stage.value}", "muted"),)),
        Cell(_what(step, trip, lines)),
        Cell((Span(took, "muted"),)),
    )


def _what(step: Step, trip: Trip, lines: int) -> Spans:
    said = {
        Stage.REQUEST: _request,
        Stage.ROUTE: _route,
        Stage.TEMPLATE: _template,
        Stage.RESPONSE: _response,
    }.get(step.stage, _function)
    words, note = said(step, trip)
    notes = [f"{lines} {'line' if lines == 1 else 'lines'}"] if lines else []
    if note:
        notes.append(note)
    more = (Span(" · " + " · ".join(notes), "muted"),) if notes else ()
    return (Span(words, code=True), *more)


def _request(step: Step, trip: Trip) -> tuple[str, str]:
    return f"{trip.method} {trip.path}", _sent(trip) or step.note


def _sent(trip: Trip) -> str:
    """``15 B JSON``: what came with the request."""
    if not trip.request_body.size:
        return ""
    size = human_size(trip.request_body.size) if trip.request_body.size > 0 else ""
    given = (value for name, value in trip.request_headers if name.lower() == "content-type")
    kind = next(given, "").split(";")[0].strip().lower()
    return f"{size} {_KINDS.get(kind, kind)}".strip()


def _route(step: Step, trip: Trip) -> tuple[str, str]:
    if not trip.rule:
        return step.note or "no rule matched", ""
    return f"{trip.rule} [{trip.method}] → {trip.endpoint}", ""


def _template(step: Step, trip: Trip) -> tuple[str, str]:
    return step.name, step.note


def _response(step: Step, trip: Trip) -> tuple[str, str]:
    words, _, rest = step.note.partition(" · ")
    return words or f"{trip.status} {trip.reason}".strip(), rest


def _function(step: Step, trip: Trip) -> tuple[str, str]:
    given = ", ".join(f"{value.name}={value.text}" for value in step.values)
    return f"{step.name}({given})", step.note
