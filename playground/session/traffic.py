"""The requests that reached the server, from this window or from anywhere. Any thread may ask.

The trips of a project end with it; they outlive an edit that loads its app anew.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from playground.core.exchanges import BodyKind, Exchange, Pairs, RequestSpec, Response
from playground.core.trips import Line, Trip
from playground.session.shared import Shared

_NOT_SENT_AGAIN = frozenset(("host", "content-length", "connection", "transfer-encoding", "accept-encoding"))
"""Headers that whoever sends a request makes for it."""
_KINDS = {"application/json": BodyKind.JSON, "application/x-www-form-urlencoded": BodyKind.FORM}


class Traffic(Shared):
    """One method for each thing that is asked about requests that were answered."""

    @property
    def trips_recorded(self) -> int:
        """How many requests there were since the project was opened, also those not kept any more."""
        live = self._live
        return live.recorder.recorded if live is not None else 0

    def lines(self, after: int = 0, most: int | None = None) -> tuple[Line, ...]:
        """The trips with a higher number that are kept, oldest first; only the first ``most`` of them."""
        live = self._live
        return live.recorder.lines(after, most) if live is not None else ()

    def trip(self, number: int) -> Trip | None:
        """The trip of that number, while it is kept."""
        live = self._live
        return live.recorder.trip(number) if live is not None else None

    def trip_of(self, request_id: str) -> Trip | None:
        """The trip of the request that was sent with this identifier, while it is kept."""
        live = self._live
        return live.recorder.find(request_id) if live is not None else None

    def on_trips(self, callback: Callable[[], None] | None) -> None:
        """Call it when there is a new trip, and not again until ``lines`` was asked; None ends that.

        It is called on the thread that serves the request, and must be over in a moment.
        """
        with self._lock:
            self._on_trips = callback
            if self._live is not None:
                self._live.recorder.on_trips(callback)

    def preview_asks(self, method: str, path: str) -> None:
        """A preview of a page is about to ask for this: its trip is to say so. Returns at once."""
        live = self._live
        if live is not None:
            live.recorder.expect(method, path)

    def clear_trips(self) -> None:
        """Forget the trips; numbers go on."""
        live = self._live
        if live is not None:
            live.recorder.clear()

    def exchange_of(self, trip: Trip) -> Exchange:
        """A trip as the exchange that its client saw, to be shown and to be sent again."""
        base = self._snapshot.server.url
        response = None
        if trip.status:
            body = trip.response_body
            kept = (trip.status, trip.reason, trip.response_headers, body.data, base + trip.path)
            response = Response(*kept, truncated=body.truncated, goes_on=body.size < 0)
        return Exchange(
            spec_of(trip),
            base + trip.path,
            response,
            started=trip.started,
            elapsed=trip.seconds,
            printed=trip.printed,
            request_ids=(trip.request_id,),
        )


def spec_of(trip: Trip) -> RequestSpec:
    """What sends the same request again; of a large body only what was kept."""
    kind = next((value for name, value in trip.request_headers if name.lower() == "content-type"), "")
    body_kind = _KINDS.get(kind.split(";")[0].strip().lower(), BodyKind.TEXT)
    text = trip.request_body.data.decode("utf-8", "replace")
    if not text:
        body_kind = BodyKind.NONE
    form: Pairs = ()
    if body_kind is BodyKind.FORM:
        form, text = tuple(urllib.parse.parse_qsl(text, keep_blank_values=True)), ""
    return RequestSpec(
        method=trip.method,
        url=trip.path,
        headers=tuple(pair for pair in trip.request_headers if pair[0].lower() not in _NOT_SENT_AGAIN),
        body_kind=body_kind,
        body=text,
        form=form,
        follow_redirects=False,
    )
