"""Sharing the app with the network that this machine is in, and who came.

Off until a person says so, and off again whenever the server stops: it is never on by itself.
"""

from __future__ import annotations

from dataclasses import replace

from playground.core.changes import ServerState
from playground.core.problems import refuse
from playground.core.roster import Roster
from playground.session.app_lane import AppLane


class Sharing(AppLane):
    """One method for each thing that a person does with an app that others are to see."""

    def own_addresses(self) -> tuple[str, ...]:
        """Under which addresses others can reach this machine, the likeliest first.

        Whoever may bind loopback alone, as the tour, puts another function in its place.
        """
        from playground.server import addresses

        return addresses.of_the_network()

    def share(self) -> ServerState:
        """Let the network reach the server, too, at the same port; the state's ``shared`` says where.

        Shared already, it looks again which addresses this machine has (see ``look_at_network``). On the app
        lane.

        Raises:
            ProblemError: the server is stopped, the folder is restricted, this machine is in no network, or
                the port is taken there. Nothing was changed.
        """
        server, live = self._server, self._live
        if self._snapshot.restricted:
            raise refuse("This folder is not trusted yet, so nothing of it runs.", "Trust the folder first.")
        if server is None or live is None:
            raise refuse("The server is stopped.", "Start it, then share it.")
        found = self.own_addresses()
        if not found:
            hint = "Connect to a Wi-Fi or plug in a cable, then share again. It need not have the internet."
            raise refuse("This computer is in no network, so there is nobody to share with.", hint)
        if not server.state.shared:
            live.recorder.guests.begin()
        return self._note_shared(server.share(found))

    def look_at_network(self) -> ServerState:
        """Follow this machine from one network to another while it shares; call it every few seconds.

        New addresses are opened and those that are gone are closed. While there is none at all, everything
        stays as it is: a Wi-Fi that is back in a moment is as before. Returns the state, the very same one
        where nothing changed; never raises for what is wrong with the network. On the app lane.
        """
        server = self._server
        if server is None or not server.state.shared:
            return self._snapshot.server
        found = self.own_addresses()
        return self._note_shared(server.follow(found)) if found else self._snapshot.server

    def stop_sharing(self) -> ServerState:
        """Take no more requests of the network; those in flight are answered. On the app lane."""
        if self._server is None:
            return self._snapshot.server
        return self._note_shared(self._server.unshare())

    def _note_shared(self, state: ServerState) -> ServerState:
        """Publish where the server is shared; its ``note`` says more here than the server knows."""
        if state.shared != self._snapshot.server.shared:
            self._publish(server=replace(self._snapshot.server, shared=state.shared))
        return self._snapshot.server

    def roster(self) -> Roster:
        """Who came since sharing began; it stays when sharing has ended. From any thread, at any time."""
        live = self._live
        return live.recorder.guests.roster() if live is not None else Roster()

    def qr(self, url: str) -> tuple[tuple[bool, ...], ...]:
        """The QR code of an address: rows of modules, True is dark, without a border. From any thread."""
        import segno

        return tuple(tuple(bool(module) for module in row) for row in segno.make(url, micro=False).matrix)
