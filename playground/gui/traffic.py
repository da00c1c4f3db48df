"""Joins the list of traffic and the route map to what the server records.

What arrives is fetched a few times a second at most, however much it is, and given to both. What is wanted
of a request in the list is done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from time import monotonic, thread_time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.core.changes import Change
from playground.core.exchanges import Match, RequestSpec
from playground.core.explanations import Explanation
from playground.core.trips import Trip
from playground.gui.insights import Insights
from playground.gui.looking import trip_of
from playground.gui.panels.route_map import RouteMap
from playground.gui.panels.traffic_panel import TrafficPanel
from playground.gui.slices import Slices
from playground.gui.workspace import Workspace
from playground.session.session import Session

REST_MS = 100
"""What arrives within this time is shown together."""
SLICE = 100
"""So many requests are fetched at once; what else the window has to do comes between."""
CROWD = 30
CROWD_REST_MS = 500
"""Where more than so many arrive within that time, it is this time: the server needs the window's turns."""
MAP_REST = 5.0
"""Seconds between two looks of the map in a crowd: to paint a large map takes longer than all the rest."""
SHARE = 0.05
"""Of the window's time, that showing what arrives may take: where it takes long, it is shown less often."""


class Traffic(QObject):
    """``copied`` carries a text for the clipboard, ``route_wanted`` a ``Route`` to open; ``map_wanted`` when
    the map is to be seen; ``counted`` carries how many requests there were.
    """

    copied = Signal(str)
    route_wanted = Signal(object)
    map_wanted = Signal()
    counted = Signal(int)

    def __init__(
        self, workspace: Workspace, panel: TrafficPanel, route_map: RouteMap, insights: Insights
    ) -> None:
        super().__init__(panel)
        self._work, self._session = workspace, workspace.session
        self._panel, self._map, self._insights = panel, route_map, insights
        self._last = 0  # the number of the newest trip that is shown
        self._map_shown = 0.0
        self._total = 0
        self._showing = Slices(iter(()), self)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.fetch)
        self._quiet = QTimer(self, singleShot=True, interval=round(MAP_REST * 1000))
        self._quiet.timeout.connect(self._show_around)
        workspace.arrived.connect(self._soon)
        workspace.changed.connect(self._follow)
        panel.counted.connect(self._count)
        panel.clear_wanted.connect(self.clear)
        panel.opened.connect(insights.open_trip)
        self._deeds = {
            "resend": insights.send_again,
            "curl": self._copy,
            "show_route": self._show_route,
            "show_on_map": self._show_on_map,
        }
        for name, deed in self._deeds.items():
            getattr(panel, name).connect(deed)
        insights.trip_wanted.connect(self.do)
        route_map.asked.connect(self._ask)
        route_map.explain.connect(insights.open_explanation)
        route_map.send.connect(self._send)

    # What arrives -----------------------------------------------------------------------------

    @Slot()
    def _soon(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    @Slot()
    def fetch(self) -> None:
        """Show what has arrived since the last time."""
        self._showing.begin(self._show())

    def _show(self) -> Iterator[None]:
        """Up to the newest that there is now, some at a time: what comes meanwhile is for the next time."""
        newest, count, took = self._session.trips_recorded, 0, 0.0
        while self._last < newest:
            began = thread_time()
            lines = self._session.lines(self._last, SLICE)
            if not lines:
                break
            self._last = lines[-1].number
            count += len(lines)
            self._panel.gather(lines)
            self._map.gather(lines)
            took += (thread_time() - began) * 1000
            if self._last < newest:
                yield
        began = thread_time()
        self._panel.take()
        took += (thread_time() - began) * 1000
        is_crowd = count > CROWD
        if not is_crowd or monotonic() - self._map_shown > MAP_REST:
            self._show_around(shine=not is_crowd)
        elif count or self._map.has_gathered:
            self._quiet.start()
        self._rest.setInterval(max(CROWD_REST_MS if is_crowd else REST_MS, round(took / SHARE)))

    @Slot()
    def _show_around(self, *, shine: bool = False) -> None:
        """What stands around the list: the map, and the number on the tab, which lays out all beside it."""
        self._map_shown = monotonic()
        self._quiet.stop()
        self._map.take(shine=shine)
        self.counted.emit(self._total)

    @Slot(int)
    def _count(self, total: int) -> None:
        self._total = total
        if not self._showing.under_way:
            self.counted.emit(total)

    @Slot()
    def clear(self) -> None:
        """Forget all requests so far."""
        self._showing.begin(iter(()))
        self._session.clear_trips()
        self._forget()

    def _forget(self) -> None:
        self._quiet.stop()
        self._panel.clear()
        self._map.clear_counts()
        self.counted.emit(0)

    def _follow(self, change: Change) -> None:
        snapshot = self._work.snapshot
        if change.origin == "open":  # another project's requests begin with number one
            self._rest.stop()
            self._showing.begin(iter(()))
            self._last = 0
            self._forget()
        self._panel.show_server(snapshot.server, snapshot.restricted)
        if change.origin == "live":
            self._map.ask_again()

    # What is wanted of one --------------------------------------------------------------------

    @Slot(str, int)
    def do(self, name: str, number: int) -> None:
        """One of ``DEEDS`` with a trip, from the list or from its X-ray."""
        self._deeds[name](number)

    def _trip(self, number: int) -> Trip:
        """On the network lane."""
        return trip_of(self._session, number)

    def _copy(self, number: int) -> None:
        session = self._session

        def work() -> str:
            return session.as_curl(session.exchange_of(self._trip(number)).spec)

        self._work.jobs.run("network", work, self.copied.emit, self._work.failed)

    def _show_route(self, number: int) -> None:
        def show(trip: Trip) -> None:
            project = self._work.snapshot.project
            same = [one for one in (project.routes if project else ()) if one.endpoint == trip.endpoint]
            route = next((one for one in same if one.full_rule == trip.rule), next(iter(same), None))
            if route is not None:
                self.route_wanted.emit(route)

        self._work.jobs.run("network", partial(self._trip, number), show, self._work.failed)

    def _show_on_map(self, number: int) -> None:
        def work() -> tuple[Match | None, Explanation | None]:
            trip = self._trip(number)
            if trip.endpoint:
                return _match_of(trip), None
            explanation = self._session.explain(trip.method, trip.path.partition("?")[0])
            return (explanation.match if explanation is not None else None), explanation

        def show(found: tuple[Match | None, Explanation | None]) -> None:
            self.map_wanted.emit()
            self._map.ask.path.clear()  # else the way of what is typed there stays lit
            self._map.light(found[0], None, found[1])

        self._work.jobs.run("network", work, show, self._work.failed)

    # What is typed over the map ---------------------------------------------------------------

    @Slot(str, str)
    def _send(self, method: str, path: str) -> None:
        self._insights.send(RequestSpec(method, path))

    @Slot(str, str)
    def _ask(self, method: str, path: str) -> None:
        self._work.jobs.latest(
            "network",
            "map.ask",
            partial(self._session.explain, method, path),
            partial(self._map.answer, method, path),
            self._work.failed,
        )


def allowed_methods(session: Session, number: int) -> str:
    """The methods that the answer to a trip named, as its ``Allow`` header has them; empty where none did."""
    trip = session.trip(number)
    headers = trip.response_headers if trip is not None else ()
    return next((value for name, value in headers if name.lower() == "allow"), "")


def _match_of(trip: Trip) -> Match:
    """The way that a trip took, as it was recorded."""
    values = tuple((value.name, value.text) for value in trip.values)
    path = trip.path.partition("?")[0]
    return Match(trip.method, path, "match", trip.rule, trip.endpoint, values)
