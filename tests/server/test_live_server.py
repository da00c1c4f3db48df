"""The socket and its server: where it listens, how it stops, what it leaves behind."""

from __future__ import annotations

import errno
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from playground.core.problems import ProblemError
from playground.server import running
from playground.server.live import LiveServer
from playground.server.switching import INTERVAL

if TYPE_CHECKING:
    from conftest import Answer, Served

Ask = Callable[..., "Answer"]


def hello(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_answers_as_soon_as_it_has_started_and_not_after_it_stopped(ask: Ask) -> None:
    server = LiveServer(hello, port=0)
    for _ in range(3):
        state = server.start()
        assert state.running
        assert state.url == f"http://127.0.0.1:{state.port}"
        assert server.start() == state == server.state
        assert ask(state.port, "/").text == "hello"
        assert server.stop().running is False
        assert not is_open(state.port)
    assert server.stop().url == ""


def test_the_same_port_can_be_had_again_at_once(ask: Ask) -> None:
    first = LiveServer(hello, port=0)
    port = first.start().port
    ask(port, "/")
    first.stop()
    again = LiveServer(hello, port=port, fallback=False)
    assert again.start().port == port
    again.stop()


def test_a_taken_port_is_replaced_and_the_note_says_so(taken: int) -> None:
    server = LiveServer(hello, port=taken)
    state = server.start()
    server.stop()
    assert state.port != taken
    assert state.note == f"Port {taken} is taken by another program, so this is {state.port}."


def test_a_taken_port_is_refused_where_it_was_asked_for(taken: int) -> None:
    server = LiveServer(hello, port=taken, fallback=False)
    with pytest.raises(ProblemError) as caught:
        server.start()
    assert caught.value.problem.field == "port"
    assert f"Port {taken} is taken" in caught.value.problem.sentence
    assert not server.state.running


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_does_not_exist(port: int) -> None:
    with pytest.raises(ProblemError, match="from 1 to 65535"):
        LiveServer(hello, port=port).start()


def test_a_port_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Who runs the tests may be allowed everything, so the system's answer is given here.
    def forbidden(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", forbidden)
    with pytest.raises(ProblemError, match="does not let you use port 80") as caught:
        LiveServer(hello, port=80).start()
    assert caught.value.problem.field == "port"


def test_a_host_that_is_not_this_computer() -> None:
    with pytest.raises(ProblemError, match=r"cannot listen on 192\.0\.2\.1"):
        LiveServer(hello, host="192.0.2.1", port=0).start()


def test_threads_take_quicker_turns_while_a_server_runs() -> None:
    before = sys.getswitchinterval()
    one, two = LiveServer(hello, port=0), LiveServer(hello, port=0)
    one.start()
    two.start()
    one.stop()
    assert sys.getswitchinterval() == pytest.approx(INTERVAL)
    two.stop()
    assert sys.getswitchinterval() == before


def test_a_request_in_flight_may_end_while_the_server_stops(ask: Ask) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began.set()
        go_on.wait(5)
        return hello(environ, start_response)

    server = LiveServer(slow, port=0)
    port = server.start().port
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(ask(port, "/").text))
    asking.start()
    assert began.wait(5)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    go_on.set()
    stopping.join(5)
    asking.join(5)
    assert answers == ["hello"]


def test_a_view_that_never_ends_does_not_keep_the_server_from_stopping(served: Served) -> None:
    served.edit(
        "app.py",
        """
        from flask import Flask
        app = Flask(__name__)
        began = []
        @app.get("/")
        def forever():
            began.append(1)
            while True:
                pass
        """,
    )
    assert served.app.slot.app
    began = served.app.slot.app.view_functions["forever"].__globals__["began"]
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        deadline = time.monotonic() + 5
        while not began and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        served.server.stop()
    assert served.server.state.running is False


def test_idle_connections_do_not_delay_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "DRAIN", 60.0)
    server = LiveServer(hello, port=0)
    port = server.start().port
    with socket.create_connection(("127.0.0.1", port)) as kept_alive:
        kept_alive.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept_alive.recv(1000).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < running.DRAIN / 2


def test_a_server_that_ends_before_it_is_woken_to_is_stopped_all_the_same() -> None:
    """Any request may wake it between the two steps of a stop."""
    server = LiveServer(hello, port=0)
    port = server.start().port
    running = server._running
    assert running is not None
    running._stopping.set()
    with socket.create_connection(("127.0.0.1", port)):
        running._thread.join(5)
    assert not running._thread.is_alive()
    assert not server.stop().running
    assert not is_open(port)


def test_nothing_is_written_to_the_terminal(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    served.edit(
        "app.py",
        """
        import logging, sys
        from flask import Flask, request
        app = Flask(__name__)
        app.logger.warning("while starting")
        @app.get("/fail")
        def fail():
            logging.getLogger("mine").error("just before")
            request.environ["wsgi.errors"].write("to wsgi.errors")
            return 1 / 0
        @app.get("/exit")
        def leave():
            sys.exit("goodbye")
        """,
    )
    assert served.get("/fail").status == 500
    assert served.get("/exit").status == 500
    assert served.get("/fail").headers["content-type"] == "text/html; charset=utf-8"
    written = capfd.readouterr()
    assert written.out + written.err == ""
    kept = "\n".join(line.text for line in served.app.log())
    for words in ("while starting", "just before", "to wsgi.errors", "ZeroDivisionError", "goodbye"):
        assert words in kept


def test_a_server_whose_descriptors_a_view_has_closed_stops_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = LiveServer(hello, port=0)
    server.start()

    def taken_away() -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    running = server._running
    assert running is not None
    monkeypatch.setattr(running._server, "pull_trigger", taken_away)
    assert server.stop().running is False
