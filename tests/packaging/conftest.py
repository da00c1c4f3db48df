"""What a person gets who installs the wheel: built once, and put into an environment of its own."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
QUIET = ("QT_LOGGING_RULES", "QTWEBENGINE_CHROMIUM_FLAGS", "QTWEBENGINE_DISABLE_SANDBOX", "DISPLAY")


def run(
    *command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None, silent: bool = False
) -> str:
    """Run a command that has to end well, and give what it printed; ``silent``: and nothing on the other."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (silent and done.stderr), done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout as it is now."""
    folder = tmp_path_factory.mktemp("wheel")
    caches = shutil.ignore_patterns("__pycache__")
    for name in ("playground", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    shutil.copytree(ROOT / "packaging" / "command", folder / "packaging" / "command", ignore=caches)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    picture = folder / "assets" / "pictures" / "window-light.png"
    picture.parent.mkdir(exist_ok=True)
    picture.touch()  # there is at least one, for the wheel to leave out
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist", cwd=folder)
    (built,) = folder.glob("dist/*.whl")
    return built


class Fresh:
    """An environment outside the checkout that holds the wheel, what it asks for, and nothing else."""

    def __init__(self, folder: Path, wheel: Path, home: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=os.name != "nt")
        self.programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.programs / ("python.exe" if os.name == "nt" else "python")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FLASK_"))
        }
        for name in QUIET:
            kept.pop(name, None)
        self.environment = kept | {"PLAYGROUND_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        where = "import sysconfig; print(sysconfig.get_path('purelib'))"
        self.packages = Path(run(self.python, "-c", where).strip())
        for name in _asked_for(wheel):
            _put(name, self.packages)
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "-q", "--no-index"]
        run(*pip, wheel, cwd=folder)  # which refuses where something that it asks for is not there

    def run(self, *words: str | Path, cwd: Path) -> str:
        """What a program of the environment prints that ends well."""
        program, *rest = words
        return run(self.programs / program, *rest, cwd=cwd, env=self.environment)


def _asked_for(wheel: Path) -> set[str]:
    """The distributions that the wheel asks for, and those that these ask for."""
    archive = ZipFile(wheel)
    (file,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    waiting = list(message_from_bytes(archive.read(file)).get_all("Requires-Dist", []))
    found: set[str] = set()
    while waiting:
        wanted = Requirement(waiting.pop())
        if (wanted.marker is None or wanted.marker.evaluate({"extra": ""})) and wanted.name not in found:
            found.add(wanted.name)
            waiting += importlib.metadata.requires(wanted.name) or []
    return found


def _put(name: str, target: Path) -> None:
    """An installed distribution, without its programs; no copies of files where the disk allows links."""
    files = importlib.metadata.distribution(name).files
    assert files
    for file in files:
        if ".." in file.parts or file.is_absolute() or "__pycache__" in file.parts:
            continue
        place = target / file
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():  # two of PySide6's parts bring the same file
            continue
        try:
            os.link(str(file.locate()), place)
        except OSError:
            shutil.copyfile(str(file.locate()), place)


@dataclass
class Tour:
    """A tour that was done: what it said, and where its pictures are."""

    said: str
    out: Path

    def picture(self, step: str) -> Path:
        """The one picture of a step."""
        (file,) = self.out.glob(f"[0-9][0-9]-{step}.png")
        return file


@pytest.fixture(scope="session")
def tour(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """The brief tour, from the wheel, where there is no display; done once, because it takes its time."""
    return do_tour(fresh, tmp_path_factory.mktemp("tour"), "--brief")


@pytest.fixture(scope="session")
def whole_tour(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Tour:
    """The same with all of its pictures."""
    return do_tour(fresh, tmp_path_factory.mktemp("tour"))


def do_tour(fresh: Fresh, folder: Path, *more: str) -> Tour:
    command = [fresh.programs / "playground", "tour", "--out", folder / "pictures", *more]
    said = run(*command, cwd=folder, env=fresh.environment, silent=True)
    return Tour(said, folder / "pictures")


@pytest.fixture(scope="session")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The wheel, installed."""
    folder = tmp_path_factory.mktemp("fresh")
    return Fresh(folder / "environment", wheel, folder / "home")
