"""What a project prints, and where it is found."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from playground.server import output
from playground.server.output import HEAD, TAIL, Printed

if TYPE_CHECKING:
    from conftest import Served

APP = """
import contextlib, io, os, sys, threading
from flask import Flask, Response
app = Flask(__name__)

@app.get("/")
def hello():
    print("to", "out", end="!", flush=True)
    print("to err", file=sys.stderr)
    sys.stdout.buffer.write(b"bytes\\n")
    sys.stdout.writelines(["a", "b"])
    return "hello"

@app.get("/<int:count>")
def many(count):
    for number in range(count):
        print("line", number)
    return "done"

@app.get("/stream")
def stream():
    def parts():
        for number in range(3):
            print("part", number)
            yield f"{number}"
    return Response(parts())

@app.get("/thread")
def thread():
    other = threading.Thread(target=print, args=("from", "a thread"))
    other.start()
    other.join()
    return "ok"

@app.get("/caught")
def caught():
    with contextlib.redirect_stdout(io.StringIO()) as held:
        print("held back")
    return held.getvalue()

@app.get("/ask")
def ask():
    return f"{sys.stdout.encoding} {sys.stdout.isatty()} {sys.stdout.writable()} {sys.stderr.name}"

@app.get("/log")
def log():
    app.logger.warning("with its request")
    return "ok"

@app.get("/close")
def close():
    sys.stdout.close()
    sys.stderr.close()
    print("still there")
    return "ok"
"""


@pytest.fixture
def printing(served: Served) -> Served:
    served.edit("app.py", APP)
    return served


def printed(served: Served, path: str) -> str:
    served.get(path, headers={"X-Playground-Request": path})
    return served.app.recorder.printed(path)


def test_what_a_view_prints_is_found_with_its_request(printing: Served) -> None:
    assert printed(printing, "/") == "to out!to err\nbytes\nab"
    assert printed(printing, "/ask") == ""
    assert printing.app.recorder.printed("unknown") == ""
    assert printing.get("/ask").text == "utf-8 False True <stderr>"


def test_a_stream_prints_as_long_as_it_lasts(printing: Served) -> None:
    assert printed(printing, "/stream") == "part 0\npart 1\npart 2\n"


def test_of_a_lot_the_beginning_and_the_end_are_kept(printing: Served) -> None:
    text = printed(printing, "/50000")
    assert len(text) < HEAD + TAIL + 100
    lines = text.splitlines()
    assert lines[0] == "line 0"
    assert lines[-1] == "line 49999"
    note = next(line for line in lines if "left out" in line)
    left_out = int(note.split()[1].replace(",", ""))
    assert abs(left_out + len(lines) - 50_000) <= 4


def test_one_huge_piece_is_bounded_too() -> None:
    one = Printed()
    one.add("a" * 5_000_000 + "\n" + "b" * 10)
    one.add("c")
    assert len(one.text()) < HEAD + TAIL + 100
    assert one.text().endswith("b" * 10 + "c")


def test_threads_and_imports_print_to_the_log(printing: Served) -> None:
    assert printed(printing, "/thread") == ""
    assert [line.text for line in printing.app.log() if line.logger == "print"][-1] == "from a thread"


def test_a_view_may_redirect_what_it_prints(printing: Served) -> None:
    assert printing.get("/caught").text == "held back\n"
    assert printed(printing, "/") == "to out!to err\nbytes\nab"


def test_a_closed_stream_stays_open(printing: Served) -> None:
    assert printed(printing, "/close") == "still there\n"


def test_what_is_logged_knows_its_request(printing: Served) -> None:
    printing.get("/log", headers={"X-Playground-Request": "mine"})
    line = next(line for line in printing.app.log() if line.text == "with its request")
    assert line.request == "mine"


def test_the_streams_are_put_back_with_the_last_project(served: Served) -> None:
    real = sys.stdout
    served.edit("app.py", APP)
    assert isinstance(sys.stdout, output.Router)
    served.close()
    assert sys.stdout is real
    assert not isinstance(sys.stderr, output.Router)


@pytest.fixture
def shown() -> Iterator[None]:
    output.show(True)
    yield
    output.show(False)


def test_where_it_is_wanted_the_real_stream_gets_it_too(shown: None, served: Served) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as real:
        served.edit("app.py", APP)
        assert printed(served, "/") == "to out!to err\nbytes\nab"
        served.close()
    assert real.getvalue() == "to out!bytes\nab"


def test_what_the_main_thread_prints_is_ours(printing: Served, capsys: pytest.CaptureFixture[str]) -> None:
    output.stay()
    print("Serving")  # noqa: T201
    assert capsys.readouterr().out == "Serving\n"
