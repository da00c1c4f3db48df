"""Rules held against Werkzeug itself: what it takes, what it matches, what it makes of a value."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, MapAdapter, RequestRedirect
from werkzeug.routing import Rule as WerkzeugRule

from playground.core.converters import similar_converter
from playground.core.rules import CONVERTERS, Param, Rule, RuleError

quick = settings(max_examples=150, deadline=None)


def router(text: str) -> MapAdapter:
    return Map([WerkzeugRule(text, endpoint="view")]).bind("localhost")


def only(text: str) -> Param:
    return Rule.parse(f"/v/{text}").params[0]


# -- what people write -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked", "words"),
    [
        ("", "", "empty"),
        ("users", "u", "Write /users"),
        ("http://127.0.0.1:5000/users", "http://127.0.0.1:5000/users", "Write /users"),
        ("/<id", "<id", "never closed"),
        ("/<a/<b>", "<a/", "never closed"),
        ("/a>b", ">", 'no "<" before it'),
        ("/<>", "<>", "no name"),
        ("/<int:>", "<int:>", "name is missing"),
        ("/<int(min=1)>", "<int(min=1)>", "name is missing"),
        ("/< int:x>", "< int:x>", "Write <int:x>"),
        ("/<int id>", "<int id>", "Write <int:id>"),
        ("/<user-id>", "<user-id>", "Write user_id"),
        ("/<1st>", "<1st>", "Write _1st"),
        ("/<naïve>", "<naïve>", "letters a to z"),
        ("/<class>", "class", "word of Python"),
        ("/<int:None>", "None", "word of Python"),
        ("/<__debug__>", "__debug__", "word of Python"),
        ("/<a>/<int:a>", "<int:a>", "already"),
        ("/<str:x>", "str", '"string"'),
        ("/<integer:x>", "integer", '"int"'),
        ("/<Int:x>", "Int", '"int"'),
        ("/<strnig:x>", "strnig", '"string"'),
        ("/<zebra:x>", "zebra", "There are string, int"),
        ("/<id:int>", "id", "<int:id>"),
        ("/<name:str>", "name", "<string:name>"),
        ("/<my-type:x>", "<my-type:x>", "not a type"),
        ("/<int(min=1:x>", "<int(min=1:x>", "never closed"),
        ("/<string(length=2>/<int(min=1):b>", "<string(length=2>", "never closed"),
        ("/{x}", "{x}", "<x>"),
        ("/a/{int:x}", "{int:x}", "<x>"),
        ("/:x", ":x", "<x>"),
        ("/a b", " ", "spaces"),
        ("/a\n", "\n", "spaces"),
        ("/a?b=1", "?", "query"),
        ("/a#b", "#", "never send"),
        ("/a%20b", "%20", "%20 never matches"),
        ("/a//b", "//", "single slash"),
        ("/a/../b", "..", "Browsers"),
        ("/<int(foo=1):x>", "foo=1", "no foo"),
        ("/<int(1, 2, 3, True, 5):x>", "5", "so many"),
        ("/<path(3):x>", "3", "so many"),
        ("/<int(min=1, min=2):x>", "min=2", "twice"),
        ("/<int(3, fixed_digits=3):x>", "fixed_digits=3", "twice"),
        ("/<int(min=-5):x>", "min=-5", "negative"),
        ("/<int(min=5, max=3):x>", "min=5, max=3", "larger than max"),
        ("/<int(min='5'):x>", "min='5'", "whole number"),
        ("/<int(min=1.5):x>", "min=1.5", "whole number"),
        ("/<int(min=True):x>", "min=True", "whole number"),
        ("/<int(signed=true):x>", "signed=true", "True or False"),
        ("/<int(fixed_digits=2, min=100):x>", "fixed_digits=2, min=100", "2 digits"),
        ("/<int(fixed_digits=5000):x>", "fixed_digits=5000", "4300"),
        ("/<float(min=nan):x>", "min=nan", "not a number"),
        ("/<string(length=0):x>", "length=0", "from 1"),
        ("/<string(minlength=9, maxlength=3):x>", "minlength=9, maxlength=3", "larger than maxlength"),
        ("/<string(1,2):x>", "1,", "comma"),
        ("/<any(1,2):x>", "1,", "comma"),
        ("/<any(1):x>", "1", 'Write "1"'),
        ("/<any(True):x>", "True", "quotes"),
        ("/<any:x>", "<any:x>", "at least one"),
        ("/<any(''):x>", "''", "empty item"),
        ("/<any('a/b'):x>", "'a/b'", "slash"),
        ("/<any(items=a):x>", "items=a", "just its items"),
        ("/<any(a b):x>", "a b", "can't be read"),
        ("/<int(min=1 max=2):x>", "min=1 max=2", "can't be read"),
    ],
)
def test_slips_get_a_sentence_and_a_mark(text: str, marked: str, words: str) -> None:
    with pytest.raises(RuleError) as caught:
        Rule.parse(text)
    error = caught.value
    assert text[error.start : error.end].strip(", ") == marked.strip(", ")
    assert words.lower() in f"{error.sentence} {error.hint}".lower()
    assert str(error) == error.sentence
    assert error.problem.field == "rule" and error.problem.hint == error.hint


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/users/",
        "/v<int:n>/<name>.html",
        "/.<ext>",
        "/<default:x>",
        "/<string:x>",
        "/<int( min = 1 ,max=9 ):x>/y",
        "/<any(red, 'light blue', \"x>y\", u'ü', 1-2):c>",
        "/<float(1, 2.5, signed=True):f>",
        "/<int(max=None):x>",
        "/<int():x>",
        "/größe/<x>",
        "/items:search",
        "/a{b",
        "/100%",
        "/f/<path:p>/edit/",
    ],
)
def test_a_rule_prints_as_it_was_written(text: str) -> None:
    rule = Rule.parse(text)
    assert rule.text == text
    router(text)  # Werkzeug takes it too
    for param in rule.params:
        assert text[param.start : param.end] == param.text
        param.convert(param.sample)


def test_arguments_get_their_names() -> None:
    assert only("<int(3, max=9):x>").args == (("fixed_digits", 3), ("max", 9))
    assert only("<any(a, 'b c'):x>").args == (("items", ("a", "b c")),)
    assert only("<default(2):x>") == Param("x", "string", (("minlength", 2),))
    assert only("<int(min=None):x>") == Param("x", "int")


def test_behind_a_prefix_a_rule_may_be_empty_but_not_repeat_a_name() -> None:
    assert Rule.parse("", blueprint_prefix="/api").pieces == ()
    assert Rule.parse("", blueprint_prefix="/api").build({}) == ""
    with pytest.raises(RuleError, match="prefix"):
        Rule.parse("/<lang>", blueprint_prefix="/<lang>")


def test_converters_of_the_app_are_left_to_the_app() -> None:
    rule = Rule.parse("/<list(',', what=1):x>/<int:y>", custom={"list"})
    assert rule.text == "/<list(',', what=1):x>/<int:y>"
    assert rule.params[0].convert("a,b") == "a,b"
    assert rule.params[0].with_(name="z").text == "<list(',', what=1):z>"
    assert rule.build({"x": "a,b", "y": "3"}) == "/a,b/3"
    own = Rule.parse("/<int(what):x>", custom={"int"}).params[0]
    assert own.converter == "int" and own.convert("anything") == "anything"
    assert own.with_(name="y").text == "<int(what):y>"
    assert own.with_(converter="float").text == "<float:x>"


def test_the_table_knows_what_werkzeug_knows() -> None:
    known = set(Map().converters)
    assert {*CONVERTERS, "default"} == known
    assert list(CONVERTERS) == ["string", "int", "float", "path", "uuid", "any"]
    for converter in CONVERTERS.values():
        assert similar_converter(converter.name.upper()) == converter.name


# -- changing a rule ---------------------------------------------------------------------------------


def test_with_changes_and_drops_what_is_foreign() -> None:
    param = only("<int( min=1 ):x>")
    assert param.with_() is param
    assert param.with_(name="y").text == "<int(min=1):y>"
    assert param.with_(converter="string").text == "<x>"
    assert param.with_(converter="float").text == "<float(min=1):x>"
    assert param.with_(args=()).text == "<int:x>"
    assert param.with_(args=(("min", 2), ("signed", True))).text == "<int(min=2, signed=True):x>"
    assert param.with_(converter="any").text == "<any(one, two):x>"
    assert param.with_(converter="float", args=(("max", 1e21),)).text == (
        "<float(max=1000000000000000000000.0):x>"
    )
    items = ("a", "True", "1", "b c", 'say "x"', "it's", "nan")
    assert param.with_(converter="any", args=(("items", items),)).args == (("items", items),)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "class"},
        {"name": "a b"},
        {"name": ""},
        {"args": (("min", 5), ("max", 1))},
        {"args": (("min", -5),)},
        {"converter": "any", "args": (("items", ()),)},
        {"converter": "any", "args": (("items", ("a'b\"c",)),)},
        {"converter": "any", "args": (("items", ("):x>",)),)},
        {"converter": "zebra"},
    ],
)
def test_with_refuses_what_flask_would_not_take(changes: dict[str, object]) -> None:
    with pytest.raises(RuleError):
        only("<int:x>").with_(**changes)  # type: ignore[arg-type]


def test_replace_and_without() -> None:
    rule = Rule.parse("/users/<int:user_id>/posts/<slug>")
    changed = rule.replace("user_id", rule.params[0].with_(name="uid"))
    assert changed.text == "/users/<int:uid>/posts/<slug>"
    assert changed == Rule.parse(changed.text)
    assert [changed.text[p.start : p.end] for p in changed.params] == ["<int:uid>", "<slug>"]
    with pytest.raises(RuleError, match="already"):
        rule.replace("user_id", Param("slug"))
    assert rule.without("slug").text == "/users/<int:user_id>/posts"
    assert rule.without("user_id").text == "/users/posts/<slug>"
    assert Rule.parse("/<x>").without("x").text == "/"
    assert Rule.parse("/v<x>/a/").without("x").text == "/v/a/"
    assert Rule.parse("/a/<x>/").without("x").text == "/a/"


def test_segments_for_the_map() -> None:
    def shown(text: str) -> list[list[str]]:
        return [[p if isinstance(p, str) else p.text for p in s] for s in Rule.parse(text).segments]

    assert shown("/") == []
    assert shown("/users") == [["users"]]
    assert shown("/users/") == [["users"], []]
    assert shown("/users/<int:i>/v<x>.html") == [["users"], ["<int:i>"], ["v", "<x>", ".html"]]
    assert shown("/f/<path:p>/edit/<x>") == [["f"], ["<path:p>", "/edit/", "<x>"]]
    assert Rule.parse("", blueprint_prefix="/a").segments == ()


# -- values, as Werkzeug judges them -----------------------------------------------------------------

numbers = st.integers(0, 120)
bounds = st.tuples(numbers, numbers).map(sorted)
params = st.one_of(
    st.just("<x>"),
    st.just("<path:x>"),
    st.just("<uuid:x>"),
    st.tuples(st.integers(1, 4), st.integers(0, 4)).map(
        lambda n: f"<string({n[0]}, maxlength={n[0] + n[1]}):x>"
    ),
    st.integers(1, 5).map(lambda n: f"<string(length={n}):x>"),
    st.tuples(bounds, st.booleans()).map(lambda v: f"<int(min={v[0][0]}, max={v[0][1]}, signed={v[1]}):x>"),
    st.tuples(st.integers(0, 4), st.booleans()).map(lambda v: f"<int({v[0]}, signed={v[1]}):x>"),
    st.tuples(bounds, st.booleans()).map(
        lambda v: f"<float(min={v[0][0]}.5, max={v[0][1]}.5, signed={v[1]}):x>"
    ),
    st.lists(st.text("abcé .+*-(|", min_size=1, max_size=3), min_size=1, max_size=4).map(
        lambda items: "<any({}):x>".format(", ".join(f'"{item}"' for item in items))
    ),
)
texts = st.one_of(
    st.text(max_size=8),
    st.text("ab/ .\n%é", max_size=6),
    st.from_regex(r"-?\d{1,5}(\.\d{0,3})?", fullmatch=True),
    st.integers(-5, 130).map(str),
    st.uuids().map(str),
    st.uuids().map(lambda value: str(value).upper()),
)


def judged(text: str, value: str) -> object:
    """What Werkzeug makes of the value; ``NotFound`` where that is its answer."""
    try:
        _, values = router(f"/v/{text}").match(f"/v/{value}")
    except (NotFound, RequestRedirect):
        return NotFound
    return values["x"]


@given(params, texts)
@quick
@example("<int:x>", "٣")
@example("<int(3):x>", "-12")
@example("<int(3, signed=True):x>", "-12")
@example("<int:x>", "9" * 4301)
@example("<int:x>", "²")
@example("<float:x>", "5.")
@example("<float:x>", "9" * 400 + ".0")
@example("<float:x>", "1e5")
@example("<path:x>", "a//b/")
@example("<path:x>", "/a")
@example("<path:x>", "\n")
@example("<path:x>", "a\nb")
@example("<x>", "a\n")
@example("<x>", "")
def test_a_value_is_judged_as_werkzeug_does(text: str, value: str) -> None:
    wanted = judged(text, value)
    try:
        got = only(text).convert(value)
    except ValueError as error:
        assert wanted is NotFound, f"refused: {error}"
        assert re.fullmatch(r"[^\n]+\.", str(error).replace("\n", ""))
    else:
        assert wanted is not NotFound
        assert got == wanted and type(got) is type(wanted)


@given(params)
@quick
@example("<int(min=120):x>")
@example("<int(fixed_digits=1):x>")
@example("<int(5, min=99999):x>")
@example("<float(min=2):x>")
@example("<float(max=0.25):x>")
@example("<float(min=1.0000000001, max=1.0000000001):x>")
@example("<string(minlength=30):x>")
@example("<string(maxlength=2):x>")
def test_the_sample_converts(text: str) -> None:
    param = only(text)
    assert param.convert(param.sample) == judged(text, param.sample)


# -- rules and addresses -----------------------------------------------------------------------------

static = st.text("abé-_.~+ü%", min_size=1, max_size=4)
names = st.sampled_from(["a", "b", "c"])
pieces = st.one_of(
    static,
    st.just("/"),
    st.tuples(params, names).map(lambda p: p[0].replace(":x>", f":{p[1]}>").replace("<x>", f"<{p[1]}>")),
)
rules = st.lists(pieces, max_size=7).map(lambda parts: "/" + "".join(parts))


@given(rules)
@quick
def test_valid_rules_print_the_same_and_werkzeug_takes_them(text: str) -> None:
    try:
        rule = Rule.parse(text)
    except RuleError as error:
        assert 0 <= error.start <= error.end <= len(text)
        return
    assert rule.text == text
    router(text)


@given(st.text("/<>int():min=1,ax9'\"ys. {", max_size=20).map(lambda text: f"/{text}"))
@settings(max_examples=300, deadline=None)
def test_what_werkzeug_refuses_is_refused_here(text: str) -> None:
    try:
        Rule.parse(text)
    except RuleError as error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.sentence and error.hint
    else:
        router(text)


arguments = st.lists(
    st.tuples(
        st.sampled_from(
            ["", "min=", "max=", "fixed_digits=", "signed=", "length=", "minlength=", "maxlength="]
        ),
        st.sampled_from(
            ["1", "2", "30", "1.5", "True", "None", "'a'", "b", "-1", "1e3", "", "1_0", "c d", "x-y"]
        ),
    ).map("".join),
    max_size=3,
).flatmap(lambda parts: st.sampled_from([",", ", ", " , "]).map(lambda comma: comma.join(parts)))


@given(st.sampled_from([*CONVERTERS, "default"]), arguments, texts)
@settings(max_examples=400, deadline=None)
@example("int", "max=None,1", "")
def test_what_is_taken_here_works_there(converter: str, inner: str, value: str) -> None:
    text = f"<{converter}({inner}):x>"
    try:
        param = only(text)
    except RuleError:
        return
    wanted = judged(text, value)
    try:
        assert param.convert(value) == wanted
    except ValueError:
        assert wanted is NotFound
    assert only(param.with_(name="y").text).args == param.args
    assert judged(text, param.sample) == param.convert(param.sample)


@given(rules, st.data())
@settings(max_examples=200, deadline=None)
@example("/<path:a>/", None)
@example("/<a>-<b>", None)
def test_what_is_built_comes_back(text: str, data: st.DataObject | None) -> None:
    try:
        rule = Rule.parse(text)
    except RuleError:
        assume(False)
        return
    if data is None:
        values = {param.name: "1-x" for param in rule.params}
    else:
        values = {p.name: data.draw(st.just(p.sample) | texts) for p in rule.params}
    try:
        path = rule.build(values)
    except ValueError as error:
        assert any(str(error).startswith(f"{param.name}: ") for param in rule.params)
        return
    assert path.isascii() and not re.search(r"[\s<>?#\"]", path)
    _, found = router(text).match(unquote(path))
    assert found == {param.name: param.convert(values[param.name]) for param in rule.params}
    assert rule.read(path) == values


def test_build_says_which_value_is_wrong() -> None:
    rule = Rule.parse("/<int:n>/<name>")
    with pytest.raises(ValueError, match=r"^n: .*not a whole number"):
        rule.build({"n": "x", "name": "y"})
    with pytest.raises(ValueError, match=r"^name: It is empty"):
        rule.build({"n": "1"})
    with pytest.raises(ValueError, match=r"^a: Flask would read"):
        Rule.parse("/<path:a>/<path:b>").build({"a": "x/y", "b": "z"})


def test_values_are_encoded_and_read_back() -> None:
    rule = Rule.parse("/größe/<path:p>/<x>")
    path = rule.build({"p": "a b/50%/ü", "x": "?#ß"})
    assert path == "/gr%C3%B6%C3%9Fe/a%20b/50%25/%C3%BC/%3F%23%C3%9F"
    assert rule.read(path) == {"p": "a b/50%/ü", "x": "?#ß"}
    assert rule.read("/other") is None
    assert only("<path:x>").to_url("a/b c") == "a/b%20c"
    with pytest.raises(ValueError, match="slash"):
        only("<x>").to_url("a/b")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="half a character"):
        only("<x>").convert("\ud83d")
