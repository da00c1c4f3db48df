"""What a project may do to the process, and that it does not hurt it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING

import pytest

from playground.server import fences
from playground.server.imports import ProjectImports

if TYPE_CHECKING:
    from conftest import Served

APP = """
import builtins, json, os, pdb, sys, threading, time, warnings
from flask import Flask
app = Flask(__name__)

@app.get("/")
def hello():
    return "hello"

@app.get("/input")
def ask():
    return input("Your name? ")

@app.get("/stdin")
def stdin():
    return sys.stdin.read()

@app.get("/lines")
def lines():
    return "".join(sys.stdin)

@app.get("/caught")
def caught():
    try:
        return input()
    except EOFError:
        return "nobody"

@app.get("/breakpoint")
def stop():
    breakpoint()
    return "on"

@app.get("/pdb")
def debug():
    pdb.Pdb().set_trace()  # not pdb.set_trace, which pytest has replaced
    return "on"

@app.get("/traced")
def traced():
    return str(sys.gettrace())

@app.get("/deep")
def deep():
    sys.setrecursionlimit(10**9)
    return str(again())

def again():
    return again()

class Endless:
    def __repr__(self):
        return repr(self)

@app.get("/repr")
def represent():
    sys.setrecursionlimit(10**9)
    return repr(Endless())

@app.get("/sorted")
def order():
    sys.setrecursionlimit(10**9)
    def key(_):
        return sorted([1, 2], key=key)
    return str(key(0))

@app.get("/wrong")
def wrong():
    sys.setrecursionlimit("many")

@app.get("/patch")
def patch():
    json.dumps = lambda *a, **k: "broken"
    time.time = lambda: 0
    warnings.simplefilter("error")
    return "ok"

@app.get("/close")
def close():
    os.close(2)
    return "ok"
"""


@pytest.fixture
def fenced(served: Served) -> Served:
    served.edit("app.py", APP)
    return served


def line_of(words: str) -> int:
    return next(number for number, line in enumerate(APP.splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("path", "words", "code"),
    [
        ("/input", "waits for typed input", "input("),
        ("/stdin", "waits for typed input", "stdin.read"),
        ("/lines", "waits for typed input", "join(sys.stdin)"),
        ("/breakpoint", "has a breakpoint()", "    breakpoint()"),
    ],
)
def test_a_view_that_waits_for_typing_says_so_at_once(
    fenced: Served, path: str, words: str, code: str
) -> None:
    answer = fenced.get(path)
    assert answer.status == 500
    assert f"app.py, line {line_of(code)} {words}" in answer.text
    assert "request.form" in answer.text
    assert any(words in line.text for line in fenced.app.log())


def test_a_view_that_expects_nobody_gets_what_it_expects(fenced: Served) -> None:
    assert fenced.get("/caught").text == "nobody"


def test_a_debugger_ends_at_once_and_leaves_no_trace(fenced: Served) -> None:
    answer = fenced.get("/pdb")
    assert answer.status == 500
    assert "stops in the debugger" in answer.text
    assert {fenced.get("/traced").text for _ in range(16)} == {"None"}


# Where the app's calls fill the stack there is no room for a callback of the garbage collector's either:
# Hypothesis has one.
@pytest.mark.filterwarnings("ignore:(?s)Exception ignored in.*gc_callback.*RecursionError")
@pytest.mark.parametrize("path", ["/deep", "/repr", "/sorted"])
def test_endless_recursion_without_a_limit_is_an_ordinary_error(fenced: Served, path: str) -> None:
    assert fenced.get(path).status == 500
    assert fenced.get("/").text == "hello"
    assert any("RecursionError" in line.text for line in fenced.app.log())
    assert sys.getrecursionlimit() <= fences.DEEPEST
    fenced.edit("app.py", APP + "\n# again")
    fenced.close()
    assert sys.getrecursionlimit() < fences.DEEPEST


def test_a_limit_that_is_no_number_is_refused_as_always(fenced: Served) -> None:
    assert fenced.get("/wrong").status == 500


def test_a_fresh_import_finds_the_library_as_a_fresh_process_would(fenced: Served) -> None:
    dumps, filters = json.dumps, list(warnings.filters)
    try:
        fenced.get("/patch")
        assert json.dumps is not dumps
        fenced.edit("app.py", APP.replace('"hello"\n', '"fresh"\n') + "\nEXTRA = 1\n")
        assert json.dumps is dumps
        assert warnings.filters == filters
        assert fenced.get("/").text == "fresh"
        fenced.get("/patch")
    finally:
        fenced.close()
    assert json.dumps is dumps


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def test_a_closed_descriptor_is_open_again_after_the_request(fenced: Served) -> None:
    before = os.fstat(2)
    fenced.get("/close")
    deadline = time.monotonic() + 5
    while not is_open(2) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert os.fstat(2).st_ino == before.st_ino
    assert fenced.get("/").text == "hello"


def test_typed_input_comes_back_with_the_last_project(fenced: Served) -> None:
    assert sys.stdin is fences.nobody
    fenced.close()
    assert sys.stdin is not fences.nobody


def test_the_plain_words_for_input_at_import_stay(served: Served) -> None:
    state = served.edit("app.py", "from flask import Flask\napp = Flask(__name__)\ninput()\n")
    assert state.problem
    assert "waits for input" in state.problem.sentence


def test_deep_recursion_in_an_import_does_not_end_the_process(tmp_path: object) -> None:
    script = (
        "import sys, pathlib\n"
        "from playground.server.live_app import LiveApp\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "(folder / 'app.py').write_text('import sys\\nfrom flask import Flask\\napp = Flask(__name__)\\n'\n"
        "    'sys.setrecursionlimit(10**9)\\ndef f(_):\\n    return sorted([1, 2], key=f)\\nf(0)\\n')\n"
        "live = LiveApp(folder)\n"
        "print(live.go_live(None).problem.sentence)\n"
        "live.close()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "calls itself without end" in ended.stdout


def test_what_a_view_takes_away_from_the_import_system_is_put_back(fenced: Served) -> None:
    text = """
        import sys, os
        from flask import Flask
        app = Flask(__name__)

        @app.get("/")
        def home():
            sys.path.clear()
            sys.meta_path.clear()
            for name in [name for name in sys.modules if name.startswith(("json", "playground"))]:
                del sys.modules[name]
            sys.setswitchinterval(1000)
            os.close(2)
            return "gone"

        @app.get("/calm")
        def calm():
            return "calm"
    """
    path = list(sys.path)
    modules = {name: module for name, module in sys.modules.items() if name != "app"}  # the project's own
    finders = [finder for finder in sys.meta_path if not isinstance(finder, ProjectImports)]
    error = os.fstat(2)
    assert fenced.edit("app.py", text).problem is None
    assert fenced.get("/").text == "gone"
    deadline = time.monotonic() + 10
    while not set(path) <= set(sys.path):  # looked after between two requests
        assert time.monotonic() < deadline
        assert fenced.get("/calm").text == "calm"
    assert set(finders) <= set(sys.meta_path)
    assert [name for name, module in modules.items() if sys.modules.get(name) is not module] == []
    assert sys.getswitchinterval() < 1
    assert os.fstat(2).st_ino == error.st_ino
