"""Sharing as a person does it: on, who came, off; what is said where it can't be; never by itself.

127.0.0.2 and 127.0.0.3 play the addresses that this machine has in its networks.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from playground.core.exchanges import RequestSpec
from playground.core.problems import ProblemError
from playground.core.roster import Guest
from playground.server import addresses
from playground.session.session import Session

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has 127.0.0.1 alone")
GUESTS = Path(__file__).resolve().parents[1] / "bench" / "guests.py"
ONE, TWO = "127.0.0.2", "127.0.0.3"
APP = """
from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def home():
    return "home"


@app.post("/users")
def add():
    return "made", 201


@app.get("/fail")
def fail():
    return 1 / 0


@app.get("/breaks")
def breaks():
    def parts():
        raise ValueError("before anything was sent")
        yield ""
    return parts()


@app.get("/host")
def host():
    return request.host
"""


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of this machine in its networks, which a test may change."""
    found = [ONE]
    monkeypatch.setattr(addresses, "of_the_network", lambda: tuple(found))
    return found


@pytest.fixture
def shop(session: Session, folder: Path, network: list[str]) -> Session:
    """A project that is served, and not shared."""
    (folder / "app.py").write_text(APP)
    session.open(folder)
    session.go_live()
    session.start_server(0)
    return session


def ask(
    shop: Session,
    path: str = "/",
    method: str = "GET",
    *,
    at: str = ONE,
    guest: str = "127.0.1.1",
    **headers: str,
) -> int:
    """A request of a guest; the status of its answer."""
    port = shop.snapshot.server.port
    connection = http.client.HTTPConnection(at, port, timeout=10, source_address=(guest, 0))
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def numbers(guest: Guest) -> tuple[str, int, int, str, str, int]:
    last = guest.last_method, guest.last_path, guest.last_status
    return guest.address, guest.requests, guest.failed, *last


def test_it_is_shared_until_it_is_stopped_at_the_port_that_it_had(shop: Session) -> None:
    port, revision = shop.snapshot.server.port, shop.snapshot.revision
    assert shop.snapshot.server.shared == ()
    state = shop.share()
    assert state is shop.snapshot.server
    assert (state.shared, state.port, state.url) == (
        (f"http://{ONE}:{port}",),
        port,
        f"http://127.0.0.1:{port}",
    )
    assert shop.snapshot.revision == revision + 1
    assert shop.share() is state  # shared already
    assert ask(shop) == 200
    assert shop.stop_sharing().shared == ()
    with pytest.raises(ConnectionRefusedError):
        ask(shop)
    assert shop.send(RequestSpec("GET", "/")).response.status == 200  # type: ignore[union-attr]


def test_a_note_on_the_port_is_still_there_after_sharing(
    session: Session, folder: Path, network: list[str]
) -> None:
    (folder / ".flaskenv").write_text("FLASK_RUN_PORT=many\n")
    (folder / "app.py").write_text(APP)
    session.open(folder)
    session.go_live()
    note = session.start_server().note
    assert note
    assert session.share().note == note
    assert session.stop_sharing().note == note


def test_who_came_is_counted_to_the_request(shop: Session) -> None:
    shop.share()
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148"
    for path in ("/", "/missing?q=secret"):
        ask(shop, path, guest="127.0.1.1", User_Agent=phone)
    assert ask(shop, "/users", "POST", guest="127.0.1.2", User_Agent="curl/8.5.0") == 201
    for _ in range(3):
        assert ask(shop, "/fail", guest="127.0.1.3") == 500
    assert ask(shop, "/breaks", guest="127.0.1.2") == 500
    ask(shop, at="127.0.0.1")  # by loopback: it is of this machine
    shop.send(RequestSpec("GET", "/"))
    assert ask(shop, Host="evil.example") == 400
    roster = shop.roster()
    assert [numbers(guest) for guest in roster.guests] == [
        ("127.0.1.3", 3, 3, "GET", "/fail", 500),
        ("127.0.1.2", 2, 1, "GET", "/breaks", 500),
        ("127.0.1.1", 2, 0, "GET", "/missing", 404),  # without what was asked: the list is seen by a class
    ]
    assert [guest.device for guest in roster.guests] == ["", "program", "phone"]
    assert (roster.requests, roster.failed, roster.refused) == (7, 4, 1)


def test_the_roster_stays_when_sharing_ends_and_begins_anew_with_the_next(shop: Session) -> None:
    shop.share()
    ask(shop)
    shop.stop_sharing()
    assert shop.roster().requests == 1
    shop.share()
    assert shop.roster().requests == 0
    assert shop.roster().guests == ()


def test_a_guest_is_counted_by_its_socket_whatever_it_says(shop: Session) -> None:
    shop.share()
    ask(shop, X_Forwarded_For="10.1.2.3", X_Real_IP="10.1.2.3", Forwarded="for=10.1.2.3")
    assert [guest.address for guest in shop.roster().guests] == ["127.0.1.1"]


def test_an_edit_while_it_is_shared_reaches_the_guests(shop: Session, folder: Path) -> None:
    shop.share()
    (folder / "app.py").write_text(APP.replace('"/host"', '"/other"'))
    shop.touch(frozenset({"app.py"}))
    shop.go_live()
    assert ask(shop, "/other") == 200
    assert shop.roster().requests == 1


def test_a_class_is_answered_and_counted_to_the_request(shop: Session) -> None:
    """The bench of sharing in small: each client has an address of its own and counts for itself."""
    shop.share()
    port, clients = shop.snapshot.server.port, 24
    words = [sys.executable, str(GUESTS), ONE, str(port), "/", str(clients), "3", "0"]
    with socket.create_connection((ONE, port)) as dawdler:  # one begins, and never comes to the point
        dawdler.sendall(b"GET / HTTP/1.1\r\nHost: ")
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    counted, roster = json.loads(done.stdout), shop.roster()
    assert (counted["errors"], counted["wrong"]) == ({}, 0)
    assert len(counted["answered"]) == clients
    assert {guest.address: guest.requests for guest in roster.guests} == counted["answered"]
    assert roster.requests == sum(counted["answered"].values())
    assert (roster.failed, roster.refused) == (0, 0)
    assert {guest.device for guest in roster.guests} == {"phone"}
    assert roster.connected(time.time()) == clients


# -- where it can't be, and where it ends -----------------------------------------------------------------


def test_a_machine_in_no_network_is_told_what_to_do(shop: Session, network: list[str]) -> None:
    network.clear()
    with pytest.raises(ProblemError, match=r"in no network.*Connect to a Wi-Fi"):
        shop.share()
    assert shop.snapshot.server.shared == ()


def test_a_server_that_is_stopped_is_not_shared(shop: Session) -> None:
    shop.stop_server()
    with pytest.raises(ProblemError, match="The server is stopped"):
        shop.share()
    assert shop.stop_sharing().shared == ()
    assert shop.look_at_network().shared == ()


def test_without_a_project_there_is_nothing_to_share() -> None:
    session = Session()
    with pytest.raises(ProblemError, match="The server is stopped"):
        session.share()
    assert session.roster().guests == ()


@pytest.mark.untrusted
def test_a_folder_that_is_not_trusted_is_not_shared(
    session: Session, folder: Path, network: list[str]
) -> None:
    session.open(folder)
    with pytest.raises(ProblemError, match="not trusted"):
        session.share()


def test_it_ends_with_the_server_and_is_not_on_again_by_itself(shop: Session) -> None:
    shop.share()
    port = shop.snapshot.server.port
    assert shop.stop_server().shared == ()
    assert shop.start_server(port).shared == ()
    with pytest.raises(ConnectionRefusedError):
        ask(shop)


def test_it_ends_with_trust_and_with_the_project(shop: Session, folder: Path) -> None:
    shop.share()
    shop.distrust()
    assert shop.snapshot.server.shared == ()
    shop.trust()
    shop.go_live()
    shop.start_server(0)
    shop.share()
    shop.close()
    assert shop.snapshot.server.shared == ()


def test_it_follows_the_machine_to_another_network(shop: Session, network: list[str]) -> None:
    assert shop.look_at_network().shared == ()  # not shared: nothing is opened
    state, port = shop.share(), shop.snapshot.server.port
    assert shop.look_at_network() is state
    network[:] = []
    assert shop.look_at_network() is state  # a Wi-Fi that is away for a moment
    network[:] = [TWO]
    assert shop.look_at_network().shared == (f"http://{TWO}:{port}",)
    assert ask(shop, at=TWO) == 200
    with pytest.raises(ConnectionRefusedError):
        ask(shop)
    assert shop.roster().requests == 1  # the same roster goes on


# -- hosts -----------------------------------------------------------------------------------------------


def test_this_window_may_ask_for_any_host_and_others_may_not(shop: Session) -> None:
    sent = shop.send(RequestSpec("GET", "/host", headers=(("Host", "api.shop.example"),)))
    assert sent.response is not None
    assert (sent.response.status, sent.response.body) == (200, b"api.shop.example")
    trip = shop.trip_of(sent.request_ids[0])
    assert trip is not None and trip.window
    assert ask(shop, "/host", at="127.0.0.1", Host="api.shop.example") == 400
    refused = shop.trip(trip.number + 1)
    assert refused is not None
    assert (refused.status, refused.window) == (400, False)
    assert refused.refused == "“api.shop.example” is not a name of this machine."
    assert refused.steps[-1].note.endswith(refused.refused)
    insight = shop.insight(refused.number)
    assert insight is not None
    assert insight.explanation is None  # no router was asked
    (problem,) = insight.problems
    assert problem.sentence == refused.refused
    assert problem.hint.startswith("It did not reach the app.")


# -- the code --------------------------------------------------------------------------------------------


def test_the_code_of_an_address_is_a_square_with_its_three_corners() -> None:
    code = Session().qr("http://192.168.1.20:5000")
    assert len(code) in (25, 29)
    assert all(len(row) == len(code) for row in code)
    corner = ["#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"]
    shown = ["".join(" #"[module] for module in row) for row in code]
    assert [row[:7] for row in shown[:7]] == corner
    assert [row[-7:] for row in shown[:7]] == corner
    assert [row[:7] for row in shown[-7:]] == corner
    assert re.fullmatch(r"[# ]+", shown[8])
