"""More sockets for a running server, and fewer again: nothing in flight is lost, and nobody starves another.

127.0.0.2 and 127.0.0.3 play addresses of this machine in networks.
"""

from __future__ import annotations

import errno
import http.client
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from playground.core.problems import ProblemError
from playground.server import listening, live, workers
from playground.server.live import LiveServer
from playground.server.switching import INTERVAL, SHORT

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has 127.0.0.1 alone")
ONE, TWO = "127.0.0.2", "127.0.0.3"


class App:
    """Answers at once, or when it is told to."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.began = threading.Semaphore(0)
        self.asked: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path == "/wait":
            self.began.release()
            self.go_on.wait(20)
        body = b"x" * 8_000_000 if path == "/big" else environ["SERVER_NAME"].encode()
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return (body[at : at + 100_000] for at in range(0, len(body), 100_000))


@pytest.fixture
def app() -> Iterator[App]:
    app = App()
    yield app
    app.go_on.set()


@pytest.fixture
def server(app: App) -> Iterator[LiveServer]:
    server = LiveServer(app, port=0)
    server.start()
    yield server
    app.go_on.set()
    server.stop()


@contextmanager
def connected(server: LiveServer, at: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(at, server.state.port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def ask(connection: http.client.HTTPConnection, path: str = "/", **more: Any) -> bytes:
    connection.request("POST" if more else "GET", path, **more)
    return connection.getresponse().read()


def get(server: LiveServer, at: str, path: str = "/") -> bytes:
    with connected(server, at) as connection:
        return ask(connection, path)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.01)


def waiting(server: LiveServer, at: str, answers: list[bytes]) -> threading.Thread:
    """A client whose request is under way when this returns."""
    app: Any = server._app
    thread = threading.Thread(target=lambda: answers.append(get(server, at, "/wait")))
    thread.start()
    assert app.began.acquire(timeout=20)
    return thread


def raw(server: LiveServer, at: str, path: str, stack: ExitStack) -> socket.socket:
    client = stack.enter_context(socket.socket())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(20)
    client.connect((at, server.state.port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n".encode())
    return client


# -- coming and going ---------------------------------------------------------------------------------


def test_it_answers_at_each_address_and_on_loopback_as_before(server: LiveServer) -> None:
    before, port = server.state, server.state.port
    state = server.share([ONE, TWO])
    assert state.shared == (f"http://{ONE}:{port}", f"http://{TWO}:{port}") == server.state.shared
    assert (state.url, state.port) == (before.url, before.port)
    assert [get(server, at) for at in (ONE, TWO, "127.0.0.1")] == [ONE.encode(), TWO.encode(), b"127.0.0.1"]
    assert server.unshare().shared == ()
    assert get(server, "127.0.0.1") == b"127.0.0.1"
    for at in (ONE, TWO):
        with pytest.raises(ConnectionRefusedError):
            get(server, at)
    assert server.share([TWO]).shared == (f"http://{TWO}:{port}",)
    assert get(server, TWO) == TWO.encode()


def test_it_is_not_shared_again_by_a_start(server: LiveServer) -> None:
    server.share([ONE])
    assert server.stop().shared == ()
    assert server.start().shared == ()
    with pytest.raises(ConnectionRefusedError):
        get(server, ONE)


def test_a_server_that_is_stopped_can_not_be_shared() -> None:
    server = LiveServer(App(), port=0)
    with pytest.raises(ProblemError, match="The server is stopped"):
        server.share([ONE])
    assert server.unshare().shared == ()


def test_a_port_that_another_program_has_in_the_network_is_said(server: LiveServer) -> None:
    with socket.create_server((ONE, server.state.port)):
        with pytest.raises(ProblemError, match=rf"Another program has port {server.state.port} of {ONE}"):
            server.share([ONE, TWO])
        assert server.state.shared == ()
        with pytest.raises(ConnectionRefusedError):
            get(server, TWO)
        assert server.share([TWO, ONE]).shared == (f"http://{TWO}:{server.state.port}",)


def test_an_address_that_is_gone_by_now_is_left_out(server: LiveServer) -> None:
    with pytest.raises(ProblemError, match=r"does not let the network have 203\.0\.113\.9"):
        server.share(["203.0.113.9"])
    assert server.share([ONE, "203.0.113.9"]).shared == (f"http://{ONE}:{server.state.port}",)


def test_it_follows_the_machine_from_one_network_to_another(server: LiveServer) -> None:
    port = server.state.port
    assert server.follow([ONE]).shared == ()  # it is not shared: nothing is opened
    server.share([ONE])
    state = server.state
    assert server.follow([ONE]) is state
    assert server.follow([TWO, ONE]).shared == (f"http://{TWO}:{port}", f"http://{ONE}:{port}")
    assert server.follow([TWO]).shared == (f"http://{TWO}:{port}",)
    with pytest.raises(ConnectionRefusedError):
        get(server, ONE)
    assert server.follow(["203.0.113.9"]).shared == (
        f"http://{TWO}:{port}",
    )  # nothing better than what it has
    assert get(server, TWO) == TWO.encode()


@pytest.mark.parametrize(
    ("bound", "shared"),
    [
        ("127.0.0.1", ()),
        ("::1", ()),
        (ONE, ()),
        ("192.168.1.20", ("192.168.1.20",)),
        ("0.0.0.0", ("192.168.1.20",)),
        ("::", ("192.168.1.20", "fd00::20")),
    ],
)
def test_a_server_that_was_started_for_the_network_knows_it(
    bound: str, shared: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "of_the_network", lambda: ("192.168.1.20", "fd00::20"))
    assert live._reached(bound) == shared


# -- what is in flight --------------------------------------------------------------------------------


def test_what_is_in_flight_is_answered_after_it_was_closed(server: LiveServer, app: App) -> None:
    server.share([ONE])
    answers: list[bytes] = []
    threads = [waiting(server, ONE, answers), waiting(server, "127.0.0.1", answers)]
    with (
        connected(server, "127.0.0.1") as own,
        connected(server, ONE) as idle,
        connected(server, ONE) as half,
    ):
        assert ask(own) == b"127.0.0.1"
        assert ask(idle) == ONE.encode()
        half.putrequest("POST", "/")
        half.putheader("Content-Length", "7")
        half.endheaders(b"hal")
        until(lambda: any(channel.request is not None for channel in channels(server)))
        server.unshare()
        with pytest.raises(ConnectionRefusedError):
            get(server, ONE)
        own_socket = own.sock
        assert ask(own) == b"127.0.0.1"
        assert own.sock is own_socket  # loopback's connections stay
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(idle)  # nothing was in flight on it
        half.send(b"f ok")
        answer = half.getresponse()
        assert (answer.read(), answer.getheader("connection")) == (b"half ok", "close")
        app.go_on.set()
        for thread in threads:
            thread.join(20)
    assert sorted(answers) == [b"127.0.0.1", ONE.encode()]
    until(lambda: len(server._running._listeners) == 1)  # type: ignore[union-attr]


def channels(server: LiveServer) -> list[Any]:
    assert server._running is not None
    return server._running._channels()


def test_clients_that_ask_while_it_is_closed_get_all_of_an_answer_or_none(
    server: LiveServer, app: App
) -> None:
    """The system ends connections that nobody had taken yet; of the others, each is answered whole."""
    server.share([ONE])
    whole, broken, asking = [], [], threading.Event()

    def client() -> None:
        while True:
            try:
                answer = get(server, ONE)
            except (ConnectionRefusedError, ConnectionResetError):
                return
            except (OSError, http.client.HTTPException) as error:
                broken.append(error)
                return
            assert answer == ONE.encode()
            whole.append(answer)
            if len(whole) > 50:
                asking.set()

    clients = [threading.Thread(target=client) for _ in range(8)]
    for each in clients:
        each.start()
    assert asking.wait(20)
    server.unshare()
    for each in clients:
        each.join(20)
    assert broken == []
    assert len(whole) == len(app.asked)


# -- who holds others up ------------------------------------------------------------------------------


def test_slow_readers_do_not_keep_others_from_being_answered(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST", workers.WORKERS)  # so few that they would all be taken
    server.share([ONE])
    with ExitStack() as stack:
        for _ in range(workers.WORKERS + 4):
            raw(server, ONE, "/big", stack)
        until(lambda: sum(channel.held_up for channel in channels(server)) >= workers.WORKERS)
        assert get(server, ONE) == ONE.encode()
        assert get(server, "127.0.0.1") == b"127.0.0.1"


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.share([ONE])
    with ExitStack() as stack:
        raw(server, ONE, "/big", stack)
        own = raw(server, "127.0.0.1", "/big", stack)
        until(lambda: sum(channel.held_up for channel in channels(server)) == 2)
        monkeypatch.setattr(listening, "STALLED", 0.2)
        until(lambda: sum(channel.held_up for channel in channels(server)) == 1)
        monkeypatch.setattr(listening, "STALLED", 30.0)
        got = 0
        while got < 8_000_000:  # one of this machine may take its time
            got += len(own.recv(1_000_000))


def test_connections_that_nobody_uses_are_closed(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.share([ONE])
    monkeypatch.setattr(listening, "IDLE", 0.1)
    with connected(server, ONE) as theirs, connected(server, "127.0.0.1") as own:
        ask(theirs)
        ask(own)
        socket_of_own = own.sock
        until(lambda: len(channels(server)) == 1)
        assert ask(own) == b"127.0.0.1"
        assert own.sock is socket_of_own


def test_a_crowd_leaves_room_for_others_and_for_this_machine(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.share([ONE])
    assert server._running is not None
    monkeypatch.setattr(server._running._room, "most", 20)  # 16 of the network
    with ExitStack() as stack:
        crowd = [stack.enter_context(socket.create_connection((ONE, server.state.port))) for _ in range(40)]
        for _ in range(3):
            assert get(server, ONE) == ONE.encode()
        own = [stack.enter_context(connected(server, "127.0.0.1")) for _ in range(4)]
        assert [ask(each) for each in own] == [b"127.0.0.1"] * 4
        assert len(crowd) == 40
        assert len(channels(server)) <= 20


def test_where_the_system_gives_no_more_connections_it_is_tried_again(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.share([ONE])
    accept, tried = listening.Listener.accept, [0]

    def refused(self: Any) -> Any:
        tried[0] += 1
        if tried[0] < 4:
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(self)

    monkeypatch.setattr(listening.Listener, "accept", refused)
    assert get(server, ONE) == ONE.encode()
    assert 4 <= tried[0] < 20  # not as fast as it goes


def test_slow_views_of_the_network_leave_workers_for_this_machine(
    server: LiveServer, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST", workers.WORKERS)
    server.share([ONE])
    with ExitStack() as stack:
        for _ in range(workers.WORKERS + 10):
            raw(server, ONE, "/wait", stack)
        for _ in range(workers.WORKERS):
            assert app.began.acquire(timeout=20)
        for _ in range(3):
            assert get(server, "127.0.0.1") == b"127.0.0.1"
        app.go_on.set()
        assert get(server, ONE) == ONE.encode()


def test_threads_take_quicker_turns_while_a_crowd_waits(
    server: LiveServer, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST", workers.WORKERS)
    server.share([ONE])
    with ExitStack() as stack:
        for _ in range(workers.WORKERS + workers.CROWD):
            raw(server, ONE, "/wait", stack)
        until(lambda: sys.getswitchinterval() == pytest.approx(SHORT))
        app.go_on.set()
        until(lambda: sys.getswitchinterval() == pytest.approx(INTERVAL))


def test_a_crowd_is_served_by_one_while_it_computes_and_by_all_while_they_wait(
    server: LiveServer, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST", workers.WORKERS)
    monkeypatch.setattr(workers, "STARVED", 0.3)
    server.share([ONE])
    assert server._running is not None
    pool = server._running._workers
    with ExitStack() as stack:
        monkeypatch.setattr(workers, "COMPUTING", -1.0)  # as if all of them only computed
        for _ in range(workers.WORKERS + workers.CROWD + 10):
            raw(server, ONE, "/wait", stack)
        until(lambda: pool._most_at_work == workers.ENOUGH)
        until(lambda: pool._most_at_work > workers.MOST)  # that one does not get on
        app.go_on.set()
        until(lambda: not pool.queue)
        assert get(server, ONE) == ONE.encode()


def test_this_machine_and_the_network_take_turns() -> None:
    class Channel:
        def __init__(self, name: str, shared: bool) -> None:
            self.name = name
            self.server = self.door = self  # type: ignore[assignment]
            self.shared = shared

    lanes = workers.Lanes()
    for name in ("net1", "net2", "net3", "own1", "own2", "own3"):
        lanes.append(Channel(name, name.startswith("net")))
    assert len(lanes) == 6
    taken = [lanes.popleft().name for _ in range(3)]
    assert taken == ["own1", "net1", "own2"]
    assert lanes.popleft(own_only=True).name == "own3"
    assert [lanes.popleft().name for _ in range(2)] == ["net2", "net3"]
    assert len(lanes) == 0


def test_as_many_connections_as_the_system_gives() -> None:
    assert listening.descriptors() >= 200
