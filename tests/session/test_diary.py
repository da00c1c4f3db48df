"""The log of the playground itself: small, shared by windows, out of an app's reach, never in the way."""

from __future__ import annotations

import logging
import logging.config
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.session.diary import Diary
from playground.session.log_file import BACKUPS, MOST_BYTES

CRASHES = """
import ctypes, sys
from pathlib import Path
from playground.session.diary import Diary
Diary(Path(sys.argv[1])).watch_for_crashes()
ctypes.string_at(0)
"""
WRITES = """
import sys
from pathlib import Path
from playground.session.diary import Diary
diary = Diary(Path(sys.argv[1]))
for number in range(300):
    assert diary.note(f"{sys.argv[2]} {number} " + "x" * 1500)
"""


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    made = Diary(tmp_path)
    yield made
    made.end()


def python(code: str, *words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def written(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("logs/playground.log*")))


def test_a_line_has_its_time_and_level(diary: Diary) -> None:
    assert diary.note("The window opened.")
    line = diary.file.read_text()
    assert line.endswith(f" INFO [{os.getpid()}] The window opened.\n") and line[:2] == "20"


def test_it_never_grows_beyond_its_bounds(diary: Diary) -> None:
    for _ in range(4 * MOST_BYTES // 10_000):
        diary.note("x" * 10_000)
    files = list(diary.folder.iterdir())
    assert len(files) == BACKUPS + 1
    assert sum(path.stat().st_size for path in files) <= (BACKUPS + 1) * MOST_BYTES


def test_several_windows_write_it_at_once(tmp_path: Path) -> None:
    both = [python(WRITES, tmp_path, name) for name in ("one", "two")]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, b"", b"")
    lines = written(tmp_path).splitlines()
    assert any(" one 299 " in line for line in lines) and any(" two 299 " in line for line in lines)


def test_lines_are_written_while_another_window_turns_the_file_over(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError("the other window was quicker")

    assert diary.note("first")
    for number in range(1, BACKUPS + 1):
        diary.file.with_name(f"{diary.file.name}.{number}").write_text("older\n")
    for name in ("rename", "remove"):
        monkeypatch.setattr(os, name, gone)
    count = 3 * MOST_BYTES // 10_000
    assert all(diary.note(f"{number} " + "x" * 10_000) for number in range(count))
    assert f" {count - 1} x" in diary.file.read_text()


@pytest.mark.parametrize(
    "vandal",
    [
        logging.shutdown,
        logging.disable,
        lambda: logging.config.dictConfig({"version": 1}),
        lambda: logging.basicConfig(force=True),
    ],
)
def test_an_app_that_configures_logging_does_not_reach_it(diary: Diary, vandal) -> None:  # type: ignore[no-untyped-def]
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    loggers = [logging.getLogger(name) for name in list(logging.Logger.manager.loggerDict)]
    on = [one for one in loggers if not one.disabled]
    diary.note("before")
    try:
        vandal()
        assert diary.note("after")
    finally:
        logging.disable(logging.NOTSET)
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
        for one in on:
            one.disabled = False
    assert "after" in diary.file.read_text()


def test_nothing_of_the_apps_logging_gets_into_it(diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("playground").error("an app that is called so, with a password")
    diary.note("ours")
    assert "password" not in diary.file.read_text()
    assert "ours" not in caplog.text


def test_a_folder_in_which_nothing_can_be_written_is_no_trouble(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("a file stands in its place")
    diary = Diary(tmp_path / "home")
    assert diary.watch_for_crashes() == ()
    assert not diary.note("anything")
    diary.end()
    assert capfd.readouterr() == ("", "")


def test_a_log_that_is_a_folder_is_no_trouble(diary: Diary, capfd: pytest.CaptureFixture[str]) -> None:
    diary.file.mkdir(parents=True)
    assert not diary.note("anything")
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a signal, as POSIX has it")
def test_a_crash_in_c_is_told_at_the_next_start_and_once(tmp_path: Path) -> None:
    python(CRASHES, tmp_path).communicate(timeout=30)
    code = "import sys; from pathlib import Path; from playground.session.diary import Diary\n"
    code += "d = Diary(Path(sys.argv[1])); print(*(c.kind for c in d.watch_for_crashes())); d.end()"
    for expected in (b"Segmentation fault", b""):
        out, _ = python(code, tmp_path).communicate(timeout=30)
        assert out.strip() == expected
    assert "string_at" in written(tmp_path)
    assert "ended by a crash before: Segmentation fault" in written(tmp_path)
    assert not list(tmp_path.glob("logs/crash*"))


def test_a_window_that_is_open_elsewhere_has_not_crashed(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    theirs = tmp_path / "logs" / f"crash-{os.getppid():x}-0123abcd.txt"
    theirs.write_text("Fatal Python error: Segmentation fault\n")
    assert list(Diary(tmp_path)._left_behind()) == []
    assert theirs.exists()


def test_one_that_was_killed_from_outside_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    theirs = tmp_path / "logs" / f"crash-{2**22 + 1:x}-0123abcd.txt"
    theirs.touch()
    assert list(Diary(tmp_path)._left_behind()) == []
    assert not theirs.exists()
