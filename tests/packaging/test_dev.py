"""The two commands of the README, as far as they can be tried without a download.

``dev.py`` runs for real, in a checkout of its own whose ``.venv`` holds a stand-in for Python that says what
it was asked to do. What needs the network is marked long: there, everything is installed from the lock.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture
def dev() -> ModuleType:
    """dev.py as a module; each test has its own."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(path: Path, text: str) -> Path:
    """A shell script on disk that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


class Checkout:
    """A copy of what dev.py needs, with an environment that is already made."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "assets").mkdir()
        shutil.copy(ROOT / "assets" / "system-libraries.txt", root / "assets")
        shutil.copy(ROOT / "pyproject.toml", root)
        program(root / ".venv" / "bin" / "python", 'echo "did: $*"; echo "screen: $QT_QPA_PLATFORM"')
        stamp = self.python(
            "-c", "import runpy; print(runpy.run_path('packaging/dev.py')['stamp'](), end='')"
        ).stdout
        (root / ".venv" / "made-from").write_text(stamp, encoding="utf-8")

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run this Python there, without a display unless one is given."""
        env = {"PATH": os.defpath, "HOME": str(self.root), **environment}
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.root, env=env, capture_output=True, text=True, timeout=60, check=False
        )

    def dev(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run dev.py there."""
        return self.python("packaging/dev.py", *arguments, **environment)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


@posix
def test_run_opens_the_window_where_there_is_a_display(checkout: Checkout) -> None:
    done = checkout.dev("run", "some folder", DISPLAY=":7")
    assert done.stdout.splitlines()[0] == "did: -P -m playground some folder"
    assert done.returncode == 0


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="there is always a display")
def test_run_says_in_one_line_that_there_is_no_display_and_runs_the_tour(checkout: Checkout) -> None:
    done = checkout.dev("run")
    first, second, third = done.stdout.splitlines()
    assert first.startswith("There is no display here")
    assert second == f"did: -P -m playground tour --out {checkout.root / 'build' / 'tour'}"
    assert third == "screen: offscreen"
    assert done.stderr == ""


@posix
def test_tour_goes_where_it_is_told(checkout: Checkout) -> None:
    assert "did: -P -m playground tour --out here" in checkout.dev("tour", "--out", "here").stdout


@posix
def test_the_pictures_of_the_readme_come_from_the_tour(checkout: Checkout) -> None:
    steps = [
        "01-welcome-light",
        "05-route-dark",
        "06-route-light",
        "11-route-1440x900-light",
        "09-template-light",
        "10-xray-not-found-light",
        "12-xray-1440x900-dark",
        "18-share-light",
        "19-present-200-light-1440x900",
        "20-restricted-light",
        "22-proposal-light",
    ]
    draw = "\n".join(f'echo {step} > "$out/{step}.png"' for step in steps)
    program(checkout.root / ".venv" / "bin" / "python", f'out="$6"; mkdir -p "$out"; {draw}')
    stale = checkout.root / "build" / "tour" / "07-route-dark.png"
    stale.parent.mkdir(parents=True)
    stale.touch()
    assert checkout.dev("pictures").returncode == 0
    made = {path.name: path.read_text().strip() for path in (checkout.root / "assets" / "pictures").iterdir()}
    assert made == {
        "window-light.png": "06-route-light",
        "window-dark.png": "05-route-dark",
        "template-light.png": "09-template-light",
        "xray-light.png": "10-xray-not-found-light",
        "steps-dark.png": "12-xray-1440x900-dark",
        "share-light.png": "18-share-light",
        "present-light.png": "19-present-200-light-1440x900",
        "restricted-light.png": "20-restricted-light",
        "proposal-light.png": "22-proposal-light",
    }


@posix
def test_a_tour_that_stops_leaves_the_pictures_as_they_were(checkout: Checkout) -> None:
    program(checkout.root / ".venv" / "bin" / "python", "exit 1")
    assert checkout.dev("pictures").returncode == 1
    assert not (checkout.root / "assets" / "pictures").exists()


@posix
def test_bench_gives_its_arguments_to_the_measuring(checkout: Checkout) -> None:
    done = checkout.dev("bench", "start", "--quick", DISPLAY=":7")
    measuring = checkout.root / "tests" / "bench" / "run.py"
    assert done.stdout.splitlines() == [f"did: {measuring} start --quick", "screen: offscreen"]


@posix
def test_test_gives_its_arguments_to_pytest_alone(checkout: Checkout) -> None:
    program(checkout.root / "bin" / "Xvfb", "exit 1")
    done = checkout.dev("test", "-k", "rule", PATH=f"{checkout.root / 'bin'}{os.pathsep}{os.defpath}")
    assert done.stdout.splitlines() == ["did: -m pytest -k rule", "screen: offscreen"]


@posix
def test_test_stops_at_the_first_check_that_fails_and_says_which(checkout: Checkout) -> None:
    program(checkout.root / "bin" / "Xvfb", "exit 1")
    program(checkout.root / ".venv" / "bin" / "python", 'echo "did: $*"; [ "$3" != format ]')
    done = checkout.dev("test", PATH=f"{checkout.root / 'bin'}{os.pathsep}{os.defpath}")
    assert done.returncode == 1
    ran = [line for line in done.stdout.splitlines() if line.startswith("did:")]
    assert ran == ["did: -m ruff check .", "did: -m ruff format --check ."]
    assert done.stdout.rstrip().endswith("ruff format failed.")


@posix
def test_a_second_call_starts_nothing_and_imports_little(checkout: Checkout) -> None:
    look = (
        "import runpy, sys; runpy.run_path('packaging/dev.py')['prepare']('run'); print(*sorted(sys.modules))"
    )
    done = checkout.python("-c", look)
    assert not {"subprocess", "venv", "ensurepip", "argparse", "shutil"} & set(done.stdout.split())


@posix
@pytest.mark.parametrize("changed", ["packaging/requirements.lock", "pyproject.toml"])
def test_a_change_of_what_it_is_made_from_is_noticed(checkout: Checkout, changed: str) -> None:
    ready = "import runpy; print(runpy.run_path('packaging/dev.py')['is_ready']())"
    assert checkout.python("-c", ready).stdout.strip() == "True"
    with (checkout.root / changed).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert checkout.python("-c", ready).stdout.strip() == "False"


@posix
def test_an_environment_that_is_broken_is_named_so(dev: ModuleType, tmp_path: Path) -> None:
    dev.PYTHON, dev.STAMP = tmp_path / "python", tmp_path / "made-from"
    assert dev.venv_trouble() == "is broken"
    dev.PYTHON.symlink_to(tmp_path / "gone")
    assert dev.venv_trouble() == "is broken"
    dev.PYTHON.unlink()
    program(dev.PYTHON, '[ "$2" = pip ]')  # has pip, but is not the Python that is asked for
    assert dev.venv_trouble().startswith("belongs to another Python than this")
    program(dev.PYTHON, "exit 0")
    assert dev.venv_trouble() == ""
    dev.STAMP.write_text(f"{tmp_path / 'before it was moved'}\n", encoding="utf-8")
    assert dev.venv_trouble().startswith("was made in another folder")
    dev.STAMP.write_text(dev.stamp(), encoding="utf-8")
    assert dev.venv_trouble() == ""


@posix
def test_pip_that_fails_ends_in_one_clear_line(checkout: Checkout) -> None:
    (checkout.root / ".venv" / "made-from").unlink()
    program(checkout.root / ".venv" / "bin" / "python", '[ "$3" != install ]')
    done = checkout.dev("setup")
    assert done.returncode == 1
    assert "was not made by this script" in done.stdout
    assert done.stderr.startswith("Installing did not work")
    assert not (checkout.root / ".venv" / "made-from").exists()


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["walk"], 2), (["--help"], 0)])
def test_an_unknown_word_shows_the_words_there_are(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    assert dev.main(arguments) == status
    shown = capsys.readouterr()
    assert all(f"dev.py {verb}" in shown.out + shown.err for verb in dev.VERBS)


def test_a_python_that_is_too_old_gets_one_line(dev: ModuleType) -> None:
    assert dev.version_trouble((3, 11)) == ""
    assert "3.11 or later, and this is 3.9" in dev.version_trouble((3, 9))
    source = (ROOT / "packaging" / "dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))  # an older Python can read as far as that line


# The system's libraries.


def test_only_debian_and_its_descendants_are_asked_for_packages(dev: ModuleType, tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    for text, expected in [
        ("ID=debian\n", True),
        ('NAME="Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ("ID=fedora\nVARIANT_ID=debian\n", False),
    ]:
        release.write_text(text, encoding="utf-8")
        assert dev.is_debian(release) is expected
    assert not dev.is_debian(tmp_path / "none")


@posix
def test_what_is_there_is_not_asked_for(dev: ModuleType, tmp_path: Path) -> None:
    everything = dev.missing_packages(("run",), str(tmp_path))
    assert {"libegl1", "libxcb-cursor0", "libnss3", "libasound2[t64]", "fonts-dejavu-core"} <= set(everything)
    assert "xvfb" not in everything
    library = tmp_path / "usr" / "lib" / "libEGL.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    assert set(everything) - set(dev.missing_packages(("run",), str(tmp_path))) == {"libegl1"}


@posix
def test_without_the_right_to_install_the_one_command_is_shown(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "sudo", "exit 1")
    program(tmp_path / "apt-cache", '[ "$2" = libasound2t64 ]')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(dev.SetupError) as stopped:
        dev.install_system_packages(["libegl1", "libasound2[t64]", "libglib2.0-0[t64]"], root=False)
    command = "sudo apt-get install -y --no-install-recommends libegl1 libasound2t64 libglib2.0-0"
    assert f"\n  sudo apt-get update; {command}\n" in str(stopped.value)


@posix
@pytest.mark.parametrize("root", [True, False])
def test_with_the_right_to_install_nobody_is_asked(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    program(tmp_path / "sudo", 'shift; exec "$@"')
    program(tmp_path / "apt-cache", "exit 1")
    program(tmp_path / "apt-get", f'echo "$*" >> "{tmp_path}/asked"')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    dev.install_system_packages(["libegl1", "libasound2[t64]"], root=root)
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines() == [
        "update -qq",
        "install -y -qq --no-install-recommends libegl1 libasound2",
    ]


# The lock.


def locked() -> dict[str, str]:
    """Name → version of everything in the lock."""
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_the_lock_holds_everything_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in named}
    assert names <= set(locked())
    assert locked()["pyside6"] != "6.12.0"


def test_the_lock_pins_by_hash_for_every_system_and_names_no_index() -> None:
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "sys_platform == 'win32'" in text
    assert "://" not in text


@pytest.mark.long
@posix
def test_a_fresh_checkout_is_set_up_from_the_lock(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    left_out = shutil.ignore_patterns(".venv", ".git", "build", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, fresh, ignore=left_out)
    command = [sys.executable, "packaging/dev.py", "setup"]
    subprocess.run(command, cwd=fresh, check=True, timeout=1200)
    where = "import PySide6.QtWidgets, playground; print(playground.__file__)"
    python = fresh / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == fresh / "playground" / "__init__.py"


# The real X server that the last part of the test command brings up.


@pytest.mark.x11
def test_a_window_shows_on_a_real_x_server_and_takes_keys(qtbot: QtBot) -> None:
    assert QGuiApplication.platformName() == "xcb"
    line = QLineEdit()
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    qtbot.keyClicks(line, "/users")
    assert line.text() == "/users"
    qtbot.waitUntil(lambda: QGuiApplication.primaryScreen().grabWindow(0).width() == 1440, timeout=5000)
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert line.selectedText() == "/users"
