"""Requests over real loopback sockets: what comes back, and what is said when nothing does."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from playground.client import sender as sending_module
from playground.client.sender import LARGEST_BODY, OwnServer, Sender
from playground.core.exchanges import BodyKind, RequestSpec

PATIENT = 60.0
"""Seconds that a request would wait for its answer, where it is to end by something else."""
AT_ONCE = PATIENT / 6


class Echo(BaseHTTPRequestHandler):
    """Answers with what it got; a few paths do something of their own."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Be quiet."""

    def handle_any(self) -> None:
        path = urlsplit(self.path).path
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if path.startswith("/go/"):
            _, _, code, target = path.split("/", 3)
            return self.answer(int(code), b"moved", Location=f"/{target}")
        if path.startswith("/far/"):
            return self.answer(302, b"", Location=self.path.removeprefix("/far/"))
        if path == "/loop":
            return self.answer(302, b"", Location="/loop")
        if path == "/away":
            return self.answer(302, b"", Location="ftp://example.com/x")
        if path == "/cookie":
            return self.answer(200, b"set", **{"Set-Cookie": "seen=yes; Path=/"})
        if path == "/uncookie":
            return self.answer(200, b"gone", **{"Set-Cookie": "seen=; Path=/; Max-Age=0"})
        if path == "/gzip":
            return self.answer(200, gzip.compress(b"squeezed"), **{"Content-Encoding": "gzip"})
        if path == "/notgzip":
            return self.answer(200, b"plain", **{"Content-Encoding": "gzip"})
        if path == "/teapot":
            return self.answer(418, b"no coffee")
        lines = [f"{self.command} {self.path}", *(f"{k}: {v}" for k, v in self.headers.items())]
        return self.answer(200, ("\n".join(lines) + "\n\n").encode() + body)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)


class Server(ThreadingHTTPServer):
    """As many clients at once as come; done with them when it is closed."""

    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


@pytest.fixture
def base() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def sender(base: str) -> Iterator[Sender]:
    made = Sender(lambda: base)
    yield made
    made.close()


@contextmanager
def raw_server(speak: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that accepts one connection and does with it what ``speak`` does; its address."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(5)
                speak(connection, over)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def silent(connection: socket.socket, over: threading.Event) -> None:
    """Listen and say nothing until the other side goes."""
    while connection.recv(65536):
        pass


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def text_of(sender: Sender, spec: RequestSpec) -> str:
    exchange = sender.send(spec)
    assert exchange.error == "" and exchange.response is not None, exchange.error
    return exchange.response.body.decode()


def test_a_path_goes_to_this_server(sender: Sender, base: str) -> None:
    before, began = time.time(), time.perf_counter()
    exchange = sender.send(RequestSpec(url="/users/1?a=1", query=(("b", "two words"), ("ä", "ö&"))))
    took = time.perf_counter() - began
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.response.body.startswith(b"GET /users/1?a=1&b=two+words&%C3%A4=%C3%B6%26\n")
    assert exchange.sent_url.startswith(f"{base}/users/1?a=1")
    assert exchange.response.reason == "OK"
    assert 0 < exchange.elapsed <= took
    assert before <= exchange.started <= time.time()


def test_an_address_goes_where_it_says(base: str) -> None:
    sender = Sender(lambda: "")
    assert text_of(sender, RequestSpec(url=f"{base}/x")).startswith("GET /x\n")
    assert sender.send(RequestSpec(url="/x")).error == "The server is stopped. Start it, then send again."


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_every_method_is_sent(sender: Sender, method: str) -> None:
    assert text_of(sender, RequestSpec(method, "/x")).startswith(f"{method} /x\n")


def test_head_has_headers_and_no_body(sender: Sender) -> None:
    response = sender.send(RequestSpec("HEAD", "/x")).response
    assert response is not None and response.body == b"" and int(response.header("content-length")) > 0


@pytest.mark.parametrize(
    ("spec", "content_type", "body"),
    [
        (RequestSpec("POST", body_kind=BodyKind.JSON, body='{"a": "é"}'), "application/json", '{"a": "é"}'),
        (
            RequestSpec("POST", body_kind=BodyKind.FORM, form=(("a", "1 2"), ("a", "é"))),
            "application/x-www-form-urlencoded",
            "a=1+2&a=%C3%A9",
        ),
        (RequestSpec("POST", body_kind=BodyKind.TEXT, body="Grüße"), "text/plain; charset=utf-8", "Grüße"),
        (
            RequestSpec("GET", headers=(("content-type", "text/csv"),), body_kind=BodyKind.TEXT, body="a;b"),
            "text/csv",
            "a;b",
        ),
    ],
)
def test_a_body_brings_its_content_type(
    sender: Sender, spec: RequestSpec, content_type: str, body: str
) -> None:
    head, _, got = text_of(sender, spec).partition("\n\n")
    assert got == body
    assert [
        line.partition(": ")[2] for line in head.split("\n") if line.lower().startswith("content-type")
    ] == [content_type]


def test_headers_arrive_and_equal_names_are_joined(sender: Sender) -> None:
    got = text_of(
        sender, RequestSpec(headers=(("X-A", "1"), ("x-a", "2"), ("X-Name", "José"), ("Empty", "")))
    )
    assert "1, 2" in got and "X-Name" in got and "Empty: \n" in got


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ((("X Y", "1"),), "can't be a header's name"),
        ((("X", "a\nEvil: 1"),), "line break"),
        ((("X", "☕"),), "☕"),
    ],
)
def test_headers_that_http_cannot_carry_are_refused(
    sender: Sender, headers: tuple[tuple[str, str], ...], words: str
) -> None:
    exchange = sender.send(RequestSpec(headers=headers))
    assert words in exchange.error and exchange.response is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "There is no address"),
        ("users", "Write /users for this server"),
        ("localhost:5000/x", "http://localhost:5000/x"),
        ("ftp://x/y", "not ftp://"),
        ("http://", "names no computer"),
        ("http://127.0.0.1:99999/", "not an address"),
        ("http://[::1/", "not an address"),
        ("http://a..b.invalid/", ""),
    ],
)
def test_what_is_no_address_gets_a_sentence(sender: Sender, url: str, words: str) -> None:
    exchange = sender.send(RequestSpec(url=url))
    assert exchange.error and words in exchange.error and exchange.response is None


def test_a_method_is_one_word(sender: Sender) -> None:
    assert "can't be a method" in sender.send(RequestSpec("GET /", "/x")).error


@pytest.mark.parametrize(
    ("code", "arrives"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_redirects_are_followed_and_told(sender: Sender, base: str, code: int, arrives: str) -> None:
    spec = RequestSpec("POST", f"/go/{code}/go/302/end", body_kind=BodyKind.TEXT, body="x")
    response = sender.send(spec).response
    assert response is not None
    assert [(hop.status, hop.url, hop.location) for hop in response.hops] == [
        (code, f"{base}/go/{code}/go/302/end", "/go/302/end"),
        (302, f"{base}/go/302/end", "/end"),
    ]
    assert response.url == f"{base}/end"
    assert sender.send(RequestSpec("POST", f"/go/{code}/end")).response.body.startswith(  # type: ignore[union-attr]
        f"{arrives} /end".encode()
    )


def test_a_redirect_can_be_looked_at_instead(sender: Sender) -> None:
    response = sender.send(RequestSpec(url="/go/308/end", follow_redirects=False)).response
    assert response is not None
    assert (response.status, response.header("location"), response.hops) == (308, "/end", ())


def test_redirects_that_lead_nowhere(sender: Sender) -> None:
    assert "round in a circle" in sender.send(RequestSpec(url="/loop")).error
    assert "not http://" in sender.send(RequestSpec(url="/away")).error


def test_cookies_are_kept_and_replaced(sender: Sender) -> None:
    sender.send(RequestSpec(url="/cookie"))
    assert "Cookie: seen=yes" in text_of(sender, RequestSpec())
    assert "Cookie: own=1" in text_of(sender, RequestSpec(headers=(("Cookie", "own=1"),)))
    sender.send(RequestSpec(url="/uncookie"))
    assert "Cookie" not in text_of(sender, RequestSpec())


def test_any_status_is_an_answer(sender: Sender) -> None:
    exchange = sender.send(RequestSpec(url="/teapot"))
    assert exchange.error == "" and exchange.response is not None and exchange.response.status == 418


def test_bodies_are_decompressed(sender: Sender) -> None:
    assert text_of(sender, RequestSpec(url="/gzip")) == "squeezed"
    assert "can't be unpacked" in sender.send(RequestSpec(url="/notgzip")).error


def test_four_lanes_send_at_once(sender: Sender) -> None:
    def one(number: int) -> str:
        return text_of(sender, RequestSpec(url="/cookie" if number % 5 == 0 else f"/n/{number}"))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(60)))
    assert all(
        answer == "set" or answer.startswith(f"GET /n/{number}\n") for number, answer in enumerate(answers)
    )


def test_nobody_listens() -> None:
    port = free_port()
    exchange = Sender(lambda: f"http://127.0.0.1:{port}").send(RequestSpec(url="/x"))
    assert exchange.error == f"Nothing answers at http://127.0.0.1:{port}. Is the server started?"
    assert not exchange.cancelled and exchange.response is None


def test_no_answer_in_time() -> None:
    with raw_server(silent) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=0.2))
    assert "within 0.2 s" in exchange.error and exchange.elapsed >= 0.2


def test_the_timeout_bounds_the_whole_answer() -> None:
    def drip(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while not over.wait(0.02):
                connection.sendall(b".")
        except OSError:  # the client is gone, as it should
            pass

    with raw_server(drip) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=0.3))
    assert "within 0.3 s" in exchange.error and exchange.elapsed < 1000 * 0.02 / 2, "all of it was awaited"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_cancel_ends_the_wait_at_once(scheme: str) -> None:
    """Also inside a TLS handshake that never goes on."""
    cancel, waiting, gone = threading.Event(), threading.Event(), threading.Event()

    def listen(connection: socket.socket, over: threading.Event) -> None:
        assert connection.recv(65536)
        waiting.set()
        silent(connection, over)
        gone.set()

    with raw_server(listen) as base, ThreadPoolExecutor(1) as pool:
        sender = Sender(lambda: base.replace("http", scheme))
        sending = pool.submit(sender.send, RequestSpec(timeout=PATIENT), cancel)
        assert waiting.wait(5)
        cancel.set()
        exchange = sending.result(AT_ONCE)
        assert gone.wait(5), "the connection is still open"
    assert exchange.cancelled and exchange.error.startswith("Cancelled after") and exchange.response is None


def test_cancel_ends_connecting_too() -> None:
    """A listener whose queue is full leaves the next connection waiting, until it is cancelled."""
    cancel = threading.Event()
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, ThreadPoolExecutor(1) as pool:
        waiting = []
        for _ in range(8):
            made = socket.socket()
            made.setblocking(False)
            made.connect_ex(listening.getsockname())
            waiting.append(made)
        sender = Sender(lambda: f"http://127.0.0.1:{listening.getsockname()[1]}")
        sending = pool.submit(sender.send, RequestSpec(timeout=PATIENT), cancel)
        with pytest.raises(TimeoutError):
            sending.result(0.1)
        cancel.set()
        assert sending.result(AT_ONCE).cancelled
        for made in waiting:
            made.close()


def test_what_was_cancelled_before_is_not_sent(sender: Sender) -> None:
    cancel = threading.Event()
    cancel.set()
    assert sender.send(RequestSpec(), cancel).cancelled


def test_close_cancels_what_is_under_way() -> None:
    waiting = threading.Event()

    def listen(connection: socket.socket, over: threading.Event) -> None:
        assert connection.recv(65536)
        waiting.set()
        silent(connection, over)

    with raw_server(listen) as base, ThreadPoolExecutor(1) as pool:
        sender = Sender(lambda: base)
        sending = pool.submit(sender.send, RequestSpec(timeout=PATIENT))
        assert waiting.wait(5)
        sender.close()
        assert sending.result(AT_ONCE).cancelled
    assert sender.send(RequestSpec()).cancelled


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"", "closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "broke off"),
    ],
)
def test_broken_answers_get_a_sentence(said: bytes, words: str) -> None:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(said)

    with raw_server(speak) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=5))
    assert words in exchange.error


def test_https_to_a_plain_server(base: str) -> None:
    exchange = Sender(lambda: "").send(RequestSpec(url=base.replace("http", "https"), timeout=5))
    assert "Write http://" in exchange.error


def test_a_name_that_nobody_has() -> None:
    exchange = Sender(lambda: "").send(RequestSpec(url="http://no-such-computer.invalid/", timeout=10))
    assert "No computer is known as no-such-computer.invalid" in exchange.error


def test_a_body_without_end_is_cut_off() -> None:
    def pour(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        block = b"x" * (1 << 20)
        try:
            while not over.is_set():
                connection.sendall(block)
        except OSError:  # the client has had enough
            pass

    with raw_server(pour) as base:
        response = Sender(lambda: base).send(RequestSpec()).response
    assert response is not None
    assert response.truncated and len(response.body) == LARGEST_BODY


def labels() -> tuple[OwnServer, list[str]]:
    """What holds for this server, and the labels that were given out."""
    given: list[str] = []

    def fresh() -> str:
        given.append(f"id-{len(given)}")
        return given[-1]

    return OwnServer("X-Label", fresh, 5.0), given


def test_each_request_to_this_server_has_a_label(sender: Sender, base: str) -> None:
    own, given = labels()
    for url in ("/x", f"{base}/x", f"{base.upper().replace('HTTP', 'http')}?x=1"):
        exchange = sender.send(RequestSpec(url=url), own=own)
        assert exchange.response is not None
        assert f"X-Label: {given[-1]}\n".encode() in exchange.response.body
    assert given == ["id-0", "id-1", "id-2"]
    assert "X-Label" not in text_of(sender, RequestSpec(url="/x"))


def test_a_label_follows_redirects_at_home_and_never_elsewhere(sender: Sender, base: str) -> None:
    own, given = labels()
    exchange = sender.send(RequestSpec(url="/go/302/end"), own=own)
    assert exchange.response is not None
    assert b"X-Label: id-1\n" in exchange.response.body
    with Server(("127.0.0.1", 0), Echo) as other:
        thread = threading.Thread(target=other.serve_forever, args=(0.01,))
        thread.start()
        far = f"http://127.0.0.1:{other.server_port}/end"
        for url in (far, f"/far/{far}"):
            exchange = sender.send(RequestSpec(url=url), own=own)
            assert exchange.response is not None and exchange.response.url == far
            assert b"X-Label" not in exchange.response.body
        other.shutdown()
        thread.join()
    assert given == ["id-0", "id-1", "id-2"]  # the last one went to the redirect itself


def test_this_server_is_waited_for_as_long_as_is_said() -> None:
    own = OwnServer("X-Label", str, 0.2)
    with raw_server(silent) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=30), own=own)
    assert "within 0.2 s" in exchange.error


def stream(connection: socket.socket, over: threading.Event) -> None:
    """An answer that never ends, a line at a time."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n")
    try:
        while not over.wait(0.02):
            connection.sendall(b"5\r\ntick\n\r\n")
    except OSError:  # the client is gone, as it should
        pass


def test_a_stream_without_an_end_is_shown_as_far_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_module, "STREAM_SECONDS", 0.3)
    with raw_server(stream) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=PATIENT))
    response = exchange.response
    assert response is not None and exchange.error == "" and not exchange.cancelled
    assert (response.status, response.goes_on, response.truncated) == (200, True, False)
    assert response.body.startswith(b"tick\ntick\n")
    assert exchange.elapsed < PATIENT / 2


def test_a_stream_is_shown_as_far_as_it_came_when_its_time_is_up() -> None:
    with raw_server(stream) as base:
        response = Sender(lambda: base).send(RequestSpec(timeout=0.3)).response
    assert response is not None and response.goes_on and b"tick" in response.body


def test_a_stream_can_be_cancelled() -> None:
    cancel = threading.Event()
    started = threading.Event()

    def speak(connection: socket.socket, over: threading.Event) -> None:
        started.set()
        stream(connection, over)

    with raw_server(speak) as base, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(Sender(lambda: base).send, RequestSpec(timeout=30), cancel)
        assert started.wait(5)
        cancel.set()
        assert sending.result(5).cancelled


def test_a_stream_that_says_nothing_is_no_answer() -> None:
    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        silent(connection, over)

    with raw_server(speak) as base:
        exchange = Sender(lambda: base).send(RequestSpec(timeout=0.3))
    assert exchange.response is None and "within 0.3 s" in exchange.error
