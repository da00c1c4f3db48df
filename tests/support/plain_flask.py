"""Flask without the playground: processes of their own that can import only Flask and what it needs."""

from __future__ import annotations

import http.client
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker")
DEADLINE = 30.0


class Asked(NamedTuple):
    """One request to put to two servers."""

    path: str
    method: str = "GET"
    body: str = ""
    kind: str = "application/json"


class Said(NamedTuple):
    """What must be the same of two answers."""

    status: int
    body: bytes
    content_type: str | None
    location: str | None
    colour: str | None


class PlainFlask:
    """An environment that has Flask and nothing of ours."""

    def __init__(self, folder: Path) -> None:
        self._packages = folder / "packages"
        for name in PACKAGES:
            _copy(name, self._packages)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FLASK_", "PYTHON", "PLAYGROUND_"))
        }
        self.environment = kept | {
            "PYTHONPATH": str(self._packages),
            "PYTHONPYCACHEPREFIX": str(folder / "cache"),  # so that what Python leaves is not in the project
            "PYTHONIOENCODING": "utf-8",
        }
        lacks = "import importlib.util as found, flask; print(found.find_spec('playground'))"
        assert self.run(folder, "-c", lacks) == "None\n"

    def run(self, folder: Path, *words: str) -> str:
        """What a Python that ends well prints; ``-S`` leaves out all that is installed."""
        command = [sys.executable, "-S", *words]
        done = subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, timeout=DEADLINE, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().replace("\r\n", "\n")

    @contextmanager
    def serving(self, folder: Path, *words: str, port: int = 0) -> Iterator[int]:
        """A server in a process of its own, ``flask run`` unless other words are given; gives its port."""
        port = port or free_port()
        words = words or ("-m", "flask", "run", "--port", str(port))
        process = subprocess.Popen(
            [sys.executable, "-S", *words],
            cwd=folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _copy(name: str, target: Path) -> None:
    """Copy an installed distribution: its modules, and what says its version."""
    files = importlib.metadata.distribution(name).files
    assert files
    for file in files:
        inside = ".." not in file.parts and "__pycache__" not in file.parts
        if inside and not file.is_absolute():
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target / file)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.02)
    raise AssertionError("the server did not start")


def ask(port: int, asked: Asked) -> Said:
    """Put a request to a port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Content-Type": asked.kind} if asked.body else {}
        connection.request(asked.method, asked.path, asked.body.encode() or None, headers)
        answer = connection.getresponse()
        body = answer.read().replace(str(port).encode(), b"PORT")
        return Said(answer.status, body, *map(answer.getheader, ("Content-Type", "Location", "X-Colour")))
    finally:
        connection.close()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its name in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_no_trace(folder: Path, files: set[str]) -> None:
    """Only these files are there, and none of them has heard of the playground."""
    found = contents(folder)
    assert set(found) == files
    assert not [name for name, data in found.items() if b"playground" in data.lower()]
    assert not [path for path in folder.rglob("*") if path.is_dir() and not any(path.iterdir())]
