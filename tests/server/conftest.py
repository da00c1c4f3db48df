"""A project to write, and a server that serves it for real."""

from __future__ import annotations

import http.client
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.core.changes import LiveState
from playground.server.live import LiveServer
from playground.server.live_app import LiveApp
from playground.server.recorder import HEADER


class Folder:
    """A project's folder and the pen to write in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str) -> str:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return name


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        return self.body.decode()


def _ask(
    port: int,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, response.read(), named)
    finally:
        connection.close()


class Served:
    """A live app behind a real server."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.app = LiveApp(folder.path)
        self.server = LiveServer(self.app.wsgi, port=0)
        self.port = self.server.start().port

    def edit(self, name: str, text: str) -> LiveState:
        """Write a file and bring it to life."""
        return self.app.go_live(frozenset({self.folder.write(name, text)}))

    def get(self, path: str, **more: object) -> Answer:
        """Ask; what has an identifier is announced as the window announces what it sends."""
        headers: dict[str, str] = more.get("headers") or {}  # type: ignore[assignment]
        if HEADER in headers:
            self.app.recorder.announce(headers[HEADER])
        return _ask(self.port, path, **more)  # type: ignore[arg-type]

    def close(self) -> None:
        self.server.stop()
        self.app.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "project"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def served(folder: Folder) -> Iterator[Served]:
    running = Served(folder)
    yield running
    running.close()


@pytest.fixture
def ask() -> Callable[..., Answer]:
    """Sends one request to a port of this machine."""
    return _ask
