"""What two texts have in common at their ends, and whether two pieces of code mean the same."""

from __future__ import annotations

import ast
from typing import AnyStr


def common_start(one: AnyStr, other: AnyStr) -> int:
    """The characters (or bytes) that both begin with; by halves, since C compares two pieces at once."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_end(one: AnyStr, other: AnyStr, most: int) -> int:
    """The characters (or bytes) that both end with, ``most`` at most."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def meaning(code: object) -> object:
    """What a tree, or a list of trees, says, to be compared: wherever it stands, however it is spelled.

    As ``ast.dump``, which fails where a number has thousands of digits.
    """
    if isinstance(code, ast.AST):
        return (type(code), *(meaning(value) for _, value in ast.iter_fields(code)))
    if isinstance(code, list):
        return tuple(map(meaning, code))
    return type(code), repr(code) if isinstance(code, (float, complex)) else code
