"""What the About box and reports say of the parts."""

from __future__ import annotations

import platform
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

from playground import __version__
from playground.session import parts as rooms
from playground.session.parts import KNOWN, parts, versions_in_words

ROOT = Path(__file__).resolve().parents[2]


def test_every_part_has_a_version_and_a_licence() -> None:
    found = parts()
    assert [part.name for part in found if not part.version or not part.licence] == []
    assert [part.name.lower() for part in found[:4]] == ["python", "flask", "werkzeug", "waitress"]
    names = {part.name.lower().replace("_", "-") for part in found}
    assert {"jinja2", "pyside6", "pyside6-addons", "shiboken6", "urllib3"} <= names
    assert "pytest" not in names, "what only the tests need is no part of it"
    assert len(names) == len(found)


def test_what_qt_is_under_is_told() -> None:
    (pyside,) = [part for part in parts() if part.name.lower() == "pyside6"]
    assert "LGPL" in pyside.licence


def test_without_our_own_metadata_the_same_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = parts()
    monkeypatch.setattr(rooms, "OURS", "not-installed-at-all")
    assert parts() == usual


def test_those_we_name_are_those_we_ask_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert sorted(rooms._NAME.match(one)[0] for one in asked) == sorted(KNOWN)  # type: ignore[index]


def test_a_report_begins_with_what_it_ran_on() -> None:
    words = versions_in_words("Qt 6.0")
    assert words.startswith(f"Route Playground {__version__}\nPython {platform.python_version()}, ")
    assert f"Werkzeug {version('werkzeug')}" in words or f"werkzeug {version('werkzeug')}" in words
    assert "Qt 6.0\n" in words
    assert platform.node() not in words
