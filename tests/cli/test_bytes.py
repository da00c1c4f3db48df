"""``add``, ``change`` and ``remove`` on files in every dress touch only the bytes of their edit."""

from __future__ import annotations

import codecs
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

TABS = """# -*- note: kept as it is -*-
from flask import ( Flask,
\tjsonify )   # two names

app=Flask( __name__ )


def logged( view ) :
\treturn view


# the first page
@app.get( '/' )   # a comment behind
@logged
def  index( ):   # another

\t# inside
\treturn  'Hello'   # the answer


@app.route('/users/<int:user_id>' ,methods = ['GET','DELETE'])
def user( user_id ) :
\tname='Ada' ; return jsonify( id = user_id,name = name )



@app.get("/last")
def last():
\treturn "last"  # no new line behind this"""
"""A file that no formatter has seen; it ends without a newline."""

DRESSES: dict[str, Callable[[str], bytes]] = {
    "lf": lambda text: text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "crlf, BOM": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "latin-1": lambda text: ("# coding: latin-1\n# gr\xfc\xdfe\n" + text).encode("latin-1"),
}

EDITS: list[tuple[list[str], str, str]] = [
    (["change", "index", "--rule", "/start"], "'/' )", "'/start' )"),
    (["change", "index", "--text", "Bye"], "'Hello'", "'Bye'"),
    (["change", "index", "--function", "home"], "index( )", "home( )"),
    (["change", "index", "--methods", "POST"], "@app.get( '/' )", "@app.post( '/' )"),
    (["change", "index", "--status", "201"], "return  'Hello'  ", "return  'Hello', 201  "),
    (["change", "user", "--methods", "GET"], "['GET','DELETE']", "['GET']"),
    (["change", "user", "--rule", "/u/<int:user_id>"], "/users/<", "/u/<"),
    (["change", "last", "--rule", "/end"], '"/last"', '"/end"'),
    (
        ["remove", "user"],
        "\n\n\n@app.route('/users/<int:user_id>' ,methods = ['GET','DELETE'])\ndef user( user_id ) :\n"
        "\tname='Ada' ; return jsonify( id = user_id,name = name )\n",
        "\n",
    ),
    (
        ["add", "/new/<int:n>", "--json", "[n]"],
        'return "last"  # no new line behind this',
        'return "last"  # no new line behind this\n\n\n@app.get("/new/<int:n>")\ndef new(n):\n'
        "\treturn jsonify([n])",
    ),
    (
        ["add", "/new", "--error", "404"],
        "\tjsonify )",
        "\tabort,\n\tjsonify )",
    ),
]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("edit", EDITS, ids=[" ".join(words) for words, *_ in EDITS])
def test_only_the_bytes_of_the_edit(
    edit: tuple[list[str], str, str], dress: str, run: Run, tmp_path: Path
) -> None:
    (command, *words), old, new = edit
    assert TABS.count(old) == 1
    expected = TABS.replace(old, new)
    if words[0] == "/new":
        expected += '\n\n\n@app.get("/new")\ndef new():\n\tabort(404)'
    (tmp_path / "app.py").write_bytes(DRESSES[dress](TABS))
    done = run(command, tmp_path, *words)
    assert (done.status, done.err) == (0, "")
    assert (tmp_path / "app.py").read_bytes() == DRESSES[dress](expected)


def test_the_same_as_real_commands(tmp_path: Path) -> None:
    """In processes of their own, where Python's newline translation could come between."""
    app, dressed = tmp_path / "app.py", DRESSES["crlf, BOM"]
    app.write_bytes(dressed(TABS))
    text = TABS
    for words, old, new in (EDITS[9], EDITS[1], EDITS[8]):
        command = [sys.executable, "-m", "playground", words[0], str(tmp_path), *words[1:]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        text = text.replace(old, new)
        assert app.read_bytes() == dressed(text)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_a_refused_change_does_not_even_touch_the_file(run: Run, tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    app.write_bytes(DRESSES["crlf, BOM"](TABS))
    before = app.stat()
    assert run("change", tmp_path, "index", "--rule", "/last").status == 1
    assert run("change", tmp_path, "index", "--rule", "/").status == 0  # it says so already
    after = app.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
