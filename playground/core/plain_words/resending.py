"""The request that was sent, made ready to be sent again with something changed."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from playground.core.exchanges import BodyKind, Pairs, RequestSpec
from playground.core.plain_words.drawers import body_text, drawers_of
from playground.core.trips import Trip

_OF_THE_WIRE = frozenset((
    *("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"),
    *("cookie", "accept", "keep-alive", "upgrade-insecure-requests", "content-type"),
))  # fmt: skip
"""Headers that the sender makes by itself; the content type follows from the kind of the body."""


def again(trip: Trip) -> RequestSpec:
    """The same method, path, query and headers, without a body."""
    parts = urlsplit(trip.path)
    headers = tuple(pair for pair in trip.request_headers if pair[0].lower() not in _OF_THE_WIRE)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return RequestSpec(trip.method, parts.path or "/", query, headers)


def as_json(trip: Trip, text: str | None = None) -> RequestSpec:
    """The same with its body labelled as JSON, or with another text in its place."""
    body = body_text(trip) if text is None else text
    return replace(again(trip), body_kind=BodyKind.JSON, body=body)


def as_form(trip: Trip, pairs: Pairs) -> RequestSpec:
    """The same with these fields of a form as its body."""
    return replace(again(trip), body_kind=BodyKind.FORM, form=pairs)


def with_query(trip: Trip, more: Pairs) -> RequestSpec:
    """The same with more in its query; a body stays."""
    spec = again(trip)
    drawers = drawers_of(trip)
    if drawers.form:
        spec = as_form(trip, drawers.form)
    elif drawers.is_json:
        spec = as_json(trip)
    return replace(spec, query=(*spec.query, *more))
