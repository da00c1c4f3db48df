"""The wheel: what a person gets who installs with pip, tried in a folder of its own."""

from __future__ import annotations

import json
import zipfile
from configparser import ConfigParser
from email import message_from_string
from pathlib import Path
from typing import TYPE_CHECKING

import playground
from playground.cli.health.requirements import IMPORTED

if TYPE_CHECKING:
    from conftest import Fresh

ROOT = Path(__file__).resolve().parents[2]


def files(*tops: str) -> set[str]:
    """Every file of ours under these folders, caches left out."""
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_holds_the_package_and_the_assets_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assets = {f"playground/_{name}" for name in files("assets") if not name.startswith("assets/pictures/")}
    assert assets
    assert names == files("playground") | assets | {"flask_route_playground.py"}


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


def test_the_wheel_brings_its_commands(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (file,) = [name for name in archive.namelist() if name.endswith("/entry_points.txt")]
    points = ConfigParser()
    points.read_string(archive.read(file).decode())
    assert dict(points["console_scripts"]) == {"playground": "playground.cli:main"}
    assert dict(points["flask.commands"]) == {"playground": "flask_route_playground:command"}


def test_what_is_installed_is_the_wheel_and_finds_its_own_files(fresh: Fresh, tmp_path: Path) -> None:
    where = "import playground.core.assets as a; print(a.__file__); print(a.asset('icons'))"
    module, icons = fresh.run(fresh.python.name, "-c", where, cwd=tmp_path).splitlines()
    assert Path(module).is_relative_to(fresh.packages)
    assert Path(icons).is_relative_to(fresh.packages)
    assert any(Path(icons).glob("*.svg"))
    fresh.run("playground", "new", "shop", "--starter", "pages", cwd=tmp_path)
    assert (tmp_path / "shop" / "templates" / "base.html").is_file()


def test_the_doctor_finds_the_fresh_environment_well(fresh: Fresh, tmp_path: Path) -> None:
    said = json.loads(fresh.run("playground", "doctor", "--json", cwd=tmp_path))
    assert said["ok"]
    by_name = {check["what"]: check for check in said["checks"]}
    assert str(fresh.packages) in by_name["Route Playground"]["said"]
    assert {name for name in IMPORTED if by_name[name]["mark"] == "good"} == set(IMPORTED)


def test_flask_has_its_command(fresh: Fresh, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise RuntimeError('help needs no app')\n")
    flask = (fresh.python.name, "-m", "flask", "--app", "app")
    assert "Open this app in the Route Playground" in fresh.run(*flask, "playground", "--help", cwd=tmp_path)
    assert "playground  Open the app in the Route Playground." in fresh.run(*flask, "--help", cwd=tmp_path)
