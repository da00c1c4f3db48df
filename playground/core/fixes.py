"""What can be done about a problem: an edit of the source, another request, or something to type.

A ``Fix`` is a value and does nothing by itself. Its ``Mend`` names an edit that the project's folder knows
how to make: like a rename it becomes a ``Proposal``, is shown as a diff, written as one step and undone as
one.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.exchanges import Pairs, RequestSpec


@dataclass(frozen=True, slots=True)
class Mend:
    """An edit by its name and what it is about.

    ``name`` is one that ``project/mending`` knows. ``file`` is relative to the folder, ``line`` counts
    from 1; ``given`` are its further words by name, all text.
    """

    name: str
    file: str = ""
    line: int | None = None
    given: Pairs = ()

    def word(self, name: str) -> str:
        """One of the further words; empty where it is not given."""
        return next((value for key, value in self.given if key == name), "")


@dataclass(frozen=True, slots=True)
class Fix:
    """One way out: ``label`` is what its button says, at most some 40 characters.

    One of ``mend`` (edits the source), ``request`` (sends this instead) and ``command`` (to be typed in a
    terminal) is given; none of them where it is only told.
    """

    label: str
    mend: Mend | None = None
    request: RequestSpec | None = None
    command: str = ""
