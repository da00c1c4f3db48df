"""Every command that the README shows is run: a new user who types it gets what is said there."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from plain_flask import free_port

from playground.cli import main
from playground.session.home import Home

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEV: dict[str, Any] = runpy.run_path(str(ROOT / "packaging" / "dev.py"))
TYPED = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
ROWS = dict(re.findall(r"^\| `(playground [^`]+)` \|[^|]*\|([^\n]*)\|$", README, re.MULTILINE))
BENCH = ROOT / "tests" / "bench" / "run.py"
posix = pytest.mark.skipif(os.name == "nt", reason="signals to another process")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, as anybody has one, with the programs of the environment on the path."""
    programs = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("FLASK_RUN_PORT", str(free_port()))
    for name in ("FLASK_APP", "FLASK_DEBUG", "FLASK_RUN_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(line: str, *more: str | Path, folder: Path | None = None, **environment: str) -> str:
    """What a command prints that is typed as it stands, and ends well."""
    words = [*shlex.split(line), *map(str, more)]
    if words[0] == "python3":
        words[0] = sys.executable
    about = {**os.environ, **environment}
    done = subprocess.run(
        words, cwd=folder, env=about, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@contextmanager
def running(line: str) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on until Ctrl+C, which it then ends well by."""
    begun = subprocess.Popen(shlex.split(line), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield begun
        begun.send_signal(signal.SIGINT)
        _, errors = begun.communicate(timeout=60)
        assert begun.returncode == 0, errors
    finally:
        begun.kill()
        begun.communicate()


def served(url: str, begun: subprocess.Popen[str]) -> str:
    """What a server answers as soon as it does."""
    while begun.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return str(answer.read().decode())
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError(begun.communicate())


# The blocks of commands -----------------------------------------------------------------------------


def is_ours(line: str) -> bool:
    return line.startswith("playground ")


@posix
def test_the_commands_without_a_window_one_after_the_other(here: Path) -> None:
    *lines, last = [line for line in TYPED if is_ours(line)]
    said = [typed(line) for line in lines]
    assert "/users/<int:user_id>" in said[-1]
    assert [shlex.split(line)[1] for line in (*lines, last)] == ["new", "add", "routes", "serve"]
    with running(last) as serving:
        assert serving.stdout is not None
        line = serving.stdout.readline()
        assert line.startswith("Serving http://127.0.0.1:")
        assert json.loads(served(f"{line.split()[1]}/users/7", serving)) == {"id": 7}


@posix
def test_completion_is_switched_on(here: Path) -> None:
    (line,) = [line for line in TYPED if line.startswith("eval ")]
    said = typed("bash --norc -c", f"{line}; complete -p playground")
    assert said == "complete -F _playground playground\n"


@posix
def test_flask_opens_the_window(here: Path, home: Path) -> None:
    (line,) = [line for line in TYPED if line.startswith("flask ")]
    assert main(["new", "shop", "--starter", "hello"]) == 0
    with running(line) as window:
        assert "Hello" in served(f"http://127.0.0.1:{os.environ['FLASK_RUN_PORT']}/", window)


ELSEWHERE = {"bundle": "tests/packaging/test_bundle.py"}
"""Verbs of dev.py that a test file of their own runs, and more than that."""
OF_DEV = [line for line in TYPED if "dev.py" in line]


def verb(line: str) -> str:
    return line.split("dev.py ")[1].split(maxsplit=1)[0]


@pytest.mark.parametrize("line", [line for line in dict.fromkeys(OF_DEV) if verb(line) not in ELSEWHERE])
@pytest.mark.long
def test_the_commands_of_a_checkout(line: str, tmp_path: Path) -> None:
    SET_UP[verb(line)](line, tmp_path)


def check_run(line: str, folder: Path) -> None:
    """Without a display it is the tour."""
    assert "pictures are in" in typed(line, folder=ROOT, DISPLAY="", WAYLAND_DISPLAY="")


def check_test(line: str, folder: Path) -> None:
    """All but the tests, this one among them, which are only found; with words of their own, they are run."""
    if " -k " in line:
        assert re.search(r"\d+ passed", typed(line, folder=ROOT))
        return
    said = typed(line, folder=ROOT, PYTEST_ADDOPTS="--collect-only -q")
    assert "All checks passed" in said


def check_pictures(line: str, folder: Path) -> None:
    places = {"README_PICTURES": folder / "pictures", "PICTURES": folder / "tour"}
    with patched(DEV["pictures"], **places):
        assert DEV["pictures"]([]) == 0
    assert {path.stem for path in (folder / "pictures").iterdir()} == set(DEV["FROM_TOUR"])


def check_bench(line: str, folder: Path) -> None:
    """Each group is measured by test_bench; here one of them, the quick way."""
    typed(f"{line} start --quick --json", folder / "figures.json", folder=ROOT)
    assert json.loads((folder / "figures.json").read_text())["rows"]


def check_lock(line: str, folder: Path) -> None:
    """Online, into another file."""
    file = folder / "requirements.lock"
    shutil.copy(DEV["LOCK"], file)
    with patched(DEV["lock"], LOCK=file):
        assert DEV["lock"]([]) == 0
    names = re.findall(r"^([a-z0-9-]+)==", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert {"flask", "pyside6", "waitress", "pytest"} <= set(names)


@contextmanager
def patched(function: Callable[..., int], **values: Path) -> Iterator[None]:
    """Other values for what a function of dev.py looks up."""
    looked_up = function.__globals__
    before = {name: looked_up[name] for name in values}
    looked_up.update(values)
    try:
        yield
    finally:
        looked_up.update(before)


SET_UP = {
    "run": check_run,
    "test": check_test,
    "pictures": check_pictures,
    "bench": check_bench,
    "lock": check_lock,
}

# The table of commands ------------------------------------------------------------------------------

ADD = ["add", "shop"]
EXAMPLES: dict[str, list[list[str]]] = {
    "new": [["new", "made", "--starter", "json"]],
    "routes": [["routes", "shop", "--json", "--app", "app"], ["routes", "shop", "--static"]],
    "explain": [["explain", "shop", "GET", "/", "--json", "--app", "app.py"]],
    "add": [
        [*ADD, "/a", "--text", "a", "--methods", "GET,POST", "--function", "view_a", "--status", "202"],
        [*ADD, "/b", "--json", '{"b": 1}', "--owner", "app"],
        [*ADD, "/c/<name>", "--template", "page.html", "--var", "who=name"],
        [*ADD, "/d", "--redirect", "view_a"],
        [*ADD, "/e", "--file", "app.py"],
        [*ADD, "/f", "--error", "404"],
        [*ADD, "/g", "--python", "return 'g'"],
    ],
    "change": [["change", "shop", "index", "--rule", "/start"]],
    "remove": [["remove", "shop", "index"]],
    "rename": [
        ["rename", "shop", "function", "index", "hi", "--dry-run"],
        ["rename", "shop", "function", "index", "hi"],
    ],
    "doctor": [["doctor", "--json"]],
    "completion": [["completion", shell] for shell in ("bash", "zsh", "fish")],
}
"""How each row is filled in; ``playground FOLDER`` and ``serve`` go on, see below; ``tour`` has a file."""
APART = {"FOLDER", "serve", "tour"}


def test_every_row_has_a_runner() -> None:
    assert {row.split()[1] for row in ROWS} == EXAMPLES.keys() | APART
    assert SET_UP.keys() <= {verb(line) for line in OF_DEV} <= SET_UP.keys() | ELSEWHERE.keys()
    assert all((ROOT / file).is_file() for file in ELSEWHERE.values())
    others = [line for line in TYPED if line not in OF_DEV and not is_ours(line)]
    assert [line.split()[0] for line in others] == ["eval", "flask"]


def test_commands_within_the_text_are_those_of_the_tables() -> None:
    said = [shlex.split(words) for words in re.findall(r"`((?:playground|bench) [^`]+)`", README)]
    assert len(said) > 15
    of_bench = typed(f"python3 {BENCH} --help")
    for program, word, *more in said:
        if program == "bench":
            assert word in of_bench
        else:
            row = next(row for row in ROWS if row.split()[1] == word)
            assert {one for one in more if one.startswith("--")} <= set(re.findall(r"--[a-z-]+", ROWS[row]))


@pytest.mark.parametrize("command", EXAMPLES)
def test_each_row_of_the_table(command: str, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    row = next(row for row in ROWS if row.split()[1] == command)
    told = set(re.findall(r"--[a-z-]+", ROWS[row]))
    used = {word for words in EXAMPLES[command] for word in words if word.startswith("--")}
    assert used >= told
    places = [word for word in row.split()[2:] if word.isupper()]
    assert main(["new", "shop", "--starter", "hello"]) == 0
    (here / "shop" / "templates").mkdir(exist_ok=True)
    (here / "shop" / "templates" / "page.html").write_text("{{ who }}\n")
    for words in EXAMPLES[command]:
        given = words[1 : 1 + len(places)]
        assert len(given) == len(places) and not any(word.startswith("-") for word in given), words
        assert main(words) == 0, capfd.readouterr().err


@posix
def test_the_row_of_the_window(here: Path) -> None:
    """``playground FOLDER``; and a file of a project, which stands for its folder."""
    assert main(["new", "shop", "--starter", "hello"]) == 0
    assert set(re.findall(r"--[a-z-]+", ROWS["playground FOLDER"])) >= {"--app"}
    with running("playground open shop/app.py --app app") as window:
        assert "Hello" in served(f"http://127.0.0.1:{os.environ['FLASK_RUN_PORT']}/", window)


@posix
def test_the_row_of_serve_with_all_its_options(here: Path) -> None:
    assert main(["new", "shop", "--starter", "hello"]) == 0
    words = {"--app": "app", "--port": "0", "--host": "127.0.0.1", "--limit": "5", "--name": "shop.test"}
    words |= {"--debug": ""}
    assert words.keys() | {"--no-debug"} == set(re.findall(r"--[a-z-]+", ROWS["playground serve FOLDER"]))
    given = " ".join(f"{name} {value}".strip() for name, value in words.items())
    with running(f"playground serve shop {given}") as serving:
        assert serving.stdout is not None
        assert "Hello" in served(serving.stdout.readline().split()[1], serving)


def test_the_home_of_these_tests_is_not_the_persons(here: Path, home: Path) -> None:
    assert Home().folder == home
