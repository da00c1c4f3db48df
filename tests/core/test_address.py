"""Addresses taken apart and put together."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.core import address
from playground.core.rules import Rule

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
PAIRS = st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple)


@example(name="0", rest="&", pairs=(("", ""),))
@settings(max_examples=60, deadline=None)
@given(name=TEXT, rest=TEXT, pairs=PAIRS)
def test_any_values_come_back_out_of_the_address(
    name: str, rest: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    rule = Rule.parse("/straße/<name>-x/<path:rest>")
    made = address.with_pairs(address.fill(rule, {"name": name, "rest": rest}), pairs)
    assert address.pairs_of(made) == pairs
    found = address.fit(rule, made)
    assert found is not None
    assert address.fill(rule, found.texts) == address.split(made)[0]


@settings(max_examples=60, deadline=None)
@given(before=PAIRS, more=PAIRS)
def test_pairs_are_added_to_those_there_are(
    before: tuple[tuple[str, str], ...], more: tuple[tuple[str, str], ...]
) -> None:
    made = address.with_pairs("/users", before)
    assert address.pairs_of(address.add_pairs(made, more)) == before + more
    assert address.add_pairs(made, more).startswith(made)  # what was typed stays as it was


def test_a_query_is_added_before_the_fragment() -> None:
    assert address.add_pairs("/x?a=1#top", (("b", "2"),)) == "/x?a=1&b=2#top"
    assert address.add_pairs("/x?", (("b", ""),)) == "/x?b="
    assert address.add_pairs("/x#top", ()) == "/x#top"
    assert address.pairs_of("/x?a=1&a=&b#top") == (("a", "1"), ("a", ""), ("b", ""))


def test_half_a_character_does_no_harm() -> None:
    assert address.with_pairs("/", (("a", "\ud83d"),)) == "/?a=%3F"
