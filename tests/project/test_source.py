"""A file's bytes, text and tree, and the ways between them."""

from __future__ import annotations

import ast
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.problems import ProblemError
from playground.project.python.source import LARGEST, Replacement, Source

LINES = st.lists(
    st.tuples(
        st.text(st.sampled_from("ab é€😀\t\f'\"#=("), max_size=8), st.sampled_from(["\n", "\r\n", "\r"])
    ),
    max_size=8,
).map(lambda parts: "".join(line + end for line, end in parts))


@settings(max_examples=200, deadline=None)
@given(LINES, st.booleans(), st.data())
def test_offsets_and_bytes_lead_to_each_other(raw: str, bom: bool, data: st.DataObject) -> None:
    source = Source("app.py", (codecs.BOM_UTF8 if bom else b"") + raw.encode())
    assert source.text == raw.replace("\r\n", "\n").replace("\r", "\n")
    offset = data.draw(st.integers(0, len(source.text)))
    assert source.char(source.byte(offset)) == offset


@settings(max_examples=200, deadline=None)
@given(LINES, st.text("xy\n", max_size=4), st.data())
def test_all_outside_a_replacement_keeps_its_bytes(raw: str, text: str, data: st.DataObject) -> None:
    source = Source("app.py", raw.encode())
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    after = source.replaced([Replacement(start, end, text)])
    assert after.startswith(source.data[: source.byte(start)])
    assert after.endswith(source.data[source.byte(end) :])
    wanted = source.text[:start] + text + source.text[end:]
    # Where a lone CR comes to stand before an LF, the two become one newline.
    assert Source("app.py", after).text.replace("\n", "") == wanted.replace("\n", "")


@pytest.mark.parametrize(
    ("data", "encoding", "newline"),
    [
        (b"x = 1\n", "utf-8", "\n"),
        (b"x = 1\r\ny = 2\r\nz = 3\n", "utf-8", "\r\n"),
        (codecs.BOM_UTF8 + b"x = 1\r\n", "utf-8", "\r\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "iso-8859-1", "\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\rx = '\x80'\r", "cp1252", "\r"),
        (b"", "utf-8", "\n"),
    ],
)
def test_encoding_and_newline_are_those_of_the_file(data: bytes, encoding: str, newline: str) -> None:
    source = Source("app.py", data)
    assert (source.encoding, source.newline) == (encoding, newline)
    assert source.replaced([]) == data


def test_spans_of_nodes_are_right_behind_any_character() -> None:
    code = "\f\nx = 'é€😀'; y = call('é',\r\n\targ)\r\n"
    source = Source("app.py", codecs.BOM_UTF8 + code.encode())
    found = [source.segment(node) for node in ast.walk(source.tree) if isinstance(node, ast.expr)]
    assert "'é€😀'" in found
    assert "call('é',\n\targ)" in found
    assert "arg" in found


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"x = (\n", 1),
        (b"x = 1\ndef f(:\n", 2),
        (b"\0\0binary", None),
        (b"\xff\xfe\x00junk", None),
        (b"x = '\xff'\n", None),
        (b"# coding: no-such\n", None),
        (b"# coding: rot13\n", None),
        (b"#" * (LARGEST + 1), None),
        (b"(" * 5000 + b")" * 5000, None),
        (b"x = " + b"-" * 100_000 + b"1", None),
    ],
    ids=range(10),
)
def test_what_is_no_program_is_refused_with_its_place(data: bytes, line: int | None) -> None:
    with pytest.raises(ProblemError) as caught:
        _ = Source("shop/app.py", data).tree
    problem = caught.value.problem
    assert problem.place is not None and problem.place.file == "shop/app.py"
    assert line is None or problem.place.line == line
    assert problem.sentence and problem.hint


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    source = Source("app.py", b"# coding: latin-1\nx = 1\n")
    with pytest.raises(ProblemError, match="€"):
        source.replaced([Replacement(0, 0, "# €\n")])


@pytest.mark.parametrize("encoding", ["unicode_escape", "raw_unicode_escape", "utf-7"])
def test_a_file_whose_encoding_has_no_lines_of_its_own_is_no_text_to_edit(encoding: str) -> None:
    source = Source("app.py", f"# coding: {encoding}\nx = r'\\d'\n".encode())
    try:
        assert source.text.encode(encoding).count(b"\n") == 2
    except ProblemError as error:
        assert "app.py" in error.problem.sentence
