"""``flask playground``: Flask's own command line opens the window on the app at hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import flask_route_playground
import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup
from plain_flask import free_port

from playground.cli.opened import state_of
from playground.cli.window import as_flask_said
from playground.cli.words import parser
from playground.core.app_place import folder_of_file
from playground.core.problems import ProblemError
from playground.session.choosing import check_named_app, forget_what_files_say
from playground.session.home import Home
from playground.session.session import Session

APP = 'from flask import Flask\n{0} = Flask("{0}")\n\n@{0}.get("/")\ndef index(): return "{0}"\n'
NO_APP = "raise RuntimeError('nobody may import this')\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with apps in it, below it and in packages; none may be imported."""
    for name in (
        "app.py",
        "blog.py",
        "pkg/__init__.py",
        "pkg/web.py",
        "below/app.py",
        "src/shop/__init__.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(NO_APP)
    for name in ("FLASK_APP", "FLASK_DEBUG", "FLASK_RUN_FROM_CLI"):
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the command became: the folder, and the app that it named to the window."""
    words: list[str] = []
    monkeypatch.setattr(flask_route_playground, "_become", words.extend)
    return words


def flask(*words: str) -> None:
    done = CliRunner().invoke(FlaskGroup(), [*words, "playground"])
    assert done.exit_code == 0, done.output


def opened(became: list[str], here: Path) -> tuple[str, str]:
    assert became[:4] == [sys.executable, "-P", "-m", "playground"]
    arguments = parser().parse_args(became[4:])
    assert arguments.command == "open"
    folder, app = as_flask_said(arguments.from_flask, arguments.app)
    return folder.relative_to(here).as_posix(), app


@pytest.mark.parametrize(
    ("said", "folder", "app"),
    [
        ("app", ".", "app"),
        ("app.py", ".", "app.py"),
        ("blog:create_app('x')", ".", "blog:create_app('x')"),
        ("pkg", ".", "pkg"),
        ("pkg.web:app", ".", "pkg.web:app"),
        ("pkg/web.py", ".", "pkg/web.py"),
        ("below/app.py", "below", "app.py"),
        ("./below/app.py:make('a/b')", "below", "app.py:make('a/b')"),
        ("below/app", "below", "app"),
        ("src/shop:create_app", ".", "src/shop:create_app"),
    ],
)
def test_the_folder_and_the_app_that_are_named(
    here: Path, became: list[str], said: str, folder: str, app: str
) -> None:
    flask("--app", said)
    assert opened(became, here) == (folder, app)


def test_without_a_name_it_is_this_folder(here: Path, became: list[str]) -> None:
    flask()
    assert opened(became, here) == (".", "")


def test_what_flask_app_says_the_window_reads_by_itself(
    here: Path, became: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_APP", "blog")
    flask()
    assert opened(became, here) == (".", "")
    became.clear()
    monkeypatch.setenv("FLASK_APP", "below/app.py")  # which means nothing within that folder
    flask()
    assert opened(became, here) == ("below", "app.py")


def test_debug_and_variables_of_a_file_reach_the_window(
    here: Path, became: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLOUR", "")
    monkeypatch.delenv("COLOUR")
    (here / "mine.env").write_text("COLOUR=red\n")
    flask("--env-file", "mine.env", "--debug", "--app", "blog")
    assert (os.environ["COLOUR"], os.environ["FLASK_DEBUG"]) == ("red", "1")
    assert "FLASK_RUN_FROM_CLI" not in os.environ
    assert opened(became, here) == (".", "blog")


def test_what_the_folders_own_files_set_is_left_to_the_window(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".env").write_text("FROM_FILE=file\nFROM_BOTH=file\n")
    monkeypatch.setenv("FROM_FILE", "file")  # as flask has set it
    monkeypatch.setenv("FROM_BOTH", "mine")
    forget_what_files_say(here)
    assert "FROM_FILE" not in os.environ
    assert os.environ["FROM_BOTH"] == "mine"


def test_help_imports_neither_qt_nor_the_app(here: Path) -> None:
    code = "import sys, flask.cli\ntry: flask.cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "--app", "app", "playground", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "Open this app in the Route Playground" in done.stdout
    assert "nobody may import" not in done.stderr
    tops = {name.partition(".")[0] for name in done.stderr.split()}
    assert "flask_route_playground" in tops
    assert not {"playground", "PySide6", "libcst", "requests", "waitress"} & tops


@pytest.mark.parametrize("start", [("-c", "from flask.cli import main; main()"), ("-m", "flask")])
def test_a_file_of_somebodys_own_may_be_called_playground(here: Path, start: tuple[str, str]) -> None:
    (here / "playground.py").write_text(APP.format("app"))
    for words in (("--app", "playground", "routes"), ("playground", "--help")):
        command = [sys.executable, *start, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert "index" in done.stdout or "Route Playground" in done.stdout


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")
def test_without_a_display_it_says_what_to_do(here: Path) -> None:
    quiet = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    command = [sys.executable, "-m", "flask", "playground"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("There is no display to open the window on.")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C to another process")
def test_the_window_of_the_named_app_opens_and_serves(tmp_path: Path, home: Path) -> None:
    for name in ("app", "blog"):
        (tmp_path / f"{name}.py").write_text(APP.format(name))
    Home(home).trust(tmp_path)
    port = free_port()
    environment = os.environ | {"FLASK_RUN_PORT": str(port), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "flask", "--app", "blog", "playground"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as window:
        try:
            assert answer(port, window) == "blog"
        finally:
            window.send_signal(signal.SIGINT)
            _, said = window.communicate(timeout=30)
    assert window.returncode == 0, said
    assert Home(home).get("apps", {}) == {}, "it is for this time only"


def answer(port: int, window: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and window.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
                if response.status == 200:
                    return str(response.read().decode())
        except OSError:
            pass
        threading.Event().wait(0.05)
    window.kill()
    raise AssertionError(f"the window did not serve: {window.communicate()[1]}")


def test_an_app_that_is_not_there_is_refused_before_there_is_a_window(here: Path) -> None:
    for said in ("app", "pkg.web:app", "pkg/web.py", "shop:create_app('x')"):
        check_named_app(here, said)
    with pytest.raises(ProblemError, match="There is no nowhere in") as refused:
        check_named_app(here, "nowhere:app")
    assert "pkg.web:app" in refused.value.problem.hint


def test_the_named_app_goes_before_one_that_was_chosen_and_is_not_kept(tmp_path: Path) -> None:
    for name in ("app", "blog", "shop"):
        (tmp_path / f"{name}.py").write_text(APP.format(name))
    session = Session()
    session.open(tmp_path)
    session.choose_app("shop.py")
    session.close()

    session.name_app(tmp_path, "blog")
    for wanted in ("blog.py", "blog.py"):
        session.open(tmp_path)
        assert state_of(session).app_target == wanted
        session.close()
    assert Home().get("apps") == {str(tmp_path): "shop.py"}

    session.open(tmp_path)
    session.choose_app("app.py")  # in the window: that holds, now and later
    session.close()
    session.open(tmp_path)
    assert state_of(session).app_target == "app.py"
    session.close()


def test_a_file_means_the_folder_that_it_is_imported_from(here: Path) -> None:
    assert folder_of_file(here / "app.py") == here
    assert folder_of_file(here / "pkg" / "web.py") == here
    assert folder_of_file(here / "below" / "app.py") == here / "below"
