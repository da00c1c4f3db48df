"""Who is here: what a guest holds in its hand, and who counts as connected."""

from __future__ import annotations

import pytest

from playground.core.roster import CONNECTED, Guest, Roster, device_of

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {WEBKIT} Version/18.5 Mobile/15E148",
            "phone",
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0", "phone"),
        (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {WEBKIT} Version/16.6 Mobile/15E148", "tablet"),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X200) {CHROME} Safari/537.36", "tablet"),
        ("Mozilla/5.0 (Android 14; Tablet; rv:141.0) Gecko/141.0 Firefox/141.0", "tablet"),
        (
            f"Mozilla/5.0 (Linux; Android 11; KFTRWI) {CHROME} Silk/140.1 like Chrome/140.0 Safari/537.36",
            "tablet",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", "laptop"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.5 Safari/605.1.15", "laptop"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "laptop"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "laptop"),
        ("curl/8.5.0", "program"),
        ("python-requests/2.32.3", "program"),
        ("Python-urllib/3.13", "program"),
        ("Wget/1.21.4", "program"),
        ("RoutePlayground", "program"),
        ("PostmanRuntime/7.43.0", "program"),
        ("Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.26100.1", "program"),
        ("Mozilla/5.0 (Nintendo Switch; WebApplet) AppleWebKit/613.0", ""),
        ("something of its own", ""),
        ("", ""),
    ],
)
def test_what_asks_is_told_by_what_it_says_of_itself(agent: str, device: str) -> None:
    assert device_of(agent) == device


def test_who_was_silent_for_five_minutes_is_not_connected_any_more() -> None:
    def guest(when: float) -> Guest:
        return Guest(f"10.0.0.{when:g}", "phone", 1, 0, "GET", "/", 200, when)

    roster = Roster((guest(100), guest(99)), 2)
    assert CONNECTED == 300
    assert roster.connected(150) == 2
    assert roster.connected(100 + CONNECTED) == 1
    assert roster.connected(101 + CONNECTED) == 0
    assert Roster().connected(0) == 0
