"""One request explained: which rule was chosen, and what each of the nearest ones lacks."""

from __future__ import annotations

from functools import cached_property

from werkzeug.routing import MapAdapter
from werkzeug.routing.exceptions import WebsocketMismatch

from playground.core.explanations import Near, Stop
from playground.server import explaining_words as words
from playground.server.explaining_cases import Asked, Case, asked_of, case_of, nearest
from playground.server.explaining_router import Router, is_harmless, refusing
from playground.server.explaining_rules import Form, Piece
from playground.server.explaining_verdict import Verdict

SHOWN = 6
"""Rules that are told of at most."""
_LEAST = 3
_CLOSE, FAR = 1.0, 1.5
"""Distances. From the far one on a rule has little to do with the path: a few of those fill up the list."""


class Account:
    """What can be said of one request; ``cases`` are the nearest rules, the nearest first."""

    def __init__(self, router: Router, verdict: Verdict, adapter: MapAdapter) -> None:
        self.router, self.verdict, self.adapter = router, verdict, adapter
        self.outcome = verdict.match.outcome
        self.asked = asked_of(adapter, verdict.match.method)
        found = nearest(router.index, self.asked)
        self.counting = found.counting
        self._refusals: dict[tuple[int, bool], tuple[Piece, str] | None] = {}
        self.chosen = self._chosen()
        self.doubts = 0
        self.cases = [case for case in self._with_chosen(list(found.near)) if self._holds(case)]

    # -- which rule it was ---------------------------------------------------------------------------

    def _chosen(self) -> Form | None:
        """The rule that answers, sends on or vetoes; None where there is none."""
        if self.verdict.rule is not None:
            return self.router.by_rule.get(id(self.verdict.rule))
        if self.outcome == "redirect":
            form = self._fitting(self.asked.path)
            return form if form is not None and self.router.may_send_on(form) else self._sending() or form
        if any(case.fits for case in self.counting):
            return self._refusing(self._fitting(self.asked.path))
        if any(case.refuses_merging for case in self.counting):
            form = self._fitting(self.asked.merged)
            return form if form is not None and form.rule.merge_slashes is False else None
        return None

    def _refusing(self, form: Form | None) -> Form | None:
        """The rule whose converter had the last word, if that rule was chosen in the order that we know.

        A map lists its rules by their endpoints: where one has several, which was added first is not told.
        The rule that was chosen is one that refuses.
        """
        if self.outcome == "error" and not self.is_for_sockets:
            return form
        fitting = [case for case in self.counting if case.fits]
        for case in sorted(fitting, key=lambda case: case.form is not form):
            if self._refusal(case, ask_all=case.form is form) is not None:
                return case.form
        return form

    def _fitting(self, path: str) -> Form | None:
        return (
            self.router.chosen(self.counting, self.adapter, path, self.asked.method)
            if self.counting
            else None
        )

    def _sending(self) -> Form | None:
        """The rule for whose slash, or without a doubled one, the browser is sent on."""
        sending = [case for case in self.counting if case.redirects]
        first = min(sending, key=lambda case: (case.merged, self.router.order(case.form)), default=None)
        return first.form if first is not None else None

    def _with_chosen(self, near: list[Case]) -> list[Case]:
        """The chosen rule first, also where many others are as near."""
        chosen = self.chosen
        if chosen is None:
            return near
        return [case_of(chosen, self.asked), *(case for case in near if case.form is not chosen)]

    def _holds(self, case: Case) -> bool:
        """Whether Werkzeug reads the rule as we do; what it reads otherwise is not told of."""
        said = self.router.probes.alone(case.form, self.adapter, self.asked.path, self.asked.method)
        same = said == _expected(case)
        self.doubts += not same
        return same

    @property
    def case_of_chosen(self) -> Case | None:
        """The chosen rule beside the request."""
        return next((case for case in self.cases if case.form is self.chosen), None)

    def refused(self, case: Case) -> tuple[Piece, str] | None:
        """The parameter of a rule that does not take its text, as far as that may be asked."""
        vetoed = self.outcome in ("not_found", "method_not_allowed") or self.is_for_sockets
        return self._refusal(case, ask_all=vetoed and case.form is self.chosen)

    def _refusal(self, case: Case, *, ask_all: bool) -> tuple[Piece, str] | None:
        """As ``refusing``; the converters of a rule are asked once."""
        key = case.form.number, ask_all
        if key not in self._refusals:
            self._refusals[key] = refusing(case.form, case.reach.texts, ask_all=ask_all)
        return self._refusals[key]

    @property
    def is_for_sockets(self) -> bool:
        """Whether the answer is that a rule fits, which is for WebSocket connections."""
        return isinstance(self.verdict.error, WebsocketMismatch)

    # -- what each rule lacks ------------------------------------------------------------------------------

    @cached_property
    def near(self) -> tuple[Near, ...]:
        """The nearest rules that are not the one that answers."""
        answered = self.outcome == "match"
        cases = [case for case in self.cases if not (answered and case.form is self.chosen)]
        if answered:
            cases = [case for case in cases if case.counts]
        if self.counting:
            shown = [case for case in cases if case.counts or case.distance < _CLOSE][:SHOWN]
            return tuple(self.told(case) for case in shown)
        close = [case for case in cases if case.distance < FAR]
        shown = close[:SHOWN] if len(close) >= _LEAST else cases[:_LEAST]
        return tuple(self.told(case) for case in shown)

    def told(self, case: Case) -> Near:
        """One rule in plain words."""
        stop, reason, piece, refused = self._stop(case)
        matched, stopped = case.path, ""
        if stop is case.shape:
            matched, stopped = _split(case, self.asked)
        elif stop is Stop.RANGE and piece is not None:
            matched, stopped = _before(case, piece), refused
        rule = case.form.rule
        methods = words.told_methods(rule.methods)
        name = piece.name if piece is not None else ""
        return Near(rule.rule, str(rule.endpoint), methods, matched, stopped, stop, reason, name)

    def _stop(self, case: Case) -> tuple[Stop, str, Piece | None, str]:
        """Why it is not this one: the kind, a sentence, and the parameter that refused with its text."""
        if case.shape is not None and not (case.lacks_slash and (case.allowed or not case.host)):
            piece = case.reach.piece if case.shape is Stop.CONVERTER else None
            return case.shape, words.of_shape(case), piece, case.reach.stopped
        if not case.host:
            by_host = self.router.by_host
            return Stop.HOST, words.of_host(case, self.asked.domain, by_host=by_host), None, ""
        if not case.allowed:
            return Stop.METHOD, words.of_method(case, self.asked.method), None, ""
        if case.redirects or self._sent_by(case):
            return Stop.REDIRECT, self._sends(case), None, ""
        return self._value_stop(case)

    def _sent_by(self, case: Case) -> bool:
        return self.outcome == "redirect" and case.form is self.chosen

    def _value_stop(self, case: Case) -> tuple[Stop, str, Piece | None, str]:
        """Host, path and method fit: a value does not, or another rule comes first."""
        is_chosen = case.form is self.chosen
        if is_chosen and self.outcome == "error" and not self.is_for_sockets:
            return Stop.CONVERTER, words.of_error(case.form, self.verdict.error), None, ""
        refused = self.refused(case)
        if refused is not None:
            reason = words.of_range(*refused)
            vetoed = is_chosen and any(one.fits for one in self.counting if one.form is not case.form)
            return Stop.RANGE, f"{reason}, {words.NOT_TRIED}" if vetoed else reason, *refused
        return Stop.SHADOWED, self._shadowed(case), None, ""

    def _shadowed(self, case: Case) -> str:
        """Why a rule that fits is not the one; what a converter of the app's own would say is not asked."""
        chosen = self.chosen
        fits = (
            "fits" if all(is_harmless(piece.converter) for piece in case.form.params) else "fits by its looks"
        )
        if chosen is None or chosen is case.form:
            return f"{fits}, and Flask does not come to it"
        if self.outcome == "redirect":
            return f"{fits} as it is, but {chosen.text} sends the browser on before Flask comes to it"
        if self.outcome == "match":
            return f"{fits}, too; {chosen.text} comes first: {words.beats(chosen, case.form)}"
        return f"{fits}, but Flask had chosen {chosen.text}, and tries no other rule after that"

    def _sends(self, case: Case) -> str:
        """What a rule that sends the browser on does it for, and whether it comes to that."""
        why = words.sending(case)
        if self._sent_by(case):
            return f"{why}, so the browser is sent on to {self.verdict.match.location}"
        if self.chosen is None:
            return f"{why}, and would send the browser on"
        return f"{why}, and would send the browser on, but {self.chosen.text} comes first"


def _split(case: Case, asked: Asked) -> tuple[str, str]:
    """The beginning of the path that fits, and what stopped it."""
    if case.refuses_merging:
        at = asked.path.find("//") + 1
        return asked.path[:at], asked.path[at:]
    return case.path[: case.reach.at], case.reach.stopped


def _before(case: Case, piece: Piece) -> str:
    """The path up to the text that a parameter took."""
    segments = case.path.split("/")
    index = next(i for i, part in enumerate(case.form.parts) if piece in part.pieces)
    part = case.form.parts[index]
    start = sum(len(segment) + 1 for segment in segments[:index])
    return case.path[: start + part.start_of(piece, case.path[start:] if part.final else segments[index])]


def _expected(case: Case) -> str:
    """What Werkzeug should say of the rule alone, by its shape."""
    if not case.host:
        return "none"
    if case.redirects:
        return "redirect"
    if case.shape is not None:
        return "none"
    if case.method:
        return "match" if case.socket else "socket"
    return "method"
