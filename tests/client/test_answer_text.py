"""Bodies, sizes, times and curl commands as people read them."""

from __future__ import annotations

import json
import shlex
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yardstick import yard

from playground.client.text import as_curl, pretty
from playground.core.exchanges import BodyKind, RequestSpec
from playground.core.problems import ProblemError

BASE = "http://127.0.0.1:5000"


def test_json_keeps_order_and_numbers() -> None:
    body = b'{"b":1,"a":[1.10,12345678901234567890123,1e400,-0],"e":{},"l":[],"n":null}'
    text, language = pretty(body, "application/json")
    assert language == "json"
    assert text == (
        '{\n  "b": 1,\n  "a": [\n    1.10,\n    12345678901234567890123,\n    1e400,\n    -0\n  ],'
        '\n  "e": {},\n  "l": [],\n  "n": null\n}'
    )


def test_json_shows_letters_instead_of_escapes() -> None:
    assert pretty(rb'{"n":"Zo\u00eb\n","half":"\ud83d"}', "") == (
        '{\n  "n": "Zoë\\n",\n  "half": "\\ud83d"\n}',
        "json",
    )


@pytest.mark.parametrize(
    ("body", "content_type", "language"),
    [
        (b'{"a": 1}', "text/html", "json"),
        (b"[1]", "text/plain", "json"),
        (b"  <!DOCTYPE html><p>x", "application/json", "html"),
        (b"<p>x</p>", "text/html; charset=utf-8", "html"),
        (b"<?xml version='1.0'?><a/>", "text/plain", "xml"),
        (b"{oops", "application/json", "text"),
        (b"12", "text/plain", "text"),
        (b"12", "application/json", "json"),
        (b"p { color: red }", "text/css", "css"),
        ("Grüße".encode("latin-1"), "text/plain; charset=latin-1", "text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png", "hex"),
        (b"\xff\xfe\x00", "", "hex"),
        (b"", "", "text"),
        (b"x", "text/plain; charset=no-such", "text"),
        (b"[" * 5000, "application/json", "text"),
    ],
)
def test_language_by_content(body: bytes, content_type: str, language: str) -> None:
    assert pretty(body, content_type)[1] == language


def test_text_is_decoded_as_it_says() -> None:
    assert pretty("Grüße".encode("latin-1"), "text/plain; charset=latin-1")[0] == "Grüße"
    assert pretty("\ufeffGrüße".encode(), "text/plain")[0] == "Grüße"
    assert pretty(b"a\xffb", "text/html")[0] == "a\ufffdb"


def test_hex_lines() -> None:
    text, _ = pretty(b"\0AB", "")
    assert text == "00000000  00 41 42" + " " * 41 + ".AB"
    assert pretty(b"\0" * 70_000, "")[0].endswith("more")


def test_large_and_deep_bodies_stay_as_they_came() -> None:
    large = b"[" + b"1," * 2_000_000 + b"1]"
    began = time.thread_time()
    assert pretty(large, "application/json") == (large.decode(), "json")
    deep = "[" * 900 + "1," * 900_000 + "1" + "]" * 900
    assert pretty(deep.encode(), "application/json")[0] == deep
    assert time.thread_time() - began < 100 * yard()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(values, st.booleans())
@settings(max_examples=80, deadline=None)
def test_pretty_json_means_the_same(value: object, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":")).encode("utf-8")
    text, language = pretty(body, "application/json")
    assert language == "json" and json.loads(text) == value


def test_curl() -> None:
    assert as_curl(RequestSpec(url="/x", query=(("q", "a b"),)), BASE) == f"curl -L '{BASE}/x?q=a+b'"
    spec = RequestSpec("post", "/x", body_kind=BodyKind.JSON, body='{"a": "it\'s"}', follow_redirects=False)
    assert shlex.split(as_curl(spec, BASE)) == [
        "curl",
        "-X",
        "POST",
        "-H",
        "Content-Type: application/json",
        "--data-raw",
        '{"a": "it\'s"}',
        f"{BASE}/x",
    ]
    assert as_curl(RequestSpec("HEAD", "/"), BASE) == f"curl --head -L {BASE}/"
    with pytest.raises(ProblemError, match="stopped"):
        as_curl(RequestSpec(), "")
