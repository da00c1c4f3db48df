"""Checks follow an edit: only what changed is read again, and a large folder is checked bit by bit."""

from __future__ import annotations

import time
from pathlib import Path

import project_folders
import pytest
from yardstick import yard

from playground.project.checks.checked import CheckedFile
from playground.project.folder import Project

ROUTES = 1000


def edited(project: Project, file: str, old: str, new: str) -> None:
    text = project.read_text(file)
    project.write_text(file, text.text.replace(old, new, 1), text.token)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A thousand routes in a hundred files, checked once."""
    monkeypatch.setattr(project_folders, "PER_FILE", 10)
    project_folders.many_files(tmp_path, ROUTES)
    project = Project(tmp_path)
    project.scan()
    assert project.findings() == ()
    return project


def test_an_edit_costs_little(project: Project) -> None:
    """About 12 ms of work; the limit is wide, as the machine may have other things to do."""
    times = []
    for number in range(9):
        edited(
            project, "part7.py", f'"n": {70 if not number else 5000 + number - 1}', f'"n": {5000 + number}'
        )
        start = time.thread_time()
        assert project.findings() == ()
        times.append(time.thread_time() - start)
    assert sorted(times)[4] < 7 * yard()


def test_only_what_changed_is_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("playground.project.checks.checked._extracted", lambda text: read.append(text) or {})
    edited(project, "part7.py", "def view_71", "def view_71_b")
    project.findings()
    assert len(read) == 1
    assert "view_71_b" in read[0]


def test_a_file_that_does_not_parse_for_a_while_is_not_read_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    edited(project, "part7.py", "def view_71(", "def view_71(:")
    project.findings()
    monkeypatch.setattr("playground.project.checks.checked._extracted", lambda text: read.append(text) or {})
    edited(project, "part7.py", "def view_71(:", "def view_71(")
    project.findings()
    assert read == []


def test_a_large_folder_is_checked_bit_by_bit(tmp_path: Path) -> None:
    project_folders.one_file(tmp_path, 300)
    project = Project(tmp_path)
    project.scan()
    rounds = 0
    while (found := project.findings(seconds=0.001)) is None:
        rounds += 1
    assert found == ()
    assert rounds > 1


def test_what_is_known_of_a_file_is_kept_as_long_as_it_stays(project: Project) -> None:
    files = project._checker._files._files
    before = dict(files)
    edited(project, "part7.py", "def view_71", "def view_71_b")
    project.findings()
    after: dict[str, CheckedFile] = project._checker._files._files
    assert {file for file in after if after[file] is not before[file]} == {"part7.py"}
