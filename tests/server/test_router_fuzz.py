"""The router's explanation held against Werkzeug, on random rules and random requests.

Whatever the explanation says has to be so: its verdict is Werkzeug's, what it says of each rule alone is
what a map of that rule alone says, and each reason is true: who mends what it names comes nearer to a match,
until the rule matches.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from router_fuzz import KINDS, METHODS, Fuzz, Slug, Written, at
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, MapAdapter, RequestRedirect, Rule

from playground.core.explanations import Near, Stop
from playground.server.explaining import Explainer
from playground.server.explaining_account import Account
from playground.server.explaining_cases import case_of
from playground.server.explaining_rules import Form
from playground.server.explaining_verdict import asked


def account_of(explainer: Explainer, adapter: MapAdapter, method: str) -> Account:
    path = adapter.path_info
    return Account(explainer.router, asked(adapter, method, path), adapter)


# Werkzeug's own word.


ALONE: dict[int, Map] = {}
"""Maps of one rule of the app that is looked at."""


def map_of(rule: Rule, of: Map) -> Map:
    """A map with this rule alone, and the settings of another one."""
    only = Map(
        default_subdomain=of.default_subdomain,
        strict_slashes=of.strict_slashes,
        merge_slashes=of.merge_slashes,
        host_matching=of.host_matching,
        converters={"slug": Slug},
    )
    copy = rule.empty()
    copy.websocket, copy.merge_slashes = rule.websocket, rule.merge_slashes
    only.add(copy)
    return only


def alone(rule: Rule, adapter: MapAdapter, method: str) -> str:
    """What a map of this rule alone says: ``match``, ``method``, ``none``, or where it sends the browser."""
    of = adapter.map
    only = ALONE.get(id(rule)) or ALONE.setdefault(id(rule), map_of(rule, of))
    bound = only.bind(adapter.server_name, subdomain=None if of.host_matching else adapter.subdomain)
    bound.server_name, bound.websocket = adapter.server_name, adapter.websocket
    try:
        bound.match(adapter.path_info, method=method)
    except RequestRedirect as redirect:
        return redirect.new_url
    except MethodNotAllowed:
        return "method"
    except HTTPException:
        return "none"
    return "match"


def outcome_of(adapter: MapAdapter, method: str) -> str:
    try:
        adapter.match(method=method)
    except RequestRedirect:
        return "redirect"
    except MethodNotAllowed:
        return "method_not_allowed"
    except NotFound:
        return "not_found"
    except HTTPException:
        return "error"
    return "match"


# What is said, held against it.


def predicted(account: Account) -> str:
    """The outcome that follows from what the account says of the single rules."""
    chosen = account.case_of_chosen
    if any(case.fits for case in account.counting) and chosen is not None and chosen.fits:
        refused = account.refused(chosen)
        if refused is None:
            return "match"
    elif any(case.redirects for case in account.counting) and not (chosen and chosen.refuses_merging):
        return "redirect"
    if any(case.shape is None and not case.method for case in account.counting):
        return "maybe 405"
    if any(case.shape is None and not case.socket for case in account.counting):
        return "maybe 400"
    return "not_found"


def check_verdict(account: Account, adapter: MapAdapter, method: str) -> None:
    actual = outcome_of(adapter, method)
    assert account.outcome == actual
    assert account.doubts == 0
    endpoints = [form.rule.endpoint for form in account.router.forms]
    if len(set(endpoints)) < len(endpoints):
        return  # in which order its rules were added can't be told of such a map
    check_order(account)
    said = predicted(account)
    if said == "maybe 405":  # a rule that comes after the chosen one was not looked at
        assert actual in ("method_not_allowed", "not_found", "error")
    elif said == "maybe 400":
        assert actual in ("error", "not_found")
    else:
        assert said == actual, [near.reason for near in account.near]


def check_order(account: Account) -> None:
    """The chosen rule is the first one in the order that the words about it are made of."""
    fitting = [case.form for case in account.counting if case.fits]
    if account.chosen in fitting and len({len(form.parts) for form in fitting}) == 1:
        assert min(fitting, key=account.router.order) is account.chosen


class Mender:
    """Does what a reason says, over and over, until the rule matches by itself."""

    def __init__(self, explainer: Explainer, form: Form, written: Written) -> None:
        self.explainer, self.form, self.written = explainer, form, written

    def told(self, adapter: MapAdapter, method: str) -> Near:
        account = account_of(self.explainer, adapter, method)
        return account.told(case_of(self.form, account.asked))

    def prove(self, near: Near, adapter: MapAdapter, method: str) -> None:
        steps = [near.reason]
        for _ in range(12):
            said = alone(self.form.rule, adapter, method)
            if near.stop is Stop.SHADOWED:
                # What a converter of the app's own would say is not asked, and not claimed.
                assert said == "match" or near.reason.startswith("fits by its looks"), steps
                return
            if near.stop is Stop.REDIRECT:
                assert said.startswith("http"), steps
            if said == "match":
                return
            adapter, method = self.mended(near, adapter, method)
            near = self.told(adapter, method)
            steps.append(f"{method} {adapter.path_info}: {near.reason}")
        raise AssertionError(f"{self.form.text}: {steps}")

    def mended(self, near: Near, adapter: MapAdapter, method: str) -> tuple[MapAdapter, str]:
        """The request without what the reason names."""
        if near.stop is Stop.METHOD and method not in (self.form.rule.methods or ()):
            return adapter, near.methods[0]
        if near.stop is Stop.METHOD:
            again = at(adapter, adapter.path_info)
            again.websocket = not adapter.websocket
            return again, method
        if near.stop is Stop.HOST:
            return self.other_host(adapter), method
        return at(adapter, self.path(near, adapter, method)), method

    def other_host(self, adapter: MapAdapter) -> MapAdapter:
        rule, of, path = self.form.rule, adapter.map, adapter.path_info
        if of.host_matching:
            bound = of.bind((rule.host or "").replace("<who>", "me") or "none", path_info=path)
            if not rule.host:
                bound.server_name = ""
        else:
            wanted = (rule.subdomain or "").replace("<who>", "me")
            bound = of.bind(adapter.server_name, subdomain=wanted, path_info=path)
        bound.websocket = adapter.websocket
        return bound

    def path(self, near: Near, adapter: MapAdapter, method: str) -> str:
        samples = [*self.written.samples, ("",)]
        index = near.matched.count("/") - 1
        asked = "/" + adapter.path_info.lstrip("/")
        head = near.matched
        if near.stop is Stop.MORE:
            return head
        if near.stop is Stop.REDIRECT:
            return unquote(urlsplit(alone(self.form.rule, adapter, method)).path)
        if near.stop is Stop.SLASH:
            return self.other_slashes(near, adapter)
        if near.stop is Stop.END:
            if not head.endswith("/"):
                head, index = f"{head}/", index + 1
            return head + samples[index][0]
        whole = asked if asked.startswith(head) else re.sub("/{2,}", "/", asked)
        tail = whole[len(head) + len(near.stopped) :]
        if near.stop is Stop.RANGE:
            good = next(takes[0] for text, takes, bad in KINDS if bad and self.has(text, near))
        elif self.is_rest(index):
            good, tail = "/".join(takes[0] for takes in self.written.samples[index:]), ""
        else:
            good = samples[index][0]
        return head + good + tail

    def has(self, text: str, near: Near) -> bool:
        return f"<{text.format(near.parameter)}>" in self.written.texts

    def is_rest(self, index: int) -> bool:
        """Whether one pattern takes all the rest of a path from this segment on."""
        return any(text.startswith("<path:") for text in self.written.texts[: index + 1]) or (
            index < len(self.written.texts) and self.written.texts[index].startswith("<path:")
        )

    def other_slashes(self, near: Near, adapter: MapAdapter) -> str:
        path = "/" + adapter.path_info.lstrip("/")
        merged = re.sub("/{2,}", "/", path)
        if near.stopped == "/":
            return near.matched
        if near.stopped:
            return merged
        return f"{near.matched}/"


def run(seed: int, requests: int) -> Counter[str]:
    """So many requests from one seed; what was met is counted."""
    fuzz, met = Fuzz(seed), Counter[str]()
    while met["requests"] < requests:
        app, rules = fuzz.app()
        explainer = Explainer(app)
        forms: dict[tuple[str, str], list[Form]] = {}
        for form in explainer.router.forms:
            forms.setdefault((form.rule.endpoint, form.text), []).append(form)
        ALONE.clear()
        for _ in range(12):
            adapter = at(fuzz.bound(app), fuzz.path(rules))
            method = fuzz.chance.choice(METHODS)
            where = f"seed {seed}: {method} {adapter.path_info!r} on {[rule.rule for rule in rules]}"
            try:
                met.update(check(explainer, forms, rules, adapter, method))
            except (AssertionError, LookupError) as error:
                raise AssertionError(f"{where}: {error}") from error
            met["requests"] += 1
    return met


def check(
    explainer: Explainer,
    forms: dict[tuple[str, str], list[Form]],
    rules: list[Written],
    adapter: MapAdapter,
    method: str,
) -> Iterator[str]:
    account = account_of(explainer, adapter, method)
    check_verdict(account, adapter, method)
    yield account.outcome
    for near in account.near:
        key = (near.endpoint, near.rule)
        written = next(one for one in rules if (one.endpoint, one.rule) == key)
        if len(forms[key]) == 1:  # else it can't be told which one is meant
            yield from prove(Mender(explainer, forms[key][0], written), near, account, adapter, method)


def prove(mender: Mender, near: Near, account: Account, adapter: MapAdapter, method: str) -> Iterator[str]:
    yield near.stop
    if near.stop is Stop.REDIRECT and account.outcome == "redirect" and mender.form is account.chosen:
        yield "sent"
    mender.prove(near, adapter, method)


def test_what_is_said_of_random_requests_is_so() -> None:
    met = run(random.SystemRandom().randrange(10**9), 1500)  # what fails names its seed
    assert min(met[outcome] for outcome in ("match", "not_found", "method_not_allowed", "redirect")) > 10
    assert {stop for stop in Stop if not met[stop]} == set()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(16))
def test_what_is_said_of_very_many_random_requests_is_so(seed: int) -> None:
    assert run(seed, 1300)["requests"] >= 1300  # more than 20,000 of all seeds
