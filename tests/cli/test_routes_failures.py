"""``playground routes`` of all that fails: one sentence, on the right stream, with the right status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "home"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place for an app in which no other one is."""
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


def app(folder: Path, top: str) -> None:
    (folder / "app.py").write_text(top + APP)


AT_THE_TOP = [
    ("import nowhere_at_all\n", "which is not installed"),
    ("1 / 0\n", "ZeroDivisionError"),
    ("import sys\nsys.exit(3)\n", "asked Python to exit"),
    pytest.param("import sys\nsys.exit()\n", "asked Python to exit", marks=pytest.mark.long),
    ("import os\nos._exit(3)\n", "asked Python to exit"),
    pytest.param("from os import _exit\n_exit(0)\n", "asked Python to exit", marks=pytest.mark.long),
    ("input()\n", "waits for input"),
    pytest.param("breakpoint()\n", "waits for input", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("top", "said"), AT_THE_TOP)
def test_what_does_not_load_is_listed_from_its_source_and_said(
    top: str, said: str, process: Run, folder: Path
) -> None:
    app(folder, top)
    done = process("routes", folder)
    assert done.status == 0, done
    assert len(done.out.splitlines()) == 1
    assert "home" in done.out
    assert done.err.count("\n") == 1
    assert said in done.err


@pytest.mark.parametrize("named", ["nowhere", "app:nope", "app.py:nope()", "app:", "/etc/passwd", "../x.py"])
def test_an_app_that_is_not_there_is_refused(named: str, run: Run, folder: Path) -> None:
    app(folder, "")
    outcome = run("routes", folder, "--app", named)
    if named == "app:":
        assert outcome.status == 0  # flask takes it for app
        return
    assert outcome.out == ""
    assert named.rpartition(":")[2].removesuffix("()") in outcome.refusal


def test_what_the_app_prints_is_not_in_the_list(folder: Path) -> None:
    app(folder, "import os, sys\nsys.stdout.buffer.write(bytes(range(256)))\nos.write(1, b'\\xff\\n')\n")
    command = [sys.executable, "-m", "playground", "routes", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.decode().splitlines()] == ["/", "/static/<path:filename>"]
    assert bytes(range(128)) in done.stderr  # what is no text is written as escapes


LEFT_BEHIND = {
    "thread": "import threading\nthreading.Thread(target=threading.Event().wait).start()\n",
    "pool": (
        "import threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "ThreadPoolExecutor().submit(threading.Event().wait)\n"
    ),
    "at exit": "import atexit, threading\natexit.register(threading.Event().wait)\n",
}


@pytest.mark.parametrize("left", LEFT_BEHIND)
def test_what_the_app_leaves_behind_keeps_nothing_waiting(left: str, process: Run, folder: Path) -> None:
    app(folder, LEFT_BEHIND[left])
    done = process("routes", folder)
    assert (done.status, len(done.out.splitlines()), done.err) == (0, 2, "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_stops_an_import_that_does_not_end(folder: Path) -> None:
    app(folder, f"open({str(folder / 'begun')!r}, 'w').close()\nwhile True:\n    pass\n")
    command = [sys.executable, "-m", "playground", "routes", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        end = time.monotonic() + 30
        while not (folder / "begun").exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (1, b"", b"Stopped.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors of POSIX")
@pytest.mark.parametrize("closed", [(1,), pytest.param((2,), marks=pytest.mark.long), (0, 1, 2)])
def test_streams_that_are_closed_from_the_start(closed: tuple[int, ...], folder: Path) -> None:
    app(folder, "print('hello')\nimport nowhere_at_all\n")
    shut = " ".join(f"{number}>&-" if number else "<&-" for number in closed)
    line = f"exec {sys.executable} -m playground routes '{folder}' {shut}"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert (b"home" in done.stdout) == (1 not in closed)
    assert (b"nowhere_at_all" in done.stderr) == (2 not in closed)


@pytest.mark.long
@pytest.mark.parametrize("top", ["while True:\n    pass\n", "import time\ntime.sleep(3600)\n"])
def test_an_import_that_never_ends_is_stopped(top: str, process: Run, folder: Path) -> None:
    app(folder, top)
    done = process("routes", folder)
    assert (done.status, len(done.out.splitlines())) == (0, 1)
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("word", ["n" * 256, "n" * 5000, "-" + "n" * 300, "\0", "a\0b"])
def test_a_word_that_is_no_name_of_a_folder_is_refused(word: str, run: Run) -> None:
    for words in ([word], ["routes", word], ["open", word, "more"]):
        assert run(*words).refusal


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of POSIX")
def test_a_folder_that_may_not_be_read_is_refused(run: Run, folder: Path) -> None:
    app(folder, "")
    folder.chmod(0)
    try:
        if os.access(folder, os.R_OK):
            pytest.skip("root may read everything")
        assert "can't be read" in run("routes", folder).refusal
    finally:
        folder.chmod(0o755)


def test_the_status_is_said_in_the_help(run: Run) -> None:
    for command in ("routes", "serve", "add"):
        assert "Exit status: 0" in run(command, "--help").out
