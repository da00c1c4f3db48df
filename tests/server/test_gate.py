"""Which hosts a project is answered by: the machine's, its own, and none that others claim."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import pytest

from playground.server import addresses
from playground.server.addresses import Own
from playground.server.gate import Door, Gate

if TYPE_CHECKING:
    from conftest import Answer, Served

NETWORK = Door(shared=True, near=True)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[Own]:
    """The machine's addresses, which a test may change; its name is Teacher-PC."""
    found = [Own(ipaddress.ip_address("192.168.1.20"), "wlan0", 24)]
    monkeypatch.setattr(addresses, "own", lambda: tuple(found))
    monkeypatch.setattr(socket, "gethostname", lambda: "Teacher-PC")
    monkeypatch.setattr("playground.server.gate.AGAIN", 0.0)
    return found


def reason(gate: Gate, host: str | None, door: Door = NETWORK, client: str = "192.168.1.31") -> str:
    environ = {"SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": client}
    if host is not None:
        environ["HTTP_HOST"] = host
    refusal = gate.refusal(environ, door, None)
    return refusal.reason if refusal is not None else ""


def test_the_machine_is_known_by_its_addresses_and_names(network: list[Own]) -> None:
    gate = Gate()
    for host in ("192.168.1.20:5000", "teacher-pc:5000", "TEACHER-PC.LOCAL", "[::ffff:192.168.1.20]"):
        assert reason(gate, host) == ""
    for host in ("192.168.1.21", "student-pc", "teacher-pc.example", "local"):
        assert "of this machine" in reason(gate, host)


def test_an_address_that_the_machine_gets_later_is_let_in_and_one_that_it_lost_is_not(
    network: list[Own],
) -> None:
    gate = Gate()
    assert reason(gate, "10.0.0.5") == "“10.0.0.5” is not an address of this machine."
    network.append(Own(ipaddress.ip_address("10.0.0.5"), "eth0", 8))
    assert reason(gate, "10.0.0.5") == ""
    network[:] = [Own(ipaddress.ip_address("fd00::20"), "eth0", 64)]
    assert reason(gate, "[fd00::20]:5000") == ""
    assert reason(gate, "10.0.0.5") != ""


def test_the_name_with_its_domain_is_only_asked_for_where_it_could_be_ours(
    network: list[Own], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def full_name() -> str:
        asked.append(1)
        return "Teacher-PC.school.example"

    monkeypatch.setattr(addresses, "full_name", full_name)
    gate = Gate()
    assert reason(gate, "evil.example") != ""
    assert asked == []
    assert reason(gate, "teacher-pc.school.example:5000") == ""
    assert reason(gate, "teacher-pc.evil.example") != ""
    assert asked == [1]  # it may take a while, so it is kept for some minutes


def test_names_that_were_given_are_let_in(network: list[Own]) -> None:
    gate = Gate(["Shop.Example", ".shop.test"])
    assert reason(gate, "shop.example") == reason(gate, "www.shop.test:80") == ""
    assert reason(gate, "www.shop.example") != ""


@pytest.mark.parametrize(
    "client", ["192.168.1.31", "10.7.7.7", "fd00::31", "127.0.0.9", "100.64.1.1", "fe80::1"]
)
def test_who_is_in_a_network_of_a_house_is_near(network: list[Own], client: str) -> None:
    assert reason(Gate(), "192.168.1.20", client=client) == ""


def test_who_comes_from_the_internet_is_not_but_where_the_machine_is_in_it(network: list[Own]) -> None:
    gate, far = Gate(), "8.8.8.8"
    assert reason(gate, "192.168.1.20", client=far) == "This app is shared with its own network alone."
    network.append(Own(ipaddress.ip_address("8.8.8.200"), "eth0", 24))
    assert reason(gate, "192.168.1.20", client=far) == ""
    assert reason(gate, "192.168.1.20", client="9.9.9.9") != ""
    assert reason(gate, "192.168.1.20", Door(shared=True), "9.9.9.9") == ""  # serve --host 0.0.0.0


# -- what an app says of itself ---------------------------------------------------------------------------

NAMED = """
from flask import Flask, request

app = Flask(__name__, subdomain_matching=True)
app.config["SERVER_NAME"] = "Shop.test:5000"
app.config["TRUSTED_HOSTS"] = ["shop.test", ".shop.test", "other.test", "127.0.0.1", "localhost"]


@app.get("/")
def home():
    return "home"


@app.get("/", subdomain="api")
def api():
    return "api"
"""
BY_HOST = """
from flask import Flask

app = Flask(__name__, host_matching=True, static_host="static.test")


@app.get("/", host="one.test")
def one():
    return "one"


@app.get("/", host="<name>.two.test")
def two(name):
    return f"two for {name}"
"""


def asked(served: Served, host: str, **more: str) -> Answer:
    return served.get("/", headers={"Host": host, **more})


def test_an_app_is_answered_by_the_name_that_it_gives_itself(served: Served) -> None:
    served.edit("app.py", NAMED)
    assert asked(served, "shop.test:5000").text == "home"
    assert asked(served, "api.shop.test:5000").text == "api"
    assert asked(served, "other.test").status != 400
    assert asked(served, "evil.test").status == 400
    assert asked(served, "evilshop.test").status == 400
    assert asked(served, f"127.0.0.1:{served.port}").status != 400


def test_of_hosts_of_rules_those_are_let_in_that_are_named_outright(served: Served) -> None:
    served.edit("app.py", BY_HOST)
    assert asked(served, "one.test").text == "one"
    assert asked(served, "any.two.test").status == 400
    mine = asked(served, "any.two.test", **{"X-Playground-Request": "sent by the window"})
    assert mine.text == "two for any"


def test_an_edit_of_the_name_holds_at_once(served: Served) -> None:
    served.edit("app.py", NAMED)
    served.edit("app.py", NAMED.replace("hop.test", "tore.test"))
    assert asked(served, "store.test:5000").text == "home"
    assert asked(served, "shop.test").status == 400


def test_a_config_of_odd_things_is_no_error(served: Served) -> None:
    served.edit(
        "app.py", "from flask import Flask\napp = Flask(__name__)\napp.config.update(TRUSTED_HOSTS=7)\n"
    )
    assert asked(served, "evil.test").status == 400
