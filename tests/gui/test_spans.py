"""Words in several looks: what of a sentence is code, and what a rule's parameters look like."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from playground.gui.widgets.spans import NEW_LINE, Span, as_html, laid_out, plain, sentence_spans


def code(sentence: str) -> list[str]:
    """The pieces that are code; neighbours together."""
    pieces: list[str] = []
    was = False
    for span in sentence_spans(sentence):
        if span.code and was:
            pieces[-1] += span.text
        elif span.code:
            pieces.append(span.text)
        was = span.code
    return pieces


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("nothing may follow /users", ["/users"]),
        ("begins with /files/", ["/files/"]),
        ("/users/<int:user_id> is the only rule that fits.", ["/users/<int:user_id>"]),
        ('No rule of this app fits "/users/42/".', ["/users/42/"]),
        ("The nearest is /a/<b>: int takes digits only", ["/a/<b>"]),
        ("is /users, to the letter", ["/users"]),
        ("`int` takes digits and/or more", ["int"]),
        ("one ` alone is a sign", []),
        ("/<any(a, b):c> wants a or b", ["/<any(a, b):c>"]),
        ("/", ["/"]),
        ("", []),
    ],
)
def test_paths_and_what_is_between_backquotes_is_code(sentence: str, pieces: list[str]) -> None:
    assert code(sentence) == pieces
    if sentence.count("`") % 2 == 0:
        assert plain(sentence_spans(sentence)) == sentence.replace("`", "")
    else:
        assert plain(sentence_spans(sentence)) == sentence


def test_parameters_keep_their_colour_in_a_sentence() -> None:
    coloured = [span.text for span in sentence_spans("/a/<b>/c", "muted") if span.token == "parameter"]
    assert coloured == ["<b>"]


def test_what_failed_is_underlined_where_colour_is_not_seen(qtbot: QtBot) -> None:
    assert "underline" in as_html([Span("abc", "error", failed=True)])
    assert "&lt;b&gt;" in as_html([Span("<b>")])


def test_words_wrap_and_lines_end_where_they_are_told_to(qtbot: QtBot) -> None:
    words = (Span("one two three four"),)
    assert laid_out(words, 10_000)[0].lineCount() == 1
    assert laid_out(words, 60)[0].lineCount() > 1
    assert laid_out((Span("one"), Span(NEW_LINE), Span("😀 two")), 10_000)[0].lineCount() == 2
