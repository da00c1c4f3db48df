"""Which host a request asks for, and whether that is us: every spelling that was thought of."""

from __future__ import annotations

import pytest

from playground.core.hosts import Host, HostError, address_of, asked_for, foreign, is_one_of, names_of, read

OURS = names_of(["teacher-pc", "teacher-pc.local", "192.168.1.20", "fd00::20", ".shop.test", "Büro.example"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:5000", "localhost"),
        ("LocalHost:5000", "localhost"),
        ("localhost.", "localhost"),
        ("localhost.:80", "localhost"),
        ("localhost:", "localhost"),  # an empty port is one that is not said
        ("api.localhost:5000", "api.localhost"),
        ("teacher_pc", "teacher_pc"),  # Windows has such names
        ("xn--bro-hoa.example", "xn--bro-hoa.example"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]:5000", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("[::FFFF:127.0.0.1]", "127.0.0.1"),
        ("evil.example", "evil.example"),
        ("127.1", "127.1"),  # no browser sends that for 127.0.0.1; here it is only a name
        ("0x7f.0.0.1", "0x7f.0.0.1"),
        ("2130706433", "2130706433"),
    ],
)
def test_what_a_host_header_says(text: str, name: str) -> None:
    assert str(read(text)) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "localhost localhost",
        "localhost, localhost",  # sent twice
        "localhost,evil.example",
        "user@localhost",
        "localhost@evil.example",
        "user:password@localhost",
        "localhost/evil.example",
        "localhost?",
        "localhost#",
        "localhost\\evil.example",
        "localhost:port",
        "localhost:123456",
        "localhost:-1",
        "localhost:80:80",
        "localhost..",
        ".localhost",
        "a..localhost",
        "::1",
        "[::1",
        "[::1]evil.example",
        "[::1]:5000x",
        "[fe80::1%25eth0]",
        "[localhost]",
        "[127.0.0.1]:5000x",
        "büro.example",
        "１２７.0.0.1",
        "localhost\x00",
        "localhost\t",
        "<script>alert(1)</script>",
        "-a.example",
        "a" * 64 + ".example",
        "a." * 127 + "aa",
    ],
)
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(HostError):
        read(text)


@pytest.mark.parametrize(
    "text", ["localhost", "a.localhost", "a.b.LOCALHOST.", "127.0.0.1", "127.9.9.9", "[::1]"]
)
def test_loopback_is_this_machine_wherever_it_is_said(text: str) -> None:
    assert read(text).is_loopback


@pytest.mark.parametrize(
    "text",
    [
        "localhost.evil.example",
        "notlocalhost",
        "localhost-evil",
        "127.0.0.1.evil.example",
        "0.0.0.0",
        "[::]",
        "127.1",
    ],
)
def test_what_only_looks_like_loopback(text: str) -> None:
    assert not read(text).is_loopback


def test_the_request_line_and_the_header_must_agree() -> None:
    assert asked_for("localhost:5000", "LOCALHOST:80") == Host("localhost")
    with pytest.raises(HostError, match=r"asks for “evil\.example”, and the Host header for localhost"):
        asked_for("localhost", "evil.example")
    with pytest.raises(HostError, match=r"asks for “localhost”, and the Host header for evil\.example"):
        asked_for("evil.example", "localhost")
    with pytest.raises(HostError, match="not the name of a host"):
        asked_for("localhost", "me@localhost")


def test_only_http_1_0_need_not_say_its_host() -> None:
    assert asked_for(None, http10=True) is None
    assert asked_for(None, "evil.example", http10=True) == Host("evil.example")
    assert asked_for("evil.example", http10=True) == Host("evil.example")
    with pytest.raises(HostError, match=r"HTTP/1\.1 asks for one"):
        asked_for(None)
    with pytest.raises(HostError, match=r"HTTP/1\.1 asks for one"):
        asked_for(None, "localhost")
    with pytest.raises(HostError, match="is empty"):
        asked_for("", http10=True)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("teacher-pc", True),
        ("TEACHER-PC.Local.:5000", True),
        ("other-pc", False),
        ("192.168.1.20:5000", True),
        ("192.168.1.2", False),
        ("192.168.1.200", False),
        ("[fd00:0::20]", True),
        ("[::ffff:192.168.1.20]", True),
        ("www.shop.test", True),
        ("a.b.shop.test", True),
        ("shop.test", False),  # a dot in front stands for what is below
        ("evilshop.test", False),
        ("xn--bro-hoa.example", True),
        ("teacher-pc.evil.example", False),
        ("192.168.1.20.evil.example", False),
    ],
)
def test_names_are_compared_whole_and_in_small_letters(text: str, ours: bool) -> None:
    assert is_one_of(read(text), OURS) is ours


def test_what_can_not_be_a_name_is_left_out() -> None:
    assert names_of(["Shop.Test:5000", "a b", "", None, 7, "ü" * 70, " x "]) == {"shop.test", "x"}


def test_a_sentence_never_repeats_what_can_not_be_seen_nor_much() -> None:
    with pytest.raises(HostError, match=r"^“a\?\?b” is not the name of a host\.$"):
        read("a\x1b\x85b")
    with pytest.raises(HostError) as caught:
        read("<" * 500)
    assert len(str(caught.value)) < 100
    assert foreign(read("evil.example")) == "“evil.example” is not a name of this machine."
    assert foreign(read("10.0.0.1")) == "“10.0.0.1” is not an address of this machine."


def test_addresses_have_one_spelling() -> None:
    assert address_of("127.0.0.01") is None
    assert str(address_of("::ffff:10.0.0.1")) == "10.0.0.1"
    assert address_of("localhost") is None
