"""What somebody in the network may try: to get in by another name, at files, at frames, at Traffic.

Each attempt is sent as bytes over a real socket: 127.0.0.2 plays this machine's address in the network.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.core.changes import LiveState
from playground.core.trips import Trip

if TYPE_CHECKING:
    from conftest import Folder, Served

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has 127.0.0.1 alone")
NETWORK = "127.0.0.2"
SECRET = "quite-confidential"

APP = f'''
from flask import Flask, request, send_from_directory

app = Flask(__name__)
KEY = "{SECRET}"
asked = []


@app.before_request
def count():
    asked.append(request.full_path)


@app.route("/", methods=["GET", "POST"])
def home():
    return "hello " + request.host


@app.get("/headers")
def headers():
    return repr(sorted(request.headers))


@app.get("/fail")
def fail():
    local = KEY
    raise RuntimeError("it failed with " + local)


@app.get("/raw/<path:name>")
def raw(name):
    return send_from_directory("static", name)


@app.get("/slow")
def slow():
    while KEY:
        pass
'''
DEBUGGER = """
from werkzeug.debug import DebuggedApplication

class Middleware:
    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        return self.inner(dict(environ), start_response)

app.config["PROPAGATE_EXCEPTIONS"] = True  # as in debug mode
app.wsgi_app = Middleware(DebuggedApplication(app.wsgi_app, evalex=True, pin_security=False))

if __name__ == "__main__":
    app.run(debug=True, host="0.0.0.0")
"""


class Attempts:
    """A project that is served, and what comes back of an attempt at it."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.path = served.folder.path

    def load(self, more: str = "") -> LiveState:
        state = self.served.edit("app.py", APP + more)
        assert self.served.app.slot.app is not None
        return state

    def share(self) -> None:
        self.served.server.share([NETWORK])

    def send(self, text: str, at: str = NETWORK) -> str:
        """All that comes back to these lines; the last line's end and an empty one are added."""
        wire = (text.replace("\n", "\r\n") + "\r\n\r\n").encode("latin-1")
        with socket.create_connection((at, self.served.port), timeout=10) as client:
            client.sendall(wire)
            client.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: client.recv(65536), b"")).decode("utf-8", "replace")

    def get(self, path: str, at: str = NETWORK, method: str = "GET") -> str:
        return self.send(f"{method} {path} HTTP/1.1\nHost: {at}\nConnection: close", at)

    @property
    def asked(self) -> list[str]:
        """What reached the project's code."""
        app = self.served.app.slot.app
        assert app is not None
        return list(app.view_functions["home"].__globals__["asked"])

    @property
    def last(self) -> Trip:
        line = self.served.app.recorder.lines()[-1]
        trip = self.served.app.recorder.trip(line.number)
        assert trip is not None
        return trip


def status(answer: str) -> int:
    return int(answer.split(None, 2)[1])


@pytest.fixture
def attempts(served: Served, folder: Folder) -> Iterator[Attempts]:
    folder.write("static/site.css", "body { color: green }")
    folder.write("templates/page.html", f"{{# {SECRET} #}} page")
    folder.write(".env", f"KEY={SECRET}")
    folder.write("requests.http", f"GET /?key={SECRET}")
    folder.write(".git/config", SECRET)
    found = Attempts(served)
    found.load()
    return found


# -- by a name that is not this machine's -------------------------------------------------------------------

FOREIGN = {
    "another name": "GET / HTTP/1.1\nHost: evil.example",
    "another name with our port": "GET / HTTP/1.1\nHost: evil.example:{port}",
    "a name that begins with localhost": "GET / HTTP/1.1\nHost: localhost.evil.example",
    "a name that begins with our address": "GET / HTTP/1.1\nHost: {at}.evil.example",
    "a name that the DNS resolves to its own number": "GET / HTTP/1.1\nHost: {at}.nip.io",
    "a name that ends with localhost without a dot": "GET / HTTP/1.1\nHost: evil-localhost",
    "an address of somebody else": "GET / HTTP/1.1\nHost: 203.0.113.77",
    "the address for all addresses": "GET / HTTP/1.1\nHost: 0.0.0.0:{port}",
    "a number for an address": "GET / HTTP/1.1\nHost: 2130706433",
    "our address with a user": "GET / HTTP/1.1\nHost: evil.example@{at}",
    "a user who is us": "GET / HTTP/1.1\nHost: {at}@evil.example",
    "two hosts, ours first": "GET / HTTP/1.1\nHost: {at}\nHost: evil.example",
    "two hosts, ours last": "GET / HTTP/1.1\nHost: evil.example\nHost: {at}",
    "our host twice": "GET / HTTP/1.1\nHost: {at}\nHost: {at}",
    "a host over two lines": "GET / HTTP/1.1\nHost: {at}\n evil.example",
    "no host": "GET / HTTP/1.1\nAccept: */*",
    "an empty host": "GET / HTTP/1.1\nHost:",
    "a host with a path": "GET / HTTP/1.1\nHost: {at}/evil",
    "a host that would be markup": "GET / HTTP/1.1\nHost: <script>alert(1)</script>",
    "brackets that are left open": "GET / HTTP/1.1\nHost: [::1",
    "letters that only look like ours": "GET / HTTP/1.1\nHost: l\u00f6calhost",
    "another host in the request line": "GET http://evil.example/ HTTP/1.1\nHost: {at}",
    "ours in the request line alone": "GET http://{at}/ HTTP/1.1\nHost: evil.example",
    "a user in the request line": "GET http://{at}@evil.example/ HTTP/1.1\nHost: {at}",
    "a proxy that says it is us": "GET / HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: localhost",
    "a proxy of the other kind": "GET / HTTP/1.1\nHost: evil.example\nForwarded: host={at};for=127.0.0.1",
    "a proxy that says who asks": "GET / HTTP/1.1\nHost: evil.example\nX-Forwarded-For: 127.0.0.1",
    "HTTP/1.0 with another name": "GET / HTTP/1.0\nHost: evil.example",
    "our identifier": "GET / HTTP/1.1\nHost: evil.example\nX-Playground-Request: 1",
    "a websocket from another page": "GET / HTTP/1.1\nHost: evil.example\nUpgrade: websocket",
    "another method": "POST / HTTP/1.1\nHost: evil.example\nContent-Length: 0",
}


@pytest.mark.parametrize("place", ["not shared", "shared, from this machine", "shared, from the network"])
def test_a_foreign_host_is_refused_with_a_reason(place: str, attempts: Attempts) -> None:
    if place != "not shared":
        attempts.share()
    at = NETWORK if place == "shared, from the network" else "127.0.0.1"
    for number, (kind, attempt) in enumerate(FOREIGN.items(), 1):
        lines = attempt.format(at=at, port=attempts.served.port)
        answer = attempts.send(lines + "\nConnection: close", at)
        assert status(answer) == 400, (kind, answer)
        assert "<p>" in answer and "<script>" not in answer, kind
        assert attempts.asked == [], kind
        trip = attempts.last
        assert (kind, trip.status, trip.endpoint, trip.window) == (kind, 400, "", False)
        assert trip.steps[-1].note.endswith("."), (kind, trip.steps[-1].note)  # why, as a sentence
        assert attempts.served.app.recorder.guests.roster().refused == number, kind


def test_a_page_that_refuses_does_not_tell_what_this_machine_is_called(attempts: Attempts) -> None:
    answer = attempts.send("GET / HTTP/1.1\nHost: evil.example", "127.0.0.1")
    assert "“evil.example” is not a name of this machine." in answer
    assert socket.gethostname() not in answer.replace("evil.example", "")
    assert "127.0.0.1" not in answer and str(attempts.path) not in answer


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "LOCALHOST.", "a.localhost:80", "[::1]:9", NETWORK]
)
def test_this_machine_by_any_of_its_names_is_let_in(host: str, attempts: Attempts) -> None:
    attempts.share()
    for at in ("127.0.0.1", NETWORK):
        answer = attempts.send(f"GET / HTTP/1.1\nHost: {host}\nX-Forwarded-Host: evil.example", at)
        assert status(answer) == 200
        assert "evil" not in answer


def test_the_second_request_of_a_connection_is_looked_at_as_well(attempts: Attempts) -> None:
    attempts.share()
    ours, theirs = f"GET / HTTP/1.1\nHost: {NETWORK}\n\n", "GET /headers HTTP/1.1\nHost: evil.example"
    answer = attempts.send(ours + theirs)
    assert re.findall(r"HTTP/1\.1 (\d+)", answer) == ["200", "400"]
    assert attempts.asked == ["/?"]


def test_http_1_0_need_not_name_a_host_on_this_machine_but_over_the_network(attempts: Attempts) -> None:
    attempts.share()
    assert status(attempts.send("GET / HTTP/1.0", "127.0.0.1")) == 200
    assert status(attempts.send("GET / HTTP/1.0", NETWORK)) == 400
    assert attempts.asked == ["/?"]


def test_an_edit_is_not_even_looked_at_for_a_foreign_host(attempts: Attempts) -> None:
    called: list[int] = []
    attempts.served.app.slot.freshen = lambda: called.append(1)
    attempts.send("GET / HTTP/1.1\nHost: evil.example", "127.0.0.1")
    assert called == []
    attempts.get("/", "127.0.0.1")
    assert called == [1]


# -- at files -------------------------------------------------------------------------------------------

FILES = [
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/%2e%2e%2fapp.py",
    "/static/..%2fapp.py",
    "/static/..%5capp.py",
    "/static/..%c0%afapp.py",
    "/static/%252e%252e/app.py",
    "/static/....//app.py",
    "/static/./../app.py",
    "/static/site.css/../../app.py",
    "/static/.%00./app.py",
    "/static//app.py",
    "/static/{folder}/app.py",
    "/static/%2f{folder}/app.py",
    "/static/%2fetc/passwd",
    "/raw/../app.py",
    "/raw/..%2f..%2fapp.py",
    "/raw/%2e%2e/app.py",
    "/raw/{folder}/app.py",
    "/app.py",
    "/./app.py",
    "/.env",
    "/%2eenv",
    "/.git/config",
    "/templates/page.html",
    "/requests.http",
    "/__pycache__/app.cpython-311.pyc",
    "/../../../../etc/passwd",
    "//etc/passwd",
    "///app.py",
    "file:///etc/passwd",
    "http://127.0.0.2/../app.py",
    "*",
    "app.py",
]


def test_no_file_of_the_project_or_the_machine_is_had(attempts: Attempts) -> None:
    attempts.share()
    had = {}
    for path in FILES:
        answer = attempts.get(path.format(folder=attempts.path.as_posix()))
        shown = any(words in answer for words in (SECRET, "root:", "Flask("))
        if shown or status(answer) not in (308, 400, 404, 405):
            had[path] = answer
    assert had == {}


@pytest.mark.parametrize("path", ["/app.py", "/static/site.css"])
def test_no_file_is_changed(path: str, attempts: Attempts) -> None:
    attempts.share()
    file = attempts.path / path.lstrip("/")
    before = file.read_bytes()
    more = f"\nHost: {NETWORK}\nDestination: /static/new.css\nContent-Length: 3\n\nbad"
    for method in ("PUT", "DELETE", "PATCH", "POST", "MKCOL", "MOVE", "COPY", "PROPFIND", "LOCK"):
        answer = attempts.send(f"{method} {path} HTTP/1.1{more}")
        assert status(answer) in (404, 405), method
        assert file.read_bytes() == before, method
        assert sorted(each.name for each in (attempts.path / "static").iterdir()) == ["site.css"], method


# -- at frames, and at a shell -----------------------------------------------------------------------------

DEBUGGERS = [
    "/fail",
    "/fail?__debugger__=yes&cmd=resource&f=debugger.js",
    "/fail?__debugger__=yes&cmd=printpin&s=x",
    "/fail?__debugger__=yes&cmd=pinauth&pin=000-000-000&s=x",
    "/fail?__debugger__=yes&cmd=KEY&frm=0&s=x",
    "/?__debugger__=yes&cmd=resource&f=style.css",
    "/console",
    "/_debug",
    "/shell",
    "/__debug__/1",
    "/_playground",
    "/xray/1",
    "/trips/1",
]


@pytest.mark.parametrize("path", DEBUGGERS)
def test_nobody_on_the_network_gets_frames_or_a_console(path: str, attempts: Attempts) -> None:
    attempts.load(DEBUGGER)
    attempts.served.app.recorder.debugging.chosen = True
    attempts.share()
    attempts.get("/fail", "127.0.0.1")  # there is a trip with frames by now
    answer = attempts.get(path)
    for word in (SECRET, "Traceback", "RuntimeError", "it failed", "Interactive Console", "EVALEX", "app.py"):
        assert word not in answer, answer
    assert "debugger" not in answer.replace(path, "").lower()
    if path.startswith("/fail"):
        assert status(answer) == 500
        assert "The server encountered an internal error" in answer
    else:
        assert status(answer) in (200, 404)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", NETWORK])
def test_a_neighbour_who_says_localhost_gets_a_plain_500_all_the_same(host: str, attempts: Attempts) -> None:
    attempts.load("\napp.config['PROPAGATE_EXCEPTIONS'] = True\n")
    attempts.served.app.recorder.debugging.chosen = True
    attempts.share()
    said = f"GET /fail HTTP/1.1\nHost: {host}\nX-Forwarded-For: 127.0.0.1\nX-Real-IP: 127.0.0.1"
    answer = attempts.send(said)
    assert status(answer) == 500
    assert SECRET not in answer and "RuntimeError" not in answer
    assert attempts.last.raised[-1].type == "RuntimeError"  # the window has all of it


def test_that_a_view_took_too_long_is_said_without_its_place(attempts: Attempts) -> None:
    attempts.served.app.guard.limit = 0.2
    attempts.share()
    there, here = attempts.get("/slow"), attempts.get("/slow", "127.0.0.1")
    assert (status(there), status(here)) == (504, 504)
    assert "app.py" in here
    assert "app.py" not in there and "line" not in there


def test_that_an_app_does_not_load_is_said_without_its_source(served: Served, folder: Folder) -> None:
    served.edit("app.py", f'from flask import Flask\nkey = "{SECRET}\n')
    attempts = Attempts(served)
    attempts.share()
    there, here = attempts.get("/"), attempts.get("/", "127.0.0.1")
    assert (status(there), status(here)) == (503, 503)
    assert "app.py" in here
    assert "app.py" not in there and SECRET not in there


# -- at what the window knows -----------------------------------------------------------------------------


def test_the_identifier_of_the_window_is_not_believed(attempts: Attempts) -> None:
    attempts.share()
    recorder = attempts.served.app.recorder
    recorder.announce("known")
    for at in (NETWORK, "127.0.0.1"):
        attempts.send(f"GET /headers HTTP/1.1\nHost: {at}\nX-Playground-Request: guessed", at)
        assert not attempts.last.window
        assert attempts.last.request_id != "guessed"
        assert recorder.find("guessed") is None
    attempts.send(f"GET / HTTP/1.1\nHost: {NETWORK}\nX-Playground-Request: known")
    assert not attempts.last.window  # over the network not even the right one
    assert recorder.find("known") is None
    attempts.send("GET / HTTP/1.1\nHost: any.example\nX-Playground-Request: known", "127.0.0.1")
    assert (attempts.last.window, attempts.last.status) == (True, 200)
    attempts.send("GET / HTTP/1.1\nHost: any.example\nX-Playground-Request: known", "127.0.0.1")
    assert (attempts.last.window, attempts.last.status) == (False, 400)  # it is good for one request


def test_the_app_never_sees_the_identifier(attempts: Attempts) -> None:
    attempts.share()
    for at in (NETWORK, "127.0.0.1"):
        answer = attempts.send(f"GET /headers HTTP/1.1\nHost: {at}\nX-PLAYGROUND-request: a", at)
        assert status(answer) == 200
        assert "playground-request" not in answer.lower()


def test_who_says_to_be_a_preview_is_none_over_the_network(attempts: Attempts) -> None:
    attempts.share()
    attempts.served.app.recorder.expect("GET", "/")
    attempts.send(f"GET / HTTP/1.1\nHost: {NETWORK}\nUser-Agent: QtWebEngine/6")
    assert not attempts.last.window and not attempts.last.preview


def test_trace_does_not_repeat_what_was_sent(attempts: Attempts) -> None:
    attempts.share()
    answer = attempts.send(f"TRACE / HTTP/1.1\nHost: {NETWORK}\nCookie: key={SECRET}")
    assert status(answer) == 405
    assert SECRET not in answer


@pytest.mark.parametrize("target", ["127.0.0.1:22", "evil.example:443"])
def test_it_is_no_proxy(target: str, attempts: Attempts) -> None:
    attempts.share()
    answer = attempts.send(f"CONNECT {target} HTTP/1.1\nHost: {NETWORK}")
    assert status(answer) in (400, 404, 405)


# -- by smuggling --------------------------------------------------------------------------------------------

HIDDEN = "GET /headers?hidden HTTP/1.1\nHost: evil.example\n\n"
SMUGGLED = {
    "both lengths": "Content-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n" + HIDDEN,
    "two lengths": f"Content-Length: 0\nContent-Length: {len(HIDDEN)}\n\n{HIDDEN}",
    "a length with a sign": f"Content-Length: +0\n\n{HIDDEN}",
    "a coding that is none": f"Transfer-Encoding: xchunked\n\n0\n\n{HIDDEN}",
    "a coding with a strange space": f"Transfer-Encoding:\x0bchunked\n\n0\n\n{HIDDEN}",
    "a name with a space": f"Content-Length : 0\n\n{HIDDEN}",
    "a chunk with a sign": f"Transfer-Encoding: chunked\n\n-1\n\n{HIDDEN}",
    "an underline": f"Content_Length: {len(HIDDEN)}\nX: 1\n\n{HIDDEN}",
}


@pytest.mark.parametrize("kind", SMUGGLED)
def test_what_is_hidden_in_another_request_does_not_get_past_the_gate(kind: str, attempts: Attempts) -> None:
    attempts.share()
    attempts.send(f"POST / HTTP/1.1\nHost: {NETWORK}\n{SMUGGLED[kind]}")
    assert not any("hidden" in path for path in attempts.asked)


# -- by another way in ---------------------------------------------------------------------------------------


def test_what_is_not_shared_is_not_reached(attempts: Attempts) -> None:
    with pytest.raises(ConnectionRefusedError):
        attempts.get("/")
    attempts.share()
    assert status(attempts.get("/")) == 200
    attempts.served.server.unshare()
    with pytest.raises(ConnectionRefusedError):
        attempts.get("/")
    assert status(attempts.get("/", "127.0.0.1")) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which sockets there are")
def test_the_process_listens_nowhere_else(attempts: Attempts) -> None:
    before = listening()
    attempts.share()
    port = attempts.served.port
    assert listening() - before == {(NETWORK, port)}
    assert ("127.0.0.1", port) in before
    assert not any(address == "0.0.0.0" for address, _ in listening())
    attempts.served.server.unshare()
    assert listening() == before


def listening() -> set[tuple[str, int]]:
    """The addresses at which this process takes connections."""
    own = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
    found = set()
    for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in own:
            address, port = fields[1].split(":")
            found.add((socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)))
    return found
