"""Folders with far more in them than a project has: what is not the project's costs nothing."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from project_folders import APP

from playground.core.problems import ProblemError
from playground.project import index, scanning
from playground.session.session import Session


def fill(folder: Path, files: int, per_folder: int = 50, name: str = "f{}.js") -> None:
    """So many small files in as many folders as it takes."""
    for number in range(files):
        if number % per_folder == 0:
            inner = folder / f"d{number // per_folder}"
            inner.mkdir(parents=True)
        (inner / name.format(number)).write_text("x = 1\n")


class Listed:
    """The folders that were listed, by any thread, since ``begin``."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.on = False
        sys.addaudithook(self._look)  # there is no way to take it back

    def _look(self, event: str, args: tuple[object, ...]) -> None:
        if self.on and event in {"os.scandir", "os.listdir"}:
            self.paths.append(os.fspath(args[0]))  # type: ignore[call-overload]


LISTED = Listed()


def test_environments_caches_and_packages_are_not_even_listed(folder: Path, session: Session) -> None:
    skipped = ("node_modules", ".git", ".venv", "venv", "__pycache__", ".mypy_cache", "static/.cache")
    for name in (*skipped, "env", "target"):
        fill(folder / name, 20, 5)
    (folder / "env" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (folder / "target" / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
    LISTED.paths, LISTED.on = [], True
    try:
        session.open(folder)
        session.watch(lambda _files: None)
    finally:
        LISTED.on = False

    listed = {
        Path(path).relative_to(folder).as_posix() for path in LISTED.paths if path.startswith(str(folder))
    }
    assert listed <= {".", "static", "env", "target"}, (
        "what is no project's is seen from its name or its marks"
    )
    assert session.snapshot.project is not None
    assert session.snapshot.project.files == ("app.py",)


def test_what_setuptools_builds_is_not_read_twice(folder: Path, session: Session) -> None:
    for name in ("build/lib/shop", "shop.egg-info"):
        (folder / name).mkdir(parents=True)
    (folder / "build/lib/shop/app.py").write_text(APP)
    (folder / "build/index.html").write_text("<p>what a front end was built to is part of the site</p>")
    session.open(folder)
    assert session.snapshot.project is not None
    assert session.snapshot.project.files == ("app.py", "build/index.html")


def test_too_many_files_are_cut_off_where_they_are_furthest_away(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MOST_FILES", 200)
    fill(folder / "data" / "deep" / "deeper", 400, name="f{}.txt")
    for name in ("views", "static"):
        (folder / name).mkdir()
        (folder / name / "last.py").write_text("x = 1\n")

    session.open(folder)

    project = session.snapshot.project
    assert project is not None
    assert [route.rule for route in project.routes] == ["/"]
    assert {"views/last.py", "static/last.py"} < set(project.files)
    assert len(project.files) == 200
    assert ["more than 200 files" in problem.sentence for problem in project.problems] == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="links as POSIX has them")
def test_a_link_to_all_of_the_disk_leads_nowhere(folder: Path, session: Session) -> None:
    for number, target in enumerate((Path("/"), folder.parent, folder, Path.home())):
        if folder.is_relative_to(target):
            (folder / f"link{number}").symlink_to(target, target_is_directory=True)
    session.open(folder)
    assert session.snapshot.project is not None
    assert session.snapshot.project.files == ("app.py",)


def test_an_edit_in_a_large_folder_looks_at_its_file_alone(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder / "static", 300)
    session.open(folder)
    looked = []
    monkeypatch.setattr(index, "look_at", lambda *at: looked.append(at[1]) or scanning.look_at(*at))
    monkeypatch.setattr(index, "walk", lambda _folder: pytest.fail("all of the folder is walked through"))
    read = session.read_text("app.py")

    session.write_text("app.py", read.text.replace("home", "house"), read.token)

    assert looked == ["app.py"]


def test_reading_ends_when_another_folder_is_wanted(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder, 100, name="f{}.py")
    reading, may_go_on = threading.Event(), threading.Event()
    read: list[str] = []
    real = index.read_bytes

    def slow(of: Path, file: str) -> bytes | None:
        read.append(file)
        reading.set()
        may_go_on.wait(10)
        return real(of, file)

    monkeypatch.setattr(index, "read_bytes", slow)
    refused: list[ProblemError] = []

    def open_it() -> None:
        try:
            session.open(folder)
        except ProblemError as error:
            refused.append(error)

    lane = threading.Thread(target=open_it)
    lane.start()
    assert reading.wait(10)
    session.give_up_opening()
    may_go_on.set()
    lane.join(10)

    assert "was ended" in refused[0].problem.sentence
    assert len(read) == 1
    assert session.snapshot.project is None


@pytest.mark.long
def test_twenty_thousand_files_and_fifty_thousand_that_are_not_the_projects(
    folder: Path, session: Session
) -> None:
    fill(folder / "static", 19_000, name="f{}.css")
    fill(folder / "pages", 900, name="f{}.py")
    session.open(folder)
    without = quickest(session)
    fill(folder / "node_modules", 50_000, 100)
    assert quickest(session) < without * 1.5 + 0.05
    assert session.snapshot.project is not None
    assert len(session.snapshot.project.files) == 19_901


def quickest(session: Session) -> float:
    """Seconds that a look at all of the folder takes, the best of three."""
    times = []
    for _ in range(3):
        begin = time.thread_time()
        session.rescan()
        times.append(time.thread_time() - begin)
    return min(times)
