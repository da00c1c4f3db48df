"""How a problem is put in words: short sentences, what was typed cut to where it can be read, the nearest
name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename, splitext

from playground.core.exchanges import Pairs
from playground.core.fixes import Fix, Mend
from playground.core.problems import Place

WORDS = 15
"""Words that a sentence has at most."""
SHOWN = 60
"""Signs of a path or a value that a sentence shows."""
MOST_FIXES = 3


def shown(text: str, most: int = SHOWN) -> str:
    """What a person typed as at most two words of a sentence: on one line, its end left out where it is
    long."""
    words = text.split()
    word = " ".join(words) if len(words) < 3 else f"{' '.join(words[:2])}…"
    return word if len(word) <= most else word[: most - 1] + "…"


def shown_line(line: str) -> str:
    """A line of source in a sentence."""
    return line.strip() if len(line.strip()) <= 80 else f"{line.strip()[:79]}…"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name that looks most like ``word``, whatever its case; empty where none does."""
    names = {name.lower(): name for name in reversed(list(dict.fromkeys(known))) if name != word}
    found = difflib.get_close_matches(word.lower(), list(names), 1, cutoff)
    return names[found[0]] if found else ""


def nearest_file(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The same for files: what they are called counts, and how they end only where all else is alike."""
    names = list(dict.fromkeys(known))
    if name.lower() in map(str.lower, names):
        return nearest(name, names, cutoff)
    by_stem = {splitext(one)[0].lower(): one for one in reversed(names)}
    stem = splitext(name)[0].lower()
    elsewhere = [one for one in names if basename(splitext(one)[0]).lower() == basename(stem)]
    found = by_stem.get(stem) or next(iter(elsewhere), "")
    return found or by_stem.get(nearest(stem, by_stem, cutoff), "")


def listed(names: Iterable[str], most: int = 6) -> str:
    """Names in a row, the first few of many: ``a, b and c``; empty for none."""
    every = [shown(name, 40) for name in names]
    few = every if len(every) <= most else [*every[:most], f"{len(every) - most} more"]
    return " and ".join(", ".join(few).rsplit(", ", 1))


def there_are(names: Sequence[str], most: int = 8) -> str:
    """A sentence about all that there is, to be set behind another one; empty for nothing."""
    return f" There {'is' if len(names) == 1 else 'are'} {listed(names, most)}." if names else ""


def within(name: str, known: Mapping[str, str]) -> str:
    """The template that a name means which begins with its folder: ``home.html`` for
    ``templates/home.html``. ``known`` has the file of each; empty where there is none."""
    shorter = [one for one in known if name.endswith(f"/{one}")]
    return next((one for one in shorter if f"/{known[one]}".endswith(f"/{name}")), "")


def starts_inside(name: str, inside: str) -> str:
    """The sentence about such a name."""
    folder = name.removesuffix(inside).rstrip("/")
    return f"A template's name leaves out {shown(folder, 30)}/: this one is {shown(inside, 40)}."


def told(label: str) -> Fix:
    """A way out that is only told."""
    return Fix(label)


def rewrite(label: str, place: Place, old: str, new: str, why: str = "") -> Fix:
    """A fix that replaces ``old`` by ``new`` where it first stands from the place's line on."""
    given: Pairs = (("old", old), ("new", new), ("label", why or label))
    return Fix(label, mend=Mend("replace", place.file, place.line, given))


def mend(label: str, name: str, file: str, line: int | None = None, /, **given: str) -> Fix:
    """A fix by the name of its mend."""
    return Fix(label, mend=Mend(name, file, line, tuple(given.items())))


def label(text: str) -> str:
    """What a button says: the end left out where it would be too wide."""
    return text if len(text) <= 40 else text[:39] + "…"


def ways(*fixes: Fix | None) -> tuple[Fix, ...]:
    """The first three that there are, none of them twice."""
    return tuple(dict.fromkeys(fix for fix in fixes if fix is not None))[:MOST_FIXES]


def ended(words: str) -> str:
    """A sentence with its full stop."""
    return words if words.endswith((".", "!", "?")) else f"{words}."
