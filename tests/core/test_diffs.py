"""What is shown of two texts that differ: every changed line with its numbers, and a little around it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.diffs import NO_BREAK, DiffLine, diff_lines, file_diffs
from playground.core.proposals import Proposal

TEN = "".join(f"line {number}\n" for number in range(1, 11))
TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "x = 1\n", "x = 2\r\n"])).map("".join)


def signs(lines: Sequence[DiffLine]) -> list[str]:
    return [f"{line.sign}{line.text}" for line in lines]


def patched(before: str, lines: Sequence[DiffLine]) -> list[str]:
    """What the lines of a diff make of a text."""
    old, new, at = before.replace("\r\n", "\n").split("\n")[:-1], [], 0
    for line in lines:
        if line.sign in "- ":
            new += old[at : line.old - 1]
            at = line.old
        if line.sign in "+ ":
            if line.sign == "+":  # what was left alone above it
                missing = line.new - 1 - len(new)
                new += old[at : at + missing]
                at += missing
            new.append(line.text.removesuffix("␍"))
    return [*new, *old[at:]]


def test_equal_texts_have_no_difference() -> None:
    assert diff_lines(TEN, TEN) == ()
    assert diff_lines("", "") == ()


def test_a_changed_line_is_shown_with_three_around_it() -> None:
    found = diff_lines(TEN, TEN.replace("line 6", "line six"))
    assert signs(found) == [
        "@@@ -3,7 +3,7 @@",
        " line 3",
        " line 4",
        " line 5",
        "-line 6",
        "+line six",
        " line 7",
        " line 8",
        " line 9",
    ]
    assert [(line.old, line.new) for line in found if line.sign in "-+"] == [(6, 0), (0, 6)]


def test_changes_far_apart_are_shown_apart_and_near_ones_together() -> None:
    near = diff_lines(TEN, TEN.replace("line 2", "two").replace("line 8", "eight"))
    assert sum(line.sign == "@" for line in near) == 1
    far = diff_lines(TEN, TEN.replace("line 1\n", "one\n").replace("line 9", "nine"))
    assert sum(line.sign == "@" for line in far) == 2


def test_the_part_of_a_line_that_changed_is_told() -> None:
    found = diff_lines("    return url_for('home')\n", "    return url_for('start')\n")
    removed, added = (line for line in found if line.sign in "-+")
    assert removed.text[slice(*removed.changed)] == "home"
    assert added.text[slice(*added.changed)] == "start"


def test_nothing_is_told_of_lines_that_have_nothing_in_common() -> None:
    found = diff_lines("first\n", "whatever else\n")
    assert {line.changed for line in found} == {(0, 0)}


def test_a_break_at_the_end_that_comes_or_goes_is_said() -> None:
    assert signs(diff_lines("a", "a\n")) == ["@@@ -1,1 +1,1 @@", "-a", f"\\{NO_BREAK}", "+a"]
    assert signs(diff_lines("a\nb", "c\nb"))[-1] == " b"


def test_carriage_returns_are_shown_where_they_make_the_difference() -> None:
    assert signs(diff_lines("a\r\n", "a\n"))[1:] == ["-a␍", "+a"]
    assert signs(diff_lines("a\r\n", "b\r\n"))[1:] == ["-a", "+b"]


@given(TEXTS, TEXTS)
def test_the_lines_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    assert patched(before, diff_lines(before, after)) == after.replace("\r\n", "\n").split("\n")[:-1]


@given(TEXTS, TEXTS)
def test_texts_differ_where_a_line_comes_or_goes(before: str, after: str) -> None:
    assert (before == after) == (not diff_lines(before, after))


def test_long_files_are_compared_by_their_lines_in_one_go() -> None:
    before = "".join(f"    return {number % 7}\n" for number in range(40_000))
    after = "new = 1\n" + before.replace("return 6\n", "return six\n", 1)
    assert sum(line.sign in "-+" for line in diff_lines(before, after)) == 3


# Files --------------------------------------------------------------------------------------------


def test_files_of_a_proposal_are_told_by_what_becomes_of_them() -> None:
    page = b"<p>one</p>\n<p>two</p>\n<p>three</p>\n"
    diffs = file_diffs(
        Proposal(
            "rename",
            {"app.py": b"a\n", "t/old.html": page, "same.py": b"s\n", "gone.py": b"g\n", "t/new.html": None},
            {
                "app.py": b"a\nb\n",
                "t/old.html": None,
                "t/new.html": page.replace(b"two", b"2"),
                "same.py": b"s\n",
                "gone.py": None,
                "made.py": b"# something else\n",
            },
        )
    )
    assert [(one.file, one.kind, one.was, one.added, one.removed) for one in diffs] == [
        ("app.py", "changed", "", 1, 0),
        ("gone.py", "removed", "", 0, 1),
        ("made.py", "added", "", 1, 0),
        ("t/new.html", "renamed", "t/old.html", 1, 1),
    ]


@pytest.mark.parametrize("data", [b"\xe4\n", b"\xef\xbb\xbfa = 1\n", b"a\0b"])
def test_whatever_bytes_a_file_holds(data: bytes) -> None:
    (diff,) = file_diffs(Proposal("change", {"f": data}, {"f": data + b"more\n"}))
    assert diff.note.startswith("Not text") == (b"\0" in data)
    assert diff.added == (0 if b"\0" in data else 1)
