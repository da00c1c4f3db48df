"""Rules whose builders are made at their first use build the URLs that they build without the playground."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.routing.exceptions import BuildError

from playground.server.builders import made_when_asked_for

PARTS = st.sampled_from(
    [
        "a",
        "a b",
        "ü",
        "<x>",
        "<int:n>",
        "<path:p>",
        "<float(signed=True):f>",
        "<any(a,b):k>",
        "<string(length=2):s>",
    ]
)
RULES = st.lists(PARTS, min_size=1, max_size=4, unique=True).map(lambda parts: "/" + "/".join(parts))
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "x": st.sampled_from(["Ada", "a/b", "é?", ""]),
        "n": st.integers(-3, 5),
        "p": st.sampled_from(["a/b", "c"]),
        "f": st.sampled_from([-1.5, 2.0]),
        "k": st.sampled_from(["a", "c"]),
        "s": st.just("ab"),
        "more": st.sampled_from(["1", ["1", "2"], None]),
    },
)


def made(rule: str, **more: object) -> Map:
    return Map([Rule(rule, endpoint="view", **more)])  # type: ignore[arg-type]


def built(rules: Map, values: dict[str, object]) -> list[str]:
    urls = rules.bind("example.org")
    found = []
    for append_unknown in (True, False, True):
        try:
            found.append(urls.build("view", values, append_unknown=append_unknown))
        except (BuildError, ValueError) as error:
            found.append(type(error).__name__)
    return found


@given(rule=RULES, values=VALUES, defaults=st.sampled_from([None, {"n": 3}, {"extra": "x"}]))
def test_the_same_urls(rule: str, values: dict[str, object], defaults: dict[str, object] | None) -> None:
    with made_when_asked_for():
        later = made(rule, defaults=defaults)
    assert built(later, values) == built(made(rule, defaults=defaults), values)


def test_nothing_is_compiled_until_a_url_is_built() -> None:
    with made_when_asked_for():
        rules = made("/users/<int:n>")
    (rule,) = rules.iter_rules()
    assert "<locals>" in rule._build_unknown.__qualname__
    assert rules.bind("example.org").build("view", {"n": 1}) == "/users/1"
    assert rule._build_unknown.__name__ == "<builder:'/users/<int:n>'>"


@pytest.mark.parametrize("rule", ["/<a>/<a>", "/<None>"])
def test_a_rule_that_werkzeug_refuses_is_refused_when_it_is_added(rule: str) -> None:
    with pytest.raises((SyntaxError, ValueError)) as without:
        made(rule)
    with made_when_asked_for(), pytest.raises(type(without.value)) as later:
        made(rule)
    assert str(later.value) == str(without.value)


def test_a_default_that_a_converter_refuses_is_refused_when_the_rule_is_added() -> None:
    class Odd(BaseConverter):
        def to_url(self, value: object) -> str:
            raise ValueError("no")

    with made_when_asked_for(), pytest.raises(ValueError, match="no"):
        Map([Rule("/<odd:x>", endpoint="view", defaults={"x": 1})], converters={"odd": Odd})


def test_afterwards_werkzeug_is_as_it_was() -> None:
    before = vars(Rule)["_compile_builder"]
    with made_when_asked_for():
        assert vars(Rule)["_compile_builder"] is not before
    assert vars(Rule)["_compile_builder"] is before


def test_another_werkzeug_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(self: Rule, unheard_of: bool) -> None: ...

    assert list(inspect.signature(other).parameters) != ["self", "append_unknown"]
    monkeypatch.setattr(Rule, "_compile_builder", other)
    with made_when_asked_for():
        assert vars(Rule)["_compile_builder"] is other
