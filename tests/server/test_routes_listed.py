"""The table of routes against ``flask routes``, and its order of matching against the router itself."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RequestRedirect

from playground.core.routes_table import Order, fitting
from playground.server.routes_listed import routes_of

APP = """\
from flask import Blueprint, Flask

app = Flask(__name__, **{options})
{config}
api = Blueprint("api", __name__, url_prefix="/api"{domain})


@app.route("/<path:rest>")
def anything(rest): return ""


@app.route("/items/<name>", methods=["GET", "POST"])
@app.route("/items/")
def items(name=""): return ""


@app.route("/items/<int:number>")
def item(number): return ""


@app.delete("/items/new")
def new(): return ""


@api.put("/x-<word>")
@api.route("/<word>", methods=["PATCH", "GET", "DELETE"])
def word(word): return ""


@api.get("/<float:number>")
def number(number): return ""


app.register_blueprint(api)
"""
PLAIN = APP.format(options="{}", config="", domain="")
SUBDOMAINS = APP.format(
    options='{"subdomain_matching": True}',
    config='app.config["SERVER_NAME"] = "example.test"',
    domain=', subdomain="api"',
)
HOSTS = APP.replace('url_prefix="/api"{domain})', 'url_prefix="/api")').format(
    options='{"host_matching": True, "static_host": "static.test"}', config="", domain=""
)
SORTS = {
    Order.ENDPOINT: "endpoint",
    Order.METHODS: "methods",
    Order.RULE: "rule",
    Order.MAP: "match",
}


def flask_routes(folder: Path, sort: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "routes", "--sort", sort],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=True,
    )
    return done.stdout.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "orders"), [(PLAIN, tuple(SORTS)), (SUBDOMAINS, (Order.ENDPOINT,)), (HOSTS, (Order.RULE,))]
)
def test_as_text_it_is_what_flask_routes_prints(served: Any, text: str, orders: tuple[Order, ...]) -> None:
    assert served.edit("app.py", text).problem is None
    table = served.app.routes()
    for order in orders:
        assert table.text(table.sorted(order)) == flask_routes(served.folder.path, SORTS[order])


def test_an_app_without_routes(served: Any) -> None:
    served.edit("app.py", "from flask import Flask\napp = Flask(__name__, static_folder=None)\n")
    assert served.app.routes().text(()) == flask_routes(served.folder.path, "rule")


def test_where_the_views_are(served: Any) -> None:
    served.edit("app.py", PLAIN)
    rows = {row.endpoint: row for row in served.app.routes().rows}
    line = PLAIN.split("\n").index('@app.route("/items/<int:number>")') + 1
    assert rows["item"].source == f"app.py:{line}"
    assert rows["static"].file == ""


def test_in_match_order_the_first_rule_that_fits_is_the_one_that_answers(served: Any) -> None:
    """Each path is asked of the router itself; of all rules that fit it alone, the first is to win."""
    served.edit("app.py", PLAIN)
    app = served.app.slot.app
    rows = served.app.routes().sorted(Order.MATCH)
    alone = {(rule.rule, rule.endpoint): _alone(rule) for rule in app.url_map.iter_rules()}
    seen = set()
    paths = ["/items/", "/items/5", "/items/new", "/items/x", "/items/5/6", "/api/x-1", "/api/1.5", "/api/a"]
    for path, method in itertools.product(paths, ("GET", "POST", "PUT", "DELETE", "PATCH")):
        fits = [row for row in rows if _fits(alone[row.rule, row.endpoint], path, method)]
        if fits:
            won, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
            assert (fits[0].rule, fits[0].endpoint) == (won.rule, won.endpoint), (path, method)
            seen.add(len(fits))
    assert max(seen) > 1, "no path fits several rules: the test shows nothing"


SEGMENTS = ("a", "ab", "<{}>", "<int:{}>", "<path:{}>", "a<{}>", "<{}>b", "<any(a,b):{}>", "a-<int:{}>")
TEXTS = ("a", "b", "ab", "5", "aab", "a-5")


def test_match_order_holds_for_rules_made_at_random() -> None:
    chance = random.Random(7)
    several = 0
    for _ in range(50):
        app = Flask("made", static_folder=None)
        for number in range(chance.randint(3, 7)):
            parts = [chance.choice(SEGMENTS).format(f"v{place}") for place in range(chance.randint(1, 2))]
            rule = "/" + "/".join(parts) + chance.choice(["", "", "", "/"])
            methods = chance.choice([["GET"], ["POST"], ["GET", "POST"]])
            app.add_url_rule(rule, f"e{number}", lambda **_: "", methods=methods)
        rows = routes_of(app, ()).sorted(Order.MATCH)
        alone = {row.endpoint: _alone(next(app.url_map.iter_rules(row.endpoint))) for row in rows}
        for _ in range(12):
            path = "/" + "/".join(chance.choice(TEXTS) for _ in range(chance.randint(1, 2)))
            won = _winner(app, path)
            if won is not None:
                fits = [row.endpoint for row in rows if _fits(alone[row.endpoint], path, "GET")]
                assert fits[0] == won, (path, [rule.rule for rule in app.url_map.iter_rules()])
                several += len(fits) > 1
    assert several > 20


def _winner(app: Flask, path: str) -> str | None:
    """The endpoint that the router chooses; None where it chooses none, or sends on."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, "GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint)


def _alone(rule: Any) -> MapAdapter:
    """A router that knows this rule alone."""
    return Map([rule.empty()]).bind("localhost")


def _fits(alone: MapAdapter, path: str, method: str) -> bool:
    try:
        alone.match(path, method)
    except (HTTPException, RequestRedirect):
        return False
    return True


def test_the_filter_looks_at_every_column(served: Any) -> None:
    served.edit("app.py", PLAIN)
    rows = served.app.routes().rows
    assert {row.endpoint for row in fitting(rows, "ITEMS delete")} == {"new"}
    assert {row.endpoint for row in fitting(rows, "api. patch")} == {"api.word"}
    assert fitting(rows, "  ") == rows
    assert fitting(rows, "nowhere") == ()
