"""Mends change no byte but those of the edit: what a file is written with stays, and so do its comments."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from early_problems import EARLY
from problem_cases import Case, Way, write

from playground.core.fixes import Mend
from playground.project.folder import Project

WAYS = [(case, way) for case in EARLY for way in case.ways]
COMMENT = "# é – a comment that stays\n"


def mended(folder: Path, rule_id: str, label: str) -> dict[str, bytes | None]:
    """All files that a fix would write, as they would be."""
    project = Project(folder)
    project.scan()
    problem = next(one for one in project.findings() or () if one.rule_id == rule_id)
    mend = next(one.mend for one in problem.fixes if one.label == label)
    assert isinstance(mend, Mend)
    return dict(project.propose(mend).after)


def windows(data: bytes) -> bytes:
    return codecs.BOM_UTF8 + data.replace(b"\n", b"\r\n")


def in_windows(file: str, data: bytes | None) -> bytes | None:
    return windows(data) if data is not None and file.endswith(".py") else data


@pytest.mark.parametrize(("case", "way"), WAYS, ids=[f"{case}-{way.label}" for case, way in WAYS])
def test_newlines_and_byte_order_marks_stay(tmp_path: Path, case: Case, way: Way) -> None:
    plain, other = write(case, tmp_path / "plain"), write(case, tmp_path / "other")
    for path in other.rglob("*.py"):
        path.write_bytes(windows(path.read_bytes()))
    wanted = mended(plain, case.rule_id, way.label)
    assert mended(other, case.rule_id, way.label) == {file: in_windows(file, wanted[file]) for file in wanted}


@pytest.mark.parametrize(("case", "way"), WAYS, ids=[f"{case}-{way.label}" for case, way in WAYS])
def test_what_stands_above_and_below_stays(tmp_path: Path, case: Case, way: Way) -> None:
    plain, other = write(case, tmp_path / "plain"), write(case, tmp_path / "other")
    for path in other.rglob("*.py"):
        path.write_text(COMMENT + path.read_text(encoding="utf-8"), encoding="utf-8")
    wanted = mended(plain, case.rule_id, way.label)
    more = {
        file: COMMENT.encode() + data if data is not None and file.endswith(".py") else data
        for file, data in wanted.items()
    }
    assert mended(other, case.rule_id, way.label) == more
