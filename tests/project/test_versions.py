"""What git tells of a folder: each kind of difference, odd names, folders inside of a repository, no git."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from playground.core.versions import Versions
from playground.project.versions import changed_files

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str, check: bool = True) -> None:
    names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *names, *words], cwd=folder, check=check, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = (tmp_path / "repository").resolve()
    (made / "templates").mkdir(parents=True)
    for file in ("app.py", "gone.py", "staged.py", "same.py", "templates/page.html"):
        (made / file).write_text(f"# {file}\n")
    git(made, "init", "-q")
    git(made, "add", ".")
    git(made, "commit", "-q", "-m", "first")
    return made


@needs_git
def test_each_kind_of_difference_has_a_letter(folder: Path) -> None:
    assert changed_files(folder) == Versions()
    (folder / "app.py").write_text("# changed\n")
    (folder / "gone.py").unlink()
    (folder / "staged.py").write_text("# staged\n")
    (folder / "new.py").write_text("")
    (folder / "made.py").write_text("")
    git(folder, "add", "staged.py", "made.py")
    assert changed_files(folder).marks == {
        "app.py": "M",
        "gone.py": "D",
        "staged.py": "M",
        "made.py": "A",
        "new.py": "U",
    }
    assert str(changed_files(folder)) == "5 files changed (git)"


@needs_git
def test_a_conflict_is_told(folder: Path) -> None:
    git(folder, "checkout", "-q", "-b", "other")
    (folder / "app.py").write_text("# other\n")
    git(folder, "commit", "-q", "-a", "-m", "other")
    git(folder, "checkout", "-q", "-")
    (folder / "app.py").write_text("# mine\n")
    git(folder, "commit", "-q", "-a", "-m", "mine")
    git(folder, "merge", "other", check=False)
    assert changed_files(folder).marks == {"app.py": "!"}


@needs_git
@pytest.mark.parametrize("name", ["a b.py", "ä ö.py", "“x”.py", "new\nline.py", "-dash.py", '"quoted".py'])
def test_odd_names(folder: Path, name: str) -> None:
    (folder / name).write_text("")
    assert changed_files(folder).of(name) == "U"


@needs_git
def test_a_project_inside_of_a_repository_knows_its_own_files(folder: Path) -> None:
    inside = folder / "work" / "shop"
    inside.mkdir(parents=True)
    (inside / "app.py").write_text("")
    (folder / "app.py").write_text("# changed\n")
    assert changed_files(inside).of("app.py") == "U"
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "more")
    (inside / "app.py").write_text("# changed\n")
    (folder / "same.py").write_text("# changed\n")
    assert changed_files(inside).marks == {"app.py": "M"}


@needs_git
def test_files_of_a_new_folder_are_new(folder: Path) -> None:
    (folder / "static" / "deep").mkdir(parents=True)
    (folder / "static" / "deep" / "style.css").write_text("")
    assert changed_files(folder).of("static/deep/style.css") == "U"
    assert changed_files(folder).of("app.py") == ""


@needs_git
def test_asking_writes_nothing_and_runs_no_monitor(folder: Path) -> None:
    ran = folder.parent / "ran"
    monitor = folder.parent / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    monitor.chmod(0o755)
    git(folder, "config", "core.fsmonitor", str(monitor))
    os.utime(folder / "app.py", (1, 1))  # git would like to note that it is the same
    before = (folder / ".git" / "index").read_bytes()
    changed_files(folder)
    assert (folder / ".git" / "index").read_bytes() == before
    assert not ran.exists()


def test_a_folder_without_a_repository_has_nothing_to_tell(tmp_path: Path) -> None:
    assert changed_files(tmp_path.resolve()) == Versions()


def test_without_git_there_is_nothing_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert changed_files(tmp_path) == Versions()


@needs_git
def test_a_broken_repository_has_nothing_to_tell(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert changed_files(tmp_path) == Versions()


@pytest.mark.skipif(os.name == "nt", reason="a script stands in for git")
def test_a_git_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert changed_files(tmp_path, limit=0.2) == Versions()
