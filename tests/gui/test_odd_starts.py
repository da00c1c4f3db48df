"""Starts where something is not as it should be: each opens, or says why not; each in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from disks import fill, may_write, small_disk
from project_folders import one_file

from playground.session.home import Home

ROOT = Path(__file__).resolve().parents[2]
START = ROOT / "tests" / "support" / "odd_start.py"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return one_file(tmp_path / "shop", 2)


def start(
    *words: object, what: str = "look", env: Mapping[str, str | None] = {}, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``playground`` with these words; ``env`` sets variables, or takes them away.

    Root is shown pages as text unless a test lets the browser engine start, which takes a second.
    """
    whole = {**os.environ, "QTWEBENGINE_DISABLE_SANDBOX": None, **env}
    return subprocess.run(
        [sys.executable, "-P", START, what, *map(str, words)],
        env={name: value for name, value in whole.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **more,
    )


def opened(*words: object, **options: Any) -> dict[str, Any]:
    """What was to be seen in the window, which opened and closed as it should."""
    done = start(*words, **options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def refused(*words: object, **options: Any) -> str:
    """The one line that says why there is no window."""
    done = start(*words, **options)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


def said(seen: Mapping[str, Any]) -> str:
    return " ".join(seen["words"].values())


def log(home: Path) -> str:
    return (home / "logs" / "playground.log").read_text()


def ordinary(home: Path, shop: Path) -> None:
    """Start with a project, where nothing is wrong: it says nothing and leaves nothing behind."""
    before = log(home) if (home / "logs").exists() else ""
    failed = set((home / "starts").iterdir()) if (home / "starts").exists() else set()
    seen = opened(shop)
    assert (seen["project"], seen["status"]) == (str(shop), "● Live")
    assert "start.text" not in seen["words"]
    assert set((home / "starts").iterdir()) <= failed  # forgotten by a window that stands for some seconds
    assert [path.name for path in (home / "logs").iterdir()] == ["playground.log"]
    assert log(home).removeprefix(before).count("\n") == 2, "a start and an end"


@pytest.mark.long
def test_an_ordinary_start_says_nothing_and_leaves_nothing_behind(home: Path, shop: Path) -> None:
    """The first of all; in the quick suite it follows one that ended suddenly."""
    ordinary(home, shop)


# Settings that are not ours.

ALL_WRONG = {
    "zoom": "abc",
    "width": -5,
    "height": [900],
    "theme": "purple",
    "request_limit": {"seconds": 3},
    "hints_seen": 3,
    "app": 7,
}


def test_a_wrong_type_for_every_setting(home: Path, shop: Path) -> None:
    (home / "settings.json").write_text(json.dumps(ALL_WRONG))
    seen = opened(shop)
    assert (seen["zoom"], seen["mode"], seen["size"]) == (1.0, "system", [1440, 900])
    assert seen["status"] == "● Live"


def junk_as_settings(file: Path, kind: str) -> None:
    file.unlink()
    if kind == "a folder":
        file.mkdir()
    elif kind == "not JSON":
        file.write_bytes(b"\x00{zoom:")
    else:
        with file.open("wb") as stream:
            stream.truncate(10**10)  # no bytes of it are on the disk


@pytest.mark.parametrize("kind", ["not JSON", "a folder", pytest.param("10 GB", marks=pytest.mark.long)])
def test_settings_that_cannot_be_read_are_put_aside_and_it_is_said(home: Path, shop: Path, kind: str) -> None:
    junk_as_settings(home / "settings.json", kind)
    seen = opened(*([shop] if kind == "a folder" else []))  # on the welcome page, and over a project
    assert "settings.json.broken" in seen["words"]["start.text" if kind == "a folder" else "banner.text"]
    assert (home / "settings.json.broken").exists()


# Homes in which nothing can be kept.


def test_a_home_that_does_not_exist_yet_is_made(tmp_path: Path) -> None:
    env = {"PLAYGROUND_HOME": None, "XDG_DATA_HOME": None, "HOME": str(tmp_path / "not" / "there")}
    assert "start.text" not in opened(env=env)["words"]
    assert list((tmp_path / "not" / "there").rglob("playground.log"))


@pytest.mark.long
def test_without_a_home_it_opens_and_says_that_nothing_is_kept(tmp_path: Path) -> None:
    """HOME names a file: neither it nor anything in it can be made."""
    (tmp_path / "file").write_text("")
    env = {"PLAYGROUND_HOME": None, "XDG_DATA_HOME": None, "HOME": str(tmp_path / "file")}
    assert "Nothing can be kept" in opened(env=env)["words"]["start.text"]


@pytest.mark.skipif(sys.platform == "win32", reason="users as POSIX has them")
def test_a_user_of_whom_the_system_knows_nothing(tmp_path: Path) -> None:
    names = ("HOME", "PLAYGROUND_HOME", "XDG_DATA_HOME", "XDG_DOCUMENTS_DIR", "USER", "LOGNAME")
    (tmp_path / "temporary").mkdir()
    env = {**dict.fromkeys(names), "TMPDIR": str(tmp_path / "temporary")}
    words = opened(what="no-home", env=env, cwd=tmp_path)["words"]["start.text"]
    assert "Nothing can be kept" in words and "no home folder" in words
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"], "nothing is called ~"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as place:
        Home(place / "home").trust(tmp_path / "shop")
        yield place


@pytest.mark.parametrize("trouble", ["full", pytest.param("read-only", marks=pytest.mark.long)])
def test_a_home_that_takes_nothing(disk: Path, shop: Path, trouble: str) -> None:
    if trouble == "full":
        fill(disk)
    else:
        may_write(disk, False)
    seen = opened(shop, env={"PLAYGROUND_HOME": str(disk / "home")})
    assert "Nothing can be kept" in seen["words"]["start.text"]
    assert seen["status"] == "● Live"


# Nothing to draw with.


def test_no_fonts(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{tmp_path / 'none'}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    if sys.platform != "linux":
        pytest.skip("fonts as fontconfig finds them")
    line = refused(env={"FONTCONFIG_FILE": str(config)})
    assert "no fonts" in line and "fonts-noto-core" in line


def test_no_display_named() -> None:
    nothing = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform != "linux":
        pytest.skip("displays as X and Wayland name them")
    assert "no display" in refused(env=nothing)


def test_a_display_that_does_not_answer(home: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("displays as X has them")
    line = refused(env={"DISPLAY": ":4711", "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": "xcb"})
    assert line.startswith("The window can't be opened: no display answers")
    assert "could not connect to display" in log(home)
    assert not list((home / "starts").iterdir()) if (home / "starts").exists() else True


def test_no_browser_engine(shop: Path) -> None:
    seen = opened(shop, what="no-engine", env={"QTWEBENGINE_DISABLE_SANDBOX": "1"})
    assert "the browser engine, or a library that it needs, is not installed" in said(seen)
    assert "200" in seen["words"]["response.status"]


# Starts that fail.


def test_a_mistake_of_ours_is_told_and_the_window_closes_as_ever(home: Path, shop: Path) -> None:
    seen = opened(shop, what="mistake")
    assert "a mistake of the playground (" in seen["words"]["care.words"]
    assert "Unexpected " in log(home) and "playground/gui/commands.py, line " in log(home)
    assert str(shop) not in log(home)


@pytest.mark.skipif(sys.platform == "win32", reason="ends as POSIX has them")
def test_a_start_that_qt_ends_says_so_at_the_next_alone(home: Path, shop: Path) -> None:
    assert start(what="fatal").returncode < 0
    words = opened()["words"]["start.text"]
    assert "ended suddenly the last time" in words and "qFatal() call" in words
    assert "Nothing can be drawn any more" in log(home) and "in look" in log(home)
    ordinary(home, shop)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL as POSIX has it")
def test_after_two_starts_that_were_killed_the_third_is_safe_until_one_says_so(
    home: Path, shop: Path
) -> None:
    for _ in range(2):
        assert start(shop, what="die").returncode < 0
    seen = opened(shop)
    assert seen["project"] == ""
    assert "last two starts failed" in seen["words"]["start.text"]
    assert {"start.project", "start.normal", "start.log"} <= set(seen["words"])
    assert ", safe, after 2 that failed" in log(home)
    assert len(list((home / "starts").iterdir())) == 2, "they count until one says so"


def test_a_safe_start_can_be_asked_for(shop: Path) -> None:
    seen = opened("--safe", shop)
    assert seen["project"] == ""
    assert "as you asked for" in seen["words"]["start.text"]
    assert "start.normal" not in seen["words"]
