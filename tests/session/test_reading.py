"""A recorded request and its answer as people read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.core.messages import Message
from playground.core.trips import Body, Trip
from playground.session.session import Session

POSTED = Trip(
    1,
    "id",
    "POST",
    "/users?page=2&q=a%20b&none=",
    status=201,
    reason="CREATED",
    request_headers=(("Host", "x"), ("Content-Type", "application/json; charset=utf-8")),
    request_body=Body(b'{"name": "Lin"}', 15),
    response_headers=(("Content-Type", "text/plain"),),
    response_body=Body(b"made", 4),
)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nJoy & caf\xc3\xa9\r\n'
    b'--b\r\nContent-Disposition: form-data; name="cover"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\x00\x01\r\n--b--\r\n"
)


def read(trip: Trip) -> tuple[Message, Message]:
    return Session().messages_of(trip)


def test_both_sides_with_their_lines_pairs_and_bodies() -> None:
    asked, answer = read(POSTED)
    assert asked.line == "POST /users?page=2&q=a%20b&none="
    assert asked.headers == POSTED.request_headers
    assert asked.query == (("page", "2"), ("q", "a b"), ("none", ""))
    assert (asked.text, asked.language) == ('{\n  "name": "Lin"\n}', "json")
    assert asked.note == "15 B · application/json"
    assert (answer.line, answer.text, answer.note) == ("201 CREATED", "made", "4 B · text/plain")


def test_a_form_is_read_as_pairs() -> None:
    body = b"name=Ada+L&empty=&tag=a&tag=b%26c"
    asked, _ = read(replace(POSTED, request_headers=FORM, request_body=Body(body, len(body))))
    assert asked.form == (("name", "Ada L"), ("empty", ""), ("tag", "a"), ("tag", "b&c"))
    assert asked.text == ""


def test_a_form_with_a_file_is_read_as_pairs() -> None:
    headers = (("Content-Type", 'multipart/form-data; boundary="b"'),)
    asked, _ = read(replace(POSTED, request_headers=headers, request_body=Body(PARTS, len(PARTS))))
    assert asked.form == (("title", "Joy & café"), ("cover", "a.png · 6 B · image/png"))


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=other", "\u20ac", ""])
def test_what_is_not_what_it_says_is_shown_as_it_came(kind: str) -> None:
    asked, _ = read(replace(POSTED, request_headers=(("Content-Type", kind),), request_body=Body(b"a=1", 3)))
    assert (asked.form, asked.text) == ((), "a=1")


@pytest.mark.parametrize(
    ("body", "note", "language"),
    [
        (Body(), "", "text"),
        (Body(b"x" * 65536, 3_250_000), "the first 64.0 KB of 3.1 MB · text/plain", "text"),
        (Body(b"\x00\x01", 2), "2 B · text/plain", "hex"),
        (Body(b"so far", -1), "6 B by now · text/plain", "text"),
        (Body(b"", 2048), "2.0 KB, not kept · text/plain", "text"),
    ],
)
def test_how_much_of_a_body_is_here_is_said(body: Body, note: str, language: str) -> None:
    _, answer = read(replace(POSTED, response_body=body))
    assert (answer.note, answer.language) == (note, language)


def test_the_beginning_of_json_is_laid_out_as_far_as_it_goes() -> None:
    kind = (("Content-Type", "application/json"),)
    for data, shown in (
        (b'[{"a":1,"b":"x \\" {', '[\n  {\n    "a": 1,\n    "b": "x \\" {'),
        (b'{"a":[1,2', '{\n  "a": [\n    1,\n    2'),
        (b"[" * 65536, "[" * 65536),
        (b'["' + b'\\"' * 30_000, '["' + '\\"' * 30_000),
        (b"not json, whatever it says", "not json, whatever it says"),
    ):
        _, answer = read(replace(POSTED, response_headers=kind, response_body=Body(data, 100_000)))
        assert answer.text == shown


def test_a_request_that_got_no_answer() -> None:
    _, answer = read(replace(POSTED, status=0, reason="", response_headers=(), response_body=Body()))
    assert (answer.line, answer.note) == ("No answer", "")
