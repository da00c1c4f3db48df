"""Folders as they are found in the wild: nothing in them stops the reading of the rest, or is touched."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import Problem, ProblemError
from playground.core.routes import NewBlueprint, RouteDraft
from playground.project.folder import Project

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "good"
"""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def refusal(project: Project, draft: RouteDraft) -> Problem:
    with pytest.raises(ProblemError) as caught:
        project.add_route(draft)
    return caught.value.problem


def rules(project: Project) -> list[str]:
    return [route.rule for route in project.scan().routes]


@POSIX
def test_links_in_circles_to_nowhere_and_to_themselves(folder: Path) -> None:
    (folder / "sub").symlink_to(folder, target_is_directory=True)
    (folder / "dead.py").symlink_to(folder / "nowhere.py")
    (folder / "self.py").symlink_to(folder / "self.py")
    project = Project(folder)

    assert rules(project) == ["/"]
    project.add_route(RouteDraft("/more"))
    assert rules(project) == ["/", "/more"]


@POSIX
def test_pipes_are_not_read(folder: Path) -> None:
    (folder / "templates").mkdir()
    for name in ("pipe.py", "templates/pipe.html"):
        os.mkfifo(folder / name)
    project = Project(folder)

    assert rules(project) == ["/"]
    with pytest.raises(ProblemError, match="not an ordinary file"):
        project.read_text("pipe.py")


@POSIX
def test_names_that_are_no_text(folder: Path) -> None:
    (folder / "new\nline.py").write_text("x = 1\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text("x = 1\n")
    assert rules(Project(folder)) == ["/"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes(range(256)) * 40, "not readable as Python text"),
        (APP.encode() + b"\0", "not readable as Python text"),
        (APP.encode() + b"# caf\xe9\n", "not readable as Python text"),
        (APP.encode("utf-16"), "not readable as Python text"),
        (APP.encode() + b"# x\n" * 1_300_000, "too large"),
    ],
    ids=["junk", "null byte", "latin-1", "utf-16", "5 MB"],
)
def test_a_file_that_is_no_program_is_named_and_left_alone(folder: Path, data: bytes, words: str) -> None:
    (folder / "app.py").write_bytes(data)
    project = Project(folder)
    state = project.scan()

    assert state.broken == ("app.py",)
    assert [words in problem.sentence for problem in state.problems] == [True]
    problem = refusal(project, RouteDraft("/more"))
    assert "app.py" in f"{problem.place} {problem.sentence}"
    assert problem.hint
    assert (folder / "app.py").read_bytes() == data


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (b"x = " + b"-" * 50_000 + b"1\n", "Python can't read"),
        (b"def half(", "does not understand line 9"),
    ],
    ids=["deep", "half"],
)
def test_a_file_with_a_fault_lists_the_rest_and_takes_more(folder: Path, fault: bytes, words: str) -> None:
    data = APP.encode() + fault
    (folder / "app.py").write_bytes(data)
    project = Project(folder)
    state = project.scan()

    assert state.broken == ("app.py",)
    assert [words in problem.sentence for problem in state.problems] == [True]
    assert [(route.rule, route.editable) for route in state.routes] == [("/", True)]
    project.add_route(RouteDraft("/more"))
    written = (folder / "app.py").read_bytes()
    assert fault in written
    assert [route.rule for route in project.scan().routes] == ["/", "/more"]
    project.undo()
    assert (folder / "app.py").read_bytes() == data


def test_a_folder_called_app_py(tmp_path: Path) -> None:
    (tmp_path / "app.py").mkdir()
    project = Project(tmp_path)
    assert project.scan().routes == ()
    assert "no Flask app" in refusal(project, RouteDraft("/more")).sentence


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("break", "outside loop"),
        ("await nothing", "outside async function"),
        ("global x\nx = 1\nglobal x\nreturn ''", "global"),
        ("# only a comment", "only comments"),
    ],
)
def test_code_that_parses_and_yet_is_none(folder: Path, code: str, words: str) -> None:
    project = Project(folder)
    project.scan()
    draft = RouteDraft("/more/<x>", function="more", answer=Answer(AnswerKind.PYTHON, code))

    problem = refusal(project, draft)

    assert problem.field == "answer"
    assert words in problem.sentence
    assert (folder / "app.py").read_text() == APP


def test_such_code_that_was_there_before_does_not_stop_other_edits(folder: Path) -> None:
    (folder / "app.py").write_text(f"{APP}\n\ndef other():\n    break\n")
    project = Project(folder)
    project.scan()
    project.add_route(RouteDraft("/more"))
    assert rules(project) == ["/", "/more"]


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (NewBlueprint("users", "/<int:id", "users.py"), "prefix", "never closed"),
        (NewBlueprint("users", "/<whole:id>", "users.py"), "prefix", "whole"),
        (NewBlueprint("flask", "", "flask.py"), "file", "hide flask"),
        (NewBlueprint("json", "", "json.py"), "file", "hide json"),
        (NewBlueprint("json", "", "json/pages.py"), "file", "hide json"),
    ],
)
def test_blueprints_that_would_break_the_app(folder: Path, new: NewBlueprint, field: str, words: str) -> None:
    project = Project(folder)
    project.scan()

    problem = refusal(project, RouteDraft("/more", new_blueprint=new))

    assert problem.field == field
    assert words in problem.sentence
    assert sorted(path.name for path in folder.iterdir()) == ["app.py"]
    assert (folder / "app.py").read_text() == APP


@pytest.mark.parametrize(("address", "taken"), [("indx", False), ("./indx", True), ("page.html", True)])
def test_a_redirect_to_a_word_means_a_route(folder: Path, address: str, taken: bool) -> None:
    project = Project(folder)
    project.scan()
    draft = RouteDraft("/more", answer=Answer(AnswerKind.REDIRECT, address))
    if taken:
        project.add_route(draft)
        return
    problem = refusal(project, draft)
    assert problem.field == "answer"
    assert "Did you mean index?" in problem.hint
