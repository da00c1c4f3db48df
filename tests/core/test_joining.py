"""The routes of the source joined with the running app's map."""

from __future__ import annotations

import time
from dataclasses import replace

from playground.core.joining import Joining, Running, as_written, declared, match
from playground.core.live_rules import LiveRule
from playground.core.routes import Owner, Region, Route

GET = ("GET", "HEAD", "OPTIONS")


def source(rule: str, function: str = "view", **more: object) -> Route:
    line = int(str(more.pop("line", 10)))
    text = str(more.pop("text", f"@app.route({rule!r})\ndef {function}(): ..."))
    route = Route(
        rule,
        ("GET",),
        function,
        function,
        "app",
        file="app.py",
        line=line,
        end_line=line + 2,
        region=Region("app.py", line * 100, line * 100 + 80, text),
    )
    return replace(route, **more)  # type: ignore[arg-type]  # the test's own words


def rule(text: str, endpoint: str = "view", function: str = "view", line: int = 11, **more: str) -> LiveRule:
    return LiveRule(text, GET, endpoint, function, more.pop("file", "app.py"), line, **more)


STATIC = LiveRule("/static/<path:filename>", GET, "static", "<lambda>")


def joined(routes: tuple[Route, ...], *rules: LiveRule, **more: object) -> tuple[Route, ...]:
    owners = more.pop("owners", (Owner("app", "app", file="app.py"),))
    running = Running(rules, **more)  # type: ignore[arg-type]  # the test's own words
    return Joining().join(routes, running, owners)  # type: ignore[arg-type]  # likewise


def test_a_route_that_runs_is_as_written_and_live() -> None:
    written = source("/a")
    (row,) = joined((written,), rule("/a"))
    assert row == replace(written, live=True)


def test_without_an_app_nothing_is_said() -> None:
    routes = (source("/a"),)
    assert Joining().join(routes, Running()) == routes


def test_a_rule_of_flask_s_own_is_a_row_without_a_file() -> None:
    _, row = joined((source("/a"),), rule("/a"), STATIC)
    assert (row.full_rule, row.endpoint, row.live, row.in_source) == (STATIC.rule, "static", True, False)
    assert (row.file, row.region, row.editable, row.methods) == ("", None, False, ("GET",))
    assert row.why_not == "Flask adds this one for static files."


def test_who_added_a_rule_is_said_as_far_as_it_is_known() -> None:
    rows = joined(
        (),
        rule("/todo", "todo", "Todo", 5, file="resources.py", package="flask_restful"),
        rule("/health", "health", "state", 3, file="health.py"),
        LiveRule("/metrics", GET, "metrics", "metrics"),
    )
    assert [row.why_not for row in rows] == [
        "Added by flask_restful while the app starts.",
        "Added by code while the app starts; its view is in health.py.",
        "Added while the app starts, by code outside of this folder.",
    ]
    assert (rows[0].file, rows[0].line) == ("resources.py", 5)


def test_a_prefix_that_only_python_knows_is_taken_from_the_map() -> None:
    written = source("/users", "users", endpoint="api.users", owner="api")
    (row,) = joined((written,), rule("/v2/users", "api2.users", "users"))
    assert (row.full_rule, row.rule, row.prefix, row.endpoint) == ("/v2/users", "/users", "/v2", "api2.users")
    assert row.editable
    assert as_written(row, (written,)) is written


def test_a_statement_in_a_loop_makes_several_rows_of_one_region() -> None:
    text = '    @app.route(f"/colour/{name}", endpoint=f"colour_{name}")'
    written = source('f"/colour/{name}"', "colour", text=text, editable=False, why_not="In a loop.")
    rules = [rule(f"/colour/{name}", f"colour_{name}", "colour") for name in ("red", "green")]
    rows = joined((written,), *rules)
    assert [(row.full_rule, row.endpoint) for row in rows] == [
        ("/colour/red", "colour_red"),
        ("/colour/green", "colour_green"),
    ]
    assert all(row.region == written.region and row.live and not row.editable for row in rows)
    assert {as_written(row, (written,)) for row in rows} == {written}


def test_views_of_other_places_are_told_by_the_ends_of_their_rules() -> None:
    written = source('f"/page/{name}"', "page", text='app.add_url_rule(f"/page/{name}", ...)', editable=False)
    rows = joined((written,), rule("/page/red", "page_red", "show", 3, file="pages.py"), STATIC)
    assert [(row.full_rule, row.in_source) for row in rows] == [("/page/red", True), (STATIC.rule, False)]


def test_one_function_with_two_rules_gets_each_where_it_belongs() -> None:
    first, second = source("/a", sibling_rules=("/b",)), source("/b", sibling_rules=("/a",))
    rows = joined((first, second), rule("/x/b", "x.view"), rule("/x/a", "x.view"))
    assert [(row.rule, row.prefix) for row in rows] == [("/a", "/x"), ("/b", "/x")]


def test_equal_rules_are_told_by_their_methods_and_places() -> None:
    get, post = source("/one"), source("/one", methods=("POST",))
    found, left = match((get, post), [replace(rule("/one"), methods=("OPTIONS", "POST")), rule("/one")])
    assert [declared(one[0]) for one in found] == [("GET",), ("POST",)]
    assert left == []
    there, here = source("/", "index", file="other.py"), source("/", "index")
    found, _ = match((there, here), [rule("/", "index", "index")])
    assert [bool(one) for one in found] == [False, True]


def test_methods_that_only_python_knows_are_those_of_the_map() -> None:
    written = source("/things", "Things", text="app.add_url_rule(...)", editable=False, why_not="Code.")
    (row,) = joined((written,), replace(rule("/things", "Things"), methods=("DELETE", "GET", "HEAD")))
    assert row.methods == ("GET", "DELETE")


def test_what_the_map_lacks_says_why() -> None:
    owners = (
        Owner("app", "app", file="app.py"),
        Owner("other", "wiki", file="wiki.py"),
        Owner("lost", "bp", "blueprint", file="app.py", registered=False),
    )
    routes = (
        source("/a"),
        source("/lost", "lost", owner="lost"),
        source("/wiki", "wiki", owner="other", file="wiki.py"),
        source("/never", "never", file="never.py"),
        source("/gone", "gone"),
    )
    rows = joined(routes, rule("/a"), owners=owners)
    assert [row.live for row in rows] == [True, False, False, False, False]
    assert [row.why_not_live for row in rows[1:]] == [
        "The blueprint lost is not registered on the app.",
        "It belongs to another app: wiki in wiki.py.",
        "The app that runs does not import never.py.",
        "The app that runs does not have it.",
    ]


def test_while_the_source_is_ahead_nothing_comes_and_goes() -> None:
    joining, old = Joining(), source("/old")
    before = joining.join((old,), Running((rule("/old"), STATIC)))
    ahead = joining.join((source("/new"),), Running((rule("/old"), STATIC), settled=False))
    assert [(row.full_rule, row.live) for row in ahead] == [("/new", None), (STATIC.rule, True)]
    assert ahead[1] is before[1]
    behind = joining.join((source("/new"),), Running((rule("/old"),), settled=False, held_back=True))
    assert [row.live for row in behind] == [False]
    assert "does not load" in behind[0].why_not_live


def test_a_reason_stays_while_an_edit_is_on_its_way() -> None:
    joining = Joining()
    (row,) = joining.join((source("/gone"),), Running(()))
    (later,) = joining.join((source("/gone", line=20),), Running((), settled=False))
    assert (later.live, later.why_not_live) == (False, row.why_not_live)


def test_ten_thousand_routes_keep_their_rows_and_are_joined_in_time() -> None:
    routes = tuple(source(f"/r{n}", f"view_{n}", line=10 * n) for n in range(10_000))
    rules = [rule(f"/r{n}", f"view_{n}", f"view_{n}", 10 * n + 1) for n in range(10_000)]
    elsewhere = [replace(one, rule=f"/v2{one.rule}") for one in rules]
    joining = Joining()
    began = time.thread_time()
    first = joining.join(routes, Running(tuple(rules)))
    once = time.thread_time() - began
    edited = (*routes[:5000], replace(routes[5000], doc="other"), *routes[5001:])
    second = joining.join(edited, Running(tuple(rules)))
    assert sum(one is not other for one, other in zip(first, second, strict=True)) == 1
    began = time.thread_time()
    moved = joining.join(routes, Running(tuple(elsewhere)))
    assert time.thread_time() - began < 20 * once  # told by their places: no search among all of them
    assert all(row.prefix == "/v2" for row in moved)
