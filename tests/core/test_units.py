"""Sizes and times as people read them; the traps are those that other workbenches fell into."""

from __future__ import annotations

import pytest

from playground.core.units import human_size, human_time


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1075, "1.0 KB"),
        (1234, "1.2 KB"),
        (5 << 20, "5.0 MB"),
        ((1 << 20) - 1, "1.0 MB"),
        (3 << 40, "3.0 TB"),
    ],
)
def test_sizes(size: int, text: str) -> None:
    assert human_size(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 ms"),
        (0.00001, "<0.1 ms"),
        (0.0004, "0.4 ms"),
        (0.0002, "0.2 ms"),
        (0.0031, "3.1 ms"),
        (0.024, "24 ms"),
        (0.9996, "1.0 s"),
        (1.05, "1.1 s"),
        (1.999, "2.0 s"),
        (9.97, "10 s"),
        (59.7, "1m 0s"),
        (65, "1m 5s"),
    ],
)
def test_times(seconds: float, text: str) -> None:
    assert human_time(seconds) == text
