"""A folder that is open for one command, and what is looked up in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playground.core.changes import ProjectState
from playground.core.problems import refuse
from playground.core.routes import Route
from playground.session.session import Session


@contextmanager
def opened(folder: Path, *, trusted: bool = False) -> Iterator[Session]:
    """A session with a folder open for one command; nothing of the folder is run unless it is ``trusted``."""
    session = Session()
    try:
        session.open(folder, trusted=trusted)
        yield session
    finally:
        session.close()


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
