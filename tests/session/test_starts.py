"""The account of how starts went: two that failed are followed by a safe one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.session.starts import HANGS_SECONDS, Beginning, Starts

GONE = 2**22 + 1
"""No process has this number, on any system that we know."""


@pytest.fixture(autouse=True)
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every start of these tests is that of a process of its own, which is gone."""
    monkeypatch.setattr("playground.session.starts.os.getpid", lambda: GONE)


def fail(home: Path, project: Path | None = None) -> Beginning:
    """A start of which nothing more is heard."""
    return Starts(home).begin(project)


def test_the_first_start_is_as_usual(tmp_path: Path) -> None:
    assert Starts(tmp_path).begin(None) == Beginning()


def test_after_two_failures_it_is_safe_and_knows_the_project(tmp_path: Path) -> None:
    assert not fail(tmp_path, tmp_path / "shop").safe
    assert not fail(tmp_path).safe
    third = fail(tmp_path)
    assert (third.safe, third.failed, third.last) == (True, 2, str(tmp_path / "shop"))


def test_a_start_that_stood_or_was_closed_has_not_failed(tmp_path: Path) -> None:
    for end in (Starts.stood, Starts.ended, Starts.stood, Starts.ended):
        start = Starts(tmp_path)
        assert not start.begin(None).safe
        end(start)
    assert list((tmp_path / "starts").iterdir()) == []


def test_one_that_stands_makes_up_for_one_that_failed(tmp_path: Path) -> None:
    fail(tmp_path)
    good = Starts(tmp_path)
    good.begin(None)
    good.stood()
    fail(tmp_path)
    assert not fail(tmp_path).safe


def test_a_safe_start_stays_safe_until_the_person_says_so(tmp_path: Path) -> None:
    fail(tmp_path), fail(tmp_path)
    for _ in range(2):
        safe = Starts(tmp_path)
        assert safe.begin(None).safe
        safe.stood()
    safe.begin_normally()
    assert not Starts(tmp_path).begin(None).safe


def test_it_can_be_asked_for(tmp_path: Path) -> None:
    start = Starts(tmp_path)
    assert start.begin(tmp_path / "shop", safe=True) == Beginning(True, 0, str(tmp_path / "shop"))


def still_running(home: Path) -> None:
    """Two starts of a process that is there."""
    fail(home), fail(home)
    for path in (home / "starts").iterdir():
        path.rename(path.with_name(path.name.replace(f"{GONE:x}", f"{os.getppid():x}")))


def test_a_window_that_is_just_starting_is_no_failure(tmp_path: Path) -> None:
    still_running(tmp_path)
    assert not fail(tmp_path).safe


def test_one_that_hangs_is(tmp_path: Path) -> None:
    still_running(tmp_path)
    for path in (tmp_path / "starts").iterdir():
        os.utime(path, (path.stat().st_mtime - HANGS_SECONDS - 1,) * 2)
    assert fail(tmp_path).safe


@pytest.mark.parametrize("junk", [b"", b"\xff", b"[]", b'{"project": 3}', b"[" * 100_000])
def test_junk_in_an_account_is_a_failure_without_a_project(tmp_path: Path, junk: bytes) -> None:
    fail(tmp_path), fail(tmp_path)
    for path in (tmp_path / "starts").iterdir():
        path.write_bytes(junk)
    assert fail(tmp_path) == Beginning(True, 2)


def test_where_nothing_can_be_kept_the_start_says_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    beginning = Starts(tmp_path / "file" / "home").begin(None)
    assert not beginning.safe
    assert beginning.problem is not None and "can't be written" in beginning.problem.sentence


def test_failures_that_cannot_be_forgotten_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(tmp_path), fail(tmp_path)
    safe = Starts(tmp_path)
    safe.begin(None)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(ProblemError, match="safe one, too"):
        safe.begin_normally()
