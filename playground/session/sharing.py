"""Sharing the app with the network that this machine is in, and who came.

Off until a person says so, and off again whenever the server stops: it is never on by itself.
"""

from __future__ import annotations

from playground.core.changes import ServerState
from playground.core.roster import Roster
from playground.session.app_lane import AppLane


class Sharing(AppLane):
    """One method for each thing that a person does with an app that others are to see."""

    def share(self) -> ServerState:
        """Let the network reach the server, too, at the same port; the state's ``shared`` says where.

        Shared already, it looks again which addresses this machine has. On the app lane.

        Raises:
            ProblemError: the server is stopped, the folder is restricted, this machine is in no network, or
                the port is taken there. Nothing was changed.
        """
        raise NotImplementedError

    def stop_sharing(self) -> ServerState:
        """Take no more requests of the network; those in flight are answered. On the app lane."""
        raise NotImplementedError

    def roster(self) -> Roster:
        """Who came since sharing began; stays as it was when it has ended. From any thread, at any time."""
        return Roster()

    def qr(self, url: str) -> tuple[tuple[bool, ...], ...]:
        """The QR code of an address: rows of modules, True is dark, without a border. From any thread."""
        import segno

        return tuple(tuple(bool(module) for module in row) for row in segno.make(url, micro=False).matrix)
