"""What the commands run of a folder that was not made here: ``serve`` all of it, the others nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from canary import Canary, canary

from playground.session.home import Home

from .conftest import Run, everything

pytestmark = pytest.mark.untrusted


@pytest.fixture
def bird(tmp_path: Path) -> Canary:
    return canary(tmp_path)


def test_reading_and_editing_run_nothing(process: Run, bird: Canary) -> None:
    before = set(everything(bird.folder))

    assert process("routes", bird.folder, "--static").status == 0
    assert process("routes", bird.folder, "--static", "--json").status == 0
    assert process("add", bird.folder, "/new", "--text", "new").status == 0
    assert process("change", bird.folder, "user", "--rule", "/people/<int:user_id>").status == 0
    assert process("remove", bird.folder, "home").status == 0

    assert bird.sung == set()
    assert set(everything(bird.folder)) == before
    assert not Home().trusts(bird.folder)


def test_modules_of_the_folder_that_one_stands_in_are_not_taken_for_ours(bird: Canary) -> None:
    for name in ("argparse", "json", "platformdirs", "PySide6", "watchfiles", "waitress"):
        (bird.folder / f"{name}.py").write_text(bird.write(name) + "\n")
    words = (sys.executable, "-m", "playground", "routes", ".", "--static")

    done = subprocess.run(words, cwd=bird.folder, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "/users/<int:user_id>" in done.stdout
    assert bird.sung == set()


def test_what_is_made_is_trusted(process: Run, tmp_path: Path) -> None:
    assert process("new", tmp_path / "mine", "--starter", "hello").status == 0

    assert Home().trusts(tmp_path / "mine")
    assert not Home().trusts(tmp_path)


def test_routes_runs_the_app_and_does_not_count_as_trust(process: Run, bird: Canary) -> None:
    assert process("routes", bird.folder).status == 0

    assert "app.py" in bird.sung
    assert not Home().trusts(bird.folder)


@pytest.mark.skipif(sys.platform == "win32", reason="ends its process by a signal")
def test_serve_counts_as_trust_and_is_remembered(bird: Canary) -> None:
    command = [sys.executable, "-m", "playground", "serve", str(bird.folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        assert served.stdout
        url = served.stdout.readline().split()[1]
        with urllib.request.urlopen(url + "/users/3", timeout=20) as answer:
            assert answer.status == 200
        served.send_signal(signal.SIGTERM)

    assert served.returncode == 0
    assert Home().trusts(bird.folder)
    assert not Home().trusts(bird.folder.parent)


@pytest.mark.skipif(sys.platform == "win32", reason="ends its process by a signal")
def test_serve_runs_where_trust_cannot_be_kept_and_says_so(
    bird: Canary, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("PLAYGROUND_HOME", str(home / "file" / "no folder"))
    command = [sys.executable, "-m", "playground", "serve", str(bird.folder), "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as served:
        assert served.stdout
        assert served.stdout.readline().startswith("Serving ")
        served.send_signal(signal.SIGTERM)
        assert served.stderr
        said = served.stderr.read()

    assert served.returncode == 0
    assert "trusted.json can't be written" in said
