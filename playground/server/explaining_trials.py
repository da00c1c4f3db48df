"""Whether a request would be answered if something were changed: no way out is offered that leads nowhere.

Nothing of the app's own runs: what its converters would say of a value is left open.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.routing import MapAdapter

from playground.server.explaining_cases import Asked, Case, asked_at, case_of
from playground.server.explaining_router import Router, refusing
from playground.server.explaining_rules import Form

_HOPS = 3
"""Redirects for the sake of a slash that are followed."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An app's router and a request; ``adapter`` is bound to the request's host."""

    router: Router
    adapter: MapAdapter
    asked: Asked

    def answers(self, changed: Form | None = None) -> bool:
        """Whether a rule answers, where ``changed`` stands in for the rule of its number or is a new one."""
        asked = self.asked
        for _ in range(_HOPS):
            cases = self._counting(asked, changed)
            form = self._chosen(cases, asked.path, changed)
            if form is not None:
                return refusing(form, case_of(form, asked).reach.texts, ask_all=False) is None
            sending = next((case for case in cases if case.redirects), None)
            if sending is None:
                return False
            if sending.merged and self._refuses_merging(cases, asked, changed):
                return False
            path = f"{sending.path}/" if sending.lacks_slash else sending.path
            asked = asked_at(asked, path, asked.method)
        return False

    def _counting(self, asked: Asked, changed: Form | None) -> list[Case]:
        found = [case for case in self.router.index.cases(asked) if case.counts]
        if changed is None:
            return found
        own = case_of(changed, asked)
        others = [case for case in found if case.form.number != changed.number]
        return [*others, own] if own.counts else others

    def _chosen(self, cases: list[Case], path: str, changed: Form | None) -> Form | None:
        if not cases:
            return None
        return self.router.chosen(cases, self.adapter, path, self.asked.method, changed=changed)

    def _refuses_merging(self, cases: list[Case], asked: Asked, changed: Form | None) -> bool:
        form = self._chosen(cases, asked.merged, changed)
        return form is not None and form.rule.merge_slashes is False
