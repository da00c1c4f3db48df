"""Findings of the source beside what loading and reading showed: each is said once, and in every folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from early_problems import EARLY
from problem_cases import Case, write

from playground.session.session import Session

CASES = {str(case): case for case in EARLY}


def shown(session: Session) -> list[tuple[str, str, str]]:
    """Where, of which rule, and with which original message."""
    return [(str(one.place), one.rule_id, one.original) for one in session.snapshot.problems]


def opened(session: Session, folder: Path, case: str) -> None:
    session.open(write(CASES[case], folder / "project"))
    session.go_live()
    session.check_source()


@pytest.mark.parametrize("case", [one for one in EARLY if ".py:" in one.place], ids=str)
def test_nothing_is_said_twice_of_a_line(session: Session, tmp_path: Path, case: Case) -> None:
    opened(session, tmp_path, str(case))
    places = [one.place for one in session.snapshot.problems]
    assert len(places) == len(set(places))


def test_what_loading_showed_is_explained_and_its_message_kept(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "duplicate-endpoint-functions")
    (place, rule_id, original), *others = shown(session)
    assert (place, rule_id, others) == ("app.py:11", "duplicate-endpoint", [])
    assert original.startswith("AssertionError: View function mapping is overwriting an existing endpoint")


def test_what_reading_showed_is_explained(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "blueprint-not-registered-never")
    assert [(place, rule_id) for place, rule_id, _ in shown(session)] == [
        ("blog.py:3", "blueprint-not-registered")
    ]
    assert session.snapshot.problems[0].fixes


def test_findings_go_with_their_project(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "missing-return-print")
    assert session.snapshot.findings
    session.close()
    assert session.snapshot.findings == ()
    assert session.check_source() == ()


def test_findings_follow_what_another_program_writes(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "missing-return-print")
    path = tmp_path / "project" / "app.py"
    path.write_text(path.read_text().replace("print(", "return ("))
    session.rescan()
    session.check_source()
    assert session.snapshot.problems == ()


@pytest.mark.untrusted
def test_a_restricted_folder_is_checked_and_can_be_mended(session: Session, tmp_path: Path) -> None:
    opened(session, tmp_path, "missing-return-print")
    assert session.snapshot.restricted
    mend = session.snapshot.findings[0].fixes[0].mend
    assert mend is not None
    session.apply_proposal(session.propose(mend))
    session.check_source()
    assert session.snapshot.findings == ()
