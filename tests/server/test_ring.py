"""What is kept of requests is bounded, counted rightly while many arrive at once, and quick to list."""

from __future__ import annotations

import gc
import http.client
import statistics
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from playground.server.live_app import LiveApp
from playground.server.note import Note
from playground.server.recorder import Recorder
from playground.server.ring import EACH, KEPT, Ring

if TYPE_CHECKING:
    from conftest import Folder, Served

APP = """
from flask import Flask, render_template_string, request
app = Flask(__name__)

@app.get("/hello/<name>")
def hello(name):
    return render_template_string("{{ name }} {{ numbers }}", name=name, numbers=list(range(5)))

@app.route("/echo", methods=["GET", "POST"])
def echo():
    print("p" * 10_000)
    return "e" * 100_000
"""


def note(path: str = "/", body: bytes = b"") -> Note:
    made = Note("GET", path, "127.0.0.1")
    made.answers("200 OK", [])
    made.sends(body)
    return made


def test_the_oldest_make_room_by_number() -> None:
    ring = Ring(kept=3)
    for number in range(5):
        ring.add(note(f"/{number}"))
    assert [each.path for each in ring.after(0)] == ["/2", "/3", "/4"]
    assert [each.number for each in ring.after(4)] == [5]
    assert ring.after(5) == ring.after(99) == []
    assert (ring.count, ring.get(2), ring.get(6)) == (5, None, None)
    assert [ring.get(number) for number in (3, 4, 5)] == ring.after(0)
    assert [each.number for each in ring.newest_first()] == [5, 4, 3]


def test_the_oldest_make_room_by_bytes() -> None:
    ring = Ring(kept=10, most_bytes=10 * EACH + 100_000)
    for number in range(10):
        each = note(f"/{number}", b"x" * 40_000)
        ring.add(each)
        each.ends()
    assert [each.path for each in ring.after(0)] == ["/8", "/9"]
    assert ring.held == 2 * EACH + 80_000
    ring.clear()
    assert (ring.held, ring.count, ring.after(0)) == (0, 10, [])
    ring.add(note())
    assert [each.number for each in ring.after(0)] == [11]


def test_one_that_ends_after_it_was_let_go_counts_for_nothing() -> None:
    ring = Ring(kept=1, most_bytes=100_000)
    first = note("/first", b"x" * 50_000)
    ring.add(first)
    ring.add(note("/second"))
    first.ends()
    assert ring.held == EACH


def test_who_waits_is_called_once_until_it_has_looked() -> None:
    ring, calls = Ring(), []
    ring.add(note())
    ring.call_on_new(lambda: calls.append(ring.count))
    for _ in range(3):
        ring.add(note())
    assert calls == [2]
    assert len(ring.after(1)) == 3
    ring.add(note())
    assert calls == [2, 5]
    ring.call_on_new(None)
    ring.after(0)
    ring.add(note())
    assert calls == [2, 5]


def test_many_at_once_are_all_counted_and_in_order() -> None:
    ring = Ring(kept=10_000, most_bytes=10**9)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=lambda: [ring.add(note()) for _ in range(500)]) for _ in range(16)]
        for thread in threads:
            thread.start()
        seen: list[int] = []
        while any(thread.is_alive() for thread in threads) or len(seen) < ring.count:
            seen += [each.number for each in ring.after(len(seen))]
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert seen == list(range(1, 8001))


def test_requests_of_many_clients_are_all_trips(served: Served) -> None:
    served.edit("app.py", APP)

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        for turn in range(40):
            connection.request("GET", f"/hello/{number}-{turn}")
            assert connection.getresponse().read()
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder = served.app.recorder
    lines = recorder.lines()
    assert [line.number for line in lines] == list(range(1, 481)) and recorder.recorded == 480
    assert len({line.path for line in lines}) == 480
    for line in lines:
        found = recorder.trip(line.number)
        assert found is not None
        assert {value.name: value.text for value in found.values}["name"] == repr(found.path[7:])
        assert found.response_body.data.startswith(found.path[7:].encode())


def test_thousands_of_lines_are_made_but_once() -> None:
    recorder = Recorder(LiveAppSlot())
    for _ in range(KEPT):
        each = note("/some/path?with=query")
        recorder._ring.add(each)
        each.ends()

    first, again = recorder.lines(), recorder.lines()
    assert len(first) == KEPT
    assert all(one is other for one, other in zip(first, again, strict=True))


class LiveAppSlot:
    """Stands in where a recorder wants a slot that nobody asks."""

    project: Any = None
    on_escape: Any = None


@pytest.fixture
def bare(folder: Folder) -> Iterator[LiveApp]:
    """An app that is called without a server."""
    app = LiveApp(folder.path)
    folder.write("app.py", APP)
    app.go_live(None)
    yield app
    app.close()


def call(app: LiveApp, path: str) -> None:
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "x"}
    environ |= {"SERVER_PORT": "80", "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}
    body = app.wsgi(environ, lambda *_: lambda _: None)
    for _ in body:
        pass
    body.close()  # type: ignore[attr-defined]  # it has one


def test_memory_stays_bounded(bare: LiveApp) -> None:
    ring = bare.recorder._ring = Ring(kept=50, most_bytes=50 * EACH + 500_000)

    def grown(requests: int) -> int:
        for number in range(requests):
            call(bare, f"/hello/{number}" if number % 10 else "/echo")
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        full, later = grown(120), grown(180)
    finally:
        tracemalloc.stop()
    assert abs(later - full) < 400_000
    assert ring.held < 50 * EACH + 500_000
    assert ring.count == 300


@pytest.mark.long
def test_memory_stays_bounded_over_a_hundred_thousand_requests(bare: LiveApp) -> None:
    def grown(requests: int) -> int:
        for number in range(requests):
            call(bare, f"/hello/{number}" if number % 10 else "/echo")
        gc.collect()
        return _resident()

    sizes = [grown(10_000) for _ in range(10)]
    assert bare.recorder.recorded == 100_000
    assert bare.recorder._ring.held <= 48 * 1024 * 1024
    assert max(sizes[2:]) - statistics.median(sizes[1:4]) < 30 * 1024 * 1024, sizes


def _resident() -> int:
    """Bytes of this process that are in memory."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
    except OSError:
        pytest.skip("no way to ask how much memory is taken")
