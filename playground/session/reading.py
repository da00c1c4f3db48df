"""A request that was recorded, and its answer, made ready to be read. On the network lane."""

from __future__ import annotations

from playground.core.exchanges import Pairs
from playground.core.messages import Message
from playground.core.trips import Body, Trip
from playground.core.units import human_size
from playground.session.shared import Shared


class Reading(Shared):
    """What is read of a trip. Laying a body out may take a moment: never on the window's thread."""

    def messages_of(self, trip: Trip) -> tuple[Message, Message]:
        """The request and its answer."""
        from playground.client.forms import query_pairs

        asked = _message(
            f"{trip.method} {trip.path}", trip.request_headers, trip.request_body, query_pairs(trip.path)
        )
        status = f"{trip.status} {trip.reason}".strip() if trip.status else "No answer"
        return asked, _message(status, trip.response_headers, trip.response_body)


def _message(line: str, headers: Pairs, body: Body, query: Pairs = ()) -> Message:
    from playground.client.forms import form_pairs
    from playground.client.text import pretty

    kind, packed = _header(headers, "content-type"), _header(headers, "content-encoding")
    form = form_pairs(body.data, kind)
    text, language = ("", "text") if form or not body.data else pretty(body.data, kind, cut=body.truncated)
    words = (_amount(body), kind.partition(";")[0].strip(), f"packed with {packed}" if packed else "")
    note = " · ".join(filter(None, words)) if body.data or body.size else ""
    return Message(line, headers, query, form, text, language, note)


def _header(headers: Pairs, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _amount(body: Body) -> str:
    """How much there is, and how much of it is here."""
    kept = human_size(len(body.data))
    if body.size < 0:
        return f"{kept} by now"
    if not body.truncated:
        return kept
    return (
        f"the first {kept} of {human_size(body.size)}" if body.data else f"{human_size(body.size)}, not kept"
    )
