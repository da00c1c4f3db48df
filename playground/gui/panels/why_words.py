"""What the X-ray says of an explanation: its title, its sentence, and the rows of the nearest rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from playground.core.explanations import Explanation, Near, Stop
from playground.core.fixes import Fix
from playground.core.insight import Insight
from playground.core.problems import Problem
from playground.core.trips import Trip
from playground.gui.widgets.span_table import Cell
from playground.gui.widgets.spans import NEW_LINE, Span, Spans, rule_spans, sentence_spans

ROUTING = frozenset(
    {"no-such-path", "converter-refused", "extra-slash", "slash-redirect", "method-not-allowed"}
)
"""The rules of ``core.help_rules`` that the table of the nearest rules explains."""
PURPOSES = {
    "not_found": "make it match",
    "method_not_allowed": "make it match",
    "redirect": "answer without a detour",
    "error": "mend it",
    "match": "change that",
}
MOST_FIXES = 3
TRACEBACK = "Traceback (most recent call last):"
MISS = "Flask answers 404, and no view function runs. Nearest rules first:"
ALONE = "Flask answers 404, and no view function runs."
VETOES = (Stop.RANGE, Stop.SHADOWED)
"""Where a rule was chosen and then refused: the router's account says how."""


def title_spans(explanation: Explanation) -> Spans:
    """The heading; the part of the path that no rule took is in the error's colour and underlined."""
    match = explanation.match
    path = match.path or "/"
    if match.outcome == "match":
        return (Span(path, code=True), Span(" goes to "), Span(match.endpoint, "accent", code=True))
    if match.outcome == "method_not_allowed":
        return (
            Span("No route takes "),
            Span(match.method, "error", code=True, failed=True),
            Span(f" {path}", code=True),
        )
    if match.outcome == "redirect":
        return (Span(path, code=True), Span(" is sent on to "), Span(match.location, "accent", code=True))
    if match.outcome == "error":
        return (Span("A converter failed on "), *_broken(path, explanation.near))
    return (Span("No route matched "), *_broken(path, explanation.near))


def _broken(path: str, near: Sequence[Near]) -> Spans:
    """The path with the part at which the nearest rule stopped."""
    first = near[0] if near else None
    if first is None or not first.stopped or not path.startswith(first.matched + first.stopped):
        return (Span(path, code=True),)
    end = len(first.matched) + len(first.stopped)
    pieces = (
        Span(first.matched, code=True),
        Span(first.stopped, "error", code=True, failed=True),
        Span(path[end:], code=True),
    )
    return tuple(piece for piece in pieces if piece.text)


def why_sentence(explanation: Explanation) -> str:
    """The sentences under the heading. Of a plain miss the heading and the table say all of it already."""
    is_miss = explanation.match.outcome == "not_found"
    if is_miss and explanation.near and explanation.near[0].stop not in VETOES:
        return MISS
    return " ".join(explanation.why) or (ALONE if is_miss else "")


def near_row(near: Near, narrow: bool = False) -> tuple[Cell, ...]:
    """One of the nearest rules as a row of the table; where it is narrow, what was reached is a line under
    the rule."""
    methods = tuple(method for method in near.methods if method not in ("HEAD", "OPTIONS")) or near.methods
    reason = Cell(sentence_spans(near.reason))
    far = _reached(near)
    if not narrow:
        return (Cell(rule_spans(near.rule), methods), Cell(far), reason)
    return (Cell((*rule_spans(near.rule), Span(NEW_LINE if far else ""), *far), methods), reason)


def _reached(near: Near) -> Spans:
    pieces = (Span(near.matched, "get", code=True), Span(near.stopped, "error", code=True, failed=True))
    return tuple(piece for piece in pieces if piece.text)


def routing_problem(problems: Sequence[Problem]) -> Problem | None:
    """The problem that the table explains, if it is one of those."""
    return next((one for one in problems if one.rule_id in ROUTING), None)


def without_repeats(problem: Problem, explanation: Explanation) -> Problem:
    """The problem that the table explains: its reason only where it is another one than the router's."""
    same = problem.why == " ".join(explanation.why)
    return replace(problem, why="") if same else problem


def routing_fixes(explanation: Explanation, problem: Problem | None) -> tuple[Fix, ...]:
    """The ways to make it match, each once: the problem's own first."""
    fixes: list[Fix] = []
    for fix in (*(problem.fixes if problem else ()), *explanation.fixes):
        if not any(_same(fix, other) for other in fixes):
            fixes.append(fix)
    return tuple(fixes[:MOST_FIXES])


def _same(one: Fix, other: Fix) -> bool:
    return one.label == other.label or (
        (one.mend, one.request, one.command) == (other.mend, other.request, other.command)
        and (one.mend, one.request, one.command) != (None, None, "")
    )


def output_words(trip: Trip) -> str:
    """What it printed and logged; of an exception that is told on the same page, not the traceback again."""
    told = {one.traceback.rstrip().rpartition("\n")[2] for one in trip.raised if one.traceback}
    logged = (
        text.partition(f"\n{TRACEBACK}")[0] if text.rstrip().rpartition("\n")[2] in told else text
        for text in trip.logged
    )
    return "\n".join(filter(None, (trip.printed.rstrip(), *logged)))


def short_problem(insight: Insight) -> str:
    """The one line above the body of a failed answer; empty where nothing is known."""
    if insight.problems:
        return insight.problems[0].sentence
    explanation = insight.explanation
    if explanation is not None and explanation.match.outcome in ("not_found", "method_not_allowed"):
        return "".join(span.text for span in title_spans(explanation)) + "."
    return ""
