"""What is known of a template while it is edited: the variables it was last given, and all that it may name.

Values only, so that they can travel from the server to the window. ``completing_words`` makes of them, of the
text and of the cursor's place what can be completed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """What can be written behind a value's dot: ``kind`` is ``key``, ``attribute`` or ``method``.

    ``type`` and ``text`` (a short ``repr``) are empty where telling them would run code of the app.
    """

    name: str
    type: str = ""
    text: str = ""
    kind: str = "attribute"


@dataclass(frozen=True, slots=True)
class Given:
    """A variable that a template was given: ``text`` is a ``repr`` of at most 200 characters.

    ``size`` counts the items of a list, tuple, set or dict, -1 for anything else; ``items`` are the members
    of its first item, of a dict's first value.
    """

    name: str
    type: str
    text: str
    size: int = -1
    members: tuple[Member, ...] = ()
    items: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A name that Jinja knows, and a few words on it: a filter, a test, a global, a macro, a block."""

    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What ``url_for`` can be asked for: an endpoint with the arguments of its rule."""

    name: str
    arguments: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """All that is known of one template; ``template`` is its name.

    ``given`` are the variables of its last rendering by ``request`` (``GET /users/7``), which is empty where
    there was none. ``part_of`` names the template that was rendered where this one is its parent or included
    in it. ``flasks`` are the four that Flask gives to every template. ``macros`` are those of other templates
    by their name.
    """

    template: str = ""
    request: str = ""
    part_of: str = ""
    given: tuple[Given, ...] = ()
    flasks: tuple[Given, ...] = ()
    filters: tuple[Word, ...] = ()
    tests: tuple[Word, ...] = ()
    globals: tuple[Word, ...] = ()
    blocks: tuple[Word, ...] = ()
    templates: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    static_files: tuple[str, ...] = ()
    macros: Mapping[str, tuple[Word, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that could stand at the cursor: ``insert`` is what is written, ``name`` what is shown.

    ``kind`` says what it is in a word or two (``variable``, ``filter``), ``detail`` adds what is known.
    """

    name: str
    kind: str
    detail: str = ""
    insert: str = ""

    @property
    def text(self) -> str:
        """What is written where it is taken."""
        return self.insert or self.name


@dataclass(frozen=True, slots=True)
class Completion:
    """What can stand in place of ``text[start:end]``, the likeliest first."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]
