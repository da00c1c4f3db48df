"""Two changes of the same thing put together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.core.answers import Answer, AnswerKind
from playground.core.merging import clashing_fields, merge_both, merge_drafts, merge_text, taking
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


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        ("one\nTWO\nthree\nfour\n", "one\nzwei\nthree\nfour\n", "one\nzwei\nTWO\nthree\nfour\n"),
        ("one\nmine\ntwo\nthree\nfour\n", "one\ntheirs\n" + BASE[4:], "one\ntheirs\nmine\n" + BASE[4:]),
        ("one\nfour\n", "one\ntwo\nTHREE\nfour\n", "one\ntwo\nTHREE\nfour\n"),
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        (BASE + "mine", BASE + "theirs", BASE + "theirs\nmine"),
        ("mine", "", "mine"),
    ],
)
def test_both_versions_are_kept_where_they_clash(ours: str, theirs: str, both: str) -> None:
    assert merge_both(BASE, ours, theirs) == both


@given(LINES, LINES, LINES)
def test_nothing_is_lost_where_both_are_kept(base: str, ours: str, theirs: str) -> None:
    both = merge_both(base, ours, theirs)
    merged = merge_text(base, ours, theirs)
    assert merged is None or both == merged
    added = (set(ours.splitlines()) | set(theirs.splitlines())) - set(base.splitlines())
    assert added <= set(both.splitlines())


HOME = RouteDraft("/", doc="Home", answer=Answer(AnswerKind.TEXT, "Hello"))


@pytest.mark.parametrize(
    ("ours", "theirs", "clashes"),
    [
        (replace(HOME, doc="Mine"), replace(HOME, doc="Theirs"), ("doc",)),
        (replace(HOME, doc="Mine"), replace(HOME, function="theirs"), ()),
        (replace(HOME, doc="Same"), replace(HOME, doc="Same"), ()),
        (
            replace(HOME, answer=Answer(AnswerKind.TEXT, "Mine")),
            replace(HOME, answer=Answer(AnswerKind.TEXT, "Theirs")),
            ("answer value",),
        ),
        (
            replace(HOME, answer=Answer(AnswerKind.TEXT, "Mine")),
            replace(HOME, answer=Answer(AnswerKind.TEXT, "Hello", status=404)),
            (),
        ),
        (
            replace(HOME, answer=Answer(AnswerKind.TEXT, "Mine")),
            replace(HOME, answer=Answer(AnswerKind.JSON, "{}")),
            ("answer",),
        ),
    ],
)
def test_fields_changed_in_two_ways_are_named(
    ours: RouteDraft, theirs: RouteDraft, clashes: tuple[str, ...]
) -> None:
    assert clashing_fields(HOME, ours, HOME, theirs) == clashes
    settled = taking(ours, theirs, clashes)
    assert clashing_fields(HOME, settled, HOME, theirs) == ()
    assert all(getattr(settled, name) == getattr(theirs, name) for name in clashes if " " not in name)


def test_a_form_that_says_the_same_in_another_way_is_no_clash() -> None:
    shown, known = replace(HOME, doc="Greet the "), replace(HOME, doc="Greet the")
    assert clashing_fields(shown, replace(HOME, doc="Greet the guest"), known, known) == ()
