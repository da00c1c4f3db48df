"""Function names, status codes and headers, as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.names import (
    check_function_name,
    check_status,
    parse_headers,
    suggest_function_name,
)
from playground.core.problems import ProblemError
from playground.core.rules import Rule


@pytest.mark.parametrize("name", ["index", "get_user", "größe", "_private", "match", "list"])
def test_good_names_pass(name: str) -> None:
    check_function_name(name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("", "show_user"),
        ("user-list", "user_list"),
        ("2nd", "show_2nd"),
        ("class", "show_class"),
        ("app", "show_app"),
        ("request", "show_request"),
        ("static", "show_static"),
        ("a b", "a_b"),
        ("!", "show_page"),
        ("\U000109d2", "show_page"),  # a digit of an old script, which \w has and Python has not
    ],
)
def test_bad_names_get_a_better_one(name: str, hint: str) -> None:
    with pytest.raises(ProblemError) as caught:
        check_function_name(name)
    assert caught.value.problem.field == "function"
    assert f" {hint}" in caught.value.problem.hint


@pytest.mark.parametrize(
    ("method", "rule", "name"),
    [
        ("GET", "/", "index"),
        ("GET", "/users", "list_users"),
        ("GET", "/users/<int:user_id>", "get_user"),
        ("GET", "/list", "show_list"),
        ("GET", "/help", "show_help"),
        ("POST", "/users", "create_user"),
        ("PUT", "/users/<int:user_id>", "update_user"),
        ("PATCH", "/users/<int:user_id>", "update_user"),
        ("DELETE", "/users/<int:user_id>", "delete_user"),
        ("POST", "/users/<int:user_id>", "update_user"),
        ("POST", "/categories", "create_category"),
        ("GET", "/about", "about"),
        ("GET", "/news", "news"),
        ("GET", "/hello/<name>", "hello"),
        ("POST", "/login", "login"),
        ("GET", "/files/<path:filename>", "get_file"),
        ("GET", "/<name>", "show_name"),
        ("GET", "/robots.txt", "robots_txt"),
        ("GET", "/import", "show_import"),
        ("GET", "/app", "show_app"),
        ("POST", "/", "create_index"),
    ],
)
def test_a_new_view_gets_a_fitting_name(method: str, rule: str, name: str) -> None:
    assert suggest_function_name(Rule.parse(rule), [method], ()) == name


def test_taken_names_are_passed_over() -> None:
    posts = Rule.parse("/users/<int:i>/posts")
    assert suggest_function_name(posts, ["GET"], {"list_posts"}) == "list_users_posts"
    assert suggest_function_name(posts, ["GET"], {"list_posts", "list_users_posts"}) == "list_posts_2"
    assert suggest_function_name(Rule.parse("/"), ["GET"], {"index", "index_2"}) == "index_3"
    assert suggest_function_name(Rule.parse("", blueprint_prefix="/api"), [], ()) == "index"


@given(st.text(max_size=12), st.sampled_from(["GET", "POST", "M-SEARCH"]))
@settings(max_examples=100, deadline=None)
def test_every_suggestion_passes_the_check(text: str, method: str) -> None:
    check_function_name(suggest_function_name(Rule((f"/{text}",)), [method], ()))


@pytest.mark.parametrize(("text", "status"), [("200", 200), (" 404 ", 404), ("100", 100), ("599", 599)])
def test_status_codes(text: str, status: int) -> None:
    assert check_status(text) == status


@pytest.mark.parametrize("text", ["999", "99", "600", "0200", "", "2OO", "-200", "200.0", "٢٠٠", "1" * 5000])
def test_what_is_no_status_code(text: str) -> None:
    with pytest.raises(ProblemError) as caught:
        check_status(text)
    assert caught.value.problem.field == "status"
    assert "100 to 599" in str(caught.value) or "three digits" in str(caught.value)


def test_headers_by_line() -> None:
    assert parse_headers("X-A: 1\r\n\n x-b :a: b \nEmpty:") == (("X-A", "1"), ("x-b", "a: b"), ("Empty", ""))
    assert parse_headers("") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A: 1\nno colon", 'Line 2 of the headers, "no colon", has no colon'),
        ("X Y: 1", "can't be a header's name"),
        (": 1", "no name"),
        ("X: ☕", "☕"),
        ("X: a\0b", "line break"),
    ],
)
def test_headers_that_http_cannot_carry(text: str, words: str) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_headers(text)
    assert caught.value.problem.field == "headers"
    assert words in caught.value.problem.sentence
