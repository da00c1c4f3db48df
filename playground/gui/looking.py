"""What is asked about requests that were answered: worked out on the network lane, told on the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from playground.core.exchanges import Exchange, RequestSpec
from playground.core.explanations import Explanation
from playground.core.insight import Insight
from playground.core.messages import Message
from playground.core.problems import refuse
from playground.core.stepping import Stepping
from playground.core.tips import Tip, tip_for
from playground.core.trips import Trip
from playground.gui.jobs import Jobs, reaches
from playground.session.session import Session

T = TypeVar("T")
log = logging.getLogger("playground")


@dataclass(frozen=True, slots=True)
class Look:
    """All that is known of a trip: what was made of it, its lines where they were recorded, and what was sent
    and came back."""

    insight: Insight
    stepping: Stepping | None
    messages: tuple[Message, Message]


def trip_of(session: Session, number: int) -> Trip:
    """A trip that somebody chose; refused where it is not kept any more. On the network lane."""
    trip = session.trip(number)
    if trip is None:
        raise refuse("This request is not kept any more.", "Send it again, or choose a newer one.")
    return trip


def look_at(session: Session, exchange: Exchange) -> tuple[Insight | None, Tip | None]:
    """All that is known of a request that this server answered, and what to try next. On the network lane.

    A mistake of ours in it is logged and costs the reason, never the answer.
    """
    try:
        return _look_at(session, exchange)
    except Exception:
        log.exception("what is known of %s could not be told", exchange.sent_url)
        return None, None


def _look_at(session: Session, exchange: Exchange) -> tuple[Insight | None, Tip | None]:
    trip = session.trip_of(exchange.request_ids[-1]) if exchange.request_ids else None
    insight = session.insight(trip.number) if trip is not None else None
    if insight is None or insight.trip.failed or insight.problems:
        return insight, None
    return insight, tip_for(insight.trip, session.explain)


class Looking:
    """Asks the session; ``failed`` is told of what goes wrong. A page that is gone is told nothing."""

    def __init__(self, session: Session, jobs: Jobs, failed: Callable[[BaseException], None]) -> None:
        self._session, self._jobs, self._failed = session, jobs, failed

    def into(self, number: int, done: Callable[[Look | None], None]) -> None:
        """All that is known of a trip; None where it is not kept any more."""
        session = self._session

        def work() -> Look | None:
            insight = session.insight(number)
            if insight is None:
                return None
            return Look(insight, session.stepping(number), session.messages_of(insight.trip))

        self._ask("into", work, done)

    def explain(self, method: str, path: str, done: Callable[[Explanation | None], None]) -> None:
        """What the router makes of a method and a path."""
        self._ask("explain", lambda: self._session.explain(method, path), done)

    def spec_of(self, number: int, done: Callable[[RequestSpec], None]) -> None:
        """The request of a trip, to be sent again."""
        self._ask("spec", lambda: self._session.exchange_of(trip_of(self._session, number)).spec, done)

    def set_xray(self, on: bool, done: Callable[[bool], None]) -> None:
        """Record the requests that come line by line, or no more."""

        def work() -> bool:
            self._session.set_xray(on)
            return self._session.xray

        self._ask("xray", work, done)

    def _ask(self, key: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Only the newest question of a kind is answered while several wait."""

        def answered(found: T) -> None:
            if reaches(done):
                done(found)

        self._jobs.latest("network", key, work, answered, self._failed)
