"""Answers of any size: held back for a client that reads slowly, never held in memory."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Served

APP = """
import io
from flask import Flask, Response, send_file
app = Flask(__name__)
made = {"bytes": 0, "ended": 0}

@app.get("/")
def hello():
    return "hello"

@app.get("/stream/<int:megabytes>")
def stream(megabytes):
    def parts():
        try:
            for _ in range(megabytes):
                made["bytes"] += 1 << 20
                yield b"x" * (1 << 20)
        finally:
            made["ended"] += 1
    return Response(parts())

@app.get("/endless")
def endless():
    def parts():
        try:
            while True:
                made["bytes"] += 10_000
                yield b"0123456789" * 1000
        finally:
            made["ended"] += 1
    return Response(parts())

@app.get("/whole")
def whole():
    return Response(b"0123456789" * 300_000)

@app.get("/file")
def file():
    return send_file(io.BytesIO(b"0123456789" * 300_000), "text/plain")
"""


@pytest.fixture
def big(served: Served) -> Iterator[Served]:
    served.edit("app.py", APP)
    yield served


def made(served: Served) -> dict[str, int]:
    assert served.app.slot.app
    found: dict[str, int] = served.app.slot.app.view_functions["hello"].__globals__["made"]
    return found


def asking(port: int, path: str) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    return client


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)


def rests(number: Callable[[], int]) -> bool:
    """Whether a number has come to rest."""
    before = number()
    threading.Event().wait(0.3)
    return before == number() > 0


@pytest.mark.parametrize("path", ["/stream/300", "/endless"])
def test_a_client_that_does_not_read_holds_the_view_back(big: Served, path: str) -> None:
    with asking(big.port, path):
        wait_for(lambda: rests(lambda: made(big)["bytes"]))
        (channel,) = big.server._running._server.active_channels.values()  # type: ignore[union-attr]
        assert channel.total_outbufs_len < 3 * 2**20
        assert not any(getattr(buffer, "overflowed", False) for buffer in channel.outbufs)
        assert made(big)["bytes"] < 20 * 2**20  # what the system's own buffers take comes on top
        assert made(big)["ended"] == 0
        assert big.get("/").text == "hello"
    wait_for(lambda: made(big)["ended"] == 1)


def test_a_client_that_reads_slowly_gets_it_all(big: Served) -> None:
    got = 0
    with asking(big.port, "/stream/30") as client:
        while piece := client.recv(1 << 20):
            got += len(piece)
    assert got > 30 * 2**20
    assert made(big) == {"bytes": 30 * 2**20, "ended": 1}


@pytest.mark.parametrize("path", ["/whole", "/file"])
def test_a_big_answer_arrives_as_it_is(big: Served, path: str) -> None:
    answer = big.get(path)
    assert answer.body == b"0123456789" * 300_000
    assert answer.headers["content-length"] == "3000000"


def test_more_streams_than_workers_leave_room_for_others(big: Served) -> None:
    clients = [asking(big.port, "/endless") for _ in range(12)]
    for client in clients:
        assert client.recv(10).startswith(b"HTTP/1.1")
    assert big.get("/").text == "hello"
    for client in clients:
        client.close()
    wait_for(lambda: made(big)["ended"] == 12)
