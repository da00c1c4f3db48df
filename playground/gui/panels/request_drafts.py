"""What a person has typed for each route, so that the request panel shows it again."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.core import address
from playground.core.exchanges import BodyKind, Pairs, RequestSpec
from playground.core.routes import Route
from playground.core.rules import Rule
from playground.gui.widgets.pairs_table import PairRow

PATH, QUERY = range(2)
"""The first two tabs of the panel."""
Key = tuple[str, str]


@dataclass
class Draft:
    """What a person has typed for one route."""

    method: str
    url: str
    query: tuple[PairRow, ...] = ()
    headers: tuple[PairRow, ...] = ()
    body: tuple[BodyKind, str, str, tuple[PairRow, ...]] = (BodyKind.NONE, "", "", ())
    tab: int = PATH


@dataclass
class Opened:
    """The route that is open, its rule read, and what was typed for the others."""

    route: Route | None = None
    rule: Rule | None = None
    drafts: dict[Key, Draft] = field(default_factory=dict)
    known: frozenset[Key] = frozenset()

    def is_edit(self, route: Route | None) -> bool:
        """Whether that is the open route after an edit of its rule, methods or name."""
        old = self.route
        if old is None or route is None or (old.key != route.key and old.key in self.known):
            return False
        return old.endpoint == route.endpoint or (old.file, old.line) == (route.file, route.line)


def draft_of(spec: RequestSpec, tab: int) -> Draft:
    """A request that was made elsewhere, as if typed; the tab in front stays."""
    json_text = spec.body if spec.body_kind is BodyKind.JSON else ""
    plain = spec.body if spec.body_kind is BodyKind.TEXT else ""
    url = address.add_pairs(spec.url, spec.query)
    return Draft(
        spec.method,
        url,
        _rows(address.pairs_of(url)),
        _rows(spec.headers),
        (spec.body_kind, json_text, plain, _rows(spec.form)),
        tab,
    )


def _rows(pairs: Pairs) -> tuple[PairRow, ...]:
    return tuple(PairRow(True, name, value) for name, value in pairs)


def texts_for(rule: Rule | None, keep: dict[str, str]) -> dict[str, str]:
    """A value for each parameter: the one it had where the rule was only edited, else a sample."""
    texts: dict[str, str] = {}
    for param in rule.params if rule else ():
        kept = keep.get(param.name)
        try:
            texts[param.name] = param.sample if kept is None else kept
            param.convert(texts[param.name])
        except ValueError:
            texts[param.name] = param.sample
    return texts


def same_request(old: Route, new: Route) -> bool:
    """Whether an address for one is an address for the other."""
    return old.key == new.key and old.full_rule == new.full_rule and old.methods == new.methods
