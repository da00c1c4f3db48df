"""What two texts have in common is found whole, and never counted twice."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.alike import common_end, common_start, meaning

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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("x = 0.0", "x = -0.0"),
        ("x = 'a'", "x = b'a'"),
        ("x = a", "x = b"),
        ("f(a, b)", "f(b, a)"),
        ("def f(a): pass", "async def f(a): pass"),
        (f"x = {hex(10**5000)}", f"x = {hex(10**5000 + 1)}"),
    ],
)
def test_code_that_means_something_else_is_told_apart(one: str, other: str) -> None:
    assert meaning(ast.parse(one)) != meaning(ast.parse(other))
    assert meaning(ast.parse(one)) == meaning(ast.parse(f"# why\n{one}  # so"))


def test_code_means_the_same_however_it_is_spelled() -> None:
    assert meaning(ast.parse("x = (1,\n 'a')").body) == meaning(ast.parse('x=1, "a"').body)
