"""The time limit: what is stopped, what is left behind, and what nobody notices of either."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Served

    Ask = Callable[..., Answer]

APP = """
import asyncio, contextvars, itertools, logging, sys, threading, time
from flask import Flask, Response, request
app = Flask(__name__)
held = threading.Event()
seen = []

@app.get("/")
def hello():
    return "hello"

@app.get("/loop")
def loop():
    while True:
        pass

@app.get("/stubborn")
def stubborn():
    while not held.is_set():
        try:
            while not held.is_set():
                sum(range(100))
        except BaseException as error:
            seen.append(type(error).__name__)
    return "late"

@app.get("/lock")
def lock():
    held.wait(20)
    seen.append("woke")
    return "late"

@app.get("/log")
def log():
    while True:
        app.logger.warning("again")

@app.get("/part")
def part():
    def parts():
        yield "begun"
        held.wait(20)
        yield "late"
    return Response(parts())

@app.get("/begun")
def begun():
    def parts():
        yield "begun"
        while True:
            pass
    return Response(parts())

@app.get("/slowly")
def slowly():
    def parts():
        for number in range(8):
            time.sleep(0.1)
            yield f"{number};"
    return Response(parts())

@app.get("/<seconds>/near")
def near(seconds):
    end = time.perf_counter() + float(seconds)
    while time.perf_counter() < end:
        pass
    return request.args["n"]

@app.get("/failing")
def failing():
    try:
        while True:
            pass
    finally:
        raise RuntimeError("at the end") from None

mark = contextvars.ContextVar("mark", default="clean")

@app.get("/mark")
def marked():
    before = mark.get()
    mark.set("left behind")
    return before

class Own(BaseException):
    pass

KINDS = {"exit": SystemExit, "key": KeyboardInterrupt, "gen": GeneratorExit,
         "async": asyncio.CancelledError, "own": Own}

@app.get("/raise/<kind>")
def fail(kind):
    raise KINDS[kind]("no")
"""


@pytest.fixture
def slow(served: Served) -> Iterator[Served]:
    """An app with views that take too long, and a limit that a test can wait for."""
    served.edit("app.py", APP)
    served.app.guard.limit = 0.3
    yield served
    names(served)["held"].set()


def names(served: Served) -> dict[str, Any]:
    assert served.app.slot.app
    found: dict[str, Any] = served.app.slot.app.view_functions["hello"].__globals__
    return found


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(APP.splitlines(), 1) if words in line)


def test_an_endless_loop_is_stopped_and_the_answer_says_where(slow: Served) -> None:
    answer = slow.get("/loop")
    assert answer.status == 504
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    line = line_of("def loop") + 1
    assert f"app.py, line {line}" in answer.text or f"app.py, line {line + 1}" in answer.text
    assert "0.3 seconds" in answer.text
    assert slow.get("/").text == "hello"
    assert any("GET /loop took longer than 0.3 seconds" in line.text for line in slow.app.log())


@pytest.mark.parametrize("path", ["/lock", "/stubborn"])
def test_what_does_not_stop_is_left_behind(slow: Served, path: str) -> None:
    answer = slow.get(path)
    assert answer.status == 504
    assert "app.py, line" in answer.text
    assert slow.get("/").text == "hello"
    names(slow)["held"].set()
    for _ in range(20):
        assert slow.get("/").text == "hello"


def test_views_that_are_stuck_leave_workers_for_the_others(slow: Served) -> None:
    with ThreadPoolExecutor(30) as crowd:
        stuck = [crowd.submit(slow.get, "/lock") for _ in range(30)]
        assert slow.get("/").text == "hello"
        assert {each.result().status for each in stuck} == {504}
        assert slow.get("/").text == "hello"


def test_a_loop_that_logs_leaves_no_lock_behind(slow: Served) -> None:
    for _ in range(3):
        assert slow.get("/log").status == 504
    logged = threading.Thread(target=lambda: names(slow)["app"].logger.warning("free"), daemon=True)
    logged.start()
    logged.join(5)
    assert not logged.is_alive()


def test_an_answer_that_has_begun_is_cut(slow: Served) -> None:
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        slow.get("/part")
    assert slow.get("/").text == "hello"


def test_an_answer_that_keeps_sending_is_not_limited(slow: Served) -> None:
    assert slow.get("/slowly").text == "0;1;2;3;4;5;6;7;"


def test_without_a_limit_nothing_is_stopped_until_there_is_one(slow: Served) -> None:
    slow.app.guard.limit = None
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(slow.get("/loop")))
    asking.start()
    asking.join(0.8)
    assert asking.is_alive()
    slow.app.guard.limit = 0.2
    asking.join(5)
    assert [answer.status for answer in answers] == [504]


def test_a_head_request_gets_no_page(slow: Served) -> None:
    for path in ("/loop", "/lock"):
        answer = slow.get(path, method="HEAD")
        assert (answer.status, answer.body) == (504, b"")


@pytest.mark.parametrize("kind", ["exit", "key", "gen", "async", "own"])
def test_whatever_a_view_raises_is_an_ordinary_error(slow: Served, kind: str) -> None:
    answer = slow.get(f"/raise/{kind}")
    assert answer.status == 500
    assert "Internal Server Error" in answer.text
    assert slow.get("/").text == "hello"


def test_requests_that_end_at_the_limit_never_hurt_another(slow: Served) -> None:
    """Hundreds of requests end within a hair of the limit: each is answered, none with another's answer."""
    slow.app.guard.limit = 0.01
    workers = slow.server._running._workers  # type: ignore[union-attr]

    def many(client: int) -> list[tuple[int, int, str]]:
        found = []
        for number in range(60):
            sign = client * 1000 + number
            answer = slow.get(f"/{0.008 + number % 10 * 0.0005}/near?n={sign}")
            found.append((sign, answer.status, answer.text))
        return found

    with ThreadPoolExecutor(4) as crowd:
        found = [one for client in crowd.map(many, range(4)) for one in client]
    assert {status for _, status, _ in found} <= {200, 504}
    assert all(text == str(sign) for sign, status, text in found if status == 200)
    slow.app.guard.limit = 30.0
    assert all(thread.is_alive() for thread in list(workers.known))
    assert len(workers.known) >= 8
    assert slow.get("/").text == "hello"


def test_any_number_of_stuck_views_does_not_keep_the_server_from_stopping(slow: Served) -> None:
    slow.app.guard.limit = None
    clients = [socket.create_connection(("127.0.0.1", slow.port)) for _ in range(20)]
    for client, path in zip(clients, ("/loop", "/lock") * 10, strict=True):
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    deadline = time.monotonic() + 10
    workers = slow.server._running._workers  # type: ignore[union-attr]
    while sum(bool(w and w.inside) for w in list(workers.known.values())) < 20:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    slow.server.stop()
    for client in clients:
        client.close()


def test_nothing_of_a_request_is_left_for_the_next_on_its_worker(slow: Served) -> None:
    assert {slow.get("/mark").text for _ in range(20)} == {"clean"}


def test_a_cut_answer_is_said_in_the_log_without_a_traceback(slow: Served) -> None:
    with socket.create_connection(("127.0.0.1", slow.port)) as client:
        client.sendall(b"GET /begun HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got = b""
        while piece := client.recv(1000):
            got += piece
    assert b"begun" in got
    assert not got.endswith(b"0\r\n\r\n")
    late = [line for line in slow.app.log() if "GET /begun" in line.text]
    assert "took longer than 0.3 seconds: it was at app.py" in late[-1].text
    assert "Traceback" not in late[-1].text


SLEEPER = """
import http.client, pathlib, sys
from playground.server.live import LiveServer
from playground.server.live_app import LiveApp
folder = pathlib.Path(sys.argv[1])
folder.joinpath("app.py").write_text(
    "import time, threading\\nfrom flask import Flask\\napp = Flask(__name__)\\n"
    "@app.get('/sleep')\\ndef sleep():\\n    time.sleep(3600)\\n"
    "@app.get('/')\\ndef hello():\\n    return 'hello'\\n"
)
app = LiveApp(folder)
app.go_live(None)
app.guard.limit = 0.3
server = LiveServer(app.wsgi, port=0)
port = server.start().port
for path in ("/sleep", "/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    print(response.status, "line 6" in response.read().decode())
    connection.close()
server.stop()
app.close()
"""


def test_a_view_that_sleeps_for_an_hour_is_left_behind_for_good(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SLEEPER, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.stdout, ended.returncode) == ("504 True\n200 False\n", 0), ended.stderr
