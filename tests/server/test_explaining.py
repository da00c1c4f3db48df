"""Why a request matched, or did not: the five traps of Werkzeug's router, and what else it can come to.

Each account is held against what the app answers when it is really asked.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.views import MethodView
from werkzeug.routing import BaseConverter, ValidationError
from yardstick import yard

from playground.core.explanations import Explanation, Near, Stop
from playground.server.explaining import Explainer

if TYPE_CHECKING:
    from conftest import Served

Given = tuple[str, str] | tuple[str, str, dict[str, object]]
STATUS = {"match": 200, "not_found": 404, "method_not_allowed": 405, "redirect": 308}


def app_of(*rules: Given, **settings: object) -> Flask:
    """An app of these rules: the methods, the rule, and further options of it."""
    app = Flask("project", static_folder=None, **settings)  # type: ignore[arg-type]
    for number, (methods, rule, *more) in enumerate(rules):
        add(app, f"view{number}", methods, rule, **(more[0] if more else {}))  # type: ignore[arg-type]
    return app


def view(**values: object) -> str:
    return ""


def add(app: Flask, endpoint: str, methods: str, rule: str, **options: object) -> None:
    app.add_url_rule(rule, endpoint, view, methods=methods.split(), **options)  # type: ignore[arg-type]


def told(app: Flask, method: str, path: str, host: str = "localhost") -> Explanation:
    """The account of a request, which is also really asked."""
    explanation = Explainer(app).explain(method, path, host)
    answer = app.test_client().open(path, method=method, base_url=f"http://{host}")
    assert answer.status_code == STATUS.get(explanation.match.outcome, answer.status_code)
    return explanation


def of(explanation: Explanation, rule: str) -> Near:
    return next(near for near in explanation.near if near.rule == rule)


# The five traps.


def test_a_range_that_refuses_keeps_the_next_rule_from_its_turn() -> None:
    app = app_of(("GET", "/n/<int(max=10):n>"), ("GET", "/n/<s>"))
    explanation = told(app, "GET", "/n/99")
    assert explanation.match.outcome == "not_found"
    chosen = of(explanation, "/n/<int(max=10):n>")
    assert (chosen.stop, chosen.matched, chosen.stopped, chosen.parameter) == (Stop.RANGE, "/n/", "99", "n")
    assert chosen.reason == "int takes 10 at most; 99 is more, and Flask did not try the next route"
    assert of(explanation, "/n/<s>").stop is Stop.SHADOWED
    assert explanation.why[1] == "After that it tries no other rule, though /n/<s> would fit."
    assert explanation.fixes[0].request is not None
    assert told(app, "GET", explanation.fixes[0].request.url).match.outcome == "match"


def test_two_ranges_of_one_shape_are_one_to_the_router() -> None:
    app = app_of(("GET", "/n/<int(max=10):n>"), ("GET", "/n/<int(min=11):n>"))
    explanation = told(app, "GET", "/n/12")
    assert explanation.match.outcome == "not_found"
    assert of(explanation, "/n/<int(max=10):n>").stop is Stop.RANGE
    assert of(explanation, "/n/<int(min=11):n>").stop is Stop.SHADOWED


def test_a_missing_slash_and_another_method_are_no_redirect() -> None:
    explanation = told(app_of(("POST", "/post/")), "GET", "/post")
    assert explanation.match.outcome == "not_found"
    near = of(explanation, "/post/")
    assert (near.stop, near.matched, near.stopped) == (Stop.SLASH, "/post", "")
    assert near.reason == "has a slash at its end and takes POST only: Flask does not send the browser there"


def test_a_redirect_hides_a_rule_that_fits_as_it_is() -> None:
    explanation = told(app_of(("GET", "/a/<int:x>/"), ("GET", "/a/<name>")), "GET", "/a/5")
    assert (explanation.match.outcome, explanation.match.location) == ("redirect", "http://localhost/a/5/")
    assert of(explanation, "/a/<int:x>/").stop is Stop.REDIRECT
    hidden = of(explanation, "/a/<name>")
    assert hidden.stop is Stop.SHADOWED
    assert hidden.reason == "fits as it is, but /a/<int:x>/ sends the browser on before Flask comes to it"
    assert "It does so although /a/<name> fits this path as it is." in explanation.why


def test_the_wrong_method_is_said_before_the_range_is_looked_at() -> None:
    explanation = told(app_of(("GET", "/n/<int(max=10):n>")), "POST", "/n/99")
    assert explanation.match.outcome == "method_not_allowed"
    assert explanation.near[0].reason == "takes GET only, not POST"
    assert [fix.label for fix in explanation.fixes] == ["Send GET /n/10"]  # to take POST would be of no use


def test_a_rule_without_the_method_leaves_the_path_to_the_next_one() -> None:
    app = app_of(("POST", "/x/new"), ("GET", "/x/<name>"))
    explanation = told(app, "GET", "/x/new")
    assert explanation.match.rule == "/x/<name>"
    assert explanation.why[-1] == "/x/new fits the path, too, but it takes POST only, not GET."
    explanation = told(app, "PUT", "/x/new")
    assert explanation.match.allowed == ("GET", "HEAD", "OPTIONS", "POST")
    assert [near.stop for near in explanation.near] == [Stop.METHOD, Stop.METHOD]


# Why one comes before another.


@pytest.mark.parametrize(
    ("winner", "other", "path", "why"),
    [
        ("/a/b", "/a/<x>", "/a/b", "text that is written out is tried before a parameter"),
        ("/<int:x>", "/<x>", "/5", "int is tried before string"),
        ("/<float:x>", "/<path:x>", "/1.5", "float is tried before path"),
        ("/<x>", "/<path:x>", "/a", "string is tried before path"),
        ("/v<int:x>", "/<x>", "/v5", "more fixed text beside a parameter is tried first"),
        ("/<x>.html", "/<x>.h", "/a.html", None),
        ("/longer<x>", "/lo<x>", "/longerx", "the longer fixed text beside a parameter is tried first"),
        (
            "/<a>",
            "/<uuid:b>",
            "/123e4567-e89b-12d3-a456-426614174000",
            "string and uuid count the same, and it was added first",
        ),
        ("/<any(a, b):x>", "/<x>", "/a", "any and string count the same, and it was added first"),
        ("/<int:a>", "/<int:b>", "/5", "both look alike to Flask, and it was added first"),
    ],
)
def test_the_winner_and_why(winner: str, other: str, path: str, why: str | None) -> None:
    explanation = told(app_of(("GET", winner), ("GET", other)), "GET", path)
    assert explanation.match.rule == winner
    if why is None:
        assert explanation.why == (f"{winner} is the only rule that fits.",)
    else:
        assert explanation.why == (f"{winner} comes before {other}: {why}.",)
        assert of(explanation, other).reason == f"fits, too; {winner} comes first: {why}"


@pytest.mark.parametrize(
    ("rule", "path", "stop", "reason"),
    [
        ("/u/<int:i>", "/u/a", Stop.CONVERTER, 'int takes digits only (\\d+); "a" has none'),
        ("/u/<int:i>", "/u/1a", Stop.CONVERTER, 'int takes digits only (\\d+); "1a" has other signs, too'),
        ("/u/<int:i>", "/u/-1", Stop.CONVERTER, 'int takes digits only (\\d+); "-1" has a minus'),
        (
            "/u/<float:f>",
            "/u/5",
            Stop.CONVERTER,
            'float takes digits, a point and digits (\\d+\\.\\d+); "5" has no point',
        ),
        ("/u/<any(a, b):k>", "/u/c", Stop.CONVERTER, 'any takes a or b; "c" is none of them'),
        (
            "/u/<uuid:k>",
            "/u/c",
            Stop.CONVERTER,
            'uuid takes a UUID, 32 hexadecimal digits as 8-4-4-4-12; "c" is none',
        ),
        ("/u/<string(length=2):k>", "/u/c", Stop.CONVERTER, 'string takes exactly 2 characters; "c" has 1'),
        (
            "/u/<string(minlength=2):k>",
            "/u/c",
            Stop.CONVERTER,
            'string takes 2 characters or more; "c" has 1',
        ),
        (
            "/u/<string(maxlength=2):k>",
            "/u/abc",
            Stop.CONVERTER,
            'string takes 1 to 2 characters; "abc" has 3',
        ),
        ("/u/<int(min=5):i>", "/u/1", Stop.RANGE, "int takes 5 at least; 1 is less"),
        ("/u/<int(fixed_digits=4):i>", "/u/12", Stop.RANGE, 'int takes exactly 4 digits; "12" has 2'),
        ("/u/v<int:i>", "/u/x1", Stop.SEGMENT, 'wants what looks like v<int:i> here; "x1" does not'),
        ("/u/edit", "/u/list", Stop.SEGMENT, 'has "edit" here, not "list"'),
        ("/u/edit", "/u/Edit", Stop.SEGMENT, 'capital letters count: it has "edit", not "Edit"'),
        ("/u/<i>/edit", "/u/5", Stop.END, "goes on with edit; the path ends before that"),
        ("/u", "/u/5/6", Stop.MORE, "nothing may follow /u"),
        ("/u", "/u/", Stop.SLASH, "has no slash at its end; the path has one"),
        (
            "/files/<path:p>/raw",
            "/files/a/b",
            Stop.SEGMENT,
            'wants what looks like <path:p>/raw here; "a/b" does not',
        ),
    ],
)
def test_why_a_rule_stopped(rule: str, path: str, stop: Stop, reason: str) -> None:
    explanation = told(app_of(("GET", rule)), "GET", path)
    near = explanation.near[0]
    assert (near.stop, near.reason) == (stop, reason)
    assert path.startswith(near.matched + near.stopped)


# What else there is.


def test_hosts() -> None:
    app = app_of(("GET", "/", {"host": "a.test"}), ("GET", "/about", {"host": "b.test"}), host_matching=True)
    explanation = told(app, "GET", "/about", "a.test")
    near = of(explanation, "/about")
    assert (near.stop, near.reason) == (Stop.HOST, 'is for the host b.test; this is "a.test"')
    fix = explanation.fixes[0]
    assert fix.request is not None
    assert fix.request.headers == (("Host", "b.test"),)
    assert told(app, "GET", "/about", "b.test").match.outcome == "match"


def test_a_rule_without_a_host_where_hosts_are_told_apart() -> None:
    explanation = told(app_of(("GET", "/about"), host_matching=True), "GET", "/about", "a.test")
    assert explanation.near[0].reason == "has no host, and this app tells its routes apart by host"


def test_subdomains() -> None:
    app = app_of(("GET", "/", {"subdomain": "api"}), subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    explanation = told(app, "GET", "/", "example.com")
    assert explanation.near[0].reason == "is for the subdomain api; this is none"
    assert told(app, "GET", "/", "api.example.com").match.outcome == "match"


@pytest.mark.filterwarnings("ignore:Current server name:UserWarning")
def test_a_host_that_is_not_the_servers_own() -> None:
    app = app_of(("GET", "/"), subdomain_matching=True)
    app.config["SERVER_NAME"] = "example.com"
    assert told(app, "GET", "/", "elsewhere.test").near[0].stop is Stop.HOST


def test_a_host_that_is_not_trusted() -> None:
    app = app_of(("GET", "/"))
    app.config["TRUSTED_HOSTS"] = ["good.test"]
    explanation = told(app, "GET", "/", "bad.test")
    assert explanation.match.outcome == "error"
    assert "not come so far" in explanation.why[0]


def test_slashes_that_are_merged_and_slashes_that_are_not() -> None:
    app = app_of(("GET", "/a/<x>"), ("GET", "/b/<x>", {"merge_slashes": False}))
    explanation = told(app, "GET", "/a//5")
    assert explanation.match.location == "http://localhost/a/5"
    assert of(explanation, "/a/<x>").stop is Stop.REDIRECT
    explanation = told(app, "GET", "/b//5")
    near = of(explanation, "/b/<x>")
    assert (near.stop, near.matched, near.stopped) == (Stop.SLASH, "/b/", "/5")
    assert explanation.fixes[0].label == "Send GET /b/5"


def test_rules_that_take_a_path_with_and_without_a_slash() -> None:
    app = app_of(("GET", "/a", {"strict_slashes": False}), ("GET", "/b/", {"strict_slashes": False}))
    assert [told(app, "GET", path).match.outcome for path in ("/a", "/a/", "/b", "/b/")] == ["match"] * 4


def test_defaults_an_alias_and_a_rule_that_sends_on() -> None:
    app = app_of()
    add(app, "page", "GET", "/pages/", defaults={"number": 1})
    add(app, "page", "GET", "/pages/<int:number>")
    add(app, "new", "GET", "/new")
    add(app, "new", "GET", "/old", alias=True)
    add(app, "gone", "GET", "/gone/<x>", redirect_to="/new")
    assert told(app, "GET", "/pages/").match.values == (("number", "1"),)
    for path, rule, why in (
        ("/pages/1", "/pages/<int:number>", "has a shorter address for these values"),
        ("/old", "/old", "is a second address of the same endpoint"),
    ):
        explanation = told(app, "GET", path)
        assert explanation.match.outcome == "redirect"
        assert of(explanation, rule).reason.startswith(why)
    explanation = Explainer(app).explain("GET", "/gone/x")
    assert explanation.match.location.endswith("/new")
    assert of(explanation, "/gone/<x>").stop is Stop.REDIRECT


def test_a_rule_for_websockets_and_one_that_only_builds() -> None:
    app = app_of(("GET", "/ws", {"websocket": True}), ("GET", "/built", {"build_only": True}))
    explanation = told(app, "GET", "/ws")
    assert explanation.match.outcome == "error"
    assert of(explanation, "/ws").reason == "is for WebSocket connections only"
    explanation = told(app, "GET", "/built")
    assert explanation.match.outcome == "not_found"
    assert "/built" not in [near.rule for near in explanation.near]


def test_options_and_head_that_flask_answers() -> None:
    app = app_of(("GET", "/a"))
    assert told(app, "OPTIONS", "/a").why[-1] == "Flask answers OPTIONS by itself: the function does not run."
    assert told(app, "HEAD", "/a").match.outcome == "match"


def test_a_class_of_views() -> None:
    class Items(MethodView):
        def get(self) -> str:
            return ""

        def delete(self) -> str:
            return ""

    app = app_of()
    app.add_url_rule("/items", view_func=Items.as_view("items"))
    explanation = told(app, "POST", "/items")
    assert explanation.near[0].methods == ("DELETE", "GET")


@pytest.mark.parametrize(
    "path",
    [
        "/٣",
        "/a%2Fb",
        "/%00",
        "/%ff",
        "/a%0Ab",
        "/" + "9" * 5000,
        "/" + "a" * 9000,
        "/%3Cx%3E",
        "/a?b=/c",
        "/%F0%9F%90%8D",
    ],
)
@pytest.mark.parametrize("rule", ["/", "/<int:i>", "/<x>", "/a/<path:p>", "/a/<i>/", "/<any(a):x>"])
def test_odd_paths(rule: str, path: str) -> None:
    explanation = told(app_of(("GET", rule)), "GET", path)
    assert explanation.why
    assert all(fix.label.isprintable() for fix in explanation.fixes)


def test_an_empty_path_is_sent_to_the_first_page() -> None:
    explanation = Explainer(app_of(("GET", "/"))).explain("GET", "")
    assert explanation.match.location == "http://127.0.0.1:5000/"
    assert [fix.label for fix in explanation.fixes] == ["Send GET /"]


def test_an_app_without_rules() -> None:
    explanation = told(app_of(), "GET", "/")
    assert explanation.why == ('No rule of this app fits "/".',)
    assert explanation.near == ()


# Converters of the app's own.


class Counting(BaseConverter):
    """Takes words of small letters, and counts how often it is asked."""

    regex = "[a-z]+"
    asked = 0

    def to_python(self, value: str) -> str:
        type(self).asked += 1
        if value == "bad":
            raise ValidationError
        if value == "worse":
            raise KeyError(value)
        return value


@pytest.fixture
def own() -> Flask:
    app = app_of()
    app.url_map.converters["word"] = Counting
    add(app, "show", "GET", "/w/<word:w>")
    add(app, "any", "GET", "/w/<path:p>")
    Counting.asked = 0
    return app


def test_a_converter_of_the_apps_own_refuses(own: Flask) -> None:
    explanation = told(own, "GET", "/w/bad")
    near = of(explanation, "/w/<word:w>")
    assert (near.stop, near.parameter) == (Stop.RANGE, "w")
    assert near.reason == 'word looked at "bad" and refused it, and Flask did not try the next route'
    assert of(told(own, "GET", "/x/bad"), "/w/<word:w>").stop is Stop.SEGMENT


def test_a_converter_of_the_apps_own_that_refused_is_asked_once_more(own: Flask) -> None:
    Explainer(own).explain("GET", "/w/bad")
    assert Counting.asked == 2  # by the router, and to tell which parameter it was


def test_a_converter_of_the_apps_own_raises(own: Flask) -> None:
    explanation = Explainer(own).explain("GET", "/w/worse")
    assert explanation.match.outcome == "error"
    assert explanation.why[0] == "/w/<word:w> was chosen, and its converter raised KeyError: 'worse'."
    assert of(explanation, "/w/<word:w>").stop is Stop.CONVERTER


def test_a_converter_of_the_apps_own_is_not_asked_about_rules_that_were_not_chosen(own: Flask) -> None:
    Explainer(own).explain("GET", "/v/good")
    Explainer(own).explain("POST", "/w/good")
    Explainer(own).explain("GET", "/w/UP")
    assert Counting.asked == 0


def test_what_a_converter_of_the_apps_own_takes_is_told(own: Flask) -> None:
    app = app_of()
    app.url_map.converters["word"] = Counting
    add(app, "show", "GET", "/w/<word:w>")
    near = of(told(app, "GET", "/w/UP"), "/w/<word:w>")
    assert near.reason == 'word takes what looks like [a-z]+; "UP" does not'


def test_a_converter_that_can_be_made_only_once_hides_its_rule_alone() -> None:
    class Once(BaseConverter):
        made = 0

        def __init__(self, *args: object) -> None:
            if type(self).made:
                raise RuntimeError("once is enough")
            type(self).made += 1
            super().__init__(*args)  # type: ignore[arg-type]

    app = app_of()
    app.url_map.converters["once"] = Once
    add(app, "once", "GET", "/once/<once:x>")
    add(app, "other", "GET", "/other")
    assert told(app, "GET", "/once/1").match.rule == "/once/<once:x>"
    assert [near.rule for near in told(app, "GET", "/othre").near] == ["/other"]


# Many rules, one app after the other.


def large(count: int) -> Flask:
    app = app_of()
    for number in range(count):
        add(app, f"v{number}", "GET", f"/area{number // 50}/thing{number}/<int:x>")
    return app


def fastest(ask: Callable[[], object]) -> float:
    """Seconds that this thread works for it, whatever else goes on: the least of several."""
    times = []
    for _ in range(7):
        started = time.thread_time()
        ask()
        times.append(time.thread_time() - started)
    return min(times)


def test_an_account_is_made_in_a_moment() -> None:
    explainer = Explainer(large(50))
    for path in ("/area0/thing7/abc", "/area0/thing7/5", "/nothing", "/area0/thign7/5"):
        assert fastest(lambda path=path: explainer.explain("GET", path)) < 2 * yard()  # type: ignore[misc]


def test_time_grows_with_the_rules_and_no_faster() -> None:
    few, many = Explainer(large(1000)), Explainer(large(4000))
    for path in ("/area3/thing150/abc", "/area3/thign150/5", "/nothing/at/all"):
        short = fastest(lambda path=path: few.explain("GET", path))  # type: ignore[misc]
        long = fastest(lambda path=path: many.explain("GET", path))  # type: ignore[misc]
        assert long < 16 * short + 0.01


def test_an_app_that_was_replaced_is_let_go(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.core.heap.LONGEST", 60.0)  # what is left behind is swept at once
    code = "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/{}')\ndef view():\n    return 'x'\n"
    served.edit("app.py", code.format("one"))
    explanation = served.app.explain("GET", "/two")
    assert explanation is not None
    assert explanation.match.outcome == "not_found"
    before = weakref.ref(served.app.slot.app)  # type: ignore[type-var]
    served.edit("app.py", code.format("two"))
    served.app.settle()
    assert before() is None
    explanation = served.app.explain("GET", "/two")
    assert explanation is not None
    assert explanation.match.outcome == "match"
