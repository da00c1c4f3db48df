"""Joins the list of traffic and the route map to what the server records.

What arrives is fetched a few times a second at most, however much it is, and given to both. What is wanted
of a request in the list is done here.
"""

from __future__ import annotations

from functools import partial
from time import thread_time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.core.changes import Change
from playground.core.exchanges import Match, RequestSpec
from playground.core.explanations import Explanation
from playground.core.problems import refuse
from playground.core.trips import Trip
from playground.gui.insights import Insights
from playground.gui.panels.route_map import RouteMap
from playground.gui.panels.traffic_panel import TrafficPanel
from playground.gui.workspace import Workspace
from playground.session.session import Session

REST_MS = 100
"""What arrives within this time is shown together."""
CROWD = 30
CROWD_REST_MS = 500
"""Where more than so many arrive within that time, it is this time: the server needs the window's turns."""
SHARE = 0.05
"""Of the window's time, that showing what arrives may take: where it takes long, it is shown less often."""


class Traffic(QObject):
    """``copied`` carries a text for the clipboard, ``route_wanted`` a ``Route`` to open; ``map_wanted`` when
    the map is to be seen.
    """

    copied = Signal(str)
    route_wanted = Signal(object)
    map_wanted = Signal()

    def __init__(
        self, workspace: Workspace, panel: TrafficPanel, route_map: RouteMap, insights: Insights
    ) -> None:
        super().__init__(panel)
        self._work, self._session = workspace, workspace.session
        self._panel, self._map, self._insights = panel, route_map, insights
        self._last = 0  # the number of the newest trip that is shown
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.fetch)
        workspace.arrived.connect(self._soon)
        workspace.changed.connect(self._follow)
        panel.clear_wanted.connect(self.clear)
        panel.opened.connect(insights.open_trip)
        panel.resend.connect(self._resend)
        panel.curl.connect(self._copy)
        panel.show_route.connect(self._show_route)
        panel.show_on_map.connect(self._show_on_map)
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
        began = thread_time()
        lines = self._session.lines(self._last)
        if lines:
            self._last = lines[-1].number
            self._panel.take(lines)
            self._map.take(lines)
        took = (thread_time() - began) * 1000
        rest = CROWD_REST_MS if len(lines) > CROWD else REST_MS
        self._rest.setInterval(max(rest, round(took / SHARE)))

    @Slot()
    def clear(self) -> None:
        """Forget all requests so far."""
        self._session.clear_trips()
        self._forget()

    def _forget(self) -> None:
        self._panel.clear()
        self._map.clear_counts()

    def _follow(self, change: Change) -> None:
        snapshot = self._work.snapshot
        if change.origin == "open":  # another project's requests begin with number one
            self._rest.stop()
            self._last = 0
            self._forget()
        self._panel.show_server(snapshot.server, snapshot.restricted)
        if change.origin == "live":
            self._map.ask_again()

    # What is wanted of one --------------------------------------------------------------------

    def _trip(self, number: int) -> Trip:
        """On the network lane."""
        trip = self._session.trip(number)
        if trip is None:
            raise refuse("This request is not kept any more.", "Send it again, or choose a newer one.")
        return trip

    def _resend(self, number: int) -> None:
        work = partial(self._spec, number)
        self._work.jobs.run("network", work, self._insights.send, self._work.failed)

    def _copy(self, number: int) -> None:
        work = lambda: self._session.as_curl(self._spec(number))  # noqa: E731
        self._work.jobs.run("network", work, self.copied.emit, self._work.failed)

    def _spec(self, number: int) -> RequestSpec:
        """On the network lane."""
        return self._session.exchange_of(self._trip(number)).spec

    def _show_route(self, number: int) -> None:
        line = self._panel.model.line(self._panel.model.row_of(number))
        project = self._work.snapshot.project
        if line is None or project is None:
            return
        same = [route for route in project.routes if route.endpoint == line.endpoint]
        route = next((one for one in same if one.full_rule == line.rule), next(iter(same), None))
        if route is not None:
            self.route_wanted.emit(route)

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
