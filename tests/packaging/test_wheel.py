"""The wheel: what a person gets who installs with pip, tried in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import playground

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Run a command that has to end well, and give what it printed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("playground", "assets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    picture = folder / "assets" / "pictures" / "window-light.png"
    picture.parent.mkdir(exist_ok=True)
    picture.touch()  # there is at least one, for the wheel to leave out
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist", cwd=folder)
    (built,) = folder.glob("dist/*.whl")
    return built


def files(*tops: str) -> set[str]:
    """Every file of ours under these folders, caches left out."""
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_and_the_assets_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assets = {f"playground/_{name}" for name in files("assets") if not name.startswith("assets/pictures/")}
    assert assets
    assert names == files("playground") | assets


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    metadata = message_from_string(archive.read(f"{info}/METADATA").decode())
    assert metadata["Name"] == "flask-route-playground"
    assert metadata["Version"] == playground.__version__
    assert metadata["License-Expression"] == "MIT"
    assert any(
        "pyside6" in line.lower() and "!=6.12.0" in line for line in metadata.get_all("Requires-Dist", [])
    )
    assert f"{info}/licenses/LICENSE" in archive.namelist()
    assert "playground = playground.cli:main" in archive.read(f"{info}/entry_points.txt").decode()


def test_an_installed_wheel_finds_its_assets_and_makes_a_project(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel)
    env = {**os.environ, "PYTHONPATH": str(target)}
    where = "import playground.core.assets as a; print(a.__file__); print(a.asset('icons'))"
    module, icons = run(sys.executable, "-c", where, cwd=tmp_path, env=env).splitlines()
    assert Path(module).is_relative_to(target)
    assert Path(icons).is_relative_to(target)
    assert any(Path(icons).glob("*.svg"))
    run(sys.executable, "-m", "playground", "new", "shop", "--starter", "hello", cwd=tmp_path, env=env)
    assert (tmp_path / "shop" / "app.py").is_file()
