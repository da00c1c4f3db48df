"""What the source shows before any request: each case is found, and nothing is said of what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from early_problems import EARLY
from generated import Made, projects
from hypothesis import HealthCheck, given, settings
from problem_cases import Case
from problem_cases import write as write_case
from project_folders import many_files, one_file

from playground.core.assets import asset
from playground.core.help_rules import BY_ID
from playground.core.problems import Problem
from playground.core.starters import STARTERS
from playground.project.folder import Project
from playground.project.starters import create
from tests.support.shapes import SHAPES, Shape, write

WRONG = {
    "registered_twice": {"blueprint-not-registered"},  # one of its blueprints is registered nowhere
    "old_api": {"old-tutorial"},
    "unguarded_run": {"late-setup"},  # its app runs in the middle of the file
}
"""What shapes have that is not right, on purpose."""


def findings(folder: Path) -> tuple[Problem, ...]:
    project = Project(folder)
    project.scan()
    return project.findings()


@pytest.mark.parametrize("case", EARLY, ids=str)
def test_each_case_is_found_and_nothing_else(tmp_path: Path, case: Case) -> None:
    found = findings(write_case(case, tmp_path))
    assert [(one.rule_id, one.sentence) for one in found] == [(case.rule_id, case.sentence)]
    problem = found[0]
    assert problem.why
    assert problem.place is not None and problem.place.line is not None
    assert [fix.label for fix in problem.fixes] == [way.label for way in case.ways]
    if case.place:
        assert str(problem.place) == case.place
    assert case.why in problem.why


@pytest.mark.parametrize("case", EARLY, ids=str)
def test_sentences_are_short_and_fixes_few(tmp_path: Path, case: Case) -> None:
    for problem in findings(write_case(case, tmp_path)):
        assert len(problem.sentence.split()) <= 15
        assert problem.rule_id in BY_ID and BY_ID[problem.rule_id].early
        assert 1 <= len(problem.fixes) <= 3
        assert all(len(fix.label) <= 40 for fix in problem.fixes)


@pytest.mark.parametrize("starter", [one.name for one in STARTERS])
def test_starters_show_nothing(tmp_path: Path, starter: str) -> None:
    assert asset("starters", starter).is_dir()
    create(tmp_path / starter, starter)
    assert findings(tmp_path / starter) == ()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_projects_that_are_right_show_nothing(tmp_path: Path, shape: Shape) -> None:
    assert {one.rule_id for one in findings(write(shape, tmp_path))} == WRONG.get(shape.name, set())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(projects())
def test_generated_projects_show_nothing_but_what_is_generated_wrong(
    tmp_path_factory: pytest.TempPathFactory, made: Made
) -> None:
    """Some have a decorator above the one that makes the route, or a prefix with a parameter that no view
    takes; all else is right."""
    folder = tmp_path_factory.mktemp("made")
    for name, data in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    wrong = {"decorator-order"}
    if any(b"/<lang>" in data for data in made.files.values()):
        wrong.add("argument-names")
    assert {one.rule_id for one in findings(folder)} <= wrong


@pytest.mark.parametrize("make", [one_file, many_files])
def test_large_projects_show_nothing(tmp_path: Path, make: Callable[[Path, int], Path]) -> None:
    assert findings(make(tmp_path, 100)) == ()
