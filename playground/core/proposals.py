"""Edits that reach over several files: shown as a whole before anything is written, undone as one step.

A ``Rename``, ``Move`` or ``CleanUp`` says what is wanted, a ``Proposal`` what that would write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from playground.core.fixes import Mend
from playground.core.routes import Route

RenameKind = Literal["function", "parameter", "endpoint", "blueprint", "template"]


@dataclass(frozen=True, slots=True)
class Rename:
    """``old`` becomes ``new`` wherever the project uses it.

    ``route`` is the route whose function, parameter or endpoint it is; None for a blueprint (``old`` is its
    name) and a template (``old`` is its name for Jinja).
    """

    kind: RenameKind
    old: str
    new: str
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A route goes to another owner (its name), or to another ``file`` under the owner of that name."""

    route: Route
    owner: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What is used nowhere any more is taken out of these files; of all files where none is named."""

    files: tuple[str, ...] = ()


Wanted = Rename | Move | CleanUp | Mend
"""All that a proposal can be asked for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """All files of one change, as they are (``before``) and would be (``after``); None is no file.

    ``label`` reads as in "Undo ...". ``notes`` are what the person should know before saying yes: uses that
    can't be told for sure, names made while the program runs.
    """

    label: str
    before: Mapping[str, bytes | None]
    after: Mapping[str, bytes | None]
    notes: tuple[str, ...] = ()
