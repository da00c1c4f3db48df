"""How checks say what they found: problems with a rule, a reason, a place and their ways out."""

from __future__ import annotations

from playground.core.fixes import Fix, Mend
from playground.core.problems import Place, Problem

MOST_LETTERS = 40


def found(rule_id: str, sentence: str, why: str, place: Place, *fixes: Fix) -> Problem:
    """A failure that the source shows; at most three fixes, the best first."""
    return Problem(sentence, place=place, rule_id=rule_id, why=why, fixes=fixes[:3])


def fix(label: str, mend: str, place: Place, **given: str) -> Fix:
    """A fix that edits the file of a place, by the mend of that name; ``given`` are its words."""
    words = {"label": label[0].lower() + label[1:], **given}
    if place.column is not None:
        words["column"] = str(place.column)
    return Fix(label, Mend(mend, place.file, place.line, tuple(words.items())))


def shortened(text: str) -> str:
    """A piece of code as a sentence shows it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"
