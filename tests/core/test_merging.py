"""Two changes of the same thing put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.answers import Answer, AnswerKind
from playground.core.merging import merge_drafts, merge_text
from playground.core.routes import RouteDraft

BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        ("one\nTWO\nthree\nfour\n", "one\ntwo\nTHREE\nfour\n", "one\nTWO\nTHREE\nfour\n"),
        ("one\nTWO\nthree\nfour\n", "one\ntwo\nnew\nthree\nfour\n", "one\nTWO\nnew\nthree\nfour\n"),
        ("one\nthree\nfour\n", "new\none\ntwo\nthree\nfour\n", "new\none\nthree\nfour\n"),
        ("one\nTWO\nthree\nfour\n", "one\nzwei\nthree\nfour\n", None),
        ("one\nmine\ntwo\nthree\nfour\n", "one\ntheirs\ntwo\nthree\nfour\n", None),
        ("one\nfour\n", "one\ntwo\nTHREE\nfour\n", None),
        ("same\n", "same\n", "same\n"),
        (BASE + "no newline", BASE, BASE + "no newline"),
    ],
)
def test_lines(ours: str, theirs: str, merged: str | None) -> None:
    assert merge_text(BASE, ours, theirs) == merged
    assert merge_text(BASE, theirs, ours) == merged


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=6).map("".join)


@given(base=LINES, mine=LINES, theirs=LINES)
def test_what_only_one_changed_is_taken_and_the_order_of_the_two_does_not_matter(
    base: str, mine: str, theirs: str
) -> None:
    assert merge_text(base, mine, base) == mine
    assert merge_text(base, base, theirs) == theirs
    assert merge_text(base, mine, theirs) == merge_text(base, theirs, mine)


def test_of_a_form_the_fields_that_were_typed_win() -> None:
    base = RouteDraft("/a", doc="old", answer=Answer(AnswerKind.TEXT, "x", headers=(("A", "1"),)))
    ours = RouteDraft("/a", doc="mine", answer=Answer(AnswerKind.TEXT, "mine", headers=(("A", "1"),)))
    theirs = RouteDraft("/b", doc="old", answer=Answer(AnswerKind.TEXT, "x", 201))
    assert merge_drafts(base, ours, theirs) == RouteDraft(
        "/b", doc="mine", answer=Answer(AnswerKind.TEXT, "mine", 201)
    )


def test_an_answer_of_another_kind_is_taken_whole() -> None:
    base = RouteDraft("/a", answer=Answer(AnswerKind.TEXT, "x"))
    ours = RouteDraft("/a", answer=Answer(AnswerKind.JSON, "{}"))
    theirs = RouteDraft("/a", answer=Answer(AnswerKind.TEXT, "theirs", 201))
    assert merge_drafts(base, ours, theirs).answer == ours.answer
