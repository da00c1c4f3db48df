"""What the text of one template says: the names it uses, the templates and endpoints it names, its forms.

A pure function of the text, so that it is asked once for each text. Lines count from 1, columns from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.project import templates
from playground.project.wide import template_uses

if TYPE_CHECKING:
    from jinja2 import nodes

_TAG_BEFORE = re.compile(r"\{%[-+]?\s*(extends|include|import|from)\s+['\"]$")
_URL_FOR_BEFORE = re.compile(r"\burl_for\s*\(\s*(?:endpoint\s*=\s*)?['\"]$")
_LISTS = re.compile(r"\{%[-+]?\s*(?:extends|include|import|from)\s+[\[(]")
_REFERENCE = re.compile(
    r"<(?P<tag>link|script|img|source|video|audio|a)\b[^<>{}]*?\s(?P<attribute>href|src)\s*=\s*"
    r"(?P<quote>[\"'])(?P<value>[^\"'<>{}]*)(?P=quote)",
    re.IGNORECASE,
)
_SAFE = re.compile(r"\{\{-?\s*(?P<name>[A-Za-z_]\w*)(?P<safe>\s*\|\s*safe)\s*-?\}\}")
_OTHER_TEXT = re.compile(
    r"\{\#.*?(?:\#\}|\Z)|<!--.*?(?:-->|\Z)"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Use:
    """A name at its first place; ``guarded`` where the template asks somewhere whether it is there.

    ``under`` has the names in the conditions and loops around it, for each of its places; none where it also
    stands free.
    """

    name: str
    line: int
    column: int
    guarded: bool = False
    under: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Another template, as a tag names it; ``optional`` for one that may be missing."""

    tag: str
    name: str
    line: int
    column: int
    written: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A ``url_for`` of a literal: ``written`` is that with its quotes, the place is that of the quote."""

    endpoint: str
    line: int
    column: int
    written: str
    given: tuple[str, ...]
    unpacks: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """An address in an attribute, as it is written: ``href="style.css"``."""

    attribute: str
    value: str
    line: int
    column: int
    written: str


@dataclass(frozen=True, slots=True)
class Says:
    """All of it. ``extends`` is empty where there is no parent, or its name is made while it is rendered.

    ``assigned`` are the names that it makes itself; ``filters`` those it uses; ``unsure`` says that it builds
    on templates whose names are not written in it.
    """

    named: tuple[Named, ...] = ()
    uses: tuple[Use, ...] = ()
    assigned: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    references: tuple[Reference, ...] = ()
    safe: tuple[Named, ...] = ()
    filters: tuple[Use, ...] = ()
    unsure: bool = False
    readable: bool = True

    @property
    def parts(self) -> frozenset[str]:
        """The templates that are given what this one is given: its parent and those it includes."""
        return frozenset(one.name for one in self.named if one.tag in ("extends", "include"))


def says(text: str) -> Says:
    """What a template says; nothing but that it can't be read where Jinja can't."""
    from jinja2 import TemplateError

    try:
        tree = templates.parse(text)
        names = _Names(tree)
    except (TemplateError, RecursionError):
        return Says(readable=False)
    places = _Places(text)
    said, unsure = template_uses.names_said(text)
    return Says(
        tuple(_named(places, said)),
        names.uses(places),
        names.assigned,
        tuple(_links(places, said)),
        tuple(_references(places)),
        tuple(_safe(places)),
        names.filters(places),
        any(one.about == "template" for one in unsure) or _LISTS.search(text) is not None,
    )


class _Places:
    """A text and where in it something is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def word(self, name: str, line: int) -> tuple[int, int]:
        """Where a word stands first from a line on; in that line where it can't be found."""
        start = self._starts[min(line, len(self.lines)) - 1]
        found = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)").search(self.text, start)
        return self.at(found.start()) if found is not None else (line, 0)


def _named(places: _Places, said: list[template_uses.Said]) -> Iterator[Named]:
    for one in said:
        before = _TAG_BEFORE.search(places.text[max(0, one.start - 60) : one.start])
        if one.about == "template" and before is not None:
            written = _quoted(places.text, one)
            line, column = places.at(one.start - 1)
            rest = places.text[one.start : places.text.find("%}", one.start)]
            yield Named(before[1], one.name, line, column, written, "ignore missing" in rest)


def _quoted(text: str, one: template_uses.Said) -> str:
    return text[one.start - 1 : one.start + len(one.name) + 1]


def _links(places: _Places, said: list[template_uses.Said]) -> Iterator[Link]:
    for one in said:
        if one.about == "endpoint" and _URL_FOR_BEFORE.search(
            places.text[max(0, one.start - 60) : one.start]
        ):
            given = tuple(name for name, _ in one.keywords)
            line, column = places.at(one.start - 1)
            yield Link(one.name, line, column, _quoted(places.text, one), given, one.unpacks)


def _references(places: _Places) -> Iterator[Reference]:
    for found in _REFERENCE.finditer(_without_other(places.text)):
        start = found.start("attribute")
        written = places.text[start : found.end()]
        yield Reference(found["attribute"], found["value"], *places.at(start), written)


def _without_other(text: str) -> str:
    """The text with comments and raw parts blanked: what stands in them is not asked for."""
    return _OTHER_TEXT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _safe(places: _Places) -> Iterator[Named]:
    for found in _SAFE.finditer(_without_other(places.text)):
        yield Named("safe", found["name"], *places.at(found.start()), found[0])


class _Names:
    """The names of a template's tree."""

    def __init__(self, tree: nodes.Template) -> None:
        from jinja2 import nodes

        known = templates.known_to_jinja()
        self._tree = tree
        self._nodes = list(tree.find_all(nodes.Node))
        self._names = [one for one in self._nodes if isinstance(one, nodes.Name)]
        self._odd_filters = [
            one for one in self._nodes if isinstance(one, nodes.Filter) and one.name not in known[0]
        ]
        self.assigned = frozenset(self._assigned())

    def _assigned(self) -> Iterator[str]:
        from jinja2 import nodes

        for name in self._names:
            if name.ctx != "load":
                yield name.name
        for made in self._nodes:
            if isinstance(made, nodes.Macro):
                yield made.name
            elif isinstance(made, nodes.Import):
                yield made.target
            elif isinstance(made, nodes.FromImport):
                yield from (one if isinstance(one, str) else one[1] for one in made.names)

    def uses(self, places: _Places) -> tuple[Use, ...]:
        """The names that the template makes nowhere itself, each at its first place."""
        own = self.assigned | templates.GIVEN_BY_FLASK
        guarded = set(self._guarded())
        around = dict(_around(self._tree))
        first: dict[str, int] = {}
        under: dict[str, set[frozenset[str]]] = {}
        for one in self._names:
            if one.ctx == "load" and one.name not in own:
                first.setdefault(one.name, one.lineno)
                under.setdefault(one.name, set()).add(around[id(one)] - own)
        return tuple(
            Use(name, *places.word(name, line), name in guarded, _unless_free(under[name]))
            for name, line in first.items()
        )

    def _guarded(self) -> Iterator[str]:
        """Names that a condition, ``default`` or ``is defined`` asks about."""
        from jinja2 import nodes

        for node in self._nodes:
            asked: nodes.Node | None = None
            if isinstance(node, nodes.If | nodes.CondExpr):
                asked = node.test
            elif isinstance(node, nodes.Filter) and node.name in ("default", "d"):
                asked = node.node
            elif isinstance(node, nodes.Test | nodes.Or):
                asked = node
            if asked is not None:
                yield from (one.name for one in asked.find_all(nodes.Name))
                if isinstance(asked, nodes.Name):
                    yield asked.name

    def filters(self, places: _Places) -> tuple[Use, ...]:
        """The filters that are none of Jinja's own."""
        return tuple(Use(one.name, *places.word(one.name, one.lineno)) for one in self._odd_filters)


def _unless_free(under: set[frozenset[str]]) -> tuple[frozenset[str], ...]:
    return () if frozenset() in under else tuple(sorted(under, key=sorted))


def _around(tree: nodes.Template) -> Iterator[tuple[int, frozenset[str]]]:
    """For each name, by its ``id``, those in the conditions and loops that it stands in."""
    from jinja2 import nodes

    todo: list[tuple[nodes.Node, frozenset[str]]] = [(tree, frozenset())]
    while todo:
        node, under = todo.pop()
        if isinstance(node, nodes.Name):
            yield id(node), under
        inside: list[nodes.Node] = []
        asked: nodes.Node | None = None
        if isinstance(node, nodes.If):
            asked, inside = node.test, node.body
        elif isinstance(node, nodes.CondExpr):
            asked, inside = node.test, [node.expr1]
        elif isinstance(node, nodes.For):
            asked, inside = node.iter, node.body
        more = under.union(_names_in(asked) if asked is not None else ())
        within = set(map(id, inside))
        todo += [(one, more if id(one) in within else under) for one in node.iter_child_nodes()]


def _names_in(node: nodes.Node) -> Iterator[str]:
    from jinja2 import nodes

    return (one.name for one in (node, *node.find_all(nodes.Node)) if isinstance(one, nodes.Name))
