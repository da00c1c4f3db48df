"""What two texts have in common is found whole, and never counted twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.core.alike import common_end, common_start

TEXTS = st.text("ab", max_size=20)


@given(TEXTS, TEXTS)
def test_the_common_beginning_is_the_longest_one(one: str, other: str) -> None:
    size = common_start(one, other)
    assert one[:size] == other[:size]
    assert one[size : size + 1] != other[size : size + 1] or size == min(len(one), len(other))
    assert size == common_start(one.encode(), other.encode())


@given(TEXTS, TEXTS)
def test_the_rest_is_what_differs(one: str, other: str) -> None:
    start = common_start(one, other)
    end = common_end(one, other, min(len(one), len(other)) - start)
    assert start + end <= min(len(one), len(other))
    assert one[:start] + other[start : len(other) - end] + one[len(one) - end :] == other
    assert end == common_start(one[start:][::-1], other[start:][::-1])
