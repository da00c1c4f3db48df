"""The watcher, on a real folder with real writes."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import watchfiles
from without_rights import without_rights

from playground.project import watch
from playground.project.watch import Watcher


class Watched:
    """A folder being watched, and the files that were reported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports: queue.Queue[frozenset[str]] = queue.Queue()
        self.threads: set[threading.Thread] = set()
        self.watcher = Watcher(folder, self._note)

    def _note(self, files: frozenset[str]) -> None:
        self.threads.add(threading.current_thread())
        self.reports.put(files)

    def until(self, file: str) -> set[str]:
        """All files reported up to the one that is waited for."""
        seen: set[str] = set()
        deadline = time.monotonic() + 5
        while file not in seen:
            seen |= self.reports.get(timeout=max(0.01, deadline - time.monotonic()))
        return seen

    def until_all(self) -> None:
        """Up to the report that anything may have changed: from then on, all folders are watched."""
        while self.reports.get(timeout=5):
            pass


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    folder = tmp_path / "project"
    for name in (".git", ".venv", "node_modules", "__pycache__", "templates"):
        (folder / name).mkdir(parents=True)
    found = Watched(folder)
    found.watcher.start()
    yield found
    found.watcher.stop()


def test_a_write_right_after_the_start_is_reported_soon(watched: Watched) -> None:
    (watched.folder / "app.py").write_text("x = 1")

    assert "app.py" in watched.until("app.py")
    assert watched.threads == {thread for thread in threading.enumerate() if thread.name == "watcher"}


def test_names_are_relative_and_removals_count(watched: Watched) -> None:
    page = watched.folder / "templates" / "page.html"
    page.write_text("<p>")
    watched.until("templates/page.html")

    page.unlink()

    assert "templates/page.html" in watched.until("templates/page.html")


def test_what_is_not_the_project_is_not_reported(watched: Watched) -> None:
    for name in (
        ".git/index",
        ".venv/x.py",
        "node_modules/a.js",
        "__pycache__/app.pyc",
        ".app.py.playground-1.tmp",
    ):
        (watched.folder / name).write_text("x")
    (watched.folder / "last.py").write_text("x")

    assert watched.until("last.py") == {"last.py"}


def test_folders_that_come_later_are_watched_as_well(watched: Watched) -> None:
    deep = watched.folder / "pages" / "more"
    deep.mkdir(parents=True)
    watched.until_all()
    (deep / "new.py").write_text("x = 1")
    watched.until("pages/more/new.py")

    deep.rename(watched.folder / "moved")
    watched.until_all()
    (watched.folder / "moved" / "new.py").write_text("x = 2")
    watched.until("moved/new.py")


@pytest.mark.skipif(sys.platform != "linux", reason="watches are counted there")
def test_folders_that_are_not_the_projects_cost_no_watches(tmp_path: Path) -> None:
    for name in ("node_modules", ".git", "env", "static/.cache"):
        for number in range(50):
            (tmp_path / name / f"inner{number}").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    before = watches()
    watcher = Watcher(tmp_path, lambda _files: None)
    watcher.start()
    try:
        assert watches() - before == 2  # the folder and static
    finally:
        watcher.stop()


def watches() -> int:
    """How many folders and files this process has the system watch."""
    found = 0
    for info in Path("/proc/self/fdinfo").iterdir():
        with suppress(OSError):  # another thread closed it meanwhile
            found += info.read_text().count("inotify wd:")
    return found


def test_a_folder_that_may_not_be_read_does_not_end_the_watching(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()

    def watch_it() -> list[str]:
        watched = Watched(tmp_path)
        watched.watcher.start()
        (tmp_path / "app.py").write_text("x = 1")
        watched.until("app.py")
        watched.watcher.stop()
        return [problem.sentence for problem in [watched.watcher.problem] if problem is not None]

    (tmp_path / "closed").chmod(0)
    try:
        assert without_rights(watch_it) == []
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_where_the_system_does_not_tell_the_files_are_looked_at(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched.watcher.stop()
    real = watchfiles.watch

    def limited(*paths: Path, force_polling: bool, **more: Any) -> Iterator[object]:
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        return real(*paths, force_polling=True, **more)

    monkeypatch.setattr(watchfiles, "watch", limited)
    watched.watcher.start()
    assert watched.watcher.problem is not None
    assert "a little later" in watched.watcher.problem.sentence
    (watched.folder / "templates" / "page.html").write_text("x")
    watched.until("templates/page.html")
    assert "limit" in caplog.text


def test_nothing_is_reported_after_stop(watched: Watched) -> None:
    watched.watcher.stop()
    (watched.folder / "app.py").write_text("x = 1")

    with pytest.raises(queue.Empty):
        watched.reports.get(timeout=0.3)


def test_it_can_be_stopped_twice_and_started_again(watched: Watched) -> None:
    watched.watcher.stop()
    watched.watcher.stop()
    watched.watcher.start()
    (watched.folder / "app.py").write_text("x = 1")

    assert "app.py" in watched.until("app.py")


def test_a_folder_that_goes_away_ends_nothing_badly(watched: Watched) -> None:
    for path in sorted(watched.folder.rglob("*"), reverse=True):
        path.rmdir()
    watched.folder.rmdir()
    watched.watcher.stop()


def test_a_folder_that_is_not_there_does_not_hold_anyone_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_PATIENCE", 60.0)
    watcher = Watcher(tmp_path / "missing", lambda _files: None)
    began = time.monotonic()
    watcher.start()
    watcher.stop()

    assert time.monotonic() - began < watch._PATIENCE / 2


def test_a_folder_that_vanishes_is_reported_and_its_successor_is_watched(watched: Watched) -> None:
    watched.folder.rename(watched.folder.with_name("moved"))
    assert watched.reports.get(timeout=5) == frozenset()

    watched.folder.mkdir()
    assert watched.reports.get(timeout=5) == frozenset()
    (watched.folder / "new.py").write_text("x = 1")
    assert "new.py" in watched.until("new.py")
