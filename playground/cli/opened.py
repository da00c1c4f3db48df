"""A folder that is open for one command, and what is looked up in it."""

from __future__ import annotations

from pathlib import Path

from playground.core.changes import ProjectState
from playground.core.problems import refuse
from playground.core.routes import Route
from playground.session.session import Session


class opened:  # noqa: N801  # used as a function: ``with opened(folder) as session``
    """A session with a folder open for one command; nothing of the folder is run unless it is ``trusted``."""

    def __init__(self, folder: Path, *, trusted: bool = False) -> None:
        self._session = Session()
        self._folder, self._trusted = folder, trusted

    def __enter__(self) -> Session:
        self._session.open(self._folder, trusted=self._trusted)
        return self._session

    def __exit__(self, *error: object) -> None:
        self._session.close()


def state_of(session: Session) -> ProjectState:
    """The folder's last state."""
    project = session.snapshot.project
    assert project is not None  # a folder is open
    return project


def first_owner(session: Session) -> str:
    """The name of the app to add routes to where none is named."""
    apps = [owner.name for owner in state_of(session).owners if owner.kind == "app"]
    return apps[0] if apps else "app"


def find(routes: tuple[Route, ...], endpoint: str) -> Route:
    """The route of an endpoint; refuses one that there is not."""
    found = [route for route in routes if route.endpoint == endpoint]
    if not found:
        known = ", ".join(sorted({route.endpoint for route in routes})) or "none yet"
        raise refuse(f"There is no endpoint {endpoint!r} here.", f"The endpoints are: {known}.")
    return found[0]
