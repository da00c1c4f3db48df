"""The rules of the plain-words help over hand-made facts: what they read, and that nothing upsets them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from playground.core.changes import LiveState, ProjectState, TemplateInfo
from playground.core.exchanges import Match
from playground.core.explanations import Explanation, Near, Stop
from playground.core.help_rules import BY_ID
from playground.core.live_rules import LiveRule
from playground.core.plain_words.drawers import drawers_of
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.json_bodies import mended
from playground.core.plain_words.resending import again, as_form, as_json
from playground.core.plain_words.rules import problems_of
from playground.core.plain_words.saying import listed, nearest, shown
from playground.core.plain_words.tags import corrected
from playground.core.problems import Place
from playground.core.routes import Owner, Region, Route
from playground.core.trips import Body, Frame, Raised, Stage, Step, Trip, Value

FORM = "application/x-www-form-urlencoded"


def trip(path: str = "/", body: bytes = b"", label: str = "", **more: object) -> Trip:
    headers = (("Content-Type", label),) if label else ()
    made = Trip(1, "id", "POST", path, request_headers=headers, request_body=Body(body, len(body)))
    return replace(made, **more)  # type: ignore[arg-type]  # whatever a test needs


# -- what a request brought ----------------------------------------------------------------------------


def test_a_query_and_a_form_are_two_drawers() -> None:
    came = drawers_of(trip("/a?q=1&q=2&empty=", b"title=Momo&year=", f"{FORM}; charset=utf-8"))
    assert came.keys("args") == ("q", "empty")
    assert came.keys("form") == ("title", "year")
    assert came.keys("values") == ("q", "empty", "title", "year")
    assert came.described() == "query: q, empty · form: title, year · JSON: nothing · files: nothing"
    assert came.holding("year") == "form"
    assert came.holding("nothing") == ""


def test_json_is_seen_whatever_it_is_labelled() -> None:
    came = drawers_of(trip("/", b'{"title": "Momo"}', "text/plain"))
    assert came.is_json
    assert came.keys("json") == ("title",)
    assert not came.form
    assert drawers_of(trip("/", b"[1, 2]")).described().endswith("JSON: a value · files: nothing")
    assert not drawers_of(trip("/", b"{'title'}", "application/json")).is_json


def test_files_and_fields_of_a_form_with_files() -> None:
    body = (
        b'--xx\r\nContent-Disposition: form-data; name="title"\r\n\r\nMomo\r\n'
        b'--xx\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n\x89PNG\r\n--xx--\r\n"
    )
    came = drawers_of(trip("/", body, "multipart/form-data; boundary=xx"))
    assert came.form == (("title", "Momo"),)
    assert came.files == ("photo",)
    assert drawers_of(trip("/", b"no parts at all", "multipart/form-data")).form == ()


def test_a_body_that_was_not_kept_whole_counts_as_unread() -> None:
    cut = replace(trip("/", b'{"a": 1}', "application/json"), request_body=Body(b'{"a": 1}', 900))
    assert not drawers_of(cut).is_json
    assert drawers_of(trip("/", b"\xff\xfe{", "application/json")).json == ()


def test_a_request_is_made_ready_to_be_sent_again() -> None:
    sent = replace(trip("/a?q=%C3%A4", b"x=1", FORM), request_headers=(("Host", "h"), ("X-Shop", "1")))
    assert (again(sent).method, again(sent).url, again(sent).query) == ("POST", "/a", (("q", "ä"),))
    assert again(sent).headers == (("X-Shop", "1"),)
    assert as_json(sent, "{}").body == "{}"
    assert as_form(sent, (("a", "b"),)).form == (("a", "b"),)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'b'}", {"a": "b"}),
        ('{"a": 1,}', {"a": 1}),
        ("[1, 2, ]", [1, 2]),
        ("{'a': True, 'b': None}", {"a": True, "b": None}),
        ("{'it''s': 'x'}", {"its": "x"}),
        ("{'a': 'ä'}", {"a": "ä"}),
    ],
)
def test_what_was_meant_for_json_becomes_json(text: str, value: object) -> None:
    assert json.loads(mended(text)) == value


@pytest.mark.parametrize("text", ["", "hello", "{", "{1, 2}", "'text'", "[" * 5000, "{a: 1}", "\0"])
def test_what_is_no_json_at_all_stays_so(text: str) -> None:
    assert mended(text) == ""


# -- words -----------------------------------------------------------------------------------------------


def test_what_was_typed_is_at_most_two_words() -> None:
    assert shown("a b") == "a b"
    assert shown("a\n b  c d") == "a b…"
    assert len(shown("x" * 500)) == 60
    assert listed(("a",)) == "a"
    assert listed(("a", "b", "c")) == "a, b and c"
    assert listed(map(str, range(9)), 2) == "0, 1 and 7 more"
    assert nearest("Abuot", ("about", "home")) == "about"
    assert nearest("zzz", ("about", "home")) == ""


@pytest.mark.parametrize(
    ("message", "line", "sentence", "new"),
    [
        (
            "Encountered unknown tag 'elseif'.",
            "{% elseif x %}",
            "Jinja has no tag elseif; it is called elif.",
            "elif x",
        ),
        (
            "Encountered unknown tag 'inlcude'.",
            '{% inlcude "a" %}',
            "Jinja has no tag inlcude; it is called include.",
            'include "a"',
        ),
        (
            "Encountered unknown tag 'user'.",
            "{% user.name %}",
            "user is a variable: {{ }} prints it.",
            "{{ user.name }}",
        ),
        (
            "No filter named 'size'.",
            "{{ a|size }}",
            "Jinja has no filter size; it is called length.",
            "|length",
        ),
        ("block 'a' defined twice", "{% block a %}", "The block a is there twice.", ""),
        (
            "expected token 'end of print statement', got 'x'",
            "{{ a x }}",
            "Jinja can't read this line of the template.",
            "",
        ),
    ],
)
def test_what_jinja_does_not_read_has_a_right_form(message: str, line: str, sentence: str, new: str) -> None:
    said, fixes = corrected(message, line, Place("templates/a.html", 1))
    assert said == sentence
    assert len(said.split()) <= 15
    assert (fixes[0].mend.word("new") if fixes[0].mend is not None else "") == new


# -- odd facts -------------------------------------------------------------------------------------------

ODD = (
    "",
    "a b c d e f g h i j k l m n o p q r s t",
    "'\"{}\\",
    "ä€😀" * 30,
    "x" * 5000,
    "<b>\n\t",
    "/../..",
    "%s {0} %",
)
MESSAGES = {
    "BadRequestKeyError": "400 Bad Request: The browser sent a request. KeyError: '{0}'",
    "KeyError": "'{0}'",
    "BuildError": "Could not build url for endpoint '{0}'. Did you forget to specify values ['{0}']?",
    "TemplateNotFound": "{0}",
    "TemplateSyntaxError": "Encountered unknown tag '{0}'.",
    "UndefinedError": "'{0}' is undefined",
    "NameError": "name '{0}' is not defined",
    "AttributeError": "'{0}' object has no attribute '{0}'",
    "TypeError": "{0}() got an unexpected keyword argument '{0}'",
    "ValueError": "invalid literal for int() with base 10: '{0}'",
    "RuntimeError": "Working outside of request context. {0}",
    "AssertionError": "The setup method '{0}' can no longer be called on the application.",
    "FileNotFoundError": "[Errno 2] No such file or directory: '{0}'",
    "ModuleNotFoundError": "No module named '{0}'",
    "UnsupportedMediaType": "415 {0}",
    "BadRequest": "400 {0}",
    "NotFound": "404 {0}",
}


def odd_facts(kind: str, odd: str) -> Facts:
    """A request to a view whose names are all the same odd text."""
    message = MESSAGES[kind].replace("{0}", odd)
    code = f'x = request.form["{odd}"]; {odd}.{odd}; request.get_json(); request.headers["{odd}"]'
    frames = (Frame("flask/app.py", 1, "dispatch"), Frame(f"{odd}.py", 2, odd, code, own=True))
    raised = Raised(kind, message, frames, f"{kind}: {message}", (("key", odd), ("endpoint", odd)))
    text = f"@app.get('{odd}')\ndef {odd}({odd}):\n    {code}\n    return {{'{odd}'}}, 5\n"
    route = Route(odd, ("GET",), odd, odd, "app", file=f"{odd}.py", region=Region("a", 0, 1, text))
    templates = (TemplateInfo(odd, f"templates/{odd}"),)
    owners = (Owner("app", odd, file=odd), Owner(odd, odd, "blueprint", registered=False))
    project = ProjectState("", "", (route,), owners, templates, (odd,))
    live = LiveState(True, map=(LiveRule(odd, ("GET",), odd), LiveRule("/", ("GET",), f"{odd}2")))
    steps = (Step(Stage.VIEW, odd), Step(Stage.TEMPLATE, odd, values=(Value(odd, "str", repr(odd)),)))
    sent = trip(f"/{odd}?{odd}={odd}", f"{odd}={odd}".encode(), FORM, status=500, endpoint=odd, rule=odd)
    sent = replace(sent, steps=steps, raised=(raised,), values=(Value(odd, "str", repr(odd)),))
    return Facts(sent, None, project, live, (), lambda _: f"{code}\n{code}\n{text}", static=lambda: (odd,))


@pytest.mark.parametrize(("kind", "odd"), list(product(MESSAGES, ODD)))
def test_odd_names_upset_no_rule(kind: str, odd: str) -> None:
    for problem in problems_of(odd_facts(kind, odd)):
        check(problem.sentence, problem.rule_id, len(problem.fixes))
        assert all(fix.label and len(fix.label) <= 40 for fix in problem.fixes)


@pytest.mark.parametrize(("stop", "odd"), list(product(Stop, ODD)))
def test_odd_paths_upset_no_rule(stop: Stop, odd: str) -> None:
    for outcome, status in (("not_found", 404), ("redirect", 308), ("method_not_allowed", 405)):
        near = Near(odd, odd, ("GET",), odd, odd, stop, odd, odd)
        match = Match("GET", odd, outcome, allowed=("GET", odd), location=odd)
        raised = Raised("NotFound", "404 Not Found")
        sent = replace(trip(f"/{odd}", status=status), raised=(raised,))
        live = LiveState(True, map=(LiveRule(odd, ("GET",), odd),))
        for problem in problems_of(Facts(sent, Explanation(match, (), (near,)), live=live)):
            check(problem.sentence, problem.rule_id, len(problem.fixes))


def check(sentence: str, rule_id: str, fixes: int) -> None:
    assert sentence and len(sentence.split()) <= 15, sentence
    if rule_id:
        assert rule_id in BY_ID
        assert 1 <= fixes <= 3


def test_a_request_that_went_well_has_no_problem() -> None:
    assert problems_of(Facts(trip(status=200, rule="/", endpoint="index"))) == ()
    assert problems_of(Facts(trip(status=304, rule="/", endpoint="index"))) == ()


def test_what_nobody_sent_is_no_attack() -> None:
    """Werkzeug calls a subdomain that there is none of <invalid>."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    page = Body(b"<p><invalid></p>", 16)
    answered = trip(status=200, rule="/", endpoint="index", response_headers=headers, response_body=page)
    assert problems_of(Facts(replace(answered, values=(Value("user", "str", "'<invalid>'"),)))) == ()


def test_a_rule_of_another_host_is_told_as_that() -> None:
    near = Near("/", "index", ("GET",), "/", "", Stop.HOST, "answers at shop.test")
    raised = (Raised("NotFound", "404 Not Found"),)
    match = Match("GET", "/", "not_found")
    (problem,) = problems_of(Facts(trip(status=404, raised=raised), Explanation(match, (), (near,))))
    assert (problem.rule_id, problem.sentence) == ("no-such-path", "The rule / is for another host.")


def test_a_cookie_that_browsers_drop_is_told() -> None:
    for size, problems in ((4_000, 0), (5_000, 1)):
        cookie = (("Set-Cookie", f"session={'x' * size}; HttpOnly; Path=/"),)
        found = problems_of(Facts(trip(status=200, rule="/", endpoint="index", response_headers=cookie)))
        assert len(found) == problems
        assert all(one.sentence == "The cookie session is too large: browsers drop it." for one in found)


def test_a_cookie_over_https_is_right() -> None:
    cookie = (("Set-Cookie", "session=x; Secure; Path=/"),)
    answered = trip(status=200, rule="/", endpoint="index", response_headers=cookie)
    assert [one.rule_id for one in problems_of(Facts(answered))] == ["secret-key"]
    forwarded = replace(answered, request_headers=(("X-Forwarded-Proto", "https"),))
    assert problems_of(Facts(forwarded)) == ()


NOT_FOUND = (Raised("NotFound", "404 Not Found", (), "", (("code", "404"),)),)


def test_a_rule_that_is_there_by_now_is_told() -> None:
    now = Explanation(Match("POST", "/new", "match", "/new", "new"))
    (problem,) = problems_of(Facts(trip("/new", status=404, raised=NOT_FOUND), now))
    assert (problem.rule_id, problem.sentence) == ("", "/new has a rule by now.")
    assert problem.fixes[0].request is not None
    assert problem.fixes[0].request.url == "/new"


def test_a_rule_that_sends_on_by_itself_is_no_mistake() -> None:
    on = Explanation(Match("POST", "/old", "redirect", location="http://127.0.0.1/new"))
    raised = (Raised("RequestRedirect", "308 Permanent Redirect", (), "", (("code", "308"),)),)
    (problem,) = problems_of(Facts(trip("/old", status=308, raised=raised), on))
    assert (problem.rule_id, problem.sentence) == ("", "Flask sends /old on to /new.")
    assert problem.fixes == ()
