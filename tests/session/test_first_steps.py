"""Hints are due for who is new, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.session.first_steps import EDIT, NEW_ROUTE, SEND, STEPS
from playground.session.home import Home
from playground.session.session import Session


def test_all_are_due_at_first_and_each_goes_for_ever(home: Path) -> None:
    session = Session()
    assert session.hints_due() == STEPS
    session.hints_seen(SEND)
    session.hints_seen(NEW_ROUTE, "junk")
    assert Session().hints_due() == (EDIT,)
    session.hints_seen(EDIT)
    assert Session().hints_due() == ()


def test_who_opened_a_project_before_is_shown_nothing(home: Path, tmp_path: Path) -> None:
    Home().remember(tmp_path, 3)
    assert Session().hints_due() == ()


def test_who_opens_one_at_the_first_start_is_new_all_the_same(home: Path, tmp_path: Path) -> None:
    Session().hints_due()
    Home().remember(tmp_path, 3)
    assert Session().hints_due() == STEPS


@pytest.mark.parametrize("kept", [3, "all", {"a": 1}, True])
def test_what_we_did_not_write_means_no_hints(home: Path, kept: object) -> None:
    Home().set("hints_seen", kept)
    assert Session().hints_due() == ()


def test_junk_in_the_list_is_no_step(home: Path) -> None:
    Home().set("hints_seen", [SEND, ["x"], None])
    assert Session().hints_due() == (NEW_ROUTE, EDIT)


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    session = Session(Home(tmp_path / "file" / "home"))
    assert session.hints_due() == STEPS
    session.hints_seen(SEND)
