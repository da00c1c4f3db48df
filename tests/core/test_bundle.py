"""A portable program keeps everything beside itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.core.bundle import is_bundle, portable_home, portable_home_of


def test_a_marker_beside_the_program_makes_it_portable(tmp_path: Path) -> None:
    program = tmp_path / "playground"
    assert portable_home_of(program) is None
    (tmp_path / "portable").touch()
    assert portable_home_of(program) == tmp_path / "data"


def test_in_macos_the_marker_lies_beside_the_application(tmp_path: Path) -> None:
    program = tmp_path / "Route Playground.app" / "Contents" / "MacOS" / "playground"
    program.parent.mkdir(parents=True)
    (program.parent / "portable").touch()
    assert portable_home_of(program) is None
    (tmp_path / "portable").touch()
    assert portable_home_of(program) == tmp_path / "data"


def test_what_runs_from_source_is_neither() -> None:
    assert not is_bundle()
    assert portable_home() is None


def test_a_bundle_asks_beside_the_program_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "portable").touch()
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "playground-python"))
    assert portable_home() == tmp_path / "data"
