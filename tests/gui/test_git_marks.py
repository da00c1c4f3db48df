"""What git tells of the files is seen in the window: letters in the side bar, a count below, words."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.panels.side_bar_model import Role

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

APP = """\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def home():
    return render_template("page.html")
"""


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    (project / "templates" / "page.html").write_text("<p>page</p>\n")
    (project / "notes.txt").write_text("notes\n")
    (project / "app.py").write_text(APP)
    return project


def commit(folder: Path) -> None:
    (folder / ".gitignore").write_text("__pycache__/\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")


@pytest.fixture
def driver(qtbot: QtBot, folder: Path) -> Iterator[Driver]:
    commit(folder)
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    yield driver
    driver.close()


def row(driver: Driver, words: str) -> QModelIndex:
    model = driver.child("routes.tree").model()
    flags = Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly
    found = model.match(model.index(0, 0), Qt.ItemDataRole.DisplayRole, words, 1, flags)
    return found[0] if found else QModelIndex()


def marks(driver: Driver, *rows: str) -> list[str]:
    return [row(driver, words).data(Role.MARK) or "" for words in rows]


def test_files_that_change_are_marked_and_counted_until_they_are_committed(driver: Driver) -> None:
    assert marks(driver, "/", "page.html", "app.py", "notes.txt") == [""] * 4
    assert not driver.has("status.git")

    driver.window.workbench.open_route(driver.window.workspace.snapshot.project.routes[0])
    driver.type("route.doc", "The home page")
    driver.wait(lambda: marks(driver, "/", "app.py") == ["", "M"], "the marks")
    driver.window.workspace.undo()
    driver.wait(lambda: marks(driver, "/", "app.py") == ["", ""], "no marks any more")
    driver.wait(lambda: not driver.has("status.git"), "no count any more")
    driver.settled()

    (driver.folder() / "templates" / "page.html").write_text("<p>changed</p>\n")
    (driver.folder() / "new.txt").write_text("new\n")
    driver.wait(lambda: marks(driver, "page.html", "new.txt") == ["M", "U"], "the marks")
    assert marks(driver, "/", "notes.txt") == ["", ""]
    assert driver.text("status.git") == "2 files changed (git)"
    assert driver.child("status.git").toolTip() == "U  new.txt\nM  templates/page.html"
    page = row(driver, "page.html")
    assert "changed since the last commit" in page.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "changed since the last commit" in page.data(Qt.ItemDataRole.ToolTipRole)
    driver.settled()

    # A commit in a terminal is seen by itself.
    git(driver.folder(), "add", ".")
    for words in ("second", "third"):
        (driver.folder() / "notes.txt").write_text(words)
        driver.wait(lambda: marks(driver, "notes.txt") == ["M"], "the mark")
        driver.settled()
        git(driver.folder(), "commit", "-q", "-a", "-m", words)
        driver.wait(lambda: marks(driver, "notes.txt") == [""], "no mark any more")
    driver.settled()

    # One made elsewhere is seen on coming back.
    (driver.folder() / "notes.txt").write_text("changed\n")
    driver.wait(lambda: marks(driver, "notes.txt") == ["M"], "the mark")
    driver.settled()
    git(driver.folder(), "commit", "-q", "-a", "-m", "second")
    driver.window.workbench.git._came_back(Qt.ApplicationState.ApplicationActive)
    driver.wait(lambda: marks(driver, "notes.txt") == [""], "no mark any more")
    driver.settled()


def test_a_folder_without_a_repository_says_nothing_a_work_tree_is_watched_where_git_keeps_it(
    qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    (folder / "notes.txt").write_text("changed\n")
    driver.settled()
    driver.window.workbench.git.look()
    driver.settled()
    assert marks(driver, "/", "notes.txt") == ["", ""]
    assert not driver.has("status.git")

    commit(folder)
    beside = tmp_path / "beside"
    git(folder, "worktree", "add", "-q", str(beside))
    shown: list[bool] = []
    driver.window.workspace.opened.connect(shown.append)
    driver.window.workspace.open(beside)
    driver.wait(lambda: bool(shown), "the work tree to be opened")
    assert driver.folder() == beside
    driver.live()
    (beside / "notes.txt").write_text("changed again")
    driver.wait(lambda: marks(driver, "notes.txt") == ["M"], "the mark")
    driver.settled()
    git(beside, "commit", "-q", "-a", "-m", "second")
    driver.wait(lambda: marks(driver, "notes.txt") == [""], "no mark any more")
    driver.settled()
    driver.close()


@pytest.mark.untrusted
def test_git_is_not_run_until_the_folder_is_trusted(qtbot: QtBot, folder: Path) -> None:
    commit(folder)
    (folder / "notes.txt").write_text("changed\n")
    driver = Driver(qtbot, open_window(folder))
    driver.child("trust.accept")
    driver.settled()
    driver.window.workbench.git.look()
    driver.settled()
    assert marks(driver, "notes.txt") == [""]
    driver.click("trust.accept")
    driver.wait(lambda: marks(driver, "notes.txt") == ["M"], "the mark")
    driver.live()
    driver.close()
