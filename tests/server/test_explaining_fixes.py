"""No way out that is offered leads nowhere: on random rules, each is taken, and the request is answered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
from flask import Flask
from router_fuzz import METHODS, Fuzz, Written, at, view
from werkzeug.routing import MapAdapter

from playground.core.fixes import Fix, Mend
from playground.server.explaining import Explainer
from playground.server.explaining_account import Account
from playground.server.explaining_fixes import fixes
from playground.server.explaining_verdict import asked

Given = tuple[str, str, dict[str, object]]


def outcome(adapter: MapAdapter, method: str) -> str:
    """What becomes of a request in the end, when redirects are followed."""
    for _ in range(4):
        match = asked(adapter, method, "").match
        if match.outcome != "redirect":
            break
        adapter = at(adapter, unquote(urlsplit(match.location).path))
    return match.outcome


def app_like(app: Flask, rules: list[Given]) -> Flask:
    """An app of other rules, and of the same settings."""
    of = app.url_map
    new = Flask(
        "fuzz",
        static_folder=None,
        host_matching=of.host_matching,
        subdomain_matching=app.subdomain_matching,
    )
    new.config["SERVER_NAME"] = app.config["SERVER_NAME"]
    new.url_map.strict_slashes, new.url_map.merge_slashes = of.strict_slashes, of.merge_slashes
    new.url_map.converters = of.converters
    for rule, endpoint, options in rules:
        new.add_url_rule(rule, endpoint, view, **options)  # type: ignore[arg-type]
    return new


def mended(mend: Mend, rules: list[Written]) -> list[Given]:
    """The rules as they are when the source was mended."""
    given: list[Given] = []
    for one in rules:
        rule, options = one.rule, dict(one.options)
        if (one.rule, one.endpoint) == (mend.word("rule"), mend.word("endpoint")):
            rule = mend.word("full") or rule
            methods = options["methods"]
            assert isinstance(methods, list)
            options["methods"] = [*methods, *filter(None, [mend.word("method")])]
        given.append((rule, one.endpoint, options))
    if mend.name == "add_route":
        given.append((mend.word("rule"), "added", {"methods": [mend.word("method")]}))
    return given


def taken(fix: Fix, app: Flask, rules: list[Written], adapter: MapAdapter, method: str) -> str:
    """What comes of the request when a fix is taken."""
    of = app.url_map
    if fix.request is None:
        assert fix.mend is not None
        of = app_like(app, mended(fix.mend, rules)).url_map
        subdomain = None if of.host_matching else adapter.subdomain
        return outcome(of.bind(adapter.server_name, subdomain=subdomain, path_info=adapter.path_info), method)
    path, host = unquote(fix.request.url), dict(fix.request.headers).get("Host")
    if host is None:
        return outcome(at(adapter, path), fix.request.method)
    if of.host_matching:
        return outcome(of.bind(host, path_info=path), fix.request.method)
    subdomain = host.removesuffix(f".{adapter.server_name}")
    return outcome(of.bind(adapter.server_name, subdomain=subdomain, path_info=path), fix.request.method)


def run(seed: int, apps: int) -> Counter[str]:
    fuzz, met = Fuzz(seed), Counter[str]()
    for _ in range(apps):
        app, rules = fuzz.app()
        if any("slug" in one.rule for one in rules):
            continue  # what a converter of the app's own refuses is not known beforehand
        if len({one.endpoint for one in rules}) < len(rules):
            continue  # in which order the rules were added can't be told of such a map
        explainer = Explainer(app)
        for _ in range(12):
            adapter, method = at(fuzz.bound(app), fuzz.path(rules)), fuzz.chance.choice(METHODS)
            account = Account(explainer.router, asked(adapter, method, adapter.path_info), adapter)
            met.update(check(account, app, rules, method, f"seed {seed}"))
    return met


def check(account: Account, app: Flask, rules: list[Written], method: str, where: str) -> Iterator[str]:
    adapter = account.adapter
    for fix in fixes(account):
        if fix.mend is not None and fix.mend.name == "not_found_page":
            continue
        yield fix.mend.name if fix.mend is not None else "request"
        answer = taken(fix, app, rules, adapter, method)
        said = [one.rule for one in rules]
        assert answer == "match", (
            f"{where}: {fix.label} for {method} {adapter.path_info!r} on {said}: {answer}"
        )


def test_each_way_out_of_random_requests_leads_to_an_answer() -> None:
    met = run(random.SystemRandom().randrange(10**9), 70)
    assert min(met[kind] for kind in ("request", "change_rule", "add_method", "add_route")) > 0


def test_of_another_host_the_very_path_is_tried_that_is_sent_there() -> None:
    """There a converter refuses the value, though not of the path with two slashes at its end."""
    assert run(35756094, 70).total() > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_each_way_out_of_very_many_random_requests_leads_to_an_answer(seed: int) -> None:
    assert run(seed, 300).total() > 1000
