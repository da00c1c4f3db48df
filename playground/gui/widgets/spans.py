"""Words in several looks in one cell: a rule with coloured parameters, a path with the part that failed.

What a colour says is said by a sign as well: the part that failed has a wavy line under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout, QTextOption

from playground.gui.rule_text import rule_pieces
from playground.gui.theme import theme

CODE = "`"
"""In a sentence, what stands between two of these is code."""

NEW_LINE = "\u2028"
"""Begins a new line within a cell."""

_LONG_RUN, _TEN = re.compile(r"[^\s\u200b]{31,}"), re.compile(r".{10}(?!$)")
_PATH = re.compile(r"(?<![^\s\"])/(?:<[^<>]*>|[^\s\"<>])*?(?=[.,;:]?(?:[\s\"]|$))")
"""A path or a rule as it stands in a sentence, without the sign that may follow it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: ``token`` names its colour, ``failed`` puts a wavy line under it."""

    text: str
    token: str = "text"
    code: bool = False
    failed: bool = False
    bold: bool = False


Spans = tuple[Span, ...]


def plain(spans: Iterable[Span]) -> str:
    """The words alone, for those who hear them."""
    return "".join(span.text for span in spans).replace(NEW_LINE, " ")


def rule_spans(rule: str) -> Spans:
    """A rule with its parameters in their colour."""
    return tuple(
        Span(piece, "parameter" if is_parameter else "text", code=True)
        for piece, is_parameter in rule_pieces(rule)
    )


def sentence_spans(sentence: str, token: str = "text") -> Spans:
    """A sentence; what it has between backquotes is code, and so are its paths and rules."""
    parts = sentence.split(CODE)
    if len(parts) % 2 == 0:  # one of them alone is a sign like any other
        return tuple(_with_paths(sentence, token))
    spans: list[Span] = []
    for at, part in enumerate(parts):
        spans.extend([Span(part, token, code=True)] if at % 2 else _with_paths(part, token))
    return tuple(span for span in spans if span.text)


def _with_paths(text: str, token: str) -> Iterator[Span]:
    end = 0
    for found in _PATH.finditer(text):
        yield Span(text[end : found.start()], token)
        for span in rule_spans(found.group()):
            yield span if span.token == "parameter" else replace(span, token=token)
        end = found.end()
    yield Span(text[end:], token)


def as_html(spans: Iterable[Span]) -> str:
    """The same for a label; line breaks stay."""
    return "".join(map(_html, spans))


def _html(span: Span) -> str:
    styles = [f"color:{getattr(theme().tokens, span.token)}"]
    if span.code:
        styles.append(f"font-family:'{theme().mono().family()}'")
    if span.bold:
        styles.append("font-weight:bold")
    if span.failed:
        styles.append("text-decoration:underline")
    return f'<span style="{";".join(styles)}">{escape(breakable(span.text))}</span>'


def breakable(text: str) -> str:
    """For a label, which breaks lines between words alone: what is very long may be broken within, too."""
    return _LONG_RUN.sub(lambda run: _TEN.sub("\\g<0>\u200b", run[0]), text)


def laid_out(spans: Sequence[Span], width: int) -> tuple[QTextLayout, int]:
    """The words set in lines of that width, and how high they are together; not to be changed by anyone.

    It takes half a millisecond, and a table asks for each cell three times: how wide, how high, and to paint.
    """
    return _set_in_lines(tuple(spans), width, theme().tokens.name, theme().zoom)


@lru_cache(maxsize=1000)
def _set_in_lines(spans: Spans, width: int, look: str, zoom: float) -> tuple[QTextLayout, int]:
    layout = QTextLayout("".join(span.text for span in spans), theme().ui())
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_formats(spans))
    layout.beginLayout()
    height = 0.0
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(width, 1))
        line.setPosition(QPointF(0, height))
        height += line.height()
        line = layout.createLine()
    layout.endLayout()
    return layout, round(height + 0.5)


def natural_width(spans: Sequence[Span]) -> int:
    """How wide the words are in one line."""
    layout, _ = laid_out(spans, 100_000)
    widths = (layout.lineAt(at).naturalTextWidth() for at in range(layout.lineCount()))
    return round(max(widths, default=0) + 1.5)


def centred(rect: QRect, height: int) -> QPointF:
    """Where words of that height begin so that they stand in the middle of a cell."""
    return QPointF(rect.left(), rect.top() + max(0, (rect.height() - height) // 2))


def _formats(spans: Sequence[Span]) -> list[QTextLayout.FormatRange]:
    ranges = []
    at = 0
    for span in spans:
        one = QTextLayout.FormatRange()
        # Qt counts in UTF-16
        one.start, one.length = at, len(span.text.encode("utf-16-le")) // 2
        at += one.length
        one.format = _format(span)
        ranges.append(one)
    return ranges


def _format(span: Span) -> QTextCharFormat:
    form = QTextCharFormat()
    font: QFont = theme().mono() if span.code else theme().ui()
    font.setBold(span.bold)
    form.setFont(font)
    form.setForeground(theme().colour(span.token))
    if span.failed:
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(theme().colour("error"))
    return form
