"""One request held against each rule of an app, and which rules came nearest.

All of an app's rules are compared in a cheap way, in time that grows with their number only; what is said
to the person is made of the nearest few.
"""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from werkzeug.routing import MapAdapter

from playground.core.explanations import Stop
from playground.server.explaining_rules import Form, Reach

FEW = 8
"""Rules that are looked at closely."""
_SOME = 40
"""Rules whose typing errors are looked for."""
_SIMILAR = 0.7
_GROUPS = 64
"""First segments that a forgotten one is looked for among."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the router sees it: ``path`` is decoded and begins with one slash.

    ``merged`` is the path with one slash wherever it has several.
    """

    method: str
    path: str
    merged: str
    domain: str
    websocket: bool

    @property
    def segments(self) -> list[str]:
        return self.path.split("/")


def asked_of(adapter: MapAdapter, method: str) -> Asked:
    """What a bound adapter will look at."""
    raw = adapter.path_info
    path = f"/{raw.lstrip('/')}" if raw else ""
    by_host = adapter.map.host_matching or adapter.subdomain is None
    domain = adapter.server_name if by_host else adapter.subdomain or ""
    merged = re.sub("/{2,}", "/", path) if adapter.map.merge_slashes else path
    return Asked(method.upper(), path, merged, domain, adapter.websocket)


def asked_at(asked: Asked, path: str, method: str) -> Asked:
    """Another path and method on the same host."""
    merges = asked.merged != asked.path or "//" not in asked.path
    return replace(asked, path=path, merged=re.sub("/{2,}", "/", path) if merges else path, method=method)


@dataclass(frozen=True, slots=True)
class Case:
    """One rule and the request.

    ``path`` is what was compared: the one asked for, or ``merged`` where slashes were merged first.
    ``distance`` counts what had to be changed, about one for each segment. ``corrected`` is the path without
    what looks like slips, where it then fits.
    """

    form: Form
    path: str
    reach: Reach
    host: bool
    method: bool
    socket: bool
    merged: bool = False
    refuses_merging: bool = False
    distance: float = 0.0
    corrected: str = ""

    @property
    def shape(self) -> Stop | None:
        """Why the path alone does not fit; a missing slash is for ``redirects`` to judge."""
        return Stop.SLASH if self.refuses_merging else self.reach.stop

    @property
    def lacks_slash(self) -> bool:
        return self.reach.stop is Stop.SLASH and not self.reach.stopped and not self.refuses_merging

    @property
    def allowed(self) -> bool:
        """Whether host, method and kind of connection are right."""
        return self.host and self.method and self.socket

    @property
    def fits(self) -> bool:
        """Whether the rule alone would be chosen, before its converters are asked."""
        return self.shape is None and self.allowed and not self.merged

    @property
    def redirects(self) -> bool:
        """Whether the rule alone sends the browser on for the sake of a slash."""
        return self.allowed and ((self.merged and self.shape is None) or self.lacks_slash)

    @property
    def counts(self) -> bool:
        """Whether the rule has a part in what the router comes to: the path fits, whatever the method."""
        return self.host and (self.shape is None or self.lacks_slash or self.refuses_merging)


def case_of(form: Form, asked: Asked) -> Case:
    """Hold a request against one rule, without asking its converters for values."""
    rule, methods = form.rule, form.rule.methods
    reach = form.walk(asked.segments)
    host, socket = form.fits_host(asked.domain), rule.websocket == asked.websocket
    method = methods is None or asked.method in methods
    merged = refuses = False
    if asked.merged != asked.path and not _is_whole(reach):
        cleaned = form.walk(asked.merged.split("/"))
        if rule.merge_slashes is not False or _is_whole(cleaned):
            reach, merged = cleaned, True
        if rule.merge_slashes is False and merged and method and socket:  # chosen, and then thrown away
            refuses = reach.stop is None or not rule.strict_slashes
    path = asked.merged if merged else asked.path
    case = Case(form, path, reach, host, method, socket, merged, refuses)
    if case.lacks_slash and case.allowed and not rule.strict_slashes:
        return replace(case, reach=replace(reach, stop=None))
    return case


def _is_whole(reach: Reach) -> bool:
    return reach.stop is None or (reach.stop is Stop.SLASH and not reach.stopped)


class Index:
    """The rules of one app by their first segment, so that most need no look."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self.by_first: dict[str, list[Form]] = {}
        self.open: list[Form] = []  # begin with a parameter
        for form in forms:
            first = form.parts[1]
            if first.pattern is None:
                self.by_first.setdefault(first.text, []).append(form)
            else:
                self.open.append(form)

    def cases(self, asked: Asked) -> list[Case]:
        """The rules that begin as the path does or with a parameter, the nearest first.

        All that the path fits but for a slash or the method are there, and some of the others.
        """
        segments = asked.merged.split("/")
        first = segments[1] if len(segments) > 1 else ""
        forms = [*self.by_first.get(first, ()), *self.open]
        if not first:
            forms += [forms[0] for name, forms in self.by_first.items() if name]
        found: list[Case] = []
        far: list[tuple[float, int, Form]] = []
        for form in forms:
            reach = form.walk(segments)
            if reach.stop is None or reach.stop is Stop.SLASH or asked.merged != asked.path:
                found.append(_measured(case_of(form, asked), segments))
            else:
                far.append((_distance(form, reach, segments), form.number, form))
        found += (_measured(case_of(form, asked), segments) for *_, form in heapq.nsmallest(_SOME, far))
        found.sort(key=lambda case: (case.distance, case.form.number))
        return found

    def others(self, asked: Asked) -> Iterator[Case]:
        """Rules that begin with something else: first those that look like a slip."""
        segments = asked.merged.split("/")
        first = segments[1] if len(segments) > 1 else ""
        likeness = {name: _likeness(name, first) for name in self.by_first if name != first}
        for name in heapq.nsmallest(6, likeness, key=lambda name: -likeness[name]):
            forms = self.by_first[name]
            if likeness[name] >= 0.5:  # it may be meant: which of them, says the rest of the path
                meant = ["", name, *segments[2:]]
                far = ((_distance(form, form.walk(meant), meant), form.number, form) for form in forms)
                forms = [form for *_, form in heapq.nsmallest(FEW, far)]
            for form in forms[:FEW]:
                yield _measured(case_of(form, asked), segments)

    def shifted(self, asked: Asked) -> Iterator[Case]:
        """Rules that would fit with a segment more in front of the path, or one less."""
        segments = asked.merged.split("/")
        for name in list(self.by_first)[:_GROUPS]:
            yield from self._fitting(self.by_first[name], ["", name, *segments[1:]], asked, 2)
        if len(segments) > 2:
            yield from self._fitting(self.by_first.get(segments[2], ()), ["", *segments[2:]], asked, 1)

    def _fitting(self, forms: Iterable[Form], segments: list[str], asked: Asked, own: int) -> Iterator[Case]:
        """Those that fit and have a fixed text of the path itself, which begins with part ``own``."""
        known = set(segments) - {""}
        for form in forms:
            if form.walk(segments).stop is not None:
                continue
            if any(part.pattern is None and part.text in known for part in form.parts[own:]):
                yield replace(case_of(form, asked), distance=0.6, corrected="/".join(segments))


@dataclass(frozen=True, slots=True)
class Found:
    """``counting`` are all rules that the path fits but for method and slash; ``near`` the few to look at."""

    counting: tuple[Case, ...]
    near: tuple[Case, ...]


def nearest(index: Index, asked: Asked) -> Found:
    """Which rules have to do with a request, the nearest first."""
    found = index.cases(asked)
    counting = tuple(case for case in found if case.counts)
    if counting:  # nothing of the path looks like a slip
        return Found(counting, tuple(found[:FEW]))
    near = [_with_corrections(case) for case in (*found[:_SOME], *index.others(asked))]
    near += index.shifted(asked)
    best: dict[int, Case] = {}
    for case in near:
        before = best.get(case.form.number)
        if before is None or case.distance < before.distance:
            best[case.form.number] = case
    ranked = sorted(best.values(), key=lambda case: (case.distance, case.form.number))
    return Found(counting, tuple(ranked[:FEW]))


def _measured(case: Case, segments: list[str]) -> Case:
    """With a first guess of how far the rule is from the path."""
    distance = _distance(case.form, case.reach, segments)
    if distance and str(case.form.rule.endpoint).rpartition(".")[2] == "static":
        distance += 0.8  # each app has it, and it is seldom meant
    distance += 0.0 if case.host else 0.6
    distance += 0.0 if case.method else 0.2
    return replace(case, distance=distance)


def _distance(form: Form, reach: Reach, segments: list[str]) -> float:
    if reach.stop is None:
        return 0.0
    parts = len(form.parts)
    if reach.stop is Stop.SLASH:
        return 0.1
    if reach.stop in (Stop.END, Stop.MORE):
        # The rule of the first page says little of any other path.
        return float(max(abs(len(segments) - parts), 1)) + (0.5 if parts <= 2 and reach.parts <= 1 else 0.0)
    if reach.stop is Stop.CONVERTER:
        return 0.5 + _rest(form, segments, reach.parts + 1)
    likeness = _likeness(reach.piece.text, reach.stopped) if reach.piece is not None else 0.0
    strange = 0.9 if reach.parts <= 1 else 0.3
    return 1.0 + strange * (0.6 - likeness) + _rest(form, segments, reach.parts + 1)


def _rest(form: Form, segments: list[str], index: int) -> float:
    """How far the rest of a rule is from the rest of a path, from one segment on."""
    distance = 0.0
    for part, segment in zip(form.parts[index:], segments[index:], strict=False):
        if part.final:
            fits = part.pattern is not None and part.pattern.match("/".join(segments[index:]))
            return distance if fits else distance + 0.5
        if part.pattern is None:
            distance += float(part.text != segment)
        elif not part.pattern.match(segment):
            distance += 0.5
        index += 1
    return distance + abs(len(segments) - len(form.parts))


def _likeness(one: str, other: str) -> float:
    """How much two texts begin and end alike, from 0 to 1: cheap, and near enough to choose by."""
    one, other = one.lower()[:80], other.lower()[:80]
    shorter, longer = sorted((len(one), len(other)))
    if not shorter:
        return 0.0
    same = 0
    while same < shorter and one[same] == other[same]:
        same += 1
    back = 0
    while back < shorter - same and one[-1 - back] == other[-1 - back]:
        back += 1
    return (same + back) / longer


def similar(one: str, other: str) -> float:
    """How alike two short texts are, from 0 to 1; 0 where no slip makes one of the other."""
    if len(one) > 80 or len(other) > 80:
        return 0.0
    if one.casefold() == other.casefold():
        return 0.95
    ratio = difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
    return ratio if ratio >= _SIMILAR else 0.0


def _with_corrections(case: Case) -> Case:
    """Take what looks like slips out of the path; where it then fits, the rule is near."""
    segments, cost = case.path.split("/"), 0.0
    for _ in range(3):
        reach = case.form.walk(segments)
        if reach.stop is None:
            break
        if reach.stop is Stop.SLASH:
            segments = segments[:-1] if reach.stopped else [*segments, ""]
            cost += 0.1
            continue
        wanted = case.form.parts[reach.parts] if reach.parts < len(case.form.parts) else None
        if reach.stop is not Stop.SEGMENT or wanted is None or wanted.pattern is not None:
            return case
        likeness = similar(wanted.text, reach.stopped)
        if not likeness:
            return case
        segments[reach.parts] = wanted.text
        cost += 1.0 - likeness
    else:
        return case
    path = "/".join(segments)
    if path == case.path:
        return case
    penalty = (0.0 if case.host else 0.6) + (0.0 if case.method else 0.2)
    return replace(case, distance=min(case.distance, cost + penalty), corrected=path)
