"""Which addresses others are told: the likeliest first, none that nobody can reach."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from playground.server import addresses
from playground.server.addresses import Own, ordered


def own(text: str, adapter: str = "eth0", prefix: int = 24) -> Own:
    return Own(ipaddress.ip_address(text), adapter, prefix)


def test_the_default_route_comes_first_and_virtual_adapters_last() -> None:
    found = [
        own("127.0.0.1", "lo", 8),
        own("172.17.0.1", "docker0", 16),
        own("10.8.0.2", "tun0"),
        own("192.168.56.1", "VirtualBox Host-Only Ethernet Adapter"),
        own("172.28.0.1", "vEthernet (WSL (Hyper-V firewall))"),
        own("fd00::20", "wlan0", 64),
        own("10.0.0.5", "eth0"),
        own("192.168.1.20", "wlan0"),
        own("169.254.7.7", "eth1", 16),
        own("fe80::1", "wlan0", 64),
        own("::1", "lo", 128),
    ]
    assert ordered(found, ["192.168.1.20"]) == (
        "192.168.1.20",
        "10.0.0.5",
        "fd00::20",
        "172.17.0.1",
        "10.8.0.2",
        "192.168.56.1",
        "172.28.0.1",
    )


def test_where_only_a_tunnel_has_the_default_route_the_room_still_comes_first() -> None:
    assert ordered([own("10.8.0.2", "wg0"), own("192.168.1.20")], ["10.8.0.2"]) == (
        "192.168.1.20",
        "10.8.0.2",
    )


def test_each_is_told_once() -> None:
    assert ordered([own("10.0.0.5"), own("10.0.0.5", "eth0:1")]) == ("10.0.0.5",)


def test_a_machine_in_no_network_has_none() -> None:
    assert ordered([own("127.0.0.1", "lo", 8), own("::1", "lo", 128), own("169.254.1.1")]) == ()


def test_the_system_lists_loopback_at_least() -> None:
    found = addresses.own()
    assert any(one.address.is_loopback for one in found)
    assert not any(ipaddress.ip_address(text).is_loopback for text in addresses.of_the_network())


def test_a_system_that_does_not_tell_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("ifaddr.get_adapters", broken)
    monkeypatch.setattr(socket.socket, "connect", broken)
    assert addresses.of_the_network() == ()


def test_a_name_is_known_with_and_without_its_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Teacher-PC.school.example")
    assert addresses.names() == {"teacher-pc.school.example", "teacher-pc", "teacher-pc.local"}


def test_an_address_as_it_is_typed() -> None:
    assert addresses.url("192.168.1.20", 5000) == "http://192.168.1.20:5000"
    assert addresses.url("fd00::20", 5000) == "http://[fd00::20]:5000"
