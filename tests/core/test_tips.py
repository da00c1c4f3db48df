"""What to try next: only what the router says is so."""

from __future__ import annotations

import pytest

from playground.core.exchanges import Match
from playground.core.explanations import Explanation
from playground.core.tips import tip_for
from playground.core.trips import Trip, Value


def trip(rule: str, path: str, *values: Value, status: int = 200) -> Trip:
    return Trip(1, "id", "GET", path, status=status, rule=rule, endpoint="view", values=values)


def nothing_else(method: str, path: str) -> Explanation:
    return Explanation(Match(method, path, "not_found"))


def everything(method: str, path: str) -> Explanation:
    return Explanation(Match(method, path, "match", "/<path:rest>", "rest"))


@pytest.mark.parametrize(
    ("rule", "values", "path", "word"),
    [
        ("/users/<int:user_id>", (Value("user_id", "int", "42"),), "/users/abc", "`int`"),
        ("/hello/<name>", (Value("name", "str", "'Ada'"),), "/hello/a/b", "slash"),
        ("/about", (), "/about/", "slash"),
        (
            "/<name>/<float:price>",
            (Value("name", "str", "'tea'"), Value("price", "float", "1.5")),
            "/a/b/1.5",
            "slash",
        ),
    ],
)
def test_a_path_next_to_it_that_is_not_found(
    rule: str, values: tuple[Value, ...], path: str, word: str
) -> None:
    tip = tip_for(trip(rule, "/", *values), nothing_else)
    assert tip is not None
    assert tip.path == path
    assert word in tip.why


def test_nothing_is_said_where_another_rule_takes_it() -> None:
    assert tip_for(trip("/users/<int:user_id>", "/users/42"), everything) is None


def test_only_the_parameter_that_is_alone_in_it_is_tried_when_the_first_is_taken_elsewhere() -> None:
    def explain(method: str, path: str) -> Explanation:
        return (everything if path == "/a/b/1.5" else nothing_else)(method, path)

    values = (Value("name", "str", "'tea'"), Value("price", "float", "1.5"))
    tip = tip_for(trip("/<name>/<float:price>", "/tea/1.5", *values), explain)
    assert tip is not None and tip.path == "/tea/abc"


@pytest.mark.parametrize("rule", ["/", "/files/<path:name>", "/shelf/", "/<own:thing>"])
def test_nothing_is_tried_where_nothing_is_sure(rule: str) -> None:
    assert tip_for(trip(rule, "/"), nothing_else) is None


def test_a_failure_has_no_tip() -> None:
    assert tip_for(trip("/about", "/about", status=500), nothing_else) is None
    assert tip_for(trip("", "/nowhere", status=404), nothing_else) is None
