"""The command line on folders of odd names, and on those that can't be used."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from disks import fill, may_write, small_disk

if TYPE_CHECKING:
    from conftest import Run

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "home"\n'
NAMES = ["-x", "--help", "my app", 'it\'s "mine"', "🍕 日本", "{0} %s $HOME"]
if sys.platform != "win32":
    NAMES += ["new\nline", os.fsdecode(b"\xff")]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_folders_of_any_name_are_listed_and_edited(run: Run, here: Path, name: str) -> None:
    (here / name).mkdir()
    (here / name / "app.py").write_text(APP)
    spelled = f"./{name}"
    assert run("add", spelled, "/more", "--text", "more").status == 0
    for words in (["routes", "--json", spelled], ["routes", "--static", "--json", "--", name]):
        outcome = run(*words)
        assert outcome.err == ""
        assert {"/", "/more"} <= {row["rule"] for row in json.loads(outcome.out)}
    assert run("routes", spelled).status == 0


def test_a_folder_that_looks_like_an_option_is_said_how_to_name(run: Run, here: Path) -> None:
    (here / "-x").mkdir()
    refusal = run("routes", "-x").refusal
    assert "./-x" in refusal


def test_what_can_not_be_read_is_said_in_one_line(run: Run, here: Path) -> None:
    (here / "file").write_text("x")
    os.mkfifo(here / "pipe")
    (here / "loop").symlink_to(here / "loop")
    for name in ("file", "pipe", "loop", "missing\nfolder", "n" * 300, "\0"):
        assert run("routes", f"./{name}").refusal


def test_a_disk_that_takes_nothing_is_said(run: Run, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        (disk / "app.py").write_text(APP)
        filler = fill(disk)
        assert "disk is full" in run("add", disk, "/more", "--text", "x").refusal
        filler.unlink()
        may_write(disk, may=False)
        assert "can't be written" in run("add", disk, "/more", "--text", "x").refusal
        assert "/more" not in (disk / "app.py").read_text()
        assert run("routes", disk).status == 0
        may_write(disk, may=True)
        assert run("add", disk, "/more", "--text", "x").status == 0
